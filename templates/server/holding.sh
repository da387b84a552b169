# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced by the verb `services`: apps' pgbouncers hold what they are asked while another PostgreSQL takes the place of the one before, so
# that requests wait in place of failing. One that asks in vain would refuse all for 15 seconds more (pgbouncer, server_login_retry).
#
# By signals (pgbouncer: SIGUSR1 is PAUSE, SIGUSR2 is RESUME) of this machine's, because Docker takes a container to which it has sent
# one for stopped by hand, and does not start it with the machine.
resuming=dlgr-server-resume

# hold_apps: where PostgreSQL is about to be made or started again. A timer has nobody wait for ever for a run that is killed.
hold_apps() {
    replaces_postgres || return 0
    systemctl stop "$resuming.timer" 2>/dev/null || : # one of such a run
    systemd-run --quiet --collect --on-active=240 --unit "$resuming" sh "$bin/signal-apps.sh" USR2 2>/dev/null || return 0
    sh "$bin/signal-apps.sh" USR1
}

resume_apps() {
    systemctl is-active --quiet "$resuming.timer" 2>/dev/null || return 0
    sh "$bin/signal-apps.sh" USR2
    systemctl stop "$resuming.timer" 2>/dev/null || : # it has done the same
}

# replaces_postgres: whether that is what docker compose would do.
replaces_postgres() {
    docker compose --dry-run --progress plain -f "$server/compose.yaml" up -d --remove-orphans </dev/null 2>&1 |
        grep -Eq "Container $postgres +(Recreate|Start|Create)"
}
