#!/bin/sh
# The cache lies in /var/cache, where an nginx that is not root's may not make a folder: here it lies
# beside the rest.
set -eu
sed -i "s#/var/cache/nginx-offload#$PWD/run/cache#" offload/cache/zone.conf

# As a user has them. (start.sh has this folder stand for nginx's own.)
ln -s "/etc/""nginx/uwsgi_params" uwsgi_params
