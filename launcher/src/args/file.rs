//! Command lines that stand in a file: one line for each program of a job.

/// Why a file is not understood.
#[derive(Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// In which line, counted from 1, a quote is left open.
    pub line: usize,
}

/// The words of each line that has some. A `#` where a word may begin starts a comment, a backslash at the end of a line
/// joins the next one to it; quotes and other backslashes mean what they mean to a shell.
pub fn lines(text: &str) -> Result<Vec<Vec<String>>, Unclosed> {
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    let mut word: Option<String> = None;
    let mut number = 1;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {
                line.extend(word.take());
                if c == '\n' {
                    number += 1;
                    lines.push(std::mem::take(&mut line));
                }
            }
            '#' if word.is_none() => while chars.next_if(|&c| c != '\n').is_some() {},
            '\\' => match chars.next() {
                Some('\n') => number += 1,
                next => word.get_or_insert_default().extend(next),
            },
            quote @ ('"' | '\'') => {
                let begun = number;
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        None => return Err(Unclosed { line: begun }),
                        Some(c) if c == quote => break,
                        Some('\\') if quote == '"' && matches!(chars.peek(), Some('"' | '\\')) => {
                            word.extend(chars.next());
                        }
                        Some(c) => {
                            number += usize::from(c == '\n');
                            word.push(c);
                        }
                    }
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    line.extend(word);
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_cut_into_words() {
        let text = "# two programs\n-n 1 a.out 'x  y' \\\n  z#1 # more\n\n  -n 2 b.out \"say \\\"hi\\\"\" a\\ b ''\n";
        assert_eq!(
            lines(text).unwrap(),
            [vec!["-n", "1", "a.out", "x  y", "z#1"], vec!["-n", "2", "b.out", "say \"hi\"", "a b", ""]]
        );
        assert_eq!(lines("a\r\nb\r\n").unwrap(), [["a"], ["b"]]);
        assert_eq!(lines("a\n'b\nc"), Err(Unclosed { line: 2 }));
        assert!(lines("# nothing\n").unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn quoted_words_come_back(words in proptest::collection::vec("[a-z #'\\\\\"\n]{1,6}", 1..6)) {
            let quoted: Vec<String> = words.iter().map(|w| format!("'{}'", w.replace('\'', "'\\''"))).collect();
            prop_assert_eq!(lines(&quoted.join(" ")).unwrap(), [words]);
        }
    }
}
