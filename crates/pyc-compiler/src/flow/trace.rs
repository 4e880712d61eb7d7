//! Debugging of passes: print the graph after one, or leave one out.
//!
//! `Trace::new(target).after("peephole")?` collects each unit's graph after that pass.

use super::graph::Graph;
use super::pass::Pass;
use super::print;
use crate::name::Names;
use crate::target::Target;
use crate::unit::Unit;

/// What to print and leave out, and what has been printed.
#[derive(Debug)]
pub(crate) struct Trace {
    target: Target,
    after: Option<&'static str>,
    skipped: Vec<&'static str>,
    out: String,
}

/// A name that isn't a pass's, or is that of a pass that can't be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPass {
    name: String,
    known: Vec<&'static str>,
}

impl Trace {
    pub(crate) const fn new(target: Target) -> Self {
        Self { target, after: None, skipped: Vec::new(), out: String::new() }
    }

    /// Prints each unit's graph after this pass, even if the unit doesn't need the pass.
    pub(crate) fn after(self, name: &str) -> Result<Self, UnknownPass> {
        Ok(Self { after: Some(self.find(name, |_| true)?), ..self })
    }

    pub(crate) fn without(mut self, name: &str) -> Result<Self, UnknownPass> {
        self.skipped.push(self.find(name, Pass::is_optional)?);
        Ok(self)
    }

    /// The printed text, nested units before those around them.
    pub(crate) fn into_text(self) -> String {
        self.out
    }

    pub(super) fn skips(&self, pass: &Pass) -> bool {
        self.skipped.contains(&pass.name())
    }

    pub(super) fn note(&mut self, pass: &Pass, graph: &Graph, unit: &Unit, names: &Names) {
        if self.after == Some(pass.name()) {
            print::print(graph, unit, names, &mut self.out);
        }
    }

    fn find(&self, name: &str, may: fn(&Pass) -> bool) -> Result<&'static str, UnknownPass> {
        let known =
            || self.target.release().pipeline.iter().filter(|pass| may(pass)).map(Pass::name);
        known()
            .find(|known| *known == name)
            .ok_or_else(|| UnknownPass { name: name.to_owned(), known: known().collect() })
    }
}

impl std::fmt::Display for UnknownPass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no pass `{}` here, use one of: {}", self.name, self.known.join(", "))
    }
}

impl std::error::Error for UnknownPass {}

#[cfg(test)]
mod tests {
    use pyc_code::Minor;

    use super::*;

    #[test]
    fn passes_are_known_by_name() {
        let trace = || Trace::new(Target::newest(Minor::PY313).unwrap());
        assert!(trace().after("peephole").is_ok());
        assert!(trace().without("peephole").is_ok());
        assert!(trace().after("resolve-lines").is_ok());
        let error = trace().without("resolve-lines").unwrap_err().to_string();
        assert!(error.starts_with("no pass `resolve-lines` here, use one of: inline-exits, "));
    }
}
