#!/usr/bin/env bash
# image.sh [PROCESSOR...] : builds the image nginx-offload:VERSION, also as nginx-offload:latest, to copy
# /etc/nginx/offload from. With names of processors (amd64, arm64), first of each a file for docker load:
# dist/nginx-offload-VERSION-image-PROCESSOR.tar.gz
set -euo pipefail
cd "$(dirname "$0")/../.."
. build/setup/messages.sh

case ${1:-} in -*) fail "unknown option: $1" 'usage: image.sh [amd64] [arm64]' ;; esac
version=$(node -p 'require("./package.json").version')
build/setup/docker.sh >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/etc/nginx"
node --import tsx build/dist.ts --no-tarball --out "$work/etc/nginx/offload" >/dev/null

# build IMAGE [OPTION...] : without a base, as FROM scratch. Docker's older builder makes none of another processor.
build() {
    local image=$1
    shift
    tar -C "$work" --create --owner=0 --group=0 --numeric-owner --sort=name etc | docker import \
        --message 'COPY --from=nginx-offload /etc/nginx/offload /etc/nginx/offload' \
        --change 'LABEL org.opencontainers.image.title=nginx-offload org.opencontainers.image.licenses=MIT' \
        --change "LABEL org.opencontainers.image.version=$version" "$@" - "$image" >/dev/null
}

for processor; do
    build "nginx-offload:$version" --platform "linux/$processor"
    file=dist/nginx-offload-$version-image-$processor.tar.gz
    mkdir -p dist
    docker save "nginx-offload:$version" | gzip --best --no-name >"$file"
    echo "$file"
done
build "nginx-offload:$version"
docker tag "nginx-offload:$version" nginx-offload:latest
echo "nginx-offload:$version, also as nginx-offload:latest"
