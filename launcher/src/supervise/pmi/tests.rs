use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Mutex;

use proptest::prelude::*;
use rankwise_boot::pmi::Space as _;
use rankwise_boot::pmi::connection::{Connection, Way};

use super::*;

fn server(nodes: &[u32]) -> Server {
    Server::new("rankwise".into(), &Placement::of(nodes.iter().copied()), nodes.iter().map(|_| 3), Some(9))
}

/// What a rank hears that says this line.
fn say(server: &mut Server, rank: u32, line: &str) -> String {
    let outcome = server.hear(rank, format!("{line}\n").as_bytes());
    let own = outcome.replies.into_iter().filter(|(other, _)| *other == rank);
    own.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

fn say_two(server: &mut Server, rank: u32, words: Words) -> Vec<(u32, Words)> {
    let outcome = server.hear(rank, &wire2::encode(&words));
    outcome
        .replies
        .into_iter()
        .map(|(rank, mut bytes)| (rank, wire2::take(&mut bytes).unwrap().unwrap()))
        .collect()
}

const INIT: &str = "cmd=init pmi_version=1 pmi_subversion=1";

#[test]
fn pmi_1_is_served() {
    let mut server = server(&[0, 0, 1]);
    assert!(say(&mut server, 0, "cmd=barrier_in").contains("rc=-1"), "there is no space before init");
    for rank in 0..3 {
        let reply = say(&mut server, rank, INIT);
        assert_eq!(reply, "cmd=response_to_init rc=0 pmi_version=1 pmi_subversion=1\n");
    }
    assert!(say(&mut server, 0, INIT).contains("rc=-1"));
    assert_eq!(
        say(&mut server, 0, "cmd=get_maxes"),
        "cmd=maxes rc=0 kvsname_max=256 keylen_max=64 vallen_max=1024\n"
    );
    assert_eq!(say(&mut server, 0, "cmd=get_my_kvsname"), "cmd=my_kvsname rc=0 kvsname=rankwise_1\n");
    assert_eq!(say(&mut server, 0, "cmd=get_appnum"), "cmd=appnum rc=0 appnum=3\n");
    assert_eq!(say(&mut server, 0, "cmd=get_universe_size"), "cmd=universe_size rc=0 size=9\n");
    let get = |key: &str| format!("cmd=get kvsname=rankwise_1 key={key}");
    assert_eq!(say(&mut server, 2, &get(MAPPING)), "cmd=get_result rc=0 value=(vector,(0,1,2),(1,1,1))\n");
    assert_eq!(say(&mut server, 0, "cmd=put kvsname=rankwise_1 key=k value=a=$# b"), "cmd=put_result rc=0\n");
    assert!(say(&mut server, 0, "cmd=put kvsname=rankwise_1 value=x").contains("rc=-1"));
    assert_eq!(say(&mut server, 1, &get("k")), "cmd=get_result rc=0 value=a=$# b\n");
    assert!(say(&mut server, 1, &get("none")).contains("rc=-1"));
    assert_eq!(say(&mut server, 0, "cmd=barrier_in"), "");
    assert_eq!(say(&mut server, 2, "cmd=barrier_in"), "");
    let all = server.hear(1, b"cmd=barrier_in\n").replies;
    assert_eq!(all.iter().map(|(rank, _)| *rank).collect::<Vec<_>>(), [0, 2, 1]);
    assert!(all.iter().all(|(_, reply)| reply == b"cmd=barrier_out rc=0\n"));
    assert!(say(&mut server, 0, "cmd=elephant").contains("cmd=elephant_result rc=-1"));
    let outcome = server.hear(0, b"cmd=abort exitcode=5 message=why not\n");
    assert_eq!(outcome.notes, [Note::Aborted(5, "why not".into())]);
}

#[test]
fn a_next_program_has_a_space_of_its_own() {
    let mut server = server(&[0, 0]);
    let notes: Vec<Note> = ["cmd=init pmi_version=1\n", "cmd=put key=k value=1\n", "cmd=finalize\n"]
        .into_iter()
        .flat_map(|line| server.hear(0, line.as_bytes()).notes)
        .collect();
    assert_eq!(notes, [Note::Began, Note::Finalized]);
    say(&mut server, 0, INIT);
    assert!(say(&mut server, 0, "cmd=get key=k").contains("rc=-1"));
    assert!(say(&mut server, 0, "cmd=get_my_kvsname").contains("rankwise_2"));
    // The other rank's first program is not in it.
    say(&mut server, 1, INIT);
    assert!(say(&mut server, 1, "cmd=get key=k").contains("value=1"));
    assert_eq!(say(&mut server, 0, "cmd=barrier_in"), "");
    assert_eq!(say(&mut server, 1, "cmd=barrier_in"), "");
}

#[test]
fn names_are_published_once_and_spawning_is_refused() {
    let mut server = server(&[0]);
    say(&mut server, 0, INIT);
    let publish = "cmd=publish_name service=s port=tag#0$x y";
    assert!(say(&mut server, 0, publish).contains("rc=0"));
    assert!(say(&mut server, 0, publish).contains("rc=-1"));
    assert!(say(&mut server, 0, "cmd=lookup_name service=s").ends_with("port=tag#0$x y\n"));
    assert!(say(&mut server, 0, "cmd=unpublish_name service=s").contains("rc=0"));
    assert!(say(&mut server, 0, "cmd=lookup_name service=s").contains("rc=-1"));
    let spawn = "mcmd=spawn\nnprocs=2\nexecname=./a.out\ntotspawns=1\nspawnssofar=1\nargcnt=0\nendcmd";
    assert_eq!(say(&mut server, 0, spawn), "cmd=spawn_result rc=-1 msg=it_is_not_served\n");
}

#[test]
fn pmi_2_is_served() {
    let mut server = server(&[0, 0, 1]);
    for rank in 0..3 {
        let reply = say(&mut server, rank, "cmd=init pmi_version=2 pmi_subversion=0");
        assert_eq!(reply, "cmd=response_to_init rc=0 pmi_version=2 pmi_subversion=0\n");
    }
    let mut one = |rank: u32, words: Words| say_two(&mut server, rank, words);
    let full = one(1, Words::of("fullinit").with("pmirank", 1)).remove(0).1;
    assert_eq!(
        (full.command(), full.number("rank"), full.number("size")),
        ("fullinit-response", Some(1), Some(3))
    );
    let id = one(0, Words::of("job-getid").with("thrid", 7)).remove(0).1;
    assert_eq!((id.get("jobid"), id.get("thrid")), (Some("rankwise_1"), Some("7")));
    let attribute = one(0, Words::of("info-getjobattr").with("key", "universeSize")).remove(0).1;
    assert_eq!((attribute.get("found"), attribute.get("value")), (Some("TRUE"), Some("9")));
    one(0, Words::of("kvs-put").with("key", "k").with("value", "a;b"));
    for rank in [0, 1] {
        assert_eq!(one(rank, Words::of("kvs-fence")), []);
    }
    assert_eq!(one(2, Words::of("kvs-fence")).len(), 3);
    let get = |key: &str| Words::of("kvs-get").with("jobid", "rankwise_1").with("srcid", -1).with("key", key);
    assert_eq!(one(2, get("k"))[0].1.get("value"), Some("a;b"));
    assert_eq!(one(2, get("none"))[0].1.get("found"), Some("FALSE"));
    // A value of a node is waited for by those of the node.
    let wait = Words::of("info-getnodeattr").with("key", "n").with("wait", "TRUE");
    assert_eq!(one(1, wait.clone()), []);
    assert_eq!(one(2, wait), []);
    let heard = one(0, Words::of("info-putnodeattr").with("key", "n").with("value", "v"));
    let heard: Vec<_> =
        heard.iter().map(|(rank, words)| (*rank, words.command(), words.get("value"))).collect();
    assert_eq!(heard, [(1, "info-getnodeattr-response", Some("v")), (0, "info-putnodeattr-response", None)]);
    assert_eq!(one(0, Words::of("spawn"))[0].1.get("rc"), Some("-1"));
    assert_eq!(one(0, Words::of("finalize"))[0].1.command(), "finalize-response");
    assert!(say(&mut server, 0, INIT).contains("rc=0"));
}

/// A rank that speaks with a server through this socket.
fn be_rank(socket: UnixStream, rank: u32, second: bool) -> String {
    let way = Way::Descriptor { number: 3, who: Some((rank, 2)), second, job: Some("7".into()) };
    let (mut space, facts) = Connection::greet(socket.into(), &way).unwrap();
    assert_eq!((facts.rank, facts.size, facts.appnum, facts.universe), (rank, 2, Some(3), Some(9)));
    assert_eq!(facts.mapping.as_deref(), Some("(vector,(0,2,1))"));
    space.put(&format!("card-{rank}"), &format!("{rank}=$#")).unwrap();
    space.fence().unwrap();
    assert_eq!(space.get(0, "none").unwrap(), None);
    let other = space.get(1 - rank, &format!("card-{}", 1 - rank)).unwrap().unwrap();
    space.finalize().unwrap();
    other
}

#[test]
fn our_own_ranks_understand_it() {
    for versions in [[false, false], [true, true], [true, false]] {
        let (ours, theirs): (Vec<_>, Vec<_>) = (0..2).map(|_| UnixStream::pair().unwrap()).unzip();
        let ranks = (0..).zip(theirs).zip(versions);
        let ranks: Vec<_> = ranks
            .map(|((rank, socket), second)| std::thread::spawn(move || be_rank(socket, rank, second)))
            .collect();
        let server = Mutex::new(server(&[0, 1]));
        std::thread::scope(|scope| {
            for (rank, end) in (0..).zip(&ours) {
                let (server, ours) = (&server, &ours);
                scope.spawn(move || {
                    let mut bytes = [0; 64];
                    let mut end = end;
                    while let Ok(count @ 1..) = end.read(&mut bytes) {
                        // Held until the answers have left, which must be in order.
                        let mut server = server.lock().unwrap();
                        for (rank, reply) in server.hear(rank, &bytes[..count]).replies {
                            (&ours[rank as usize]).write_all(&reply).unwrap();
                        }
                    }
                });
            }
        });
        let cards: Vec<String> = ranks.into_iter().map(|rank| rank.join().unwrap()).collect();
        assert_eq!(cards, ["1=$#", "0=$#"]);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(
        first in prop_oneof![Just(1), Just(2)],
        pieces in prop::collection::vec((0u32..3, prop::collection::vec(any::<u8>(), 0..40)), 0..20),
        commands in prop::collection::vec((0u32..2, "(cmd=[a-z_]{1,8}( [a-z]{1,5}=.{0,5}){0,3})|barrier_in|endcmd"), 0..20),
    ) {
        let mut server = server(&[0, 1]);
        for rank in 0..2 {
            say(&mut server, rank, &format!("cmd=init pmi_version={first}"));
        }
        for (rank, line) in commands {
            server.hear(rank, line.as_bytes());
            server.hear(rank, b"\n");
        }
        for (rank, bytes) in pieces {
            server.hear(rank, &bytes);
        }
    }
}

#[test]
fn what_is_no_message_is_hung_up_on() {
    let mut server = server(&[0]);
    let outcome = server.hear(0, &vec![b'x'; wire1::LONGEST]);
    assert_eq!(outcome.replies, [(0, Vec::new())]);
    assert_eq!(server.hear(0, b"cmd=init\n"), Outcome::default());
}
