//! Peers that were given up: whatever waits for them fails, now and from now on.
//!
//! A receive knows of whom its message can come. One from `MPI_ANY_SOURCE` fails as soon as one of them is lost, since
//! nobody can tell whether it waits for that one. What had arrived whole before is received as always.

use std::io;

use rankwise_transport::Peer;

use super::Pattern;
use super::engine::{P2p, Stream};
use crate::error::{Error, ErrorClass};
use crate::handle::Handle;
use crate::request::{Op, ReceivePhase, Role, SendPhase, Source};
use crate::world::World;

impl P2p {
    #[inline]
    pub(super) fn is_lost(&self, peer: Peer) -> bool {
        !self.lost.is_empty() && self.lost.contains_key(&peer)
    }

    /// A lost peer of whom messages are expected.
    #[inline]
    pub(super) fn lost_of(&self, source: &Source) -> Option<Peer> {
        if self.lost.is_empty() {
            return None;
        }
        self.lost.keys().copied().find(|&peer| source.includes(peer))
    }

    /// Whether a message with this pattern is here, or will never be.
    pub(super) fn is_foreseen(&mut self, (key, source): &Pattern) -> bool {
        self.unexpected.find(*key).is_some() || self.lost_of(source).is_some()
    }

    fn reason(&self, peer: Peer) -> String {
        let why = self.lost.get(&peer).map_or("", String::as_str);
        format!("rank {peer} of MPI_COMM_WORLD cannot be reached any more: {why}")
    }

    /// Ends an operation that waits for a lost peer.
    #[cold]
    pub(super) fn fail_lost(&mut self, handle: Handle, peer: Peer) {
        let reason = self.reason(peer);
        let Some(op) = self.ops.get_mut(handle) else { return };
        let context = match &op.role {
            Role::Send { key, .. } => Some(key.context),
            _ => None,
        };
        op.fail(context, ErrorClass::ERR_OTHER, reason);
        self.complete(handle);
    }

    /// Ends a partitioned request that was not matched, if its peer is lost.
    pub(super) fn fail_unmatched(&mut self, request: Handle) {
        if let Some(Op { role: Role::Partitioned(partitioned), done: false, .. }) = self.ops.get(request)
            && let Some(peer) = partitioned.waits_for()
            && self.is_lost(peer)
        {
            self.fail_lost(request, peer);
        }
    }

    /// A peer is lost: ends all that waits for it.
    pub(super) fn give_up(&mut self, peer: Peer, why: &io::Error) {
        self.lost.insert(peer, why.to_string());
        self.outbox[peer].clear();
        self.busy.retain(|&busy| busy != peer);
        self.rendezvous.retain(|rendezvous| rendezvous.peer != peer);
        self.streams[peer] = Stream::Nowhere;
        let waits = |op: &Op| match &op.role {
            Role::Send { peer: to, .. } => *to == peer,
            Role::Receive { source, .. } => source.includes(peer),
            Role::Partitioned(partitioned) => partitioned.waits_for() == Some(peer),
            _ => false,
        };
        let open = self.ops.iter().filter(|(_, op)| !op.done && waits(op));
        for handle in open.map(|(handle, _)| handle).collect::<Vec<_>>() {
            let Some(op) = self.ops.get(handle).filter(|op| !op.done) else { continue };
            match op.role {
                Role::Receive { phase: ReceivePhase::Posted(place), .. } => {
                    self.posted.remove(place);
                }
                Role::Send { phase: SendPhase::Offered(Some(copy)), .. } => {
                    self.exposures.retain(|exposure| exposure.0 != copy);
                    self.withdrawn.push(copy);
                }
                // A copy that is under way uses the buffer until it says that it is over.
                _ if self.pulls.iter().any(|pull| pull.1 == handle) => continue,
                _ => {}
            }
            self.fail_lost(handle, peer);
        }
    }
}

impl World {
    /// Why a probe waits for nothing.
    #[cold]
    pub(super) fn never_comes(&self, (_, source): &Pattern, comm: Handle) -> Error {
        let p2p = &self.engine.borrow().p2p;
        let reason = p2p.lost_of(source).map(|peer| p2p.reason(peer)).unwrap_or_default();
        Error::new(ErrorClass::ERR_OTHER, reason).on(comm)
    }
}
