#!/bin/sh
# Makes the virtual environment and installs Firmwatt into it.
# usage: setup-venv.sh FOLDER WHAT [PYTHON], e.g. setup-venv.sh .venv ".[test]"
set -eu

venv=$1
what=$2
wanted=${3:-}

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${wanted:-python3.13 python3.12 python3.11 python3}; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

if ! is_new_enough "$venv/bin/python"; then
    python=$(find_python)
    [ -n "$python" ] || fail \
        "Firmwatt needs Python 3.11 or newer, and none was found (looked for: ${wanted:-python3.13, python3.12, python3.11, python3})." \
        "Debian 12 or newer: apt-get install python3 python3-venv. Elsewhere: make run PYTHON=/path/to/python3.11"
    # Debian packs the module apart from Python.
    if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        sh "$(dirname "$0")/apt-install.sh" python3-venv
        "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 || fail \
            "$python has no module venv, which Firmwatt needs to set itself up." \
            "Debian: apt-get install python3-venv; or choose another one: make run PYTHON=/path/to/python3.11"
    fi
    echo "Setting up $venv with $("$python" --version) ..."
    # A folder left over from an interrupted start is replaced.
    "$python" -m venv --clear "$venv" || fail "$python could not make $venv; see the lines above."
fi

echo "Installing the packages of Firmwatt ($what); the first time this takes a minute or two ..."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$what" </dev/null || fail \
    "The packages could not be installed; see the lines above." \
    "Firmwatt needs a package index once: check the network, or set PIP_INDEX_URL to a mirror."
