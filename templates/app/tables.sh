# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: what a database holds.

# count_tables: how many the app's database has.
count_tables() {
    superuser "$database" -At <<'SQL'
SELECT count(*) FROM pg_tables WHERE schemaname = 'public';
SQL
}

# row_counts DATABASE: a line "TABLE ROWS" for each table.
row_counts() {
    superuser "$1" -At -F ' ' <<'SQL'
SELECT tablename, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', schemaname, tablename), false, true, '')))[1]::text
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1;
SQL
}
