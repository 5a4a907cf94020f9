#!/bin/sh
# Closes the folder of nginx's private sockets to other users, before nginx starts. nginx makes it so itself, but
# keeps the mode of one that is there: a tmpfs, a volume, one of tmpfiles.d. Run as the user that
# starts nginx, by the drop-in for systemd and by container.sh.
folder=/run/nginx-offload
access=u=rwx,go=

mkdir -p "$folder"

# nginx gives the folder to its worker processes. To root without CAP_DAC_OVERRIDE, the bit of value 2, it is closed
# then but for its group.
capabilities=0x$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
if [ "$(id -u)" = 0 ] && [ $((capabilities & 2)) = 0 ]; then
    access=ug=rwx,o=
    chown 0:0 "$folder"
fi

chmod "a-st,$access" "$folder" || echo "nginx-offload: other users may have access to $folder" >&2
