//! The outcome of each test of a suite, as the harness prints it.
//!
//! `{"tests": {"test.test_x.C.test_y": "ok"}, "details": {}, "served": {"specs": 7}}`

use std::collections::BTreeMap;

use serde_json::Value;

/// The outcomes of one run.
pub(super) struct Outcomes {
    tests: BTreeMap<String, String>,
    details: Value,
    served: u64,
}

impl Outcomes {
    pub(super) fn parse(json: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let tests = value["tests"].as_object().ok_or("no tests in what the harness printed")?;
        let words = tests
            .iter()
            .map(|(test, word)| (test.clone(), word.as_str().unwrap_or("no outcome").to_owned()));
        let served = value["served"].as_object();
        Ok(Self {
            tests: words.collect(),
            details: value["details"].clone(),
            served: served.map_or(0, |all| all.values().filter_map(Value::as_u64).sum()),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.tests.len()
    }

    /// The number of calls that our importer answered.
    pub(super) fn served(&self) -> u64 {
        self.served
    }

    /// The number of tests with this outcome.
    pub(super) fn count(&self, word: &str) -> usize {
        self.tests.values().filter(|one| *one == word).count()
    }

    pub(super) fn failures(&self) -> impl Iterator<Item = &str> {
        let failed = |word: &str| word != "ok" && word != "skipped";
        self.tests.iter().filter(move |(_, word)| failed(word)).map(|(test, _)| test.as_str())
    }

    /// The last line of a failed test's traceback.
    pub(super) fn detail(&self, test: &str) -> &str {
        let traceback = self.details[test].as_str().unwrap_or_default();
        traceback.trim_end().lines().last().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_counted() {
        let json = r#"{"tests": {"a": "ok", "b": "FAIL", "c": "skipped", "d": "ERROR"},
                       "details": {"b": "Traceback\nAssertionError: no\n"}, "served": {"x": 2, "y": 3}}"#;
        let outcomes = Outcomes::parse(json).unwrap();
        assert_eq!((outcomes.len(), outcomes.count("ok"), outcomes.served()), (4, 1, 5));
        assert_eq!(outcomes.failures().collect::<Vec<_>>(), ["b", "d"]);
        assert_eq!(outcomes.detail("b"), "AssertionError: no");
        assert!(Outcomes::parse("{}").is_err());
    }
}
