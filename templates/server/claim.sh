#!/bin/sh
# Makes sure that this server can be prepared, and takes it for a stack: claim.sh create|update PAYLOAD
# Everything that could be refused is refused here, before anything is changed. What it writes is what a removal needs.
set -eu
mode=$1
payload=$2
# shellcheck source=templates/shared/messages.sh
. "$payload/bin/messages.sh"
# shellcheck source=templates/shared/server.sh
. "$payload/bin/server.sh"
# shellcheck source=templates/shared/receive.sh
. "$payload/bin/receive.sh"
# shellcheck source=templates/shared/names.sh
. "$payload/bin/names.sh"
# shellcheck source=templates/server/refusals.sh
. "$payload/bin/refusals.sh"
# shellcheck source=templates/shared/packages.sh
. "$payload/bin/packages.sh"
# shellcheck source=templates/server/engine.sh
. "$payload/bin/engine.sh"

require_names "$payload" "$server/names"
lock_claim
refuse_other_server "$mode" "$(cat "$payload/id")"
require_machine "$(cat "$payload/platform")"
refuse_docker_ssh
refuse_taken_ports
finish_unpacked "$server/packages" # an engine of ours that is half installed does not answer, and is nothing to refuse
refuse_engine "$(cat "$payload/engine")"

umask 022
mkdir -p "$root"
install -d -m 700 "$root/apps" "$backups" "$server"
install -d -m 755 /var/lib/dallinger
cp "$payload/id" "$server/id"
install_scripts "$payload/bin" "$server/bin"
keep_names "$payload" "$server/names"
say "the server is claimed for this stack"
