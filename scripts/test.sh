#!/usr/bin/env bash
# From a fresh clone to passed tests: as they are, fuzzed for a moment where clang is there, and
# with the sanitizers. Stops at the first failure.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

scripts/dependencies.sh test

build dev
ctest --preset dev -j "$(nproc)"

if command -v clang++ >/dev/null; then
  tests/fuzz/run.sh 10
else
  say 'No clang++: the fuzzers are left out.'
fi

build asan
ctest --preset asan -j "$(nproc)"
