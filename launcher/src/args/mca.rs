//! Open MPI's parameters that mean something here: as `--mca NAME VALUE`, or as a variable, `OMPI_MCA_NAME`.

use std::ffi::OsString;

use clap::{ArgMatches, ValueEnum};
use rankwise_boot::env;

use super::ArgsError;
use crate::flags::values::{self, Launcher};
use crate::order::{BindTo, MapBy, Transport};

/// What a variable for a parameter begins with.
const PREFIXES: [&str; 2] = ["OMPI_MCA_", "PRTE_MCA_"];

/// The parameters.
pub struct Mca<'a> {
    pairs: Vec<(String, String)>,
    get: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Mca<'a> {
    /// Those of a command line and of the environment.
    pub fn new(matches: &ArgMatches, get: &'a dyn Fn(&str) -> Option<String>) -> Mca<'a> {
        let all = matches.get_occurrences::<String>("mca").into_iter().flatten();
        let pairs = all.filter_map(|mut pair| Some((pair.next()?.clone(), pair.next()?.clone())));
        Mca { pairs: pairs.collect(), get }
    }

    /// The value of a parameter that has one of these names; the last one on the command line counts.
    pub fn value(&self, names: &[&str]) -> Option<String> {
        self.written(names).or_else(|| {
            let variables = names.iter().flat_map(|name| PREFIXES.map(|prefix| format!("{prefix}{name}")));
            variables.filter_map(|name| (self.get)(&name)).find(|value| !value.is_empty())
        })
    }

    fn written(&self, names: &[&str]) -> Option<String> {
        let pair = self.pairs.iter().rev().find(|(name, _)| names.contains(&name.as_str()));
        pair.map(|(_, value)| value.clone())
    }

    /// What starts agents.
    pub fn agent(&self) -> Option<String> {
        let value = self.value(&["plm_rsh_agent", "plm_ssh_agent"])?;
        // Several ones to choose from; `ssh : rsh` is the default.
        value.split(':').map(str::trim).find(|words| !words.is_empty()).map(String::from)
    }

    /// More words for it.
    pub fn agent_words(&self) -> Vec<String> {
        let value = self.value(&["plm_rsh_args", "plm_ssh_args"]).unwrap_or_default();
        value.split_whitespace().map(String::from).collect()
    }

    /// Its kind.
    pub fn launcher(&self) -> Option<Launcher> {
        match self.value(&["plm"])?.as_str() {
            "rsh" => Some(Launcher::Ssh),
            other if other.starts_with('^') => Some(Launcher::Ssh),
            // "isolated", for one: here there is nothing else when there are no other hosts.
            other => values::launcher(other).ok(),
        }
    }

    /// Whether agents start no further ones.
    pub fn is_flat(&self) -> bool {
        let value = self.value(&["plm_rsh_no_tree_spawn", "plm_ssh_no_tree_spawn"]);
        value.is_some_and(|value| {
            ["1", "true", "t", "yes", "enabled"].contains(&value.to_lowercase().as_str())
        })
    }

    /// The host file.
    pub fn host_file(&self) -> Option<String> {
        self.written(&["orte_default_hostfile", "prte_default_hostfile", "default_hostfile"])
    }

    /// How ranks on a node talk, where only TCP is wanted.
    pub fn transport(&self) -> Option<Transport> {
        const MEMORY: [&str; 3] = ["vader", "sm", "smcuda"];
        let value = self.value(&["btl"])?;
        let tcp_only = match value.strip_prefix('^') {
            Some(excluded) => excluded.split(',').any(|name| ["vader", "sm"].contains(&name.trim())),
            None => {
                let names: Vec<&str> = value.split(',').map(str::trim).collect();
                names.contains(&"tcp") && !names.iter().any(|name| MEMORY.contains(name))
            }
        };
        tcp_only.then_some(Transport::Tcp)
    }

    /// What a rank is bound to.
    pub fn bind_to(&self) -> Result<Option<BindTo>, ArgsError> {
        self.object(&["hwloc_base_binding_policy", "hwloc_default_binding_policy"])
    }

    /// What ranks are spread over.
    pub fn map_by(&self) -> Result<Option<MapBy>, ArgsError> {
        self.object(&["rmaps_base_mapping_policy", "rmaps_default_mapping_policy"])
    }

    fn object<T: ValueEnum>(&self, names: &[&str]) -> Result<Option<T>, ArgsError> {
        let Some(value) = self.value(names) else { return Ok(None) };
        let object = value.split(':').next().unwrap_or_default();
        let wrong = |why: String| ArgsError::Mca { name: names[0].into(), value: value.clone(), why };
        T::from_str(object, true).map(Some).map_err(wrong)
    }

    /// Variables that the ranks read.
    pub fn variables(&self, interface: Option<&String>) -> Result<Vec<(OsString, OsString)>, ArgsError> {
        let mut variables = Vec::new();
        let include = ["btl_tcp_if_include", "oob_tcp_if_include", "if_include"];
        let exclude = ["btl_tcp_if_exclude", "oob_tcp_if_exclude", "if_exclude"];
        // A variable of ours that is set counts more than one of Open MPI's.
        let is_set = |name: &str| (self.get)(name).is_some_and(|value| !value.is_empty());
        let value = |names: &[&str], ours: &str| {
            self.written(names).or_else(|| self.value(names).filter(|_| !is_set(ours)))
        };
        let interfaces = interface.cloned().or_else(|| value(&include, env::NET_IF));
        let interfaces = interfaces.or_else(|| value(&exclude, env::NET_IF).map(|list| format!("^{list}")));
        if let Some(interfaces) = interfaces {
            variables.push((env::NET_IF.into(), interfaces.into()));
        }
        let (first, count) = (&["btl_tcp_port_min_v4"], &["btl_tcp_port_range_v4"]);
        let number = |names: &[&str; 1]| match value(names, env::NET_PORTS) {
            None => Ok(None),
            Some(value) => value.trim().parse::<u16>().map(Some).map_err(|_| ArgsError::Mca {
                name: names[0].into(),
                value,
                why: "it is no port".into(),
            }),
        };
        if let Some(first) = number(first)? {
            let last = number(count)?.map_or(u16::MAX, |count| first.saturating_add(count.saturating_sub(1)));
            variables.push((env::NET_PORTS.into(), format!("{first}-{last}").into()));
        }
        Ok(variables)
    }
}
