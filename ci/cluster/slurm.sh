# shellcheck shell=bash
# Slurm on the hosts: slurmctld on h0, slurmd and munged everywhere. Part of `cluster`.

# start_slurm COUNT: starts what does not run; again with more hosts, it restarts Slurm.
start_slurm() {
    local count=$1 slurm=$state/slurm host package
    # Slurm looks for libpmix by the name that only its -dev package has.
    for package in munge slurmctld slurmd slurm-client slurm-wlm-basic-plugins libpmix-dev; do
        need "$package" installed "$package"
    done
    install_missing
    mkdir -p "$slurm"
    if [[ ! -e $slurm/munge.key ]]; then
        head -c 128 /dev/urandom >"$slurm/munge.key"
        chmod 400 "$slurm/munge.key"
    fi
    slurm_configuration "$count" >"$slurm/slurm.conf.new"

    for host in $(hosts); do
        # shellcheck disable=SC2016 # The shell on the host is to expand this.
        on "$host" sh -ec '
            mountpoint -q /etc/slurm || mount --bind "$0" /etc/slurm
            mkdir -p /run/munge' "$slurm"
        daemon "$host" /run/munge/munged.pid munged --key-file="$slurm/munge.key" \
            --socket=/run/munge/munge.socket.2 --pid-file=/run/munge/munged.pid --seed-file=/run/munge/seed \
            --log-file="$state/hosts/$host/munged.log" --num-threads=2
    done
    if [[ -e $slurm/slurm.conf ]] && ! cmp -s "$slurm/slurm.conf" "$slurm/slurm.conf.new"; then
        stop h0 /run/slurmctld.pid
        for host in $(hosts); do
            stop "$host" /run/slurmd.pid
        done
    fi
    mv "$slurm/slurm.conf.new" "$slurm/slurm.conf"
    daemon h0 /run/slurmctld.pid slurmctld
    for host in $(hosts); do
        daemon "$host" /run/slurmd.pid slurmd -N "$host"
    done
    wait_for 60 slurm_is_ready "$count" || fail "not all nodes of Slurm are ready: cluster exec h0 sinfo -R"
}

slurm_is_ready() {
    (($(on h0 sinfo -h -N -t idle,alloc,mix -o %N 2>/dev/null | wc -l) == $1))
}

# No control groups and no accounting, which a host has not; nodes that pretend to have 2 sockets of 4 cores each.
slurm_configuration() {
    local cgroup=cgroup/v1
    [[ ! -e /sys/fs/cgroup/cgroup.controllers ]] || cgroup=cgroup/v2
    echo "CgroupPlugin=$cgroup" >"$state/slurm/cgroup.conf"
    # Clients with another libpmix than Debian's need not know munge.
    echo PMIxEnv=PMIX_MCA_psec=native >"$state/slurm/mpi.conf"
    cat <<-END
	ClusterName=$name
	SlurmctldHost=h0
	SlurmUser=root
	SlurmdUser=root
	AuthType=auth/munge
	StateSaveLocation=$state/slurm/state
	SlurmdSpoolDir=/run/slurmd
	SlurmctldPidFile=/run/slurmctld.pid
	SlurmdPidFile=/run/slurmd.pid
	SlurmctldLogFile=$state/hosts/h0/slurmctld.log
	SlurmdLogFile=$state/hosts/%n/slurmd.log
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	JobAcctGatherType=jobacct_gather/none
	AccountingStorageType=accounting_storage/none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_Core
	MpiDefault=none
	ReturnToService=2
	SlurmdParameters=config_overrides
	SchedulerParameters=sched_interval=5
	SlurmctldTimeout=30
	SlurmdTimeout=30
	InactiveLimit=0
	KillWait=5
	NodeName=h[0-$(($1 - 1))] Sockets=2 CoresPerSocket=4 ThreadsPerCore=1 RealMemory=2000 State=UNKNOWN
	PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
	END
}
