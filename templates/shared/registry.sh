# shellcheck shell=sh
# Sourced after messages.sh: what to do when a registry does not give an image.

# denied LOG: whether docker has written into LOG that the registry has no such image, or not for who asks: which of both, many do not
# tell, and `docker manifest` none.
denied() {
    grep -qiE 'denied|unauthorized|forbidden|authentication required|no basic auth credentials|no such manifest|manifest unknown' "$1"
}

# refuse_registry IMAGE LOG LOGIN: by what docker has written into LOG. LOGIN is empty where nobody has logged in.
refuse_registry() {
    tail -n 3 "$2" | cut -c1-400 >&2
    denied "$2" ||
        refuse "the server cannot have $1: it needs a way to that registry, and dallinger:server.registryCa if its certificate is of a CA of its own"
    if [ -n "$3" ]; then
        refuse "the registry does not have $1, or not for this login: see dallinger:experiment.image.registryUser and dallinger:serverSecrets.registryPassword"
    fi
    refuse "the registry does not have $1, or not without a login: for one, \`./pulumi config set --path 'dallinger:experiment.image.registryUser' USER\`, then \`./pulumi config set --secret --path 'dallinger:serverSecrets.registryPassword'\`, which asks for that user's password or token"
}
