# A generator of requests that costs less than what it loads: Debian's own wrk.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk \
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["wrk"]
