//! C declarations, as far as MPI's interface needs them, and the Rust types that have the same ABI.

use std::collections::BTreeSet;

/// `typedef TARGET NAME;`
pub struct Alias {
    pub target: String,
    pub name: String,
}

/// One parameter: `const int recvcounts[]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// Type and name.
    Named(Declaration),
    /// `...`
    Rest,
}

/// What C says of a parameter or a member.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    constant: bool,
    base: String,
    stars: usize,
    /// Its name.
    pub name: String,
    /// What follows the name: ``, `[]`, `[5]`, `[][3]`.
    array: String,
}

impl Param {
    /// Reads a list that is parted by commas.
    pub fn parse_list(list: &str) -> Result<Vec<Param>, String> {
        list.split(',').map(|p| Param::parse(p.trim())).collect()
    }

    fn parse(text: &str) -> Result<Param, String> {
        if text == "..." {
            return Ok(Param::Rest);
        }
        let (constant, rest) = match text.strip_prefix("const ") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (rest, array) = match rest.find('[') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (base, name) = rest.split_once(' ').ok_or_else(|| format!("`{text}` is no parameter"))?;
        let stars = name.chars().take_while(|c| *c == '*').count();
        let name = &name[stars..];
        let plain =
            |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain(base) || !plain(name) {
            return Err(format!("`{text}` is no parameter"));
        }
        Ok(Param::Named(Declaration {
            constant,
            base: base.into(),
            stars,
            name: name.into(),
            array: array.into(),
        }))
    }

    /// As C has it.
    pub fn c(&self) -> String {
        match self {
            Param::Rest => "...".into(),
            Param::Named(d) => {
                let constant = if d.constant { "const " } else { "" };
                format!("{constant}{} {}{}{}", d.base, "*".repeat(d.stars), d.name, d.array)
            }
        }
    }

    /// Type and name, unless this is `...`.
    pub fn named(&self) -> Option<&Declaration> {
        match self {
            Param::Named(declaration) => Some(declaration),
            Param::Rest => None,
        }
    }
}

impl Declaration {
    /// Whether this is one value of type `base`, not a pointer to it.
    pub fn is(&self, base: &str) -> bool {
        self.base == base && self.stars == 0 && self.array.is_empty()
    }

    /// The name, so that Rust takes it.
    pub fn rust_name(&self) -> String {
        match self.name.as_str() {
            keyword @ ("type" | "in" | "fn" | "ref" | "match" | "move" | "mod" | "use") => {
                format!("{keyword}_")
            }
            name => name.into(),
        }
    }

    /// The Rust type that is passed as C passes this parameter.
    pub fn rust(&self, callbacks: &BTreeSet<&str>) -> String {
        if callbacks.contains(self.base.as_str()) {
            return format!("Option<{}>", self.base);
        }
        let mut text = scalar(&self.base).to_string();
        let mut pointers = self.stars;
        match self.array.strip_prefix("[]") {
            None => {}
            Some("") => pointers += 1,
            Some(inner) => {
                text = format!("[{text}; {}]", inner.trim_matches(['[', ']']));
                pointers += 1;
            }
        }
        for level in 0..pointers {
            let kind = if self.constant && level == 0 { "const" } else { "mut" };
            text = format!("*{kind} {text}");
        }
        text
    }
}

/// The Rust name of a C type that is no pointer.
pub fn scalar(base: &str) -> &str {
    match base {
        "int" => "c_int",
        "char" => "c_char",
        "void" => "c_void",
        "double" => "f64",
        "intptr_t" => "isize",
        "int64_t" => "i64",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_of_the_interface_has_its_rust_type() {
        let callbacks = BTreeSet::from(["MPI_User_function"]);
        for (c, rust) in [
            ("int count", "c_int"),
            ("const int level", "c_int"),
            ("const void *buf", "*const c_void"),
            ("char ***argv", "*mut *mut *mut c_char"),
            ("char **array_of_argv[]", "*mut *mut *mut c_char"),
            ("const MPI_Datatype sendtypes[]", "*const MPI_Datatype"),
            ("int ranges[][3]", "*mut [c_int; 3]"),
            ("MPI_User_function *user_fn", "Option<MPI_User_function>"),
        ] {
            let params = Param::parse_list(c).unwrap();
            assert_eq!(params[0].c(), c);
            assert_eq!(params[0].named().unwrap().rust(&callbacks), rust);
        }
        assert_eq!(Param::parse_list("...").unwrap(), [Param::Rest]);
        assert!(Param::parse_list("int").is_err());
    }
}
