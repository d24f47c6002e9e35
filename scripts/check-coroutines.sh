#!/usr/bin/env bash
# Fails if a co_await stands in a condition, which GCC 12.2 miscompiles (see base/task.hpp). Behind
# an init-statement, as in `if (auto x = co_await f(); !x)`, it is safe.
set -eu
cd "$(dirname "$0")/.."
in_condition='(if|while) \(([^;]*[^=;] )?!?\(?co_await [^;]*\) [^;]*[;{]$|(\?|&&|\|\|) *!?co_await'
found=$(grep -nE "$in_condition" -r base relay storage metrics actors net app tests bench \
  --include='*.cpp' --include='*.hpp' || true)
if [ -n "$found" ]; then
  printf 'Name the result of these co_awaits before testing it:\n%s\n' "$found"
  exit 1
fi
