//! The library of PMIx, by which processes of a job find out about each other, if it is there. It is loaded at run time.
//!
//! The layout of its structures has been the same since its version 2.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

const NAME: usize = 256;
const KEY: usize = 512;

/// `pmix_proc_t`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Process {
    namespace: [u8; NAME],
    rank: u32,
}

/// `pmix_value_t`.
#[repr(C)]
struct Value {
    kind: u16,
    data: Data,
}

#[repr(C)]
union Data {
    string: *mut c_char,
    short: u16,
    number: u32,
    flag: u8,
    whole: [u64; 3],
}

/// `pmix_info_t`.
#[repr(C)]
struct Info {
    key: [u8; KEY],
    flags: u32,
    value: Value,
}

const _: () = assert!(size_of::<Process>() == 260 && size_of::<Value>() == 32 && size_of::<Info>() == 552);

const BOOL: u16 = 1;
const STRING: u16 = 3;
const UINT16: u16 = 13;
const UINT32: u16 = 14;
const GLOBAL: u8 = 3;
/// Stands for the job as a whole.
const WILDCARD: u32 = u32::MAX - 1;

type Get = unsafe extern "C" fn(*const Process, *const c_char, *const Info, usize, *mut *mut Value) -> c_int;
type Fence = unsafe extern "C" fn(*const Process, usize, *const Info, usize) -> c_int;

struct Functions {
    init: unsafe extern "C" fn(*mut Process, *const Info, usize) -> c_int,
    put: unsafe extern "C" fn(u8, *const c_char, *const Value) -> c_int,
    commit: unsafe extern "C" fn() -> c_int,
    fence: Fence,
    get: Get,
    abort: unsafe extern "C" fn(c_int, *const c_char, *const Process, usize) -> c_int,
    finalize: unsafe extern "C" fn(*const Info, usize) -> c_int,
    describe: unsafe extern "C" fn(c_int) -> *const c_char,
}

/// This process as a client of a server of PMIx.
pub struct Client {
    functions: Functions,
    own: Process,
}

// SAFETY: the library has locks of its own, and may be called from any thread.
unsafe impl Send for Client {}

impl Client {
    /// Loads the library of this name and connects with the server that the environment names.
    #[doc(alias("dlopen", "PMIx_Init"))]
    pub fn connect(library: &str) -> Result<Client, String> {
        let functions = load(library)?;
        let mut own = Process { namespace: [0; NAME], rank: 0 };
        // SAFETY: there is room for the process, and there are no infos.
        let code = unsafe { (functions.init)(&mut own, null(), 0) };
        let client = Client { functions, own };
        client.check("PMIx_Init", code)?;
        Ok(client)
    }

    /// The rank of this process.
    pub fn rank(&self) -> u32 {
        self.own.rank
    }

    /// A number that is known of this process, or of the whole job.
    pub fn number(&self, of_job: bool, key: &str) -> Option<u32> {
        self.look(if of_job { WILDCARD } else { self.own.rank }, key, |value| match value.kind {
            // SAFETY: the kind says which of the data there is.
            UINT16 => Some(u32::from(unsafe { value.data.short })),
            // SAFETY: as above.
            UINT32 => Some(unsafe { value.data.number }),
            _ => None,
        })
    }

    /// A text that a rank has put.
    #[doc(alias = "PMIx_Get")]
    pub fn get(&self, rank: u32, key: &str) -> Option<String> {
        self.look(rank, key, |value| {
            // SAFETY: the kind says which of the data there is.
            let string = if value.kind == STRING { unsafe { value.data.string } } else { null_mut() };
            if string.is_null() {
                return None;
            }
            // SAFETY: a string of the library ends in a zero byte; this one is ours now, nobody else has it, and it was made
            // by malloc.
            unsafe {
                let text = CStr::from_ptr(string).to_string_lossy().into_owned();
                libc::free(string.cast());
                Some(text)
            }
        })
    }

    fn look<T>(&self, rank: u32, key: &str, take: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let key = CString::new(key).ok().filter(|key| key.as_bytes().len() < KEY)?;
        let process = Process { rank, ..self.own };
        let mut value = null_mut();
        // SAFETY: process and key live through the call, there are no infos, and there is room for a pointer.
        let code = unsafe { (self.functions.get)(&process, key.as_ptr(), null(), 0, &mut value) };
        // SAFETY: where the call has succeeded the pointer is null or to a value that is ours now.
        let found = unsafe { value.as_ref() }.filter(|_| code == 0)?;
        let taken = take(found);
        // SAFETY: the value was made by malloc, and nobody has it any more.
        unsafe { libc::free(value.cast()) };
        taken
    }

    /// Says something to all ranks, who can hear it after the next fence.
    #[doc(alias("PMIx_Put", "PMIx_Commit"))]
    pub fn put(&self, key: &str, value: &str) -> Result<(), String> {
        let (Ok(key), Ok(text)) = (CString::new(key), CString::new(value)) else {
            return Err("a zero byte in what a rank says".into());
        };
        let value = Value { kind: STRING, data: Data { string: text.as_ptr().cast_mut() } };
        // SAFETY: key and value live through the call, which copies them.
        self.check("PMIx_Put", unsafe { (self.functions.put)(GLOBAL, key.as_ptr(), &value) })?;
        // SAFETY: it takes nothing.
        self.check("PMIx_Commit", unsafe { (self.functions.commit)() })
    }

    /// Waits until all ranks are here, and takes along what they have said.
    #[doc(alias = "PMIx_Fence")]
    pub fn fence(&self) -> Result<(), String> {
        let mut whole = Data { whole: [0; 3] };
        whole.flag = 1;
        let mut key = [0; KEY];
        let name = b"pmix.collect";
        key[..name.len()].copy_from_slice(name);
        let collect = Info { key, flags: 0, value: Value { kind: BOOL, data: whole } };
        // SAFETY: no processes stand for all of them; the one info lives through the call.
        self.check("PMIx_Fence", unsafe { (self.functions.fence)(null(), 0, &collect, 1) })
    }

    /// Asks for the end of the job.
    #[doc(alias = "PMIx_Abort")]
    pub fn abort(&self, code: i32, message: &str) {
        let message = CString::new(message).unwrap_or_default();
        // SAFETY: no processes stand for all of them; the message lives through the call.
        unsafe { (self.functions.abort)(code, message.as_ptr(), null(), 0) };
    }

    /// Disconnects. Nothing may be asked afterwards.
    #[doc(alias = "PMIx_Finalize")]
    pub fn finalize(&self) -> Result<(), String> {
        // SAFETY: there are no infos.
        self.check("PMIx_Finalize", unsafe { (self.functions.finalize)(null(), 0) })
    }

    fn check(&self, what: &str, code: c_int) -> Result<(), String> {
        if code == 0 {
            return Ok(());
        }
        // SAFETY: the library has a text for every number, which lives as long as the library.
        let text = unsafe { (self.functions.describe)(code) };
        // SAFETY: as above; only a null pointer would be none.
        let text = if text.is_null() { "".into() } else { unsafe { CStr::from_ptr(text) }.to_string_lossy() };
        Err(format!("{what} fails: {text} ({code})"))
    }
}

fn load(library: &str) -> Result<Functions, String> {
    let name = CString::new(library).map_err(|_| "a zero byte in the name of a library".to_string())?;
    // SAFETY: the name ends in a zero byte. The library's own beginnings are those of a shared library that others load too.
    // It has plugins that look for its symbols, hence RTLD_GLOBAL.
    let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_GLOBAL) };
    if handle.is_null() {
        return Err(loading_error(library));
    }
    let find = |name: &CStr| {
        // SAFETY: the handle is of a library that is never unloaded, and the name ends in a zero byte.
        let symbol = unsafe { libc::dlsym(handle, name.as_ptr()) };
        if symbol.is_null() { Err(loading_error(library)) } else { Ok(symbol) }
    };
    // SAFETY: each symbol is the function of that name in PMIx's interface, whose parameters these are.
    unsafe {
        Ok(Functions {
            init: function(find(c"PMIx_Init")?),
            put: function(find(c"PMIx_Put")?),
            commit: function(find(c"PMIx_Commit")?),
            fence: function(find(c"PMIx_Fence")?),
            get: function(find(c"PMIx_Get")?),
            abort: function(find(c"PMIx_Abort")?),
            finalize: function(find(c"PMIx_Finalize")?),
            describe: function(find(c"PMIx_Error_string")?),
        })
    }
}

/// The function at an address.
///
/// # Safety
///
/// `F` must be a pointer to a function, and the one at this address must be of that type.
unsafe fn function<F: Copy>(address: *mut c_void) -> F {
    const { assert!(size_of::<F>() == size_of::<*mut c_void>()) };
    let mut function = MaybeUninit::<F>::uninit();
    // SAFETY: both have the size of a pointer, and the caller answers for the type.
    unsafe {
        function.as_mut_ptr().cast::<*mut c_void>().write(address);
        function.assume_init()
    }
}

fn loading_error(library: &str) -> String {
    // SAFETY: the text that comes back is null or a string that lives until this thread's next such call.
    let text = unsafe {
        let text = libc::dlerror();
        if text.is_null() { "".into() } else { CStr::from_ptr(text).to_string_lossy().into_owned() }
    };
    format!("{library} cannot be loaded ({text})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_not_there_or_another_one_is_named() {
        let error = Client::connect("librankwise-no-such-library.so").map(|_| ()).unwrap_err();
        assert!(error.starts_with("librankwise-no-such-library.so cannot be loaded ("), "{error}");
        let error = Client::connect("libc.so.6").map(|_| ()).unwrap_err();
        assert!(error.contains("PMIx_Init"), "{error}");
    }
}
