//! How many processors this process may use.

use std::fs;

use nix::sched::{CpuSet, sched_getaffinity};
use nix::unistd::Pid;

/// The processors in this process's affinity mask.
pub fn allowed_cpus() -> Vec<usize> {
    match sched_getaffinity(Pid::from_raw(0)) {
        Ok(set) => (0..CpuSet::count()).filter(|&cpu| set.is_set(cpu).unwrap_or(false)).collect(),
        Err(_) => (0..std::thread::available_parallelism().map_or(1, usize::from)).collect(),
    }
}

/// How many processors' worth of time this process may use: its affinity mask, cut by the quotas of its control groups.
pub fn usable_cpus() -> usize {
    let allowed = allowed_cpus().len().max(1);
    quota().map_or(allowed, |quota| allowed.min(quota))
}

/// How many processors' worth of time the quotas of its control groups leave to this process, and to others in these groups.
pub fn quota() -> Option<usize> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let quota = groups.lines().filter_map(quota_of_line).fold(f64::INFINITY, f64::min);
    // A quota of 1.5 processors can keep one rank running all the time, not two.
    quota.is_finite().then(|| (quota.floor() as usize).max(1))
}

/// The tightest quota along the path of one line of /proc/self/cgroup, in processors.
fn quota_of_line(line: &str) -> Option<f64> {
    let mut fields = line.splitn(3, ':');
    let (_, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
    let unified = controllers.is_empty();
    if !unified && !controllers.split(',').any(|c| c == "cpu") {
        return None;
    }
    let root = if unified { "/sys/fs/cgroup".to_string() } else { format!("/sys/fs/cgroup/{controllers}") };
    let mut tightest: Option<f64> = None;
    // Inside a container the path may name a directory that is not mounted there: its root then holds the limits.
    for dir in std::path::Path::new(path).ancestors() {
        let dir = format!("{root}{}", dir.display());
        let quota = if unified {
            fs::read_to_string(format!("{dir}/cpu.max")).ok().and_then(|text| parse_cpu_max(&text))
        } else {
            let read = |name: &str| fs::read_to_string(format!("{dir}/{name}")).ok();
            match (read("cpu.cfs_quota_us"), read("cpu.cfs_period_us")) {
                (Some(quota), Some(period)) => parse_cpu_max(&format!("{} {}", quota.trim(), period.trim())),
                _ => None,
            }
        };
        if let Some(quota) = quota {
            tightest = Some(tightest.map_or(quota, |t| t.min(quota)));
        }
    }
    tightest
}

/// `"150000 100000"` is 1.5 processors; `"max 100000"` and a negative quota are no limit.
fn parse_cpu_max(text: &str) -> Option<f64> {
    let mut words = text.split_whitespace();
    let quota: f64 = words.next()?.parse().ok()?;
    let period: f64 = words.next()?.parse().ok()?;
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_are_read_as_the_kernel_writes_them() {
        assert_eq!(parse_cpu_max("150000 100000\n"), Some(1.5));
        assert_eq!(parse_cpu_max("max 100000\n"), None);
        assert_eq!(parse_cpu_max("-1 100000"), None);
        assert_eq!(parse_cpu_max(""), None);
        assert!(usable_cpus() >= 1 && usable_cpus() <= allowed_cpus().len());
    }
}
