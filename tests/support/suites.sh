# Sourced by ./dev: the test suites. Each prints `N passed, N failed[, N skipped]` as its last line; run_suites adds them up.
. tests/support/fuzz.sh

# meson_tests FOLDER [OPTION|TEST…]: the unit tests of a build; TEST is a module. doctest counts cases.
meson_tests() {
  local folder=$1 modules fixed=() words=(${filter:+"--test-args=-tc=*$filter*"})
  shift
  # Only doctest's programs, one a module, know how to choose cases.
  if [ -n "$filter" ] && [ $# = 2 ]; then mapfile -t modules < <(find tests/unit -name '*_test.cc' -printf '%h\n' | xargs -n1 basename | sort -u) && set -- "${modules[@]}"; fi
  rm -f "$folder/meson-logs/testlog.json"
  # The sanitizers' runtimes do not know every kernel's memory layout: no address randomisation where that can be had.
  if setarch -R true 2>/dev/null; then fixed=(setarch -R); fi
  "${fixed[@]}" meson test -C "$folder" --no-rebuild --num-processes "$jobs" "${words[@]}" "$@" >"$folder/test.log" 2>&1 || true
  "$python" tests/support/count_units.py "$folder"
}

suite_unit() {
  configure build g++ && make_in build || return 1
  meson_tests build --suite unit
}

# Memory and undefined behaviour; also the build that shows clang's warnings.
suite_sanitize() {
  configure_sanitize && make_in "$fuzz_build" || return 1
  ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 meson_tests "$fuzz_build" --suite unit
}

# The modules with threads.
suite_thread() {
  local modules=(mysql snapshot capture conduit)
  configure build-thread g++ -Doptimization=1 -Ddebug=false -Dcpp_args=-g1 -Db_sanitize=thread && make_in build-thread "${modules[@]/#/tests/test_}" || return 1
  TSAN_OPTIONS=halt_on_error=1 meson_tests build-thread "${modules[@]}"
}

suite_compile_fail() { bash tests/compile_fail/run.sh "$filter"; }

suite_fuzz() {
  local seconds=3 passed=0 failed=0 target targets=()
  [ -z "$long" ] || seconds=$((60 * minutes))
  configure_sanitize && make_in "$fuzz_build" || return 1
  fuzz_built=1
  for target in $(fuzz_targets); do
    [[ $target == *$filter* ]] && targets+=("$target")
  done
  export -f fuzz_one fuzz_targets die
  export fuzz_build fuzz_built
  printf '%s\n' "${targets[@]}" | xargs -r -P "$jobs" -I{} bash -c \
    "fuzz_one {} $seconds >$fuzz_build/fuzz-{}.log 2>&1; echo \$? >$fuzz_build/fuzz-{}.code"
  for target in "${targets[@]}"; do
    if [ "$(cat "$fuzz_build/fuzz-$target.code")" = 0 ]; then
      passed=$((passed + 1))
      echo "ok      $target: $(awk '/number_of_executed_units/ { print $2 " runs" }' "$fuzz_build/fuzz-$target.log")"
    else
      failed=$((failed + 1))
      echo "FAILED  $target"
      tail -n 40 "$fuzz_build/fuzz-$target.log"
    fi
  done
  echo "$passed passed, $failed failed"
}

suite_golden() { need_program && "$python" tests/support/run_python.py --filter "$filter" tests/golden; }

# What the plugin would send, decoded by other programs.
suite_records() {
  need_program && make_in build tests/record_dump && install_modules &&
    "$python" tests/support/run_python.py --filter "$filter" tests/records
}

suite_integration() {
  need_program && make_in build tests/record_dump tests/view_probe && install_modules || return 1
  CDC_LONG=$long "$python" tests/support/run_python.py --filter "$filter" --jobs "$jobs" tests/integration
}

need_program() { configure build g++ && make_in build src/app/mysql-cdc && ln -sf src/app/mysql-cdc build/mysql-cdc; }

suites="unit sanitize thread compile_fail fuzz golden records integration"

# run_suites [--long] [--minutes N] [SUITE|WORD]
run_suites() {
  local chosen=$suites suite log began line passed=0 failed=0 skipped=0 summary=() notes=() counts code
  long='' filter='' minutes=1
  while [ $# -gt 0 ]; do
    case $1 in
      --long) long=1 ;;
      --minutes) long=1 minutes=${2:-} && shift && [[ $minutes =~ ^[1-9][0-9]{0,3}$ ]] || die "--minutes: 1 to 9999 for each fuzz target" ;;
      *) if [[ " $suites " == *" $1 "* ]]; then chosen=$1; else filter=$1; fi ;;
    esac
    shift
  done
  log=$(mktemp)
  for suite in $chosen; do
    echo "== $suite"
    began=$SECONDS code=0
    "suite_$suite" 2>&1 | tee "$log" || code=$?
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) || line=''
    [ -n "$line" ] || line="0 passed, 1 failed"
    read -r -a counts <<<"$line"
    # A suite that ends badly without a failed test did not say what is wrong: that is a failure.
    # So is one without any test, unless few were asked for.
    if [ "$code" != 0 ] || [[ -z $filter && ${counts[0]} = 0 && ${counts[4]:-0} = 0 ]]; then [ "${counts[2]}" != 0 ] || counts[2]=1; fi
    mapfile -t -O "${#notes[@]}" notes < <(grep '^skipped: ' "$log" | sort -u)
    passed=$((passed + counts[0])) failed=$((failed + counts[2])) skipped=$((skipped + ${counts[4]:-0}))
    summary+=("$(printf '%-14s %5s passed %3s failed %3s skipped %5s s' "$suite" "${counts[0]}" "${counts[2]}" "${counts[4]:-0}" $((SECONDS - began)))")
  done
  rm -f "$log"
  echo
  printf '%s\n' "${summary[@]}"
  if [ $((passed + failed)) = 0 ]; then echo "no test matches '$filter'" && failed=1; fi
  [ ${#notes[@]} = 0 ] || printf '%s\n' "${notes[@]}"
  echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
  [ "$failed" = 0 ]
}
