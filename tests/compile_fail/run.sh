#!/usr/bin/env bash
# Each file here is compiled twice: as it stands it must pass, with -DBAD it must be refused, and for the reason that its line
# `// expect: WORDS` names (else a typing error would count). run.sh [WORD] takes only files whose name contains WORD.
set -u
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0
for file in tests/compile_fail/*"${1:-}"*.cc; do
  [ -e "$file" ] || continue
  words=$(sed -n 's,^// expect: ,,p' "$file")
  compile() { g++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -Iinclude "$@" "$file" 2>&1; }
  if ! output=$(compile); then
    problem="does not compile even without -DBAD"
  elif output=$(compile -DBAD); then
    problem="compiles with -DBAD"
  elif [ -z "$words" ] || [[ $output != *"$words"* ]]; then
    problem="is refused, but not for: $words"
  else
    problem=
  fi
  if [ -z "$problem" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED  %s %s\n%s\n' "$file" "$problem" "$output"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
