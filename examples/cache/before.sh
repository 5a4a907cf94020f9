#!/bin/sh
# The cache lies in /var/cache, where an nginx that is not root's may not make a folder: here it lies
# beside the rest.
set -eu
sed -i "s#/var/cache/nginx-offload#$PWD/run/cache#" offload/cache/zone.conf
