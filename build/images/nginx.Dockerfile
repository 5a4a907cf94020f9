# A Debian release's own nginx with njs: what a user of that release has. gdb tells memory that
# is lost from memory that malloc keeps for the next client (test/harness/processes.ts).
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        nginx libnginx-mod-http-js libnginx-mod-stream libnginx-mod-stream-js gdb-minimal \
 && rm -rf /var/lib/apt/lists/*
STOPSIGNAL SIGQUIT
ENTRYPOINT ["nginx", "-g", "daemon off;"]
