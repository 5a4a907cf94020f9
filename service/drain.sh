#!/bin/sh
# drain.sh [SECONDS] : before nginx is stopped in a container, as the preStop hook of Kubernetes: waits SECONDS (5), until no
# balancer sends clients here any more, and then until nginx holds none. So a quit meets no client that is between two
# attempts. With the hop, a quit sends all of them on, and this is not needed.
set -eu
case ${1:-5} in
    *[!0-9]*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
esac
sleep "${1:-5}"

folder=$("$(dirname "$0")/socket-dir.sh" | sed 's#\.#\\.#g')
# A held client has a connection to a private socket, but for an instant between two attempts.
idle=0
while [ "$idle" -lt 3 ]; do
    sleep 0.3
    if grep -q " 03 *[0-9]* $folder/[a-z]*\.sock\$" /proc/net/unix; then idle=0; else idle=$((idle + 1)); fi
done
