#!/usr/bin/env bash
# Ensures that a Docker Engine is running: an existing one, or Debian's, started by systemd or, without
# systemd (in a container, on a CI machine), as a background process.
set -euo pipefail
cd "$(dirname "$0")"
. ./messages.sh

is_running() { docker info >/dev/null 2>&1; }

wait_for_docker() {
    local attempt
    for attempt in $(seq 60); do
        is_running && return
        sleep 1
    done
    fail "Docker Engine was started but does not respond after 60 s" "See ${1:-journalctl -u docker}"
}

is_running && exit 0

[ "$(id -u)" = 0 ] || fail "no Docker Engine responds to docker info" \
    "Start it, add your user to the group docker, or run this as root to install it."

have dockerd || install_packages 'The integration tests: Docker Engine' docker.io iptables ca-certificates
have docker || install_packages 'The integration tests: Docker client' docker-cli

if [ -d /run/systemd/system ]; then
    info 'Starting Docker Engine (systemctl start docker)'
    systemctl start docker
    wait_for_docker
else
    log=/var/log/dockerd-background.log
    info "Starting Docker Engine in the background, as systemd is not running; log: $log"
    # setsid: Ctrl-C in the tests must not stop the engine
    setsid dockerd >"$log" 2>&1 </dev/null &
    wait_for_docker "$log"
fi
