#!/bin/sh
# Runs a command with a Firmwatt home folder of its own, which is removed afterwards.
set -eu

FIRMWATT_HOME=$(mktemp -d "${TMPDIR:-/tmp}/firmwatt-XXXXXX")
export FIRMWATT_HOME
trap 'rm -rf "$FIRMWATT_HOME"' EXIT
trap 'exit 130' INT TERM
"$@"
