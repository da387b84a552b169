# shellcheck shell=sh
# Sourced, after messages.sh: times at which something happens by itself.

# require_calendar TEXT: refuses what is no time for systemd.
require_calendar() {
    command -v systemd-analyze >/dev/null ||
        refuse "there is no systemd on this server to save the app at times (dallinger:experiment.backup.schedule): \`./pulumi config rm --path 'dallinger:experiment.backup.schedule'\`"
    calendar_says=$(systemd-analyze calendar -- "$1" 2>&1) ||
        refuse "\"$1\" (dallinger:experiment.backup.schedule) is no time for systemd on this server, which says: $(printf '%s\n' "$calendar_says" | head -n 1 | cut -c 1-200). \`systemd-analyze calendar 'Mon..Fri *-*-* 03:00'\` shows what such a text means"
    case $calendar_says in
    *'Next elapse: never'*) refuse "\"$1\" (dallinger:experiment.backup.schedule) is never again: it names no time that is to come" ;;
    esac
}
