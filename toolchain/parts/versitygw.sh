# shellcheck shell=sh
# VersityGW, an S3 server over a folder, for the lab: always the pinned one.

machine_versitygw() { return 1; }

obtain_versitygw() {
    go_build "$TOOLS/modules/versitygw" github.com/versity/versitygw/cmd/versitygw "$1/versitygw" "-X main.Version=v$(version versitygw)"
}
