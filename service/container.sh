#!/bin/sh
# Removes the sockets of an nginx that was killed, over which no nginx starts. A container that
# is started again has the files of its last run; a machine's /run is empty after a boot.
#
# In nginx's own image, as a step of its entrypoint:
#
#     COPY offload /etc/nginx/offload
#     RUN ln -s /etc/nginx/offload/service/container.sh /docker-entrypoint.d/10-offload.sh
#
# In any other image, before what it runs:
#
#     ENTRYPOINT ["/etc/nginx/offload/service/container.sh", "nginx", "-g", "daemon off;"]
set -eu
rm -f /run/nginx-offload/*.sock
[ $# -eq 0 ] || exec "$@"
