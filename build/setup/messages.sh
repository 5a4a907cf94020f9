# Sourced by the set-up scripts: messages, progress and package installation.
set -o pipefail  # a command that fails fails in a pipe to progress as well

info() { printf '\033[34m==>\033[0m %s\n' "$*"; }

# fail ERROR [REMEDY]: prints both to stderr and exits with 1.
fail() {
    printf '\033[31merror:\033[0m %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf '       %s\n' "$2" >&2
    exit 1
}

# progress NAME: says the newest line of its input as how far NAME is, after 2 s and then every 5 s. What takes
# less time says nothing.
progress() {
    local name=$1 line newest= next=$((SECONDS + 2))
    # more than 128: no line in this second
    while if read -rt 1 line; then newest=$line; else [ $? -gt 128 ]; fi; do
        if [ -n "$newest" ] && [ "$SECONDS" -ge "$next" ]; then
            info "$name: ${newest:0:100}"
            next=$((SECONDS + 5))
        fi
    done
}

have() { command -v "$1" >/dev/null 2>&1; }

# install_packages PURPOSE PACKAGE... : installs from the distribution, or fails and names the packages.
# policy-rc.d keeps apt from starting services, such as a web server on port 80.
# One at a time: apt-get fails if another holds the lock of the package lists, and the first to end would
# remove policy-rc.d while the others install.
install_packages() {
    local purpose=$1
    shift
    have apt-get || fail "$purpose requires: $*" "apt-get is missing: install them another way, then run this again."
    [ "$(id -u)" = 0 ] || fail "$purpose requires: $*" "Run: sudo apt-get install $*"
    info "$purpose requires $* : installing the distribution's packages"
    exec 8>/run/nginx-offload-packages.lock
    flock 8
    local policy=/usr/sbin/policy-rc.d created_policy=
    if [ ! -e "$policy" ]; then
        created_policy=1
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    local failed= apt_get=(apt-get -qq -o APT::Status-Fd=9)
    (
        # a trap: Ctrl-C ends this as well
        [ -z "$created_policy" ] || trap 'rm -f "$policy"' EXIT
        # 8>&-: a service that is started keeps no lock
        {
            "${apt_get[@]}" update &&
                DEBIAN_FRONTEND=noninteractive "${apt_get[@]}" install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
        } 8>&- 9>&1 >/dev/null | apt_progress
    ) || failed=1
    exec 8>&-
    [ -z "$failed" ] || fail "could not install: $*" "See the apt-get output above; then run: apt-get install $*"
}

# Lines of APT::Status-Fd are KIND:PACKAGE:PERCENT:TEXT; the percentage is of the lists, the downloads, the installation.
apt_progress() {
    local percent text
    while IFS=: read -r _ _ percent text; do echo "${percent%%[.,]*} %, $text"; done | progress apt-get
}
