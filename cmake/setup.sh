# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by sim/quickstart, tests/run and .ci/run: from a bare Debian 12 to a built preset.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Without it ccache preprocesses every source once more than a plain build does, as long as its
# cache is empty. Hits are shared with builds that do not set it.
export CCACHE_DEPEND=${CCACHE_DEPEND-true}

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# quietly COMMAND [ARG ...]: its output only when it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" = 0 ] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

present() {  # present KIND WHAT: see cmake/debian-packages.txt
  case $1 in
    cmd) command -v "$2" ;;
    pc) pkg-config --exists "$2" ;;
    header) g++ -E -x c++ -include "$2" /dev/null ;;
  esac >/dev/null 2>&1
}

missing_packages() {  # missing_packages GROUP
  local group package kind what
  while read -r group package kind what; do
    [ "$group" = "$1" ] || continue
    present "$kind" "$what" || printf '%s ' "$package"
  done <"$root/cmake/debian-packages.txt"
}

# need_packages GROUP: installs what is missing on Debian; names it and stops anywhere else.
need_packages() {
  local missing sudo=()
  missing=$(missing_packages "$1")
  [ -n "$missing" ] || return 0

  if ! command -v apt-get >/dev/null || ! grep -qsE '^ID(_LIKE)?=.*debian' /etc/os-release; then
    say "please install what Debian calls: $missing"
    exit 2
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "please install, as root: apt-get install $missing"
      exit 2
    fi
    sudo=(sudo)
  fi
  say "installing $missing"
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300)
  quietly "${apt[@]}" update || say "apt-get update failed; trying with the lists that are there"
  # shellcheck disable=SC2086
  quietly "${apt[@]}" install --no-install-recommends $missing || { say "apt-get failed"; exit 2; }

  missing=$(missing_packages "$1")
  [ -z "$missing" ] || { say "still missing after the installation: $missing"; exit 2; }
}

# build PRESET TARGET...: configures when there is no build folder of these sources and presets.
build() {
  local preset=$1 dir=$root/build/$1 quiet=()
  shift
  if ! grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt" ||
      ! [ "$dir/build.ninja" -nt "$root/CMakePresets.json" ]; then
    say "configuring and building build/$preset (some minutes, the first time)"
    (cd "$root" && quietly cmake --fresh --preset "$preset") || return
  fi
  [ -t 2 ] || quiet=(-- --quiet)
  NINJA_STATUS='[%f/%t] ' cmake --build "$dir" --target "$@" "${quiet[@]}" >&2
}
