//! A command's options, parsed from its help text, so that they are listed only once.
//!
//! `  -j N, --workers N Compile N files` describes `-j` and `--workers`, which take a value.

/// One option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) short: Option<char>,
    pub(crate) long: Option<&'static str>,
    /// The name of its value, if it takes one.
    pub(crate) value: Option<&'static str>,
    pub(crate) text: String,
}

/// The options in a help text, and the help option.
pub(crate) fn described(help: &'static str) -> Vec<Described> {
    let mut all: Vec<Described> = Vec::new();
    let mut is_open = false;
    for line in help.lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if indent == 2 && text.starts_with('-') {
            all.push(one(text));
            is_open = true;
        } else if is_open && indent > 2 {
            let last = all.last_mut().map(|option| &mut option.text);
            if let Some(last) = last {
                let gap = if last.is_empty() { "" } else { " " };
                *last += &[gap, text].concat();
            }
        } else {
            is_open = false;
        }
    }
    if !all.iter().any(|option| option.long == Some("help")) {
        let text = "Print the help".to_owned();
        all.push(Described { short: Some('h'), long: Some("help"), value: None, text });
    }
    all
}

fn one(line: &'static str) -> Described {
    let mut option = Described { short: None, long: None, value: None, text: String::new() };
    let mut rest = line;
    loop {
        let (word, after) = split(rest);
        if !word.starts_with('-') {
            break;
        }
        let name = word.trim_end_matches(',');
        match name.strip_prefix("--") {
            Some(long) => option.long = Some(long),
            None => option.short = name.chars().nth(1),
        }
        rest = after;
        let mut is_last = !word.ends_with(',');
        let (word, after) = split(rest);
        let value = word.trim_end_matches(',');
        let is_value = value.len() > 1 || value == "N";
        if is_last && !is_value && value != "N" {
            break;
        }
        if is_value && value.bytes().all(|byte| byte.is_ascii_uppercase()) {
            option.value = Some(value);
            rest = after;
            is_last = !word.ends_with(',');
        }
        if is_last {
            break;
        }
    }
    rest.trim().clone_into(&mut option.text);
    option
}

/// The first word and the rest.
fn split(text: &'static str) -> (&'static str, &'static str) {
    text.split_once(' ').map_or((text, ""), |(word, rest)| (word, rest.trim_start()))
}

/// The best suggestion for a mistyped `word`: at most a third of its characters may differ.
pub(crate) fn suggestion<'n>(
    word: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    // If two names are equally near, one that starts with the word is preferred.
    let near = |name: &&str| (distance(word, name), !name.starts_with(word));
    let best = names.into_iter().min_by_key(near)?;
    (distance(word, best) <= (word.chars().count() / 3).max(1)).then_some(best)
}

/// The edit distance: insertions, deletions, substitutions and transpositions of neighbours.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let change = usize::from(one[i - 1] != other[j - 1]);
            let mut least =
                (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_from_the_help() {
        const HELP: &str = "\
Does.

Usage: include-py do [OPTION]…

  -j N, --workers N Compile N files
                    at once
  -q                Print errors only
  --cache-prefix DIR
                    Write below DIR
  -O, --show-offsets Show

Exit code: 0.
";
        let all = described(HELP);
        let short = |option: &Described| {
            let Described { short, long, value, text } = option.clone();
            (short, long.unwrap_or(""), value.unwrap_or(""), text)
        };
        let all: Vec<_> = all.iter().map(short).collect();
        assert_eq!(
            all,
            [
                (Some('j'), "workers", "N", "Compile N files at once".to_owned()),
                (Some('q'), "", "", "Print errors only".to_owned()),
                (None, "cache-prefix", "DIR", "Write below DIR".to_owned()),
                (Some('O'), "show-offsets", "", "Show".to_owned()),
                (Some('h'), "help", "", "Print the help".to_owned()),
            ]
        );
    }

    #[test]
    fn similar_names_are_found() {
        let names = ["compile", "dis", "diff", "normalize"];
        for (word, name) in [
            ("complie", Some("compile")),
            ("compil", Some("compile")),
            ("dif", Some("diff")),
            ("normalise", Some("normalize")),
            ("soup", None),
        ] {
            assert_eq!(suggestion(word, names), name, "{word}");
        }
    }
}
