# Sourced by ./dev: the fuzz targets and how one is run. Seeds are in fuzz/corpus/TARGET; what runs add is kept in the cache.

fuzz_build=build-sanitize # clang, ASan + UBSan; the unit tests run in it too.

configure_sanitize() {
  configure "$fuzz_build" clang++ -Doptimization=1 -Ddebug=false -Dcpp_args=-gline-tables-only -Db_sanitize=address,undefined -Db_lundef=false \
    -Dfuzz=true
}

fuzz_targets() {
  local source
  for source in fuzz/*_fuzz.cc; do
    [ ! -e "$source" ] || basename "$source" _fuzz.cc
  done
}

# fuzz_one TARGET SECONDS: fails on the first input that breaks the target's contract, and leaves that input behind.
fuzz_one() {
  local target=$1 seconds=$2 program kept=$MYSQL_CDC_CACHE/fuzz/$1 seeds=fuzz/corpus/$1
  [ -e "fuzz/${target}_fuzz.cc" ] || die "no fuzz target $target; there are: $(fuzz_targets | xargs)"
  program=$fuzz_build/fuzz/${target}_fuzz
  if [ -z "${fuzz_built:-}" ]; then configure_sanitize && make_in "$fuzz_build" "fuzz/${target}_fuzz" || return 1; fi
  mkdir -p "$kept" "$fuzz_build/crashes"
  [ -d "$seeds" ] || seeds=
  # shellcheck disable=SC2086 # No seeds: no word.
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$fuzz_build/crashes/$target-" "$kept" $seeds
}
