# Sourced by `run` and `starlette_suite`: makes the virtual environment that holds the reference,
# and sets `python` to it.

oracle=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$oracle/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "$target/oracle"
target=$(cd "$target" && pwd)
work=$target/oracle
export PYTHONDONTWRITEBYTECODE=1

fail() {
    printf 'tests/oracle: %s\n' "$@" >&2
    exit 2
}

# `venv FILE`: an environment with just what the requirements file says; made anew when the file
# changes.
venv() {
    local folder=$work/${1%.txt} wanted=$oracle/$1
    command -v python3 >/dev/null ||
        fail "python3 is missing: install Python 3.11 or newer (apt-get install python3 python3-venv)"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$(python3 --version) is too old: Starlette 1.10.0 needs Python 3.11 or newer"
    python3 -c 'import venv, ensurepip' 2>/dev/null ||
        fail "this Python has no venv module: install it (apt-get install python3-venv)"
    if ! cmp -s "$wanted" "$folder/made-from"; then
        python3 -m venv --clear "$folder" || fail "no virtual environment could be made in $folder"
        "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" ||
            fail "pip could not install what $wanted pins; the package index must be reachable"
        cp "$wanted" "$folder/made-from"
    fi
    python=$folder/bin/python
}
