# shellcheck shell=bash
# Hosts: how they are plugged in, booted, entered and ended. Part of `cluster`.
#
# A host is a network namespace CLUSTER-hN and namespaces for its name, its mounts, its processes and its System V
# memory, which its first process, `init`, holds. Its interface e0 (198.18.0.N+1) is one end of a pair; the other end,
# pN, is a port of the bridge br0 in the namespace CLUSTER-switch. /tmp, /run, /dev/shm, /proc and /sys are a host's own;
# all else of the file system is one and the same everywhere, as on a cluster whose nodes mount it from a server.
#
# /run/rankwise-cluster/CLUSTER, which all hosts see:
#   hosts/hN/init.pid   the number of its first process as the machine counts; there once sshd listens
#   hosts/hN/*.log      what its daemons say
#   ssh/                what the hosts have as /etc/ssh: one key for all users, one for all hosts
#   etc-hosts           what they have as /etc/hosts
#   shares              directories below /tmp that they see nevertheless

hosts() {
    [[ ! -d $state/hosts ]] || find "$state/hosts" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V
}

# The number that init.pid has may be that of another process by now: its command line tells.
is_up() {
    local pid line file=$state/hosts/$1/init.pid
    [[ -s $file ]] || return 1
    pid=$(<"$file")
    line=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") && [[ $line == *" -init $name $1 " ]]
} 2>/dev/null

# enter_words HOST: sets `enter`, the words before a command that is to run on it.
enter_words() {
    is_up "$1" || fail "$1 is not up (cluster status)"
    enter=(nsenter -t "$(<"$state/hosts/$1/init.pid")" -n -u -i -m -p --)
    if [[ -d $state/sge ]]; then
        export SGE_ROOT=$state/sge SGE_CELL=default
    fi
}

# on HOST COMMAND...: runs it there, in the directory /.
on() {
    local enter
    enter_words "$1"
    shift
    "${enter[@]}" "$@" 9<&-
}

# Only what lies below /tmp would be hidden from the hosts.
share_directory() {
    local directory
    directory=$(readlink -e "$1") || fail "--share $1: there is no such directory"
    [[ $directory != /tmp/* ]] || grep -qxF "$directory" "$state/shares" 2>/dev/null ||
        echo "$directory" >>"$state/shares"
}

# What every host has as /etc/ssh.
ssh_files() {
    local ssh=$state/ssh
    [[ ! -e $ssh/sshd_config ]] || return 0
    mkdir -p "$ssh"
    ssh-keygen -q -t ed25519 -N '' -C "cluster $name" -f "$ssh/id_ed25519"
    ssh-keygen -q -t ed25519 -N '' -C "cluster $name" -f "$ssh/ssh_host_ed25519_key"
    cp "$ssh/id_ed25519.pub" "$ssh/authorized_keys"
    echo "h*,198.18.0.* $(cut -d ' ' -f 1,2 "$ssh/ssh_host_ed25519_key.pub")" >"$ssh/ssh_known_hosts"
    cat >"$ssh/ssh_config" <<-END
	Host *
	    IdentityFile /etc/ssh/id_ed25519
	    GlobalKnownHostsFile /etc/ssh/ssh_known_hosts
	    SendEnv LANG LC_*
	END
    cat >"$ssh/sshd_config" <<-END
	HostKey /etc/ssh/ssh_host_ed25519_key
	AuthorizedKeysFile /etc/ssh/authorized_keys
	PermitRootLogin prohibit-password
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	UsePAM yes
	PrintMotd no
	AcceptEnv LANG LC_*
	PidFile /run/sshd.pid
	Subsystem sftp /usr/lib/openssh/sftp-server
	END
}

hosts_file() {
    local number
    # Written in place: the hosts that are up have this very file mounted.
    {
        echo 127.0.0.1 localhost
        for ((number = 0; number < $1; number++)); do
            echo "198.18.0.$((number + 1)) h$number"
        done
    } >"$state/etc-hosts"
}

make_switch() {
    [[ ! -e /run/netns/$switch ]] || return 0
    ip netns add "$switch"
    ip -n "$switch" link set lo up
    ip -n "$switch" link add br0 type bridge mcast_snooping 0
    ip -n "$switch" link set br0 up
}

# plug_in NUMBER: the host's namespace and its cable.
plug_in() {
    local namespace=$name-h$1
    [[ ! -e /run/netns/$namespace ]] || remove_netns "$namespace"
    ip netns add "$namespace"
    # A host that boots again has the address that its peers remember.
    ip -n "$switch" link add "p$1" type veth \
        peer name e0 address "$(printf 02:00:00:00:00:%02x "$1")" netns "$namespace"
    ip -n "$switch" link set "p$1" master br0 up
    ip -n "$namespace" -batch - <<-END
	link set lo up
	addr add 198.18.0.$(($1 + 1))/24 dev e0
	link set e0 up
	END
}

remove_netns() {
    [[ ! -e /run/netns/$1 ]] || ip netns del "$1"
}

# `ip` makes this directory, and a mount of it, with the first namespace, and leaves both.
remove_netns_directory() {
    [[ -d /run/netns && -z $(ls -A /run/netns) ]] || return 0
    umount /run/netns && rmdir /run/netns || true
}

# What was begun for each host that boots.
declare -A booting

# boot HOST: begins it; it is up once init.pid is there.
boot() {
    local directory=$state/hosts/$1
    mkdir -p "$directory"
    rm -f "$directory/init.pid"
    setsid nsenter --net="/run/netns/$name-$1" unshare -u -i -m -p --fork "$self" -init "$name" "$1" \
        </dev/null >"$directory/init.log" 2>&1 9<&- &
    booting[$1]=$!
}

boot_has_ended() {
    is_up "$1" || ! kill -0 "${booting[$1]}" 2>/dev/null
}

# The first process of a host: makes its file system, starts sshd, then takes in orphans until it is killed.
init() {
    local host=$1 new=$state/hosts/$1/new directory pid _
    cd /
    # /proc is still the machine's, so this is our number there.
    read -r pid _ </proc/self/stat
    hostname "$host"
    mkdir -p "$new"/{tmp,run,sys}

    # Each directory is furnished before it is moved to where it hides the machine's.
    mount -t tmpfs -o mode=1777 tmpfs "$new/tmp"
    if [[ -e $state/shares ]]; then
        while read -r directory; do
            mkdir -p "$new$directory"
            mount --rbind "$directory" "$new$directory"
        done <"$state/shares"
    fi
    mount --move "$new/tmp" /tmp

    mount -t sysfs sysfs "$new/sys"
    [[ ! -d /sys/fs/cgroup || ! -d $new/sys/fs/cgroup ]] || mount --rbind /sys/fs/cgroup "$new/sys/fs/cgroup"
    mount --move "$new/sys" /sys

    mount --bind "$state/etc-hosts" /etc/hosts
    mount --bind "$state/ssh" /etc/ssh
    mount -t tmpfs -o mode=1777 tmpfs /dev/shm
    mount -t proc proc /proc

    mount -t tmpfs -o mode=755 tmpfs "$new/run"
    mkdir -p "$new/run/sshd" "$new/run/lock" "$new$state"
    mount --bind "$state" "$new$state"
    # -n: no note of it in /run/mount, which has just gone.
    mount -n --move "$new/run" /run

    /usr/sbin/sshd -f /etc/ssh/sshd_config -E "$state/hosts/$host/sshd.log"
    wait_for 30 test -s /run/sshd.pid
    # Moved there whole: who sees the file can read the number.
    echo "$pid" >"$state/hosts/$host/init.pid.new"
    mv "$state/hosts/$host/init.pid.new" "$state/hosts/$host/init.pid"
    while :; do
        sleep infinity &
        wait $! || true
    done
}

# With its first process, all others of a host end.
kill_host() {
    ! is_up "$1" || kill -KILL "$(<"$state/hosts/$1/init.pid")"
}

wait_until_gone() {
    local file=$state/hosts/$1/init.pid
    [[ -s $file ]] || return 0
    # The number is free again only when every process of the host has ended.
    wait_for 30 test ! -e "/proc/$(<"$file")" || fail "processes of $1 do not end: see process $(<"$file")"
    rm -f "$file"
}

# keep_while PID: the cluster ends when that process does, whatever has ended it.
keep_while() {
    end_keeper
    # shellcheck disable=SC2016 # The inner shell is to expand these.
    setsid bash -c 'tail --pid="$1" -f /dev/null; exec "$2" down' keeper "$1" "$self" </dev/null >/dev/null 2>&1 9<&- &
    echo $! >"$state/keeper.pid"
}

# The keeper is this process when it is the one that calls `down`.
end_keeper() {
    local pid
    [[ -s $state/keeper.pid ]] || return 0
    pid=$(<"$state/keeper.pid")
    rm "$state/keeper.pid"
    ((pid == $$)) || ! grep -qzxF keeper "/proc/$pid/cmdline" 2>/dev/null || kill -- "-$pid" 2>/dev/null || true
}

# daemon HOST PIDFILE COMMAND...: starts it unless it runs.
daemon() {
    local host=$1 file=$2
    shift 2
    runs "$host" "$file" || on "$host" "$@" || fail "on $host, $* fails: see $state/hosts/$host"
}

# runs HOST PIDFILE: whether the process of that file, which is the host's, lives.
# shellcheck disable=SC2016 # The shell on the host is to expand this.
runs() {
    on "$1" sh -c 'test -s "$0" && kill -0 "$(cat "$0")"' "$2" 2>/dev/null
}

# stop HOST PIDFILE: ends a daemon and waits for its end.
# shellcheck disable=SC2016 # The shell on the host is to expand this.
stop() {
    ! runs "$1" "$2" || on "$1" sh -c 'kill "$(cat "$0")"' "$2"
    wait_for 10 eval "! runs $1 $2" || fail "on $1, the process of $2 does not end"
}

# The names of the daemons that run on a host.
daemons() {
    # shellcheck disable=SC2016 # The shell on the host is to expand this.
    on "$1" sh -c '
        for file in $(find /run -name "*.pid" -not -path "/run/rankwise-cluster/*"); do
            ! kill -0 "$(cat "$file")" 2>/dev/null || basename "$file" .pid
        done' | sort | tr '\n' ' '
}
