# shellcheck shell=bash
# Grid Engine on the hosts: sge_qmaster on h0, sge_execd everywhere, a queue all.q with 4 slots a host and a parallel
# environment mpi. Part of `cluster`.
#
# Debian's packages are unpacked, not installed (they would bring a mail server), and laid over the hosts' /usr.

sge_unpacked=/var/cache/rankwise-cluster/sge

start_sge() {
    local sge=$state/sge common=$state/sge/default/common log=$state/hosts/h0/sge.log host
    unpack_sge
    for host in $(hosts); do
        # shellcheck disable=SC2016 # The shell on the host is to expand this.
        on "$host" sh -ec '
            test -d /usr/lib/gridengine || mount -t overlay overlay -o "lowerdir=$0:/usr" /usr
            mkdir -p "/run/gridengine/execd/$1" /run/gridengine/qmaster/job_scripts' "$sge_unpacked/usr" "$host"
    done
    if [[ ! -e $common/cluster_name ]]; then
        sge_cell >"$log" 2>&1 || fail "Grid Engine is not configured: $(tail -n 3 "$log")"
    fi
    daemon h0 /run/gridengine/qmaster/qmaster.pid sge_qmaster >>"$log" 2>&1
    wait_for 60 on h0 qconf -sh >/dev/null 2>&1 || fail "sge_qmaster does not answer: see $log"
    for host in $(hosts); do
        # Fails where they are known already.
        on h0 qconf -ah "$host" >>"$log" 2>&1 || true
        on h0 qconf -as "$host" >>"$log" 2>&1 || true
        daemon "$host" "/run/gridengine/execd/$host/execd.pid" sge_execd >>"$log" 2>&1
    done
    sge_queue >>"$log" 2>&1 || fail "Grid Engine takes no queue: $(tail -n 3 "$log")"
    wait_for 60 sge_is_ready || fail "not all hosts answer Grid Engine: cluster exec h0 qstat -f"
}

# Whether all hosts have a queue, and none of them is unreachable.
sge_is_ready() {
    local queues
    queues=$(on h0 qstat -f 2>/dev/null) && (($(grep -c '^all\.q@' <<<"$queues") == $(hosts | wc -l))) &&
        ! grep -q '^all\.q@.* a*u *$' <<<"$queues"
}

unpack_sge() {
    [[ ! -d $sge_unpacked/usr/lib/gridengine ]] || return 0
    command -v apt-get >/dev/null || fail "Grid Engine is taken from Debian, and this machine has no apt-get"
    local new=$sge_unpacked.new package
    rm -rf "$new"
    mkdir -p "$new"
    (
        cd "$new" || exit
        { apt-get update -q && apt-get download gridengine-{master,exec,client,common} libjemalloc2; } \
            >"$state/apt.log" 2>&1 </dev/null 9<&- || fail "cannot get Grid Engine: $(tail -n 5 "$state/apt.log")"
        for package in *.deb; do
            dpkg-deb -x "$package" .
            rm "$package"
        done
    )
    mv "$new" "$sge_unpacked"
}

# The files that a qmaster must find before it starts.
sge_cell() {
    local sge=$state/sge common=$state/sge/default/common share=$sge_unpacked/usr/share/gridengine
    local spool="$common;/run/gridengine/qmaster" table
    mkdir -p "$common" "$sge/bin" "$sge/utilbin"
    ln -sfn /usr/lib/gridengine "$sge/bin/lx-amd64"
    ln -sfn /usr/lib/gridengine "$sge/utilbin/lx-amd64"
    ln -sfn /usr/share/gridengine/util "$sge/util"
    sed -e 's/^admin_user.*/admin_user root/' \
        -e 's/^spooling_method.*/spooling_method classic/' \
        -e 's/^spooling_lib.*/spooling_lib libspoolc/' \
        -e "s,^spooling_params.*,spooling_params $spool," \
        -e 's,^binary_path.*,binary_path /usr/lib/gridengine,' \
        -e 's,^qmaster_spool_dir.*,qmaster_spool_dir /run/gridengine/qmaster,' \
        "$share/default-bootstrap" >"$common/bootstrap"
    echo h0 >"$common/act_qmaster"
    sed -e 's/^min_uid.*/min_uid 0/' \
        -e 's/^min_gid.*/min_gid 0/' \
        -e 's/^load_report_time.*/load_report_time 00:00:02/' \
        -e 's,^execd_spool_dir.*,execd_spool_dir /run/gridengine/execd,' \
        "$share/default-configuration" >"$sge/configuration"
    on h0 /usr/lib/gridengine/spoolinit classic libspoolc "$spool" init || return
    for table in "configuration $sge/configuration" "managers root" "operators root" \
        "complexes /usr/share/gridengine/util/resources/centry" "usersets /usr/share/gridengine/util/resources/usersets"; do
        # shellcheck disable=SC2086 # Each is two words.
        on h0 /usr/lib/gridengine/spooldefaults $table || return
    done
    echo "$name" >"$common/cluster_name"
}

sge_queue() {
    local sge=$state/sge verb=-Aq
    if ! on h0 qconf -sp mpi; then
        cat >"$sge/environment" <<-'END'
	pe_name mpi
	slots 9999
	user_lists NONE
	xuser_lists NONE
	start_proc_args NONE
	stop_proc_args NONE
	allocation_rule $round_robin
	control_slaves TRUE
	job_is_first_task FALSE
	urgency_slots min
	accounting_summary FALSE
	qsort_args NONE
	END
        on h0 qconf -Ap "$sge/environment" || return
    fi
    # Jobs wait for the next look at the queues: a second, not fifteen.
    on h0 qconf -ssconf | sed 's/^schedule_interval.*/schedule_interval 0:0:1/' >"$sge/scheduler"
    on h0 qconf -Msconf "$sge/scheduler" || return
    [[ ! -e $sge/queue ]] || verb=-Mq
    on h0 qconf -sq | sed -e 's/^qname.*/qname all.q/' \
        -e "s/^hostlist.*/hostlist $(hosts | tr '\n' ' ')/" \
        -e 's/^slots.*/slots 4/' \
        -e 's/^pe_list.*/pe_list mpi/' \
        -e 's,^shell .*,shell /bin/sh,' \
        -e 's/^load_thresholds.*/load_thresholds NONE/' >"$sge/queue"
    on h0 qconf "$verb" "$sge/queue"
}
