//! Warnings about valid code that is almost certainly a mistake: calling a literal, subscripting it
//! or comparing it by identity.
//!
//! ```text
//! [(1, 2) (3, 4)]   'tuple' object is not callable; perhaps you missed a comma?
//! x is 1            "is" with 'int' literal. Did you mean "=="?
//! ```

use super::super::Generator;
use crate::constant::Constant;
use crate::location::Location;
use crate::target::Feature;
use crate::tree::{CompareOp, Comparison, ComprehensionKind, ExprId, ExprKind, List};

impl Generator<'_, '_> {
    /// Warns if `function` is called but can't be (`compile.c: check_caller`, 3.13).
    pub(super) fn suspect_call(&mut self, function: ExprId) {
        if matches!(self.tree[function].kind, ExprKind::Lambda(_)) {
            return;
        }
        if let Some(literal) = self.literal_type(function) {
            let message =
                format!("'{literal}' object is not callable; perhaps you missed a comma?");
            self.warn(self.tree[function].location, message);
        }
    }

    /// Warns if `value` is subscripted but can't be (`compile.c: check_subscripter`, 3.13).
    pub(super) fn suspect_subscript(&mut self, value: ExprId) {
        let suspect = match self.tree[value].kind {
            ExprKind::Constant { value, .. } => !matches!(
                self.context.constants[value],
                Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_)
            ),
            ExprKind::Set { .. } | ExprKind::Lambda(_) | ExprKind::Template { .. } => true,
            ExprKind::Comprehension(id) => {
                matches!(self.tree[id].kind, ComprehensionKind::Set | ComprehensionKind::Generator)
            }
            _ => false,
        };
        if !suspect {
            return;
        }
        if let Some(literal) = self.literal_type(value) {
            let message =
                format!("'{literal}' object is not subscriptable; perhaps you missed a comma?");
            self.warn(self.tree[value].location, message);
        }
    }

    /// Warns if `index` can't be an index of the sequence `value` (`compile.c: check_index`, 3.13).
    pub(super) fn suspect_index(&mut self, value: ExprId, index: ExprId) {
        let is_sequence = match self.tree[value].kind {
            ExprKind::Constant { value, .. } => matches!(
                self.context.constants[value],
                Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_)
            ),
            ExprKind::Tuple { .. }
            | ExprKind::List { .. }
            | ExprKind::Joined { .. }
            | ExprKind::Formatted { .. } => true,
            ExprKind::Comprehension(id) => self.tree[id].kind == ComprehensionKind::List,
            _ => false,
        };
        if !is_sequence {
            return;
        }
        let Some(index) = self.literal_type(index) else { return };
        if matches!(index, "int" | "bool" | "slice") {
            return;
        }
        if let Some(literal) = self.literal_type(value) {
            let message = format!(
                "{literal} indices must be integers or slices, not {index}; \
                 perhaps you missed a comma?"
            );
            self.warn(self.tree[value].location, message);
        }
    }

    /// Warns about the first `is` or `is not` with a literal (`compile.c: check_compare`, 3.13).
    pub(super) fn suspect_identity(&mut self, at: Location, left: ExprId, rest: List<Comparison>) {
        let tree = self.tree;
        let mut left = left;
        for &Comparison { op, right } in &tree[rest] {
            let advice = match op {
                CompareOp::Is => Some(("is", "==")),
                CompareOp::IsNot => Some(("is not", "!=")),
                _ => None,
            };
            if let Some((operator, better)) = advice {
                let literal = [left, right].into_iter().find(|&side| self.has_no_identity(side));
                if let Some(literal) = literal.and_then(|literal| self.literal_type(literal)) {
                    let literal = if self.has(Feature::LiteralsOfIdentityNamed) {
                        format!("'{literal}'")
                    } else {
                        "a".to_owned()
                    };
                    let message = format!(
                        "\"{operator}\" with {literal} literal. Did you mean \"{better}\"?"
                    );
                    self.warn(at, message);
                    return;
                }
            }
            left = right;
        }
    }

    /// Whether it is a constant, except for those that exist only once (`compile.c: check_is_arg`,
    /// 3.13).
    fn has_no_identity(&self, id: ExprId) -> bool {
        self.constant_of(id).is_some_and(|value| {
            !matches!(
                self.context.constants[value],
                Constant::None | Constant::False | Constant::True | Constant::Ellipsis
            )
        })
    }

    /// The type of an expression, if it is the same for any operands (`compile.c: infer_type`,
    /// 3.13).
    fn literal_type(&self, id: ExprId) -> Option<&'static str> {
        Some(match self.tree[id].kind {
            ExprKind::Tuple { .. } => "tuple",
            ExprKind::List { .. } => "list",
            ExprKind::Dict { .. } => "dict",
            ExprKind::Set { .. } => "set",
            ExprKind::Comprehension(id) => match self.tree[id].kind {
                ComprehensionKind::List => "list",
                ComprehensionKind::Set => "set",
                ComprehensionKind::Dict => "dict",
                ComprehensionKind::Generator => "generator",
            },
            ExprKind::Lambda(_) => "function",
            ExprKind::Joined { .. } | ExprKind::Formatted { .. } => "str",
            ExprKind::Template { .. } => "string.templatelib.Template",
            ExprKind::Constant { value, .. } => match self.context.constants[value] {
                Constant::None => "NoneType",
                Constant::False | Constant::True => "bool",
                Constant::Ellipsis => "ellipsis",
                Constant::Int(_) => "int",
                Constant::Float(_) => "float",
                Constant::Complex(..) => "complex",
                Constant::Str(_) => "str",
                Constant::Bytes(_) => "bytes",
                Constant::Tuple(_) => "tuple",
                Constant::FrozenSet(_) => "frozenset",
                Constant::Slice(_) => "slice",
                Constant::Code(_) => "code",
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use pyc_code::Minor;

    use crate::{Options, Target, compile_with_warnings};

    fn warnings(source: &str) -> Vec<String> {
        let target = Target::newest(Minor::PY313).expect("there is a compiler for it");
        let done = compile_with_warnings(source.as_bytes(), &Options::new(target, "m.py")).unwrap();
        done.warnings().iter().map(|warning| warning.message.clone()).collect()
    }

    #[test]
    fn literals_are_not_callable() {
        for (source, kind) in [
            ("1()", "int"),
            ("(1, a)()", "tuple"),
            ("[a for a in b]()", "list"),
            ("(a for a in b)()", "generator"),
            ("f'{a}'()", "str"),
            ("...()", "ellipsis"),
        ] {
            let message = format!("'{kind}' object is not callable; perhaps you missed a comma?");
            assert_eq!(warnings(source), [message], "{source}");
        }
        for source in ["(lambda: 1)()", "a()", "a[1]()"] {
            assert_eq!(warnings(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn some_literals_are_not_subscriptable() {
        for (source, kind) in [
            ("1[0]", "int"),
            ("None[0]", "NoneType"),
            ("{a}[0]", "set"),
            ("(lambda: 1)[0]", "function"),
        ] {
            let message =
                format!("'{kind}' object is not subscriptable; perhaps you missed a comma?");
            assert_eq!(warnings(source), [message], "{source}");
        }
        assert_eq!(
            warnings("'a'['b']"),
            ["str indices must be integers or slices, not str; perhaps you missed a comma?"]
        );
        for source in ["'a'[0]", "'a'[True]", "'a'[b]", "'a'[1:]", "{a: b}['c']", "1[0] = a"] {
            assert_eq!(warnings(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn identity_comparisons_with_literals_are_warned_about() {
        assert_eq!(warnings("a is 1"), ["\"is\" with 'int' literal. Did you mean \"==\"?"]);
        assert_eq!(
            warnings("'' is not a"),
            ["\"is not\" with 'str' literal. Did you mean \"!=\"?"]
        );
        // A chain gives one warning, and each comparison is warned about once, wherever it is.
        assert_eq!(warnings("if a is 1 is 2: b").len(), 1);
        for source in ["a is None", "... is a", "a == 1", "a is b == 1", "a is [1]"] {
            assert_eq!(warnings(source), [""; 0], "{source}");
        }
    }
}
