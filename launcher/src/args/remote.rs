//! How agents are started on other hosts: as the command line says, or the environment, or the scheduler; or else by ssh.

use std::path::PathBuf;

use clap::ArgMatches;
use rankwise_boot::env;

use super::ArgsError;
use super::mca::Mca;
use crate::allocation::{Allocation, Scheduler};
use crate::flags::values::Launcher;
use crate::hosts::Host;
use crate::remote::shell::{Settings, Shell};

/// How many agents one launcher or agent starts.
const FANOUT: usize = 32;

/// How often a host is tried that may still be starting: that makes some 80 s.
const PATIENT: u32 = 20;

/// What is to be known of agents, and how many of them one process starts. `hosts` are those of the job.
pub fn settings(
    matches: &ArgMatches,
    mca: &Mca,
    get: &dyn Fn(&str) -> Option<String>,
    allocation: Option<&Allocation>,
    hosts: &[Host],
) -> Result<(Settings, usize), ArgsError> {
    let mut settings = Settings::default();
    if let Some(patience) = matches.get_one::<u32>("host-timeout") {
        settings.patience = *patience;
    }
    settings.shell = Shell::ssh(settings.patience());
    if let Some(agent) = matches.get_one::<PathBuf>("launch-agent") {
        settings.agent = agent.clone();
    }
    // A scheduler starts nothing on hosts that it has not given.
    let allocation = allocation
        .filter(|allocation| hosts.iter().all(|host| host.name == "localhost" || allocation.has(&host.name)));
    if allocation.is_some_and(|allocation| allocation.scheduler == Scheduler::Kubernetes) {
        (settings.attempts, settings.may_be_late) = (PATIENT, true);
    }
    let launcher = matches.get_one::<Launcher>("launcher").copied();
    let program = matches.get_one::<String>("launcher-exec").cloned();
    let given = program.or_else(|| get(env::REMOTE_SHELL).filter(|_| launcher.is_none()));
    let given = given.or_else(|| mca.agent().filter(|_| launcher.is_none()));
    let mut flat = mca.is_flat();
    let mut more = mca.agent_words();
    match (launcher.or_else(|| mca.launcher()), given.as_deref().and_then(Shell::of)) {
        (Some(Launcher::Of(scheduler)), given) => {
            flat |= !scheduler.has_trees();
            // Those are for ssh.
            more.clear();
            let mut shell = scheduler.shell(get);
            // Another program that takes the same words.
            if let (Some(shell), Some(given)) = (&mut shell, given) {
                shell.words.splice(..1, given.words);
            }
            settings.shell = shell.ok_or(ArgsError::NoLauncher(scheduler.program()))?;
        }
        (_, Some(given)) => settings.shell = given,
        (Some(Launcher::Fork), None) => settings.shell = Shell::here(),
        (Some(Launcher::Rsh), None) => settings.shell = Shell::rsh(),
        (Some(Launcher::Ssh), None) => {}
        (None, None) => {
            if let Some((allocation, shell)) = allocation.and_then(|a| Some((a, a.scheduler.shell(get)?))) {
                more.clear();
                settings.shell = shell;
                flat |= !allocation.scheduler.has_trees();
            }
        }
    }
    let words = matches.get_one::<String>("launcher-exec-args");
    more.extend(words.into_iter().flat_map(|words| words.split_whitespace().map(String::from)));
    settings.shell.words.splice(1..1, more);
    let fanout = match matches.get_one::<u32>("fanout") {
        Some(&fanout) => fanout as usize,
        None if flat => usize::MAX,
        None => FANOUT,
    };
    Ok((settings, fanout))
}
