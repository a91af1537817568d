//! The processors of this node that the job may use, and what they are parts of.

use hwloc2::{ObjectType, Topology, TopologyObject};
use rankwise_os::topology;

/// A hardware thread, and what it is part of. Equal numbers mean the same core, socket or NUMA node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number that the system has for it.
    pub cpu: usize,
    /// Its core.
    pub core: usize,
    /// Its socket.
    pub socket: usize,
    /// Its NUMA node.
    pub numa: usize,
}

/// The hardware threads that this process may use, in the machine's order; none where that cannot be found out.
///
/// hwloc can be told to see another machine (`HWLOC_SYNTHETIC`, `HWLOC_XMLFILE`): all of that one may be used, to see
/// how a job would lie there.
pub fn places() -> Vec<Place> {
    let Some(machine) = Topology::new() else { return Vec::new() };
    let of_type = |kind| machine.objects_with_type(&kind).unwrap_or_default();
    let cores = Parts::new(of_type(ObjectType::Core));
    let sockets = Parts::new(of_type(ObjectType::Package));
    let made_up = rankwise_boot::env::OTHER_MACHINE.iter().any(|name| std::env::var_os(name).is_some());
    let allowed = topology::allowed_cpus();
    // hwloc keeps NUMA nodes beside the tree; but each object knows those that are near to it.
    let near = |thread: &TopologyObject| thread.nodeset().map_or(0, |nodes| nodes.first().max(0) as usize);
    let threads = of_type(ObjectType::PU).into_iter().map(|thread| (thread.os_index(), near(thread)));
    let usable = threads.filter(|&(cpu, _)| made_up || allowed.contains(&(cpu as usize)));
    usable
        .enumerate()
        .map(|(index, (cpu, numa))| Place {
            cpu: cpu as usize,
            // A machine that hides its cores has one for each of its threads.
            core: cores.around(cpu).unwrap_or(index),
            socket: sockets.around(cpu).unwrap_or(0),
            numa,
        })
        .collect()
}

/// Objects of one kind, by what they hold.
struct Parts {
    sets: Vec<hwloc2::CpuSet>,
}

impl Parts {
    fn new(objects: Vec<&TopologyObject>) -> Parts {
        Parts { sets: objects.into_iter().filter_map(TopologyObject::cpuset).collect() }
    }

    fn around(&self, cpu: u32) -> Option<usize> {
        self.sets.iter().position(|set| set.is_set(cpu))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_just_the_processors_that_we_may_use() {
        let mut cpus: Vec<usize> = places().iter().map(|place| place.cpu).collect();
        cpus.sort_unstable();
        assert_eq!(cpus, topology::allowed_cpus());
    }
}
