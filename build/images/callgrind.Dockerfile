# A Debian release's own nginx with njs under callgrind, which counts the instructions of a
# request: the same figure at each run, however busy the machine is.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        nginx libnginx-mod-http-js valgrind \
 && rm -rf /var/lib/apt/lists/*
STOPSIGNAL SIGQUIT
ENTRYPOINT ["valgrind", "--tool=callgrind"]
