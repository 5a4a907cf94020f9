#!/usr/bin/env bash
# venv.sh NAME PACKAGE==VERSION... : prints the path of a Python environment with these packages, which pip installs once.
set -euo pipefail
cd "$(dirname "$0")"
. ./messages.sh

name=$1
shift
place=$(cd ../.. && pwd)/dist/$name/$(echo "$*" | sha256sum | cut -c1-12)
if [ -e "$place/whole" ]; then echo "$place"; exit; fi

mkdir -p "${place%/*}"
exec 9>"$place.lock"
flock 9  # wait for an installation that runs already
if [ ! -e "$place/whole" ]; then
    info "Installing $* (once)" >&2
    log=$place.log
    rm -rf "$place"
    # in place, as the paths of a venv are fixed
    if ! { python3 -m venv "$place" && "$place/bin/pip" install --quiet "$@"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -rf "$place"
        fail "installing $* failed" "It needs python3 with venv and pip. The whole log: $log"
    fi
    touch "$place/whole"
    rm -f "$log"
fi
echo "$place"
