//! TCP in trouble: connections that break, strangers who call, peers that are not there.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rankwise_testkit::networks::tcp_ranks;
use rankwise_testkit::random::Random;
use rankwise_transport::tcp::{Addresses, Settings, Tcp};
use rankwise_transport::{Body, CopyId, Frame, Payload, Peer, Sink, Transport};

#[derive(Default)]
struct Inbox {
    frames: Vec<(Peer, u64, Vec<u8>)>,
    lost: Vec<(Peer, String)>,
}

#[allow(unsafe_code)]
impl Sink for Inbox {
    fn frame(&mut self, peer: Peer, header: [u64; 2], payload: Payload<'_>) {
        let mut bytes = vec![0; payload.len()];
        // SAFETY: the vector has the payload's length.
        unsafe { payload.copy_to(bytes.as_mut_ptr(), payload.len()) };
        self.frames.push((peer, header[0], bytes));
    }
    fn exposed(&mut self, _copy: CopyId, _result: io::Result<()>) {}
    fn pulled(&mut self, _copy: CopyId, _result: io::Result<()>) {}
    fn lost(&mut self, peer: Peer, why: &io::Error) {
        self.lost.push((peer, why.to_string()));
    }
}

fn bytes_of(number: u64, length: usize) -> Vec<u8> {
    (0..length).map(|i| (number as usize * 13 + i) as u8).collect()
}

#[allow(unsafe_code)]
fn send(from: &mut Tcp, to: Peer, number: u64, bytes: &[u8]) -> io::Result<bool> {
    // SAFETY: the slice outlives the call.
    let body = unsafe { Body::bytes(bytes.as_ptr(), bytes.len()) };
    from.try_send(to, Frame { header: [number, 0], words: &[], body })
}

/// Two ranks, each to be made in the thread that it lives in, and where they listen.
fn pair(patience: Duration) -> ([impl FnOnce() -> Tcp + Send; 2], [SocketAddr; 2]) {
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let listeners = [(); 2].map(|()| rankwise_os::tcp::listen(any).unwrap());
    let at = [0, 1].map(|i: usize| listeners[i].local_addr().unwrap());
    let mut me = 0..;
    let ranks = listeners.map(|listener| {
        let me = me.next().unwrap();
        move || {
            let addresses: Addresses = Box::new(move |peer| Ok(Some(vec![at[peer]])));
            Tcp::new(listener, me, 2, addresses, Settings { secret: [3; 32], patience, crowded: false })
                .unwrap()
        }
    });
    (ranks, at)
}

/// Until a test that has lost something gives up.
const LIMIT: Duration = Duration::from_secs(300);

/// What has come to one rank, checked and counted.
fn receive(ranks: &mut [Tcp], to: Peer, got: &mut [[u64; 3]; 3]) {
    let mut inbox = Inbox::default();
    ranks[to].poll(&mut inbox);
    for (from, number, bytes) in inbox.frames {
        assert_eq!(number, got[from][to], "from {from} to {to}");
        assert_eq!(bytes, bytes_of(number, bytes.len()));
        got[from][to] += 1;
    }
}

#[test]
fn thousands_of_cuts_lose_nothing() {
    (0..10).for_each(lose_nothing);
}

fn lose_nothing(seed: u64) {
    let mut ranks = tcp_ranks(3);
    let mut random = Random::new(seed);
    let mut sent = [[0u64; 3]; 3];
    let mut got = [[0u64; 3]; 3];
    let (mut cuts, begin) = (0, Instant::now());
    while cuts < 300 {
        let (from, to) = (random.below(3), random.below(3));
        let most = [10, 3000, 65_000][random.below(3)];
        let length = random.below(most);
        if send(&mut ranks[from], to, sent[from][to], &bytes_of(sent[from][to], length)).unwrap() {
            sent[from][to] += 1;
        }
        receive(&mut ranks, random.below(3), &mut got);
        if random.below(20) == 0 {
            cuts += usize::from(ranks[random.below(3)].cut(random.below(3)));
        }
        assert!(begin.elapsed() < LIMIT, "{cuts} cuts, {got:?} of {sent:?}");
    }
    while got != sent {
        (0..3).for_each(|to| receive(&mut ranks, to, &mut got));
        assert!(begin.elapsed() < LIMIT, "{got:?} of {sent:?}");
    }
}

#[test]
fn strangers_disturb_nobody() {
    let mut ranks = tcp_ranks(2);
    let address = ranks[1].address().unwrap();
    let mut strangers: Vec<TcpStream> = Vec::new();
    let call = |first: &[u8]| {
        let mut stranger = TcpStream::connect(address).unwrap();
        stranger.write_all(first).unwrap();
        stranger
    };
    let mut received = 0;
    for number in 0..400u64 {
        // More than are heard at a time: who says nothing, who says nonsense, who claims to be rank 0, who leaves.
        let mut hello = b"RANKWIS\x01\0\0\0\0\x01\0\0\0".to_vec();
        hello.extend([number as u8; 32]);
        match number % 5 {
            0 => strangers.push(call(b"")),
            1 => strangers
                .push(call(b"GET / HTTP/1.1\r\nHost: somewhere\r\nAccept: */*\r\nUser-Agent: scan\r\n\r\n")),
            2 => strangers.push(call(&hello)),
            3 => {
                let mut claims = call(&hello);
                // A proof that is none; the answer to it, if there is one, is the end.
                claims.write_all(&[9; 40]).unwrap();
                strangers.push(claims);
            }
            _ => drop(call(b"RANK").shutdown(Shutdown::Both)),
        }
        let begin = Instant::now();
        let mut bytes = bytes_of(number, 1000);
        while !send(&mut ranks[0], 1, number, &bytes).unwrap() {}
        while received <= number {
            assert!(begin.elapsed() < LIMIT);
            let mut inbox = Inbox::default();
            ranks[0].poll(&mut inbox);
            ranks[1].poll(&mut inbox);
            for (from, n, got) in inbox.frames.drain(..) {
                assert_eq!((from, n), (0, received));
                assert_eq!(got, bytes);
                received += 1;
                bytes.clear();
            }
        }
        if number % 50 == 49 {
            // Even when the next frame has to make its way anew.
            ranks[0].cut(1);
        }
    }
    // Who did not prove anything was told nothing but a nonce and a proof of ours.
    for mut stranger in strangers {
        stranger.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
        let mut all = Vec::new();
        let _ = stranger.read_to_end(&mut all);
        assert!(all.is_empty() || all.len() == 72, "{} bytes", all.len());
    }
}

#[test]
fn a_peer_that_cannot_be_reached_is_given_up_with_a_reason() {
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let nobody = rankwise_os::tcp::listen(any).unwrap().local_addr().unwrap();
    let addresses: Addresses = Box::new(move |_| Ok(Some(vec![nobody])));
    let settings = Settings { secret: [1; 32], patience: Duration::from_millis(50), crowded: false };
    let listener = rankwise_os::tcp::listen(any).unwrap();
    let mut rank = Tcp::new(listener, 0, 2, addresses, settings).unwrap();
    assert!(send(&mut rank, 1, 0, b"hello").unwrap());
    let begin = Instant::now();
    let mut inbox = Inbox::default();
    let error = loop {
        rank.poll(&mut inbox);
        if let Err(error) = send(&mut rank, 1, 1, b"again") {
            break error;
        }
        assert!(begin.elapsed() < LIMIT);
        std::thread::yield_now();
    };
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert!(error.to_string().contains(&nobody.to_string()), "{error}");
    for _ in 0..100 {
        rank.poll(&mut inbox);
    }
    assert_eq!(inbox.lost, [(1, error.to_string())]);
}

#[test]
fn a_peer_that_dies_is_lost_and_one_that_ends_is_not() {
    for dies in [true, false] {
        let ([first, second], at) = pair(Duration::from_millis(100));
        let (tell, heard) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut goes = second();
                assert!(send(&mut goes, 0, 0, b"here I am").unwrap());
                while heard.try_recv().is_err() {
                    goes.poll(&mut Inbox::default());
                }
                if !dies {
                    goes.close();
                }
            });
            let mut stays = first();
            let (mut inbox, begin) = (Inbox::default(), Instant::now());
            while inbox.frames.is_empty() {
                stays.poll(&mut inbox);
                assert!(begin.elapsed() < LIMIT);
            }
            tell.send(()).unwrap();
            if dies {
                // There is nothing to send to it; its end is noticed all the same.
                while inbox.lost.is_empty() {
                    stays.poll(&mut inbox);
                    assert!(begin.elapsed() < LIMIT);
                }
                assert!(inbox.lost[0].1.contains(&at[1].to_string()), "{:?}", inbox.lost);
            } else {
                let until = Instant::now() + Duration::from_millis(500);
                while Instant::now() < until {
                    stays.poll(&mut inbox);
                }
                assert!(inbox.lost.is_empty(), "{:?}", inbox.lost);
            }
        });
    }
}

#[test]
fn of_several_addresses_the_one_that_works_is_found() {
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let listen = || rankwise_os::tcp::listen(any).unwrap();
    let (ours, theirs) = (listen(), listen());
    let nobody = listen().local_addr().unwrap();
    let stranger = listen();
    let wrong = stranger.local_addr().unwrap();
    let right = theirs.local_addr().unwrap();
    let to = move |at: Vec<SocketAddr>| -> Addresses { Box::new(move |_| Ok(Some(at.clone()))) };
    let settings = || Settings { secret: [1; 32], patience: Duration::from_secs(60), crowded: false };
    let mut caller = Tcp::new(ours, 0, 2, to(vec![nobody, wrong, right]), settings()).unwrap();
    let mut called = Tcp::new(theirs, 1, 2, to(vec![]), settings()).unwrap();
    assert!(send(&mut caller, 1, 5, b"here").unwrap());
    let (mut inbox, begin) = (Inbox::default(), Instant::now());
    while inbox.frames.is_empty() {
        caller.poll(&mut inbox);
        called.poll(&mut inbox);
        // Somebody else listens there, and hangs up.
        drop(rankwise_os::tcp::accept(&stranger));
        assert!(begin.elapsed() < LIMIT);
    }
    assert_eq!(inbox.frames, [(0, 5, b"here".to_vec())]);
}

#[test]
fn what_was_sent_arrives_though_the_sender_is_gone() {
    const FRAMES: u64 = 40;
    for _ in 0..20 {
        let ([first, second], _) = pair(Duration::from_secs(60));
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut rank = first();
                for number in 0..FRAMES {
                    while !send(&mut rank, 1, number, &bytes_of(number, 50_000)).unwrap() {
                        rank.poll(&mut Inbox::default());
                    }
                }
                // The other side's frame may come, and stay unread.
                rank.close();
            });
            scope.spawn(move || {
                let mut rank = second();
                assert!(send(&mut rank, 0, 0, b"unread").unwrap());
                let (mut inbox, begin) = (Inbox::default(), Instant::now());
                while inbox.frames.len() < FRAMES as usize {
                    rank.poll(&mut inbox);
                    assert!(begin.elapsed() < LIMIT);
                }
                let right =
                    |(n, frame): (u64, &(Peer, u64, Vec<u8>))| frame.1 == n && frame.2 == bytes_of(n, 50_000);
                assert!((0..).zip(&inbox.frames).all(right));
                rank.close();
            });
        });
    }
}
