#!/bin/sh
# Before nginx starts in a container: names other folders, if OFFLOAD_SOCKET_DIR or OFFLOAD_CACHE_DIR is set
# (socket-dir.sh), and sees to that of the sockets (sockets.sh).
#
# In nginx's official image, as a step of its entrypoint (the Debian package does so by itself):
#
#     COPY --from=nginx-offload /etc/nginx/offload /etc/nginx/offload
#     RUN ln -s /etc/nginx/offload/service/container.sh /docker-entrypoint.d/10-offload.sh
#
# In any other image, in front of the command:
#
#     ENTRYPOINT ["/etc/nginx/offload/service/container.sh", "nginx", "-g", "daemon off;"]
set -eu
service=/etc/nginx/offload/service

if [ -n "${OFFLOAD_SOCKET_DIR:-}${OFFLOAD_CACHE_DIR:-}" ]; then
    [ -z "${OFFLOAD_CACHE_DIR:-}" ] || mkdir -p "$(dirname "$OFFLOAD_CACHE_DIR")"
    "$service/socket-dir.sh" "${OFFLOAD_SOCKET_DIR:-$("$service/socket-dir.sh")}" "${OFFLOAD_CACHE_DIR:-}"
fi
"$service/sockets.sh"
[ $# -eq 0 ] || exec "$@"
