//! `from __future__ import …`: which features a file enables, and whether it does so at its start.
//!
//! ```text
//! """doc"""
//! from __future__ import division, annotations     ─▶ FUTURE_ANNOTATIONS, line 2; all others are always on
//! import sys
//! from __future__ import generators                ─▶ too late: code generation refuses what is after line 2
//! ```

use pyc_code::CodeFlags;

use crate::constant::{Constant, Constants};
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::location::Location;
use crate::name::{Name, Names};
use crate::target::Feature;
use crate::tree::{Alias, ExprKind, Root, Stmt, StmtKind, Tree};

/// The result of a file's future statements (`pycore_symtable.h: _PyFutureFeatures`, 3.13).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Future {
    /// Flags for every code object of the file.
    pub(crate) flags: CodeFlags,
    /// The location of the last future statement.
    pub(crate) location: Location,
}

/// Features that are always on in all supported versions.
const ALWAYS: &[&[u8]] = &[
    b"nested_scopes",
    b"generators",
    b"division",
    b"absolute_import",
    b"with_statement",
    b"print_function",
    b"unicode_literals",
    b"generator_stop",
];

/// The message about a future statement that comes too late.
pub(crate) const LATE: &str = "from __future__ imports must occur at the beginning of the file";

impl Future {
    /// Whether annotations are strings (PEP 563).
    pub(crate) fn annotations(self) -> bool {
        self.flags.contains(CodeFlags::FUTURE_ANNOTATIONS)
    }

    /// Reads the future statements at the file's start, after its docstring (`future.c:
    /// future_parse`, 3.13).
    pub(crate) fn find(tree: &Tree, context: &Context<'_>) -> Result<Self> {
        let mut future = Self { flags: CodeFlags::default(), location: Location::NONE };
        let (Root::Module(body) | Root::Interactive(body)) = tree.root else { return Ok(future) };
        let mut statements = tree[body].iter().map(|&id| tree[id]).peekable();
        statements.next_if(|first| is_docstring(tree, first, &context.constants));
        let goes_on = context.options.target().has(Feature::FutureSearchedToLineEnd);
        let mut last_line = None;
        for Stmt { kind, location } in statements {
            if last_line.is_some_and(|line| location.line > line) {
                break;
            }
            match kind {
                StmtKind::ImportFrom { module: Some(Name::FUTURE), level: 0, .. }
                    if last_line.is_some() =>
                {
                    // Quirk: columns count from zero here (`future.c: future_parse`, 3.11).
                    let at = Location::from(location.line, location.column.before());
                    return Err(Fault::syntax(at, LATE));
                }
                StmtKind::ImportFrom { module: Some(Name::FUTURE), names, level: 0, .. } => {
                    for alias in &tree[names] {
                        let at = fault_location(alias, location, context);
                        future.flags |= feature(alias.name, at, &context.names)?;
                    }
                    future.location = location;
                }
                _ if goes_on => last_line = Some(location.line),
                _ => break,
            }
        }
        Ok(future)
    }
}

/// The location of an error about a feature's name, in the statement at `statement`.
fn fault_location(alias: &Alias, statement: Location, context: &Context<'_>) -> Location {
    if context.options.target().has(Feature::FutureFeatureLocation) {
        alias.location
    } else {
        Location::from(statement.line, statement.column)
    }
}

/// The flag of a feature (`future.c: future_check_features`, 3.13).
fn feature(feature: Name, at: Location, names: &Names) -> Result<CodeFlags> {
    match names.bytes(feature) {
        b"annotations" => Ok(CodeFlags::FUTURE_ANNOTATIONS),
        b"barry_as_FLUFL" => Ok(CodeFlags::FUTURE_BARRY_AS_BDFL),
        b"braces" => Err(Fault::syntax(at, "not a chance")),
        known if ALWAYS.contains(&known) => Ok(CodeFlags::default()),
        _ => {
            // CPython's message has room for 100 bytes of the name and cuts even inside a
            // character.
            let name = names.bytes(feature);
            let shown = String::from_utf8_lossy(&name[..name.len().min(100)]);
            Err(Fault::syntax(at, format!("future feature {shown} is not defined")))
        }
    }
}

fn is_docstring(tree: &Tree, statement: &Stmt, constants: &Constants) -> bool {
    let StmtKind::Expr { value } = statement.kind else { return false };
    let ExprKind::Constant { value, .. } = tree[value].kind else { return false };
    matches!(constants[value], Constant::Str(_))
}

#[cfg(test)]
mod tests {
    use pyc_code::Minor;

    use super::*;
    use crate::options::Options;
    use crate::target::Target;
    use crate::tree::{Expr, StrPrefix};

    const AT: Location = Location::new(1, 1, 0, 1);

    /// The features of a module with these imports. An empty text stands for a docstring.
    fn find(imports: &[(&str, &str)]) -> Result<Future, String> {
        let options = Options::new(Target::newest(Minor::PY313).unwrap(), "m.py");
        let mut context = Context::new(&options);
        let mut tree = Tree::for_source(0, Tree::default());
        let mut body = Vec::new();
        for (line, (module, feature)) in (1..).zip(imports) {
            let kind = if module.is_empty() {
                let value = context.constants.str(Name::EMPTY);
                let kind = ExprKind::Constant { value, prefix: StrPrefix::None };
                StmtKind::Expr { value: tree.push_expr(Expr { kind, location: AT }) }
            } else {
                let name = context.names.intern(feature.as_bytes());
                let names = tree.push_list(&[Alias { name, rename: None, location: AT }]);
                let module = Some(context.names.intern(module.as_bytes()));
                StmtKind::ImportFrom { module, names, level: 0, is_lazy: false }
            };
            body.push(tree.push_stmt(Stmt { kind, location: Location::new(line, line, 0, 0) }));
        }
        tree.root = Root::Module(tree.push_list(&body));
        Future::find(&tree, &context).map_err(|fault| fault.message.clone())
    }

    #[test]
    fn features_stand_at_the_start() {
        let flags = |imports: &[(&str, &str)]| {
            let future = find(imports).unwrap();
            (future.flags, future.location.line.get())
        };
        let annotations = ("__future__", "annotations");
        assert_eq!(flags(&[]), (CodeFlags::default(), None));
        assert_eq!(flags(&[("", ""), annotations]), (CodeFlags::FUTURE_ANNOTATIONS, Some(2)));
        assert_eq!(flags(&[("", ""), ("", ""), annotations]), (CodeFlags::default(), None));
        assert_eq!(flags(&[("sys", "path"), annotations]), (CodeFlags::default(), None));
        let both = [("__future__", "generators"), ("__future__", "barry_as_FLUFL")];
        assert_eq!(flags(&both), (CodeFlags::FUTURE_BARRY_AS_BDFL, Some(2)));
    }

    #[test]
    fn other_features_are_refused() {
        let message = |feature| find(&[("__future__", feature)]).unwrap_err();
        assert_eq!(message("braces"), "not a chance");
        assert_eq!(message("spam"), "future feature spam is not defined");
        assert_eq!(message(&"x".repeat(150)).len(), "future feature  is not defined".len() + 100);
    }
}
