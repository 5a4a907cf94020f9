#!/usr/bin/env bash
# k6.sh : prints the path of k6: the one on PATH, or one built with Go (once).
set -euo pipefail
cd "$(dirname "$0")"
. ./messages.sh

VERSION=v1.8.1
PATH=$PATH:/usr/local/go/bin

if have k6; then command -v k6; exit; fi

place=$(cd ../.. && pwd)/dist/k6/$VERSION
if [ -x "$place/k6" ]; then echo "$place/k6"; exit; fi

remedy='Install k6 (https://grafana.com/docs/k6), or Go 1.25 or newer (https://go.dev/dl) to build it.'
have go || fail 'k6 is not on PATH, and Go is missing to build it' "$remedy"
# GOTOOLCHAIN=local: Go must not download another toolchain; cd /: outside of any module
go_version=$(cd / && GOTOOLCHAIN=local go env GOVERSION)
oldest=$(printf '%s\n' go1.25 "$go_version" | sort -V | head -n 1)
[ "$oldest" = go1.25 ] || fail "k6 is not on PATH, and $go_version is too old to build it" "$remedy"

mkdir -p "$place"
exec 9>"$place.lock"
flock 9  # wait for a concurrent build
if [ ! -x "$place/k6" ]; then
    info "Building k6 $VERSION with $go_version (once, about 3 minutes)" >&2
    log=$place.log
    # built in another folder, so that an interrupted build leaves no incomplete k6
    if ! (cd / && GOBIN=$place/new go install "go.k6.io/k6@$VERSION") >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        fail "building k6 $VERSION failed" "Log: $log"
    fi
    mv "$place/new/k6" "$place/k6"
    rm -rf "$place/new" "$log"
fi
echo "$place/k6"
