# shellcheck shell=bash
# Root folders, as layers of overlays: base (Debian 13, nothing more), server and workshop above it. Made once, kept in the
# cache under a key of all that goes in, shared read-only by all hosts of all labs.

# Prints the layers of a host of kind $1 (server, workshop), uppermost first, as overlays want them.
layer_stack() {
    printf '%s:%s\n' "$(layer_folder "$1")" "$(layer_folder base)"
}

layer_folder() {
    printf '%s/%s-%s\n' "$(cache_folder)" "$1" "$(layer_key)"
}

layer_key() {
    {
        cat "$(lab_home)"/rootfs/*.sh
        machine_mirror
        machine_apt_settings
        machine_certificates | xargs -r cat
    } | sha256sum | cut -c 1-12
}

# Makes the layers that are not there yet.
layers_ensure() {
    with_lock_on "$(cache_folder)" layers_ensure_locked
}

layers_ensure_locked() {
    local kind
    for kind in base server workshop; do
        [ ! -d "$(layer_folder "$kind")" ] || continue
        say "making the $kind layer of the hosts' root folder (once, half a minute)"
        retried layer_make "$kind" "$(layer_folder "$kind")" >"$(cache_folder)/$kind.log" 2>&1 ||
            die "could not make the $kind layer: see $(cache_folder)/$kind.log"
    done
}

# Being asked for success or failure, it must fail by itself where `set -e` would not.
layer_make() {
    local partial=$2.partial
    rm -rf "$partial"
    mkdir "$partial"
    if [ "$1" = base ]; then
        machine_apt_settings >"$partial.apt" || return
        machine_certificates | bash "$(lab_home)/rootfs/base.sh" "$partial" "$partial.apt" "$(machine_mirror)" || return
        rm -f "$partial.apt"
    else
        unshare --mount bash "$(lab_home)/rootfs/layer.sh" "$(layer_folder base)" "$partial" "$(lab_home)/rootfs/$1.sh" ||
            return
        rm -rf "$partial.work"
    fi
    mv "$partial" "$2"
}
