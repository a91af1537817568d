//! Memory that several processes map: a file without a name, and windows onto it.

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::ptr::NonNull;

#[cfg(one_mapping)]
use self::one_mapping::Mapping;
use memmap2::MmapOptions;
#[cfg(not(one_mapping))]
use memmap2::MmapRaw as Mapping;
use nix::fcntl::{FallocateFlags, fallocate};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::mman::{MmapAdvise, ProtFlags, madvise, mprotect};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Makes an empty file that lives in memory only, has no name anywhere, and is gone with its last user.
#[doc(alias = "memfd_create")]
pub fn create(label: &str) -> io::Result<OwnedFd> {
    Ok(memfd_create(label, MFdFlags::MFD_CLOEXEC)?)
}

/// Gives the file behind `file` at least `length` bytes, which cost memory only once they are touched. Calling it from
/// several processes at once with the same length is harmless.
pub fn set_length(file: BorrowedFd<'_>, length: u64) -> io::Result<()> {
    let file = File::from(file.try_clone_to_owned()?);
    if file.metadata()?.len() < length {
        let _limit = FileSize::allow(length)?;
        file.set_len(length)?;
    }
    Ok(())
}

/// The limit on the length of files (`ulimit -f`), as it was: it is set again when this value goes.
///
/// The system counts memory as a file, and kills (SIGXFSZ) whoever makes one longer than the limit. It is meant for
/// disks, so it is lifted for a moment where that is permitted.
struct FileSize(Option<(u64, u64)>);

impl FileSize {
    /// Sees to it that a file may have `length` bytes.
    fn allow(length: u64) -> io::Result<FileSize> {
        let (soft, hard) = getrlimit(Resource::RLIMIT_FSIZE)?;
        if soft >= length {
            return Ok(FileSize(None));
        }
        setrlimit(Resource::RLIMIT_FSIZE, length, hard.max(length)).map_err(|_| {
            let text = format!("files may have {hard} bytes (ulimit -f), and it needs {length}");
            io::Error::new(io::ErrorKind::FileTooLarge, text)
        })?;
        Ok(FileSize(Some((soft, hard))))
    }
}

impl Drop for FileSize {
    fn drop(&mut self) {
        if let Some((soft, hard)) = self.0 {
            // To lower a limit is always permitted.
            let _ = setrlimit(Resource::RLIMIT_FSIZE, soft, hard);
        }
    }
}

/// Gives the memory behind a range of the file back to the system; it reads as zeros afterwards.
pub fn release(file: BorrowedFd<'_>, offset: u64, length: u64) -> io::Result<()> {
    let flags = FallocateFlags::FALLOC_FL_PUNCH_HOLE | FallocateFlags::FALLOC_FL_KEEP_SIZE;
    Ok(fallocate(file, flags, offset as i64, length as i64)?)
}

/// A window onto a shared file. Its bytes are reached by raw pointer only: other processes may write them at any time.
pub struct Window {
    map: Mapping,
}

impl Window {
    /// Maps `length` bytes from `offset` (a multiple of the page size), shared and writable.
    #[doc(alias = "mmap")]
    pub fn map(file: &impl AsFd, offset: u64, length: usize) -> io::Result<Window> {
        Window::make(file, offset, length, |_| Ok(()))
    }

    /// As [`Window::map`], but nothing of it can be touched before [`Window::open`] allows it. What reads all memory of
    /// a process (a core dump, a checker of leaks) would make every page of the range exist.
    #[doc(alias = "PROT_NONE")]
    pub fn reserve(file: &impl AsFd, offset: u64, length: usize) -> io::Result<Window> {
        Window::make(file, offset, length, |start| {
            // SAFETY: the range has just been mapped, and nobody else knows of it.
            unsafe {
                mprotect(start, length, ProtFlags::PROT_NONE)?;
                madvise(start, length, MmapAdvise::MADV_DONTDUMP)?;
            }
            Ok(())
        })
    }

    /// Lets the first `length` bytes of a reserved window be touched.
    #[doc(alias = "mprotect")]
    pub fn open(&self, length: usize) -> io::Result<()> {
        let length = length.next_multiple_of(page_size()).min(self.len());
        let start = NonNull::new(self.as_ptr().cast()).ok_or(io::ErrorKind::InvalidInput)?;
        // SAFETY: the range lies inside the window, which is only reached through pointers; more access harms nobody.
        unsafe {
            mprotect(start, length, ProtFlags::PROT_READ | ProtFlags::PROT_WRITE)?;
            madvise(start, length, MmapAdvise::MADV_DODUMP)?;
        }
        Ok(())
    }

    fn make(
        file: &impl AsFd,
        offset: u64,
        length: usize,
        prepare: impl FnOnce(NonNull<c_void>) -> io::Result<()>,
    ) -> io::Result<Window> {
        let map = || {
            let map = MmapOptions::new().offset(offset).len(length).map_raw(file.as_fd().as_raw_fd())?;
            prepare(NonNull::new(map.as_mut_ptr().cast()).ok_or(io::ErrorKind::InvalidData)?)?;
            io::Result::Ok(map)
        };
        #[cfg(one_mapping)]
        let map = || one_mapping::find(file.as_fd(), offset, length, map);
        Ok(Window { map: map()? })
    }

    /// The first byte.
    pub fn as_ptr(&self) -> *mut u8 {
        self.map.as_mut_ptr()
    }

    /// How many bytes are mapped.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether nothing is mapped.
    pub fn is_empty(&self) -> bool {
        self.map.len() == 0
    }
}

/// One mapping for all users of this process (`--cfg one_mapping`, see ci/san.sh). ThreadSanitizer knows memory by its
/// address: of two threads that use two mappings of one page it would see nothing.
#[cfg(one_mapping)]
mod one_mapping {
    use std::collections::HashMap;
    use std::collections::hash_map::Entry;
    use std::fs::File;
    use std::io;
    use std::os::fd::BorrowedFd;
    use std::os::unix::fs::MetadataExt;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Mutex};

    use memmap2::MmapRaw;

    pub type Mapping = Arc<MmapRaw>;

    /// The mapping of a range of a file: the one that there is, or what `map` makes. It stays for ever.
    pub fn find(
        file: BorrowedFd<'_>,
        offset: u64,
        length: usize,
        map: impl FnOnce() -> io::Result<MmapRaw>,
    ) -> io::Result<Mapping> {
        static MAPPINGS: Mutex<Option<HashMap<(u64, u64, usize), Mapping>>> = Mutex::new(None);
        // The sanitizer does not see into the standard library's mutex; it sees that this orders the same.
        static ORDER: AtomicU32 = AtomicU32::new(0);
        let inode = File::from(file.try_clone_to_owned()?).metadata()?.ino();
        let mut mappings = MAPPINGS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        ORDER.fetch_add(1, Ordering::Acquire);
        let mapping = match mappings.get_or_insert_default().entry((inode, offset, length)) {
            Entry::Occupied(found) => Ok(found.get().clone()),
            Entry::Vacant(place) => map().map(|made| place.insert(Arc::new(made)).clone()),
        };
        ORDER.fetch_add(1, Ordering::Release);
        mapping
    }
}

/// The size of a page of memory, in bytes.
pub fn page_size() -> usize {
    nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok().flatten().unwrap_or(4096) as usize
}

/// The memory of this machine, in bytes.
pub fn physical_memory() -> u64 {
    let pages = nix::unistd::sysconf(nix::unistd::SysconfVar::_PHYS_PAGES).ok().flatten().unwrap_or(1 << 20);
    pages as u64 * page_size() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_windows_see_the_same_bytes_and_released_ones_read_as_zero() {
        let file = create("test").unwrap();
        let page = page_size();
        set_length(file.as_fd(), 4 * page as u64).unwrap();
        let a = Window::map(&file, 0, 4 * page).unwrap();
        let b = Window::map(&file, page as u64, page).unwrap();
        // SAFETY: both windows are mapped, the offsets lie inside, and no other thread has them.
        unsafe {
            a.as_ptr().add(page).write(7);
            assert_eq!(b.as_ptr().read(), 7);
            release(file.as_fd(), page as u64, page as u64).unwrap();
            assert_eq!(b.as_ptr().read(), 0);
        }
    }
}
