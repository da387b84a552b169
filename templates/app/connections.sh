# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: the connections to PostgreSQL that are promised to the server's apps. More than there are, and the app that
# is busy takes those of all others.

# require_connections NUMBER: refuses what a new app, or one that wants more than it has, would take of others. One that has its number
# already keeps it, with a warning.
require_connections() {
    known=$(promised_connections) || refuse "PostgreSQL does not answer on this server: \`docker logs $postgres\` there says why"
    IFS='|' read -r there others own <<KNOWN
$known
KNOWN
    [ $((others + $1)) -gt "$there" ] || return 0
    if [ "$1" -gt "$own" ]; then
        refuse "$app is to have $1 connections to PostgreSQL, and this server has $((there > others ? there - others : 0)) left of its $there, the other apps having the rest: \`./pulumi config set --path 'dallinger:experiment.limits.connections' NUMBER\` with fewer, here or in another app's stack, then run \`./pulumi up\` again"
    fi
    say "warning: this server's apps are promised $((others + $1)) connections to PostgreSQL, and it has $there: lower dallinger:experiment.limits.connections in some of their stacks, or busy apps keep others from their databases"
}

# What PostgreSQL has for apps, what the others are promised, and what this one is: 0 where it is new.
promised_connections() {
    superuser postgres -At <<SQL
SELECT (SELECT sum(CASE name WHEN 'max_connections' THEN setting::bigint ELSE -setting::bigint END) FROM pg_settings
        WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')),
    coalesce(sum(rolconnlimit) FILTER (WHERE rolname <> '$database'), 0), coalesce(sum(rolconnlimit) FILTER (WHERE rolname = '$database'), 0)
FROM pg_roles WHERE rolconnlimit > 0 AND NOT rolsuper;
SQL
}
