# shellcheck shell=bash
# The labs' own chains: servers reach the world through this machine, and taking them away takes away nothing else.

readonly chain=DALLINGER-LAB

fw() {
    iptables -w 10 "$@"
}

# Makes the chains and the jumps to them, unless they are there.
firewall_open() {
    local table from
    while read -r table from; do
        firewall_remember "$table"
        fw -t "$table" -n -L "$chain" >/dev/null 2>&1 || fw -t "$table" -N "$chain"
        fw -t "$table" -C "$from" -j "$chain" 2>/dev/null || fw -t "$table" -I "$from" -j "$chain"
    done <<-JUMPS
	filter FORWARD
	nat POSTROUTING
	JUMPS
}

# Notes that table $1 was not there before the first lab, so that it goes with the last. (Old-style tables cannot be removed.)
firewall_remember() {
    fw -t "$1" -n -L "$chain" >/dev/null 2>&1 || nft list table ip "$1" >/dev/null 2>&1 ||
        : >"$(machine_folder)/made-table-$1"
}

# Lets lab number $1, on bridge $2, through.
firewall_admit() {
    firewall_rules "$1" | while read -r rule; do
        # shellcheck disable=SC2086  # a rule is words
        fw -C "$chain" $rule 2>/dev/null || fw -A "$chain" $rule
    done
    firewall_translation "$1" | while read -r rule; do
        # shellcheck disable=SC2086
        fw -t nat -C "$chain" $rule 2>/dev/null || fw -t nat -A "$chain" $rule
    done
}

firewall_dismiss() {
    firewall_rules "$1" | while read -r rule; do
        # shellcheck disable=SC2086
        fw -D "$chain" $rule 2>/dev/null || true
    done
    firewall_translation "$1" | while read -r rule; do
        # shellcheck disable=SC2086
        fw -t nat -D "$chain" $rule 2>/dev/null || true
    done
}

firewall_rules() {
    printf -- '-i %s -j ACCEPT\n-o %s -j ACCEPT\n' "$(lab_bridge "$1")" "$(lab_bridge "$1")"
}

firewall_translation() {
    printf -- '-s 10.213.%s.0/24 ! -d %s -j MASQUERADE\n' "$1" "$(labs_network)"
}

firewall_close() {
    local table from
    while read -r table from; do
        while fw -t "$table" -D "$from" -j "$chain" 2>/dev/null; do :; done
        fw -t "$table" -F "$chain" 2>/dev/null || true
        fw -t "$table" -X "$chain" 2>/dev/null || true
        [ ! -e "$(machine_folder)/made-table-$table" ] || firewall_drop_table "$table"
    done <<-JUMPS
	filter FORWARD
	nat POSTROUTING
	JUMPS
}

# Somebody else may have come to use a table that the lab was the first to need.
firewall_drop_table() {
    fw -t "$1" -S | grep -qv '^-P .* ACCEPT$' || nft delete table ip "$1" 2>/dev/null || true
}
