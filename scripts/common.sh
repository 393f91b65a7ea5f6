# shellcheck shell=bash
# Shared by the scripts beside it: where things are, how to speak, how to stop.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Tools that several clones can share: uv and, where none is found, Python.
cache=${XDG_CACHE_HOME:-${HOME:-$root}/.cache}/ampacity
export root cache

# Tells on standard error what a step does.
say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

# Tells what failed and what to do about it, then ends the script.
fail() {
  printf '\033[1;31mFailed:\033[0m %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

# Whether packages of the system can be installed without asking anybody.
can_apt() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }

# Installs packages of the system; its words are shown only when it fails.
apt_install() {
  local log
  log=$(mktemp)
  say "Installing $* from the system's packages"
  if ! { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
    --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}
