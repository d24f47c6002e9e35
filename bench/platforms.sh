#!/usr/bin/env bash
# What a JSON request of each platform costs Baton, compared with Claude's; bench/README.md says more.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
bin=$root/build/bench/bin
seconds=4
rounds=3
workers=2
build=yes
results=$here/platforms.jsonl

usage() {
  cat <<HELP
usage: bench/platforms.sh [options]
  --seconds N        length of each measurement ($seconds)
  --rounds N         each platform is measured so often, in turn; medians count ($rounds)
  --results FILE     where a JSON line is appended ($results)
  --no-build         take the program that is there
HELP
}

while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2 && shift ;;
    --rounds) rounds=$2 && shift ;;
    --results) results=$2 && shift ;;
    --no-build) build=no ;;
    --help | -h) usage && exit ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

upstream_key=unused
temp=$(mktemp -d)
chmod 755 "$temp"
source "$here/subjects.sh"
trap stop_all EXIT
trap 'exit 130' INT TERM

# name, platform, API of platform.lua, further options of `baton account add`
platforms='
claude          claude-console    messages        --api-key-stdin
bedrock_bearer  bedrock           messages        --api-key-stdin --region us-east-1
bedrock_signed  bedrock           messages        --access-key-id AKIABENCH --secret-access-key-stdin --region us-east-1
bedrock_native  bedrock           bedrock_native  --access-key-id AKIANATIVE --secret-access-key-stdin --region us-east-1
responses       openai-responses  responses       --api-key-stdin
chat            openai-responses  chat            --api-key-stdin
azure_chat      azure-openai      azure_chat      --api-key-stdin
gemini          gemini-api        gemini          --api-key-stdin
code_assist     gemini            code_assist     --session-token-stdin
'
names=()
declare -A api_of relay_key_of

# The mock knows one secret for every AWS key; anything else will do as a credential.
add_account() {
  local name=$1 platform=$2 api=$3 secret=bench created
  shift 3
  if [[ $* == *--secret-access-key-stdin* ]]; then secret=mock-secret-access-key; fi
  echo "$secret" |
    "$bin/baton" account add "$platform" --name "$name" --api-url "${url_of[direct]%/v1/messages}" \
      --data-dir "$temp/data" "$@" >"$temp/account.log" 2>&1 ||
    { cat "$temp/account.log" >&2 && fail "the account $name could not be added"; }
  created=$("$bin/baton" key create --name "$name" --account "$name" --json --data-dir "$temp/data")
  relay_key_of[$name]=$(sed -n 's/.*"key" *: *"\([^"]*\)".*/\1/p' <<<"$created")
  api_of[$name]=$api
  names+=("$name")
}

member() { sed -n "s/.*\"$1\":\"\\{0,1\\}\\([^,\"}]*\\).*/\\1/p"; }

measure() {
  local name=$1 before after result requests
  before=$(cpu_us_of baton)
  result=$(wrk -t1 -c64 -d"${seconds}s" -s "$here/platform.lua" "${url_of[baton]%/v1/messages}" \
    -- "${relay_key_of[$name]}" "${api_of[$name]}" | tail -1)
  after=$(cpu_us_of baton)
  requests=$(member requests <<<"$result")
  [ "${requests:-0}" -gt 0 ] || fail "$name answered nothing: $result"
  [ "$(member errors <<<"$result")" = 0 ] || fail "$name: errors in $result"
  awk "BEGIN { print \"$name\", ($after - $before) / $requests }" >>"$temp/samples"
}

command -v wrk >/dev/null || fail "wrk is not installed"
ulimit -n "$(ulimit -Hn)"
if [ $build = yes ]; then
  cmake --preset bench -S "$root" >/dev/null
  cmake --build "$root/build/bench" --target baton >&2
fi
start_direct
while read -r name platform api options; do
  # shellcheck disable=SC2086
  if [ -n "$name" ]; then add_account "$name" "$platform" "$api" $options; fi
done <<<"$platforms"
port=$(free_port)
launch baton "$port" "$bin/baton" serve --host 127.0.0.1 --port "$port" --data-dir "$temp/data" \
  --workers "$workers"
sleep 1
for name in "${names[@]}"; do
  wrk -t1 -c64 -d1s -s "$here/platform.lua" "${url_of[baton]%/v1/messages}" \
    -- "${relay_key_of[$name]}" "${api_of[$name]}" >/dev/null
done
for ((round = 1; round <= rounds; ++round)); do
  say "round $round of $rounds"
  for name in "${names[@]}"; do measure "$name"; done
done

commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) || commit=none
[ -z "$(git -C "$root" status --porcelain 2>/dev/null | head -1)" ] || commit=$commit-dirty
sort -k1,1 -k2,2g "$temp/samples" | awk -v order="${names[*]}" -v results="$results" \
  -v about="\"commit\":\"$commit\",\"date\":\"$(date -u +%FT%TZ)\",\"cores\":$(nproc)" '
  { values[$1, ++count[$1]] = $2 }
  END {
    split(order, names, " ")
    base = values["claude", int((count["claude"] + 1) / 2)]
    printf "%-16s %20s %10s\n", "", "CPU us per request", "/ claude"
    line = "{" about
    for (n = 1; n in names; ++n) {
      median = values[names[n], int((count[names[n]] + 1) / 2)]
      printf "%-16s %20.1f %10.2f\n", names[n], median, median / base
      line = line sprintf(",\"%s_cpu_us_per_request\":%.3f", names[n], median)
    }
    print line "}" >> results
  }'
