#!/bin/sh
# Moves the cache from /var/cache to this folder: an nginx that is not started by root has no write
# access there.
set -eu
sed -i "s#/var/cache/nginx-offload#$PWD/run/cache#" offload/cache/zone.conf
