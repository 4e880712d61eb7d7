//! Counts how often errors are equal, and how they differ.
//!
//! A row is printed below [`HEADING`].

use std::collections::BTreeMap;

use super::Shown;
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
        let (ours, theirs) = match (ours, theirs) {
            (None, None) => return,
            (None, Some(theirs)) => {
                self.accepted += 1;
                return differences.add(format!("accepted: {}", theirs.message), source);
            }
            (Some(ours), None) => {
                self.rejected += 1;
                return differences.add(format!("rejected: {}", ours.message), source);
            }
            (Some(ours), Some(theirs)) => (ours, theirs),
        };
        self.refused += 1;
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
        for (count, is_same) in self.same.iter_mut().zip(same) {
            *count += usize::from(is_same);
        }
        if let Some(difference) = described(ours, theirs, same) {
            differences.add(difference, source);
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

/// A description of the difference, which is the same for all differences of a kind.
fn described(ours: &Report, theirs: &Report, same: [bool; 8]) -> Option<String> {
    let [class, message, line, column, end_line, end_column, text, all] = same;
    if all {
        return None;
    }
    if !message {
        return Some(format!("message: {:?}, not {:?}", ours.message, theirs.message));
    }
    if !class {
        return Some(format!("class: {}, not {}: {}", ours.class, theirs.class, theirs.message));
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
    Some(format!("{}: {}", fields.join(", "), theirs.message))
}

/// The kinds of differences, with the number of occurrences and the first example.
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

    /// Prints the most frequent kinds first.
    pub(super) fn print(&self, most: usize, about: &str, shown: Shown) {
        let mut sorted: Vec<_> = self.0.iter().filter(|(kind, _)| kind.contains(about)).collect();
        sorted.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (kind, (count, source)) in sorted.iter().take(most) {
            println!("{count:6}  {kind}");
            if shown == Shown::Sources {
                println!("        {:?}", String::from_utf8_lossy(source));
            }
        }
        if sorted.len() > most {
            println!("        and {} kinds more", sorted.len() - most);
        }
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
