#!/bin/sh
# Installs Chromium and its driver for the browser tests when they are missing.
set -eu

if command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; then
    exit 0
fi

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

remedy="Install them and try again; Debian: apt-get install chromium chromium-driver"

command -v apt-get >/dev/null 2>&1 || fail \
    "The browser tests need chromium and chromedriver, which are not on the PATH." "$remedy"

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; then
    as_root="sudo -n"
else
    fail "The browser tests need chromium and chromedriver, and this user has no right to install them." "$remedy"
fi

echo "Installing chromium and chromium-driver ..."
install() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium chromium-driver </dev/null >/dev/null
}
install 2>/dev/null || {
    $as_root apt-get update -qq </dev/null || fail "apt-get update failed; see the lines above. Check the network."
    install || fail "chromium and chromium-driver could not be installed; see the lines above." "$remedy"
}
