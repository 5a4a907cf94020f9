#!/usr/bin/env bash
# actionlint.sh : prints the path of an actionlint: the one on PATH, or one that is built once with Go.
set -euo pipefail
cd "$(dirname "$0")"
. ./messages.sh

VERSION=v1.7.12
PATH=$PATH:/usr/local/go/bin

if have actionlint; then command -v actionlint; exit; fi

place=$(cd ../.. && pwd)/dist/actionlint/$VERSION
if [ -x "$place/actionlint" ]; then echo "$place/actionlint"; exit; fi

have go || fail 'no actionlint is on PATH, and no Go to build it with' \
    'Install actionlint (https://github.com/rhysd/actionlint), or Go (https://go.dev/dl) to have it built.'

mkdir -p "$place"
exec 9>"$place.lock"
flock 9  # wait for a build that runs already
if [ ! -x "$place/actionlint" ]; then
    info "Building actionlint $VERSION (once, about 20 s)" >&2
    log=$place.log
    # outside of any module, and built aside: an interrupted build leaves nothing that looks whole
    if ! (cd / && GOBIN=$place/new go install "github.com/rhysd/actionlint/cmd/actionlint@$VERSION") >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        fail "building actionlint $VERSION failed" "The whole log: $log"
    fi
    mv "$place/new/actionlint" "$place/actionlint"
    rm -rf "$place/new" "$log"
fi
echo "$place/actionlint"
