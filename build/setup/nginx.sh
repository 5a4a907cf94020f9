#!/usr/bin/env bash
# nginx.sh [PACKAGE...] : ensures that nginx with njs is installed (distribution packages), and these packages; prints
# the path of the njs module.
set -euo pipefail
cd "$(dirname "$0")"
. ./messages.sh

PATH=$PATH:/usr/sbin

# the folders of Debian's and of nginx.org's packages
module() {
    local path
    for path in /usr/lib/nginx/modules /etc/nginx/modules; do
        [ ! -e "$path/ngx_http_js_module.so" ] || { echo "$path/ngx_http_js_module.so"; return; }
    done
}

# all at once: each run of apt-get takes seconds
missing=()
if ! have nginx || [ -z "$(module)" ]; then missing+=(nginx libnginx-mod-http-js); fi
for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} = 0 ] || install_packages 'The example' "${missing[@]}" >&2
[ -n "$(module)" ] || fail 'nginx is installed, but its module ngx_http_js_module.so is missing' \
    'Install libnginx-mod-http-js (Debian) or nginx-module-njs (nginx.org).'
module
