//! Folds small trees that are created by hand.

use pyc_code::Minor;

use super::*;
use crate::Optimize;
use crate::options::Options;
use crate::target::Target;
use crate::tree::{Context as Access, Conversion};

const AT: Location = Location::new(1, 1, 0, 1);
const INNER: Location = Location::new(1, 1, 4, 5);

struct Maker<'o> {
    tree: Tree,
    context: Context<'o>,
}

impl Maker<'_> {
    fn expr(&mut self, kind: ExprKind) -> ExprId {
        self.tree.push_expr(Expr { kind, location: INNER })
    }

    fn constant(&mut self, value: Constant) -> ExprId {
        let value = self.context.constants.intern(value);
        push_constant(&mut self.tree, value, INNER)
    }

    fn str(&mut self, text: &str) -> Constant {
        Constant::Str(self.context.names.intern(text.as_bytes()))
    }

    fn name(&mut self, name: &str) -> ExprId {
        let name = self.context.names.intern(name.as_bytes());
        self.expr(ExprKind::Name { name, context: Access::Load })
    }

    fn tuple(&mut self, elements: &[ExprId]) -> ExprId {
        let elements = self.tree.push_list(elements);
        self.expr(ExprKind::Tuple { elements, context: Access::Load })
    }

    fn value(&self, id: ExprId) -> Option<&Constant> {
        match self.tree[id].kind {
            ExprKind::Constant { value, .. } => Some(&self.context.constants[value]),
            _ => None,
        }
    }

    fn binary(&mut self, left: Constant, op: BinaryOp, right: Constant) -> Option<Constant> {
        let (left, right) = (self.constant(left), self.constant(right));
        let folded = binary(&mut self.tree, &mut self.context, left, op, right, AT)?;
        assert_eq!(self.tree[folded].location, AT);
        self.value(folded).cloned()
    }

    fn index(&mut self, sequence: Constant, index: i64) -> Option<Constant> {
        let (sequence, index) = (self.constant(sequence), self.constant(int(index)));
        let folded = subscript(&mut self.tree, &mut self.context, sequence, index, AT)?;
        self.value(folded).cloned()
    }
}

fn with<T>(test: impl FnOnce(&mut Maker<'_>) -> T) -> T {
    let options = Options::new(Target::newest(Minor::PY313).unwrap(), "m.py");
    test(&mut Maker { tree: Tree::for_source(0, Tree::default()), context: Context::new(&options) })
}

fn int(value: i64) -> Constant {
    Constant::Int(value.into())
}

fn float(value: f64) -> Constant {
    Constant::Float(value.into())
}

#[test]
fn numbers_fold_unless_python_raises() {
    with(|maker| {
        use BinaryOp::{Add, BitAnd, FloorDivide, LeftShift, Multiply, Power, TrueDivide};
        assert_eq!(maker.binary(int(1), Add, int(2)), Some(int(3)));
        assert_eq!(maker.binary(Constant::True, Add, int(1)), Some(int(2)));
        assert_eq!(maker.binary(Constant::True, Multiply, Constant::True), Some(int(1)));
        let and = maker.binary(Constant::True, BitAnd, Constant::False);
        assert_eq!(and, Some(Constant::False));
        assert_eq!(maker.binary(Constant::True, BitAnd, int(1)), Some(int(1)));
        assert_eq!(maker.binary(int(-7), FloorDivide, int(2)), Some(int(-4)));
        assert_eq!(maker.binary(int(1), TrueDivide, int(0)), None);
        assert_eq!(maker.binary(int(7), TrueDivide, int(2)), Some(float(3.5)));
        assert_eq!(maker.binary(int(2), Power, int(-1)), Some(float(0.5)));
        assert_eq!(maker.binary(int(2), Power, int(1000)), None);
        assert_eq!(maker.binary(int(1), LeftShift, int(1000)), None);
        assert_eq!(maker.binary(int(1), Add, float(0.5)), Some(float(1.5)));
        let complex = Constant::Complex(0.0.into(), 2.0.into());
        let difference = maker.binary(int(1), BinaryOp::Subtract, complex);
        assert_eq!(difference, Some(Constant::Complex(1.0.into(), (-2.0).into())));
        assert_eq!(maker.binary(Constant::None, Add, int(1)), None);
    });
}

#[test]
fn sequences_fold_up_to_a_size() {
    with(|maker| {
        let (ab, empty) = (maker.str("aé"), maker.str(""));
        let twice = maker.str("aéaé");
        assert_eq!(maker.binary(ab.clone(), BinaryOp::Add, ab.clone()), Some(twice.clone()));
        assert_eq!(maker.binary(int(2), BinaryOp::Multiply, ab.clone()), Some(twice));
        let mut times = |text: &Constant, times| {
            maker.binary(text.clone(), BinaryOp::Multiply, int(times)).is_some()
        };
        assert!(times(&ab, 2048) && !times(&ab, 2049));
        assert!(times(&ab, 0) && !times(&ab, -1));
        assert!(times(&empty, -1));
        let tuple = Constant::Tuple([ConstId::NONE; 4].into());
        assert!(times(&tuple, 64) && !times(&tuple, 65));
        let inner = maker.context.constants.intern(tuple.clone());
        let outer = Constant::Tuple([inner; 4].into());
        // Four times five items are 20 items, and 51 times 20 is below 1024.
        let mut times =
            |times| maker.binary(outer.clone(), BinaryOp::Multiply, int(times)).is_some();
        assert!(times(51) && !times(52));
        let bytes = Constant::Bytes(b"ab"[..].into());
        assert_eq!(maker.binary(bytes.clone(), BinaryOp::Add, ab.clone()), None);
        assert_eq!(maker.index(bytes, -1), Some(int(98)));
        let e = maker.str("é");
        assert_eq!(maker.index(ab.clone(), 1), Some(e));
        assert_eq!(maker.index(ab, 2), None);
        assert_eq!(maker.index(tuple.clone(), -4), Some(Constant::None));
        assert_eq!(maker.index(tuple, -5), None);
    });
}

#[test]
fn not_turns_identity_and_membership_round() {
    with(|maker| {
        let (a, b) = (maker.name("a"), maker.name("b"));
        let mut not = |op| {
            let rest = maker.tree.push_list(&[Comparison { op, right: b }]);
            let comparison = maker.expr(ExprKind::Compare { left: a, rest });
            let op = UnaryOp::Not;
            let folded = unary(&mut maker.tree, &mut maker.context, op, comparison, AT)?;
            assert_eq!(maker.tree[folded].location, INNER);
            let ExprKind::Compare { rest, .. } = maker.tree[folded].kind else { return None };
            Some(maker.tree[rest][0].op)
        };
        assert_eq!(not(CompareOp::Is), Some(CompareOp::IsNot));
        assert_eq!(not(CompareOp::NotIn), Some(CompareOp::In));
        assert_eq!(not(CompareOp::Equal), None);
        let mut not = |value| {
            let operand = maker.constant(value);
            let folded = unary(&mut maker.tree, &mut maker.context, UnaryOp::Not, operand, AT);
            maker.value(folded.unwrap()).cloned()
        };
        assert_eq!(not(float(f64::NAN)), Some(Constant::False));
        assert_eq!(not(float(-0.0)), Some(Constant::True));
        assert_eq!(not(Constant::Ellipsis), Some(Constant::False));
        assert_eq!(not(Constant::Tuple(Box::default())), Some(Constant::True));
    });
}

#[test]
fn iterated_displays_are_constants() {
    with(|maker| {
        let values = [int(1), float(1.0), Constant::True, float(f64::NAN), float(0.5)];
        let elements: Vec<_> = values.into_iter().map(|value| maker.constant(value)).collect();
        let elements = maker.tree.push_list(&elements);
        let set = maker.expr(ExprKind::Set { elements });
        iterable(&mut maker.tree, &mut maker.context, set);
        let Some(Constant::FrozenSet(distinct)) = maker.value(set) else { panic!("no set") };
        assert_eq!(distinct.len(), 3);
        assert_eq!(maker.context.constants[distinct[0]], int(1));
        let a = maker.name("a");
        let elements = maker.tree.push_list(&[a]);
        let list = maker.expr(ExprKind::List { elements, context: Access::Load });
        iterable(&mut maker.tree, &mut maker.context, list);
        assert!(matches!(maker.tree[list].kind, ExprKind::Tuple { .. }));
        let starred = maker.expr(ExprKind::Starred { value: a, context: Access::Load });
        let elements = maker.tree.push_list(&[starred]);
        let list = maker.expr(ExprKind::List { elements, context: Access::Load });
        iterable(&mut maker.tree, &mut maker.context, list);
        assert!(matches!(maker.tree[list].kind, ExprKind::List { .. }));
    });
}

/// The parts of an f-string as text.
fn formatted(format: &str, count: usize) -> Option<String> {
    with(|maker| {
        let name = maker.name("x");
        let items = vec![name; count];
        let (format, items) = (maker.str(format), maker.tuple(&items));
        let format = maker.constant(format);
        let op = BinaryOp::Remainder;
        let folded = binary(&mut maker.tree, &mut maker.context, format, op, items, AT)?;
        let ExprKind::Joined { values } = maker.tree[folded].kind else { return None };
        let text = |id: ExprId| match maker.value(id) {
            Some(Constant::Str(name)) => maker.context.names.text(*name).into_owned(),
            _ => String::new(),
        };
        let part = |&id: &ExprId| match maker.tree[id].kind {
            ExprKind::Formatted { conversion, spec, .. } => {
                let conversion = match conversion {
                    Conversion::Str => 's',
                    Conversion::Repr => 'r',
                    Conversion::Ascii => 'a',
                    Conversion::None => ' ',
                };
                format!("{{{conversion}:{}}}", spec.map(text).unwrap_or_default())
            }
            _ => text(id),
        };
        Some(maker.tree[values].iter().map(part).collect())
    })
}

#[test]
fn formats_become_f_strings() {
    let formatted = |format, count| formatted(format, count).unwrap_or_else(|| "-".to_owned());
    assert_eq!(formatted("100%% %s.", 1), "100% {s:}.");
    assert_eq!(formatted("%r%a", 2), "{r:}{a:}");
    assert_eq!(formatted("%5s%-5s%.2s%-05.07s%.s", 5), "{s:>5}{s:5}{s:.2}{s:5.7}{s:.0}");
    assert_eq!(formatted("%99s", 1), "{s:>99}");
    for unsupported in ["%100s", "%.100s", "%d", "%", "%5", "%(a)s", "%*s", "%s%s", "", "%ls"] {
        assert_eq!(formatted(unsupported, 1), "-", "{unsupported}");
    }
}

#[test]
fn folded_strings_are_no_docstrings() {
    with(|maker| {
        let text = maker.str("doc");
        let value = maker.constant(text);
        let kind = StmtKind::Expr { value };
        let statement = maker.tree.push_stmt(crate::tree::Stmt { kind, location: AT });
        first_statement(&mut maker.tree, &maker.context, statement);
        let StmtKind::Expr { value } = maker.tree[statement].kind else { panic!("no expression") };
        assert!(matches!(maker.tree[value].kind, ExprKind::Joined { .. }));
        assert_eq!(maker.tree[value].location, AT);
    });
}

#[test]
fn debug_is_a_constant() {
    let debug = |level| {
        let target = Target::newest(Minor::PY313).unwrap();
        let options = Options::new(target, "m.py").optimize(level);
        name(&Context::new(&options), Name::DEBUG)
    };
    assert_eq!(debug(Optimize::None), Some(ConstId::TRUE));
    assert_eq!(debug(Optimize::NoAsserts), Some(ConstId::FALSE));
    with(|maker| assert_eq!(name(&maker.context, Name::DOC), None));
}

#[test]
fn slices_are_those_of_python() {
    with(|maker| {
        let mut slice = |parts: [Option<i64>; 3]| {
            let text = maker.str("abcde");
            let text = maker.context.constants.intern(text);
            let parts = parts.map(|part| match part {
                Some(number) => maker.context.constants.int(number),
                None => ConstId::NONE,
            });
            let index = maker.context.constants.intern(Constant::Slice(parts));
            match item_value(&mut maker.context.pool(), text, index) {
                Some(Constant::Str(name)) => Some(maker.context.names.text(name).to_string()),
                _ => None,
            }
        };
        for (parts, wanted) in [
            ([None, None, None], Some("abcde")),
            ([Some(1), Some(3), None], Some("bc")),
            ([Some(-2), None, None], Some("de")),
            ([Some(-9), Some(99), Some(2)], Some("ace")),
            ([None, None, Some(-1)], Some("edcba")),
            ([Some(9), Some(0), Some(-2)], Some("ec")),
            ([Some(3), Some(1), None], Some("")),
            ([None, None, Some(i64::MAX)], Some("a")),
            ([None, None, Some(i64::MIN)], Some("e")),
            ([None, None, Some(0)], None),
        ] {
            assert_eq!(slice(parts).as_deref(), wanted, "{parts:?}");
        }
    });
}
