//! What a program may consist of, and how one is drawn.

use proptest::prelude::*;
use rankwise_core::SendMode;
use rankwise_transport::Limits;

/// How many communicators there are.
pub const COMMS: usize = 3;
const TAGS: i32 = 3;

#[derive(Clone, Copy, Debug)]
pub enum Layout {
    Bytes,
    Pairs,
    Ragged,
    Rows,
    Backwards,
}

/// How long a message or a buffer is: near one of the borders between protocols.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub border: usize,
    pub beyond: usize,
}

#[derive(Clone, Copy, Debug)]
pub enum How {
    Plain,
    /// Without a request that anybody waits for.
    LetGo,
    /// By a persistent request, started so many times.
    Persistent(u32),
}

#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    pub source: Option<usize>,
    pub tag: Option<i32>,
    pub comm: usize,
}

/// One call of one rank. Numbers that name something are taken modulo how many there are.
#[derive(Clone, Debug)]
pub enum Step {
    Send { to: usize, tag: i32, comm: usize, mode: SendMode, size: Size, layout: Layout, how: How },
    Receive { pattern: Pattern, size: Size, layout: Layout, how: How },
    Exchange { to: usize, tag: i32, pattern: Pattern, size: Size, room: Size, layout: Layout },
    Probe { pattern: Pattern, take: bool },
    ReceiveTaken { which: usize, size: Size, layout: Layout },
    Cancel { which: usize },
    Test { which: usize },
    Look { which: usize },
    TestAny,
    TestSome,
    Progress,
}

pub fn pattern() -> impl Strategy<Value = Pattern> {
    (prop::option::weighted(0.6, 0usize..8), prop::option::weighted(0.6, 0..TAGS), 0..COMMS)
        .prop_map(|(source, tag, comm)| Pattern { source, tag, comm })
}

pub fn size() -> impl Strategy<Value = Size> {
    (0usize..9, 0usize..12).prop_map(|(border, beyond)| Size { border, beyond })
}

/// Room for most messages.
pub fn room() -> impl Strategy<Value = Size> {
    prop_oneof![3 => (8usize..9, 0usize..12), 1 => (0usize..9, 0usize..12)]
        .prop_map(|(border, beyond)| Size { border, beyond })
}

pub fn layout() -> impl Strategy<Value = Layout> {
    prop_oneof![
        4 => Just(Layout::Bytes),
        1 => Just(Layout::Pairs),
        1 => Just(Layout::Ragged),
        1 => Just(Layout::Rows),
        1 => Just(Layout::Backwards),
    ]
}

pub fn mode() -> impl Strategy<Value = SendMode> {
    // A message in ready mode that comes too early is kept like any other.
    prop_oneof![
        3 => Just(SendMode::Standard),
        1 => Just(SendMode::Synchronous),
        1 => Just(SendMode::Buffered),
        1 => Just(SendMode::Ready),
    ]
}

pub fn how() -> impl Strategy<Value = How> {
    prop_oneof![4 => Just(How::Plain), 1 => Just(How::LetGo), 1 => (1u32..4).prop_map(How::Persistent)]
}

pub fn step() -> impl Strategy<Value = (usize, Step)> {
    let send = (0usize..8, 0..TAGS, 0..COMMS, mode(), size(), layout(), how()).prop_map(
        |(to, tag, comm, mode, size, layout, how)| Step::Send { to, tag, comm, mode, size, layout, how },
    );
    let receive = (pattern(), room(), layout(), how())
        .prop_map(|(pattern, size, layout, how)| Step::Receive { pattern, size, layout, how });
    let exchange = (0usize..8, 0..TAGS, pattern(), size(), room(), layout()).prop_map(
        |(to, tag, pattern, size, room, layout)| Step::Exchange { to, tag, pattern, size, room, layout },
    );
    let which = any::<usize>;
    let call = prop_oneof![
        10 => send,
        10 => receive,
        1 => exchange,
        4 => (pattern(), any::<bool>()).prop_map(|(pattern, take)| Step::Probe { pattern, take }),
        3 => (which(), room(), layout())
            .prop_map(|(which, size, layout)| Step::ReceiveTaken { which, size, layout }),
        2 => which().prop_map(|which| Step::Cancel { which }),
        4 => which().prop_map(|which| Step::Test { which }),
        1 => which().prop_map(|which| Step::Look { which }),
        1 => Just(Step::TestAny),
        1 => Just(Step::TestSome),
        4 => Just(Step::Progress),
    ];
    (0usize..8, call)
}

impl Size {
    /// The number of bytes, by the limits of a transport.
    pub fn bytes(self, limits: &Limits) -> usize {
        let direct = limits.direct.min(1 << 20);
        let border = [0, 40, 64, limits.frame - 16, limits.frame, direct, limits.eager, 2 * limits.eager];
        match border.get(self.border) {
            Some(border) => (border + self.beyond).saturating_sub(6),
            None => 3 * limits.eager + self.beyond,
        }
    }
}
