//! Arrays of counts and displacements, as wide as the caller has them.

/// Counts or displacements, one for each block or each rank.
#[derive(Clone, Copy, Debug)]
pub enum Counts<'a> {
    /// Of the functions with `int` counts.
    I32(&'a [i32]),
    /// Of the functions with `MPI_Count` or `MPI_Aint` counts.
    I64(&'a [i64]),
}

impl Counts<'_> {
    /// The one numbered `i`.
    pub fn get(&self, i: usize) -> i64 {
        match self {
            Counts::I32(counts) => counts[i] as i64,
            Counts::I64(counts) => counts[i],
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Counts::I32(counts) => counts.len(),
            Counts::I64(counts) => counts.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len()).map(|i| self.get(i))
    }
}
