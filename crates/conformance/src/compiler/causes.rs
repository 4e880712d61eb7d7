//! Groups differences by cause: the same field, and the same pair of instructions.
//!
//! ```text
//!   17  co_code LOAD_FAST / LOAD_FAST_CHECK      test/test_scope.py: <module> > f: …
//! ```

use std::collections::BTreeMap;

use pyc_code::diff::Difference;

/// The number of occurrences and the first example of each cause.
#[derive(Default)]
pub(crate) struct Causes(BTreeMap<String, (usize, String)>);

impl Causes {
    pub(crate) fn add(&mut self, file: &str, difference: &Difference) {
        let cause = match difference.field() {
            "co_code" => {
                let name = |text: &str| text.split_whitespace().nth(1).unwrap_or("end").to_owned();
                format!("co_code {} / {}", name(difference.left()), name(difference.right()))
            }
            field => field.to_owned(),
        };
        self.add_text(cause, file, &difference.to_string());
    }

    pub(crate) fn add_text(&mut self, cause: String, file: &str, detail: &str) {
        let entry = self.0.entry(cause).or_insert_with(|| (0, format!("{file}: {detail}")));
        entry.0 += 1;
    }

    /// Prints the most frequent causes, each with its first example.
    pub(crate) fn print(&self, most: usize) {
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (cause, (count, example)) in sorted.iter().take(most) {
            println!(
                "{count:6}  {cause}\n        {}",
                example.trim_end().replace('\n', "\n        ")
            );
        }
        if sorted.len() > most {
            println!("        and {} causes more", sorted.len() - most);
        }
    }
}
