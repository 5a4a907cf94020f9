# nginx with njs from a Debian release under callgrind, which counts instructions: unlike CPU time,
# the count does not depend on the load of the machine.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        nginx libnginx-mod-http-js valgrind \
 && rm -rf /var/lib/apt/lists/*
STOPSIGNAL SIGQUIT
ENTRYPOINT ["valgrind", "--tool=callgrind"]
