//! `mpirun --doctor`: whether hosts are fit for jobs, and what to mend.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Instant;

use rankwise_boot::env;
use rankwise_os::environment;
use rankwise_os::process::Starter;

use crate::examination::{Finding, Grade};
use crate::hands::Hands;
use crate::here::is_here;
use crate::hosts::Host;
use crate::remote;
use crate::remote::shell::Settings;
use crate::wire::{Command, Event, Node};

/// What is known of a host.
struct Patient {
    name: String,
    findings: Vec<Finding>,
    door: Vec<SocketAddr>,
    gone: bool,
}

/// Examines hosts (this one if none is named), says what was found, and returns 0 if jobs can run on them.
pub fn run(hosts: Vec<Host>, settings: Settings) -> io::Result<i32> {
    let mut hands = Hands::new(Starter::new()?)?;
    let begin = Instant::now();
    let mut patients: BTreeMap<Node, Patient> = BTreeMap::new();
    for (node, host) in (0..).zip(&hosts) {
        if is_here(&host.name) && hands.own.is_none() {
            hands.own = Some(node);
        } else if is_here(&host.name) {
            continue;
        }
        patients.insert(node, patient(&host.name));
    }
    if hosts.is_empty() {
        hands.own = Some(0);
        patients.insert(0, patient(&environment::host_name()));
    }
    let others: Vec<(Node, String)> = patients
        .iter()
        .filter(|(node, _)| Some(**node) != hands.own)
        .map(|(n, p)| (*n, p.name.clone()))
        .collect();
    // Each by itself, so that what is wrong with one is not said of another.
    hands.adopt(remote::tree(&others, others.len()), settings);
    let nodes: Vec<Node> = patients.keys().copied().collect();
    let wishes =
        [env::NET_IF, env::NET_PORTS].map(|name| env::value(name).map(|value| (name.to_string(), value)));
    let wishes: Vec<(String, String)> = wishes.into_iter().flatten().collect();
    for &node in &nodes {
        hands.send(node, Command::Examine(wishes.clone()))?;
    }
    gather(&mut hands, &mut patients, |patient| !patient.findings.is_empty(), begin)?;
    let doors: Vec<(Node, String, Vec<SocketAddr>)> =
        patients.iter().filter(|(_, p)| !p.gone).map(|(n, p)| (*n, p.name.clone(), p.door.clone())).collect();
    let before: BTreeMap<Node, usize> = patients.iter().map(|(node, p)| (*node, p.findings.len())).collect();
    let mut called = Vec::new();
    for (place, (node, ..)) in doors.iter().enumerate() {
        // Everybody calls everybody; where that would be too many, the next ones in a circle.
        let next = (1..doors.len()).take(MOST_CALLS).map(|step| &doors[(place + step) % doors.len()]);
        let calls: Vec<_> =
            next.filter(|(.., door)| !door.is_empty()).map(|(_, n, d)| (n.clone(), d.clone())).collect();
        if !calls.is_empty() {
            hands.send(*node, Command::Call(calls))?;
            called.push(*node);
        }
    }
    let answered = |node: Node, patient: &Patient| {
        !called.contains(&node) || patient.gone || patient.findings.len() > before[&node]
    };
    while !patients.iter().all(|(node, patient)| answered(*node, patient)) {
        take(&mut hands, &mut patients, begin)?;
    }
    hands.end_all();
    let (text, code) = report(patients.values());
    io::stdout().write_all(text.as_bytes())?;
    Ok(code)
}

/// How many others each host calls.
const MOST_CALLS: usize = 32;

fn patient(name: &str) -> Patient {
    Patient { name: name.into(), findings: Vec::new(), door: Vec::new(), gone: false }
}

/// Waits until all are `ready`, or gone.
fn gather(
    hands: &mut Hands,
    patients: &mut BTreeMap<Node, Patient>,
    ready: impl Fn(&Patient) -> bool,
    begin: Instant,
) -> io::Result<()> {
    while !patients.values().all(|patient| patient.gone || ready(patient)) {
        take(hands, patients, begin)?;
    }
    Ok(())
}

/// Takes note of what has come in.
fn take(hands: &mut Hands, patients: &mut BTreeMap<Node, Patient>, begin: Instant) -> io::Result<()> {
    hands.wait(None)?;
    let own = hands.own;
    for (node, event) in hands.events() {
        let Some(patient) = patients.get_mut(&node) else { continue };
        match event {
            Event::Examined(findings, door) => {
                if Some(node) != own {
                    let time = begin.elapsed().as_secs_f64();
                    let what = format!("its agent has answered after {time:.2} s");
                    patient.findings.push(Finding { grade: Grade::Good, what, remedy: None });
                }
                patient.findings.extend(findings);
                patient.door = door;
            }
            Event::Called(findings) => patient.findings.extend(findings),
            Event::Lost(why) => {
                patient.gone = true;
                let remedy = "try it by hand: the remote shell must start programs there without a question";
                patient.findings.push(Finding::flaw(Grade::Bad, why, remedy));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is said of all of them, and what to exit with.
fn report<'a>(patients: impl Iterator<Item = &'a Patient>) -> (String, i32) {
    let mut text = String::new();
    let (mut flaws, mut worst) = (0, Grade::Good);
    for patient in patients {
        text += &format!("host {}\n", patient.name);
        for Finding { grade, what, remedy } in &patient.findings {
            let mark = match grade {
                Grade::Good => "ok  ",
                Grade::Poor => "SLOW",
                Grade::Bad => "BAD ",
            };
            text += &format!("  {mark} {what}\n");
            text += &remedy.iter().map(|remedy| format!("       to mend: {remedy}\n")).collect::<String>();
            flaws += usize::from(*grade != Grade::Good);
            worst = worst.max(*grade);
        }
    }
    text += &match (flaws, worst) {
        (0, _) => "All is well.\n".to_string(),
        (_, Grade::Bad) => "Jobs on these hosts will fail until what is BAD is mended.\n".to_string(),
        _ => "Jobs run on these hosts; what is SLOW can be mended.\n".to_string(),
    };
    (text, i32::from(worst == Grade::Bad))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_its_remedy() {
        let mut bad = patient("h1");
        bad.findings.push(Finding::flaw(Grade::Bad, "has no net", "plug it in"));
        let (text, code) = report([&patient("h0"), &bad].into_iter());
        assert_eq!(code, 1);
        assert!(text.contains("host h1\n  BAD  has no net\n       to mend: plug it in\n"), "{text}");
        assert_eq!(report([&patient("h0")].into_iter()), ("host h0\nAll is well.\n".into(), 0));
    }
}
