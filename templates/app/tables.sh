# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh: what a database of the app holds, asked by the app's role alone.
#
# Whatever the app owns can hold views, functions and defaults that work with the rights of whoever comes across them. So nobody but
# that role ever has a session there: a real one, which has no way to more, never a superuser's that has become the role. Its programs
# run as `nobody` in PostgreSQL's container.

# The role and the owner of a database can set defaults for its sessions; these come before them. Names of the system are written out
# all the same, and what a name of the app's stands in goes to PostgreSQL alone: never to psql, a shell or a path.
own_defaults="-c search_path=pg_catalog -c row_security=off -c standard_conforming_strings=on -c quote_all_identifiers=off \
-c statement_timeout=0 -c lock_timeout=0 -c transaction_timeout=0 -c idle_session_timeout=0 -c idle_in_transaction_session_timeout=0 \
-c default_transaction_read_only=off -c default_transaction_deferrable=off -c default_transaction_isolation=read\\ committed \
-c client_encoding=UTF8 -c client_min_messages=warning -c DateStyle=ISO -c IntervalStyle=postgres -c TimeZone=UTC -c bytea_output=hex \
-c extra_float_digits=1 -c xmlbinary=base64 -c synchronize_seqscans=off -c max_parallel_workers_per_gather=0"

# own EXECUTE DATABASE PROGRAM…: a client of PostgreSQL as the app's role, by EXECUTE, which is `docker exec` or container_exec. Where
# $own_name is set, its sessions are told from others by that.
own_name=
own() {
    execute=$1
    own_database=$2
    shift 2
    $execute -u nobody ${own_name:+-e "PGAPPNAME=$own_name"} -e "PGUSER=$database" -e "PGDATABASE=$own_database" -e "PGOPTIONS=$own_defaults" "$postgres" "$@"
}

# own_rows DATABASE: what the statements on standard input give, `|` between columns. Connections that have just ended can count for a
# moment among those that the role may have.
own_rows() {
    own_statements=$(cat)
    for pause in 1 2 4 0; do
        own_status=0
        printf '%s\n' "$own_statements" | own container_exec "$1" psql -X -q -w -At -v ON_ERROR_STOP=1 2>"$folder/log/session.log" || own_status=$?
        if [ "$pause" = 0 ] || ! grep -q 'too many connections for role' "$folder/log/session.log"; then break; fi
        sleep "$pause"
    done
    [ "$own_status" = 0 ] || tail -n 3 "$folder/log/session.log" | cut -c1-400 >&2
    return "$own_status"
}

# own_restore DATABASE DUMP OPTION…: again where the runtime could not start pg_restore.
own_restore() {
    into=$1
    dump=$2
    shift 2
    for pause in 1 3 0; do
        restored=0
        own 'docker exec -i' "$into" pg_restore -w --no-owner --no-privileges -d "$into" "$@" <"$dump" || restored=$?
        case $restored in 126 | 127 | 128) sleep "$pause" ;; *) break ;; esac
    done
    return "$restored"
}

# last_words LOG COMMAND…: keeps the end of what a command says, which can be without end when an app's database has the word. What the
# last line says of its status is not the app's.
last_words() {
    log=$1
    shift
    {
        ended=0
        "$@" || ended=$?
        echo "ended with status $ended"
    } 2>&1 | tail -c 20000 >"$log"
    [ "$(tail -n 1 "$log")" = "ended with status 0" ]
}

# admit_own: into the app's database, whatever its owner has made of it.
admit_own() {
    printf 'ALTER DATABASE "%s" WITH ALLOW_CONNECTIONS true CONNECTION LIMIT -1 IS_TEMPLATE false;\nGRANT CONNECT ON DATABASE "%s" TO "%s";\n' \
        "$database" "$database" "$database" | superuser postgres
}

# end_own_sessions DATABASE: those that scripts have opened, under $own_name where that is set. One that was interrupted can leave them
# at work.
end_own_sessions() {
    printf "SELECT count(pg_terminate_backend(pid, 30000)) FROM pg_stat_activity WHERE datname = '%s' AND client_addr IS NULL AND backend_type = 'client backend' AND '%s' IN ('', application_name);\n" "$1" "$own_name" |
        superuser postgres -At >/dev/null
}

# count_tables: how many the app's database has.
count_tables() {
    own_rows "$database" <<'SQL'
SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public';
SQL
}

# rows_in_database: how many rows they have together.
rows_in_database() {
    own_rows "$database" <<'SQL'
SELECT coalesce(sum((xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', schemaname, tablename), false, true, '')))[1]::text::bigint), 0)
FROM pg_catalog.pg_tables WHERE schemaname = 'public';
SQL
}

# count_kept_tables DATABASE: how many it has in all, those that others would not see among them.
count_kept_tables() {
    own_rows "$1" <<SQL
SELECT count(*) FROM ($(named_tables)) AS tables;
SQL
}

# row_counts DATABASE: a line "NAME ROWS" for each table.
row_counts() {
    own_rows "$1" <<SQL
$(counting_rows named_tables);
SQL
}

# counting_rows TABLES: the query for that; TABLES is the function that prints the one for the tables.
counting_rows() {
    cat <<SQL
SELECT name || ' ' || (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', nspname, relname), false, true, '')))[1]::text
FROM ($("$1")) AS tables ORDER BY number
SQL
}

# The same by the tables' bare names, as backups have it that an earlier version has made.
earlier_row_counts() {
    own_rows "$1" <<SQL
SELECT relname || ' ' || (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', nspname, relname), false, true, '')))[1]::text
FROM ($(named_tables)) AS tables ORDER BY number;
SQL
}

# named_tables: a query for the tables that are kept, numbered, each with a NAME that is one word and one file: its own, behind its
# schema's where that is not `public`, and for every character but ASCII letters, digits, _ and - the bytes as %XX. It is shortened
# where a file's name could not be so long.
named_tables() {
    cat <<'SQL'
SELECT row_number() OVER (ORDER BY nspname COLLATE "C", relname COLLATE "C") AS number, nspname, relname,
    CASE WHEN length(words) <= 200 THEN words ELSE left(words, 180) || '~' || left(encode(sha256(convert_to(words, 'UTF8')), 'hex'), 16) END AS name
FROM pg_catalog.pg_class
JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
CROSS JOIN LATERAL (
    SELECT string_agg(word, '.' ORDER BY position) AS words
    FROM unnest(CASE nspname WHEN 'public' THEN ARRAY[relname] ELSE ARRAY[nspname, relname] END) WITH ORDINALITY AS names (given, position)
    CROSS JOIN LATERAL (
        SELECT string_agg(CASE WHEN letter ~ '^[A-Za-z0-9_-]$' COLLATE "C" THEN letter
            ELSE regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END, '' ORDER BY place) AS word
        FROM regexp_split_to_table(given::text, '') WITH ORDINALITY AS letters (letter, place)
    ) AS encoded
) AS file
WHERE relkind IN ('r', 'p') AND relpersistence <> 't' AND nspname NOT IN ('pg_catalog', 'information_schema')
SQL
}
