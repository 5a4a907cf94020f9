# Redis, Valkey, and what an app has on both sides of them: Flask on uWSGI, Celery and RQ.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        redis-server valkey-server openssl uwsgi-core uwsgi-plugin-python3 \
        python3-flask python3-celery python3-redis python3-rq \
 && rm -rf /var/lib/apt/lists/*
