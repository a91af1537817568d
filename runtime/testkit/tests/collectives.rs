//! Every collective against its definition, on all sizes of worlds, with frames that arrive in any order.

#![allow(unsafe_code)]

use std::rc::Rc;

use rankwise_core::{Counts, Handle, Result, UserBlocks, UserBuf, World};
use rankwise_testkit::networks;
use rankwise_testkit::worlds::{INT64, Worlds, buffer};
use rankwise_transport::loopback::Settings;

const WORLD: Handle = Handle::COMM_WORLD;
const SUM: Handle = Handle(0x21);
/// MPI_IN_PLACE with elements to count.
fn in_place(count: usize) -> UserBuf {
    // SAFETY: the address stands for "in place".
    unsafe { UserBuf::new(std::ptr::without_provenance_mut(1), count as i64, INT64) }
}

/// An operator that must be applied in the order of the ranks: the product of affine maps x -> a x + b, modulo 2^31.
fn affine(world: &World) -> (Handle, Handle) {
    let pair = world.types.borrow_mut().contiguous(2, INT64).unwrap();
    world.types.borrow_mut().commit(pair).unwrap();
    let combine = |input: *const u8, inout: *mut u8, count: i64, _| {
        for i in 0..count as usize {
            // SAFETY: both hold `count` pairs.
            unsafe {
                let (f, g) = (input.cast::<[i64; 2]>().add(i), inout.cast::<[i64; 2]>().add(i));
                g.write_unaligned(compose(f.read_unaligned(), g.read_unaligned()));
            }
        }
    };
    (world.ops.borrow_mut().create(false, Rc::new(combine)).unwrap(), pair)
}

fn compose(f: [i64; 2], g: [i64; 2]) -> [i64; 2] {
    let m = 1 << 31;
    [f[0] * g[0] % m, (f[0] * g[1] + f[1]) % m]
}

/// What rank `rank` contributes as its element `i`.
fn value(rank: usize, i: usize) -> i64 {
    ((rank + 1) * 1000 + i * 7 + 1) as i64
}

fn values(rank: usize, n: usize) -> Vec<i64> {
    (0..n).map(|i| value(rank, i)).collect()
}

/// Runs `test` on worlds of many sizes.
fn on_worlds(sizes: &[usize], mut test: impl FnMut(&mut Worlds, usize)) {
    for &size in sizes {
        for seed in 0..3 {
            let settings = Settings { seed, hold: 5 * seed as u32, ..Settings::default() };
            // Every third world is on shared memory.
            let network = if seed == 2 { networks::shm(size) } else { networks::loopback(size, settings) };
            let mut worlds = Worlds::new(network, seed);
            for len in [0, 1, 3, 200, 5000] {
                test(&mut worlds, len);
            }
        }
    }
}

const SIZES: &[usize] = &[1, 2, 3, 4, 5, 7, 8, 9, 13];

/// Starts an operation on all ranks and finishes it.
fn all(worlds: &mut Worlds, mut start: impl FnMut(&World, usize) -> Result<Handle>) {
    let requests = (0..worlds.size()).map(|r| (r, start(worlds.rank(r), r).unwrap())).collect();
    worlds.succeed(requests);
}

#[test]
fn bcast_gather_and_scatter() {
    on_worlds(SIZES, |worlds, len| {
        let n = worlds.size();
        for root in [0, n / 2, n - 1] {
            let mut data: Vec<Vec<i64>> =
                (0..n).map(|r| if r == root { values(root, len) } else { vec![0; len] }).collect();
            all(worlds, |w, r| w.ibcast(buffer(&mut data[r], INT64), root as i32, WORLD));
            assert!(data.iter().all(|d| *d == values(root, len)));

            let mut mine: Vec<Vec<i64>> = (0..n).map(|r| values(r, len)).collect();
            let mut gathered = vec![0; n * len];
            let block = |g: &mut [i64]| {
                // SAFETY: the buffer has room for a block of each rank.
                unsafe { UserBuf::new(g.as_mut_ptr().cast(), len as i64, INT64) }
            };
            all(worlds, |w, r| {
                w.igather(buffer(&mut mine[r], INT64), block(&mut gathered), root as i32, WORLD)
            });
            assert_eq!(gathered, (0..n).flat_map(|r| values(r, len)).collect::<Vec<_>>());

            let mut parts = vec![vec![0; len]; n];
            all(worlds, |w, r| {
                w.iscatter(block(&mut gathered), buffer(&mut parts[r], INT64), root as i32, WORLD)
            });
            assert!(parts.iter().enumerate().all(|(r, p)| *p == values(r, len)));
        }
    });
}

#[test]
fn allgather_and_alltoall() {
    on_worlds(SIZES, |worlds, len| {
        let n = worlds.size();
        let mut mine: Vec<Vec<i64>> = (0..n).map(|r| values(r, len)).collect();
        let mut gathered = vec![vec![0; n * len]; n];
        // SAFETY: the buffers have room for a block of each rank.
        let blocks = |g: &mut [i64]| unsafe { UserBuf::new(g.as_mut_ptr().cast(), len as i64, INT64) };
        all(worlds, |w, r| w.iallgather(buffer(&mut mine[r], INT64), blocks(&mut gathered[r]), WORLD));
        let expected: Vec<i64> = (0..n).flat_map(|r| values(r, len)).collect();
        assert!(gathered.iter().all(|g| *g == expected));

        let message =
            |from: usize, to: usize| (0..len).map(move |i| (from * 100 + to) as i64 * 10_000 + i as i64);
        let mut out: Vec<Vec<i64>> = (0..n).map(|r| (0..n).flat_map(|to| message(r, to)).collect()).collect();
        let mut back = vec![vec![0; n * len]; n];
        all(worlds, |w, r| w.ialltoall(blocks(&mut out[r]), blocks(&mut back[r]), WORLD));
        for (r, b) in back.iter().enumerate() {
            assert_eq!(*b, (0..n).flat_map(|from| message(from, r)).collect::<Vec<_>>());
        }
        all(worlds, |w, r| w.ialltoall(in_place(len), blocks(&mut out[r]), WORLD));
        assert_eq!(out, back);
    });
}

#[test]
fn blocks_of_different_lengths() {
    on_worlds(SIZES, |worlds, len| {
        let n = worlds.size();
        // Rank r has len % (r + 2) elements; the blocks lie in reverse, with a gap after each.
        let count = |r: usize| len % (r + 2);
        let counts: Vec<i32> = (0..n).map(|r| count(r) as i32).collect();
        let room: usize = (0..n).map(|r| count(r) + 1).sum();
        let mut places = vec![0i64; n];
        for r in (0..n - 1).rev() {
            places[r] = places[r + 1] + count(r + 1) as i64 + 1;
        }
        let blocks = |data: &mut [i64]| {
            // SAFETY: the counts and places lie inside.
            unsafe {
                UserBlocks::new(data.as_mut_ptr().cast(), Counts::I32(&counts), Counts::I64(&places), INT64)
            }
        };
        let mut expected = vec![-1; room];
        for r in 0..n {
            expected[places[r] as usize..][..count(r)].copy_from_slice(&values(r, count(r)));
        }
        let mut mine: Vec<Vec<i64>> = (0..n).map(|r| values(r, count(r))).collect();
        let mut everywhere = vec![vec![-1; room]; n];
        all(worlds, |w, r| w.iallgatherv(buffer(&mut mine[r], INT64), blocks(&mut everywhere[r]), WORLD));
        assert!(everywhere.iter().all(|e| *e == expected));

        let root = n / 2;
        let mut at_root = vec![-1; room];
        all(worlds, |w, r| w.igatherv(buffer(&mut mine[r], INT64), blocks(&mut at_root), root as i32, WORLD));
        assert_eq!(at_root, expected);
        let mut parts: Vec<Vec<i64>> = (0..n).map(|r| vec![0; count(r)]).collect();
        all(worlds, |w, r| {
            w.iscatterv(blocks(&mut at_root), buffer(&mut parts[r], INT64), root as i32, WORLD)
        });
        assert_eq!(parts, mine);

        // From r to s go count(r + s) elements.
        let lens: Vec<Vec<i32>> =
            (0..n).map(|r| (0..n).map(|s| (len % (r + s + 2)) as i32).collect()).collect();
        let starts =
            |c: &[i32]| c.iter().scan(0, |at, &c| Some(std::mem::replace(at, *at + c))).collect::<Vec<i32>>();
        let message =
            |r: usize, s: usize| (0..lens[r][s]).map(move |i| (r * 1000 + s * 10) as i64 + i as i64);
        let mut out: Vec<Vec<i64>> = (0..n).map(|r| (0..n).flat_map(|s| message(r, s)).collect()).collect();
        let mut back: Vec<Vec<i64>> = out.iter().map(|o| vec![0; o.len()]).collect();
        all(worlds, |w, r| {
            let (counts, places) = (&lens[r], starts(&lens[r]));
            let of = |data: &mut Vec<i64>| {
                // SAFETY: the counts and places lie inside.
                unsafe {
                    UserBlocks::new(
                        data.as_mut_ptr().cast(),
                        Counts::I32(counts),
                        Counts::I32(&places),
                        INT64,
                    )
                }
            };
            w.ialltoallv(of(&mut out[r]), of(&mut back[r]), WORLD)
        });
        for (r, b) in back.iter().enumerate() {
            assert_eq!(*b, (0..n).flat_map(|s| message(s, r)).collect::<Vec<_>>());
        }
    });
}

#[test]
fn reductions_by_a_predefined_operator() {
    on_worlds(SIZES, |worlds, len| {
        let n = worlds.size();
        let sums = |ranks: std::ops::Range<usize>, len: usize| -> Vec<i64> {
            (0..len).map(|i| ranks.clone().map(|r| value(r, i)).sum()).collect()
        };
        let mut mine: Vec<Vec<i64>> = (0..n).map(|r| values(r, len)).collect();
        for root in [0, n - 1] {
            let mut result = vec![0; len];
            all(worlds, |w, r| {
                w.ireduce(buffer(&mut mine[r], INT64), buffer(&mut result, INT64), SUM, root as i32, WORLD)
            });
            assert_eq!(result, sums(0..n, len));
        }
        let mut result = mine.clone();
        all(worlds, |w, r| w.iallreduce(in_place(len), buffer(&mut result[r], INT64), SUM, WORLD));
        assert!(result.iter().all(|x| *x == sums(0..n, len)));
        let mut result = mine.clone();
        all(worlds, |w, r| w.iscan(buffer(&mut mine[r], INT64), buffer(&mut result[r], INT64), SUM, WORLD));
        assert!(result.iter().enumerate().all(|(r, x)| *x == sums(0..r + 1, len)));
        let mut result = mine.clone();
        all(worlds, |w, r| w.iexscan(in_place(len), buffer(&mut result[r], INT64), SUM, WORLD));
        assert!(result.iter().enumerate().skip(1).all(|(r, x)| *x == sums(0..r, len)));

        let counts: Vec<i32> = (0..n).map(|r| (len % (r + 3)) as i32).collect();
        let total = counts.iter().sum::<i32>() as usize;
        let mut mine: Vec<Vec<i64>> = (0..n).map(|r| values(r, total)).collect();
        let mut parts: Vec<Vec<i64>> = counts.iter().map(|&c| vec![0; c as usize]).collect();
        all(worlds, |w, r| {
            let (from, to) = (buffer(&mut mine[r], INT64), buffer(&mut parts[r], INT64));
            w.ireduce_scatter(from, to, Counts::I32(&counts), SUM, WORLD)
        });
        assert_eq!(parts.concat(), sums(0..n, total));
    });
}

#[test]
fn reductions_in_the_order_of_the_ranks() {
    on_worlds(SIZES, |worlds, len| {
        let n = worlds.size();
        let handles: Vec<(Handle, Handle)> = (0..n).map(|r| affine(worlds.rank(r))).collect();
        let of = |r: usize, len: usize| -> Vec<[i64; 2]> {
            (0..len).map(|i| [value(r, i), value(r, i + 5)]).collect()
        };
        let fold = |ranks: std::ops::Range<usize>, len: usize| -> Vec<[i64; 2]> {
            (0..len).map(|i| ranks.clone().map(|r| of(r, len)[i]).reduce(compose).unwrap()).collect()
        };
        let len = len.min(200);
        let mut mine: Vec<Vec<[i64; 2]>> = (0..n).map(|r| of(r, len)).collect();
        let root = n / 2;
        let mut result = vec![[0; 2]; len];
        all(worlds, |w, r| {
            let (op, pair) = handles[r];
            w.ireduce(buffer(&mut mine[r], pair), buffer(&mut result, pair), op, root as i32, WORLD)
        });
        assert_eq!(result, fold(0..n, len));
        let mut result = mine.clone();
        all(worlds, |w, r| {
            let (op, pair) = handles[r];
            w.iallreduce(buffer(&mut mine[r], pair), buffer(&mut result[r], pair), op, WORLD)
        });
        assert!(result.iter().all(|x| *x == fold(0..n, len)));
        let mut result = mine.clone();
        all(worlds, |w, r| {
            let (op, pair) = handles[r];
            w.iscan(buffer(&mut mine[r], pair), buffer(&mut result[r], pair), op, WORLD)
        });
        assert!(result.iter().enumerate().all(|(r, x)| *x == fold(0..r + 1, len)));
        let block = len % 5;
        let mut mine: Vec<Vec<[i64; 2]>> = (0..n).map(|r| of(r, block * n)).collect();
        let mut parts = vec![vec![[0; 2]; block]; n];
        all(worlds, |w, r| {
            let (op, pair) = handles[r];
            w.ireduce_scatter_block(buffer(&mut mine[r], pair), buffer(&mut parts[r], pair), op, WORLD)
        });
        assert_eq!(parts.concat(), fold(0..n, block * n));
    });
}

#[test]
fn a_barrier_lets_nobody_pass_before_all_have_come() {
    on_worlds(SIZES, |worlds, _| {
        let n = worlds.size();
        let mut requests: Vec<(usize, Handle)> =
            (1..n).map(|r| (r, worlds.rank(r).ibarrier(WORLD).unwrap())).collect();
        for _ in 0..50 {
            for (r, request) in &mut requests {
                worlds.rank(*r).progress().unwrap();
                assert!(worlds.rank(*r).test(request).unwrap().is_none());
            }
        }
        requests.push((0, worlds.rank(0).ibarrier(WORLD).unwrap()));
        worlds.succeed(requests);
    });
}
