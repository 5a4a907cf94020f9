# Debian's tools that build and check a package (make deb).
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        debhelper lintian \
 && rm -rf /var/lib/apt/lists/*
