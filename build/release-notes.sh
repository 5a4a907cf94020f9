#!/usr/bin/env bash
# release-notes.sh TAG : prints the section of CHANGELOG.md for the version that TAG names (v0.1.0).
# Fails where package.json has another version, and where no section has that version and a date.
set -euo pipefail
cd "$(dirname "$0")/.."
. build/setup/messages.sh

[ $# = 1 ] || fail 'one tag is needed' 'usage: build/release-notes.sh v0.1.0'
version=$(node -p 'require("./package.json").version')
[ "$1" = "v$version" ] || fail "the tag is $1, the version in package.json is $version" \
    "Tag the commit whose package.json has the version of the tag."

notes=$(awk -v heading="## [$version] - " '
    index($0, "## ") == 1 {
        printing = index($0, heading) == 1 && substr($0, length(heading) + 1) ~ /^[0-9]+-[0-9]+-[0-9]+$/
        next
    }
    printing' CHANGELOG.md)
[ -n "$notes" ] || fail "CHANGELOG.md has no section \"## [$version] - YYYY-MM-DD\", or an empty one" \
    'Say what the release has, and its date.'
echo "$notes"
