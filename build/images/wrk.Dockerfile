# A load generator that uses less CPU than the server: Debian's wrk.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk \
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["wrk"]
