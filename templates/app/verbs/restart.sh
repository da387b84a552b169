# shellcheck shell=sh disable=SC2154 # variables of app.sh
# Restarts processes of the app: restart SECONDS PATIENCE [PROCESS…]. Without a name web, workers and clock; prints what was restarted.
# Workers get SECONDS to finish their job, and what is new PATIENCE seconds to get healthy.
#
# A web and workers start beside those that run and take over as those of a release do (switch.sh), so that no request is lost. The
# clock, of which there are never two, and what is named of Redis and pgbouncer restart where they are. Whatever is interrupted, the same
# again goes on: the containers that are to end stand in a list until they have.
# shellcheck source=templates/app/diagnosis.sh
. "$bin/diagnosis.sh"
# shellcheck source=templates/app/settling.sh
. "$bin/settling.sh"
# shellcheck source=templates/app/switch.sh
. "$bin/switch.sh"

verb_restart() {
    if ! is_number "${1:-}" || ! is_number "${2:-}"; then refuse "restart SECONDS PATIENCE, and processes"; fi
    finishing=$1
    patience=$2
    shift 2
    require_whole
    use_release "$(readlink -f "$folder/current")"
    # What is there now has not been started by this run.
    before=$(containers web worker)
    [ "$#" -gt 0 ] || set -- web worker ${clock_there:+clock}
    for process in "$@"; do require_process "$process"; done
    for process in redis pgbouncer; do restart_named "$process" "$@"; done
    case " $* " in *" web "* | *" worker "*) replace "$@" ;; esac
    restart_named clock "$@"
    echo "restarted $*"
    echo end
}

# An app that is on its way to or from the server has what runs, and what does not, for a reason.
require_whole() {
    [ -e "$folder/current" ] || refuse "no release of $app serves on this server: \`./pulumi up\` brings one"
    [ ! -e "$folder/backup" ] || refuse "a removal of $app was broken off, and nothing of it restarts: \`./pulumi destroy\` goes on, \`./pulumi up\` brings it back"
    [ ! -e "$restoring" ] || refuse "$app is being restored, and nothing of it restarts: \`./pulumi up\` goes on"
    clock_there=$(sed -n 's/^clock [^ ]* //p' "$folder/current/services")
}

require_process() {
    case $1 in
    web | worker | clock | redis | pgbouncer) [ -n "$(number_of "$1")" ] || refuse "the release of $app has no $1" ;;
    *) refuse "\"$1\" is no process of an app" ;;
    esac
}

# replace PROCESS…: web and workers, as far as they are named. What an interrupted restart has left to end ends first.
replace() {
    ending=
    if grep -qsx proven "$former"; then proven=proven; else proven=; fi
    unended=
    kept=
    for replaced in web worker; do
        there=$(containers "$replaced")
        left=$(for id in $there; do ! is_former "$id" || echo "$id"; done)
        unended=$unended$left
        case " $* " in
        *" $replaced "*) ending="$ending ${left:-$there}" ;;
        *)
            ending="$ending $left"
            # What is not to restart has nothing to prove, and stays whatever becomes of the others.
            [ -n "$left" ] || kept="$kept $there"
            ;;
        esac
    done
    # shellcheck disable=SC2086 # a container a line
    printf '%s\n' $ending ${unended:+$proven} >"$former.new"
    mv "$former.new" "$former"
    prove_beside
    point_to "$new_web"
    retire "$finishing"
    rm -f "$former"
    # They serve: what fails from here on is not theirs.
    before=$(containers web worker)
}

# restart_named SERVICE NAME…: where it is, if it is named.
restart_named() {
    service_named=$1
    shift
    case " $* " in *" $service_named "*) ;; *) return 0 ;; esac
    say "restarting $service_named"
    there=$(containers "$service_named")
    for id in $there; do docker restart "$id" >/dev/null || fail_switch "$service_named does not restart"; done
    await_healthy "$there"
}

# fail_switch TEXT: in the place of that of a release: what was started goes, and what ran goes on.
fail_switch() {
    failed=$(new_of "$(of_release web yes) $(of_release worker yes)")
    # shellcheck disable=SC2086 # one word per container
    show_containers $failed
    # shellcheck disable=SC2086 # one word per container
    [ -z "$failed" ] || docker container rm --force --volumes $failed >/dev/null
    refuse "$1: the lines above say what was seen. What has not restarted goes on; once that is put right, repeat the command"
}
