# An app server for fastcgi_pass: Debian's PHP-FPM.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends php-fpm \
 && ln -s /usr/sbin/php-fpm?.? /usr/local/bin/php-fpm \
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["php-fpm", "--nodaemonize"]
