#!/bin/sh
# Installs Debian packages, or says plainly why it cannot.
# usage: apt-install.sh PACKAGE...
set -eu

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

remedy="Install them and try again; Debian: apt-get install $*"

command -v apt-get >/dev/null 2>&1 || fail "Firmwatt needs $*, which this machine lacks." "$remedy"

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; then
    as_root="sudo -n"
else
    fail "Firmwatt needs $*, and this user has no right to install packages." "$remedy"
fi

echo "Installing $* ..."
install() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}
install "$@" 2>/dev/null || {
    $as_root apt-get update -qq </dev/null || fail "apt-get update failed; see the lines above. Check the network."
    install "$@" || fail "$* could not be installed; see the lines above." "$remedy"
}
