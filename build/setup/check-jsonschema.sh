#!/usr/bin/env bash
# check-jsonschema.sh : prints the path of a check-jsonschema: the one on PATH, or one that pip installs once. It has
# GitLab's schema of .gitlab-ci.yml with it.
set -euo pipefail
cd "$(dirname "$0")"
. ./messages.sh

VERSION=0.39.0

if have check-jsonschema; then command -v check-jsonschema; exit; fi
place=$(./venv.sh check-jsonschema "check-jsonschema==$VERSION")
echo "$place/bin/check-jsonschema"
