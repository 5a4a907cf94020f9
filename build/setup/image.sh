#!/usr/bin/env bash
# image.sh NAME:RELEASE... : builds each container image offload-NAME:RELEASE that is not
# there yet, from images/NAME.Dockerfile: a Debian release's own NAME, such as nginx:trixie.
#
# The base is debian:RELEASE-slim: the one that is there, or pulled, or, where no
# registry can be reached, made by debootstrap from this machine's Debian mirror.
set -euo pipefail
cd "$(dirname "$0")"
. ./say.sh

usage() { give_up "$1" 'usage: image.sh NAME:RELEASE..., for example: image.sh nginx:bookworm uwsgi:trixie'; }

# The first mirror in this machine's apt sources that serves Debian itself.
mirror() {
    { sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null
      sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null
    } | grep -E '/debian/?$' | head -n 1 || true
}

bootstrap() {
    local release=$1 image=$2 script root from
    have debootstrap || install_packages 'A base image without a registry' debootstrap debian-archive-keyring
    from=$(mirror)
    [ -n "$from" ] || give_up "no Debian mirror in this machine's apt sources, and $image can't be pulled" \
        "Load the image yourself: docker load -i FILE"
    # debootstrap of an older Debian has no script for a newer release: they are all sid's
    script=
    [ -e "/usr/share/debootstrap/scripts/$release" ] || script=/usr/share/debootstrap/scripts/sid
    root=$(mktemp -d)
    say "Making $image with debootstrap (about 30 s)"
    # $script is unquoted on purpose: no argument when empty
    if ! debootstrap --variant=minbase "$release" "$root" "$from" $script >"$root.log" 2>&1; then
        tail -n 20 "$root.log" >&2
        rm -rf "$root"
        give_up "debootstrap $release failed" "The whole log: $root.log"
    fi
    # testing has no security of a Release file that is renewed daily on every mirror
    echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/99no-valid-until"
    tar -C "$root" -c . | docker import - "$image" >/dev/null
    rm -rf "$root" "$root.log"
}

base() {
    local release=$1 image=debian:$1-slim
    docker image inspect "$image" >/dev/null 2>&1 && return
    say "Pulling $image"
    timeout 120 docker pull -q "$image" >/dev/null 2>&1 && return
    say "No registry answers for $image"
    bootstrap "$release" "$image"
}

build() {
    local name=${1%%:*} release=${1#*:} image=offload-$1 dockerfile recipe log
    dockerfile=../images/$name.Dockerfile
    [[ $1 == ?*:?* && -e $dockerfile ]] || usage "no such image: $1"
    recipe=$(sha256sum <"$dockerfile" | cut -c1-12)
    # the label tells an image of an older recipe from today's
    [ "$(docker image inspect -f '{{index .Config.Labels "recipe"}}' "$image" 2>/dev/null)" = "$recipe" ] && return
    base "$release"
    say "Building $image"
    log=$(mktemp)
    if ! docker build --network host --build-arg "RELEASE=$release" --label "recipe=$recipe" \
        -t "$image" -f "$dockerfile" ../images >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        give_up "building $image failed" "The whole log: $log"
    fi
    rm -f "$log"
}

[ $# -gt 0 ] || usage 'no image is named'
for image; do build "$image"; done
