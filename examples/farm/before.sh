#!/bin/sh
# Creates a farm of 4 backends.
set -eu
here=$(pwd)
export SERVERS="$here/farm-servers.conf" VASSALS="$here/vassals" TEMPLATE="$here/vassal.ini" SOCKETS="$here/run"
offload/service/farm.sh 4 >/dev/null
