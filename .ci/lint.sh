#!/usr/bin/env bash
# `./dev lint`: every check runs, each finding is one line, and the exit code is 1 when there was any.
# Needs the build folder `build` configured, for the compile commands.
set -u
cd "$(dirname "$0")/.." || exit 1
python=/usr/bin/python3
status=0

check() {
  local name=$1 began=$SECONDS output
  shift
  if output=$("$@" 2>&1); then
    echo "ok      $name ($((SECONDS - began)) s)"
  else
    echo "FAILED  $name ($((SECONDS - began)) s)"
    head -n 60 <<<"$output" | sed 's/^/        /'
    status=1
  fi
}

sources() { find src include tests fuzz bench \( -name '*.cc' -o -name '*.h' \) | sort; }
scripts() { grep -rlE '^#!.*\b(bash|sh)\b|^# Sourced by ./dev' dev .ci tests bench fuzz tools 2>/dev/null | grep -v '\.py$' | sort -u; }

formatting() {
  local bad
  bad=$(sources | xargs -P "$(nproc)" -n 20 clang-format --dry-run 2>&1 | grep -oE '^[^ :]+\.(cc|h):' | sort -u)
  [ -z "$bad" ] || { echo "./dev format would change: ${bad//$'\n'/ }"; return 1; }
}
shell_syntax() { local script; for script in $(scripts); do bash -n "$script" || return 1; done; }
shell_check() { scripts | xargs shellcheck --severity=warning --shell=bash --exclude=SC2034,SC2154,SC1091; }
headers_alone() {
  find include -name '*.h' | sort | xargs -P "$(nproc)" -I{} sh -c 'printf "#include \"%s\"\n" "${1#include/}" |
    g++ -std=c++20 -Wall -Wextra -Wconversion -Wshadow -Werror -fsyntax-only -Iinclude -x c++ - || { echo "$1 does not compile alone"; exit 255; }' sh {}
}

check formatting formatting
check "layers, sizes, banned words" "$python" .ci/check_tree.py
check "shell syntax" shell_syntax
check shellcheck shell_check
check "headers compile alone" headers_alone
check clang-tidy "$python" .ci/tidy.py build
exit $status
