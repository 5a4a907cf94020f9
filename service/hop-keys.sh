#!/bin/sh
# Makes the keys of the hop (docs/hop.md), once: /etc/nginx/offload/hop/keys.conf, which only the user that starts nginx
# can read. Machines behind one balancer have the same file.
#
#     hop-keys.sh              makes it, if there is none
#     hop-keys.sh --add        adds a new key in place of the second one: tokens that it has signed are valid from now on
#     hop-keys.sh --exchange   the second key signs from now on, and the first one's tokens are valid still
#
# A rotation on several machines: --add on one, copy the file to all and reload nginx there; then --exchange likewise.
set -eu

file=${OFFLOAD_HOP_KEYS:-/etc/nginx/offload/hop/keys.conf}

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0"; }

new_key() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# $1: its name, in the file
key_of() { sed -n "s/^js_var \$$1[[:space:]]*\"\([0-9a-f]*\)\";\$/\1/p" "$file"; }

fail() { echo "$1" >&2; exit 1; }

need_keys() {
    [ -f "$file" ] || fail "$file is not there: run this without an option first"
    [ -n "$(key_of offload_hop_key)" ] || fail "$file has no key that can be read"
}

write() {
    umask 077
    cat >"$file.new" <<END
# The keys of the hop, by service/hop-keys.sh. A secret: who has one can take over a wait.
js_var \$offload_hop_key       "$1";
js_var \$offload_hop_other_key "$2";
END
    mv "$file.new" "$file"
}

case ${1-} in
'')
    if [ -e "$file" ]; then
        echo "$file is there"
    else
        mkdir -p "$(dirname "$file")"
        write "$(new_key)" ""
        echo "$file was made"
    fi
    ;;
--add)
    need_keys
    write "$(key_of offload_hop_key)" "$(new_key)"
    echo "$file has a new second key: copy it to all machines and reload nginx there, then --exchange"
    ;;
--exchange)
    need_keys
    other=$(key_of offload_hop_other_key)
    [ -n "$other" ] || fail "$file has no second key: --add makes one"
    write "$other" "$(key_of offload_hop_key)"
    echo "$file: the other key signs. Copy it to all machines and reload nginx there"
    ;;
--help) usage ;;
*) usage >&2; exit 2 ;;
esac
