#!/usr/bin/env bash
# api-clients.sh : prints the path of a Python environment with clients of asynchronous APIs, by their vendors, and with
# pygeoapi, a server of OGC API Processes. pip installs them once (1 minute).
set -euo pipefail
cd "$(dirname "$0")"

exec ./venv.sh api-clients \
    azure-core==1.41.0 azure-mgmt-core==1.6.0 'google-api-core[grpc]==2.44.0' requests==2.34.2 pygeoapi==0.21.0
