//! Gives the library the name that programs built for the standard ABI look for (MPI 5.0, section 20.2), and binds its
//! calls of its own functions inside: a tool that replaces `MPI_Send` gets the program's calls, not the library's.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libmpi_abi.so.1");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-Bsymbolic-functions");
}
