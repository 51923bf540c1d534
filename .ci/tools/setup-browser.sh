#!/bin/sh
# Installs Chromium and its driver for the browser tests when they are missing.
set -eu

if command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; then
    exit 0
fi

exec sh "$(dirname "$0")/apt-install.sh" chromium chromium-driver
