# shellcheck shell=bash disable=SC2154
# Finds Python 3.14, or brings it. Sourced by scripts/setup, after scripts/common.sh.

# Whether $1 is a Python that the packages of uv.lock run on.
fits() {
  "$1" -c 'import sys, ssl, sqlite3; sys.exit(not (3, 14, 2) <= sys.version_info < (3, 15))' 2>/dev/null
}

# Installs packages of PyPI into a folder of their own: pip_install FOLDER PACKAGE...
pip_install() {
  local folder=$1
  shift
  if python3 -m pip --version >/dev/null 2>&1; then
    python3 -m pip install --quiet --upgrade --disable-pip-version-check --root-user-action=ignore \
      --target "$folder" "$@" >&2
  else
    python3 -m venv "$folder" >&2 && "$folder/bin/pip" install --quiet "$@" >&2
  fi
}

# A Python that uv brings along. Given up soon where its download cannot be reached.
python_from_uv() {
  local found
  found=$("$uv" python find --managed-python 3.14 2>/dev/null) && fits "$found" && echo "$found" && return
  say "No Python 3.14 here; trying uv's"
  UV_HTTP_RETRIES=0 UV_HTTP_CONNECT_TIMEOUT=10 timeout 300 "$uv" python install --quiet --no-bin 3.14 \
    >/dev/null 2>&1 </dev/null || return
  "$uv" python find --managed-python 3.14 2>/dev/null
}

# Puts a Python 3.14 into $python.
find_python() {
  local name
  for name in python3.14 python3 python; do
    python=$(command -v "$name") && fits "$python" && return
  done
  python=$cache/python3.14/usr/bin/python3.14
  fits "$python" && return
  python=$(python_from_uv) && fits "$python" && return
  if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
    say "uv's could not be downloaded; taking Debian's Python 3.14 (about 40 MB)"
    python=$("$root/scripts/python3.14-from-debian" "$cache/python3.14") && fits "$python" && return
  fi
  fail "No Python 3.14 was found and none could be brought." \
    "Install Python 3.14.2 or newer and put python3.14 on the PATH (https://www.python.org/downloads/)," \
    "or allow uv to reach GitHub, then start again."
}

# Makes sure that packages can be compiled against $python, and prints where its headers stand,
# for one that is not where it was built to stand.
headers() {
  local include
  include=$("$python" -c 'import sys; print(sys.base_prefix, "include", sep="/")')
  if [[ ! -e $include/python3.14/Python.h ]]; then
    { can_apt && apt_install python3.14-dev; } || fail "The headers of $python are missing." \
      "Install them (Debian, Ubuntu: apt install python3.14-dev), then start again."
  fi
  [[ $include == /usr/include ]] || echo "$include/python3.14:$include"
}
