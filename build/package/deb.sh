#!/usr/bin/env bash
# deb.sh [FOLDER] : builds nginx-offload_VERSION_all.deb in FOLDER (dist) with Debian's debhelper, in a
# container: the same file on any machine. Prints its path.
#
# The maintainer is DEBFULLNAME and DEBEMAIL, the date SOURCE_DATE_EPOCH, as everywhere in Debian; by
# default author and date of the last commit.
set -euo pipefail
cd "$(dirname "$0")/../.."
. build/setup/messages.sh

out=${1:-dist}
version=$(node -p 'require("./package.json").version')
last_commit() {
    git log -1 --format="$1" || fail 'no git repository to take the author and date of the package from' \
        'Set DEBFULLNAME, DEBEMAIL and SOURCE_DATE_EPOCH.'
}
name=${DEBFULLNAME:-$(last_commit %an)}
email=${DEBEMAIL:-$(last_commit %ae)}
epoch=${SOURCE_DATE_EPOCH:-$(last_commit %ct)}
maintainer="$name <$email>"

build/setup/docker.sh >&2
build/setup/image.sh package:trixie >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/nginx-offload
mkdir -p "$tree"
node --import tsx build/dist.ts --no-tarball --out "$tree/offload" >/dev/null
cp -r build/package/debian README.md SECURITY.md CHANGELOG.md docs "$tree/"
rm "$tree/offload/LICENSE"  # debian/copyright has it

cd "$tree"
control=$(cat debian/control)
echo "${control/@MAINTAINER@/"$maintainer"}" >debian/control
# a version such as 1.0.0-rc.1 comes before 1.0.0
cat >debian/changelog <<END
nginx-offload (${version//-/\~}) unstable; urgency=medium

  * CHANGELOG.md has the changes.

 -- $maintainer  $(date -u -R -d "@$epoch")
END

# A file that is made to be edited is a conffile. All others are in /usr/share, which an upgrade replaces,
# with a link of their own in /etc/nginx/offload: dpkg replaces a copied file by a link, but no folder.
find offload -type f -printf '%P\n' | sort | while read -r file; do
    folder=$(dirname "/$file")
    if grep -q 'This file is made to be edited' "offload/$file"; then
        echo "offload/$file etc/nginx/offload$folder" >>debian/install
    else
        echo "offload/$file usr/share/nginx-offload$folder" >>debian/install
        echo "usr/share/nginx-offload/$file etc/nginx/offload/$file" >>debian/links
    fi
done
# the name of the drop-in, so that a file of that name in /etc replaces it
mkdir nginx.service.d
cp offload/service/systemd.conf nginx.service.d/offload.conf
echo 'nginx.service.d usr/lib/systemd/system' >>debian/install

# -d: the container has what is needed, and no compiler
docker run --rm --network none --user "$(id -u):$(id -g)" --volume "$work:/work" --workdir /work/nginx-offload \
    offload-package:trixie dpkg-buildpackage --build=binary --no-sign -d >"$work/log" 2>&1 || {
    tail -n 30 "$work/log" >&2
    fail 'dpkg-buildpackage failed'
}
cd - >/dev/null
mkdir -p "$out"
rm -f "$out"/nginx-offload_*_all.deb
deb=$(basename "$work"/*.deb)
mv "$work/$deb" "$out/$deb"
echo "$out/$deb"
