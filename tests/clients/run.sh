#!/usr/bin/env bash
# Runs the vendors' SDKs for TypeScript against `baton demo` and its mock upstream.
#
#   tests/clients/run.sh [BATON]     path of the program; otherwise build/dev/bin/baton
#
# Takes a free port and a folder of its own, and ends what it started. Exits with 77, which ctest
# shows as "skipped", where node or npm is missing or the packages cannot be had.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
baton=$(realpath "${1:-$here/../../build/dev/bin/baton}")

skip() {
  echo "skipped: $*"
  exit 77
}

[[ -x $baton ]] || {
  echo "there is no program $baton; build it, or give its path" >&2
  exit 1
}
command -v node >/dev/null || skip 'node is not installed'
command -v npm >/dev/null || skip 'npm is not installed'
major=$(node -p 'process.versions.node.split(".")[0]')
((major >= 20)) || skip "node $major is too old; the SDKs need 20"

cd "$here"
# npm keeps a copy of the lock file it installed from.
if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
  timeout 300 npm ci --no-progress || skip 'npm could not install the packages'
fi

data=$(mktemp -d)
pid=
finish() {
  if [[ -n $pid ]]; then
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  rm -rf "$data"
}
trap finish EXIT

"$baton" demo --port 0 --data-dir "$data" --set server.drain_seconds=2 \
  >"$data/out" 2>"$data/log" &
pid=$!
for ((i = 0; i < 200; i++)); do
  if grep -q '^The key is' "$data/out"; then break; fi
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.1
done
url=$(sed -n 's/^Baton listens on \([^ ]*\) .*/\1/p' "$data/out")
key=$(sed -n 's/^The key is \([^;]*\);.*/\1/p' "$data/out")
if [[ -z $url || -z $key ]]; then
  echo 'baton did not start:' >&2
  cat "$data/log" >&2
  exit 1
fi

status=0
BATON="$baton" BATON_DATA_DIR="$data" RELAY_URL="$url" RELAY_KEY="$key" \
  timeout 240 node --test --test-concurrency=5 --test-reporter=tap ./*.test.js || status=$?

# A SIGTERM with nothing left to do ends it at once and well.
kill -TERM "$pid"
stopped=0
wait "$pid" || stopped=$?
pid=
if ((status == 0 && stopped != 0)); then
  echo "baton ended with $stopped after SIGTERM" >&2
  status=1
fi
if ((status != 0)); then tail -n 30 "$data/log" >&2; fi
exit "$status"
