//! Operators of reductions (MPI 5.0, sections 6.9.2 to 6.9.5).

mod kernels;
mod number;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use self::kernels::Kernel;
use crate::datatype::Datatype;
use crate::handle::{Handle, Kind, Table};
use crate::{Result, fail};

/// A predefined operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Predefined {
    Sum,
    Min,
    Max,
    Prod,
    Band,
    Bor,
    Bxor,
    Land,
    Lor,
    Lxor,
    Minloc,
    Maxloc,
    /// For accumulates alone: they take one operand.
    Replace,
    NoOp,
}

use Predefined::*;

/// Handles and names of the standard ABI.
const PREDEFINED: [(usize, &str, Predefined); 14] = [
    (0x21, "MPI_SUM", Sum),
    (0x22, "MPI_MIN", Min),
    (0x23, "MPI_MAX", Max),
    (0x24, "MPI_PROD", Prod),
    (0x28, "MPI_BAND", Band),
    (0x29, "MPI_BOR", Bor),
    (0x2a, "MPI_BXOR", Bxor),
    (0x30, "MPI_LAND", Land),
    (0x31, "MPI_LOR", Lor),
    (0x32, "MPI_LXOR", Lxor),
    (0x38, "MPI_MINLOC", Minloc),
    (0x39, "MPI_MAXLOC", Maxloc),
    (0x3c, "MPI_REPLACE", Replace),
    (0x3d, "MPI_NO_OP", NoOp),
];

/// A user's operator: combines `count` elements, `inout` = `input` op `inout`. It is also told the datatype's handle.
#[doc(alias = "MPI_User_function")]
pub type UserFunction = Rc<dyn Fn(*const u8, *mut u8, i64, Handle)>;

/// An operator.
pub struct Op(How);

enum How {
    Predefined(&'static str, Predefined),
    User { commutative: bool, function: UserFunction },
}

impl Op {
    /// Whether the operands may change places.
    #[doc(alias = "MPI_Op_commutative")]
    pub fn commutative(&self) -> bool {
        match self.0 {
            How::Predefined(..) => true,
            How::User { commutative, .. } => commutative,
        }
    }

    fn kernel(&self, datatype: &Datatype) -> Option<Kernel> {
        match self.0 {
            How::Predefined(_, op) => kernels::find(op, datatype.basic()?.class),
            How::User { .. } => None,
        }
    }

    /// Whether the operator can be applied to a datatype.
    pub fn check(&self, datatype: &Datatype) -> Result<()> {
        let How::Predefined(name, _) = self.0 else { return Ok(()) };
        if self.kernel(datatype).is_some() {
            return Ok(());
        }
        match datatype.basic() {
            Some(basic) if basic.name.is_empty() => {
                fail!(ERR_OP, "{name} is not defined for pairs of a value and an index")
            }
            Some(basic) => fail!(ERR_OP, "{name} is not defined for {}", basic.name),
            None => fail!(
                ERR_OP,
                "{name} is not defined for derived datatypes: make an operator with MPI_Op_create"
            ),
        }
    }

    /// Combines `count` elements: `inout` = `input` op `inout`. `handle` is that of the datatype, for a user's function.
    #[allow(unsafe_code)]
    pub(crate) fn apply(
        &self,
        datatype: &Datatype,
        handle: Handle,
        input: *const u8,
        inout: *mut u8,
        count: i64,
    ) -> Result<()> {
        if count <= 0 {
            return Ok(());
        }
        if let How::User { function, .. } = &self.0 {
            function(input, inout, count, handle);
            return Ok(());
        }
        self.check(datatype)?;
        if let Some(kernel) = self.kernel(datatype) {
            // SAFETY: the reduction's buffers hold `count` elements each, by the contract of `UserBuf::new`, and the
            // kernel is that of the datatype.
            unsafe { kernel.run(input, inout, count as usize) };
        }
        Ok(())
    }
}

impl Handle {
    /// `MPI_OP_NULL`.
    pub const OP_NULL: Handle = Handle(0x20);
}

/// All operators of a world.
pub struct Ops {
    predefined: Vec<Option<Rc<Op>>>,
    users: Table<Rc<Op>>,
    /// Operators whose handles may have been freed, while what keeps them is being started.
    pub(crate) lent: Rc<[(Handle, Rc<Op>)]>,
}

impl Default for Ops {
    fn default() -> Ops {
        Ops::new()
    }
}

impl Ops {
    /// The predefined operators.
    pub fn new() -> Ops {
        let mut predefined: Vec<Option<Rc<Op>>> = (0..0x40).map(|_| None).collect();
        for (handle, name, op) in PREDEFINED {
            predefined[handle] = Some(Rc::new(Op(How::Predefined(name, op))));
        }
        Ops { predefined, users: Table::new(Kind::Op), lent: Rc::default() }
    }

    /// The operator behind a handle.
    pub fn get(&self, op: Handle) -> Result<Rc<Op>> {
        let found = match self.predefined.get(op.0) {
            Some(predefined) => predefined.as_ref(),
            None => self.users.get(op),
        };
        match found {
            Some(found) => Ok(found.clone()),
            None if let Some((_, lent)) = self.lent.iter().find(|(handle, _)| *handle == op) => {
                Ok(lent.clone())
            }
            None if op == Handle::OP_NULL => fail!(ERR_OP, "the operator is MPI_OP_NULL"),
            None => fail!(ERR_OP, "{:#x} is not an operator, or one that was freed", op.0),
        }
    }

    /// Makes an operator of a user's function.
    #[doc(alias = "MPI_Op_create")]
    pub fn create(&mut self, commutative: bool, function: UserFunction) -> Result<Handle> {
        match self.users.insert(Rc::new(Op(How::User { commutative, function }))) {
            Ok(handle) => Ok(handle),
            Err(_) => fail!(ERR_NO_MEM, "there are too many operators"),
        }
    }

    /// Frees an operator and sets the handle to `MPI_OP_NULL`. Reductions under way are not affected.
    #[doc(alias = "MPI_Op_free")]
    pub fn free(&mut self, op: &mut Handle) -> Result<()> {
        self.get(*op)?;
        if self.users.remove(*op).is_none() {
            fail!(ERR_OP, "a predefined operator cannot be freed");
        }
        *op = Handle::OP_NULL;
        Ok(())
    }
}
