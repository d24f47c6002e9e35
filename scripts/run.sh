#!/usr/bin/env bash
# From a fresh clone to a running relay; from the second start on in a second or two.
#
#   scripts/run.sh [--demo] [arguments of `baton serve`]
#
# --demo runs `baton demo`: a mock upstream, an account and a key come with it, and a curl line to
# try it with. The data are in data/ of the repository unless told otherwise.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

command=serve
data_dir_given=false
config=${BATON_CONFIG:-}
arguments=()
previous=
for argument in "$@"; do
  if [[ $previous == --config ]]; then config=$argument; fi
  previous=$argument
  case $argument in
    --demo)
      command=demo
      continue
      ;;
    --data-dir | --data-dir=*) data_dir_given=true ;;
    --config=*) config=${argument#--config=} ;;
  esac
  arguments+=("$argument")
done

"$root/scripts/dependencies.sh" run

# Asking ninja takes longer than looking for anything newer than the last build: a source, a folder
# that gained or lost one, or the system's packages.
stamp=$root/build/release/last-build
is_built() {
  [[ -x $root/build/release/bin/baton && -f $stamp ]] || return 1
  local newer
  newer=$(cd "$root" && find CMakeLists.txt CMakePresets.json cmake base relay storage metrics \
    actors net app tests/support tests/CMakeLists.txt /var/lib/dpkg/status -newer "$stamp" \
    -print -quit 2>/dev/null)
  [[ -z $newer ]]
}

if ! is_built; then
  say 'Building Baton; the first time takes some minutes.'
  begun=$(mktemp)
  build release baton
  mv "$begun" "$stamp"
fi

# A default only: arguments, the environment and the configuration file may name another folder.
if [[ $command == demo ]]; then
  if ! $data_dir_given; then arguments+=(--data-dir "$root/data/demo"); fi
elif ! $data_dir_given && ! { [[ -n $config ]] && grep -qs '^ *data_dir *=' "$config"; }; then
  export BATON_DATA_DIR=${BATON_DATA_DIR:-$root/data}
fi

exec "$root/build/release/bin/baton" "$command" "${arguments[@]}"
