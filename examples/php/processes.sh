#!/bin/bash
# PHP-FPM and four workers: in a real installation these are services of their own.
set -euo pipefail
cd "$(dirname "$0")"
export STATE=/run/app

trap 'kill $(jobs -p); wait' EXIT
trap exit INT TERM
php -r 'require "database.php"; database();'
for _ in 1 2 3 4; do php worker.php & done
fpm=(/usr/sbin/php-fpm?.?)
"${fpm[0]}" --nodaemonize --fpm-config php-fpm.conf &
wait -n
