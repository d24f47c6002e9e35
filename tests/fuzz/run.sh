#!/usr/bin/env bash
# Builds the fuzzers and runs each on a copy of its seeds.
#   tests/fuzz/run.sh [SECONDS [NAME...]]     20 seconds each; NAME as in fuzz_<NAME>.cpp
# Ends with an error at the first finding; its input is kept in build/fuzz/findings/.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds="${1:-20}"
shift || true

cmake --preset fuzz
cmake --build --preset fuzz

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for source in tests/fuzz/fuzz_*.cpp; do
    name="$(basename "$source" .cpp)"
    names+=("${name#fuzz_}")
  done
fi

corpus="$(mktemp -d)"
trap 'rm -rf "$corpus"' EXIT
findings=build/fuzz/findings
mkdir -p "$findings"
for name in "${names[@]}"; do
  echo "== fuzz_$name for $seconds s"
  mkdir -p "$corpus/$name"
  if [ -d "tests/fuzz/seeds/$name" ]; then cp -r "tests/fuzz/seeds/$name/." "$corpus/$name"; fi
  log="$corpus/$name.log"
  if ! "build/fuzz/bin/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -verbosity=0 -print_final_stats=1 -artifact_prefix="$findings/$name-" \
    "$corpus/$name" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "a finding of fuzz_$name, see $findings" >&2
    exit 1
  fi
  grep number_of_executed_units "$log"
done
echo "no findings"
