# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh and packages.sh: restic, there already or as the distribution has it.

require_restic() {
    if command -v restic >/dev/null && command -v ssh >/dev/null; then return; fi
    command -v apt-get >/dev/null ||
        refuse "there is no restic on this server, which dallinger:experiment.backup.repository needs, and no apt-get to install it: install restic 0.12 or newer and ssh by hand, then run \`./pulumi up\` again"
    restic_made=$server/restic-packages
    exec 5>"$server/restic.lock"
    await_lock 5 -x "another app has restic installed on this server"
    finish_unpacked "$restic_made"
    if [ ! -e "$restic_made.before" ]; then
        installed_packages >"$restic_made.before.new"
        mv "$restic_made.before.new" "$restic_made.before"
    fi
    say "installing restic"
    apt_get update
    # Another version of ssh would bring sshd's with it, and restart that.
    if command -v ssh >/dev/null; then client=; else client=openssh-client; fi
    install_packages "$restic_made" --no-upgrade restic $client
    note_installed "$restic_made"
    exec 5>&-
}
