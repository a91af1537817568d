# shellcheck shell=bash
# What goes wrong with hosts and their network. Part of `cluster`.

# host_up COMMAND HOST: the arguments of most faults.
host_up() {
    [[ -n ${2:-} ]] || fail "$1: which host?"
    is_up "$2" || fail "$1: $2 is not up (cluster status)"
}

address() {
    echo "198.18.0.$((${1#h} + 1))"
}

cluster_crash() {
    host_up crash "$@"
    # The cable goes first, so that nothing that dying processes send gets out.
    ip -n "$switch" link del "p${1#h}"
    end_wire "$1" >/dev/null
    kill_host "$1"
    wait_until_gone "$1"
    remove_netns "$name-$1"
}

# A signal for the number -1 goes to every process of the host but the first and the one that sends it.
cluster_freeze() {
    host_up freeze "$@"
    on "$1" sh -c 'kill -STOP -1'
}

cluster_thaw() {
    host_up thaw "$@"
    on "$1" sh -c 'kill -CONT -1'
}

cluster_cut() {
    host_up cut "$@"
    ip -n "$switch" link set "p${1#h}" down
}

# Pairs of addresses whose frames the switch drops, in a table that the first `oneway` makes.
cluster_oneway() {
    host_up oneway "${1:-}"
    host_up oneway "${2:-}"
    need nftables command -v nft
    install_missing
    on_switch nft -f - <<-END
	add table bridge faults
	add set bridge faults oneway { type ipv4_addr . ipv4_addr; }
	add chain bridge faults forward { type filter hook forward priority 0; }
	flush chain bridge faults forward
	add rule bridge faults forward ip saddr . ip daddr @oneway drop
	add element bridge faults oneway { $(address "$1") . $(address "$2") }
	END
}

cluster_mend() {
    host_up mend "$@"
    local other
    ip -n "$switch" link set "p${1#h}" up
    command -v nft >/dev/null && on_switch nft list table bridge faults >/dev/null 2>&1 || return 0
    for other in $(hosts); do
        # Deleting what may not be there is an error; adding it first makes sure.
        [[ $other == "$1" ]] || on_switch nft -f - <<-END
	add element bridge faults oneway { $(address "$1") . $(address "$other"), $(address "$other") . $(address "$1") }
	delete element bridge faults oneway { $(address "$1") . $(address "$other"), $(address "$other") . $(address "$1") }
	END
    done
}

on_switch() {
    nsenter --net="/run/netns/$switch" "$@" 9<&-
}

cluster_reset() {
    host_up reset "$@"
    local host=$1 port ended
    shift
    (($#)) || fail "reset $host: which ports?"
    for port; do
        [[ $port =~ ^[0-9]+$ ]] || fail "reset $host: $port is not a port"
        ended=$(on "$host" ss -HKt state connected "( sport = :$port or dport = :$port )")
        [[ -n $ended ]] || fail "reset: $host has no connection of port $port, or this kernel cannot end it"
        echo "$ended"
    done
}

# wire HOST FAULT=VALUE... or wire HOST stop: see wire.py, which carries the frames.
cluster_wire() {
    host_up wire "$@"
    local host=$1 directory=$state/hosts/$1
    shift
    (($#)) || fail "wire $host: which faults? \`stop\` ends them"
    end_wire "$host"
    [[ $1 != stop ]] || return 0
    setsid nsenter --net="/run/netns/$switch" python3 "$here/wire.py" "${host#h}" "$@" \
        </dev/null >"$directory/wire.log" 2>&1 9<&- &
    local pid=$!
    echo "$pid" >"$directory/wire.pid"
    wait_for 30 eval "grep -q '^ready' $directory/wire.log || ! kill -0 $pid 2>/dev/null" || true
    grep -q '^ready' "$directory/wire.log" || fail "wire $host: $(tail -n 3 "$directory/wire.log")"
}

# Ends what `wire` has begun, if anything; says what it did.
end_wire() {
    local directory=$state/hosts/$1 pid
    [[ -s $directory/wire.pid ]] || return 0
    pid=$(<"$directory/wire.pid")
    rm "$directory/wire.pid"
    grep -qz '/wire\.py$' "/proc/$pid/cmdline" 2>/dev/null || return 0
    kill "$pid"
    wait_for 30 test ! -e "/proc/$pid" || fail "the wire of $1, process $pid, does not end"
    tail -n 1 "$directory/wire.log"
}
