#!/usr/bin/env bash
# node-modules.sh WHAT [OPTION...] : installs the packages of package-lock.json: npm install, with --omit=dev for those
# of the build alone.
#
# Not npm ci: it fails if the registry lacks an optional package for another platform. --ignore-scripts: no dependency
# has to build or download anything.
set -euo pipefail
cd "$(dirname "$0")/../.."
. build/setup/messages.sh

what=$1
shift
have npm || fail 'Node 20 or newer is required' 'Run: apt-get install nodejs npm; or see https://nodejs.org'
info "Installing the node modules of package-lock.json: $what"
count=$(node -p "
    const fits = (list, own) => !list || list.includes(own);
    Object.values(require('./package-lock.json').packages).slice(1).filter(({ dev, os, cpu, libc }) =>
        !(dev && process.argv.includes('--omit=dev')) &&
        fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, 'glibc')
    ).length" -- "$@")
packages=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# of each package that it downloads, npm says so
if ! npm install --no-save --ignore-scripts --loglevel=http "$@" 2>&1 | tee "$log" |
    while read -r line; do [[ $line != *.tgz\ * ]] || echo "$((++packages)) of $count packages"; done | progress npm; then
    grep -v '^npm http' "$log" >&2 || true
    fail 'npm install failed' "What it said is above."
fi
