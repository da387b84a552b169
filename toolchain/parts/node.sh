# shellcheck shell=sh
# Node.js: from its npm packages, one per platform; npm checks the sum in package-lock.json.

machine_node() {
    found=$(command -v node) && at_least "$("$found" --version 2>/dev/null)" "$(oldest node)" && echo "$found"
}

obtain_node() {
    command -v npm >/dev/null || fail "npm is missing; install Node.js $(oldest node) or newer, which brings it"
    say "  node: fetching it with npm"
    cp "$TOOLS/node/package.json" "$TOOLS/node/package-lock.json" "$1/"
    attend npm_in "$1" >&2 ||
        fail "npm could not fetch Node.js; the lines above say why"
    for fetched in "$1"/node_modules/node-*/bin/node; do
        # Packages for one platform are optional, and of those npm says neither that there is none nor that it came to nothing.
        [ -x "$fetched" ] || fail "npm has brought no Node.js for $PLATFORM: try again, its registry may have been out of reach; where that does not help, install Node.js $(oldest node) or newer"
        mv "$fetched" "$1/node"
    done
    rm -rf "$1/node_modules" "$1/package.json" "$1/package-lock.json"
}

# npm_in FOLDER: as the machine's npm is configured, which it would look for below the folder of --prefix.
npm_in() {
    cd "$1" && exec npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
}
