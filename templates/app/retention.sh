# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after app.sh and backup.sh: which scheduled backups stay. Others are not looked at: those of removals, those that somebody
# has made by hand, those of another owner, and what is not complete.

# retain MADE: as $folder/backup-keep says it, in lines KEY NUMBER. The latest stays in any case, and so does MADE, the folder of the one
# that has just been made: another one may have its name from a clock that was ahead.
retain() {
    [ -e "$folder/backup-keep" ] || return 0
    scheduled_backups | sort -r | surplus | while read -r name; do
        # It would arrive as half of one. The next run removes it.
        if grep -qsx "$name" "$folder/backup-sent-now" || [ "$shelf/$name" = "$1" ]; then continue; fi
        say "removing the scheduled backup $name"
        # What is removed half-way has no name of a backup.
        rm -rf "$shelf/.removed"
        mv "$shelf/$name" "$shelf/.removed" && rm -rf "$shelf/.removed"
    done
}

# A line "NAME DAY WEEK MONTH" for each.
scheduled_backups() {
    for place in "$shelf"/*/; do
        if [ ! -e "$place/SHA256SUMS" ] || [ "$(cat "$place/kind" 2>/dev/null)" != scheduled ] || ! cmp -s "$place/owner" "$folder/owner"; then continue; fi
        name=$(basename "$place")
        day=${name%%T*}
        echo "$name $day $(date -u -d "$day" +%G-%V) ${day%??}"
    done
}

# surplus: of such lines, the latest first, the names of those that do not stay.
surplus() {
    awk -v rules="$folder/backup-keep" '
        BEGIN { while ((getline line < rules) > 0) { split(line, rule, " "); number[rule[1]] = rule[2] } }
        {
            stays = NR == 1 || NR <= number["last"]
            split("daily weekly monthly", period, " ")
            for (i = 1; i <= 3; i++) {
                if ((i, $(i + 1)) in seen) continue
                seen[i, $(i + 1)] = 1
                if (++counted[i] <= number[period[i]]) stays = 1
            }
            if (!stays) print $1
        }'
}
