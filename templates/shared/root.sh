# shellcheck shell=sh
# Read by `sh -s` at the first contact with a server, in front of what root is to run there.

# as_root COMMAND…: through sudo unless the user is root already.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

as_root true </dev/null 2>/dev/null || {
    user=$(id -un)
    echo "$user cannot use sudo without a password here: add a file /etc/sudoers.d/$user with the line \"$user ALL=(ALL) NOPASSWD:ALL\", then run \`./pulumi up\` again" >&2
    exit 1
}
