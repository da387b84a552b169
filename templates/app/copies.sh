# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh and tables.sh: what a database holds comes out as one stream, of one session and one snapshot, and is written
# on this side: nothing of it lies in PostgreSQL's container, and what is named after tables is named here.
#
# The stream is base64, in parts. A line ": names", ": dump" or ": table NUMBER" begins one, and no base64 has a colon.

# table_copies DATABASE NUMBER DUMP: the names of its tables and each as CSV, in the order it is stored, which a restored dump has too.
# With DUMP yes the dump comes first.
table_copies() {
    copies_script "$2" "$3" | own 'docker exec -i' "$1" psql -X -q -w -At -v ON_ERROR_STOP=1
}

# A part's rows go through a program of the container, its number is all that psql is told of a table, and PostgreSQL itself makes
# the statement that copies it.
copies_script() {
    begin_copies
    [ "$2" = no ] || copy_dump
    copy_names named_tables
    copy_tables named_tables "$1"
    end_copies
}

begin_copies() {
    printf '%s\n' 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;'
}

# What ends psql's script ends the stream without ": complete": there is no other way to learn that a part is whole. pg_dump's own
# word is its status, and goes around base64.
copy_dump() {
    cat <<'PSQL'
SELECT pg_catalog.pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! { echo ": dump"; dumped=$({ { pg_dump -w --format=custom --snapshot="$SNAPSHOT" 3>&- 4>&-; echo $? >&3; } | base64 >&4; } 3>&1); } 4>&1; echo ": dumped $dumped"
PSQL
}

# copy_names TABLES: TABLES is the function that prints the query for them.
copy_names() {
    printf '%s\n' '\o |{ echo ": names"; base64; }' "SELECT name FROM ($("$1")) AS tables ORDER BY number;" '\o'
}

# copy_tables TABLES NUMBER: a number that no table has is a part without content.
copy_tables() {
    # shellcheck disable=SC2016 # PostgreSQL's $1
    printf 'PREPARE copying(bigint) AS SELECT format(%s, nspname, relname) FROM (%s) AS tables WHERE number = $1;\n' \
        "'COPY (SELECT * FROM %I.%I) TO STDOUT WITH (FORMAT csv, HEADER)'" "$("$1")"
    number=0
    while [ "$number" -lt "$2" ]; do
        number=$((number + 1))
        printf '\\o |{ echo ": table %s"; base64; }\nEXECUTE copying(%s) \\gexec\n\\o\n' "$number" "$number"
    done
}

end_copies() {
    printf '%s\n' 'COMMIT;' '\! echo ": complete"'
}

# write_copies FOLDER BYTES PROGRAM: puts the parts of the stream on standard input into files of FOLDER, `names`, `dump` and each
# table, by its number, as PROGRAM makes it of the CSV. Fails unless all is there, and at more than BYTES.
write_copies() {
    awk -v folder="$1" -v room="$2" -v program="$3" '
        function end(why) { failed = 1; print why >"/dev/stderr"; exit }
        function finish() { if (part != "" && close(part) != 0) end("a part of the stream could not be written") ; part = "" }
        function begin(file, through) { finish(); part = "base64 -d" through " >" folder "/" file; printf "" | part }
        complete { end("there is something behind the end of the stream") }
        $0 == ": names" { begin("names", ""); next }
        $0 == ": dump" { begin("dump", ""); next }
        /^: table [0-9]+$/ { begin($3, program); next }
        /^: dumped / { finish(); if ($3 != "0") end("pg_dump has ended with status " $3); next }
        $0 == ": complete" { finish(); complete = 1; next }
        /^:/ || part == "" { end($0) }
        { bytes += length($0) * 3 / 4; if (bytes > room) end("the copies of the database are larger than expected, and would fill the disk"); print | part }
        END { if (!failed && !complete) print "the stream has ended too early" >"/dev/stderr"; exit (failed || !complete) }
    '
}
