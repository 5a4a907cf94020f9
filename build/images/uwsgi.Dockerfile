# An app server for all four protocols of nginx: Debian's uWSGI with Python.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        uwsgi-core uwsgi-plugin-python3 \
 && rm -rf /var/lib/apt/lists/*
# SIGTERM reloads uWSGI
STOPSIGNAL SIGINT
ENTRYPOINT ["uwsgi", "--plugin", "python3", "--master", "--need-app"]
