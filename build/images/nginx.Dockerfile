# nginx with njs from a Debian release. gdb calls malloc_trim, so that tests measure leaks and not
# memory that malloc keeps for reuse (testkit/servers/nginx.ts).
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        nginx libnginx-mod-http-js libnginx-mod-stream libnginx-mod-stream-js gdb-minimal \
 && rm -rf /var/lib/apt/lists/*
STOPSIGNAL SIGQUIT
ENTRYPOINT ["nginx", "-g", "daemon off;"]
