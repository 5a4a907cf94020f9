#!/bin/sh
# For an nginx that may not write to /run and /var/cache, and for a second nginx on a machine: names other folders in
# the files of /etc/nginx/offload.
#
#   socket-dir.sh                 prints the folder of the private sockets, of what is learned, and of purges
#   socket-dir.sh DIR [CACHE]     changes it to DIR, and the folders of cached answers to CACHE, CACHE-waited and
#                                 CACHE-joined; without CACHE: DIR-cache
#
# nginx makes all of them, mode 0700; the folder above has to exist. Run it again after an upgrade.
set -euf
offload=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

fail() {
    echo "nginx-offload: $*" >&2
    exit 1
}

[ -e "$offload/waiter.conf" ] || fail "$offload is not what make dist builds: run this in /etc/nginx/offload/service"

socket_dir() { sed -n 's#^listen unix:\(.*\)/waiter\.sock .*#\1#p' "$offload/waiter.conf"; }

# check NAME PATH LONGEST NAMES: whether nginx can have the path for itself; its files there have such names.
check() {
    case $2 in
        /*[!/]*) ;;
        *) fail "$1 must be an absolute path: \"$2\"" ;;
    esac
    case $2/ in
        *[!A-Za-z0-9/._-]* | *//* | */./* | */../*)
            fail "$1 must be a path of letters, digits and / . _ - without // or ..: \"$2\"" ;;
    esac
    [ ${#2} -le "$3" ] || fail "$1 must be a path of at most $3 characters: \"$2\""
    case $2 in
        /run | /var/run | /dev/shm) own= ;;
        *) [ -k "$2" ] && own= || own=1 ;;
    esac
    if [ -z "$own" ]; then
        fail "$1 must be a folder of its own, as nginx closes and empties it: \"$2\" is for all, \"$2/nginx-offload\" would do"
    fi
    if [ -d "$2" ] && ls -A "$2" | grep -qvxE "$4"; then
        fail "$1 must be a folder of its own, as nginx closes and empties it: \"$2\" has other files"
    fi
}

# apart A B: neither of two folders is in the other.
apart() {
    case $1/ in "$2"/*) fail "DIR and CACHE must be apart: \"$1\" is in \"$2\"" ;; esac
    case $2/ in "$1"/*) fail "DIR and CACHE must be apart: \"$2\" is in \"$1\"" ;; esac
}

case ${1:-} in
    '') socket_dir; exit ;;
    -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
esac
dir=${1%/} cache=${2:-${1%/}-cache}
cache=${cache%/}
check DIR "$dir" 90 '.*\.sock|schedule|purged|[0-9]+'
check CACHE "$cache" 200 '[0-9a-f]'
for each in "$cache" "$cache-waited" "$cache-joined"; do apart "$dir" "$each"; done

cd -- "$offload"
old=$(socket_dir | sed 's#\.#\\.#g')
# where nginx's directives have the folder, or what is in it; and the folder of each zone of cached answers
zone='^([[:space:]]*proxy_cache_path[[:space:]]+)[^[:space:]"]+([[:space:]].*keys_zone='
changes="
    s#(unix:|_temp_path +|root +|js_var [\$][a-z_]+ +)$old([/; ])#\1$dir\2#
    s#${zone}offload_cache:)#\1$cache\2#
    s#${zone}offload_cache_waited:)#\1$cache-waited\2#
    s#${zone}offload_joined:)#\1$cache-joined\2#
    s#^(js_var [\$]offload_cache_path +)[^;]+#\1$cache#"

for file in cache/zone.conf join/zone.conf; do
    ! grep -E 'keys_zone=offload_(cache|cache_waited|joined):' "$file" | grep -qvE "$zone)" ||
        fail "$offload/$file: write proxy_cache_path, a path without quotes, and keys_zone= in one line"
done

# files of the Debian package are links; waiter.conf is last, as it says which folder the others have
IFS='
'
changed=
files=$(find . -follow -type f -name '*.conf' ! -path ./waiter.conf \
    -exec grep -lE "$old|proxy_cache_path|offload_cache_path" {} +)
for file in $files ./waiter.conf; do
    [ "$(sed -E "$changes" "$file")" = "$(cat "$file")" ] || changed="$changed$IFS$file"
done
for file in $changed; do
    [ -w "$file" ] || fail "can't write to $offload/${file#./}, so that the folder stays $(socket_dir):" \
        "run \"$0 $dir $cache\" where nginx's image is built"
done
for file in $changed; do
    text=$(sed -E "$changes" "$file")
    printf '%s\n' "$text" >"$file"
done
