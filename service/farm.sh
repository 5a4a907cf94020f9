#!/bin/sh
# Makes a farm of single-process backends from one number: farm.sh --help
set -eu

usage="usage: farm.sh NUMBER              as many backends (or PROCESSES=NUMBER farm.sh)
       farm.sh reload              each of them loads its app again, one after the other

Writes nginx's list of backends, and a link for each by which uWSGI's Emperor or systemd
(app@.service) starts it. The same number again changes nothing; a smaller one takes away what
is too much.

  SERVERS   nginx's list              (/etc/nginx/farm-servers.conf)
  VASSALS   the folder of the links   (/etc/app/vassals)
  TEMPLATE  what they lead to; made from vassal.ini where it is missing
                                      (/etc/app/vassal.ini)
  SOCKETS   the folder of the backends' sockets, N.sock, and pids, as TEMPLATE has it
                                      (/run/app)
  ONE_SOCKET=1   one socket for all, by uWSGI's zerg pool, under the Emperor alone
  PAUSE     seconds between two reloads: longer than the app takes to load (5)"

give_up() { echo "farm.sh: $1" >&2; exit 1; }

servers=${SERVERS:-/etc/nginx/farm-servers.conf}
vassals=${VASSALS:-/etc/app/vassals}
template=${TEMPLATE:-/etc/app/vassal.ini}
sockets=${SOCKETS:-/run/app}
pause=${PAUSE:-5}
one_socket=${ONE_SOCKET:-}
here=$(dirname "$0")

# The numbers of the links that are there, in order.
numbers() {
    for link in "$vassals"/*.ini; do
        name=${link##*/} name=${name%.ini}
        case $name in *[!0-9]*|'') continue ;; esac
        [ -L "$link" ] && echo "$name"
    done | sort -n
}

reload() {
    case $pause in *[!0-9.]*|'') give_up "PAUSE=$pause: no number of seconds" ;; esac
    found=$(numbers)
    [ -n "$found" ] || give_up "no backend is in $vassals"
    for number in $found; do
        pid=$(cat "$sockets/$number.pid" 2>/dev/null) || give_up "$sockets/$number.pid is not there: backend $number does not run"
        kill -HUP "$pid" 2>/dev/null || give_up "backend $number does not run, or is another user's (pid $pid)"
        echo "$number loads its app again"
        sleep "$pause"
    done
}

case ${1:-} in
    -h|--help) echo "$usage"; exit ;;
    reload) reload; exit ;;
esac
[ $# -le 1 ] || give_up "one number is needed, not: $*"
processes=${1:-${PROCESSES:-}}
case $processes in
    '') give_up "how many? See farm.sh --help" ;;
    *[!0-9]*|0*|?????*) give_up "$processes: not a number from 1 to 9999" ;;
esac
for folder in "$(dirname "$servers")" "$(dirname "$template")"; do
    mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] || give_up "can't write to $folder"
done
mkdir -p "$vassals" 2>/dev/null && [ -w "$vassals" ] || give_up "can't write to $vassals"
pool=$(dirname "$template")/pool.ini
# as the user's own text has it from then on
make_from() {
    sed "s#/run/app#$sockets#g; ${3:-}" "$here/$1" >"$2" || give_up "$2 could not be made"
}
to_zerg="s#^socket = .*#zerg = $sockets/pool.sock#; /^chmod-socket/d; /^listen/d"
[ -e "$template" ] || make_from vassal.ini "$template" "${one_socket:+$to_zerg}"
if [ -n "$one_socket" ]; then
    grep -q '^zerg *=' "$template" || give_up "$template has no zerg = $sockets/pool.sock, which takes the place of its socket, chmod-socket and listen"
    [ -e "$pool" ] || make_from pool.ini "$pool"
elif grep -q '^zerg *=' "$template"; then
    give_up "$template has zerg = …, for ONE_SOCKET=1: it needs a socket of its own, as vassal.ini has it"
fi

for number in $(seq "$processes"); do
    link=$vassals/$number.ini
    [ ! -e "$link" ] || [ -L "$link" ] || give_up "$link is a file of yours: it is in the way"
done

# nginx never reads half a list
new=$servers.new.$$
trap 'rm -f "$new"' EXIT
{
    echo "# Made by farm.sh $processes: change it there."
    echo
    # The second after three failures a backend is left alone. One failure is no reason: a request
    # that fails three backends would leave a small farm with none.
    if [ -n "$one_socket" ]; then
        # a line is a try: behind the one socket is another backend
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

[ -n "$changed" ] || { echo "There are $processes already."; exit; }
echo "$processes backends: $servers, $vassals. Next:"
if [ -n "$one_socket" ]; then
    echo "  nginx -t && nginx -s reload     # the first time; the Emperor does the rest"
    exit
fi
# new ones are there before they are asked, old ones asked no more before they end
start="systemctl enable --now \$(printf 'app@%s ' \$(seq $processes))"
[ -n "$removed" ] || echo "  $start     # nothing, under the Emperor"
echo "  nginx -t && nginx -s reload"
[ -z "$removed" ] || echo "  systemctl disable --now$removed     # nothing, under the Emperor"
