use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Barrier, RwLock};

use super::*;

/// A key-value space of threads.
struct Table {
    values: RwLock<HashMap<String, String>>,
    barrier: Barrier,
}

struct Entry(Arc<Table>);

impl Space for Entry {
    fn put(&mut self, key: &str, value: &str) -> io::Result<()> {
        self.0.values.write().unwrap().insert(key.to_string(), value.to_string());
        Ok(())
    }
    fn fence(&mut self) -> io::Result<()> {
        self.0.barrier.wait();
        Ok(())
    }
    fn get(&mut self, _rank: u32, key: &str) -> io::Result<Option<String>> {
        Ok(self.0.values.read().unwrap().get(key).cloned())
    }
    fn abort(&mut self, _code: i32, _message: &str) {}
    fn finalize(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn world(size: u32, mapping: Option<&str>) -> Vec<Member> {
    let table = Arc::new(Table { values: RwLock::default(), barrier: Barrier::new(size as usize) });
    let facts = |rank| Facts {
        rank,
        size,
        appnum: Some(-1),
        universe: Some(-1),
        mapping: mapping.map(String::from),
        longest: 1024,
    };
    let start = |rank| {
        let (space, facts) = (Box::new(Entry(table.clone())), facts(rank));
        std::thread::spawn(move || join_space(space, facts).unwrap())
    };
    let threads: Vec<_> = (0..size).map(start).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

#[test]
fn ranks_of_two_nodes_find_each_other() {
    let members = world(5, Some("(vector,(0,1,3),(1,1,2))"));
    let identity =
        |member: &Member| rankwise_os::socket::identity(std::os::fd::AsFd::as_fd(&member.segment)).unwrap();
    let places: Vec<_> = members.iter().map(|m| (m.job.rank, m.job.local_rank, m.job.local_size)).collect();
    assert_eq!(places, [(0, 0, 3), (1, 1, 3), (2, 2, 3), (3, 0, 2), (4, 1, 2)]);
    assert_eq!(identity(&members[0]), identity(&members[2]));
    assert_eq!(identity(&members[3]), identity(&members[4]));
    assert_ne!(identity(&members[0]), identity(&members[3]));
    let secret = |member: &Member| member.job.network.as_ref().unwrap().secret.clone();
    assert!(members.iter().all(|member| secret(member) == secret(&members[0])));
    assert_eq!((members[0].job.appnum, members[0].job.universe_size), (None, None));
    let at: Vec<SocketAddr> = vec!["127.0.0.1:7".parse().unwrap(), "[::1]:8".parse().unwrap()];
    let shares: Vec<_> = members.iter().map(|member| (member.job.rank, member.space.clone())).collect();
    let publish = |(rank, share): (u32, Shared)| {
        let at = at.clone();
        std::thread::spawn(move || share.publish(rank, &at).unwrap())
    };
    shares.into_iter().map(publish).collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(members[0].space.find(4).unwrap(), at);
    assert!(members[0].space.find(9).unwrap_err().to_string().contains("rank 9"));
}

#[test]
fn without_a_mapping_ranks_compare_their_machines() {
    let members = world(3, None);
    assert!(members.iter().all(|member| member.job.placement.is_single() && member.job.local_size == 3));
    assert!(members.iter().all(|member| member.job.network.is_none()));
    let members = world(2, Some("(vector,nonsense)"));
    assert!(members.iter().all(|member| member.job.placement.is_single()));
}

#[test]
fn as_many_addresses_are_said_as_there_is_room_for() {
    let address: SocketAddr = "10.0.0.1:1000".parse().unwrap();
    assert_eq!(addresses_as_text(&[address; 3], 30), "10.0.0.1:1000,10.0.0.1:1000");
    assert_eq!(addresses_as_text(&[], 30), "");
}

fn look(variables: &[(&str, &str)]) -> Option<Offer> {
    offered(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string()))
}

#[test]
fn servers_are_found_in_the_environment() {
    let fd = |number, who| Some(Offer::Server(Way::Descriptor { number, who, second: false, job: None }));
    assert_eq!(look(&[]), None);
    assert_eq!(look(&[("PMI_SIZE", "4"), ("PMI_RANK", "1")]), None);
    assert_eq!(look(&[("PMI_FD", "3"), ("PMI_SIZE", "4"), ("PMI_RANK", "1")]), fd(3, Some((1, 4))));
    assert_eq!(look(&[("PMI_FD", "3"), ("PMI_SIZE", "4")]), fd(3, None));
    assert_eq!(look(&[("PMI_FD", "3"), ("PMI_SIZE", "1"), ("PMI_RANK", "0")]), Some(Offer::Alone));
    assert_eq!(look(&[("_MI_FD", "3"), ("PMI_SIZE", "4"), ("PMI_RANK", "1")]), Some(Offer::Alone));
    let port = Offer::Server(Way::Port("h:1".into(), "2".into()));
    assert_eq!(look(&[("PMI_PORT", "h:1"), ("PMI_ID", "2")]), Some(port));
    assert_eq!(look(&[("_MI_PORT", "h:1"), ("PMI_ID", "2")]), Some(Offer::Alone));
    assert_eq!(look(&[("PMI_PORT", "h:1")]), None);
    let pmix = [("PMIX_NAMESPACE", "job.1"), ("PMIX_RANK", "0")];
    assert_eq!(look(&pmix), Some(Offer::Pmix("job.1".into())));
    assert_eq!(look(&pmix[1..]), None);
    assert_eq!(look(&[("_MIX_NAMESPACE", "job.1"), ("PMIX_RANK", "0")]), Some(Offer::Alone));
    // A rank that starts another launcher.
    let again = [("_MI_FD", "5"), ("PMI_FD", "3"), ("PMI_SIZE", "4"), ("PMI_RANK", "1")];
    assert_eq!(look(&again), fd(3, Some((1, 4))));
}

/// A server that gives each line the next of these answers.
fn scripted(answers: &[&str]) -> (OwnedFd, std::thread::JoinHandle<Vec<String>>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let answers: Vec<String> = answers.iter().map(|answer| format!("{answer}\n")).collect();
    let serve = move || {
        let (mut lines, mut heard) = (BufReader::new(theirs.try_clone().unwrap()).lines(), Vec::new());
        for answer in answers {
            let Some(Ok(line)) = lines.next() else { break };
            heard.push(line);
            (&theirs).write_all(answer.as_bytes()).unwrap();
        }
        heard
    };
    (ours.into(), std::thread::spawn(serve))
}

#[test]
fn a_careless_server_of_pmi_1_is_understood() {
    let (socket, server) = scripted(&[
        "cmd=initack rc=0\ncmd=set size=2\ncmd=set rank=1\ncmd=set debug=0",
        "pmi_version=1 rc=0 cmd=response_to_init pmi_subversion=2",
        "cmd=maxes kvsname_max=256 keylen_max=64 vallen_max=4096",
        "cmd=my_kvsname msg=success kvsname=kvs=1",
        "cmd=universe_size rc=-1",
        "cmd=appnum appnum=0",
        "cmd=get_result rc=-1 msg=key_not_found value=unknown",
        "cmd=put_result msg=success",
        "cmd=barrier_out tag=0",
        "value=a$b=#c cmd=get_result",
        "cmd=finalize_ack",
    ]);
    let (mut space, facts) = Connection::greet(socket, &Way::Port("h:1".into(), "7".into())).unwrap();
    let expected = Facts { rank: 1, size: 2, appnum: Some(0), universe: None, mapping: None, longest: 4096 };
    assert_eq!(facts, expected);
    space.put("k", "a$b=#c").unwrap();
    space.fence().unwrap();
    assert_eq!(space.get(0, "k").unwrap().as_deref(), Some("a$b=#c"));
    space.finalize().unwrap();
    space.finalize().unwrap();
    assert!(space.get(0, "k").unwrap_err().to_string().contains("finalized"));
    let heard = server.join().unwrap();
    assert_eq!(heard[0], "cmd=initack pmiid=7");
    assert_eq!(heard[7], "cmd=put kvsname=kvs=1 key=k value=a$b=#c");
}

#[test]
fn what_a_server_refuses_and_its_end_are_errors() {
    let way = Way::Descriptor { number: 3, who: Some((0, 2)), second: false, job: None };
    let (socket, _server) = scripted(&["cmd=response_to_init rc=-1"]);
    let error = Connection::greet(socket, &way).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("init is answered with"), "{error}");
    let (socket, server) = scripted(&[]);
    server.join().unwrap();
    assert!(Connection::greet(socket, &way).is_err());
}
