#!/bin/sh
# drain.sh [SECONDS [LONGEST]] : before nginx is stopped in a container, as the preStop hook of Kubernetes. Waits SECONDS (5),
# until no balancer sends new connections here, and then until nginx holds no client, LONGEST seconds (60) at most: a quit
# that follows meets none between two attempts. With the hop, a quit sends all of them on, and this is not needed.
set -eu
case ${1:-5}-${2:-60}${3:+-} in
    -h-60 | --help-60) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
    -* | *- | *[!0-9-]* | *-*-*) echo "nginx-offload: drain.sh: \"$*\" is not two whole numbers of seconds, see --help" >&2; exit 1 ;;
esac
sleep "${1:-5}"

folder=$("$(dirname -- "$0")/socket-dir.sh" | sed 's#\.#\\.#g')
# A held client has a connection to a private socket, but for an instant between two attempts.
idle=0 checks=$((${2:-60} * 3))
while [ "$idle" -lt 3 ] && [ "$checks" -gt 0 ]; do
    sleep 0.3
    checks=$((checks - 1))
    if grep -q " 03 *[0-9]* $folder/[a-z]*\.sock\$" /proc/net/unix; then idle=0; else idle=$((idle + 1)); fi
done
