# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh, tables.sh and copies.sh: what a database holds, for an operator who exports it while the app works on. As
# copies.sh has it, with a part ": rows" of what each table holds, all of it from one snapshot.

# Tables can come between the question how many there are and the snapshot.
spare_tables=20

# export_database WITH_DUMP: yes or no. What the app's database says on the way is kept back, but for its end where it has failed.
export_database() {
    tables=$(count_kept_tables "$database")
    {
        last_words "$folder/log/export-$$.log" send_database "$((tables + spare_tables))" "$1" || {
            tail -n 4 "$folder/log/export-$$.log" | head -n 3 | cut -c1-400 | masked >&2
            rm -f "$folder/log/export-$$.log"
            refuse "the database of $app could not be read to its end: the lines above say why"
        }
    } 5>&1
    rm -f "$folder/log/export-$$.log"
}

# Of what a program has said that has ended, the engine waits two seconds for whoever reads, and then closes the stream with status 0
# (moby, daemon/monitor.go, ProcessEvent): the end was lost where an operator's machine was busy. So psql waits, at its standard input,
# until the line ": complete" has come through. Where nobody reads any more, or psql has failed, there is nobody to write to either.
send_database() {
    heard=$folder/log/export-$$.heard
    rm -f "$heard"
    # shellcheck disable=SC2046 # options
    {
        export_script "$1" "$2"
        until [ -e "$heard" ]; do
            sleep 0.2
            echo || exit 1
        done
    } | own 'docker exec -i' "$database" psql -X -q -w -At -v ON_ERROR_STOP=1 |
        awk $(read_at_once yes) -v heard="$heard" '{ print } $0 == ": complete" { fflush(); printf "" >heard; close(heard) }' >&5
    [ -e "$heard" ] && rm "$heard"
}

export_script() {
    begin_copies
    [ "$2" = no ] || copy_dump
    copy_names exported_tables
    printf '%s\n' '\o |{ echo ": rows"; base64; }' "$(counting_rows exported_tables);" '\o'
    copy_tables exported_tables "$1"
    end_copies
}

# exported_tables: named_tables, those first from which one learns who has taken part, and then the others that Dallinger itself
# exports (dallinger/data.py, table_names).
exported_tables() {
    printf 'SELECT row_number() OVER (ORDER BY place, number) AS number, nspname, relname, name FROM (%s) AS kept CROSS JOIN LATERAL (%s) AS places' \
        "$(named_tables)" "SELECT CASE nspname WHEN 'public' THEN coalesce(array_position(ARRAY['participant', 'notification', 'info', 'network', 'node', 'question', 'transformation', 'transmission', 'vector'], relname::text), 100) ELSE 100 END AS place"
}

# tell NAME FILE: a part of the stream.
tell() {
    [ -e "$2" ] || return 0
    echo ": $1"
    base64 <"$2"
}

# tell_output NAME COMMAND…: what a command prints, and then with which status it has ended.
tell_output() {
    echo ": $1"
    shift
    {
        told=$({
            {
                failed=0
                "$@" 3>&- 4>&- || failed=$?
                echo "$failed" >&3
            } | base64 >&4
        } 3>&1)
    } 4>&1
    echo ": told $told"
}
