//! Every transport keeps the contract.

use rankwise_testkit::contract;
use rankwise_testkit::networks::{joined, loopback, shm, tcp};
use rankwise_transport::loopback::Settings;

#[test]
fn frames_arrive_in_order() {
    for seed in 0..8 {
        contract::frames_arrive_in_order(
            loopback(3, Settings { seed, hold: 4, ..Settings::default() }),
            seed,
        );
        contract::frames_arrive_in_order(shm(3), seed);
        contract::frames_arrive_in_order(shm(1), seed);
    }
    // Frames are longer there: fewer rounds do.
    contract::frames_arrive_in_order(tcp(3), 1);
    contract::frames_arrive_in_order(tcp(1), 2);
    contract::frames_arrive_in_order(joined(2, 2), 3);
    contract::frames_arrive_in_order(joined(2, 1), 4);
}

#[test]
fn copies_are_whole() {
    for seed in 0..4 {
        assert!(contract::copies_are_whole(shm(2), seed));
        assert!(!contract::copies_are_whole(loopback(2, Settings::default()), seed));
    }
    assert!(!contract::copies_are_whole(tcp(2), 1));
    // Ranks 0 and 1 share a node, or do not.
    assert!(contract::copies_are_whole(joined(1, 2), 1));
    assert!(!contract::copies_are_whole(joined(2, 2), 1));
}

#[test]
fn copies_of_blocks_are_whole() {
    for seed in 0..4 {
        assert!(contract::copies_of_blocks_are_whole(shm(2), seed));
        assert!(!contract::copies_of_blocks_are_whole(loopback(2, Settings::default()), seed));
    }
}

#[test]
fn allocated_memory_is_copied() {
    assert!(contract::allocated_memory_is_copied(shm(2)));
    assert!(contract::allocated_memory_is_copied(joined(1, 2)));
    assert!(!contract::allocated_memory_is_copied(loopback(2, Settings::default())));
}

#[test]
fn foreign_tokens_are_refused() {
    contract::foreign_tokens_are_refused(shm(2), 5);
    contract::foreign_tokens_are_refused(joined(1, 2), 5);
    contract::foreign_tokens_are_refused(joined(2, 2), 5);
    contract::foreign_tokens_are_refused(loopback(2, Settings::default()), 5);
}

#[test]
fn sleepers_are_woken() {
    contract::sleepers_are_woken(shm(2), 1);
    contract::sleepers_are_woken(tcp(2), 2);
    // Both by a doorbell, and by a connection.
    contract::sleepers_are_woken(joined(1, 2), 3);
    contract::sleepers_are_woken(joined(2, 1), 4);
    contract::sleepers_are_woken(joined(2, 2), 5);
}
