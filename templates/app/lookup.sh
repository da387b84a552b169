#!/bin/sh
# Prints which image a reference means here, and refuses one that this server cannot run: lookup.sh create|update PAYLOAD
# It changes nothing, and comes before anything that does: it is the registry that is asked, and no image is pulled.
set -eu
payload=$2
# shellcheck source=templates/shared/messages.sh
. "$payload/bin/messages.sh"
# shellcheck source=templates/shared/server.sh
. "$payload/bin/server.sh"
# shellcheck source=templates/shared/registry.sh
. "$payload/bin/registry.sh"
reference=$(cat "$payload/reference")
repository=$(cat "$payload/repository")
platform=$(cat "$payload/platform")
app=$(cat "$payload/name")

main() {
    require_layout
    require_server "$(cat "$payload/server")"
    require_machine "$platform"
    if answer_again; then return; fi
    say "asking the registry for $reference"
    ask_registry || answer_unasked
    digest=$(manifests <"$payload/answer" | sed -n "s|^$platform ||p" | head -n 1)
    [ -n "$digest" ] ||
        refuse "$reference is an image for $(manifests <"$payload/answer" | cut -d' ' -f1 | grep -v unknown | sort -u | tr '\n' ' ')and this server runs $platform: name another with \`./pulumi config set --path 'dallinger:experiment.image.reference' IMAGE\`"
    case $reference in
    *@*) printf '%s\n' "$reference" ;;
    *) printf '%s@%s\n' "$repository" "$digest" ;;
    esac
}

# A tag that was looked up for the release that serves means what it meant then, also to an operator who comes another way, and on
# another server that the app has moved to.
answer_again() {
    archive=$(cat "$payload/archive" 2>/dev/null || true) # no file: the app begins with nothing
    for kept in "$root/apps/$app/looked-up" "$backups/$app/$archive/looked-up"; do
        [ "$(sed -n 1p "$kept" 2>/dev/null)" = "$(cat "$payload/question")" ] || continue
        sed -n 2p "$kept"
        return
    done
    return 1
}

ask_registry() {
    login=$payload/login
    [ -e "$login/config.json" ] || login=
    if [ -s "$server/registry-ca.pem" ]; then
        # Docker's command line is who asks: it takes the authorities of these folders, and none has to be put anywhere.
        install -D -m 600 "$server/registry-ca.pem" "$payload/ca/registry.pem"
        export SSL_CERT_DIR="$payload/ca:/etc/ssl/certs"
    fi
    # Of a tag beside a digest docker's command line would ask what that means by now, and fail where it is another image.
    case $reference in
    *@*) asked=$repository@${reference#*@} ;;
    *) asked=$reference ;;
    esac
    timeout 120 docker ${login:+--config "$login"} manifest inspect --verbose "$asked" </dev/null >"$payload/answer" 2>"$payload/error"
}

# An engine can have ways to a registry that its command line does not have: mirrors, registries without TLS. What a digest means needs
# nobody's answer, and the platform is looked at again when the image has been pulled.
answer_unasked() {
    case $reference in
    *@*)
        if ! denied "$payload/error"; then
            say "the registry does not answer docker's command line here: whether $reference is an image for $platform is known when it is pulled"
            printf '%s\n' "$reference"
            exit 0
        fi
        ;;
    esac
    refuse_registry "$reference" "$payload/error" "$login"
}

# The answer's manifests on standard input, a line "PLATFORM DIGEST" each: what docker prints has one key a line.
manifests() {
    awk '
        function text(line) { sub(/^[^:]*: *"/, "", line); sub(/",?$/, "", line); return line }
        /"Descriptor": \{/ { digest = architecture = ""; within = 1 }
        within && digest == "" && /"digest":/ { digest = text($0) }
        within && /"architecture":/ { architecture = text($0) }
        within && /"os":/ { print text($0) "/" architecture, digest; within = 0 }'
}

main
