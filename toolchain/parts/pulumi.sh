# shellcheck shell=sh
# The Pulumi CLI and its language host for Node.js.

machine_pulumi() {
    found=$(command -v pulumi) || return 1
    [ "$(head -c 2 "$found")" != "#!" ] || return 1 # a wrapper, perhaps ours
    at_least "$("$found" version 2>/dev/null)" "$(oldest pulumi)" && echo "$found"
}

obtain_pulumi() {
    official_pulumi "$1" && return
    rm -rf "$1/.archive"
    say "  pulumi: compiling it takes five minutes or more, the first time"
    go_build "$TOOLS/modules/pulumi" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi "$1/pulumi" \
        "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$(version pulumi)"
}

# The host comes with the official CLI, beside it.
machine_language_nodejs() {
    beside=$(dirname "$(locate pulumi)")/pulumi-language-nodejs
    [ -x "$beside" ] && echo "$beside"
}

obtain_language_nodejs() {
    go_build "$TOOLS/modules/language-nodejs" github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs \
        "$1/pulumi-language-nodejs-host"
    cp "$TOOLS/modules/language-nodejs/pulumi-language-nodejs" "$1/"
}
