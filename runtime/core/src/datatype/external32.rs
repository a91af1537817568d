//! The external32 representation (MPI 5.0, section 14.5.2): numbers with the first byte the most significant, of sizes
//! that do not depend on the machine.
//!
//! A number that is larger in memory loses its upper bytes on the way out and gets them back, with its sign, on the way
//! in: `long` has 4 bytes there, `wchar_t` has 2. The x87's 80 bits travel as IEEE binary128, which holds them all.

use rustc_apfloat::ieee::{Quad, X87DoubleExtended};
use rustc_apfloat::{Float, FloatConvert};

use super::predefined::Scalar;
use super::signature::{Element, Signature};
use crate::buffer::Buffer;

const _: () =
    assert!(cfg!(target_endian = "little"), "the machines that are served have the last byte first");

/// How many bytes are converted at a time.
const PIECE: usize = 16 << 10;

/// Converts the elements of `signature`, which are the packed bytes of `from`, into `into`.
pub(super) fn pack(signature: &Signature, from: &Buffer, into: &Buffer) {
    convert(signature, from, into, Element::bytes, encode);
}

/// The reverse of [`pack`].
pub(super) fn unpack(signature: &Signature, from: &Buffer, into: &Buffer) {
    convert(signature, from, into, Element::external_bytes, decode);
}

fn convert(
    signature: &Signature,
    from: &Buffer,
    into: &Buffer,
    bytes: fn(Element) -> u64,
    code: fn(Element, &[u8], &mut Vec<u8>),
) {
    let mut source = Source { buffer: from, next: 0, piece: Vec::new(), used: 0 };
    let (mut out, mut written) = (Vec::with_capacity(2 * PIECE), 0);
    signature.runs(&mut |element, count| {
        let size = bytes(element) as usize;
        let mut left = count;
        while left > 0 {
            let now = left.min((PIECE / size) as u64);
            code(element, source.take(now as usize * size), &mut out);
            left -= now;
            if out.len() >= PIECE {
                written += into.write_bytes(written, &out);
                out.clear();
            }
        }
    });
    into.write_bytes(written, &out);
}

/// The packed bytes of a buffer, in order. A piece is read ahead, because runs of elements may be short.
struct Source<'a> {
    buffer: &'a Buffer,
    next: usize,
    piece: Vec<u8>,
    used: usize,
}

impl Source<'_> {
    /// The next `len` bytes, at most [`PIECE`].
    fn take(&mut self, len: usize) -> &[u8] {
        if self.piece.len() - self.used < len {
            self.next -= self.piece.len() - self.used;
            self.piece.resize(PIECE.min(self.buffer.len() - self.next), 0);
            self.buffer.read(self.next, &mut self.piece);
            self.next += self.piece.len();
            self.used = 0;
        }
        self.used += len;
        &self.piece[self.used - len..self.used]
    }
}

/// Appends elements in the external form.
fn encode(element: Element, native: &[u8], out: &mut Vec<u8>) {
    let external = element.external as usize;
    match element.scalar {
        Scalar::F80 => {
            for number in native.as_chunks().0 {
                let value = X87DoubleExtended::from_bits(u128::from_le_bytes(*number) & ((1 << 80) - 1));
                let quad: Quad = value.convert(&mut false).value;
                out.extend_from_slice(&quad.to_bits().to_be_bytes());
            }
        }
        scalar if scalar.size() as usize == external => swapped(native, external, out),
        scalar => {
            for number in native.chunks_exact(scalar.size() as usize) {
                out.extend(number[..external].iter().rev());
            }
        }
    }
}

/// Appends elements in the form of this machine.
fn decode(element: Element, external: &[u8], out: &mut Vec<u8>) {
    let (size, given) = (element.scalar.size() as usize, element.external as usize);
    match element.scalar {
        Scalar::F80 => {
            for number in external.as_chunks().0 {
                let quad = Quad::from_bits(u128::from_be_bytes(*number));
                let value: X87DoubleExtended = quad.convert(&mut false).value;
                out.extend_from_slice(&value.to_bits().to_le_bytes());
            }
        }
        _ if size == given => swapped(external, given, out),
        scalar => {
            let signed = matches!(scalar, Scalar::I16 | Scalar::I32 | Scalar::I64 | Scalar::I128);
            for number in external.chunks_exact(given) {
                out.extend(number.iter().rev());
                let fill = if signed && number[0] >= 0x80 { 0xff } else { 0 };
                out.resize(out.len() + size - given, fill);
            }
        }
    }
}

/// Appends numbers of `size` bytes, each with its bytes in reverse.
fn swapped(bytes: &[u8], size: usize, out: &mut Vec<u8>) {
    fn each<const SIZE: usize>(bytes: &mut [u8]) {
        bytes.as_chunks_mut::<SIZE>().0.iter_mut().for_each(|number| number.reverse());
    }
    let start = out.len();
    out.extend_from_slice(bytes);
    let new = &mut out[start..];
    match size {
        1 => {}
        2 => each::<2>(new),
        4 => each::<4>(new),
        8 => each::<8>(new),
        _ => new.chunks_exact_mut(size).for_each(<[u8]>::reverse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::Counts;
    use crate::datatype::{Datatype, Types};
    use crate::handle::Handle;
    use proptest::prelude::*;
    use std::rc::Rc;

    fn there(datatype: &Datatype, mut native: Vec<u8>) -> Vec<u8> {
        let mut out = vec![0xee; datatype.signature.external_bytes() as usize];
        pack(&datatype.signature, &Buffer::of_vec(&mut native), &Buffer::of_vec(&mut out));
        out
    }

    fn back(datatype: &Datatype, mut external: Vec<u8>) -> Vec<u8> {
        let mut out = vec![0xee; datatype.size() as usize];
        unpack(&datatype.signature, &Buffer::of_vec(&mut external), &Buffer::of_vec(&mut out));
        out
    }

    fn named(name: &str) -> Rc<Datatype> {
        let types = Types::new();
        let found = super::super::predefined::PREDEFINED.iter().find(|b| b.name == name).unwrap();
        types.get(found.handle).unwrap()
    }

    #[test]
    fn numbers_have_the_bytes_of_the_standard() {
        let check = |name: &str, native: &[u8], external: &[u8]| {
            let datatype = named(name);
            assert_eq!(there(&datatype, native.to_vec()), external, "{name}");
            assert_eq!(back(&datatype, external.to_vec()), native, "{name}");
        };
        check("MPI_INT", &0x0102_0304i32.to_le_bytes(), &[1, 2, 3, 4]);
        check("MPI_SHORT", &(-2i16).to_le_bytes(), &[0xff, 0xfe]);
        check("MPI_DOUBLE", &1.5f64.to_le_bytes(), &[0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
        check("MPI_LONG", &(-2i64).to_le_bytes(), &[0xff, 0xff, 0xff, 0xfe]);
        check("MPI_UNSIGNED_LONG", &0xffff_fffeu64.to_le_bytes(), &[0xff, 0xff, 0xff, 0xfe]);
        check("MPI_LONG_LONG_INT", &(-2i64).to_le_bytes(), &(-2i64).to_be_bytes());
        check("MPI_AINT", &5i64.to_le_bytes(), &[0, 0, 0, 0, 0, 0, 0, 5]);
        check("MPI_WCHAR", &0x20acu32.to_le_bytes(), &[0x20, 0xac]);
        check("MPI_C_BOOL", &[1], &[1]);
        check("MPI_LOGICAL", &1u32.to_le_bytes(), &[0, 0, 0, 1]);
        check("MPI_INTEGER16", &(-3i128).to_le_bytes(), &(-3i128).to_be_bytes());
        check("MPI_C_COMPLEX", &[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0], &[0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]);
        check("MPI_SHORT_INT", &[1, 0, 2, 0, 0, 0], &[0, 1, 0, 0, 0, 2]);
        check("MPI_LONG_INT", &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0], &[0, 0, 0, 1, 0, 0, 0, 2]);
        let mut minus_three_halves = vec![0xbf, 0xff, 0x80];
        minus_three_halves.resize(16, 0);
        if cfg!(target_arch = "x86_64") {
            let x87 = (0xbfff_c000_0000_0000_0000_u128).to_le_bytes();
            check("MPI_LONG_DOUBLE", &x87, &minus_three_halves);
        }
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_back(
            parts in prop::collection::vec((0..super::super::predefined::PREDEFINED.len(), 0..6i32), 1..6),
            count in 1..700u64,
            seed in any::<u64>(),
        ) {
            let mut types = Types::new();
            let (mut lengths, mut places, mut olds) = (vec![], vec![], vec![]);
            for (which, length) in parts {
                let basic = &super::super::predefined::PREDEFINED[which];
                lengths.push(length);
                places.push(0);
                olds.push(basic.handle);
            }
            let made = types.structure(Counts::I32(&lengths), Counts::I64(&places), &olds).unwrap();
            let whole: Handle = types.contiguous(count as i64, made).unwrap();
            let datatype = types.get(whole).unwrap();
            // Numbers that fit everywhere: small ones, with every kind of format.
            let (mut native, mut state) = (Vec::new(), seed);
            datatype.signature.runs(&mut |element, run| for _ in 0..run * element.numbers as u64 {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                let (size, value) = (element.scalar.size() as usize, state >> 33);
                let bits = match element.scalar {
                    Scalar::F80 => (0x3fff_8000_u128 << 48 | value as u128) | (value as u128 & 1) << 79,
                    _ if (element.external as usize) < size => (value & 0x7fff) as u128,
                    _ => value as u128 * 0x1_0000_0001_0000_0001,
                };
                native.extend_from_slice(&bits.to_le_bytes()[..size]);
            });
            prop_assert_eq!(native.len() as u64, datatype.size());
            prop_assert_eq!(back(&datatype, there(&datatype, native.clone())), native);
        }
    }
}
