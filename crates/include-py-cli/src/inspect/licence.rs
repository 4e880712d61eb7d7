//! The licence that a distribution's metadata names.
//!
//! | field of `METADATA`; the first one present counts | |
//! |---|---|
//! | `License-Expression: MIT AND BSD-3-Clause` | since metadata 2.4 (PEP 639) |
//! | `License: MIT` | unless it is the text of a licence |
//! | `Classifier: License :: OSI Approved :: MIT License` | `MIT License` |

/// The licence; `None` if the metadata don't name one.
pub(super) fn licence(metadata: &str) -> Option<String> {
    let header = metadata.split("\n\n").next().unwrap_or_default();
    let fields = || header.lines().filter_map(|line| line.split_once(": "));
    let known = |value: &&str| !value.is_empty() && *value != "UNKNOWN";
    let all = |name: &'static str| {
        let named = fields().filter(move |(field, _)| field.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim()).filter(known)
    };
    if let Some(expression) = all("License-Expression").next() {
        return Some(expression.to_owned());
    }
    // The text of a licence has several lines; all but the first are indented.
    let is_text = header.lines().skip_while(|line| !line.starts_with("License: ")).nth(1);
    let is_text = is_text.is_some_and(|line| line.starts_with([' ', '\t']));
    if let Some(short) = all("License").next().filter(|_| !is_text) {
        return Some(short.to_owned());
    }
    let classifiers = all("Classifier").filter(|value| value.starts_with("License :: "));
    let names = classifiers.filter_map(|value| value.rsplit(" :: ").next());
    let names: Vec<&str> = names.filter(|name| *name != "OSI Approved").collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_field_counts() {
        let all = "Name: a\nLicense: BSD\nClassifier: License :: OSI Approved :: BSD License\n\
                   License-Expression: BSD-3-Clause\n\nLicense: in the description\n";
        assert_eq!(licence(all).as_deref(), Some("BSD-3-Clause"));
        let old = all.replace("License-Expression: BSD-3-Clause\n", "");
        assert_eq!(licence(&old).as_deref(), Some("BSD"));
        let text = old.replace("License: BSD", "License: Copyright\n  by nobody\n");
        assert_eq!(licence(&text).as_deref(), None);
        let text = old.replace("License: BSD", "License: Copyright\n  by nobody");
        assert_eq!(licence(&text).as_deref(), Some("BSD License"));
        assert_eq!(licence("Name: a\nLicense: UNKNOWN\n\nLicense: MIT\n"), None);
    }
}
