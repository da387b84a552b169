# shellcheck shell=sh
# Docker's command line and its plugins buildx and compose: the machine's own if they are recent, else from Go modules.

machine_docker_cli() {
    found=$(command -v docker) || return 1
    case $("$found" --version 2>/dev/null) in
    "Docker version "*) at_least "$("$found" --version)" "$(oldest docker-cli)" && echo "$found" ;;
    *) return 1 ;; # podman's, for example
    esac
}

# A plugin has no path of its own to tell: docker finds it where it looks for plugins.
machine_buildx() { machine_docker_plugin buildx; }
machine_compose() { machine_docker_plugin compose; }

# machine_docker_plugin NAME: the path of a recent enough plugin that the docker in use finds by itself.
machine_docker_plugin() {
    docker=$(locate docker-cli) || return 1
    at_least "$("$docker" "$1" version 2>/dev/null)" "$(oldest "$1")" || return 1
    plugin="{{range .ClientInfo.Plugins}}{{if eq .Name \"$1\"}}{{.Path}}{{end}}{{end}}"
    # The engine is not asked: it may be far away.
    DOCKER_HOST=unix:///nonexistent "$docker" info --format "$plugin" 2>/dev/null || true
}

# Its module names no version of Go, and would be compiled as if it were for an ancient one.
obtain_docker_cli() {
    go_build "$TOOLS/modules/buildx" github.com/docker/cli/cmd/docker "$1/docker" \
        "-X github.com/docker/cli/cli/version.Version=$(version docker-cli)" \
        -gcflags "github.com/docker/cli/...=-lang=go1.24 -dwarf=false"
}

obtain_buildx() {
    go_build "$TOOLS/modules/buildx" github.com/docker/buildx/cmd/buildx "$1/docker-buildx" \
        "-X github.com/docker/buildx/version.Version=v$(version buildx)"
}

obtain_compose() {
    go_build "$TOOLS/modules/compose" github.com/docker/compose/v2/cmd "$1/docker-compose" \
        "-X github.com/docker/compose/v2/internal.Version=v$(version compose)"
}
