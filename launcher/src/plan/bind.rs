//! Which processors each rank is bound to.
//!
//! Pure: it knows the machine only as a list of [`Place`]s.

use std::collections::BTreeMap;

use crate::machine::Place;
use crate::order::{BindTo, MapBy};

/// What is wanted of a plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// What a rank is bound to.
    pub bind: Option<BindTo>,
    /// What consecutive ranks are spread over.
    pub map: Option<MapBy>,
    /// How many of them at a time are on one such object before the next ones are on another; 0 is as 1.
    pub run: usize,
    /// How many cores each rank has; 0 is as 1.
    pub width: usize,
}

/// The processors of each rank, or `None` for a rank that may run anywhere.
///
/// Without wishes of the user the ranks share the cores: each gets as many neighbouring ones as any other, give or take
/// one. More ranks than cores are left to the system's scheduler.
pub fn plan(
    machine: &[Place],
    ranks: usize,
    Wish { bind, map, run, width }: Wish,
) -> Vec<Option<Vec<usize>>> {
    let thick = if width > 1 { thick(machine, width, map) } else { Vec::new() };
    let machine = if width > 1 { &thick } else { machine };
    let cores = objects(machine, |place| place.core).len();
    let bind = match (bind, map) {
        (Some(bind), _) => bind,
        (None, None) if width > 1 && ranks <= cores => BindTo::Core,
        (None, None) if ranks > 1 && ranks <= cores => return shares(machine, ranks),
        (None, Some(MapBy::Hwthread)) if ranks <= machine.len() => BindTo::Hwthread,
        (None, Some(_)) if ranks <= cores => BindTo::Core,
        (None, _) => BindTo::None,
    };
    if machine.is_empty() || bind == BindTo::None {
        return vec![None; ranks];
    }
    let anchors = match map {
        Some(map) => spread(machine, ranks, map, run.max(1)),
        None => fill(machine, ranks, bind),
    };
    anchors.into_iter().map(|anchor| Some(around(machine, anchor, bind))).collect()
}

/// The machine as if so many neighbouring cores were one. What is left over at the end of a socket, where ranks are spread
/// over sockets, is nobody's.
fn thick(machine: &[Place], width: usize, map: Option<MapBy>) -> Vec<Place> {
    let parts = match map {
        Some(map @ (MapBy::Socket | MapBy::Numa)) => of_map(machine, map),
        _ => vec![(0..machine.len()).collect()],
    };
    let mut out = Vec::new();
    for part in parts {
        let places: Vec<Place> = part.iter().map(|&index| machine[index]).collect();
        let cores = objects(&places, |place| place.core);
        for (number, group) in cores.chunks(width).enumerate() {
            if group.len() == width || number == 0 {
                let core = places[group[0][0]].core;
                out.extend(group.iter().flatten().map(|&index| Place { core, ..places[index] }));
            }
        }
    }
    out
}

/// The kinds of what a place is part of.
fn part(bind: BindTo) -> fn(&Place) -> usize {
    match bind {
        BindTo::None => |_| 0,
        BindTo::Core => |place| place.core,
        BindTo::Socket => |place| place.socket,
        BindTo::Numa => |place| place.numa,
        BindTo::Hwthread => |place| place.cpu,
    }
}

/// The objects of one kind in the machine's order, as the indices of their places.
pub fn objects(machine: &[Place], part: impl Fn(&Place) -> usize) -> Vec<Vec<usize>> {
    let mut order = Vec::new();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, place) in machine.iter().enumerate() {
        let list = members.entry(part(place)).or_insert_with(|| {
            order.push(part(place));
            Vec::new()
        });
        list.push(index);
    }
    order.into_iter().filter_map(|id| members.remove(&id)).collect()
}

fn around(machine: &[Place], anchor: usize, bind: BindTo) -> Vec<usize> {
    let part = part(bind);
    let own = part(&machine[anchor]);
    machine.iter().filter(|place| part(place) == own).map(|place| place.cpu).collect()
}

/// Fair shares of neighbouring cores, for at most as many ranks as there are cores.
fn shares(machine: &[Place], ranks: usize) -> Vec<Option<Vec<usize>>> {
    let cores = objects(machine, |place| place.core);
    let border = |rank: usize| rank * cores.len() / ranks;
    let share = |rank: usize| cores[border(rank)..border(rank + 1)].iter().flatten().map(|&i| machine[i].cpu);
    (0..ranks).map(|rank| Some(share(rank).collect())).collect()
}

/// One object after the other; where there are more ranks than objects, neighbouring ranks share one.
fn fill(machine: &[Place], ranks: usize, bind: BindTo) -> Vec<usize> {
    let all = objects(machine, part(bind));
    let which = |rank: usize| if ranks <= all.len() { rank } else { rank * all.len() / ranks };
    (0..ranks).map(|rank| all[which(rank)][0]).collect()
}

/// A place for each rank, consecutive runs of them on different objects.
fn spread(machine: &[Place], ranks: usize, map: MapBy, run: usize) -> Vec<usize> {
    let all = of_map(machine, map);
    let inside = |object: &[usize], turn: usize| {
        // Within an object first each core once, then the second threads of the cores.
        let places: Vec<Place> = object.iter().map(|&index| machine[index]).collect();
        let cores = objects(&places, |place| place.core);
        let core = &cores[turn % cores.len()];
        object[core[(turn / cores.len()) % core.len()]]
    };
    let place = |rank: usize| {
        let (turn, of_run) = (rank / run, rank % run);
        inside(&all[turn % all.len()], turn / all.len() * run + of_run)
    };
    (0..ranks).map(place).collect()
}

/// What ranks are spread over on one node.
fn of_map(machine: &[Place], map: MapBy) -> Vec<Vec<usize>> {
    match map {
        // One node: there is nothing else to spread over than its cores.
        MapBy::Slot | MapBy::Core | MapBy::Node | MapBy::Seq => objects(machine, part(BindTo::Core)),
        MapBy::Hwthread => objects(machine, part(BindTo::Hwthread)),
        MapBy::Socket => objects(machine, part(BindTo::Socket)),
        MapBy::Numa => objects(machine, part(BindTo::Numa)),
    }
}

/// How many objects a machine has that ranks are spread over.
pub fn count(machine: &[Place], map: MapBy) -> usize {
    of_map(machine, map).len()
}

/// Processors as people write them: `0-3,8`.
pub fn ranges(cpus: &[usize]) -> String {
    let mut sorted = cpus.to_vec();
    sorted.sort_unstable();
    let mut out: Vec<(usize, usize)> = Vec::new();
    for cpu in sorted {
        match out.last_mut() {
            Some((_, end)) if *end + 1 == cpu => *end = cpu,
            _ => out.push((cpu, cpu)),
        }
    }
    let text =
        |&(from, to): &(usize, usize)| if from == to { from.to_string() } else { format!("{from}-{to}") };
    out.iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn plan(
        machine: &[Place],
        ranks: usize,
        bind: Option<BindTo>,
        map: Option<MapBy>,
    ) -> Vec<Option<Vec<usize>>> {
        super::plan(machine, ranks, Wish { bind, map, ..Wish::default() })
    }

    /// A machine whose second threads are numbered after all first ones, as they are on most.
    fn machine(sockets: usize, cores: usize, threads: usize) -> Vec<Place> {
        let all = sockets * cores;
        let place = |core: usize, thread: usize| Place {
            cpu: core + thread * all,
            core,
            socket: core / cores,
            numa: core / cores,
        };
        (0..all).flat_map(|core| (0..threads).map(move |thread| place(core, thread))).collect()
    }

    fn shown(plan: Vec<Option<Vec<usize>>>) -> Vec<String> {
        plan.into_iter().map(|cpus| cpus.map_or("-".into(), |cpus| ranges(&cpus))).collect()
    }

    #[test]
    fn users_get_what_they_ask_for() {
        let m = machine(2, 4, 2);
        assert_eq!(shown(plan(&m, 1, None, None)), ["-"]);
        assert_eq!(shown(plan(&m, 2, None, None)), ["0-3,8-11", "4-7,12-15"]);
        assert_eq!(shown(plan(&m, 8, None, None))[7], "7,15");
        assert_eq!(shown(plan(&m, 9, None, None)), ["-"; 9]);
        assert_eq!(shown(plan(&m, 3, Some(BindTo::Core), None)), ["0,8", "1,9", "2,10"]);
        assert_eq!(shown(plan(&m, 2, Some(BindTo::Hwthread), None)), ["0", "8"]);
        assert_eq!(shown(plan(&m, 3, Some(BindTo::Hwthread), Some(MapBy::Core))), ["0", "1", "2"]);
        assert_eq!(shown(plan(&m, 3, Some(BindTo::Core), Some(MapBy::Socket))), ["0,8", "4,12", "1,9"]);
        assert_eq!(shown(plan(&m, 3, None, Some(MapBy::Socket))), ["0,8", "4,12", "1,9"]);
        let in_runs = super::plan(&m, 5, Wish { map: Some(MapBy::Socket), run: 2, ..Wish::default() });
        assert_eq!(shown(in_runs), ["0,8", "1,9", "4,12", "5,13", "2,10"]);
        assert_eq!((count(&m, MapBy::Socket), count(&m, MapBy::Core)), (2, 8));
        assert_eq!(shown(plan(&m, 2, Some(BindTo::Numa), None)), ["0-3,8-11", "4-7,12-15"]);
        assert_eq!(shown(plan(&m, 2, Some(BindTo::None), Some(MapBy::Core))), ["-", "-"]);
        assert_eq!(shown(plan(&[], 2, Some(BindTo::Core), None)), ["-", "-"]);
    }

    #[test]
    fn a_rank_may_have_several_cores() {
        let wide = |ranks, map, width| {
            let plan = super::plan(&machine(2, 4, 2), ranks, Wish { map, width, ..Wish::default() });
            shown(plan)
        };
        assert_eq!(wide(2, None, 2), ["0-1,8-9", "2-3,10-11"]);
        assert_eq!(wide(1, None, 3), ["0-2,8-10"]);
        assert_eq!(wide(3, Some(MapBy::Socket), 2), ["0-1,8-9", "4-5,12-13", "2-3,10-11"]);
        // The fourth core of each socket is left over.
        assert_eq!(wide(2, Some(MapBy::Socket), 3), ["0-2,8-10", "4-6,12-14"]);
        assert_eq!(wide(3, Some(MapBy::Socket), 3), ["-", "-", "-"]);
        assert_eq!(wide(1, Some(MapBy::Slot), 99), ["0-15"]);
    }

    const BINDS: [Option<BindTo>; 5] =
        [None, Some(BindTo::Core), Some(BindTo::Socket), Some(BindTo::Numa), Some(BindTo::Hwthread)];
    const MAPS: [Option<MapBy>; 7] = [
        None,
        Some(MapBy::Slot),
        Some(MapBy::Core),
        Some(MapBy::Socket),
        Some(MapBy::Numa),
        Some(MapBy::Hwthread),
        Some(MapBy::Node),
    ];

    proptest! {
        #[test]
        fn ranks_stay_where_they_may_be_and_share_fairly(
            (sockets, cores, threads) in (1usize..4, 1usize..6, 1usize..3),
            mask in any::<u64>(),
            ranks in 1usize..40,
            bind in 0usize..5,
            map in 0usize..7,
        ) {
            let all = machine(sockets, cores, threads);
            let m: Vec<Place> = all.into_iter().filter(|place| mask >> place.cpu & 1 == 1).collect();
            let allowed: HashSet<usize> = m.iter().map(|place| place.cpu).collect();
            let plan = plan(&m, ranks, BINDS[bind], MAPS[map]);
            prop_assert_eq!(plan.len(), ranks);
            let mut load: BTreeMap<usize, usize> = allowed.iter().map(|&cpu| (cpu, 0)).collect();
            for cpus in plan.iter().flatten() {
                prop_assert!(!cpus.is_empty() && cpus.iter().all(|cpu| allowed.contains(cpu)));
                for cpu in cpus {
                    *load.entry(*cpu).or_default() += 1;
                }
            }
            if bind == 0 && map == 0 && plan.iter().any(Option::is_some) {
                // Every processor is somebody's, and nobody's twice.
                prop_assert!(load.values().all(|&n| n == 1));
                let own = |cpus: &Option<Vec<usize>>| {
                    let has = |place: &&Place| cpus.as_ref().is_some_and(|cpus| cpus.contains(&place.cpu));
                    m.iter().filter(has).map(|place| place.core).collect::<HashSet<_>>().len()
                };
                let sizes: Vec<usize> = plan.iter().map(own).collect();
                prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
            }
            if bind > 0 && map == 0 && !m.is_empty() {
                prop_assert!(load.values().max().unwrap() - load.values().min().unwrap() <= 1);
            }
        }
    }
}
