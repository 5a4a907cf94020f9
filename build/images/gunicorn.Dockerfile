# An app server for proxy_pass: Debian's gunicorn.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gunicorn \
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["gunicorn"]
