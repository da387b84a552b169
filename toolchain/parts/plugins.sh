# shellcheck shell=sh
# Pulumi's plugins: random and docker are the Terraform providers, bridged; command is our own.

machine_random() { return 1; }
machine_command() { return 1; }
machine_docker() { return 1; }

obtain_random() { official_plugin random "$1" || bridge random "$1"; }
obtain_docker() { official_plugin docker "$1" || bridge docker "$1"; }

obtain_command() {
    official_plugin command "$1" && return
    rm -rf "$1/.archive"
    [ -f "$TOOLS/plugins/command/go.mod" ] || fail "command: the plugin's sources are missing in toolchain/plugins"
    go_build "$TOOLS/plugins/command" . "$1/pulumi-resource-command"
}

# bridge NAME FOLDER: a bridged plugin embeds the schema that its own generator prints; both in a copy of the sources.
bridge() {
    rm -rf "$2/.archive"
    sources=$2/.sources
    cp -R "$TOOLS/plugins/$1" "$sources"
    go_build "$sources" ./generate "$2/.generate"
    say "  $1: writing its schema"
    "$2/.generate" "$(version "$1")" >"$sources/schema.json" 2>"$2/.said" || {
        cat "$2/.said" >&2
        fail "$1: its schema could not be made, the lines above say why"
    }
    go_build "$sources" . "$2/pulumi-resource-$1"
    rm -rf "$sources" "$2/.generate" "$2/.said"
}
