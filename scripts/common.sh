# shellcheck shell=bash
# What the scripts share; sourced by them. Sets `root`, the folder of the repository.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

# Bytes of memory this process may use: what the machine has free, or less if its container says so.
usable_memory() {
  local available limit
  available=$(awk '/^MemAvailable:/ { printf "%.0f\n", $2 * 1024 }' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || true)
  if [[ $limit =~ ^[0-9]+$ ]] && ((limit < available)); then available=$limit; fi
  printf '%s\n' "$available"
}

# Compilers to run at once: one per core, but no more than fit into memory at 1.5 GB each.
jobs() {
  local cores fitting
  cores=$(nproc)
  fitting=$(($(usable_memory) / 1500000000))
  if ((fitting < 1)); then fitting=1; fi
  printf '%s\n' $((cores < fitting ? cores : fitting))
}

# configure PRESET: only if that has not been done; ninja repeats it by itself when needed.
configure() {
  if [[ -f $root/build/$1/build.ninja ]]; then return; fi
  (cd "$root" && cmake --preset "$1") >&2
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  configure "$preset"
  (cd "$root" && cmake --build --preset "$preset" -j "$(jobs)" ${1:+--target "$@"}) >&2
}
