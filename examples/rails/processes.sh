#!/bin/bash
# Puma, Sidekiq and Redis: in a real installation these are services of their own.
set -euo pipefail
cd "$(dirname "$0")"
export RAILS_ENV=production STATE=/run/app REDIS_URL=unix:///run/app/redis.sock

trap 'kill $(jobs -p); wait' EXIT
trap exit INT TERM
redis-server --port 0 --unixsocket "$STATE/redis.sock" --save "" --daemonize no &
rake -q db:migrate
sidekiq --require . --concurrency 20 --timeout 1 &
puma --config config/puma.rb &
wait -n
