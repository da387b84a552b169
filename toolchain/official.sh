# shellcheck shell=sh
# Pulumi the official way: its release archives. None is used whose sum is unknown or wrong.

# Where the archives are; another mirror can be named, and with an empty name nothing is fetched from there.
DOWNLOADS=${DALLINGER_PULUMI_DOWNLOADS-https://get.pulumi.com/releases}
PLUGIN_RELEASES=${DALLINGER_PLUGIN_RELEASES-https://github.com/pulumi}
REACHABLE=

# official_reachable: whether Pulumi's download site answers within three seconds; asked once.
official_reachable() {
    if [ -z "$REACHABLE" ]; then
        REACHABLE=no
        if [ -n "$DOWNLOADS" ] && fetch 3 "$(cli_sums_url)" >/dev/null; then REACHABLE=yes; fi
        [ "$REACHABLE" = yes ] || say "  Pulumi's download site cannot be reached from here"
    fi
    [ "$REACHABLE" = yes ]
}

# official_pulumi FOLDER: the CLI and its language host; fails if they cannot be had this way.
official_pulumi() {
    archive=$(cli_archive) && official_reachable || return 1
    fetch_archive "$DOWNLOADS/sdk/$archive" "$(cli_sums_url)" "$1" || return 1
    mv "$1/.archive/pulumi/pulumi" "$1/.archive/pulumi/pulumi-language-nodejs" "$1/" || return 1
    rm -rf "$1/.archive"
}

# official_plugin NAME FOLDER: the resource plugin; fails if it cannot be had this way. Pulumi's own fetching is not
# used: its check of the sum (3.259) misses the last bytes over HTTP/1, and so refuses what is right.
official_plugin() {
    archive=$(plugin_archive "$1") && official_reachable || return 1
    release=$PLUGIN_RELEASES/pulumi-$1/releases/download/v$(version "$1")
    fetch_archive "$DOWNLOADS/plugins/$archive" "$release/pulumi-$1_$(version "$1")_checksums.txt" "$2" || return 1
    mv "$2/.archive/pulumi-resource-$1" "$2/" || return 1
    rm -rf "$2/.archive"
}

# fetch_archive URL LIST_URL FOLDER: unpacks the archive to FOLDER/.archive; a wrong sum ends the command.
fetch_archive() {
    sum=$(known_sum "$archive" "$2") || return 1
    say "  fetching $archive"
    mkdir -p "$3/.archive"
    fetch 600 "$1" >"$3/.archive/.packed" || return 1
    [ "$(digest <"$3/.archive/.packed")" = "$sum" ] || fail "$archive is not what it should be (sha256 $sum):" \
        "it was changed or broke off on the way; run this again, and if it stays so tell the project"
    tar -xzf "$3/.archive/.packed" -C "$3/.archive"
}

# known_sum ARCHIVE LIST_URL: its sha256, from sums.txt if that has it, else as published with the release.
known_sum() {
    known=$(sum_of "$1" <"$TOOLS/sums.txt")
    [ -n "$known" ] || known=$(fetch 10 "$2" | sum_of "$1")
    [ -n "$known" ] || say "  no sum is known for $1"
    [ -n "$known" ] && echo "$known"
}

# sum_of ARCHIVE: from a list on stdin, as sha256sum prints it; nothing if it is not there.
sum_of() {
    awk -v name="$1" '($2 == name || $2 == "*" name) && $1 ~ /^[0-9a-f]+$/ && length($1) == 64 { print $1; exit }'
}

# fetch SECONDS URL: to stdout.
fetch() {
    command -v curl >/dev/null || return 1
    curl --fail --silent --location --connect-timeout 3 --max-time "$1" "$2"
}

cli_sums_url() {
    echo "$DOWNLOADS/sdk/pulumi-$(version pulumi)-checksums.txt"
}

# cli_archive: the name of the CLI's archive for this machine; plugin_archive NAME: a plugin's.
cli_archive() {
    case $PLATFORM in
    *-x86_64) echo "pulumi-v$(version pulumi)-$(system)-x64.tar.gz" ;;
    *-arm64 | *-aarch64) echo "pulumi-v$(version pulumi)-$(system)-arm64.tar.gz" ;;
    *) return 1 ;;
    esac
}

plugin_archive() {
    case $PLATFORM in
    *-x86_64) echo "pulumi-resource-$1-v$(version "$1")-$(system)-amd64.tar.gz" ;;
    *-arm64 | *-aarch64) echo "pulumi-resource-$1-v$(version "$1")-$(system)-arm64.tar.gz" ;;
    *) return 1 ;;
    esac
}

system() {
    uname -s | tr '[:upper:]' '[:lower:]'
}
