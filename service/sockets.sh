#!/bin/sh
# Before nginx starts, by the user that starts it: makes the folder of its private sockets and closes it to other users,
# and removes the sockets that a killed nginx left, over which none starts. Run by the drop-in for systemd and by
# container.sh.
#
# nginx makes the folder itself, but keeps the mode of one that is there: a tmpfs, a volume, one of tmpfiles.d.
set -eu
here=$(dirname "$0")
folder=$("$here/socket-dir.sh")

fail() {
    echo "nginx-offload: $*" >&2
    exit 1
}

mkdir -p "$folder" || fail "user $(id -u) can't make $folder: mount a tmpfs or an emptyDir at $(dirname "$folder")," \
    "or name another folder, see $here/socket-dir.sh --help"

# nginx gives the folder to its worker processes. To root without CAP_DAC_OVERRIDE, the bit of value 2, it is closed
# then but for its group.
access=u=rwx,go=
capabilities=0x$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
if [ "$(id -u)" = 0 ] && [ $((capabilities & 2)) = 0 ]; then
    access=ug=rwx,o=
    chown 0:0 "$folder"
fi

# Only its owner can.
chmod "a-st,$access" "$folder" 2>/dev/null || true
[ -w "$folder" ] || fail "user $(id -u) can't write to $folder: it must be the owner"
case $(stat -c %a "$folder") in
    *0) ;;
    *)
        echo "nginx-offload: other users can reach the sockets: $folder has mode $(stat -c %a "$folder"), and user" \
            "$(id -u) is not its owner. Mount the volume at $(dirname "$folder"): nginx makes the folder there" >&2
        ;;
esac

# listens SOCKET: whether a process does. nginx's official images have curl, Debian has perl.
listens() {
    if command -v curl >/dev/null; then
        curl --silent --max-time 1 --unix-socket "$1" telnet://localhost </dev/null >/dev/null && return
        [ $? != 7 ]
    elif command -v perl >/dev/null; then
        perl -MIO::Socket::UNIX -e 'exit !IO::Socket::UNIX->new(Peer => shift)' "$1"
    else
        return 1
    fi
}

for socket in "$folder"/*.sock; do
    [ -S "$socket" ] || continue
    ! listens "$socket" || fail "another nginx listens on $socket: each needs a folder of its own, see" \
        "$here/socket-dir.sh --help"
    rm -f "$socket"
done
