#!/bin/sh
# Launches the experiment, once: launch.sh apply HOST. Prints what Dallinger answered, in one line of JSON.
# A mark is on disk before the POST and the answer after it; with a mark and no answer only a person can know what happened:
#   launch.sh accept   the experiment is launched, go on without its answer
#   launch.sh forget   it is not, launch at the next `pulumi up`
set -eu
bin=$(dirname "$(readlink -f "$0")")
# shellcheck source=templates/app/app.sh
. "$bin/app.sh"
mark=$folder/launch-started
answer=$folder/launch.json

main() {
    case $1 in
    apply) launch_once "$2" ;;
    accept) [ ! -e "$mark" ] || keep_answer '{"status":"success","recruitment_msg":"(the answer was lost, and the launch confirmed by hand)"}' ;;
    forget) [ -e "$answer" ] || rm -f "$mark" ;;
    *) refuse "launch.sh apply HOST, accept or forget" ;;
    esac
}

launch_once() {
    lock_app
    if [ ! -e "$answer" ]; then
        [ ! -e "$mark" ] || refuse_unknown_outcome
        web=$(serving_web)
        [ -n "$web" ] || refuse "the web process of $app does not run, so nothing is launched: \`sudo docker compose -p $project ps -a\` on the server shows what does; \`./ops/dallinger check\` says how to mend it"
        date -u +%Y-%m-%dT%H:%M:%SZ >"$mark"
        sync "$mark" "$folder"
        say "launching the experiment"
        post "$1"
    fi
    cat "$answer"
}

# launch.py ends with 0 and the answer, or with 3 and the reason when Dallinger has answered that it did not launch. Every
# other end (killed, container gone, connection lost) leaves the outcome unknown, and the mark in place. By docker itself, not by
# container_exec: whatever comes, this is done once.
post() {
    status=0
    reply=$(docker exec -i "$web" python3 - "$1" <"$bin/launch.py" 2>"$folder/log/launch.log") || status=$?
    case $status in
    0) keep_answer "$reply" ;;
    3)
        rm -f "$mark"
        printf '%s\n' "$reply" | masked >&2
        refuse "Dallinger did not launch the experiment: the line above is its answer; after mending it, run \`pulumi up\` again"
        ;;
    *)
        tail -n 2 "$folder/log/launch.log" | masked >&2
        refuse_unknown_outcome
        ;;
    esac
}

keep_answer() {
    printf '%s\n' "$1" >"$answer.new"
    sync "$answer.new"
    mv "$answer.new" "$answer"
    sync "$folder"
}

refuse_unknown_outcome() {
    refuse "a launch of $app was begun at $(cat "$mark") and its answer never arrived, so it is not repeated: a second one would recruit twice. Look at the recruiter's site, at the dashboard, and at \`sudo docker compose -p $project logs web\` on the server. If it is launched: \`sudo $bin/launch.sh accept\` there; if not: \`sudo $bin/launch.sh forget\`. Then run \`pulumi up\` again"
}

main "$@"
