//! One bit for each of many things, in memory that may not be there.

use crate::{Result, fail};

/// Bits that are numbered from 0.
#[derive(Default)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Holds `count` bits from now on, none of which is set.
    pub(super) fn reset(&mut self, count: usize) -> Result<()> {
        let words = count.div_ceil(64);
        self.words.clear();
        if self.words.try_reserve_exact(words).is_err() {
            fail!(ERR_NO_MEM, "there is no memory to keep account of {count} partitions");
        }
        self.words.resize(words, 0);
        Ok(())
    }

    /// Whether bit `index` is set.
    pub(super) fn get(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 != 0)
    }

    /// Sets bit `index`. Says whether it was set before.
    pub(super) fn set(&mut self, index: usize) -> bool {
        let Some(word) = self.words.get_mut(index / 64) else { return false };
        let bit = 1 << (index % 64);
        let before = *word & bit != 0;
        *word |= bit;
        before
    }

    /// Whether all bits from `from` up to, and without, `to` are set.
    pub(super) fn all(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at < to {
            let next = to.min((at / 64 + 1) * 64);
            let mask = (u64::MAX >> (64 - (next - at))) << (at % 64);
            if self.words.get(at / 64).is_none_or(|word| word & mask != mask) {
                return false;
            }
            at = next;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_as_their_bits() {
        let mut bits = Bits::default();
        bits.reset(300).unwrap();
        let mut plain = vec![false; 300];
        // A stride that meets every bit, and every border of a word from both sides.
        for step in 0..300 {
            let index = step * 7 % 300;
            assert_eq!((bits.get(index), bits.set(index), bits.set(index)), (false, false, true));
            plain[index] = true;
            for from in [0, 1, 60, 63, 64, 65, 127, 128, 200, 299, 300] {
                for to in [from, from + 1, from + 5, 64, 128, 192, 256, 299, 300] {
                    let to = to.min(300);
                    let all = from >= to || plain[from..to].iter().all(|set| *set);
                    assert_eq!(bits.all(from, to), all, "{from}..{to} after {step}");
                }
            }
        }
        assert!(!bits.get(320) && !bits.set(320) && !bits.all(299, 321));
        bits.reset(64).unwrap();
        assert!(!(0..64).any(|index| bits.get(index)));
    }

    #[test]
    fn memory_that_is_not_there_is_an_error() {
        let error = Bits::default().reset(usize::MAX).unwrap_err();
        assert_eq!(error.class, crate::ErrorClass::ERR_NO_MEM);
    }
}
