# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced by the verb `services`: apps' pgbouncers hold what they are asked while another PostgreSQL takes the place of the one before, so
# that requests wait in place of failing. One that asks in vain would refuse all for 15 seconds more (pgbouncer, server_login_retry).
#
# By signals (pgbouncer: SIGUSR1 is PAUSE, SIGUSR2 is RESUME) of this machine's, because Docker takes a container to which it has sent
# one for stopped by hand, and does not start it with the machine.

# The unit that watches over this run.
guard=dlgr-server-resume-$$.service
guarded=

# hold_apps: where PostgreSQL is about to be made or started again, and something watches over this run that has nobody wait for it when
# it is killed.
hold_apps() {
    replaces_postgres || return 0
    systemctl is-active --quiet "$guard" 2>/dev/null || systemd-run --quiet --collect --unit "$guard" sh "$bin/resume-apps.sh" $$ 2>/dev/null || return 0
    guarded=yes
    sh "$bin/signal-apps.sh" USR1 || return 0
    # For transactions that are about to end.
    sleep 1
}

# resume_apps: also what a run has left that was killed. To one that holds nothing it means nothing. What cannot be reached now is left to
# the unit, which tries again when this run has ended.
resume_apps() {
    if sh "$bin/signal-apps.sh" USR2; then
        [ -z "$guarded" ] || systemctl stop "$guard" 2>/dev/null || : # it has ended by itself
        guarded=
        return
    fi
    say "it is not known whether all apps have gone on since PostgreSQL is there: \`./ops/dallinger restart pgbouncer\` in the stack of one that does not answer"
}

# replaces_postgres: whether that is what docker compose would do: it goes by the hash of what a service is made from, and by the image.
# Not asked with --dry-run, by which some versions do it (docker/compose#14029).
replaces_postgres() {
    there=$(docker inspect --format '{{.State.Running}} {{index .Config.Labels "com.docker.compose.config-hash"}} {{.Image}}' "$postgres" 2>/dev/null) || return 1
    wanted=$(docker compose -f "$server/compose.yaml" config --hash postgres </dev/null 2>/dev/null) || wanted=
    meant=$(docker compose -f "$server/compose.yaml" config --images postgres </dev/null 2>/dev/null) || meant=
    [ "$there" != "true ${wanted#* } $(image_id "$meant")" ]
}
