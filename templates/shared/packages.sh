# shellcheck shell=sh disable=SC2154 # variables of the scripts that source this
# Sourced, after server.sh: packages of the distribution, noted so that they go again with what they were installed for. Each purpose has
# lists of its own: MADE is the file with the names of those that were not there before, and MADE.before has those that were.

# apt_get ARGUMENT…: waits for unattended upgrades; its output goes to a file, and the end of that to the operator on failure.
apt_get() {
    LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 -o APT::Keep-Downloaded-Packages=false "$@" </dev/null >"$server/apt.log" 2>&1 || {
        tail -n 15 "$server/apt.log" | cut -c1-500 >&2
        refuse "apt-get $1 failed on the server: the lines above are its last ones"
    }
}

# install_packages MADE NAME|OPTION…: which ones come with them is noted before any does.
install_packages() {
    made=$1
    shift
    apt_get install --simulate --no-install-recommends "$@"
    {
        [ ! -e "$made.planned" ] || cat "$made.planned"
        sed -n 's/^Inst \([^ ]*\) .*/\1/p' "$server/apt.log"
    } >"$made.planned.new"
    mv "$made.planned.new" "$made.planned"
    apt_get install --no-install-recommends "$@"
}

# finish_unpacked MADE: what a run that was killed has unpacked is set up, before which dpkg does nothing else. What it says about that
# comes again with whatever is asked of it next.
finish_unpacked() {
    if [ -e "$1" ] || [ ! -e "$1.planned" ]; then return; fi
    DEBIAN_FRONTEND=noninteractive dpkg --configure -a </dev/null >"$server/apt.log" 2>&1 || :
}

# note_installed MADE: of the packages that this program has set out to install, those that are there and were not before. What an
# administrator has installed meanwhile is theirs.
note_installed() {
    [ -e "$1.planned" ] || return 0
    {
        cat "$1.planned"
        [ ! -e "$1" ] || cat "$1"
    } >"$1.wanted"
    installed_packages | grep -vxF -f "$1.before" | grep -xF -f "$1.wanted" >"$1.new" || : # grep fails where it finds none
    rm "$1.wanted"
    mv "$1.new" "$1"
}

# Also those that are unpacked and not set up, as a run leaves them that was killed.
installed_packages() {
    dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^.[iHUFWt]. *//p' | sort
}

# needing_packages MADE: those of others that a purge would take away as well.
needing_packages() {
    # shellcheck disable=SC2046 # a name a word
    LC_ALL=C apt-get -s purge $(cat "$1") </dev/null 2>/dev/null | sed -n 's/^\(Purg\|Remv\) \([^ ]*\) .*/\2/p' |
        sort -u | grep -vxF -f "$1" | tr '\n' ' ' || :
}

# purge_packages MADE
purge_packages() {
    # shellcheck disable=SC2046 # a name a word
    DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 purge $(cat "$1") </dev/null >/dev/null 2>&1 ||
        refuse "apt-get purge failed on the server: run \`sudo apt-get purge $(tr '\n' ' ' <"$1")\` there to see why"
}
