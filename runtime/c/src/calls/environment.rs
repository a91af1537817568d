//! Enquiries, memory and clocks (MPI 5.0, chapter 9).

/// `MPI_Wtime`
pub fn wtime() -> f64 {
    0.0
}

/// `MPI_Wtick`
pub fn wtick() -> f64 {
    1e-9
}
