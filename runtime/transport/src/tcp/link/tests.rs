#![allow(unsafe_code)]
//! Two links, and connections between them that carry any number of bytes and break at any of them.

use proptest::prelude::*;

use super::*;
use crate::frame::Body;

const LONGEST: usize = 100_000;

/// One side: its link, the bytes that have come and are not yet whole records, and what was delivered.
#[derive(Default)]
struct Side {
    link: Link,
    inbox: Vec<u8>,
    got: Vec<(u64, usize)>,
    next: u64,
}

impl Side {
    fn push(&mut self, len: usize) -> bool {
        let bytes: Vec<u8> = (0..len).map(|i| (i as u64 * 31 + self.next) as u8).collect();
        // SAFETY: the vector lives until the call is over.
        let body = unsafe { Body::bytes(bytes.as_ptr(), len) };
        let pushed = self.link.push(&Frame { header: [self.next, !self.next], words: &[], body });
        self.next += u64::from(pushed);
        pushed
    }

    /// Up to `limit` bytes on their way to the other side.
    fn write(&mut self, limit: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let taken = self.link.write(|parts| {
            let all = parts.iter().flat_map(|part| part.iter().copied());
            out.extend(all.take(limit));
            Ok::<usize, ()>(out.len())
        });
        taken.unwrap();
        out
    }

    fn read(&mut self, bytes: &[u8]) {
        self.inbox.extend_from_slice(bytes);
        let got = &mut self.got;
        let taken = self.link.take(&self.inbox, LONGEST, |header, payload| {
            assert_eq!(header[1], !header[0]);
            let mut bytes = vec![0; payload.len()];
            // SAFETY: the vector has the payload's length.
            unsafe { payload.copy_to(bytes.as_mut_ptr(), payload.len()) };
            assert!(bytes.iter().enumerate().all(|(i, &b)| b == (i as u64 * 31 + header[0]) as u8));
            got.push((header[0], payload.len()));
        });
        self.inbox.drain(..taken.unwrap());
    }
}

/// A connection breaks, and another one takes its place. Side 1 has told how much it has before the last bytes came.
fn reconnect(sides: &mut [Side; 2], last: &[u8]) {
    let mut received = [sides[0].link.received(), sides[1].link.received()];
    sides[1].read(last);
    received[0] = sides[0].link.received();
    for (i, side) in sides.iter_mut().enumerate() {
        side.inbox.clear();
        side.link.resume(received[1 - i], received[i]).unwrap();
    }
}

#[derive(Clone, Debug)]
enum Step {
    Push(usize, usize),
    /// One side writes up to so many bytes, of which the other reads all, or a part before the connection breaks.
    Carry(usize, usize, Option<usize>),
    Break,
}

fn step() -> impl Strategy<Value = Step> {
    let length = prop_oneof![0usize..50, 0usize..5000, Just(70_000usize)];
    prop_oneof![
        4 => (0usize..2, length).prop_map(|(side, len)| Step::Push(side, len)),
        4 => (0usize..2, 1usize..200_000).prop_map(|(side, limit)| Step::Carry(side, limit, None)),
        1 => (0usize..2, 1usize..9000, 0usize..9000).prop_map(|(s, l, cut)| Step::Carry(s, l, Some(cut))),
        1 => Just(Step::Break),
    ]
}

proptest! {
    #[test]
    fn frames_come_once_and_in_order_however_often_connections_break(
        steps in prop::collection::vec(step(), 0..400),
    ) {
        let mut sides = [Side::default(), Side::default()];
        let mut lengths = [Vec::new(), Vec::new()];
        let carry = |sides: &mut [Side; 2], from: usize, limit: usize, cut: Option<usize>| {
            let bytes = sides[from].write(limit);
            match cut {
                Some(cut) => {
                    let bytes = &bytes[..cut.min(bytes.len())];
                    if from == 1 {
                        sides[0].read(bytes);
                    }
                    reconnect(sides, if from == 0 { bytes } else { &[] });
                }
                None => sides[1 - from].read(&bytes),
            }
        };
        for step in steps {
            match step {
                Step::Push(side, len) => {
                    if sides[side].push(len) {
                        lengths[side].push(len);
                    }
                }
                Step::Carry(from, limit, cut) => carry(&mut sides, from, limit, cut),
                Step::Break => reconnect(&mut sides, &[]),
            }
        }
        while sides[0].link.has_output() || sides[1].link.has_output() {
            carry(&mut sides, 0, usize::MAX, None);
            carry(&mut sides, 1, usize::MAX, None);
        }
        for (from, sent) in lengths.iter().enumerate() {
            let expected: Vec<(u64, usize)> = (0..).zip(sent.iter().copied()).collect();
            prop_assert_eq!(&sides[1 - from].got, &expected);
        }
    }
}

#[test]
fn a_peer_that_does_not_read_fills_the_window_and_no_more() {
    let mut sides = [Side::default(), Side::default()];
    let mut pushed = 0;
    while sides[0].push(50_000) {
        pushed += 1;
    }
    assert!(sides[0].link.held <= WINDOW && pushed * (50_000 + RECORD) + 60_000 > WINDOW);
    while sides[0].link.has_output() {
        let bytes = sides[0].write(1 << 20);
        sides[1].read(&bytes);
        let bytes = sides[1].write(1 << 20);
        sides[0].read(&bytes);
    }
    assert!(sides[0].push(50_000));
    assert!(sides[0].link.held < WINDOW / 2);
}

#[test]
fn nonsense_is_told_from_records() {
    let mut link = Link::default();
    let mut record = [0; RECORD];
    record[4] = 9;
    assert_eq!(link.take(&record, 100, |_, _| ()), Err(Nonsense::Record(9, 0)));
    record[4] = 0;
    record[0] = 101;
    assert_eq!(link.take(&record, 100, |_, _| ()), Err(Nonsense::Record(0, 101)));
    record[0] = 0;
    record[8] = 1;
    assert_eq!(link.take(&record, 100, |_, _| ()), Err(Nonsense::Acknowledged(1, 0)));
    assert_eq!(link.resume(1, 0), Err(Nonsense::Acknowledged(1, 0)));
    assert_eq!(link.take(&record[..RECORD - 1], 100, |_, _| ()), Ok(0));
}
