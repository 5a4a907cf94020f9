#!/usr/bin/env bash
# image.sh [PROCESSOR...] : builds the image nginx-offload:VERSION, also as nginx-offload:latest, to copy
# /etc/nginx/offload from. OFFLOAD_IMAGE is another name than nginx-offload. With names of processors (amd64, arm64),
# before that a file of each for docker load: nginx-offload-VERSION-image-PROCESSOR.tar.gz in OUT (dist).
set -euo pipefail
cd "$(dirname "$0")/../.."
. build/setup/messages.sh

case ${1:-} in -*) fail "unknown option: $1" 'usage: image.sh [amd64] [arm64]' ;; esac
name=${OFFLOAD_IMAGE:-nginx-offload}
out=${OUT:-dist}
version=$(node -p 'require("./package.json").version')
build/setup/docker.sh >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node --import tsx build/dist.ts --no-tarball --out "$work/offload" >/dev/null

# build [OPTION...] . --no-cache: Docker's older builder takes the image of another processor from it.
build() {
    docker build --file build/package/image.Dockerfile --no-cache --tag "$name:$version" --tag "$name:latest" "$@" "$work" \
        >"$work.log" 2>&1 || {
        tail -n 30 "$work.log" >&2
        fail 'docker build failed' "Log: $work.log"
    }
    rm -f "$work.log"
}

for processor; do
    build --platform "linux/$processor"
    file=$out/nginx-offload-$version-image-$processor.tar.gz
    mkdir -p "$out"
    docker save "$name:$version" "$name:latest" | gzip --best --no-name >"$file"
    echo "$file"
done
build
echo "$name:$version, also as $name:latest"
