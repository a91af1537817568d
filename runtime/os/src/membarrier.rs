//! A memory barrier that the rare side pays for the frequent one.
//!
//! Between a store and a later load of another word a processor may swap the two. Where one side does this for every
//! message and the other only before it goes to sleep, the sleeper can make all running processes that have registered
//! execute a barrier, and the frequent side needs none.

const GLOBAL_EXPEDITED: i32 = 1 << 1;
const REGISTER_GLOBAL_EXPEDITED: i32 = 1 << 2;

fn call(command: i32) -> bool {
    // SAFETY: membarrier takes three integers and touches no memory of ours.
    unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
}

/// Lets barriers of other processes reach this one. False where the kernel or a filter forbids it.
#[doc(alias = "MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED")]
pub fn register() -> bool {
    call(REGISTER_GLOBAL_EXPEDITED)
}

/// Makes every registered process that runs now pass a full barrier. False where this is forbidden.
#[doc(alias = "MEMBARRIER_CMD_GLOBAL_EXPEDITED")]
pub fn everywhere() -> bool {
    call(GLOBAL_EXPEDITED)
}
