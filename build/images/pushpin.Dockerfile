# Pushpin, the app behind it and its worker. Of Debian, 12 alone has it.
ARG RELEASE=bookworm
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        pushpin uwsgi-core uwsgi-plugin-python3 python3-flask python3-aiohttp \
        redis-server python3-redis \
 && rm -rf /var/lib/apt/lists/*
