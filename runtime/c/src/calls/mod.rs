//! The bodies of the calls, by chapter. The table in `api` names them; `generated` calls them.

pub mod bindings;
pub mod datatype;
pub mod environment;
