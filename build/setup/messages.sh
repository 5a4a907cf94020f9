# Sourced by the set-up scripts: messages and package installation.

info() { printf '\033[34m==>\033[0m %s\n' "$*"; }

# fail ERROR [REMEDY]: prints both to stderr and exits with 1.
fail() {
    printf '\033[31merror:\033[0m %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf '       %s\n' "$2" >&2
    exit 1
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
    local failed=
    # 8>&-: a service that is started keeps no lock
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" >/dev/null; } 8>&- || failed=1
    [ -z "$created_policy" ] || rm -f "$policy"
    exec 8>&-
    [ -z "$failed" ] || fail "could not install: $*" "See the apt-get output above; then run: apt-get install $*"
}
