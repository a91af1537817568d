//! Enquiries, memory and clocks (MPI 5.0, chapter 9), and what the library says of its ABI (section 20.4).

use rankwise_core::{Handle, Result, World, fail};
use std::alloc::{Layout, alloc, dealloc};
use std::ffi::{c_char, c_int, c_void};

use crate::entry::argument::Out;
use crate::generated::constants::*;
use crate::global::{self, Objects};

/// `MPI_Get_version`
pub fn get_version(_: &Objects<'_>, version: Out<c_int>, subversion: Out<c_int>) -> Result<()> {
    version.set(MPI_VERSION)?;
    subversion.set(MPI_SUBVERSION)
}

/// `MPI_Get_library_version`
pub fn get_library_version(_: &Objects<'_>, version: Out<c_char>, length: Out<c_int>) -> Result<()> {
    let text = concat!("Rankwise ", env!("CARGO_PKG_VERSION"), " (MPI 5.0, standard ABI 1.0)");
    length.set(version.text(text.as_bytes(), MPI_MAX_LIBRARY_VERSION_STRING as usize)?)
}

/// `MPI_Abi_get_version`
pub fn abi_get_version(_: &Objects<'_>, major: Out<c_int>, minor: Out<c_int>) -> Result<()> {
    major.set(MPI_ABI_VERSION)?;
    minor.set(MPI_ABI_SUBVERSION)
}

/// `MPI_Abi_get_info`
pub fn abi_get_info(objects: &Objects<'_>, info: Out<Handle>) -> Result<()> {
    let sizes = ["mpi_aint_size", "mpi_count_size", "mpi_offset_size"];
    let pairs = sizes.map(|key| (key.to_string(), size_of::<i64>().to_string()));
    info.set(objects.infos.borrow_mut().create_with(pairs.into())?)
}

/// `MPI_Get_processor_name`
pub fn get_processor_name(world: &World, name: Out<c_char>, length: Out<c_int>) -> Result<()> {
    length.set(name.text(world.job().host.as_bytes(), MPI_MAX_PROCESSOR_NAME as usize)?)
}

/// `MPI_Wtime`
pub fn wtime() -> f64 {
    rankwise_os::clock::seconds()
}

/// `MPI_Wtick`
pub fn wtick() -> f64 {
    rankwise_os::clock::resolution()
}

/// What memory from the heap is aligned to: a cache line.
const ALIGN: usize = 64;

/// `MPI_Alloc_mem`
#[allow(unsafe_code)]
pub fn alloc_mem(world: &World, size: isize, info: Handle, baseptr: Out<c_void>) -> Result<()> {
    let Ok(bytes) = usize::try_from(size) else { fail!(ERR_ARG, "the size is {size}, less than 0") };
    if info != MPI_INFO_NULL {
        world.infos.borrow().get(info)?;
    }
    if let Some(memory) = world.alloc_mem(bytes) {
        return baseptr.set_pointer(memory);
    }
    let Ok(layout) = Layout::from_size_align(bytes.max(1), ALIGN) else {
        fail!(ERR_NO_MEM, "there are no {bytes} bytes of memory")
    };
    // SAFETY: the layout has at least one byte.
    let memory = unsafe { alloc(layout) };
    if memory.is_null() {
        fail!(ERR_NO_MEM, "there are no {bytes} bytes of memory");
    }
    if let Some(process) = global::process() {
        process.memory.borrow_mut().insert(memory.addr(), layout);
    }
    baseptr.set_pointer(memory)
}

/// `MPI_Free_mem`
#[allow(unsafe_code)]
pub fn free_mem(world: &World, base: Out<c_void>) -> Result<()> {
    let memory = base.address();
    if memory.is_null() || world.free_mem(memory) {
        return Ok(());
    }
    match global::process().and_then(|p| p.memory.borrow_mut().remove(&memory.addr())) {
        // SAFETY: `alloc_mem` got it with this layout, and it was not freed since: the entry was still there.
        Some(layout) => unsafe { dealloc(memory, layout) },
        None => fail!(ERR_BASE, "{memory:p} is not memory of MPI_Alloc_mem"),
    }
    Ok(())
}

/// `MPI_Pcontrol`: there is nothing to control; tools put their own in front (MPI 5.0, section 15.2.4).
pub fn pcontrol(_: &Objects<'_>, _level: c_int) -> Result<()> {
    Ok(())
}
