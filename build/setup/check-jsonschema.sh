#!/usr/bin/env bash
# check-jsonschema.sh : prints the path of a check-jsonschema: the one on PATH, or one that pip installs once. It has
# GitLab's schema of .gitlab-ci.yml with it.
set -euo pipefail
cd "$(dirname "$0")"
. ./messages.sh

VERSION=0.39.0

if have check-jsonschema; then command -v check-jsonschema; exit; fi

place=$(cd ../.. && pwd)/dist/check-jsonschema/$VERSION
if [ -x "$place/bin/check-jsonschema" ]; then echo "$place/bin/check-jsonschema"; exit; fi

mkdir -p "${place%/*}"
exec 9>"$place.lock"
flock 9  # wait for an installation that runs already
if [ ! -x "$place/bin/check-jsonschema" ]; then
    info "Installing check-jsonschema $VERSION (once)" >&2
    log=$place.log
    rm -rf "$place"
    # in place, as the paths of a venv are fixed; the lock and the last step tell whether it is whole
    if ! { python3 -m venv "$place" && "$place/bin/pip" install --quiet "check-jsonschema==$VERSION"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -rf "$place"
        fail "installing check-jsonschema $VERSION failed" "It needs python3 with venv and pip. The whole log: $log"
    fi
    rm -f "$log"
fi
echo "$place/bin/check-jsonschema"
