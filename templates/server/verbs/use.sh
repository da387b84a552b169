# shellcheck shell=sh disable=SC2154 # variables of server.sh
# How this server is, and what is left of it: use. A line `KEY VALUE` each; sizes are bytes. Only reads.

verb_use() {
    require_layout
    echo "layout $(layout_value version)"
    echo "up $(cut -d. -f1 /proc/uptime)"
    echo "load $(cut -d' ' -f1 /proc/loadavg)"
    echo "processors $(nproc)"
    sed -n 's/^MemTotal: *\([0-9]*\) kB/memory \1/p;s/^MemAvailable: *\([0-9]*\) kB/memory-free \1/p' /proc/meminfo | while read -r key kibibytes; do
        echo "$key $((kibibytes * 1024))"
    done
    place=$(docker_folder) || refuse "Docker does not answer on this server: \`systemctl status docker\` there says why"
    echo "engine $(docker_says version --format '{{.Server.Version}}')"
    df --output=size,avail -B 1 "$place" | sed -n '2s/^ *\([0-9]*\) *\([0-9]*\)$/disk \1\ndisk-free \2/p'
    for owner in "$root"/apps/*/owner; do [ ! -e "$owner" ] || echo "app $(basename "$(dirname "$owner")")"; done
}
