#!/usr/bin/env bash
# Runs the session of docs/admin-api.md against a relay and an upstream of its own.
#
#   tests/admin/documented_session.sh [BATON]   path of the program; otherwise build/dev/bin/baton
#
# Blocks marked "sh" must be answered without an error, those marked "sh refused" with one. Exits
# with 77, which ctest shows as "skipped", where curl or jq is missing.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
baton=$(realpath "${1:-$root/build/dev/bin/baton}")
command -v curl >/dev/null && command -v jq >/dev/null || exit 77

folder=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap finish EXIT

# Starts the program with these arguments and sets `url` to where it listens.
start() {
  local out=$folder/$1.out
  "$baton" "$@" --port 0 >"$out" 2>&1 &
  pids+=($!)
  for ((i = 0; i < 200; i++)); do
    url=$(sed -n -e 's/^listening on //p' \
      -e 's/.*"msg":"listening","host":"\([^"]*\)","port":\([0-9]*\),.*/http:\/\/\1:\2/p' "$out")
    [[ -z $url ]] || return 0
    sleep 0.05
  done
  cat "$out" >&2
  return 1
}
start mock-upstream
upstream=$url
BATON_ADMIN_PASSWORD='correct horse battery' start serve --data-dir "$folder/data" --log-format json
relay=$url

# Each block into a file of its own, in the order of the document.
awk -v to="$folder/block" '
  /^```sh( refused)?$/ { file = sprintf("%s-%02d%s", to, ++n, $2); next }
  /^```/ { file = "" }
  file { print > file }' "$root/docs/admin-api.md"

cd "$folder"
for block in block-*; do
  sed -i "s#http://127.0.0.1:3000#$relay#g; s#http://127.0.0.1:9000#$upstream#g" "$block"
  # In this shell: the blocks go on with what those before have set.
  source "./$block" >answer
  expected=0 told=0
  [[ $block != *refused ]] || expected=1
  ! grep -q '"error":{' answer || told=1
  if ((expected != told)); then
    echo "not as documented:" >&2
    cat "$block" answer >&2
    exit 1
  fi
done
echo "$(ls block-* | wc -l) blocks of commands are as documented"
