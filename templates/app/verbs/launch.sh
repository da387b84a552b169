# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Launches the experiment, once: launch apply HOST. Prints what Dallinger answered, in one line of JSON.
# A mark is on disk before the POST and the answer after it; with a mark and no answer only a person can know what happened:
#   launch accept   the experiment is launched, go on without its answer
#   launch forget   it is not, launch at the next `./pulumi up`
#   launch show     prints what is known: only reads
#   launch ask accept | forget   prints that, and does it once a line `yes` comes
# The mark's first line is when the launch was begun; an answer that leaves the outcome unknown is its second.
# shellcheck source=templates/app/diagnosis.sh
. "$bin/diagnosis.sh"
# shellcheck source=templates/app/settling.sh
. "$bin/settling.sh"
mark=$folder/launch-started
answer=$folder/launch.json

verb_launch() {
    case ${1:-} in
    apply) launch_once "$2" ;;
    accept) accept ;;
    forget) forget ;;
    show) show_launch ;;
    ask)
        case ${2:-} in accept | forget) ;; *) refuse "launch ask accept, or forget" ;; esac
        show_launch
        echo end
        read -r said || said= # nobody is there any more
        [ "$said" = yes ] || refuse "nothing was changed"
        lock_app || exit 1
        "$2"
        show_launch
        echo end
        ;;
    *) refuse "launch apply HOST, show, ask, accept or forget" ;;
    esac
}

# A line `state none | begun | unknown | known`, when the launch was begun, and in one line each what was answered: `answer` is
# Dallinger's, of a launch that is known, `said` another one.
show_launch() {
    if [ -e "$answer" ]; then
        echo "state known"
    elif [ ! -e "$mark" ]; then
        echo "state none"
    elif runs "$(readlink "$folder/latest-run" || echo none)"; then
        echo "state begun"
    else
        echo "state unknown"
    fi
    [ ! -e "$mark" ] || sed -n '1s/^\([0-9TZ:-]*\)$/begun \1/p;2s/^/said /p' "$mark"
    [ ! -e "$answer" ] || printf 'answer %s\n' "$(tr -d '\n' <"$answer")"
}

launch_once() {
    settle_first
    # It may have taken long, and the operator have gone: what has come since, a removal perhaps, is what counts.
    require_latest "$folder"
    if [ ! -e "$answer" ]; then
        [ ! -e "$mark" ] || refuse_unknown_outcome
        web=$(process_of web)
        [ -n "$web" ] || refuse "the web process of $app does not run, so nothing is launched: \`sudo docker compose -p $project ps -a\` on the server shows what does; \`./ops/dallinger check\` says how to mend it"
        date -u +%Y-%m-%dT%H:%M:%SZ >"$mark"
        sync "$mark" "$folder"
        step "launching the experiment"
        post "$1"
    fi
    cat "$answer"
    keep_timeline launch
}

# How launch.py ends is said there. Every end but 0 and 3 (another answer, killed, container gone, connection lost) leaves the
# outcome unknown, and the mark in place. By docker itself, not by container_exec: whatever comes, this is done once.
post() {
    status=0
    reply=$(docker exec -i "$web" python3 - "$1" <"$bin/launch.py" 2>"$folder/log/launch.log") || status=$?
    case $status in
    0) keep_answer "$reply" ;;
    3)
        rm -f "$mark"
        printf '%s\n' "$reply" | masked >&2
        refuse "Dallinger did not launch the experiment: the line above is its answer; once that is put right, run \`./pulumi up\` again"
        ;;
    4)
        printf '%s\n' "$reply" | masked | sed -n 1p >>"$mark"
        sync "$mark"
        refuse_unknown_outcome
        ;;
    *)
        tail -n 2 "$folder/log/launch.log" | masked >&2
        refuse_unknown_outcome
        ;;
    esac
}

# accept and forget wait for a launch that is still at work: its answer may yet come.
accept() {
    if [ -e "$answer" ]; then
        say "$app is launched, and its answer is known: nothing to accept"
    elif [ -e "$mark" ]; then
        keep_answer '{"status":"success","recruitment_msg":"(the answer was lost, and the launch confirmed by hand)"}'
    fi
}

forget() {
    if [ -e "$answer" ]; then
        say "$app is launched, and its answer is known: nothing to forget"
    else
        rm -f "$mark"
    fi
}

keep_answer() {
    printf '%s\n' "$1" >"$answer.new"
    sync "$answer.new"
    mv "$answer.new" "$answer"
    sync "$folder"
}

refuse_unknown_outcome() {
    begun=$(head -n 1 "$mark")
    answered=$(sed -n 2p "$mark")
    if [ -n "$answered" ]; then
        say "$answered"
        what="Dallinger's answer, the line above, is one that also comes after participants were recruited"
    else
        what="its answer never arrived"
    fi
    refuse "a launch of $app was begun at $begun and $what, so it is not repeated: a second one would recruit twice. Look at the recruiter's site, at the dashboard, and at \`sudo docker compose -p $project logs web\` on the server. If it is launched: \`./ops/dallinger launch accept\`; if not: \`./ops/dallinger launch forget\` (or \`sudo $bin/app launch accept\`, or \`forget\`, there). Then run \`./pulumi up\` again"
}
