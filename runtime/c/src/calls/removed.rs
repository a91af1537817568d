//! Functions that MPI-3.0 removed and that are not another one under an old name (MPI 5.0, section 17.1).

use rankwise_core::{Handle, Result, World};

use crate::entry::argument::Out;

/// `MPI_Type_extent`
pub fn extent(world: &World, datatype: Handle, extent: Out<isize>) -> Result<()> {
    extent.count(world.types.borrow().get(datatype)?.extent())
}

/// `MPI_Type_lb`
pub fn lb(world: &World, datatype: Handle, displacement: Out<isize>) -> Result<()> {
    displacement.count(world.types.borrow().get(datatype)?.lb())
}

/// `MPI_Type_ub`
pub fn ub(world: &World, datatype: Handle, displacement: Out<isize>) -> Result<()> {
    let datatype = world.types.borrow().get(datatype)?;
    displacement.count(datatype.lb() + datatype.extent())
}

#[cfg(test)]
mod tests {
    use crate::generated::constants::{MPI_LB, MPI_UB};
    use rankwise_core::Handle;

    #[test]
    fn the_markers_of_the_table_are_those_of_core() {
        assert_eq!((MPI_LB, MPI_UB), (Handle::LB, Handle::UB));
    }
}
