#!/bin/sh
# Configures a farm of single-process backends: farm.sh --help
set -eu

usage="usage: farm.sh NUMBER    sets the number of backends (or PROCESSES=NUMBER farm.sh)
       farm.sh reload    reloads the app in each backend, one after the other

Writes the list of backends for nginx, and one link for each backend, from which uWSGI's Emperor or
systemd (app@.service) starts it. The same number again changes nothing; a smaller one removes
backends.

  SERVERS   the list for nginx             (/etc/nginx/farm-servers.conf)
  VASSALS   the folder of the links        (/etc/app/vassals)
  TEMPLATE  the target of the links, created from vassal.ini if missing
                                           (/etc/app/vassal.ini)
  SOCKETS   the folder of the backends' sockets (N.sock) and pid files, as in TEMPLATE
                                           (/run/app)
  ONE_SOCKET=1   one socket for all backends: uWSGI's zerg pool, with the Emperor only
  PAUSE     seconds between two reloads; must be longer than the app takes to load (5)"

fail() { echo "farm.sh: $1" >&2; exit 1; }

servers=${SERVERS:-/etc/nginx/farm-servers.conf}
vassals=${VASSALS:-/etc/app/vassals}
template=${TEMPLATE:-/etc/app/vassal.ini}
sockets=${SOCKETS:-/run/app}
pause=${PAUSE:-5}
one_socket=${ONE_SOCKET:-}
here=$(dirname "$0")

# The numbers of the existing links, sorted.
numbers() {
    for link in "$vassals"/*.ini; do
        name=${link##*/} name=${name%.ini}
        case $name in *[!0-9]*|'') continue ;; esac
        [ -L "$link" ] && echo "$name"
    done | sort -n
}

reload() {
    case $pause in *[!0-9.]*|'') fail "PAUSE=$pause: not a number of seconds" ;; esac
    found=$(numbers)
    [ -n "$found" ] || fail "no backends in $vassals"
    for number in $found; do
        pid=$(cat "$sockets/$number.pid" 2>/dev/null) || fail "no $sockets/$number.pid: backend $number is not running"
        kill -HUP "$pid" 2>/dev/null || fail "backend $number is not running, or belongs to another user (pid $pid)"
        echo "reloading $number"
        sleep "$pause"
    done
}

case ${1:-} in
    -h|--help) echo "$usage"; exit ;;
    reload) reload; exit ;;
esac
[ $# -le 1 ] || fail "expected one number, not: $*"
processes=${1:-${PROCESSES:-}}
case $processes in
    '') fail "no number given; see farm.sh --help" ;;
    *[!0-9]*|0*|?????*) fail "$processes: not a number from 1 to 9999" ;;
esac
for folder in "$(dirname "$servers")" "$(dirname "$template")"; do
    mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] || fail "can't write to $folder"
done
mkdir -p "$vassals" 2>/dev/null && [ -w "$vassals" ] || fail "can't write to $vassals"
pool=$(dirname "$template")/pool.ini
# Creates a file that is the user's from then on.
create_from() {
    sed "s#/run/app#$sockets#g; ${3:-}" "$here/$1" >"$2" || fail "could not create $2"
}
to_zerg="s#^socket = .*#zerg = $sockets/pool.sock#; /^chmod-socket/d; /^listen/d"
[ -e "$template" ] || create_from vassal.ini "$template" "${one_socket:+$to_zerg}"
if [ -n "$one_socket" ]; then
    grep -q '^zerg *=' "$template" || fail "$template has no zerg = $sockets/pool.sock, required instead of socket, chmod-socket and listen"
    [ -e "$pool" ] || create_from pool.ini "$pool"
elif grep -q '^zerg *=' "$template"; then
    fail "$template has zerg = … (ONE_SOCKET=1): without it, socket is required, as in vassal.ini"
fi

for number in $(seq "$processes"); do
    link=$vassals/$number.ini
    [ ! -e "$link" ] || [ -L "$link" ] || fail "$link exists and is not a link"
done

# renamed when complete, so that nginx never reads a partial list
new=$servers.new.$$
trap 'rm -f "$new"' EXIT
{
    echo "# Written by farm.sh $processes; do not edit."
    echo
    # A backend is unavailable for 1 s after three failures. Not after one: a request that fails on
    # three backends would make all backends of a small farm unavailable.
    if [ -n "$one_socket" ]; then
        # three lines for three attempts; each attempt may reach another backend
        for _ in 1 2 3; do echo "server unix:$sockets/app.sock max_fails=0;"; done
    else
        for number in $(seq "$processes"); do
            echo "server unix:$sockets/$number.sock max_fails=3 fail_timeout=1s;"
        done
    fi
} >"$new"
chmod 644 "$new"
changed=
if cmp -s "$new" "$servers"; then rm -f "$new"; else mv "$new" "$servers"; changed=1; fi

removed=
for number in $(numbers); do
    [ "$number" -le "$processes" ] && continue
    rm -f "$vassals/$number.ini"
    removed="$removed app@$number"
    changed=1
done
if [ -n "$one_socket" ]; then
    ln -sfn "$pool" "$vassals/pool.ini"
elif [ -L "$vassals/pool.ini" ]; then
    rm -f "$vassals/pool.ini"
fi
for number in $(seq "$processes"); do
    link=$vassals/$number.ini
    [ "$(readlink "$link" 2>/dev/null || true)" = "$template" ] && continue
    ln -sfn "$template" "$link"
    changed=1
done

[ -n "$changed" ] || { echo "No change: $processes backends."; exit; }
echo "$processes backends: $servers, $vassals. Next:"
if [ -n "$one_socket" ]; then
    echo "  nginx -t && nginx -s reload     # the first time only; the Emperor starts and stops backends"
    exit
fi
# start new backends before nginx uses them; stop old ones after nginx has dropped them
start="systemctl enable --now \$(printf 'app@%s ' \$(seq $processes))"
[ -n "$removed" ] || echo "  $start     # not with the Emperor"
echo "  nginx -t && nginx -s reload"
[ -z "$removed" ] || echo "  systemctl disable --now$removed     # not with the Emperor"
