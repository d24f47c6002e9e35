#!/usr/bin/env bash
# Compares Baton with bare proxies on this machine; bench/README.md says how to read the results.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
bin=$root/build/bench/bin
seconds=8
rounds=3
workers=2
streams=1000
subjects=direct,haproxy,nginx,baton
loads=c64,c1,streams
build=yes
results=$here/results.jsonl

usage() {
  cat <<HELP
usage: bench/run.sh [options]
  --quick            2 seconds, 1 round
  --seconds N        length of each measurement ($seconds)
  --rounds N         each subject is measured so often, in turn; medians count ($rounds)
  --only A,B         of $subjects, and strict: baton with strict durability
  --loads A,B        of $loads
  --streams N        event streams at once ($streams)
  --workers N        threads or processes of each subject ($workers)
  --results FILE     where a JSON line for each subject is appended ($results)
  --no-build         take the programs that are there
HELP
}

while [ $# -gt 0 ]; do
  case $1 in
    --quick) seconds=2 rounds=1 ;;
    --seconds) seconds=$2 && shift ;;
    --rounds) rounds=$2 && shift ;;
    --only) subjects=$2 && shift ;;
    --loads) loads=$2 && shift ;;
    --streams) streams=$2 && shift ;;
    --workers) workers=$2 && shift ;;
    --results) results=$2 && shift ;;
    --no-build) build=no ;;
    --help | -h) usage && exit ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

# 20 events a second on each stream, for longer than any run; JSON answers are not touched by it.
upstream_key='mock-events=1000000;interval-ms=50;timestamps=1'
temp=$(mktemp -d)
chmod 755 "$temp"
source "$here/subjects.sh"
trap stop_all EXIT
trap 'exit 130' INT TERM

wanted() { [[ ,$1, == *,$2,* ]]; }
sample() { echo "$1 $2 $3" >>"$temp/samples"; }
# member NAME: of the flat JSON object on stdin.
member() { sed -n "s/.*\"$1\":\"\\{0,1\\}\\([^,\"}]*\\).*/\\1/p"; }

# measure_wrk SUBJECT PREFIX CONNECTIONS
measure_wrk() {
  local name=$1 prefix=$2 connections=$3 before after result requests
  before=$(cpu_us_of "$name")
  result=$(wrk -t1 -c"$connections" -d"${seconds}s" -s "$here/post.lua" "${url_of[$name]}" \
    -- "${key_of[$name]}" | tail -1)
  after=$(cpu_us_of "$name")
  requests=$(member requests <<<"$result")
  [ "${requests:-0}" -gt 0 ] || fail "$name answered nothing: $result"
  sample "$name" "${prefix}_requests_per_s" \
    "$(awk "BEGIN { print $requests * 1e6 / $(member duration_us <<<"$result") }")"
  sample "$name" "${prefix}_cpu_us_per_request" \
    "$(awk "BEGIN { print ($after - $before) / $requests }")"
  for field in p50_us p99_us errors; do
    sample "$name" "${prefix}_$field" "$(member $field <<<"$result")"
  done
}

# measure_streams SUBJECT
measure_streams() {
  local name=$1 result rss idle problem
  result=$("$bin/baton-stream-client" --url "${url_of[$name]}" --key "${key_of[$name]}" \
    --streams "$streams" --seconds "$seconds" --pid $(processes_of "$name"))
  problem=$(member problem <<<"$result")
  [ -z "$problem" ] || say "$name: $problem"
  sample "$name" stream_events_per_s "$(member events_per_s <<<"$result")"
  sample "$name" stream_cpu_us_per_event "$(member cpu_us_per_event <<<"$result")"
  for field in p50_us p99_us max_us; do
    sample "$name" "stream_$field" "$(member "delay_$field" <<<"$result")"
  done
  sample "$name" stream_broken \
    "$(($(member broken <<<"$result") + $(member refused <<<"$result")))"
  rss=$(member rss_kb <<<"$result")
  idle=$(awk -v name="$name" '$1 == name && $2 == "idle_rss_kb" { print $3 }' "$temp/samples")
  sample "$name" stream_rss_kb "$rss"
  sample "$name" stream_kb_each "$(awk "BEGIN { print ($rss - $idle) / $streams }")"
}

commit() {
  local id
  id=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) || id=none
  [ -z "$(git -C "$root" status --porcelain 2>/dev/null | head -1)" ] || id=$id-dirty
  echo "$id"
}

command -v wrk >/dev/null || fail "wrk is not installed"
ulimit -n "$(ulimit -Hn)"
if [ $build = yes ]; then
  cmake --preset bench -S "$root" >/dev/null
  cmake --build "$root/build/bench" --target baton baton-stream-client baton-micro >&2
fi
awk -v cores="$(nproc)" '$1 > cores / 4 { exit 1 }' /proc/loadavg ||
  say "this machine is busy ($(cut -d' ' -f1 /proc/loadavg)); only ratios will mean anything"

chosen=()
start_direct
for name in ${subjects//,/ }; do
  case $name in
    haproxy | nginx) command -v "$name" >/dev/null || { say "no $name here" && continue; } ;;
    direct | baton | strict) ;;
    *) fail "there is no subject $name" ;;
  esac
  [ "$name" = direct ] || "start_$name"
  chosen+=("$name")
done
sleep 1
for name in "${chosen[@]}"; do
  sample "$name" idle_rss_kb "$(rss_kb_of "$name")"
done
for name in "${chosen[@]}"; do
  wrk -t1 -c64 -d1s -s "$here/post.lua" "${url_of[$name]}" -- "${key_of[$name]}" >/dev/null
done

for ((round = 1; round <= rounds; ++round)); do
  for name in "${chosen[@]}"; do
    say "round $round of $rounds: $name"
    if wanted "$loads" c64; then measure_wrk "$name" c64 64; fi
    if wanted "$loads" c1; then measure_wrk "$name" c1 1; fi
    if wanted "$loads" streams; then measure_streams "$name"; fi
  done
done

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
about="\"commit\":\"$(commit)\",\"date\":\"$(date -u +%FT%TZ)\",\"cpu\":\"${cpu:-unknown}\""
about+=",\"cores\":$(nproc),\"workers\":$workers,\"seconds\":$seconds,\"rounds\":$rounds"
about+=",\"streams\":$streams"
awk -v about="$about" -v results="$results" -v stream_count="$streams" -f "$here/table.awk" \
  "$temp/samples"
