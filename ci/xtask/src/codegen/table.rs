//! The API table: how its files are written, and how they are read.
//!
//! A file of functions holds entries. The first line of an entry says what it is, the indented lines that follow are
//! its C parameters:
//!
//! ```text
//! [RETURN TYPE, if not int] NAME SECTION [-> MODULE::FUNCTION] [any-time] [bare] [instead NAME]
//!     PARAMETER, PARAMETER, ...
//! ```
//!
//! SECTION is the place in the MPI 5.0 standard. The arrow names the function in `runtime/c/src/calls` that carries it
//! out; without one it is not built. `any-time` marks what may also be called before MPI_Init and after MPI_Finalize
//! (section 11.4.1); `bare` what is handed to its body with nothing
//! around it: it minds the world and its errors itself, or has none; `instead` is for a name that MPI removed, and names the
//! one that replaced it. `types.api`, `constants.api` and `removed.api` describe themselves. Lines that begin with `#` are
//! comments; the first one of a file is its title.

use super::ctype::{Alias, Param};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The whole interface.
pub struct Table {
    /// In the order of `types.api`.
    pub types: Vec<Type>,
    /// In the order of `constants.api`, in its groups.
    pub constants: Vec<Vec<Constant>>,
    /// In the order of the files' names.
    pub chapters: Vec<Chapter>,
    /// What MPI 5.0 does not have any more.
    pub removed: Removed,
}

/// Names that are an extension: no part of the standard, nor counted with it.
#[derive(Default)]
pub struct Removed {
    /// Types, each with what replaced it.
    pub types: Vec<(Type, String)>,
    /// Constants, each with what replaced it.
    pub constants: Vec<(Constant, String)>,
    /// Functions.
    pub chapter: Chapter,
}

/// One file of functions.
#[derive(Default)]
pub struct Chapter {
    /// The file's name without its extension.
    pub name: String,
    /// What it is about, for a reader.
    pub title: String,
    /// In the order of the file.
    pub functions: Vec<Function>,
}

/// One function of the interface.
#[derive(Debug, PartialEq)]
pub struct Function {
    /// As C has it, `MPI_Send`.
    pub name: String,
    /// The C type it returns.
    pub returns: String,
    /// Where the standard defines it.
    pub section: String,
    /// The function that carries it out, if it is built.
    pub target: Option<String>,
    /// Whether it may be called before MPI_Init and after MPI_Finalize.
    pub any_time: bool,
    /// Whether nothing is done around its body.
    pub bare: bool,
    /// What replaced it, if it was removed.
    pub instead: Option<String>,
    /// Its parameters.
    pub params: Vec<Param>,
}

/// A C type of the interface.
pub enum Type {
    /// A heading for what follows.
    Heading(String),
    /// `typedef struct TAG* NAME;`: a handle.
    Handle { tag: String, name: String },
    /// `typedef TARGET NAME;`.
    Alias(Alias),
    /// `typedef RETURNS (NAME)(PARAMETERS);`: the shape of a callback.
    Callback { name: String, returns: String, params: Vec<Param> },
    /// `struct NAME { MEMBERS };`.
    Struct { name: String, members: Vec<Param> },
}

/// A constant of the interface.
pub struct Constant {
    /// Its name.
    pub name: String,
    /// What it is.
    pub value: Value,
}

/// What a constant is.
pub enum Value {
    /// Another name of a constant.
    Alias(String),
    /// A number with the C type that it is cast to; `int` and `number` need no cast.
    Number { ctype: String, text: String, number: i64 },
}

impl Table {
    /// Reads the folder of the table.
    pub fn read(folder: &Path) -> Result<Table, String> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
            let path = entry.map_err(|e| format!("{}: {e}", folder.display()))?.path();
            if path.extension().is_some_and(|e| e == "api") {
                names.push(path);
            }
        }
        names.sort();
        let (types_of, constants_of, chapters) = (Vec::new(), Vec::new(), Vec::new());
        let mut table =
            Table { types: types_of, constants: constants_of, chapters, removed: Removed::default() };
        for path in names {
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let name = path.file_stem().expect("an .api file has a name").to_string_lossy().into_owned();
            let outcome = match name.as_str() {
                "types" => types(&text).map(|types| table.types = types),
                "removed" => removed(&name, &text).map(|removed| table.removed = removed),
                "constants" => constants(&text).map(|constants| table.constants = constants),
                _ => chapter(&name, &text).map(|chapter| table.chapters.push(chapter)),
            };
            outcome.map_err(|e| format!("{}: {e}", path.display()))?;
        }
        table.no_name_twice()?;
        Ok(table)
    }

    /// Every function of every chapter: those of the standard.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.chapters.iter().flat_map(|c| &c.functions)
    }

    /// The names of the callback shapes, which are pointers wherever they are parameters.
    pub fn callbacks(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        for entry in &self.types {
            match entry {
                Type::Callback { name, .. } => names.insert(name.as_str()),
                Type::Alias(alias) if names.contains(alias.target.as_str()) => {
                    names.insert(alias.name.as_str())
                }
                _ => continue,
            };
        }
        names
    }

    fn no_name_twice(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        let constants = self
            .constants
            .iter()
            .flatten()
            .chain(self.removed.constants.iter().map(|(c, _)| c))
            .map(|c| &c.name);
        let functions = self.functions().chain(&self.removed.chapter.functions).map(|f| &f.name);
        for name in functions.chain(constants) {
            if !seen.insert(name) {
                return Err(format!("{name} stands twice in the table"));
            }
        }
        Ok(())
    }
}

fn chapter(name: &str, text: &str) -> Result<Chapter, String> {
    let title = text.lines().next().and_then(|l| l.strip_prefix("# ")).ok_or("the first line is no title")?;
    let mut functions: Vec<Function> = Vec::new();
    let mut params = String::new();
    for (number, line) in text.lines().enumerate() {
        let outcome = if line.is_empty() || line.starts_with('#') {
            Ok(())
        } else if line.starts_with(' ') {
            params += line.trim();
            params.push(' ');
            Ok(())
        } else {
            finish(&mut functions, &mut params)
                .and_then(|()| Function::parse(line).map(|function| functions.push(function)))
        };
        outcome.map_err(|e| format!("line {}: {e}", number + 1))?;
    }
    finish(&mut functions, &mut params)?;
    Ok(Chapter { name: name.into(), title: title.into(), functions })
}

/// Gives the parameters read so far to the entry that they belong to.
fn finish(functions: &mut [Function], params: &mut String) -> Result<(), String> {
    let text = std::mem::take(params);
    match (functions.last_mut(), text.trim()) {
        (_, "") => Ok(()),
        (None, _) => Err("parameters before the first entry".into()),
        (Some(function), list) => {
            function.params = Param::parse_list(list)?;
            Ok(())
        }
    }
}

impl Function {
    fn parse(line: &str) -> Result<Function, String> {
        let mut words = line.split_whitespace().peekable();
        let mut first = words.next().ok_or("an empty entry")?;
        let mut returns = "int";
        if words.peek().is_some_and(|w| w.starts_with("MPI_")) {
            returns = first;
            first = words.next().expect("just seen");
        }
        let section = words.next().ok_or("a name without a section")?;
        let mut function = Function {
            name: first.into(),
            returns: returns.into(),
            section: section.into(),
            target: None,
            any_time: false,
            bare: returns != "int",
            instead: None,
            params: Vec::new(),
        };
        while let Some(word) = words.next() {
            match word {
                "->" => function.target = Some(words.next().ok_or("an arrow to nowhere")?.into()),
                "any-time" => function.any_time = true,
                "bare" => function.bare = true,
                "instead" => function.instead = Some(words.next().ok_or("instead of what?")?.into()),
                other => return Err(format!("what is `{other}`?")),
            }
        }
        Ok(function)
    }
}

/// The file of removed names: a chapter, among whose entries types and constants stand.
fn removed(name: &str, text: &str) -> Result<Removed, String> {
    let (mut types, mut constants, mut rest) = (Vec::new(), Vec::new(), String::new());
    for line in text.lines() {
        let wrong = || format!("not a removed name: {line}");
        if line.starts_with("typedef ") {
            let (definition, instead) = line.split_once(" instead ").ok_or_else(wrong)?;
            types.push((Type::parse(definition).ok_or_else(wrong)?, instead.into()));
        } else if let Some(constant) = line.strip_prefix("constant ") {
            let (definition, instead) = constant.split_once(" instead ").ok_or_else(wrong)?;
            constants.push((Constant::parse(definition).ok_or_else(wrong)?, instead.into()));
        } else {
            rest += line;
            rest.push('\n');
        }
    }
    let chapter = chapter(name, &rest)?;
    match chapter.functions.iter().find(|f| f.instead.is_none()) {
        Some(function) => Err(format!("{}: what replaced it?", function.name)),
        None => Ok(Removed { types, constants, chapter }),
    }
}

fn types(text: &str) -> Result<Vec<Type>, String> {
    let mut types = Vec::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        if line.is_empty() {
            continue;
        }
        let entry = match line.strip_prefix("# ") {
            Some(heading) => Type::Heading(heading.into()),
            None => Type::parse(line).ok_or_else(|| format!("line {}: not a C type: {line}", number + 1))?,
        };
        types.push(entry);
    }
    Ok(types)
}

impl Type {
    fn parse(line: &str) -> Option<Type> {
        if let Some(rest) = line.strip_prefix("struct ") {
            let (name, members) = rest.strip_suffix("; };")?.split_once(" { ")?;
            let members = Param::parse_list(&members.replace(';', ",")).ok()?;
            return Some(Type::Struct { name: name.into(), members });
        }
        let rest = line.strip_prefix("typedef ")?.strip_suffix(';')?;
        if let Some((tag, name)) = rest.strip_prefix("struct ").and_then(|r| r.split_once("* ")) {
            return Some(Type::Handle { tag: tag.into(), name: name.into() });
        }
        if let Some((returns, shape)) = rest.split_once(" (") {
            let (name, params) = shape.strip_suffix(')')?.split_once(")(")?;
            let params = Param::parse_list(params).ok()?;
            return Some(Type::Callback { name: name.into(), returns: returns.into(), params });
        }
        let (target, name) = rest.split_once(' ')?;
        Some(Type::Alias(Alias { target: target.into(), name: name.into() }))
    }
}

fn constants(text: &str) -> Result<Vec<Vec<Constant>>, String> {
    let mut groups = vec![Vec::new()];
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#')) {
        if line.is_empty() {
            groups.push(Vec::new());
            continue;
        }
        let constant =
            Constant::parse(line).ok_or_else(|| format!("line {}: not a constant: {line}", number + 1))?;
        groups.last_mut().expect("there is a group").push(constant);
    }
    groups.retain(|g| !g.is_empty());
    Ok(groups)
}

impl Constant {
    fn parse(line: &str) -> Option<Constant> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, ctype, text] = words[..] else { return None };
        let value = if ctype == "=" {
            Value::Alias(text.into())
        } else {
            let number = match text.strip_prefix("0x") {
                Some(hex) => i64::from_str_radix(hex, 16).ok()?,
                None => text.parse().ok()?,
            };
            Value::Number { ctype: ctype.into(), text: text.into(), number }
        };
        Some(Constant { name: name.into(), value })
    }
}
