//! The compiler's command line. Pure, but for a look at the directories of the install.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rankwise_boot::env;

/// What is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C.
    C,
    /// C++.
    Cxx,
}

impl Language {
    /// What a wrapper with this name compiles.
    pub fn of(name: &str) -> Language {
        match name.contains("++") || name.contains("xx") || name.ends_with("CC") {
            true => Language::Cxx,
            false => Language::C,
        }
    }

    /// The variables that name the compiler, the first one first: ours, MPICH's, Open MPI's.
    pub fn variables(self) -> [&'static str; 3] {
        match self {
            Language::C => env::C_COMPILER,
            Language::Cxx => env::CXX_COMPILER,
        }
    }
}

/// What a wrapper was called for.
pub struct Request<'a> {
    /// What it compiles.
    pub language: Language,
    /// Its arguments.
    pub words: Vec<OsString>,
    /// Where Rankwise is installed.
    pub prefix: PathBuf,
    /// The environment.
    pub get: &'a dyn Fn(&str) -> Option<OsString>,
}

/// What a wrapper does.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// It shows this.
    Show(String),
    /// It becomes this program, with these arguments.
    Run(Vec<OsString>),
    /// It says why it does nothing.
    Refuse(String),
}

/// The library that programs are linked with.
const LIBRARY: &str = "-lmpi_abi";

/// Options of compilers whose value is the next word, which is therefore no file to compile.
const WITH_VALUE: [&str; 31] = [
    "-o",
    "-I",
    "-L",
    "-D",
    "-U",
    "-l",
    "-x",
    "-u",
    "-z",
    "-T",
    "-B",
    "-MF",
    "-MT",
    "-MQ",
    "-include",
    "-imacros",
    "-isystem",
    "-iquote",
    "-idirafter",
    "-iprefix",
    "-iwithprefix",
    "-isysroot",
    "-Xlinker",
    "-Xpreprocessor",
    "-Xassembler",
    "-Xclang",
    "-aux-info",
    "--param",
    "-wrapper",
    "-dumpbase",
    "-target",
];

/// Options that keep the compiler from linking.
const WITHOUT_LINKING: [&str; 6] = ["-c", "-S", "-E", "-M", "-MM", "-fsyntax-only"];

/// MPICH's ways to ask for the command that compiles, and for the one that links.
const INFO: [&str; 4] = ["-compile_info", "-compile-info", "-link_info", "-link-info"];

/// What may stand behind `-showme:`.
const SHOWN: &str = "compile, link, command, incdirs, libdirs, libs, version, help";

/// Understands the words and says what to do.
pub fn answer(request: &Request<'_>) -> Answer {
    let mut compiler = compiler(request);
    let mut words = Vec::new();
    let mut show = None;
    for word in &request.words {
        let text = word.to_string_lossy();
        if let Some(name) = text.strip_prefix("-cc=").or_else(|| text.strip_prefix("-cxx=")) {
            compiler = split(OsStr::new(name));
            if compiler.is_empty() {
                return Answer::Refuse(format!("{text} names no compiler"));
            }
        } else if text.starts_with("--showme") {
            // Open MPI takes its own with two dashes too.
            show = Some(text[1..].to_string());
        } else if text.starts_with("-show") || INFO.contains(&text.as_ref()) {
            show = Some(text.into_owned());
        } else {
            words.push(word.clone());
        }
    }
    let install = Install::new(&request.prefix);
    let (compile, link) = (install.compile_flags(), install.link_flags());
    let line = |parts: &[&[OsString]]| Answer::Show(quoted(&parts.concat()));
    let path = |path: &Path| Answer::Show(quoted(&[path.into()]));
    match show.as_deref() {
        Some("-showme:compile") => line(&[&compile]),
        Some("-showme:link") => line(&[&link]),
        Some("-showme:command") => line(&[&compiler]),
        Some("-showme:incdirs") => path(&install.include),
        Some("-showme:libdirs") => path(&install.lib),
        Some("-showme:libs") => Answer::Show(LIBRARY.trim_start_matches("-l").to_string()),
        Some("-showme:version") => Answer::Show(format!("Rankwise {}", env!("CARGO_PKG_VERSION"))),
        Some("-showme:help") => Answer::Show(format!("-show, -showme, or -showme: with one of {SHOWN}")),
        Some(other) if other.starts_with("-showme:") => {
            Answer::Refuse(format!("{other} is no option; behind -showme: may stand {SHOWN}"))
        }
        Some(info) if INFO[..2].contains(&info) => line(&[&compiler, &compile]),
        Some(info) if INFO.contains(&info) => line(&[&compiler, &link]),
        // Without anything to compile it is the flags that are asked for, as by CMake.
        Some(_) if words.is_empty() || links(&words) => line(&[&compiler, &words, &compile, &link]),
        Some(_) => line(&[&compiler, &words, &compile]),
        None if links(&words) => Answer::Run([compiler, words, compile, link].concat()),
        None => Answer::Run([compiler, words, compile].concat()),
    }
}

fn compiler(request: &Request<'_>) -> Vec<OsString> {
    let chosen = request.language.variables().into_iter().find_map(|name| (request.get)(name));
    match (chosen, request.language) {
        (Some(line), _) => split(&line),
        (None, Language::C) => vec!["cc".into()],
        (None, Language::Cxx) => vec!["c++".into()],
    }
}

/// A compiler may come with a first argument, as in `ccache gcc`.
fn split(line: &OsStr) -> Vec<OsString> {
    let words = line.as_bytes().split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    words.map(|word| OsString::from_vec(word.to_vec())).collect()
}

/// Whether the compiler will link: there is something to compile or to link, and nothing says to stop before that.
fn links(words: &[OsString]) -> bool {
    let mut files = false;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if WITHOUT_LINKING.iter().any(|option| word == option) {
            return false;
        }
        if WITH_VALUE.iter().any(|option| word == option) {
            // A library alone can be linked, too.
            files |= word == "-l";
            words.next();
        } else {
            files |= !word.as_bytes().starts_with(b"-") || word == "-" || word.as_bytes().starts_with(b"-l");
        }
    }
    files
}

struct Install {
    include: PathBuf,
    lib: PathBuf,
}

impl Install {
    fn new(prefix: &Path) -> Install {
        let has_library = |lib: &&PathBuf| lib.join("libmpi_abi.so").exists();
        let candidates = [prefix.join("lib"), prefix.join("lib64")];
        let lib = candidates.iter().find(has_library).unwrap_or(&candidates[0]).clone();
        Install { include: prefix.join("include"), lib }
    }

    fn compile_flags(&self) -> Vec<OsString> {
        // Compilers look there anyway, and naming it would change the order of their own directories.
        match self.include == Path::new("/usr/include") {
            true => Vec::new(),
            false => vec![joined("-I", &self.include)],
        }
    }

    fn link_flags(&self) -> Vec<OsString> {
        match ["/usr/lib", "/usr/lib64"].iter().any(|usual| self.lib == Path::new(usual)) {
            true => vec![LIBRARY.into()],
            false => vec![joined("-L", &self.lib), joined("-Wl,-rpath,", &self.lib), LIBRARY.into()],
        }
    }
}

fn joined(flag: &str, path: &Path) -> OsString {
    let mut word = OsString::from(flag);
    word.push(path);
    word
}

/// What stands before a path without a space.
const PATH_FLAGS: [&str; 3] = ["-I", "-L", "-Wl,"];

/// The words as a shell takes them.
fn quoted(words: &[OsString]) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./,=+:@%".contains(c);
    let quote = |word: &OsString| {
        let word = word.to_string_lossy();
        let path = PATH_FLAGS.into_iter().find_map(|flag| Some((flag, word.strip_prefix(flag)?)));
        match path {
            _ if !word.is_empty() && word.chars().all(plain) => word.into_owned(),
            // The one way of quoting that CMake's FindMPI understands.
            Some((flag, path)) if !path.contains(['"', '$', '`', '\\', '!']) => format!("{flag}\"{path}\""),
            _ => format!("'{}'", word.replace('\'', "'\\''")),
        }
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(line: &str, environment: &[(&str, &str)]) -> String {
        let get = |name: &str| environment.iter().find(|(n, _)| *n == name).map(|(_, v)| OsString::from(v));
        let words = line.split_whitespace().map(OsString::from).collect();
        let request = Request { language: Language::C, words, prefix: "/opt/rw".into(), get: &get };
        match answer(&request) {
            Answer::Show(text) => format!("show {text}"),
            Answer::Run(line) => quoted(&line),
            Answer::Refuse(why) => format!("refuse {why}"),
        }
    }

    #[test]
    fn what_is_no_option_is_refused() {
        assert!(ask("-showme:bogus a.c", &[]).starts_with("refuse -showme:bogus is no option"));
        assert!(ask("-cc= a.c", &[]).starts_with("refuse -cc= names no compiler"));
        assert!(ask("-showme:help", &[]).starts_with("show "));
    }

    #[test]
    fn it_links_only_where_the_compiler_does() {
        let (compile, link) = ("-I/opt/rw/include", "-L/opt/rw/lib -Wl,-rpath,/opt/rw/lib -lmpi_abi");
        assert_eq!(ask("a.c -o a", &[]), format!("cc a.c -o a {compile} {link}"));
        for line in ["-c a.c", "-E a.c", "-S a.c", "-M a.c", "--version", "-v", "-dumpmachine", "-o x -I y"] {
            assert_eq!(ask(line, &[]), format!("cc {line} {compile}"));
        }
        assert_eq!(ask("-MMD -MF d a.c", &[]), format!("cc -MMD -MF d a.c {compile} {link}"));
    }

    #[test]
    fn it_shows_what_mpich_and_open_mpi_show() {
        let (compile, link) = ("-I/opt/rw/include", "-L/opt/rw/lib -Wl,-rpath,/opt/rw/lib -lmpi_abi");
        assert_eq!(ask("-show", &[]), format!("show cc {compile} {link}"));
        assert_eq!(ask("-showme", &[]), format!("show cc {compile} {link}"));
        assert_eq!(ask("-show -c a.c", &[]), format!("show cc -c a.c {compile}"));
        assert_eq!(ask("-showme:compile", &[]), format!("show {compile}"));
        assert_eq!(ask("-showme:link", &[]), format!("show {link}"));
        assert_eq!(ask("--showme a.c", &[]), format!("show cc a.c {compile} {link}"));
        assert_eq!(ask("--showme:compile", &[]), format!("show {compile}"));
        assert_eq!(ask("-compile_info", &[]), format!("show cc {compile}"));
        assert_eq!(ask("-link_info", &[]), format!("show cc {link}"));
        assert_eq!(ask("-showme:command", &[]), "show cc");
        assert_eq!(ask("-showme:incdirs", &[]), "show /opt/rw/include");
    }

    #[test]
    fn the_compiler_can_be_chosen() {
        assert_eq!(ask("-showme:command", &[("OMPI_CC", "clang"), ("MPICH_CC", "gcc")]), "show gcc");
        assert_eq!(ask("-showme:command", &[("MPICC_CC", "ccache gcc")]), "show ccache gcc");
        assert_eq!(ask("-cc=tcc -showme:command", &[("MPICC_CC", "gcc")]), "show tcc");
        assert_eq!(["mpicc", "mpicxx", "mpic++", "mpiCC"].map(Language::of), {
            use Language::*;
            [C, Cxx, Cxx, Cxx]
        });
    }

    #[test]
    fn odd_words_are_quoted() {
        assert_eq!(quoted(&["a b".into(), "it's".into(), "".into()]), r"'a b' 'it'\''s' ''");
        assert_eq!(quoted(&["-I/a b".into(), "-L/a$b".into()]), r#"-I"/a b" '-L/a$b'"#);
    }
}
