#!/usr/bin/env bash
# From a fresh clone to passed tests: everything under the sanitizers, and the parsers fuzzed for a
# moment where clang is there. Stops at the first failure.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

scripts/dependencies.sh test

# Not every clang++ comes with the library that the fuzzers are linked with.
can_fuzz() {
  printf 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }\n' |
    clang++ -fsanitize=fuzzer,address -x c++ - -o /dev/null 2>/dev/null
}

if can_fuzz; then
  CMAKE_BUILD_PARALLEL_LEVEL=$(jobs) tests/fuzz/run.sh 5
else
  say 'No clang++ with libFuzzer: the fuzzers are left out.'
fi

# Once, since compiling all of it a second time without them would double what this takes.
build asan
ctest --preset asan -j "$(nproc)"
