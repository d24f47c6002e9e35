# shellcheck shell=bash disable=SC2034,SC2154
# What is compared: how each is started and how its processes are watched. Sourced by run.sh, which
# sets `temp`, `bin`, `workers` and `upstream_key`.

declare -A pid_of url_of key_of
started=()

say() { echo "bench: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# Ends what was started, and nothing else. Nobody is served any more: five seconds are enough.
stop_all() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do
    for _ in $(seq 50); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    if kill -9 "$pid" 2>/dev/null; then say "process $pid had to be killed"; fi
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$temp"
}

# port_taken PORT
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    port_taken "$port" || break
  done
  echo "$port"
}

# launch NAME PORT COMMAND...: in the background, until the port answers.
launch() {
  local name=$1 port=$2
  shift 2
  "$@" >"$temp/$name.log" 2>&1 &
  pid_of[$name]=$!
  started+=("${pid_of[$name]}")
  url_of[$name]=http://127.0.0.1:$port/v1/messages
  for _ in $(seq 100); do
    port_taken "$port" && return
    kill -0 "${pid_of[$name]}" 2>/dev/null || break
    sleep 0.1
  done
  cat "$temp/$name.log" >&2
  fail "$name did not start"
}

start_direct() {
  upstream_port=$(free_port)
  launch direct "$upstream_port" "$bin/baton" mock-upstream --port "$upstream_port"
  key_of[direct]=$upstream_key
}

start_haproxy() {
  local port
  port=$(free_port)
  cat >"$temp/haproxy.cfg" <<CONFIG
global
  nbthread $workers
  maxconn 8192
defaults
  mode http
  option http-keep-alive
  # Without it events are held back for up to 200 ms.
  option http-no-delay
  http-reuse always
  timeout connect 5s
  timeout client 300s
  timeout server 300s
frontend relay
  bind 127.0.0.1:$port
  default_backend upstream
backend upstream
  server mock 127.0.0.1:$upstream_port
CONFIG
  launch haproxy "$port" haproxy -f "$temp/haproxy.cfg"
  key_of[haproxy]=$upstream_key
}

start_nginx() {
  local port
  port=$(free_port)
  mkdir "$temp/nginx"
  cat >"$temp/nginx.conf" <<CONFIG
worker_processes $workers;
daemon off;
pid $temp/nginx/pid;
error_log $temp/nginx/error.log crit;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path $temp/nginx/body;
  proxy_temp_path $temp/nginx/proxy;
  fastcgi_temp_path $temp/nginx/fastcgi;
  uwsgi_temp_path $temp/nginx/uwsgi;
  scgi_temp_path $temp/nginx/scgi;
  keepalive_requests 1000000000;
  upstream mock {
    server 127.0.0.1:$upstream_port;
    keepalive 1024;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:$port reuseport backlog=4096;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 300s;
    }
  }
}
CONFIG
  launch nginx "$port" nginx -c "$temp/nginx.conf" -p "$temp/nginx" -e "$temp/nginx/error.log"
  key_of[nginx]=$upstream_key
}

start_baton() { start_relay baton batched; }
start_strict() { start_relay strict strict; }

# start_relay NAME DURABILITY
start_relay() {
  local name=$1 durability=$2 port created data=$temp/data-$1
  port=$(free_port)
  printf '%s\n' "$upstream_key" |
    "$bin/baton" account add claude-console --name mock --api-url "http://127.0.0.1:$upstream_port" \
      --api-key-stdin --data-dir "$data" >"$temp/account.log" 2>&1 ||
    { cat "$temp/account.log" >&2; fail "baton account add failed"; }
  created=$("$bin/baton" key create --name bench --json --data-dir "$data") ||
    fail "baton key create failed"
  key_of[$name]=$(sed -n 's/.*"key" *: *"\([^"]*\)".*/\1/p' <<<"$created")
  [ -n "${key_of[$name]}" ] || fail "baton key create printed no key: $created"
  launch "$name" "$port" env BATON_USAGE_DURABILITY="$durability" "$bin/baton" serve \
    --host 127.0.0.1 --port "$port" --data-dir "$data" --workers "$workers"
}

# processes_of NAME: its process and those below it.
processes_of() {
  local pending=("${pid_of[$1]}") pid
  while [ ${#pending[@]} -gt 0 ]; do
    pid=${pending[0]}
    pending=("${pending[@]:1}" $(pgrep -P "$pid" || true))
    echo "$pid"
  done
}

# CPU time of a subject so far in microseconds (user and system, in steps of 10 ms).
cpu_us_of() {
  local ticks_per_second
  ticks_per_second=$(getconf CLK_TCK)
  for pid in $(processes_of "$1"); do sed 's/.*) //' "/proc/$pid/stat"; done |
    awk -v hz="$ticks_per_second" '{ ticks += $12 + $13 } END { printf "%d\n", ticks * 1e6 / hz }'
}

rss_kb_of() {
  for pid in $(processes_of "$1"); do cat "/proc/$pid/status"; done |
    awk '/^VmRSS:/ { kb += $2 } END { print kb }'
}
