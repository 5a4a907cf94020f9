#!/usr/bin/env bash
# k6.sh : prints the path of a k6: the one on PATH, or one that is built once with Go.
set -euo pipefail
cd "$(dirname "$0")"
. ./say.sh

VERSION=v1.8.1
PATH=$PATH:/usr/local/go/bin

if have k6; then command -v k6; exit; fi

place=$(cd ../.. && pwd)/dist/k6/$VERSION
if [ -x "$place/k6" ]; then echo "$place/k6"; exit; fi

way_out='Install k6 (https://grafana.com/docs/k6), or Go 1.25 or newer (https://go.dev/dl) to have it built.'
have go || give_up 'no k6 is on PATH, and no Go to build it with' "$way_out"
# outside of any module, and as the Go that is here: GOTOOLCHAIN could fetch another
go_version=$(cd / && GOTOOLCHAIN=local go env GOVERSION)
oldest=$(printf '%s\n' go1.25 "$go_version" | sort -V | head -n 1)
[ "$oldest" = go1.25 ] || give_up "no k6 is on PATH, and $go_version is too old to build it with" "$way_out"

mkdir -p "$place"
exec 9>"$place.lock"
flock 9  # one that is being built is waited for
if [ ! -x "$place/k6" ]; then
    say "Building k6 $VERSION with $go_version (once, about 3 minutes)" >&2
    log=$place.log
    # built aside, so that a build that was broken off leaves nothing that looks whole
    if ! (cd / && GOBIN=$place/new go install "go.k6.io/k6@$VERSION") >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        give_up "building k6 $VERSION failed" "The whole log: $log"
    fi
    mv "$place/new/k6" "$place/k6"
    rm -rf "$place/new" "$log"
fi
echo "$place/k6"
