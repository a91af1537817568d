//! Flags of other launchers: those that mean nothing here, those that are another way to write one of ours, and those
//! that this launcher does not do. Whatever is in none of these tables and not ours is nobody's.

/// Flags that mean nothing here, with the number of their values.
pub const IGNORED: &[(&[&str], usize)] = &[
    (&["oversubscribe", "overcommit"], 0),
    (&["nooversubscribe"], 0),
    (&["allow-run-as-root"], 0),
    // What mpirun has in its environment the ranks on its own host have too, under other launchers as well.
    (&["genvall", "envall", "genvnone", "envnone", "envuser", "genvuser"], 0),
    (&["envlist"], 1),
    (&["genvlist"], 1),
    (&["envexcl", "genvexcl"], 1),
    (&["quiet", "q", "silent-abort"], 0),
    (&["use-hwthread-cpus"], 0),
    (&["disable-hostname-propagation"], 0),
    (&["noprefix"], 0),
    (&["prefix"], 1),
    // Those that mean something here are found in args/mca.rs.
    (&["mca", "omca", "gmca", "gomca", "prtemca", "gprtemca"], 2),
    (&["pmca", "pmixmca"], 2),
    (&["gpmixmca"], 2),
    (&["am", "tune"], 1),
    (&["rmk"], 1),
    (&["demux"], 1),
    (&["topolib"], 1),
    (&["localhost"], 1),
    (&["order-nodes", "rankmap"], 1),
    (&["membind"], 1),
    (&["pmi-args"], 1),
    (&["pmi-port", "pmi-connect-lazy-cache", "cleanup", "noconf", "norpath", "ilp64"], 0),
    (&["pmi-connect"], 1),
    (&["tmpdir", "max-vm-size", "keepalive", "personality", "stream-buffering", "forward-signals"], 1),
    (&["enable-x", "disable-x", "hybrid-hosts", "rr"], 0),
    // Lines are never mixed, and a job ends when one of its ranks fails, anyway.
    (&["ordered-output", "abort-on-non-zero-status", "disable-recovery"], 0),
    (&["report-child-jobs-separately", "leave-session-attached", "debug-daemons", "show-progress"], 0),
    (&["do-not-resolve", "novm", "no-ready-msg", "fwd-mpirun-port", "set-sid", "hetero-nodes"], 0),
    (&["preload-files", "soft"], 1),
    (&["pmix-prefix", "app-pmix-prefix", "gpu-support", "spawn-timeout", "use-app-topology"], 1),
    (&["no-app-prefix", "enable-prte-prefix-by-default", "pmi-aggregate", "pmi-noaggregate"], 0),
    // Which network: there is one.
    (&["ib", "psm", "psm2", "dapl", "ofi", "ofa", "tmi", "rdma"], 0),
    (&["preload-binary"], 0),
];

/// Other ways to write flags of ours with their values.
pub const RENAMED: &[(&str, &str, &str)] = &[
    ("bind-to-core", "bind-to", "core"),
    ("bind-to-socket", "bind-to", "socket"),
    ("bind-to-none", "bind-to", "none"),
    ("bycore", "map-by", "core"),
    ("bysocket", "map-by", "socket"),
    ("byslot", "map-by", "slot"),
    ("bynode", "map-by", "node"),
    ("pernode", "ppn", "1"),
    ("timestamp-output", "output", "timestamp"),
    ("prepend-timestamp", "output", "timestamp"),
];

/// Flags whose values stand in the middle of one for a flag of ours.
pub const WRAPPED: &[(&str, &str, &str, &str)] = &[
    ("npersocket", "map-by", "ppr:", ":socket"),
    ("npernuma", "map-by", "ppr:", ":numa"),
    ("npercore", "map-by", "ppr:", ":core"),
];

const DEBUGGER: &str = "start the debugger as the program: mpirun -n 2 --xterm all gdb --args ./a.out";
const PLACES: &str =
    "say where ranks run with --bind-to and --map-by or a --rankfile, or with taskset in front of mpirun";
const TOOL: &str = "start the tool as the program, or set its LD_PRELOAD with -x";
const LIFE: &str = "a job whose rank has failed is ended as a whole";
const NAMES: &str = "ports and names of services are not built yet";
const HOSTS: &str = "the hosts of a job are settled when it starts: --host and --hostfile";
const VARIABLES: &str = "write -x NAME=value, or start `env -u NAME` as the program";
const STACKS: &str = "mpirun does not read the stacks and states of its ranks";
const DVM: &str = "there is no daemon to talk to: mpirun starts its ranks itself";

/// Flags that this launcher does not do, with the number of their values, and why or what to do instead.
pub const REFUSED: &[(&[&str], usize, &str)] = &[
    (&["gdb", "tv", "idb", "debug", "stop-on-exec", "stop-in-init", "gdb-ia"], 0, DEBUGGER),
    (&["debugger", "gdba", "tva", "gdb-args", "stop-in-app", "attach"], 1, DEBUGGER),
    (&["cpu-list", "cpu-set", "slot-list", "cpu-bind"], 1, PLACES),
    (
        &[
            "aps",
            "mps",
            "trace",
            "t",
            "check_mpi",
            "check-mpi",
            "trace-pt2pt",
            "trace-imbalance",
            "validate",
            "trace-collectives",
        ],
        0,
        TOOL,
    ),
    (&["gtool", "gtoolfile"], 1, TOOL),
    (&["disable-auto-cleanup", "enable-recovery", "continuous", "recoverable"], 0, LIFE),
    (&["max-restarts"], 1, LIFE),
    (&["nameserver", "ompi-server"], 1, NAMES),
    (&["add-host", "add-hostfile"], 1, HOSTS),
    (&["unset-env"], 1, VARIABLES),
    (&["append-env", "append-envar", "prepend-env", "prepend-envar"], 2, VARIABLES),
    (&["get-stack-traces", "report-state-on-timeout"], 0, STACKS),
    (&["dvm", "dvm-uri", "hnp", "report-uri", "output-proctable", "system-server-only", "singleton"], 1, DVM),
    (&["display-topo"], 0, "hwloc's lstopo shows the machine"),
    (&["do-not-launch"], 0, "mpirun has no dry run; -v tells who runs where"),
    (&["profile", "prot"], 0, "mpirun measures nothing of its own; -v tells who runs where"),
    (&["xml", "parsable", "parseable"], 0, "what mpirun says is for people"),
    (&["umask", "gumask"], 1, "ranks have mpirun's: (umask 027; mpirun ...)"),
    (&["set-cwd-to-session-dir", "index-argv-by-rank"], 0, "use -wdir, or a script that reads RANKWISE_RANK"),
    (
        &["gpus-per-proc", "gpu-subdevs-per-proc", "ppg"],
        1,
        "a script may set CUDA_VISIBLE_DEVICES from RANKWISE_RANK",
    ),
    (&["pset"], 1, "the sets of processes are mpi://WORLD and mpi://SELF"),
    (&["runtime-options", "rtos"], 1, "there are none; what mpirun can do is in mpirun --help"),
    (&["arch", "file"], 1, "mpirun does not choose hosts by what they are"),
];

/// Why a flag is refused.
pub fn refusal(id: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(names, ..)| names[0] == id).map(|(.., why)| *why)
}

/// The flag, and what stands before and behind its value, that a flag with a value stands for.
pub fn wrapped(id: &str) -> Option<(&'static str, &'static str, &'static str)> {
    WRAPPED.iter().find(|(name, ..)| *name == id).map(|&(_, flag, before, behind)| (flag, before, behind))
}

/// The flag and the value that another flag stands for.
pub fn renamed(id: &str) -> Option<(&'static str, &'static str)> {
    RENAMED.iter().find(|(name, ..)| *name == id).map(|&(_, flag, value)| (flag, value))
}
