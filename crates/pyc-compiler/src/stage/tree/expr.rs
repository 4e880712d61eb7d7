//! Prints expressions with the names of `ast`.
//!
//! `value BinOp 1:0-1:5 op=Add` above its `left` and `right`.

use super::Printer;
use crate::tree::{
    BinaryOp, BoolOp, CompareOp, Comprehension, ComprehensionKind, Context, Conversion, ExprId,
    ExprKind, Keyword, List, StrPrefix, UnaryOp,
};

impl Printer<'_, '_> {
    pub(super) fn exprs(&mut self, field: &str, list: List<ExprId>) {
        let tree = self.tree;
        tree[list].iter().for_each(|&id| self.expr(field, id));
    }

    pub(super) fn optional(&mut self, field: &str, id: Option<ExprId>) {
        if let Some(id) = id {
            self.expr(field, id);
        }
    }

    pub(super) fn expr(&mut self, field: &str, id: ExprId) {
        let tree = self.tree;
        let expr = tree[id];
        self.node(field, self.class(expr.kind), Some(expr.location));
        match expr.kind {
            ExprKind::BoolOp { op, .. } => self.plain("op", bool_op(op)),
            ExprKind::Binary { op, .. } => self.plain("op", binary_op(op)),
            ExprKind::Unary { op, .. } => self.plain("op", unary_op(op)),
            ExprKind::Compare { rest, .. } => {
                for step in &tree[rest] {
                    self.plain("op", compare_op(step.op));
                }
            }
            ExprKind::Formatted { conversion, .. } => {
                self.plain("conversion", conversion_code(conversion));
            }
            ExprKind::Interpolation { text, conversion, .. } => {
                self.text.push_str(" str=");
                self.value(text);
                self.plain("conversion", conversion_code(conversion));
            }
            ExprKind::Constant { value, prefix } => {
                self.constant(value);
                if prefix == StrPrefix::Unicode {
                    self.plain("kind", "u");
                }
            }
            ExprKind::Attribute { name, context, .. } => {
                self.name("attr", name);
                self.plain("ctx", context_name(context));
            }
            ExprKind::Name { name, context } => {
                self.name("id", name);
                self.plain("ctx", context_name(context));
            }
            ExprKind::Subscript { context, .. }
            | ExprKind::Starred { context, .. }
            | ExprKind::List { context, .. }
            | ExprKind::Tuple { context, .. } => self.plain("ctx", context_name(context)),
            _ => {}
        }
        self.inside(|this| this.parts(expr.kind));
    }

    fn parts(&mut self, kind: ExprKind) {
        let tree = self.tree;
        match kind {
            ExprKind::BoolOp { values, .. }
            | ExprKind::Joined { values }
            | ExprKind::Template { values } => {
                self.exprs("values", values);
            }
            ExprKind::Named { target, value } => {
                self.expr("target", target);
                self.expr("value", value);
            }
            ExprKind::Binary { left, right, .. } => {
                self.expr("left", left);
                self.expr("right", right);
            }
            ExprKind::Unary { operand, .. } => self.expr("operand", operand),
            ExprKind::Lambda(id) => {
                self.parameters(tree[id].parameters);
                self.expr("body", tree[id].body);
            }
            ExprKind::Conditional { test, body, orelse } => {
                self.expr("test", test);
                self.expr("body", body);
                self.expr("orelse", orelse);
            }
            ExprKind::Dict { items } => {
                for item in &tree[items] {
                    match item.key {
                        Some(key) => self.expr("keys", key),
                        None => self.nothing("keys"),
                    }
                }
                tree[items].iter().for_each(|item| self.expr("values", item.value));
            }
            ExprKind::Set { elements }
            | ExprKind::List { elements, .. }
            | ExprKind::Tuple { elements, .. } => self.exprs("elts", elements),
            ExprKind::Comprehension(id) => self.comprehension(tree[id]),
            ExprKind::Await { value }
            | ExprKind::YieldFrom { value }
            | ExprKind::Attribute { value, .. }
            | ExprKind::Starred { value, .. } => self.expr("value", value),
            ExprKind::Yield { value } => self.optional("value", value),
            ExprKind::Compare { left, rest } => {
                self.expr("left", left);
                tree[rest].iter().for_each(|step| self.expr("comparators", step.right));
            }
            ExprKind::Call { function, arguments, keywords } => {
                self.expr("func", function);
                self.exprs("args", arguments);
                self.keywords(keywords);
            }
            ExprKind::Formatted { value, spec, .. }
            | ExprKind::Interpolation { value, spec, .. } => {
                self.expr("value", value);
                self.optional("format_spec", spec);
            }
            ExprKind::Subscript { value, index, .. } => {
                self.expr("value", value);
                self.expr("slice", index);
            }
            ExprKind::Slice { lower, upper, step } => {
                self.optional("lower", lower);
                self.optional("upper", upper);
                self.optional("step", step);
            }
            ExprKind::Constant { .. } | ExprKind::Name { .. } => {}
        }
    }

    pub(super) fn keywords(&mut self, keywords: List<Keyword>) {
        let tree = self.tree;
        for keyword in &tree[keywords] {
            self.node("keywords", "keyword", Some(keyword.location));
            self.optional_name("arg", keyword.name);
            self.inside(|this| this.expr("value", keyword.value));
        }
    }

    fn comprehension(&mut self, node: Comprehension) {
        let tree = self.tree;
        if let Some(value) = node.value {
            self.expr("key", node.element);
            self.expr("value", value);
        } else if node.kind == ComprehensionKind::Dict {
            self.expr("key", node.element);
        } else {
            self.expr("elt", node.element);
        }
        for generator in &tree[node.generators] {
            self.node("generators", "comprehension", None);
            self.plain("is_async", u8::from(generator.is_async));
            self.inside(|this| {
                this.expr("target", generator.target);
                this.expr("iter", generator.iterable);
                this.exprs("ifs", generator.conditions);
            });
        }
    }

    fn class(&self, kind: ExprKind) -> &'static str {
        match kind {
            ExprKind::BoolOp { .. } => "BoolOp",
            ExprKind::Named { .. } => "NamedExpr",
            ExprKind::Binary { .. } => "BinOp",
            ExprKind::Unary { .. } => "UnaryOp",
            ExprKind::Lambda(_) => "Lambda",
            ExprKind::Conditional { .. } => "IfExp",
            ExprKind::Dict { .. } => "Dict",
            ExprKind::Set { .. } => "Set",
            ExprKind::Comprehension(id) => match self.tree[id].kind {
                ComprehensionKind::List => "ListComp",
                ComprehensionKind::Set => "SetComp",
                ComprehensionKind::Dict => "DictComp",
                ComprehensionKind::Generator => "GeneratorExp",
            },
            ExprKind::Await { .. } => "Await",
            ExprKind::Yield { .. } => "Yield",
            ExprKind::YieldFrom { .. } => "YieldFrom",
            ExprKind::Compare { .. } => "Compare",
            ExprKind::Call { .. } => "Call",
            ExprKind::Formatted { .. } => "FormattedValue",
            ExprKind::Joined { .. } => "JoinedStr",
            ExprKind::Template { .. } => "TemplateStr",
            ExprKind::Interpolation { .. } => "Interpolation",
            ExprKind::Constant { .. } => "Constant",
            ExprKind::Attribute { .. } => "Attribute",
            ExprKind::Subscript { .. } => "Subscript",
            ExprKind::Starred { .. } => "Starred",
            ExprKind::Name { .. } => "Name",
            ExprKind::List { .. } => "List",
            ExprKind::Tuple { .. } => "Tuple",
            ExprKind::Slice { .. } => "Slice",
        }
    }
}

fn context_name(context: Context) -> &'static str {
    match context {
        Context::Load => "Load",
        Context::Store => "Store",
        Context::Delete => "Del",
    }
}

/// The value in `ast`: the character's code, or -1.
fn conversion_code(conversion: Conversion) -> i32 {
    match conversion {
        Conversion::None => -1,
        Conversion::Str => 115,
        Conversion::Repr => 114,
        Conversion::Ascii => 97,
    }
}

fn bool_op(op: BoolOp) -> &'static str {
    match op {
        BoolOp::And => "And",
        BoolOp::Or => "Or",
    }
}

pub(super) fn binary_op(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "Add",
        BinaryOp::BitAnd => "BitAnd",
        BinaryOp::FloorDivide => "FloorDiv",
        BinaryOp::LeftShift => "LShift",
        BinaryOp::MatrixMultiply => "MatMult",
        BinaryOp::Multiply => "Mult",
        BinaryOp::Remainder => "Mod",
        BinaryOp::BitOr => "BitOr",
        BinaryOp::Power => "Pow",
        BinaryOp::RightShift => "RShift",
        BinaryOp::Subtract => "Sub",
        BinaryOp::TrueDivide => "Div",
        BinaryOp::BitXor => "BitXor",
    }
}

fn unary_op(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Invert => "Invert",
        UnaryOp::Not => "Not",
        UnaryOp::Plus => "UAdd",
        UnaryOp::Minus => "USub",
    }
}

fn compare_op(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "Eq",
        CompareOp::NotEqual => "NotEq",
        CompareOp::Less => "Lt",
        CompareOp::LessEqual => "LtE",
        CompareOp::Greater => "Gt",
        CompareOp::GreaterEqual => "GtE",
        CompareOp::Is => "Is",
        CompareOp::IsNot => "IsNot",
        CompareOp::In => "In",
        CompareOp::NotIn => "NotIn",
    }
}
