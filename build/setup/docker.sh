#!/usr/bin/env bash
# A Docker Engine that answers: the one that is there, or Debian's, started by
# a service manager or, where none runs (a container, a CI machine), by hand.
set -euo pipefail
cd "$(dirname "$0")"
. ./say.sh

answers() { docker info >/dev/null 2>&1; }

wait_for_docker() {
    local tries
    for tries in $(seq 60); do
        answers && return
        sleep 1
    done
    give_up "Docker Engine was started and does not answer after 60 s" "See ${1:-journalctl -u docker}"
}

answers && exit 0

[ "$(id -u)" = 0 ] || give_up "no Docker Engine answers (docker info)" \
    "Start it, or add yourself to the group docker, or run this as root to have it installed."

have dockerd || install_packages 'The integration tests: Docker Engine' docker.io iptables ca-certificates
have docker || install_packages 'The integration tests: Docker client' docker-cli

if [ -d /run/systemd/system ]; then
    say 'Starting Docker Engine (systemctl start docker)'
    systemctl start docker
    wait_for_docker
else
    log=/var/log/dockerd-by-hand.log
    say "Starting Docker Engine by hand, as no service manager runs; its log: $log"
    # setsid: a Ctrl-C in the tests must not end the engine under them
    setsid dockerd >"$log" 2>&1 </dev/null &
    wait_for_docker "$log"
fi
