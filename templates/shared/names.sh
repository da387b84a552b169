# shellcheck shell=sh
# Sourced after messages.sh, or read by `sh -s`: where host names lead, seen from this server. Nothing is changed.

# report_names HOST NAME…: what this server knows, in lines: "host ADDRESS" of the name or address that ssh connects to, "own ADDRESS"
# of its interfaces but Docker's, then what each NAME resolves to (look_up).
report_names() {
    case $1 in
    *[!0-9.]*) { look_up "$1" A && look_up "$1" AAAA; } | awk '$3 != "none" && $3 != "unanswered" { print "host", $3 }' ;;
    *) printf 'host %s\n' "$1" ;;
    esac
    shift
    # Who logs in without being root may not have that folder among theirs.
    PATH=$PATH:/usr/sbin ip -o addr show scope global 2>/dev/null | awk '$2 !~ /^(docker|br-|veth)/ { sub("/.*", "", $4); print "own", $4 }'
    for name in "$@"; do
        look_up "$name" A
        look_up "$name" AAAA
    done
}

# look_up NAME A|AAAA: a line "NAME TYPE ADDRESS" for each address; "NAME TYPE none" where there is no such record; and "NAME TYPE
# unanswered REASON" where the name server does not say. getent(1) cannot tell the last two apart, and is silent about AAAA records
# where this server has no IPv6. Perl is in every Debian and Ubuntu, dig is not.
look_up() {
    perl - "$1" "$2" <<'PROGRAM'
use strict;
use warnings;
use Socket qw(:addrinfo AF_INET AF_INET6 SOCK_STREAM);
my ($name, $type) = @ARGV;
my %hints = (family => $type eq "A" ? AF_INET : AF_INET6, socktype => SOCK_STREAM);
my ($error, @found) = getaddrinfo($name, "", \%hints);
if ($error) {
    my $none = grep { $error == $_ } EAI_NONAME, EAI_NODATA;
    print "$name $type ", ($none ? "none" : "unanswered $error"), "\n";
}
for my $address (@found) {
    my (undef, $text) = getnameinfo($address->{addr}, NI_NUMERICHOST, NIx_NOSERV);
    print "$name $type $text\n";
}
PROGRAM
}

# misled [ADDRESS…]: of a report on standard input, first the seconds that are worth waiting, then what is wrong with each name and how
# to mend it. Nothing where all names lead to this server: to these addresses, or else to those in the report. The names of Debian's
# /etc/hosts for the machine itself are 127.0.1.1.
misled() {
    awk -v given="$*" '
        function own(address) {
            if (address in owned) return
            owned[address]
            all = all (all == "" ? "" : ", ") address
            if (address ~ /:/) { if (six == "") six = address } else if (four == "") four = address
        }
        function wrong(text) { problems = problems "  - " name ": " text "\n" }
        function record(type, address) { problems = problems "        " name ". " type " " address "\n" }
        BEGIN { restricted = split(given, list, " "); for (i = 1; i <= restricted; i++) own(list[i]) }
        $1 == "host" || $1 == "own" { if (!restricted) own($2); next }
        !($1 in known) { known[$1]; names[++count] = $1 }
        $3 == "none" { next }
        $3 == "unanswered" { reason[$1] = $0; sub("^[^ ]* [^ ]* unanswered ", "", reason[$1]); next }
        {
            seen[$1] = seen[$1] (seen[$1] == "" ? "" : ", ") $2 " " $3
            if (!($3 in owned) && $3 !~ /^127[.]0[.](1[.]1|0[.]2)$/) { strays[$1] = strays[$1] $2 " " $3 " "; stray = $3 }
            else good[$1]
        }
        END {
            for (i = 1; i <= count; i++) {
                name = names[i]
                dashed = name ~ /(^|[.-])[0-9]+-[0-9]+-[0-9]+-[0-9]+[.]/
                if (strays[name] != "") {
                    if (patience < 10) patience = 10
                    wrong("is " seen[name] ", which is not all the server\047s: " (dashed ? "the address is in the name" : "correct the record"))
                    n = dashed ? 0 : split(strays[name], parts, " ")
                    for (j = 1; j < n; j += 2) {
                        to = parts[j] == "A" ? four : six
                        if (to == "") problems = problems "        remove " name ". " parts[j] " " parts[j + 1] "\n"
                        else if (index(problems, name ". " parts[j] " " to "\n") == 0) record(parts[j], to)
                        if (to != "") good[name]
                    }
                    if (!dashed && !(name in good)) record(four == "" ? "AAAA" : "A", four == "" ? six : four)
                } else if (name in reason) {
                    patience = 60
                    wrong("cannot be looked up, because the name server of this server does not answer (" reason[name] "): `resolvectl status` or /etc/resolv.conf there says which that is")
                } else if (seen[name] == "") {
                    patience = 60
                    if (dashed) wrong("has no address, though that is in its name: the name server of this server may hold private addresses back, or the wildcard service does not answer; `./pulumi config set --path \047dallinger:server.wildcard\047 SERVICE` names another one")
                    else {
                        wrong("has no address: make the record")
                        record(four == "" ? "AAAA" : "A", four == "" ? six : four)
                    }
                }
            }
            if (problems == "") exit
            print patience
            print "seen from the server, these host names do not lead to it (" all "), and nothing was changed:"
            printf "%s", problems
            if (stray != "") print "If that is where something in front of the server answers, NAT or a proxy, `./pulumi config set --path \047dallinger:server.addresses[" restricted + 0 "]\047 " stray "` in the stack with the server block says so."
            printf "%s", "After mending it run `./pulumi up` again; what was changed a moment ago may take a while to be known there."
        }'
}

# require_names PAYLOAD SEEN: refuses where the names in the payload's file `names` do not lead to this server. Those that the file
# SEEN has were found right before. Waits for a record that has just been made.
require_names() {
    if [ ! -e "$1/names" ] || cmp -s "$1/names" "$2"; then return 0; fi
    command -v perl >/dev/null || {
        say "there is no perl on this server: whether the host names lead to it is not seen from here"
        return 0
    }
    names_begun=$(date +%s)
    names_told=
    while :; do
        # shellcheck disable=SC2046 # one word per name and address
        names_wrong=$(report_names $(sed -n 's/^host //p; s/^name //p' "$1/names") | misled $(sed -n 's/^address //p' "$1/names"))
        [ -n "$names_wrong" ] || return 0
        [ "$(($(date +%s) - names_begun))" -lt "${names_wrong%%
*}" ] || break
        names_wrong=$(printf '%s\n' "$names_wrong" | sed 1d)
        [ "$names_wrong" = "$names_told" ] || printf '%s\n' "$names_wrong" | sed -n 's/^  - /not yet: /p' >&2
        names_told=$names_wrong
        sleep 2
    done
    refuse "$(printf '%s\n' "$names_wrong" | sed 1d)"
}

# keep_names PAYLOAD SEEN: notes that they do.
keep_names() {
    if [ -e "$1/names" ]; then cp "$1/names" "$2"; else rm -f "$2"; fi
}
