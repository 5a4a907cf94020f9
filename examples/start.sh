#!/usr/bin/env bash
# start.sh NAME : runs the example NAME with the installed nginx and its app server, until Ctrl-C.
#
# An example has nginx.conf, an app, vassals/*.ini (uWSGI's Emperor starts a uWSGI for each) or processes.sh
# (starts what else is needed, and runs until it is ended), try.txt (commands to try) and perhaps packages
# (those of Debian that it needs; default: uWSGI and Flask) and limits.conf (in place of
# offload/limits.conf). It runs in a temporary copy: the paths /run/app and /etc/nginx are replaced by the
# copy's path, the port 8080 by PORT, and metrics are left out where the installed njs is too old for them.
#
# An example with a compose.yaml is run by Docker Compose, where it is. The variables of compose.yaml name other images.
set -euo pipefail
cd "$(dirname "$0")/.."
. build/setup/messages.sh

names() { for folder in examples/*/nginx.conf; do basename "$(dirname "$folder")"; done | paste -sd ' '; }
usage="usage: [PORT=8080] examples/start.sh NAME, one of: $(names)"
case ${1:-} in
    '') fail 'no example given' "$usage" ;;
    -h|--help) echo "$usage"; exit ;;
esac
name=$1 port=${PORT:-8080}
[ -e "examples/$name/nginx.conf" ] || fail "no such example: $name" "$usage"
[[ $port =~ ^[0-9]+$ ]] || fail "PORT=$port: not a port number" "$usage"

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    fail "port $port is in use" "Choose another: PORT=$((port + 1)) examples/start.sh $name"
fi

with_compose() {
    docker compose version >/dev/null 2>&1 || fail "The example $name requires Docker Compose 2" \
        "Install it: docker-compose of Debian 13, docker-compose-v2 of Ubuntu, docker-compose-plugin of Docker"
    [ -n "${OFFLOAD_IMAGE:-}" ] || build/package/image.sh
    cd "examples/$name"
    export PORT=$port
    trap down EXIT
    trap 'exit 0' INT TERM
    docker compose up --build --detach --wait || compose_failed 'do not start'
    info "The example $name listens on http://127.0.0.1:$port"
    sed "s#\b8080\b#$port#g" try.txt
    echo 'ctrl-C ends it.'
    # in the background: bash waits for the end of another process before it runs a trap
    docker compose logs --follow --tail 0 &
    wait -n || true
    compose_failed 'ended'
}
down() {
    trap - EXIT
    docker compose down --volumes --rmi local
}
compose_failed() {
    docker compose logs --tail 20 >&2
    down
    fail "the containers of the example $1" "Their last output is above."
}
if [ -e "examples/$name/compose.yaml" ]; then with_compose; fi

PATH=$PATH:/usr/sbin
trap 'exit 0' INT TERM  # not before an installation that runs has ended
packages=(uwsgi-core uwsgi-plugin-python3 python3-flask)
[ ! -e "examples/$name/packages" ] || read -ra packages <"examples/$name/packages"
have curl || packages+=(curl)   # of try.txt
module=$(build/setup/nginx.sh "${packages[@]}")

folder=$(mktemp -d "${TMPDIR:-/tmp}/nginx-offload-$name-XXXXXX")
pids=()
clean_up() {
    trap - EXIT INT TERM
    [ ${#pids[@]} = 0 ] || kill -TERM "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT

chmod 755 "$folder"
cp -r "examples/$name/." "$folder"
mkdir -p "$folder/run" "$folder/modules"
ln -s "$(dirname "$module")"/*.so "$folder/modules"
[ "$(id -u)" != 0 ] || chown -R www-data:www-data "$folder/run"
node --import tsx build/dist.ts --out "$folder/offload" --socket-dir "$folder/private" --no-tarball >/dev/null
[ ! -e "$folder/limits.conf" ] || mv "$folder/limits.conf" "$folder/offload"
find "$folder" -maxdepth 2 \( -name '*.conf' -o -name '*.ini' -o -name '*.txt' -o -name '*.sh' \) \
    -not -path "$folder/offload/*" \
    -exec sed -i "s#/run/app#$folder/run#g; s#/etc/nginx#$folder#g; s#\b8080\b#$port#g" {} +
# settings with defaults of the distribution, whose paths need root
cp /etc/nginx/*_params "$folder"
sed -i 's#^http {#http {\n    include temporary.conf;#' "$folder/nginx.conf"
for kind in client_body proxy fastcgi uwsgi scgi; do
    echo "${kind}_temp_path $folder/temporary-$kind;"
done >"$folder/temporary.conf"
echo "access_log $folder/access.log;" >>"$folder/temporary.conf"

[ ! -x "$folder/before.sh" ] || (cd "$folder" && ./before.sh)
app=(uwsgi --emperor "$folder/vassals" --die-on-term)
[ ! -e "$folder/processes.sh" ] || app=("$folder/processes.sh")
[ "$(id -u)" != 0 ] || app=(setpriv --reuid www-data --regid www-data --init-groups "${app[@]}")
(cd "$folder" && exec "${app[@]}") >"$folder/app.log" 2>&1 &
pids+=($!)
if grep -q 'include offload/metrics/' "$folder/nginx.conf" && ! grep -q js_shared_dict_zone "$module"; then
    info 'No status page: the installed njs is older than 0.8.0. To see it: Debian 13, or nginx and nginx-module-njs of nginx.org'
    sed -i '/include offload\/metrics\//d' "$folder/nginx.conf"
fi
nginx=(nginx -p "$folder" -c "$folder/nginx.conf" -g "daemon off; pid $folder/nginx.pid; error_log $folder/error.log;")
"${nginx[@]}" -t -q
"${nginx[@]}" &
pids+=($!)

failed() {
    tail -n 20 "$folder/error.log" "$folder/app.log" >&2 || true
    fail "$1" "Its last output is above."
}
deadline=$((SECONDS + 30))
until curl -sf --max-time 5 -o /dev/null "http://127.0.0.1:$port/ready" 2>/dev/null; do
    [ "$(jobs -pr | wc -l)" = ${#pids[@]} ] || failed 'a process of the example ended'
    [ $SECONDS -lt $deadline ] || failed "http://127.0.0.1:$port/ready is not answered by a 200 after 30 s"
    sleep 0.1
done
info "The example $name listens on http://127.0.0.1:$port; files: $folder"
cat "$folder/try.txt"
echo 'ctrl-C ends it.'
wait -n || true
failed 'a process of the example ended'
