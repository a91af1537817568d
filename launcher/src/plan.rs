//! Where ranks run. All of it is pure: which node ([`map`]), and which processors of that ([`bind`]), or as a
//! file says ([`rankfile`]).

pub mod bind;
pub mod map;
pub mod rankfile;
