#!/usr/bin/env bash
# image.sh NAME:RELEASE... : builds the missing container images offload-NAME:RELEASE from
# images/NAME.Dockerfile, with NAME from that Debian release, such as nginx:trixie.
# NAME:RELEASE+PACKAGE+... has Debian packages besides, and is offload-NAME:RELEASE_PACKAGE_...
#
# The base image is debian:RELEASE-slim: an existing one, a pulled one or, if no registry is
# reachable, one made by debootstrap from this machine's Debian mirror.
set -euo pipefail
cd "$(dirname "$0")"
. ./messages.sh

usage() { fail "$1" 'usage: image.sh NAME:RELEASE..., for example: image.sh nginx:bookworm uwsgi:trixie'; }

# The first Debian mirror in this machine's apt sources.
mirror() {
    { sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null
      sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null
    } | grep -E '/debian/?$' | head -n 1 || true
}

bootstrap() {
    local release=$1 image=$2 script root from
    have debootstrap || install_packages 'A base image without a registry' debootstrap debian-archive-keyring
    from=$(mirror)
    [ -n "$from" ] || fail "no Debian mirror in this machine's apt sources, and $image can't be pulled" \
        "Load the image: docker load -i FILE"
    # an older debootstrap has no script for a newer release; the script for sid works for all
    script=
    [ -e "/usr/share/debootstrap/scripts/$release" ] || script=/usr/share/debootstrap/scripts/sid
    root=$(mktemp -d)
    info "Building $image with debootstrap"
    # $script is unquoted: no argument if empty
    if ! debootstrap --variant=minbase "$release" "$root" "$from" $script 2>&1 | tee "$root.log" | progress "$image"; then
        tail -n 20 "$root.log" >&2
        rm -rf "$root"
        fail "debootstrap $release failed" "Log: $root.log"
    fi
    # the Release file of testing can be expired on a mirror
    echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/99no-valid-until"
    tar -C "$root" -c . | docker import - "$image" >/dev/null
    rm -rf "$root" "$root.log"
}

# lock FD NAME: until this process ends, no other makes the same image.
lock() {
    eval "exec $1>${TMPDIR:-/tmp}/nginx-offload-$2.lock"
    flock "$1"
}

base() {
    local release=$1 image=debian:$1-slim
    lock 6 "$release"
    docker image inspect "$image" >/dev/null 2>&1 && return
    info "Pulling $image"
    timeout 120 docker pull "$image" 2>&1 | progress "$image" && return
    info "Could not pull $image"
    bootstrap "$release" "$image"
}

build() {
    local name=${1%%:*} release=${1#*:} image=offload-${1//+/_} recipe log packages=
    local dockerfile=../images/$name.Dockerfile recipes=(../images/$name.Dockerfile)
    if [[ $1 == *+* ]]; then
        build "${1%%+*}"
        dockerfile=../images/with-packages.Dockerfile release=offload-${1%%+*} packages=${1#*+}
        recipes+=("$dockerfile")
    fi
    [[ $1 == ?*:?* && -e $dockerfile ]] || usage "no such image: $1"
    recipe=$(cat "${recipes[@]}" | sha256sum | cut -c1-12)
    lock 7 "${1//[:+]/-}"
    # the label identifies images built from an older Dockerfile
    [ "$(docker image inspect -f '{{index .Config.Labels "recipe"}}' "$image" 2>/dev/null)" = "$recipe" ] && return
    [ -n "$packages" ] || base "$release"
    info "Building $image"
    log=$(mktemp)
    if ! docker build --network host --build-arg "RELEASE=$release" --build-arg "PACKAGES=${packages//+/ }" --label "recipe=$recipe" \
        -t "$image" -f "$dockerfile" ../images 2>&1 | tee "$log" | progress "$image"; then
        tail -n 30 "$log" >&2
        fail "building $image failed" "Log: $log"
    fi
    rm -f "$log"
}

[ $# -gt 0 ] || usage 'no image given'
# two at a time: a build downloads, or uses one core
pids=()
for image; do
    build "$image" &
    pids+=($!)
    while [ "$(jobs -pr | wc -l)" -ge 2 ]; do wait -n || true; done
done
failed=0
for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
exit "$failed"
