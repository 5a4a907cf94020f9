#!/bin/sh
# Before nginx starts, by the user that starts it: makes the folder of its private sockets and closes it to other users,
# and removes the sockets that a killed nginx left, over which none starts. Run by the drop-in for systemd and by
# container.sh. Where another nginx listens, it changes nothing.
#
# nginx makes the folder itself, but keeps the mode of one that is there: a tmpfs, a volume, one of tmpfiles.d.
set -eu
here=$(dirname -- "$0")
folder=$("$here/socket-dir.sh")
user=$(id -u)

say() { echo "nginx-offload: $*" >&2; }
fail() {
    say "$@"
    exit 1
}

# is_left SOCKET: whether no process listens. Debian's images have perl, Alpine's curl; without both it is taken for left.
is_left() {
    if command -v perl >/dev/null; then
        perl -e 'socket(S, 1, 1, 0) or exit 2; exit(connect(S, pack("Sa*", 1, "$ARGV[0]\0")) || $! != 111)' "$1"  # ECONNREFUSED
    elif command -v curl >/dev/null; then
        status=0
        curl -q --noproxy '*' --silent --output /dev/null --max-time 1 --unix-socket "$1" http://localhost/ || status=$?
        [ "$status" = 7 ]
    fi
}

mkdir -p "$folder" || fail "user $user can't make $folder: mount a tmpfs or an emptyDir at $(dirname "$folder")," \
    "or name another folder, see $here/socket-dir.sh --help"

# nginx gives the folder to its worker processes. To root without CAP_DAC_OVERRIDE, the bit of value 2, it is closed
# then but for its group.
access=u=rwx,go=
capabilities=0x$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
if [ "$user" = 0 ] && [ $((capabilities & 2)) = 0 ]; then
    access=ug=rwx,o=
    [ -w "$folder" ] || chown 0:0 "$folder"
fi
[ -w "$folder" ] || fail "user $user can't write to $folder: it must be the owner"

for socket in "$folder"/*.sock; do
    if [ -S "$socket" ] && ! is_left "$socket"; then
        say "another nginx listens on $socket: each needs a folder of its own, see $here/socket-dir.sh --help"
        exit
    fi
done
for socket in "$folder"/*.sock; do
    [ ! -S "$socket" ] || rm -f "$socket"
    if [ -e "$socket" ] || [ -L "$socket" ]; then fail "$socket is no socket: remove it"; fi
done

[ "$access" = u=rwx,go= ] || chown 0:0 "$folder"
# only its owner can
chmod "a-st,$access" "$folder" 2>/dev/null || true
mode=$(stat -L -c %a "$folder")
if [ "${mode%0}" = "$mode" ] || { [ "$user" != 0 ] && [ ! -O "$folder" ]; }; then
    say "other users can reach the sockets: $folder has mode $mode, and user $user is not its owner." \
        "Mount the volume at $(dirname "$folder"): nginx makes the folder there"
fi
