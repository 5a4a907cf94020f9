# Another image (RELEASE: its name) with Debian packages (PACKAGES) besides: of a peer of the benchmark
# whose system.yaml names them.
ARG RELEASE
FROM ${RELEASE}
ARG PACKAGES
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${PACKAGES} \
 && rm -rf /var/lib/apt/lists/*
