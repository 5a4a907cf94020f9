#!/usr/bin/env bash
# The machine's own nginx with njs, from the distribution's packages where it is missing.
# Prints the path of the njs module.
set -euo pipefail
cd "$(dirname "$0")"
. ./say.sh

PATH=$PATH:/usr/sbin

# Debian's place, then that of nginx.org's packages
module() {
    local path
    for path in /usr/lib/nginx/modules /etc/nginx/modules; do
        [ ! -e "$path/ngx_http_js_module.so" ] || { echo "$path/ngx_http_js_module.so"; return; }
    done
}

if ! have nginx || [ -z "$(module)" ]; then
    install_packages 'The demo: nginx with njs' nginx libnginx-mod-http-js >&2
fi
[ -n "$(module)" ] || give_up 'nginx is here, its module ngx_http_js_module.so is not' \
    'Install libnginx-mod-http-js (Debian) or nginx-module-njs (nginx.org).'
module
