#!/usr/bin/env bash
# Ensures that nginx with njs is installed (distribution packages); prints the path of the njs module.
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

if ! have nginx || [ -z "$(module)" ]; then
    install_packages 'The demo: nginx with njs' nginx libnginx-mod-http-js >&2
fi
[ -n "$(module)" ] || fail 'nginx is installed, but its module ngx_http_js_module.so is missing' \
    'Install libnginx-mod-http-js (Debian) or nginx-module-njs (nginx.org).'
module
