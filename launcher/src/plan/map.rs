//! Which host each rank runs on.

use thiserror::Error;

use crate::hosts::Host;
use crate::order::{MapBy, RankBy};

/// What is wanted of a plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// What consecutive ranks are spread over.
    pub map_by: Option<MapBy>,
    /// How ranks are numbered.
    pub rank_by: Option<RankBy>,
}

/// Why ranks have no place.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MapError {
    /// More ranks than lines of a host file, each of which is for one.
    #[error("--map-by seq: {ranks} ranks are more than the {there} hosts that are named one after the other")]
    Sequence {
        /// How many there are to be.
        ranks: u64,
        /// How many lines there are.
        there: u64,
    },
    /// All hosts have as many ranks as they take.
    #[error("{ranks} ranks are more than the {most} that the hosts take at most (max_slots)")]
    Full {
        /// How many there are to be.
        ranks: u64,
        /// How many there can be.
        most: u64,
    },
}

/// The host of each rank of each program: how many ranks it has, and which of the `hosts` they may run on.
///
/// Without a wish ranks fill the slots of one host after the other. More ranks than slots go round again: that is slow, and
/// it runs.
pub fn plan(hosts: &[Host], programs: &[(u32, Vec<u32>)], wish: Wish) -> Result<Vec<u32>, MapError> {
    let mut used = vec![0u32; hosts.len()];
    let mut plan = Vec::new();
    for (count, allowed) in programs {
        let begin = plan.len();
        let mut left = *count;
        // How many a host may have before the others have had their turn.
        let mut rounds = 1u32;
        while left > 0 {
            let before = left;
            let room = |host: u32, used: &[u32]| {
                let Host { slots, max_slots, .. } = &hosts[host as usize];
                let most = slots.saturating_mul(rounds).min(max_slots.unwrap_or(u32::MAX));
                most.saturating_sub(used[host as usize])
            };
            match wish.map_by {
                Some(MapBy::Node) => loop {
                    let round = left;
                    for &host in allowed {
                        if left > 0 && room(host, &used) > 0 {
                            plan.push(host);
                            used[host as usize] += 1;
                            left -= 1;
                        }
                    }
                    if left == 0 || round == left {
                        break;
                    }
                },
                _ => {
                    for &host in allowed {
                        let here = room(host, &used).min(left);
                        plan.extend(std::iter::repeat_n(host, here as usize));
                        used[host as usize] += here;
                        left -= here;
                    }
                }
            }
            let full =
                |&host: &u32| hosts[host as usize].max_slots.is_some_and(|most| used[host as usize] >= most);
            if left == before && allowed.iter().all(full) {
                let most =
                    allowed.iter().filter_map(|&host| hosts[host as usize].max_slots).map(u64::from).sum();
                return Err(MapError::Full {
                    ranks: programs.iter().map(|(n, _)| u64::from(*n)).sum(),
                    most,
                });
            }
            rounds = rounds.saturating_add(1);
        }
        number(&mut plan[begin..], allowed, wish.rank_by);
    }
    Ok(plan)
}

/// Brings the ranks of a program in another order.
fn number(ranks: &mut [u32], hosts: &[u32], by: Option<RankBy>) {
    let place = |host: u32| hosts.iter().position(|&other| other == host).unwrap_or(usize::MAX);
    match by {
        None => {}
        Some(RankBy::Slot) => ranks.sort_by_key(|&host| place(host)),
        Some(RankBy::Node) => {
            let mut turns = std::collections::HashMap::new();
            let mut keyed: Vec<(u32, usize, u32)> = ranks
                .iter()
                .map(|&host| {
                    let turn = turns.entry(host).or_insert(0u32);
                    *turn += 1;
                    (*turn, place(host), host)
                })
                .collect();
            keyed.sort_unstable();
            ranks.iter_mut().zip(keyed).for_each(|(rank, (.., host))| *rank = host);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hosts(slots: &[(u32, Option<u32>)]) -> Vec<Host> {
        let host = |(i, &(slots, max_slots)): (usize, &(u32, Option<u32>))| Host {
            name: format!("h{i}"),
            slots,
            max_slots,
            counted: true,
        };
        slots.iter().enumerate().map(host).collect()
    }

    fn one(slots: &[u32], count: u32, map_by: Option<MapBy>, rank_by: Option<RankBy>) -> Vec<u32> {
        let hosts = hosts(&slots.iter().map(|&n| (n, None)).collect::<Vec<_>>());
        let all = (0..hosts.len() as u32).collect();
        plan(&hosts, &[(count, all)], Wish { map_by, rank_by }).unwrap()
    }

    #[test]
    fn users_of_other_launchers_find_their_ranks_where_they_expect_them() {
        assert_eq!(one(&[2, 4], 6, None, None), [0, 0, 1, 1, 1, 1]);
        assert_eq!(one(&[1, 1], 4, None, None), [0, 1, 0, 1]);
        assert_eq!(one(&[2, 2], 6, None, None), [0, 0, 1, 1, 0, 0]);
        assert_eq!(one(&[2, 4], 6, Some(MapBy::Node), None), [0, 1, 0, 1, 1, 1]);
        assert_eq!(one(&[2, 2], 4, Some(MapBy::Node), Some(RankBy::Slot)), [0, 0, 1, 1]);
        assert_eq!(one(&[2, 3], 5, None, Some(RankBy::Node)), [0, 1, 0, 1, 1]);
    }

    #[test]
    fn programs_keep_to_their_hosts_and_to_what_is_free() {
        let hosts = hosts(&[(2, None), (2, None), (2, None)]);
        let programs = [(1, vec![0, 1]), (3, vec![0, 1]), (2, vec![2])];
        assert_eq!(plan(&hosts, &programs, Wish::default()).unwrap(), [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn a_host_takes_no_more_than_its_most() {
        let hosts = hosts(&[(1, Some(2)), (1, Some(1))]);
        assert_eq!(plan(&hosts, &[(3, vec![0, 1])], Wish::default()).unwrap(), [0, 1, 0]);
        let error = plan(&hosts, &[(4, vec![0, 1])], Wish::default()).unwrap_err();
        assert_eq!(error, MapError::Full { ranks: 4, most: 3 });
    }

    proptest! {
        #[test]
        fn nobody_is_lost_and_nobody_is_crowded_before_the_others_are_full(
            slots in prop::collection::vec(1u32..5, 1..6),
            count in 1u32..60,
            map in prop::sample::select(vec![None, Some(MapBy::Slot), Some(MapBy::Node)]),
            rank in prop::sample::select(vec![None, Some(RankBy::Slot), Some(RankBy::Node)]),
        ) {
            let plan = one(&slots, count, map, rank);
            prop_assert_eq!(plan.len(), count as usize);
            let used = |host: usize| plan.iter().filter(|&&h| h as usize == host).count() as u32;
            let rounds: Vec<u32> = slots.iter().enumerate().map(|(h, &n)| used(h).div_ceil(n)).collect();
            prop_assert!(rounds.iter().max().unwrap() - rounds.iter().min().unwrap() <= 1);
        }
    }
}
