# The systems of the benchmarks (bench/systems), from Debian: nginx with njs, Lua and nchan; uWSGI with
# gevent; gunicorn; Flask; an asyncio server and client; Redis and its clients.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        nginx libnginx-mod-http-js libnginx-mod-http-lua libnginx-mod-nchan \
        uwsgi-core uwsgi-plugin-python3 uwsgi-plugin-gevent-python3 python3-flask \
        uvicorn python3-starlette python3-aiohttp \
 && rm -rf /var/lib/apt/lists/*
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        libnginx-mod-stream libnginx-mod-stream-js lua-nginx-redis redis-server python3-redis gunicorn \
 && rm -rf /var/lib/apt/lists/*
