//! Counts how often errors are equal, and how they differ.
//!
//! A row is printed below [`HEADING`].

use std::collections::BTreeMap;

use super::report::Report;

pub(super) const HEADING: &str = "corpus                   refused   class  message    line  column  end line  end col    text     all  accepted  rejected";

/// The number of sources that agree in each field, in the order of [`HEADING`].
#[derive(Default)]
pub(super) struct Row {
    refused: usize,
    same: [usize; 8],
    accepted: usize,
    rejected: usize,
}

/// Minimum rates in thousandths that the total must reach: class, message, line, column, end line,
/// end column.
const WANTED: [usize; 6] = [1000, 990, 995, 970, 970, 970];

impl Row {
    pub(super) fn add(
        &mut self,
        ours: Option<&Report>,
        theirs: Option<&Report>,
        source: &[u8],
        differences: &mut Differences,
    ) {
        if let Some(kind) = difference(ours, theirs) {
            differences.add(kind, source);
        }
        match (ours, theirs) {
            (None, None) => {}
            (None, Some(_)) => self.accepted += 1,
            (Some(_), None) => self.rejected += 1,
            (Some(ours), Some(theirs)) => {
                self.refused += 1;
                for (count, is_same) in self.same.iter_mut().zip(same(ours, theirs)) {
                    *count += usize::from(is_same);
                }
            }
        }
    }

    pub(super) fn include(&mut self, other: &Self) {
        self.refused += other.refused;
        for (sum, count) in self.same.iter_mut().zip(other.same) {
            *sum += count;
        }
        self.accepted += other.accepted;
        self.rejected += other.rejected;
    }

    pub(super) fn print(&self, label: &str) {
        let [class, message, line, column, end_line, end_column, text, all] =
            self.same.map(|count| percent(count, self.refused));
        println!(
            "{label:24} {:7} {class:>7} {message:>8} {line:>7} {column:>7} {end_line:>9} {end_column:>8} {text:>7} {all:>7} {:9} {:9}",
            self.refused, self.accepted, self.rejected
        );
    }

    pub(super) fn is_good(&self) -> bool {
        let enough = self.same.iter().zip(WANTED);
        self.refused > 0
            && self.accepted + self.rejected == 0
            && enough.into_iter().all(|(count, wanted)| count * 1000 >= wanted * self.refused)
    }
}

/// A percentage with one decimal, rounded down: 100 only if nothing differs.
fn percent(count: usize, of: usize) -> String {
    let thousandths = (count * 1000).checked_div(of).unwrap_or(0);
    format!("{}.{}", thousandths / 10, thousandths % 10)
}

/// Which fields are the same, in the order of [`HEADING`].
fn same(ours: &Report, theirs: &Report) -> [bool; 8] {
    let text = theirs.text.is_none() || ours.text == theirs.text;
    let mut same = [
        ours.class == theirs.class,
        ours.message == theirs.message,
        ours.line == theirs.line,
        ours.column == theirs.column,
        ours.end_line == theirs.end_line,
        ours.end_column == theirs.end_column,
        text,
        true,
    ];
    same[7] = !same.contains(&false);
    same
}

/// A description of the difference, which is the same for all differences of a kind; `None` if
/// there is no difference.
pub(super) fn difference(ours: Option<&Report>, theirs: Option<&Report>) -> Option<String> {
    let (ours, theirs) = match (ours, theirs) {
        (None, None) => return None,
        (None, Some(theirs)) => return Some(format!("accepted: {}", general(&theirs.message))),
        (Some(ours), None) => return Some(format!("rejected: {}", general(&ours.message))),
        (Some(ours), Some(theirs)) => (ours, theirs),
    };
    let [class, message, line, column, end_line, end_column, text, all] = same(ours, theirs);
    let [said, meant] = [&ours.message, &theirs.message].map(|message| general(message));
    if all {
        return None;
    }
    if !class {
        return Some(format!("class: {} {said:?}, not {} {meant:?}", ours.class, theirs.class));
    }
    if !message {
        return Some(format!("message: {said:?}, not {meant:?}"));
    }
    let named = [
        (line, "line"),
        (column, "column"),
        (end_line, "end line"),
        (end_column, "end column"),
        (text, "text"),
    ];
    let fields: Vec<&str> =
        named.into_iter().filter(|(same, _)| !same).map(|(_, name)| name).collect();
    Some(format!("{}: {meant}", fields.join(", ")))
}

/// The message without numbers, code points and characters that aren't ASCII.
fn general(message: &str) -> String {
    let mut text = String::new();
    for word in message.split_inclusive(' ') {
        let part = word.trim_end();
        let number = part.trim_matches(|end: char| "():,'".contains(end));
        let is_number = number.starts_with(|first: char| first.is_ascii_digit())
            || number.starts_with("U+")
            || !number.is_ascii();
        text += if is_number { "N " } else { word };
    }
    text
}

/// The kinds of differences, with the number of occurrences and the shortest example.
#[derive(Default)]
pub(super) struct Differences(BTreeMap<String, (usize, Vec<u8>)>);

impl Differences {
    fn add(&mut self, kind: String, source: &[u8]) {
        let entry = self.0.entry(kind).or_insert_with(|| (0, source.to_owned()));
        entry.0 += 1;
        if source.len() < entry.1.len() {
            source.clone_into(&mut entry.1);
        }
    }

    /// The kinds that contain a text, with counts and examples, the most frequent first.
    pub(super) fn sorted(self, about: &str) -> Vec<(String, usize, Vec<u8>)> {
        let kinds = self.0.into_iter().filter(|(kind, _)| kind.contains(about));
        let mut sorted: Vec<_> =
            kinds.map(|(kind, (count, source))| (kind, count, source)).collect();
        sorted.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_below_100_are_rounded_down() {
        assert_eq!(percent(9999, 10_000), "99.9");
        assert_eq!(percent(3, 3), "100.0");
        assert_eq!(percent(0, 0), "0.0");
    }
}
