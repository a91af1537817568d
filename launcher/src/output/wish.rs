//! What the users of Open MPI say with `--output`, and we too: a directory, or a list of what is to become of output.

use crate::pattern::Pattern;

/// One `--output`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// What output and errors of a rank go to, instead of our own streams.
    pub files: Option<[Pattern; 2]>,
    /// What each line begins with, behind the time.
    pub tag: Option<Pattern>,
    /// Each line begins with the time.
    pub timed: bool,
    /// Errors go where output goes.
    pub merged: bool,
}

/// Reads `DIR`, or a list of `tag`, `rank`, `tag-detailed`, `timestamp`, `merge`, `dir=DIR` and `file=NAME`.
pub fn parse(text: &str) -> Result<Wish, String> {
    // What may follow a colon says that files are all there is, or that lines need not be whole: both as they are here.
    let items =
        text.split(':').next().unwrap_or_default().split(',').map(|item| match item.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (item, None),
        });
    let mut wish = Wish::default();
    for (index, (name, value)) in items.enumerate() {
        match (name.to_ascii_lowercase().as_str(), value) {
            ("tag" | "rank", None) => wish.tag = Some(Pattern::of_rank("[", "] ")),
            ("tag-detailed" | "tag-fullname", None) => wish.tag = Some(Pattern::of_rank_and_host()),
            ("timestamp", None) => wish.timed = true,
            ("merge" | "merge-stderr-to-stdout", None) => wish.merged = true,
            ("dir" | "directory", Some(dir)) if !dir.is_empty() => wish.files = Some(in_directory(dir)),
            ("file" | "filename", Some(name)) if !name.is_empty() => {
                wish.files = Some(
                    ["out", "err"].map(|kind| Pattern::of_rank(&format!("{name}."), &format!(".{kind}"))),
                );
            }
            ("xml", None) => return Err("mpirun does not write XML".into()),
            // The name of a directory; it may have any of our signs in it.
            _ if index == 0 => return Ok(Wish { files: Some(in_directory(text)), ..Wish::default() }),
            _ => {
                return Err(format!(
                    "{name} is none of tag, rank, tag-detailed, timestamp, merge, dir=DIR and file=NAME"
                ));
            }
        }
    }
    Ok(wish)
}

fn in_directory(dir: &str) -> [Pattern; 2] {
    let dir = dir.strip_suffix('/').unwrap_or(dir);
    ["out", "err"].map(|kind| Pattern::of_rank(&format!("{dir}/rank."), &format!(".{kind}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_or_a_list() {
        let dir = |name: &str| Some(in_directory(name));
        assert_eq!(parse("logs").unwrap(), Wish { files: dir("logs"), ..Wish::default() });
        assert_eq!(parse("a,b:c=d").unwrap().files, dir("a,b:c=d"));
        let wish = parse("tag,timestamp,dir=x:nocopy").unwrap();
        assert_eq!((wish.files, wish.timed, wish.merged), (dir("x"), true, false));
        assert_eq!(wish.tag, Some(Pattern::of_rank("[", "] ")));
        assert_eq!(parse("file=x,merge").unwrap().files.unwrap()[1], Pattern::of_rank("x.", ".err"));
        assert!(parse("tag,dri=x").unwrap_err().contains("dri is none of"));
        assert!(parse("xml").is_err());
    }
}
