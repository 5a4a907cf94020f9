#!/bin/sh
# Before nginx starts in a container: closes the folder of the sockets to other users (sockets.sh), and removes
# the sockets that a killed nginx left, as nginx does not start if they exist. A restarted container keeps its
# files, while /run of a machine is empty after a boot.
#
# In the official nginx image, as a step of its entrypoint (the Debian package does so by itself):
#
#     COPY offload /etc/nginx/offload
#     RUN ln -s /etc/nginx/offload/service/container.sh /docker-entrypoint.d/10-offload.sh
#
# In any other image, in front of the command:
#
#     ENTRYPOINT ["/etc/nginx/offload/service/container.sh", "nginx", "-g", "daemon off;"]
set -eu
/etc/nginx/offload/service/sockets.sh
rm -f /run/nginx-offload/*.sock
[ $# -eq 0 ] || exec "$@"
