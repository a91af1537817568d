//! Where ranks run. All of it is pure: which node ([`map`]), and which processors of that ([`bind`]).

pub mod bind;
pub mod map;
