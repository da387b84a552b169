# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced by claim.sh: the reasons not to prepare a server. Each is one line that says what to do.

# refuse_other_server create|update ID: a stack keeps to the server it has prepared.
refuse_other_server() {
    there=$(cat "$server/id" 2>/dev/null || true) # no file: nobody has prepared this server
    if [ -n "$there" ] && [ "$there" != "$2" ]; then
        refuse "this server is prepared by another stack (server id $there, this stack's is $2): deploy onto it with \`./pulumi config set --path 'dallinger:experiment.on.stack' STACK\`, or run \`./pulumi destroy\` in that stack first"
    fi
    if [ -z "$there" ] && [ "$1" = update ]; then
        refuse "this is not the server that this stack has prepared (server id $2), and apps never move by a changed address: set dallinger:server.host and hostKey back, or use a new stack for the new server; docs/moving.md says how an app moves there"
    fi
    # An earlier one is brought up to this one by the verb `services`.
    if [ -e "$server/layout.json" ] && ! [ "$(layout_value version)" -le "$layout_version" ] 2>/dev/null; then
        refuse "this server is laid out as version $(layout_value version), and this program knows version $layout_version: use the release of this program that prepared it"
    fi
}

# Dallinger's own `docker-ssh` keeps its files in ~/dallinger of the user it logs in as, and a compose project `dallinger`.
refuse_docker_ssh() {
    for home in /root /home/*; do
        if [ -e "$home/dallinger/docker-compose.yml" ]; then
            refuse "$home/dallinger is an installation of Dallinger's docker-ssh, which needs the same ports: export its experiments, run \`dallinger docker-ssh destroy\` for each, \`docker compose -f $home/dallinger/docker-compose.yml down\`, move $home/dallinger away, then run \`./pulumi up\` again"
        fi
    done
    if command -v docker >/dev/null && [ -n "$(docker ps -aq --filter label=com.docker.compose.project=dallinger 2>/dev/null)" ]; then
        refuse "containers of Dallinger's docker-ssh are here (\`docker ps --filter label=com.docker.compose.project=dallinger\`): export its experiments, take it down, then run \`./pulumi up\` again"
    fi
}

refuse_taken_ports() {
    for port in 80 443; do
        listening=$(ss -Hltnp "sport = :$port") || refuse "\`ss\` does not say who listens on port $port of this server: install iproute2, then run \`./pulumi up\` again"
        [ -n "$listening" ] || continue
        # docker-proxy listens for a container: ours is the one that Caddy publishes from.
        if command -v docker >/dev/null && [ -n "$(docker ps -q --filter "publish=$port" --filter label=dallinger.server)" ]; then
            continue
        fi
        # The kernel's own, an NFS server's for one, have no process.
        listener=$(printf '%s\n' "$listening" | sed -n 's/.*users:((\(.*\)))$/\1/p' | head -n 1)
        refuse "port $port is taken on this server by ${listener:-what \`ss -ltnp\` shows without a process}: stop and disable that service, then run \`./pulumi up\` again"
    done
}
