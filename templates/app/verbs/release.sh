# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Brings the app to the release in the payload (compose.yaml, environment.yaml, services, secrets, image, record.json, how many
# releases to keep, how long it waits for what, and a login to the image's registry where it wants one). Prints the release's id.
#
# The release that serves is the link `current`; it goes on serving until the new one has passed every check, and whatever fails
# or is interrupted before that leaves it as it was.
# shellcheck source=templates/app/diagnosis.sh
. "$bin/diagnosis.sh"
# shellcheck source=templates/app/space.sh
. "$bin/space.sh"
# shellcheck source=templates/app/tables.sh
. "$bin/tables.sh"
# shellcheck source=templates/app/archive.sh
. "$bin/archive.sh"
# shellcheck source=templates/app/restore.sh
. "$bin/restore.sh"
# shellcheck source=templates/app/quiet.sh
. "$bin/quiet.sh"
# shellcheck source=templates/app/settling.sh
. "$bin/settling.sh"
# shellcheck source=templates/app/stores.sh
. "$bin/stores.sh"
# shellcheck source=templates/app/switch.sh
. "$bin/switch.sh"
# shellcheck source=templates/app/repository.sh
. "$bin/repository.sh"
# shellcheck source=templates/app/schedule.sh
. "$bin/schedule.sh"
# shellcheck source=templates/app/prune.sh
. "$bin/prune.sh"
# shellcheck source=templates/shared/registry.sh
. "$bin/registry.sh"
# shellcheck source=templates/shared/pinned.sh
. "$bin/pinned.sh"
# shellcheck source=templates/app/pull.sh
. "$bin/pull.sh"

verb_release() {
    release_id=$(cd "$1" && cat compose.yaml environment.yaml image | sha256sum | cut -c 1-12)
    if ! applied "$1" "$folder/release-applied"; then
        time_step "looking for the image"
        pull_image "$(cat "$1/image")" "$1"
        refuse_foreign "$(cat "$1/image")"
        [ ! -e "$1/pinned" ] || fetch_pinned "$1/pinned"
        plan_revival
        rm -f "$folder/release-applied"
        write_release "$1" "$release_id"
        bring_up "$1"
        finish "$1"
    fi
    printf '%s\n' "$release_id"
}

# write_release PAYLOAD ID: its folder appears whole. One of the same content has the same id: what is in it stays, and its record is
# the new one's.
write_release() {
    install -d -m 700 "$releases"
    use_release "$releases/$2"
    rm -rf "$releases/.incoming"
    mkdir -m 700 "$releases/.incoming"
    for file in compose.yaml environment.yaml services secrets image; do cp -p "$1/$file" "$releases/.incoming/$file"; done
    write_record "$1" "$2" >"$releases/.incoming/record.json"
    if [ -e "$release" ]; then
        mv "$releases/.incoming/record.json" "$release/record.json"
    else
        mv "$releases/.incoming" "$release"
    fi
    rm -rf "$releases/.incoming"
}

# write_record PAYLOAD ID: what the program says of the release, when it came, and with which key somebody logged in to bring it.
write_record() {
    sed '$d' "$1/record.json"
    image_id=$(docker image inspect --format '{{.Id}}' "$(cat "$1/image")")
    printf '  "release": "%s",\n  "imageId": "%s",\n  "applied": "%s",\n  "by": "%s"\n}\n' "$2" "$image_id" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(who_deploys)"
}

# The login's key, as sshd has written it into the journal: its fingerprint tells operators apart who share a user.
who_deploys() {
    process=$$
    while [ "$process" -gt 1 ]; do
        accepted=$(journalctl -q -o cat "_PID=$process" 2>/dev/null | sed -n 's/^Accepted \([^ ]*\) for \([^ ]*\) from \([^ ]*\) .* \(SHA256:[^ ]*\)$/\2@\3 \4/p' | tail -n 1)
        [ -z "$accepted" ] || break
        process=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status" 2>/dev/null || echo 0)
    done
    printf '%s' "${accepted:-${SUDO_USER:-root}}"
}

# bring_up PAYLOAD
bring_up() {
    # One that has never settled is what takes the room, perhaps.
    [ -e "$unsettled" ] || await_room "$(cat "$1/quiet-within")"
    make_files_folder
    if [ -e "$restoring" ]; then restore_redis; fi
    start_stores "$1"
    end_restore
    initialise_database
    switch_to_release "$(cat "$1/workers-timeout")" "$(cat "$1/healthy-within")"
}

# finish PAYLOAD: the record of the whole switch. What is older than the releases to keep goes.
finish() {
    time_step "removing releases that are not kept"
    wake_schedule
    [ ! -e "$1/looked-up" ] || mv "$1/looked-up" "$folder/looked-up"
    note_applied "$1" "$folder/release-applied"
    touch "$release"
    prune_releases "$(cat "$1/keep")"
}

# What the experiment saves belongs to the user its image runs as.
make_files_folder() {
    user=$(docker image inspect --format '{{.Config.User}}' "$(cat "$release/image")")
    install -d -m 700 "$files"
    case ${user%%:*} in
    '' | root) ;;
    *[!0-9]*) refuse "the image's USER is the name ${user%%:*}: give its number in the Dockerfile (USER 1000), so that /var/lib/dallinger can be made writable for it" ;;
    *) chown "$user" "$files" ;;
    esac
}

# Dallinger's initdb drops all tables first, so it runs when, and only when, there is none: or again after it was interrupted,
# which the mark tells, and then only while no table holds a row.
initialise_database() {
    tables=$(count_tables)
    if [ "$tables" -gt 0 ] && [ ! -e "$folder/initdb-started" ]; then return; fi
    if [ "$tables" -gt 0 ] && [ "$(rows_in_database)" -gt 0 ]; then
        rm -f "$folder/initdb-started"
        return
    fi
    step "creating the tables"
    : >"$folder/initdb-started"
    compose run --rm --no-deps -T web dallinger-housekeeper initdb >"$folder/log/initdb.log" 2>&1 || {
        tail -n 20 "$folder/log/initdb.log" | masked >&2
        refuse "dallinger-housekeeper initdb failed: the lines above are its last ones"
    }
    rm -f "$folder/initdb-started"
}
