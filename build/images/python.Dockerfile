# In place of Docker's python image, with what examples/container installs: pip finds all of it, without a registry.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-pip tzdata \
        gunicorn python3-django python3-djangorestframework python3-celery python3-redis \
 && rm -rf /var/lib/apt/lists/*
# What those of PyPI have and Debian's have not: Celery's command, and a package of time zones that Celery names
RUN printf '#!/bin/sh\nexec python3 -m celery "$@"\n' >/usr/local/bin/celery \
 && chmod +x /usr/local/bin/celery \
 && mkdir /usr/lib/python3/dist-packages/tzdata.dist-info \
 && printf 'Metadata-Version: 2.1\nName: tzdata\nVersion: 2026.1\n' >/usr/lib/python3/dist-packages/tzdata.dist-info/METADATA
ENV PIP_BREAK_SYSTEM_PACKAGES=1 PIP_NO_INDEX=1
