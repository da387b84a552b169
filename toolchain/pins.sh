# shellcheck shell=sh
# What the toolchain is made of. Versions are here, sums in modules/*/go.sum, plugins/*/go.sum, node/package-lock.json
# and sums.txt.

# all_parts: in the order in which they are made.
all_parts() {
    echo node pulumi language-nodejs random command docker docker-cli buildx compose caddy pebble versitygw
}

# version PART: its version. The plugins' are those that the npm packages in package.json ask for.
version() {
    case $1 in
    node) echo 24.21.0 ;;
    pulumi) echo 3.259.0 ;;
    language-nodejs) echo 3.68.0 ;; # the last one that is a Go module
    random) echo 4.21.2 ;;
    command) echo 1.2.1 ;;
    docker) echo 5.2.0 ;;
    docker-cli) echo 29.8.2 ;;
    buildx) echo 0.38.2 ;;
    compose) echo 2.40.3 ;;
    caddy) echo 2.11.9 ;;
    pebble) echo 2.10.1 ;;
    versitygw) echo 1.8.0 ;;
    *) return 1 ;;
    esac
}

# oldest PART: the oldest version of it on the machine that is good enough to be used instead.
oldest() {
    case $1 in
    node) echo 24.0.0 ;;
    docker-cli) echo 23.0.0 ;; # builds with BuildKit
    buildx) echo 0.12.0 ;;
    compose) echo 2.20.0 ;;
    *) version "$1" ;;
    esac
}

# executable PART: the name of its program.
executable() {
    case $1 in
    language-nodejs) echo pulumi-language-nodejs ;;
    random | command | docker) echo "pulumi-resource-$1" ;;
    docker-cli) echo docker ;;
    buildx | compose) echo "docker-$1" ;;
    *) echo "$1" ;;
    esac
}

# at_least TEXT VERSION: whether the first version number in TEXT is VERSION or newer.
at_least() {
    number=$(printf %s "$1" | sed -n '1s/^[^0-9]*\([0-9][0-9.]*\).*/\1/p')
    [ -n "$number" ] && printf '%s\n%s\n' "$2" "$number" | sort -t . -k 1,1n -k 2,2n -k 3,3n -C
}
