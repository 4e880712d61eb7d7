//! Warning filters: `PYTHONWARNINGS` and `-W` with Python's syntax and precedence.
//!
//! `error::SyntaxWarning,ignore:invalid escape` refuses sources with warnings other than "invalid
//! escape …". Later filters take precedence (`warnings.py: _setoption`, 3.13).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use pyc_compiler::{Warning, WarningKind};
use pyc_tree::WarningAction;

/// The filters of a process.
#[derive(Debug, Default)]
pub(super) struct Filters {
    /// Sorted by precedence, highest first.
    filters: Vec<Filter>,
    /// The messages that `once` has shown, in any file and on any line (`_warnings.c:
    /// update_registry`, 3.13).
    shown: Mutex<HashSet<(String, WarningKind)>>,
}

#[derive(Debug)]
struct Filter {
    action: WarningAction,
    /// Whether a message is shown only the first time.
    once: bool,
    /// The required start of the message, in lower case.
    message: String,
    /// The required category; `None` for any.
    kind: Option<WarningKind>,
    /// The required file name without `.py`; empty for any.
    module: String,
    /// The required line; 0 for any.
    line: usize,
}

/// Python's actions; they can be abbreviated. A compiler's warnings belong to no module, so
/// `module` shows each of them, as in Python (`_warnings.c: warn_explicit` without a registry,
/// 3.13).
const ACTIONS: [(&str, WarningAction); 6] = [
    ("default", WarningAction::Report),
    ("always", WarningAction::Report),
    ("ignore", WarningAction::Ignore),
    ("module", WarningAction::Report),
    ("once", WarningAction::Report),
    ("error", WarningAction::Refuse),
];

/// Built-in categories that a compiler never uses.
const OTHERS: [&str; 9] = [
    "UserWarning",
    "PendingDeprecationWarning",
    "RuntimeWarning",
    "ImportWarning",
    "UnicodeWarning",
    "BytesWarning",
    "ResourceWarning",
    "FutureWarning",
    "EncodingWarning",
];

impl Filters {
    /// Parses filters given in increasing precedence. The second value is the errors for invalid
    /// filters.
    pub(super) fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> (Self, Vec<String>) {
        let (mut filters, mut invalid) = (Vec::new(), Vec::new());
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            match Filter::parse(text) {
                Ok(filter) => filters.extend(filter),
                Err(reason) => invalid.push(reason),
            }
        }
        filters.reverse();
        (Self { filters, shown: Mutex::default() }, invalid)
    }

    /// What to do with a warning in a file.
    pub(super) fn action(&self, file: &str, warning: &Warning) -> WarningAction {
        let filter = self.filters.iter().find(|filter| filter.fits(file, warning));
        match (filter, warning.kind) {
            (Some(filter), _) if filter.once => {
                let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
                let is_new = shown.insert((warning.message.clone(), warning.kind));
                if is_new { WarningAction::Report } else { WarningAction::Ignore }
            }
            (Some(filter), _) => filter.action,
            // By default, deprecations are shown only in `__main__`.
            (None, WarningKind::Deprecation) => WarningAction::Ignore,
            (None, _) => WarningAction::Report,
        }
    }
}

impl Filter {
    /// Parses `action:message:category:module:line`; `None` if the filter can't match a compiler's
    /// warning.
    fn parse(text: &str) -> Result<Option<Self>, String> {
        let mut parts = text.split(':').map(str::trim);
        let mut next = || parts.next().unwrap_or_default();
        let (action, message, category, module, line) = (next(), next(), next(), next(), next());
        if text.split(':').count() > 5 {
            return Err(format!("too many fields (max 5): '{text}'"));
        }
        let known = ACTIONS.iter().find(|(name, _)| name.starts_with(action) || action == "all");
        let Some(&(name, action)) = known else {
            return Err(format!("invalid action: '{action}'"));
        };
        let line = if line.is_empty() { "0" } else { line };
        let line: usize = line.parse().ok().ok_or_else(|| format!("invalid lineno '{line}'"))?;
        let kind = match category {
            "" | "Warning" => None,
            "SyntaxWarning" => Some(WarningKind::Syntax),
            "DeprecationWarning" => Some(WarningKind::Deprecation),
            other if OTHERS.contains(&other) => return Ok(None),
            other => return Err(format!("unknown warning category: '{other}'")),
        };
        Ok(Some(Self {
            action,
            once: name == "once",
            message: message.to_lowercase(),
            kind,
            module: module.to_owned(),
            line,
        }))
    }

    fn fits(&self, file: &str, warning: &Warning) -> bool {
        let module = file.strip_suffix(".py").unwrap_or(file);
        self.kind.is_none_or(|kind| kind == warning.kind)
            && (self.message.is_empty()
                || warning.message.to_lowercase().starts_with(&self.message))
            && (self.module.is_empty() || self.module == module)
            && (self.line == 0 || warning.span.is_some_and(|span| span.line == self.line))
    }
}
