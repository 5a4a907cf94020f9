# nginx with njs as a systemd service, to test service/systemd.conf.
ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        systemd systemd-sysv nginx libnginx-mod-http-js \
 && rm -rf /var/lib/apt/lists/* \
 && systemctl disable nginx
STOPSIGNAL SIGRTMIN+3
CMD ["/lib/systemd/systemd"]
