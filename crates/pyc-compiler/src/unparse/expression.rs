//! Expressions; each kind has one form.

use super::Writer;
use super::level::Level;
use crate::constant::Constant;
use crate::error::Result;
use crate::tree::{
    BinaryOp, BoolOp, CompareOp, Comprehension, ComprehensionKind, DictItem, ExprId, ExprKind,
    Keyword, List, UnaryOp,
};

impl Writer<'_, '_> {
    /// `append_ast_expr`; writes parentheses if `level` has a higher precedence.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of expression")]
    pub(super) fn expression(&mut self, id: ExprId, level: Level) -> Result<()> {
        let tree = self.tree;
        self.check_length(id)?;
        match tree[id].kind {
            ExprKind::BoolOp { op, values } => {
                let (own, word) = match op {
                    BoolOp::And => (Level::AND, " and "),
                    BoolOp::Or => (Level::OR, " or "),
                };
                self.at_level(level, own, |this| {
                    for (at, &value) in tree[values].iter().enumerate() {
                        this.push(if at > 0 { word } else { "" });
                        this.expression(value, own.above())?;
                    }
                    Ok(())
                })
            }
            ExprKind::Named { target, value } => self.at_level(level, Level::TUPLE, |this| {
                this.expression(target, Level::ATOM)?;
                this.push(" := ");
                this.expression(value, Level::ATOM)
            }),
            ExprKind::Binary { left, op, right } => {
                let (own, symbol) = binary(op);
                // Only powers are right-associative.
                let from_right = op == BinaryOp::Power;
                self.at_level(level, own, |this| {
                    this.expression(left, if from_right { own.above() } else { own })?;
                    this.push(symbol);
                    this.expression(right, if from_right { own } else { own.above() })
                })
            }
            ExprKind::Unary { op, operand } => {
                let (own, symbol) = match op {
                    UnaryOp::Invert => (Level::FACTOR, "~"),
                    UnaryOp::Plus => (Level::FACTOR, "+"),
                    UnaryOp::Minus => (Level::FACTOR, "-"),
                    UnaryOp::Not => (Level::NOT, "not "),
                };
                self.at_level(level, own, |this| {
                    this.push(symbol);
                    this.expression(operand, own)
                })
            }
            ExprKind::Lambda(lambda) => {
                self.at_level(level, Level::TEST, |this| this.lambda(&tree[lambda]))
            }
            ExprKind::Conditional { test, body, orelse } => {
                self.at_level(level, Level::TEST, |this| {
                    this.expression(body, Level::TEST.above())?;
                    this.push(" if ");
                    this.expression(test, Level::TEST.above())?;
                    this.push(" else ");
                    this.expression(orelse, Level::TEST)
                })
            }
            ExprKind::Dict { items } => {
                self.push("{");
                self.separated(&tree[items], Self::dict_item)?;
                self.push("}");
                Ok(())
            }
            ExprKind::Set { elements } => self.display("{", elements, "}"),
            ExprKind::List { elements, .. } => self.display("[", elements, "]"),
            ExprKind::Tuple { elements, .. } => {
                if elements.is_empty() {
                    self.push("()");
                    return Ok(());
                }
                let comma = if elements.len() == 1 { "," } else { "" };
                self.at_level(level, Level::TUPLE, |this| this.display("", elements, comma))
            }
            ExprKind::Comprehension(comprehension) => self.comprehension(&tree[comprehension]),
            ExprKind::Await { value } => self.at_level(level, Level::AWAIT, |this| {
                this.push("await ");
                this.expression(value, Level::ATOM)
            }),
            ExprKind::Yield { value: None } => {
                self.push("(yield)");
                Ok(())
            }
            ExprKind::Yield { value: Some(value) } => self.in_parentheses("(yield ", value),
            ExprKind::YieldFrom { value } => self.in_parentheses("(yield from ", value),
            ExprKind::Compare { left, rest } => self.at_level(level, Level::COMPARE, |this| {
                this.expression(left, Level::COMPARE.above())?;
                for step in &tree[rest] {
                    this.push(comparison(step.op));
                    this.expression(step.right, Level::COMPARE.above())?;
                }
                Ok(())
            }),
            ExprKind::Call { function, arguments, keywords } => {
                self.expression(function, Level::ATOM)?;
                self.arguments(arguments, keywords)
            }
            ExprKind::Formatted { value, conversion, spec } => self.field(value, conversion, spec),
            ExprKind::Joined { values } => self.joined(id, values),
            ExprKind::Interpolation { text, conversion, spec, .. } => {
                self.interpolation(text, conversion, spec)
            }
            ExprKind::Template { values } => self.template(id, values),
            ExprKind::Constant { value, prefix } => self.constant(value, prefix, tree[id].location),
            ExprKind::Attribute { value, name, .. } => {
                self.expression(value, Level::ATOM)?;
                // `1.real` would be read as a float.
                let is_int = matches!(tree[value].kind, ExprKind::Constant { value, .. }
                    if matches!(self.context.constants[value], Constant::Int(_)));
                self.push(if is_int { " ." } else { "." });
                self.name(name);
                Ok(())
            }
            ExprKind::Subscript { value, index, .. } => {
                self.expression(value, Level::ATOM)?;
                self.push("[");
                self.expression(index, Level::TUPLE)?;
                self.push("]");
                Ok(())
            }
            ExprKind::Starred { value, .. } => {
                self.push("*");
                self.expression(value, Level::BIT_OR)
            }
            ExprKind::Name { name, .. } => {
                self.name(name);
                Ok(())
            }
            ExprKind::Slice { lower, upper, step } => {
                self.optional("", lower)?;
                self.push(":");
                self.optional("", upper)?;
                self.optional(":", step)
            }
        }
    }

    fn optional(&mut self, before: &str, id: Option<ExprId>) -> Result<()> {
        let Some(id) = id else { return Ok(()) };
        self.push(before);
        self.expression(id, Level::TEST)
    }

    fn in_parentheses(&mut self, open: &str, value: ExprId) -> Result<()> {
        self.push(open);
        self.expression(value, Level::TEST)?;
        self.push(")");
        Ok(())
    }

    fn display(&mut self, open: &str, elements: List<ExprId>, close: &str) -> Result<()> {
        let tree = self.tree;
        self.push(open);
        self.separated(&tree[elements], |this, id| this.expression(id, Level::TEST))?;
        self.push(close);
        Ok(())
    }

    fn dict_item(&mut self, item: DictItem) -> Result<()> {
        let Some(key) = item.key else {
            self.push("**");
            return self.expression(item.value, Level::BIT_OR);
        };
        self.expression(key, Level::TEST)?;
        self.push(": ");
        self.expression(item.value, Level::TEST)
    }

    fn arguments(&mut self, arguments: List<ExprId>, keywords: List<Keyword>) -> Result<()> {
        let tree = self.tree;
        if let (&[only], true) = (&tree[arguments], keywords.is_empty()) {
            if let ExprKind::Comprehension(id) = tree[only].kind {
                if tree[id].kind == ComprehensionKind::Generator {
                    // It shares its parentheses with the call.
                    return self.comprehension(&tree[id]);
                }
            }
        }
        self.display("(", arguments, "")?;
        if !arguments.is_empty() && !keywords.is_empty() {
            self.push(", ");
        }
        self.separated(&tree[keywords], |this, keyword| {
            match keyword.name {
                Some(name) => {
                    this.name(name);
                    this.push("=");
                }
                None => this.push("**"),
            }
            this.expression(keyword.value, Level::TEST)
        })?;
        self.push(")");
        Ok(())
    }

    fn comprehension(&mut self, comprehension: &Comprehension) -> Result<()> {
        let tree = self.tree;
        let (open, close) = match comprehension.kind {
            ComprehensionKind::List => ("[", "]"),
            ComprehensionKind::Set | ComprehensionKind::Dict => ("{", "}"),
            ComprehensionKind::Generator => ("(", ")"),
        };
        self.push(open);
        if comprehension.kind == ComprehensionKind::Dict && comprehension.value.is_none() {
            self.push("**");
        }
        self.expression(comprehension.element, Level::TEST)?;
        self.optional(": ", comprehension.value)?;
        for generator in &tree[comprehension.generators] {
            self.push(if generator.is_async { " async for " } else { " for " });
            self.expression(generator.target, Level::TUPLE)?;
            self.push(" in ");
            self.expression(generator.iterable, Level::TEST.above())?;
            for &condition in &tree[generator.conditions] {
                self.push(" if ");
                self.expression(condition, Level::TEST.above())?;
            }
        }
        self.push(close);
        Ok(())
    }
}

const fn binary(op: BinaryOp) -> (Level, &'static str) {
    match op {
        BinaryOp::Add => (Level::ARITHMETIC, " + "),
        BinaryOp::Subtract => (Level::ARITHMETIC, " - "),
        BinaryOp::Multiply => (Level::TERM, " * "),
        BinaryOp::MatrixMultiply => (Level::TERM, " @ "),
        BinaryOp::TrueDivide => (Level::TERM, " / "),
        BinaryOp::Remainder => (Level::TERM, " % "),
        BinaryOp::FloorDivide => (Level::TERM, " // "),
        BinaryOp::LeftShift => (Level::SHIFT, " << "),
        BinaryOp::RightShift => (Level::SHIFT, " >> "),
        BinaryOp::BitOr => (Level::BIT_OR, " | "),
        BinaryOp::BitXor => (Level::BIT_XOR, " ^ "),
        BinaryOp::BitAnd => (Level::BIT_AND, " & "),
        BinaryOp::Power => (Level::POWER, " ** "),
    }
}

const fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => " == ",
        CompareOp::NotEqual => " != ",
        CompareOp::Less => " < ",
        CompareOp::LessEqual => " <= ",
        CompareOp::Greater => " > ",
        CompareOp::GreaterEqual => " >= ",
        CompareOp::Is => " is ",
        CompareOp::IsNot => " is not ",
        CompareOp::In => " in ",
        CompareOp::NotIn => " not in ",
    }
}
