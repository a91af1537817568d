//! Random programs of sends, receives, probes and cancels on 2 to 8 ranks, against a reference matcher.
//!
//! The ranks' networks tell in which order messages arrive. With that the standard leaves nothing open (MPI 5.0, section
//! 3.5): the reference, two plain lists for each rank and communicator, says which message each receive and each probe
//! gets and whether a cancel comes too late, and the library must agree at every step. A program that fails is made
//! shorter until no step can be left out.

#[path = "programs/steps.rs"]
mod steps;

use std::collections::VecDeque;

use proptest::prelude::*;
use rankwise_core::{ANY_SOURCE, ANY_TAG, Counts, Error, Handle, SendMode, Status, TestAny, World};
use rankwise_testkit::networks::{self, Arrivals, Network};
use rankwise_testkit::worlds::{BYTE, Stillness, Worlds, typed};
use rankwise_transport::Limits;
use rankwise_transport::loopback::Settings;
use steps::{COMMS, How, Layout, Pattern, Size, Step, step};

/// Longer than any other.
const LARGE: Size = Size { border: 8, beyond: 20 };

/// A buffer of a program: where its packed bytes lie in its memory.
struct Memory {
    bytes: Vec<u8>,
    places: Vec<usize>,
    origin: usize,
    count: usize,
}

/// What bytes are that nothing was received into.
const UNTOUCHED: u8 = 0xee;

impl Memory {
    /// Room for up to `len` bytes, and its datatype.
    fn new(world: &World, layout: Layout, len: usize) -> (Memory, Handle) {
        let mut types = world.types.borrow_mut();
        let each = |count: usize, extent: usize, places: &[usize]| {
            (0..count).flat_map(|i| places.iter().map(move |p| i * extent + p)).collect::<Vec<_>>()
        };
        let (mut origin, mut count) = (0, 1);
        let rows = len / 8;
        let (datatype, places) = match layout {
            Layout::Bytes => {
                count = len;
                (BYTE, (0..len).collect())
            }
            Layout::Pairs => {
                count = len / 4;
                (types.vector(2, 2, 3, BYTE).unwrap(), each(count, 5, &[0, 1, 3, 4]))
            }
            Layout::Ragged => {
                count = len / 6;
                let (lengths, displacements) = (Counts::I32(&[1, 3, 2]), Counts::I32(&[9, 0, 5]));
                (types.indexed(lengths, displacements, BYTE).unwrap(), each(count, 10, &[9, 0, 1, 2, 5, 6]))
            }
            Layout::Rows => {
                let row: Vec<usize> = (0..8).collect();
                (types.vector(rows as i64, 8, 20, BYTE).unwrap(), each(rows, 20, &row))
            }
            Layout::Backwards => {
                origin = rows.saturating_sub(1) * 11;
                let places = (0..rows).rev().flat_map(|i| (0..8).map(move |p| i * 11 + p)).collect();
                (types.vector(rows as i64, 8, -11, BYTE).unwrap(), places)
            }
        };
        if datatype != BYTE {
            types.commit(datatype).unwrap();
        }
        let length = places.iter().max().map_or(0, |last| last + 1) + 7;
        (Memory { bytes: vec![UNTOUCHED; length], places, origin, count }, datatype)
    }

    fn buffer(&mut self, datatype: Handle) -> rankwise_core::UserBuf {
        typed(&mut self.bytes, self.origin, self.count, datatype)
    }

    fn fill(&mut self, message: usize) {
        for (i, &place) in self.places.iter().enumerate() {
            self.bytes[place] = content(message, i);
        }
    }

    /// What it holds when a message of `len` bytes was received into it.
    fn expected(&self, message: usize, len: usize) -> Vec<u8> {
        let mut bytes = vec![UNTOUCHED; self.bytes.len()];
        for (i, &place) in self.places.iter().take(len).enumerate() {
            bytes[place] = content(message, i);
        }
        bytes
    }
}

fn content(message: usize, i: usize) -> u8 {
    (message * 131 + i * 7 + (i >> 8) * 13) as u8
}

struct Message {
    from: usize,
    to: usize,
    tag: i32,
    comm: usize,
    len: usize,
    matched: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Posted,
    Matched(usize),
    Cancelled,
}

struct Receive {
    pattern: Pattern,
    state: State,
}

struct Sending {
    memory: Memory,
    message: usize,
    mode: SendMode,
}

struct Receiving {
    memory: Memory,
    receive: usize,
}

enum Work {
    Send(Sending),
    Receive(Receiving),
    Both(Sending, Receiving),
}

/// A request that was not completed yet.
struct Open {
    request: Handle,
    work: Work,
    /// How often it is to be started again, if it is persistent.
    again: Option<u32>,
}

/// A program under way, and what the reference knows of it.
struct Job {
    worlds: Worlds,
    limits: Limits,
    arrivals: Arrivals,
    comms: Vec<[Handle; COMMS]>,
    messages: Vec<Message>,
    receives: Vec<Receive>,
    /// By sender and receiver: what was sent and has not arrived.
    on_the_way: Vec<Vec<VecDeque<usize>>>,
    /// By rank and communicator: receives that wait, in the order of posting.
    posted: Vec<[Vec<usize>; COMMS]>,
    /// By rank and communicator: messages that wait, in the order of arrival.
    unexpected: Vec<[Vec<usize>; COMMS]>,
    open: Vec<Vec<Open>>,
    /// Messages that matched probes took.
    taken: Vec<Vec<(Handle, usize)>>,
    /// What is over; nothing may write there any more.
    over: Vec<Memory>,
    received: Vec<(Memory, Vec<u8>)>,
    _attached: Vec<Vec<u8>>,
}

impl Job {
    fn new(network: Network, seed: u64) -> Job {
        let n = network.len();
        let mut limits = network[0].limits(1);
        // What fits into the smallest frame comes in one, whoever sends it.
        limits.frame =
            (1..network.len()).map(|peer| network[0].limits(peer).frame).min().unwrap_or(limits.frame);
        let (network, arrivals) = networks::watched(network);
        let mut worlds = Worlds::new(network, seed);
        // In the last one the ranks are in reverse order.
        let comms = worlds.run(|world| {
            let copy = world.comm_dup(Handle::COMM_WORLD).unwrap();
            let reversed = world.comm_split(Handle::COMM_WORLD, 0, -(world.rank() as i32)).unwrap();
            [Handle::COMM_WORLD, copy, reversed]
        });
        arrivals.borrow_mut().clear();
        // The library's own memory for buffered sends, or a buffer that a few large ones fill.
        let automatic = seed.is_multiple_of(2);
        let size = if automatic { 0 } else { 5 * limits.eager };
        let mut attached: Vec<Vec<u8>> = (0..n).map(|_| vec![0; size]).collect();
        for (rank, memory) in attached.iter_mut().enumerate() {
            let address = if automatic { std::ptr::without_provenance_mut(2) } else { memory.as_mut_ptr() };
            worlds.rank(rank).buffer_attach(None, address, size as i64).unwrap();
        }
        Job {
            worlds,
            limits,
            arrivals,
            comms,
            messages: Vec::new(),
            receives: Vec::new(),
            on_the_way: (0..n).map(|_| vec![VecDeque::new(); n]).collect(),
            posted: (0..n).map(|_| Default::default()).collect(),
            unexpected: (0..n).map(|_| Default::default()).collect(),
            open: (0..n).map(|_| Vec::new()).collect(),
            taken: (0..n).map(|_| Vec::new()).collect(),
            over: Vec::new(),
            received: Vec::new(),
            _attached: attached,
        }
    }

    fn size(&self) -> usize {
        self.worlds.size()
    }

    /// The rank that world rank `rank` has in a communicator, and the other way round.
    fn swap(&self, comm: usize, rank: usize) -> usize {
        if comm == 2 { self.size() - 1 - rank } else { rank }
    }

    fn source(&self, pattern: Pattern) -> i32 {
        pattern.source.map_or(ANY_SOURCE, |source| (source % self.size()) as i32)
    }

    // The reference.

    fn fits(&self, pattern: Pattern, message: usize) -> bool {
        let m = &self.messages[message];
        let source = pattern.source.map(|source| self.swap(pattern.comm, source % self.size()));
        pattern.comm == m.comm && source.is_none_or(|s| s == m.from) && pattern.tag.is_none_or(|t| t == m.tag)
    }

    fn find(&self, rank: usize, pattern: Pattern) -> Option<usize> {
        let waiting = &self.unexpected[rank][pattern.comm];
        waiting.iter().copied().find(|&message| self.fits(pattern, message))
    }

    fn take(&mut self, rank: usize, message: usize) {
        let comm = self.messages[message].comm;
        self.unexpected[rank][comm].retain(|&m| m != message);
        self.messages[message].matched = true;
    }

    fn post(&mut self, rank: usize, pattern: Pattern) -> usize {
        let receive = self.receives.len();
        let found = self.find(rank, pattern);
        let state = found.map_or(State::Posted, State::Matched);
        self.receives.push(Receive { pattern, state });
        match found {
            Some(message) => self.take(rank, message),
            None => self.posted[rank][pattern.comm].push(receive),
        }
        receive
    }

    /// Looks at what has arrived since this was called last.
    fn arrive(&mut self) {
        let arrivals = std::mem::take(&mut *self.arrivals.borrow_mut());
        for arrival in arrivals {
            let message =
                self.on_the_way[arrival.from][arrival.at].pop_front().expect("a message that was sent");
            assert_eq!(self.messages[message].tag, arrival.tag, "overtaken on the way");
            let comm = self.messages[message].comm;
            let posted = &self.posted[arrival.at][comm];
            match posted.iter().position(|&r| self.fits(self.receives[r].pattern, message)) {
                Some(i) => {
                    let receive = self.posted[arrival.at][comm].remove(i);
                    self.receives[receive].state = State::Matched(message);
                    self.messages[message].matched = true;
                }
                None => self.unexpected[arrival.at][comm].push(message),
            }
        }
    }

    fn check_status(&self, status: &Status, message: usize, room: usize) {
        let m = &self.messages[message];
        let got = (status.source, status.tag, status.bytes(), status.cancelled());
        let source = self.swap(m.comm, m.from) as i32;
        assert_eq!(got, (source, m.tag, m.len.min(room) as u64, false), "the status of message {message}");
    }

    // The calls.

    fn new_message(&mut self, from: usize, to: usize, tag: i32, comm: usize, len: usize) -> usize {
        let (message, to) = (self.messages.len(), self.swap(comm, to % self.size()));
        self.messages.push(Message { from, to, tag, comm, len, matched: false });
        self.on_the_way[from][to].push_back(message);
        message
    }

    /// The buffer of a message that was sent, and its type. The caller frees the type when the operation has begun.
    fn sending(&self, rank: usize, layout: Layout, size: Size) -> (Memory, Handle) {
        Memory::new(self.worlds.rank(rank), layout, size.bytes(&self.limits))
    }

    fn free_type(&self, rank: usize, mut datatype: Handle) {
        if datatype != BYTE {
            self.worlds.rank(rank).type_free(&mut datatype).unwrap();
        }
    }

    fn step(&mut self, rank: usize, step: Step) {
        match step {
            Step::Send { to, tag, comm, mode, size, layout, how } => {
                let (mut memory, datatype) = self.sending(rank, layout, size);
                let message = self.new_message(rank, to, tag, comm, memory.places.len());
                memory.fill(message);
                let dest = (to % self.size()) as i32;
                let (world, on) = (self.worlds.rank(rank), self.comms[rank][comm]);
                let buf = memory.buffer(datatype);
                let begun = match how {
                    How::Persistent(times) => {
                        let mut request = world.send_init(mode, buf, dest, tag, on).unwrap();
                        let started = world.start_all(&[request]);
                        if started.is_err() {
                            world.request_free(&mut request).unwrap();
                        }
                        started.map(|()| (request, Some(times)))
                    }
                    _ => world.isend(mode, buf, dest, tag, on).map(|request| (request, None)),
                };
                self.free_type(rank, datatype);
                let (mut request, again) = match begun {
                    Ok(begun) => begun,
                    Err(error) => return self.refused(mode, message, &error),
                };
                if let How::LetGo = how {
                    self.worlds.rank(rank).request_free(&mut request).unwrap();
                    self.over.push(memory);
                } else {
                    let work = Work::Send(Sending { memory, message, mode });
                    self.open[rank].push(Open { request, work, again });
                }
            }
            Step::Receive { pattern, size, layout, how } => {
                let (mut memory, datatype) = self.sending(rank, layout, size);
                let receive = self.post(rank, pattern);
                let (source, tag) = (self.source(pattern), pattern.tag.unwrap_or(ANY_TAG));
                let (world, on) = (self.worlds.rank(rank), self.comms[rank][pattern.comm]);
                let buf = memory.buffer(datatype);
                // A call that waits is made where it need not: the message is there.
                let there = match self.receives[receive].state {
                    State::Matched(message) => self.messages[message].len + 8 <= self.limits.frame,
                    _ => false,
                };
                match how {
                    How::LetGo if there => {
                        let result = world.recv(buf, source, tag, on);
                        self.received(Receiving { memory, receive }, &result);
                    }
                    How::Plain | How::LetGo => {
                        let request = world.irecv(buf, source, tag, on).unwrap();
                        let work = Work::Receive(Receiving { memory, receive });
                        self.open[rank].push(Open { request, work, again: None });
                    }
                    How::Persistent(times) => {
                        let request = world.recv_init(buf, source, tag, on).unwrap();
                        world.request_start(request).unwrap();
                        let work = Work::Receive(Receiving { memory, receive });
                        self.open[rank].push(Open { request, work, again: Some(times) });
                    }
                }
                self.free_type(rank, datatype);
            }
            Step::Exchange { to, tag, pattern, size, room, layout } => {
                let (mut out, sent) = self.sending(rank, layout, size);
                let (mut memory, wanted) = self.sending(rank, Layout::Bytes, room);
                let receive = self.post(rank, pattern);
                let message = self.new_message(rank, to, tag, pattern.comm, out.places.len());
                out.fill(message);
                let (source, rtag) = (self.source(pattern), pattern.tag.unwrap_or(ANY_TAG));
                let (world, on) = (self.worlds.rank(rank), self.comms[rank][pattern.comm]);
                let (sbuf, rbuf) = (out.buffer(sent), memory.buffer(wanted));
                let dest = (to % self.size()) as i32;
                let request = world.isendrecv(sbuf, dest, tag, rbuf, source, rtag, on).unwrap();
                self.free_type(rank, sent);
                let send = Sending { memory: out, message, mode: SendMode::Standard };
                let work = Work::Both(send, Receiving { memory, receive });
                self.open[rank].push(Open { request, work, again: None });
            }
            Step::Probe { pattern, take } => self.probe(rank, pattern, take),
            Step::ReceiveTaken { which, size, layout } => {
                if !self.taken[rank].is_empty() {
                    let which = which % self.taken[rank].len();
                    self.receive_taken(rank, which, size, layout);
                }
            }
            Step::Cancel { which } => {
                let is_receive = |open: &Open| matches!(open.work, Work::Receive(_));
                let receives: Vec<usize> =
                    (0..self.open[rank].len()).filter(|&i| is_receive(&self.open[rank][i])).collect();
                if !receives.is_empty() {
                    self.cancel(rank, receives[which % receives.len()]);
                }
            }
            Step::Test { which } if !self.open[rank].is_empty() => {
                let which = which % self.open[rank].len();
                self.test(rank, which);
            }
            Step::Look { which } if !self.open[rank].is_empty() => {
                let which = which % self.open[rank].len();
                let request = self.open[rank][which].request;
                let done = self.worlds.rank(rank).request_get_status(request).unwrap().is_some();
                self.arrive();
                let mut same = request;
                // What was complete still is.
                let tested = self.worlds.rank(rank).test(&mut same).transpose();
                assert!(tested.is_some() || !done);
                if let Some(result) = tested {
                    self.arrive();
                    self.ended(rank, which, result);
                }
            }
            Step::Test { .. } | Step::Look { .. } => {}
            Step::TestAny => {
                let mut requests: Vec<Handle> = self.open[rank].iter().map(|open| open.request).collect();
                let found = self.worlds.rank(rank).testany(&mut requests);
                self.arrive();
                match found {
                    Ok(TestAny::Done(which, status)) => self.ended(rank, which, Ok(status)),
                    Ok(TestAny::Inactive) => assert!(requests.is_empty()),
                    Ok(TestAny::Pending) => {}
                    Err(error) => {
                        let which = error.index.expect("an error says which request it is of");
                        self.ended(rank, which, Err(error));
                    }
                }
            }
            Step::TestSome => self.test_some(rank),
            Step::Progress => {
                self.worlds.rank(rank).progress().unwrap();
            }
        }
        self.arrive();
    }

    fn probe(&mut self, rank: usize, pattern: Pattern, take: bool) {
        let before = self.find(rank, pattern);
        let (world, on) = (self.worlds.rank(rank), self.comms[rank][pattern.comm]);
        let (source, tag) = (self.source(pattern), pattern.tag.unwrap_or(ANY_TAG));
        let found = match (take, before) {
            (false, Some(_)) => Some((None, world.probe(source, tag, on).unwrap())),
            (false, None) => world.iprobe(source, tag, on).unwrap().map(|status| (None, status)),
            (true, Some(_)) => Some(world.mprobe(source, tag, on).unwrap()).map(|(m, s)| (Some(m), s)),
            (true, None) => world.improbe(source, tag, on).unwrap().map(|(m, s)| (Some(m), s)),
        };
        self.arrive();
        let expected = before.or_else(|| self.find(rank, pattern));
        match (found, expected) {
            (None, None) => {}
            (Some((handle, status)), Some(message)) => {
                self.check_status(&status, message, usize::MAX);
                if let Some(handle) = handle {
                    self.take(rank, message);
                    self.taken[rank].push((handle, message));
                }
            }
            (found, expected) => panic!("probed {found:?}, but {expected:?} is there"),
        }
    }

    fn receive_taken(&mut self, rank: usize, which: usize, size: Size, layout: Layout) {
        let (handle, message) = self.taken[rank].swap_remove(which);
        let (mut memory, datatype) = self.sending(rank, layout, size);
        let pattern = Pattern { source: None, tag: None, comm: self.messages[message].comm };
        let receive = self.receives.len();
        self.receives.push(Receive { pattern, state: State::Matched(message) });
        let buf = memory.buffer(datatype);
        let request = self.worlds.rank(rank).imrecv(buf, handle).unwrap();
        self.free_type(rank, datatype);
        let work = Work::Receive(Receiving { memory, receive });
        self.open[rank].push(Open { request, work, again: None });
    }

    fn cancel(&mut self, rank: usize, which: usize) {
        let Open { request, work: Work::Receive(Receiving { receive, .. }), .. } = &self.open[rank][which]
        else {
            panic!("not a receive");
        };
        let (request, receive) = (*request, *receive);
        self.worlds.rank(rank).cancel(request).unwrap();
        let Receive { pattern, state } = &mut self.receives[receive];
        if *state == State::Posted {
            *state = State::Cancelled;
            self.posted[rank][pattern.comm].retain(|&r| r != receive);
        }
    }

    fn test(&mut self, rank: usize, which: usize) -> bool {
        let mut request = self.open[rank][which].request;
        let result = self.worlds.rank(rank).test(&mut request).transpose();
        self.arrive();
        let Some(result) = result else { return false };
        assert_eq!(request == Handle::REQUEST_NULL, self.open[rank][which].again.is_none());
        self.ended(rank, which, result);
        true
    }

    fn test_some(&mut self, rank: usize) {
        let mut requests: Vec<Handle> = self.open[rank].iter().map(|open| open.request).collect();
        let (mut indices, mut statuses) = (Vec::new(), Vec::new());
        let result = self.worlds.rank(rank).testsome(&mut requests, &mut indices, &mut statuses);
        self.arrive();
        let failed = statuses.iter().any(|status| status.error != 0);
        assert_eq!(result.is_err(), failed);
        // From the back, as what has ended is taken out.
        for (&which, status) in indices.iter().zip(&statuses).rev() {
            let result = match status.error {
                0 => Ok(*status),
                _ => Err(Error::new(rankwise_core::ErrorClass(status.error), "")),
            };
            self.ended(rank, which, result);
        }
    }

    /// A request is complete.
    fn ended(&mut self, rank: usize, which: usize, result: rankwise_core::Result<Status>) {
        let Open { request, mut work, again } = self.open[rank].remove(which);
        let mut again = again;
        match work {
            Work::Send(ref mut sending) => {
                let status = result.expect("a send succeeds");
                assert!(!status.cancelled());
                self.sent(sending);
            }
            Work::Receive(receiving) => work = Work::Receive(self.received(receiving, &result)),
            Work::Both(ref mut sending, _) => {
                self.sent(sending);
                if let Work::Both(sending, receiving) = work {
                    self.over.push(sending.memory);
                    self.received(receiving, &result);
                }
                return;
            }
        }
        if let Some(times @ 1..) = &mut again {
            *times -= 1;
            self.start_again(rank, &mut work);
            let started = self.worlds.rank(rank).request_start(request);
            match (started, &work) {
                (Ok(()), _) => {
                    self.open[rank].push(Open { request, work, again });
                    return;
                }
                (Err(error), Work::Send(sending)) => self.refused(sending.mode, sending.message, &error),
                (Err(error), _) => panic!("a receive cannot be started: {error}"),
            }
        }
        if again.is_some() {
            let mut request = request;
            self.worlds.rank(rank).request_free(&mut request).unwrap();
        }
        match work {
            Work::Send(sending) => self.over.push(sending.memory),
            Work::Receive(receiving) => {
                let now = receiving.memory.bytes.clone();
                self.received.push((receiving.memory, now));
            }
            Work::Both(..) => {}
        }
    }

    /// A send was refused, as one in buffered mode may be for lack of room: nothing of it will arrive.
    fn refused(&mut self, mode: SendMode, message: usize, error: &Error) {
        assert!(mode == SendMode::Buffered && error.class.name() == Some("MPI_ERR_BUFFER"), "{error}");
        // The call has looked at what had arrived here.
        self.arrive();
        let Message { from, to, ref mut matched, .. } = self.messages[message];
        *matched = true;
        assert_eq!(self.on_the_way[from][to].pop_back(), Some(message));
    }

    fn start_again(&mut self, rank: usize, work: &mut Work) {
        match work {
            Work::Send(sending) => {
                let Message { to, tag, comm, len, .. } = self.messages[sending.message];
                let to = self.swap(comm, to);
                sending.message = self.new_message(rank, to, tag, comm, len);
                sending.memory.fill(sending.message);
            }
            Work::Receive(receiving) => {
                let pattern = self.receives[receiving.receive].pattern;
                receiving.memory.bytes.fill(UNTOUCHED);
                receiving.receive = self.post(rank, pattern);
            }
            Work::Both(..) => {}
        }
    }

    /// A send is complete: its buffer can be used again at once.
    fn sent(&mut self, sending: &mut Sending) {
        if sending.mode == SendMode::Synchronous {
            assert!(self.messages[sending.message].matched, "complete before its receive was matched");
        }
        sending.memory.bytes.fill(0xff);
    }

    /// A receive is complete: it has what the reference says.
    fn received(&mut self, receiving: Receiving, result: &rankwise_core::Result<Status>) -> Receiving {
        let Receiving { memory, receive } = &receiving;
        let room = memory.places.len();
        match self.receives[*receive].state {
            State::Posted => panic!("a receive is complete that no message has matched"),
            State::Cancelled => {
                assert!(result.as_ref().unwrap().cancelled());
                assert!(memory.bytes.iter().all(|&b| b == UNTOUCHED));
            }
            State::Matched(message) => {
                let len = self.messages[message].len;
                let expected = memory.expected(message, len);
                if len <= room {
                    self.check_status(result.as_ref().unwrap(), message, room);
                    assert!(memory.bytes == expected, "message {message} of {len} bytes was changed");
                } else {
                    let class = result.as_ref().unwrap_err().class;
                    assert_eq!(class.name(), Some("MPI_ERR_TRUNCATE"));
                    // What was written is of the message, and nothing lies beside the buffer.
                    let right = |(got, want): (&u8, &u8)| got == want || *got == UNTOUCHED;
                    assert!(memory.bytes.iter().zip(&expected).all(right), "message {message}, cut");
                }
            }
        }
        receiving
    }

    /// Moves all ranks on until every message has arrived, or its beginning.
    fn deliver(&mut self) {
        let mut still = Stillness::default();
        while self.on_the_way.iter().flatten().any(|queue| !queue.is_empty()) {
            let busy = (0..self.size()).filter(|&rank| self.worlds.rank(rank).progress().unwrap()).count();
            self.arrive();
            assert!(!still.lasts(busy > 0), "a message never arrives");
        }
    }

    /// Lets everything arrive, takes back what will get nothing, and receives the rest.
    fn settle(mut self) {
        let n = self.size();
        for open in self.open.iter_mut().flatten() {
            open.again = open.again.map(|_| 0);
        }
        self.deliver();
        for rank in 0..n {
            for which in 0..self.open[rank].len() {
                if let Work::Receive(Receiving { receive, .. }) = self.open[rank][which].work
                    && self.receives[receive].state == State::Posted
                {
                    self.cancel(rank, which);
                }
            }
            while !self.taken[rank].is_empty() {
                self.receive_taken(rank, 0, LARGE, Layout::Bytes);
            }
        }
        // Receives of exchanges cannot be cancelled: they get something. Then only messages are left.
        self.feed_exchanges();
        for rank in 0..n {
            for comm in 0..COMMS {
                let (pattern, size) = (Pattern { source: None, tag: None, comm }, LARGE);
                while !self.unexpected[rank][comm].is_empty() {
                    self.step(rank, Step::Receive { pattern, size, layout: Layout::Bytes, how: How::Plain });
                }
            }
        }
        let mut still = Stillness::default();
        while self.open.iter().any(|open| !open.is_empty()) {
            let mut busy = false;
            for rank in 0..n {
                busy |= self.worlds.rank(rank).progress().unwrap();
                for which in (0..self.open[rank].len()).rev() {
                    busy |= self.test(rank, which);
                }
            }
            assert!(!still.lasts(busy), "{} requests are never complete", self.open.iter().flatten().count());
        }
        // What was let go may still be on its way out.
        for _ in 0..3 * n {
            (0..n).for_each(|rank| while self.worlds.rank(rank).progress().unwrap() {});
        }
        for rank in 0..n {
            assert_eq!(self.worlds.rank(rank).backlog(), (0, 0), "of rank {rank}");
            self.worlds.rank(rank).buffer_detach(None).unwrap();
        }
        assert!(self.messages.iter().all(|m| m.matched));
        assert!(self.received.iter().all(|(memory, then)| memory.bytes == *then), "written after its end");
    }

    /// Sends what the receives of exchanges wait for, one after the other.
    fn feed_exchanges(&mut self) {
        for rank in 0..self.size() {
            for comm in 0..COMMS {
                while let Some(&receive) = self.posted[rank][comm].first() {
                    let Pattern { source, tag, comm } = self.receives[receive].pattern;
                    let from = self.swap(comm, source.unwrap_or(0) % self.size());
                    let size = Size { border: 1, beyond: 0 };
                    let (to, tag, mode) = (self.swap(comm, rank), tag.unwrap_or(0), SendMode::Standard);
                    let (layout, how) = (Layout::Bytes, How::Plain);
                    self.step(from, Step::Send { to, tag, comm, mode, size, layout, how });
                    self.deliver();
                }
            }
        }
    }
}

fn run(network: Network, seed: u64, steps: Vec<(usize, Step)>) {
    let mut job = Job::new(network, seed);
    for (rank, step) in steps {
        job.step(rank % job.size(), step);
    }
    job.settle();
}

/// `PROPTEST_CASES=25600` makes a hundred times as many.
fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: cases * (default.cases / 256).max(1), failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn over_queues_that_hold_frames_back(
        n in 2usize..9,
        (seed, hold, room) in (any::<u64>(), 0u32..13, 1usize..17),
        steps in prop::collection::vec(step(), 1..150),
    ) {
        let settings = Settings { seed, hold, room, ..Settings::default() };
        run(networks::loopback(n, settings), seed, steps);
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn over_shared_memory(n in 2usize..9, seed in any::<u64>(), steps in prop::collection::vec(step(), 1..100)) {
        run(networks::shm(n), seed, steps);
    }
}

proptest! {
    #![proptest_config(config(30))]

    #[test]
    fn over_several_nodes(
        (nodes, each) in (2usize..4, 1usize..4),
        seed in any::<u64>(),
        steps in prop::collection::vec(step(), 1..100),
    ) {
        run(networks::joined(nodes, each), seed, steps);
    }
}
