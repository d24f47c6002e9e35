#!/usr/bin/env bash
# Installs the Debian packages that Baton needs and that are missing.
#
#   scripts/dependencies.sh [run|test]     what it takes to build and run it (default), or to test it
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# package, the command that makes it unnecessary (or -), and what it is for
run_packages='
g++                 g++     compiles
cmake               cmake   describes the build
ninja-build         ninja   runs the build
libcaf-dev          -       actors
libssl-dev          -       TLS and encryption
libsimdjson-dev     -       reads JSON
nlohmann-json3-dev  -       writes JSON
libsqlite3-dev      -       stores accounts, keys and usage
libargon2-dev       -       hashes the password of the administrator
libcpp-jwt-dev      -       tokens of the administrator
prometheus-cpp-dev  -       metrics
libspdlog-dev       -       log
libfmt-dev          -       formats text
libtomlplusplus-dev -       reads baton.toml
libcli11-dev        -       reads the command line
zlib1g-dev          -       checks frames of Bedrock, compresses answers of the mock upstream
'
test_packages='
libgtest-dev        -       tests
libgmock-dev        -       tests
libbenchmark-dev    -       benchmarks
mold                mold    links the tests in a fraction of the time
clang               clang++ builds the fuzzers
libclang-rt-dev     -       runs the fuzzers
python3             python3 checks the includes
curl                curl    runs the session of docs/admin-api.md
jq                  jq      reads its answers
'
boost_minor_min=81

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# The versions 1.N of the development packages of Boost among the names read, highest first.
boost_minors() {
  sed -n 's/^libboost1\.\([0-9]\+\)-dev$/\1/p' | sort -rn
}

boost_is_installed() {
  local newest
  newest=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'libboost1.*-dev' 2>/dev/null |
    sed -n 's/^installed //p' | boost_minors | head -n 1)
  ((${newest:-0} >= boost_minor_min))
}

# Debian 12 has 1.81 beside its older default, Debian 13 has 1.83; otherwise the newest there is.
boost_package() {
  local minors minor
  minors=$(apt-cache pkgnames libboost1. | boost_minors)
  for minor in 81 83 $(head -n 1 <<<"$minors"); do
    if ((minor >= boost_minor_min)) && grep -qx "$minor" <<<"$minors"; then
      printf 'libboost1.%s-dev\n' "$minor"
      return
    fi
  done
  say "dependencies: no package of Boost 1.$boost_minor_min or newer is to be had"
  return 1
}

missing=()
reasons=()
find_missing() {
  local package command reason
  while read -r package command reason; do
    if [[ -z $package ]]; then continue; fi
    if [[ $command != - ]] && command -v "$command" >/dev/null; then continue; fi
    if is_installed "$package"; then continue; fi
    missing+=("$package")
    reasons+=("$reason")
  done <<<"$1"
}

install_missing() {
  local sudo=() i
  if ((EUID != 0)); then sudo=(sudo); fi
  say 'Some packages are missing; the lists of what is available are brought up to date first.'
  "${sudo[@]}" apt-get update -qq >&2
  if $needs_boost; then
    missing+=("$(boost_package)")
    reasons+=('network and HTTP')
  fi
  say 'Installing:'
  for i in "${!missing[@]}"; do
    printf '  %-20s %s\n' "${missing[i]}" "${reasons[i]}" >&2
  done
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

case ${1:-run} in
  run) packages=$run_packages ;;
  test) packages=$run_packages$test_packages ;;
  *)
    say 'usage: scripts/dependencies.sh [run|test]'
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  say 'This is no Debian: please see to it that these are installed, and Boost 1.81 or newer:'
  say "$packages"
  exit 0
fi

find_missing "$packages"
needs_boost=false
if ! boost_is_installed; then needs_boost=true; fi
if ((${#missing[@]} > 0)) || $needs_boost; then install_missing; fi
