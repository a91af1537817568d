//! What a machine must have beside Rust, and how it gets there.

use std::process::Command;

use crate::Outcome;
use crate::shell::{run, succeeds};

/// A thing that we need, the package of Debian and Ubuntu that has it, and the command that succeeds where it is.
struct Need {
    package: &'static str,
    probe: &'static [&'static str],
}

/// To build and to run programs.
const TO_BUILD: &[Need] = &[
    Need { package: "gcc", probe: &["cc", "--version"] },
    Need { package: "pkg-config", probe: &["pkg-config", "--version"] },
    Need { package: "libhwloc-dev", probe: &["pkg-config", "--exists", "hwloc"] },
];

/// To run all tests besides.
const TO_TEST: &[Need] = &[
    Need { package: "g++", probe: &["c++", "--version"] },
    Need { package: "cmake", probe: &["cmake", "--version"] },
    Need { package: "make", probe: &["make", "--version"] },
    Need { package: "python3", probe: &["python3", "--version"] },
];

/// To run other people's suites besides.
const TO_CONFORM: &[Need] = &[Need { package: "dpkg-dev", probe: &["dpkg-source", "--version"] }];

/// To compare with other MPIs besides.
const TO_COMPARE: &[Need] =
    &[Need { package: "python3-venv", probe: &["python3", "-c", "import venv, ensurepip"] }];

/// Sees to everything that builds need.
pub fn to_build() -> Outcome {
    ensure(TO_BUILD)
}

/// Sees to everything that tests need.
pub fn to_test() -> Outcome {
    ensure(TO_BUILD)?;
    ensure(TO_TEST)
}

/// Sees to everything that the conformance suite needs.
pub fn to_conform() -> Outcome {
    to_test()?;
    ensure(TO_CONFORM)
}

/// Sees to everything that comparisons with other MPIs need.
pub fn to_compare() -> Outcome {
    ensure(TO_BUILD)?;
    ensure(TO_COMPARE)
}

fn ensure(needs: &[Need]) -> Outcome {
    let there = |need: &&Need| succeeds(Command::new(need.probe[0]).args(&need.probe[1..]));
    let missing: Vec<&str> = needs.iter().filter(|n| !there(n)).map(|n| n.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get update && apt-get install -y {}", missing.join(" "));
    if !succeeds(Command::new("apt-get").arg("--version")) {
        return Err(format!(
            "this machine lacks {} and has no apt-get: install them and try again",
            missing.join(", ")
        ));
    }
    let as_root: &[&str] = if succeeds(Command::new("sh").args(["-c", "test $(id -u) = 0"])) {
        &["env", "DEBIAN_FRONTEND=noninteractive"]
    } else if succeeds(Command::new("sudo").args(["-n", "true"])) {
        &["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    } else {
        return Err(format!(
            "this machine lacks {}. Run this line, then try again:\n\n    sudo sh -c '{by_hand}'\n",
            missing.join(", ")
        ));
    };
    let apt =
        |arguments: &[&str]| run(Command::new(as_root[0]).args(&as_root[1..]).arg("apt-get").args(arguments));
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], &missing[..]].concat())?;
    match needs.iter().find(|n| !there(n)) {
        None => Ok(()),
        Some(need) => {
            Err(format!("`{}` still fails though {} is installed", need.probe.join(" "), need.package))
        }
    }
}
