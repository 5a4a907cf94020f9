# nginx as its official image has it, of Debian's packages: an entrypoint that runs the steps in
# /docker-entrypoint.d, the user nginx (101), logs to the container's output, the stop signal, curl. busybox: the tools
# of its variant on Alpine.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN useradd --system --uid 101 --no-create-home --shell /usr/sbin/nologin nginx \
 && apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        nginx libnginx-mod-http-js libnginx-mod-stream libnginx-mod-stream-js curl busybox \
 && rm -rf /var/lib/apt/lists/* /etc/nginx/modules-enabled /etc/nginx/sites-enabled \
 && ln -sf /dev/stdout /var/log/nginx/access.log \
 && ln -sf /dev/stderr /var/log/nginx/error.log \
 && mkdir /docker-entrypoint.d \
 && printf '%s\n' '#!/bin/sh' 'set -e' \
        'for step in /docker-entrypoint.d/*.sh; do [ ! -x "$step" ] || "$step"; done' \
        'exec "$@"' >/docker-entrypoint.sh \
 && chmod +x /docker-entrypoint.sh
EXPOSE 80
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/docker-entrypoint.sh"]
CMD ["nginx", "-g", "daemon off;"]
