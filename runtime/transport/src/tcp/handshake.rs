//! How two ranks make sure of each other before a connection carries anything.
//!
//! ```text
//! dialler                                          acceptor
//!   | -- HELLO: magic, from, to, nonce ------------>  |
//!   | <-- CHALLENGE: nonce, received, proof --------  |   proof: HMAC over HELLO, nonce, received
//!   | -- ANSWER: received, proof ------------------>  |   proof: HMAC over HELLO, CHALLENGE, received
//! ```
//!
//! Both prove that they know the job's secret, over nonces of both that are used once: what was recorded of another
//! handshake proves nothing in this one. `received` is how many frames of the other side have come over connections that
//! broke; nothing but the magic and two ranks is looked at before a proof has held. The key is used for two messages that
//! differ in their first byte, so that neither proof can be sent back as the other one.
//!
//! This module neither reads nor writes: it makes messages of messages.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Peer;

/// The secret that all ranks of a job know and nobody else.
pub type Secret = [u8; 32];

type Nonce = [u8; 32];

const MAGIC: [u8; 8] = *b"RANKWIS\x01";
/// The lengths of the three messages, in bytes.
pub const HELLO: usize = 8 + 4 + 4 + 32;
pub const CHALLENGE: usize = 32 + 8 + 32;
pub const ANSWER: usize = 8 + 32;

/// The other side is no rank of this job, or does not keep to the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stranger {
    /// Not the first bytes of a rank.
    #[error("it does not speak this protocol, or another version of it")]
    Magic,
    /// It names ranks that do not exist, or another one than this.
    #[error("it names the wrong ranks")]
    Ranks,
    /// It does not know the secret.
    #[error("it does not know the job's secret")]
    Proof,
}

fn proof(secret: &Secret, role: u8, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of every length");
    mac.update(&[role]);
    parts.iter().for_each(|part| mac.update(part));
    mac
}

const ACCEPTOR: u8 = 1;
const DIALLER: u8 = 2;

/// The side that has dialled.
pub struct Dialler {
    secret: Secret,
    hello: [u8; HELLO],
}

impl Dialler {
    /// Rank `from` calls rank `to`. `nonce` must be random and new.
    pub fn new(secret: Secret, from: Peer, to: Peer, nonce: Nonce) -> Dialler {
        let mut hello = [0; HELLO];
        hello[..8].copy_from_slice(&MAGIC);
        hello[8..12].copy_from_slice(&(from as u32).to_le_bytes());
        hello[12..16].copy_from_slice(&(to as u32).to_le_bytes());
        hello[16..].copy_from_slice(&nonce);
        Dialler { secret, hello }
    }

    /// What is sent first.
    pub fn hello(&self) -> &[u8; HELLO] {
        &self.hello
    }

    /// Checks the other side's proof. Returns how many of our frames it has, and the answer, which says that we have
    /// `received` of its frames.
    pub fn answer(
        &self,
        challenge: &[u8; CHALLENGE],
        received: u64,
    ) -> Result<(u64, [u8; ANSWER]), Stranger> {
        let (said, their_proof) = challenge.split_at(40);
        proof(&self.secret, ACCEPTOR, &[&self.hello, said])
            .verify_slice(their_proof)
            .map_err(|_| Stranger::Proof)?;
        let ours = received.to_le_bytes();
        let mut answer = [0; ANSWER];
        answer[..8].copy_from_slice(&ours);
        let mac = proof(&self.secret, DIALLER, &[&self.hello, challenge, &ours]);
        answer[8..].copy_from_slice(&mac.finalize().into_bytes());
        Ok((number(&said[32..]), answer))
    }
}

/// The side that was called.
pub struct Acceptor {
    secret: Secret,
    hello: [u8; HELLO],
    challenge: [u8; CHALLENGE],
}

/// Which rank a HELLO claims to come from, if it is meant for rank `me` of `ranks`.
pub fn caller(hello: &[u8; HELLO], me: Peer, ranks: usize) -> Result<Peer, Stranger> {
    if hello[..8] != MAGIC {
        return Err(Stranger::Magic);
    }
    let rank = |at: usize| hello[at..at + 4].iter().rev().fold(0, |n, &b| n << 8 | b as usize);
    let (from, to) = (rank(8), rank(12));
    if to != me || from >= ranks || from == me {
        return Err(Stranger::Ranks);
    }
    Ok(from)
}

impl Acceptor {
    /// Answers a HELLO of which [`caller`] has told the rank; we have `received` frames of that rank. `nonce` must be
    /// random and new.
    pub fn new(secret: Secret, hello: [u8; HELLO], nonce: Nonce, received: u64) -> Acceptor {
        let mut challenge = [0; CHALLENGE];
        challenge[..32].copy_from_slice(&nonce);
        challenge[32..40].copy_from_slice(&received.to_le_bytes());
        let mac = proof(&secret, ACCEPTOR, &[&hello, &challenge[..40]]);
        challenge[40..].copy_from_slice(&mac.finalize().into_bytes());
        Acceptor { secret, hello, challenge }
    }

    /// What is sent back.
    pub fn challenge(&self) -> &[u8; CHALLENGE] {
        &self.challenge
    }

    /// Checks the other side's proof. Returns how many of our frames it has.
    pub fn finish(&self, answer: &[u8; ANSWER]) -> Result<u64, Stranger> {
        let (received, their_proof) = answer.split_at(8);
        proof(&self.secret, DIALLER, &[&self.hello, &self.challenge, received])
            .verify_slice(their_proof)
            .map_err(|_| Stranger::Proof)?;
        Ok(number(received))
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |n, &b| n << 8 | b as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: Secret = [7; 32];

    #[test]
    fn two_ranks_find_each_other_and_tell_what_they_have() {
        let dialler = Dialler::new(SECRET, 3, 1, [1; 32]);
        assert_eq!(caller(dialler.hello(), 1, 4), Ok(3));
        let acceptor = Acceptor::new(SECRET, *dialler.hello(), [2; 32], 1 << 40);
        let (theirs, answer) = dialler.answer(acceptor.challenge(), 77).unwrap();
        assert_eq!(theirs, 1 << 40);
        assert_eq!(acceptor.finish(&answer), Ok(77));
    }

    #[test]
    fn every_bit_counts_and_nothing_can_be_used_again() {
        let dialler = Dialler::new(SECRET, 3, 1, [1; 32]);
        let acceptor = Acceptor::new(SECRET, *dialler.hello(), [2; 32], 5);
        let (_, answer) = dialler.answer(acceptor.challenge(), 6).unwrap();
        for bit in 0..CHALLENGE * 8 {
            let mut changed = *acceptor.challenge();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(dialler.answer(&changed, 6).unwrap_err(), Stranger::Proof);
        }
        for bit in 0..ANSWER * 8 {
            let mut changed = answer;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(acceptor.finish(&changed), Err(Stranger::Proof));
        }
        // A recorded HELLO and its ANSWER, against the nonce of a new handshake.
        let again = Acceptor::new(SECRET, *dialler.hello(), [3; 32], 5);
        assert_eq!(again.finish(&answer), Err(Stranger::Proof));
        let other = Acceptor::new([8; 32], *dialler.hello(), [2; 32], 5);
        assert_eq!(dialler.answer(other.challenge(), 6).unwrap_err(), Stranger::Proof);
        // The acceptor's own proof, sent back to it.
        let mut reflected = [0; ANSWER];
        reflected.copy_from_slice(&acceptor.challenge()[32..]);
        assert_eq!(acceptor.finish(&reflected), Err(Stranger::Proof));
    }

    #[test]
    fn callers_that_are_none_are_told_apart() {
        let hello = *Dialler::new(SECRET, 3, 1, [1; 32]).hello();
        assert_eq!(caller(&hello, 1, 3), Err(Stranger::Ranks));
        assert_eq!(caller(&hello, 2, 4), Err(Stranger::Ranks));
        assert_eq!(caller(Dialler::new(SECRET, 1, 1, [1; 32]).hello(), 1, 4), Err(Stranger::Ranks));
        let mut get = [b' '; HELLO];
        get[..14].copy_from_slice(b"GET / HTTP/1.1");
        assert_eq!(caller(&get, 1, 4), Err(Stranger::Magic));
    }
}
