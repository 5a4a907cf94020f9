# Sourced by the set-up scripts: how they talk, so that all of them sound alike.

say() { printf '\033[34m==>\033[0m %s\n' "$*"; }

# Ends the script with what went wrong and what the user can do about it.
give_up() {
    printf '\033[31merror:\033[0m %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf '       %s\n' "$2" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# install_packages WHY PACKAGE... : from the distribution, or a message that says what to install.
# No service is started by it: a web server that appears on port 80 because
# somebody ran a test would be a surprise.
install_packages() {
    local why=$1
    shift
    have apt-get || give_up "$why needs: $*" "This is no Debian machine: install them by hand, then run this again."
    [ "$(id -u)" = 0 ] || give_up "$why needs: $*" "Run: sudo apt-get install $*"
    say "$why needs $* : installing from the distribution's packages"
    local policy=/usr/sbin/policy-rc.d policy_is_ours=
    if [ ! -e "$policy" ]; then
        policy_is_ours=1
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    local failed=
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; } || failed=1
    [ -z "$policy_is_ours" ] || rm -f "$policy"
    [ -z "$failed" ] || give_up "could not install: $*" "See what apt-get said above; then run: apt-get install $*"
}
