//! Symbol tables as text, for people and tests.
//!
//! ```text
//! function f line 1: nested
//!   x: local use -> cell
//!   function <lambda> line 2
//!     x: use -> free
//! ```

use std::fmt::Write;

use super::{Facts, Resolution, ScopeId, ScopeKind, Scopes, Uses};
use crate::name::Names;

impl Scopes {
    /// All tables, starting with the module's; children below their parents.
    pub(crate) fn print(&self, names: &Names) -> String {
        let mut text = String::new();
        self.print_scope(ScopeId::ROOT, names, 0, &mut text);
        text
    }

    fn print_scope(&self, id: ScopeId, names: &Names, depth: usize, text: &mut String) {
        let scope = &self[id];
        let indent = depth * 2;
        let (name, line) = (names.text(scope.name), scope.location.line.number());
        let _ = write!(text, "{:indent$}{} {name} line {line}", "", kind(scope.kind));
        for (at, fact) in facts(&scope.facts).enumerate() {
            let _ = write!(text, "{} {fact}", if at == 0 { ":" } else { "" });
        }
        text.push('\n');
        for (name, symbol) in self.symbols(id) {
            let name = names.text(name);
            let _ = write!(text, "{:indent$}  {name}:", "");
            for use_ in uses(symbol.uses) {
                let _ = write!(text, " {use_}");
            }
            let _ = writeln!(text, " -> {}", resolution(symbol.resolution));
        }
        let mut child = scope.children.map(|(first, _)| first);
        while let Some(id) = child {
            self.print_scope(id, names, depth + 1, text);
            child = self[id].sibling;
        }
    }
}

const fn kind(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Function => "function",
        ScopeKind::Class => "class",
        ScopeKind::Module => "module",
        ScopeKind::Annotation => "annotation",
        ScopeKind::TypeAlias => "type alias",
        ScopeKind::TypeParameters => "type parameters",
        ScopeKind::TypeVariable => "type variable",
    }
}

const fn resolution(resolution: Option<Resolution>) -> &'static str {
    match resolution {
        None => "undecided",
        Some(Resolution::Local) => "local",
        Some(Resolution::GlobalExplicit) => "explicit global",
        Some(Resolution::GlobalImplicit) => "global",
        Some(Resolution::Free) => "free",
        Some(Resolution::Cell) => "cell",
    }
}

fn uses(uses: Uses) -> impl Iterator<Item = &'static str> {
    let all = [
        (Uses::GLOBAL, "global"),
        (Uses::LOCAL, "local"),
        (Uses::PARAMETER, "parameter"),
        (Uses::NONLOCAL, "nonlocal"),
        (Uses::USE, "use"),
        (Uses::FREE, "free"),
        (Uses::FREE_CLASS, "free_class"),
        (Uses::IMPORT, "import"),
        (Uses::ANNOTATED, "annotated"),
        (Uses::COMPREHENSION_ITERATION, "iteration"),
        (Uses::TYPE_PARAM, "type_param"),
        (Uses::COMPREHENSION_CELL, "comprehension_cell"),
    ];
    all.into_iter().filter(move |(flag, _)| uses.intersects(*flag)).map(|(_, word)| word)
}

fn facts(facts: &Facts) -> impl Iterator<Item = &'static str> {
    let all = [
        (facts.nested, "nested"),
        (facts.free, "free"),
        (facts.child_free, "child_free"),
        (facts.generator, "generator"),
        (facts.coroutine, "coroutine"),
        (facts.varargs, "varargs"),
        (facts.varkeywords, "varkeywords"),
        (facts.returns_value, "returns_value"),
        (facts.needs_class_closure, "needs_class_closure"),
        (facts.needs_classdict, "needs_classdict"),
        (facts.conditional_annotations, "conditional_annotations"),
        (facts.annotates, "annotates"),
        (facts.inlined, "inlined"),
        (facts.can_see_class_scope, "can_see_class_scope"),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word)
}
