# A client that speaks HTTP/3: Debian's own curl, since Debian 13.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends curl \
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["curl"]
