//! Every node with its fields, in the order of CPython's `Python.asdl`.
//!
//! `Return(value)` among the statements: a line `… Return 2:4-2:12`, and below it that of `value`.

use rustpython_parser::ast;

use crate::print::{Field, Printer};

macro_rules! sums {
    ($($sum:ident { $($class:ident($($field:ident)*))* })*) => {$(
        impl Field for ast::$sum {
            fn show(&self, key: &str, printer: &mut Printer) {
                match self {
                    $(Self::$class(node) => {
                        let fields: &[(&str, &dyn Field)] = &[$((stringify!($field), &node.$field)),*];
                        printer.node(key, stringify!($class), &node.range, fields);
                    })*
                }
            }
        }
    )*};
}

macro_rules! products {
    ($($type:ident $class:ident($($field:ident)*))*) => {$(
        impl Field for ast::$type {
            fn show(&self, key: &str, printer: &mut Printer) {
                let fields: &[(&str, &dyn Field)] = &[$((stringify!($field), &self.$field)),*];
                printer.node(key, stringify!($class), &self.range, fields);
            }
        }
    )*};
}

sums! {
    Stmt {
        FunctionDef(name args body decorator_list returns type_params)
        AsyncFunctionDef(name args body decorator_list returns type_params)
        ClassDef(name bases keywords body decorator_list type_params)
        Return(value)
        Delete(targets)
        Assign(targets value)
        TypeAlias(name type_params value)
        AugAssign(target op value)
        AnnAssign(target annotation value simple)
        For(target iter body orelse)
        AsyncFor(target iter body orelse)
        While(test body orelse)
        If(test body orelse)
        With(items body)
        AsyncWith(items body)
        Match(subject cases)
        Raise(exc cause)
        Try(body handlers orelse finalbody)
        TryStar(body handlers orelse finalbody)
        Assert(test msg)
        Import(names)
        ImportFrom(module names level)
        Global(names)
        Nonlocal(names)
        Expr(value)
        Pass()
        Break()
        Continue()
    }
    Expr {
        BoolOp(op values)
        NamedExpr(target value)
        BinOp(left op right)
        UnaryOp(op operand)
        Lambda(args body)
        IfExp(test body orelse)
        Dict(keys values)
        Set(elts)
        ListComp(elt generators)
        SetComp(elt generators)
        DictComp(key value generators)
        GeneratorExp(elt generators)
        Await(value)
        Yield(value)
        YieldFrom(value)
        Compare(left ops comparators)
        Call(func args keywords)
        FormattedValue(value conversion format_spec)
        JoinedStr(values)
        Constant(value kind)
        Attribute(value attr ctx)
        Subscript(value slice ctx)
        Starred(value ctx)
        Name(id ctx)
        List(elts ctx)
        Tuple(elts ctx)
        Slice(lower upper step)
    }
    ExceptHandler {
        ExceptHandler(type_ name body)
    }
    Pattern {
        MatchValue(value)
        MatchSingleton(value)
        MatchSequence(patterns)
        MatchMapping(keys patterns rest)
        MatchClass(cls patterns kwd_attrs kwd_patterns)
        MatchStar(name)
        MatchAs(pattern name)
        MatchOr(patterns)
    }
    TypeParam {
        TypeVar(name bound)
        ParamSpec(name)
        TypeVarTuple(name)
    }
}

products! {
    Comprehension comprehension(target iter ifs is_async)
    Arg arg(arg annotation)
    Keyword keyword(arg value)
    Alias alias(name asname)
    WithItem withitem(context_expr optional_vars)
    MatchCase match_case(pattern guard body)
}

/// rustpython-parser stores defaults with the parameters; Python's `ast` has them in two lists.
impl Field for ast::Arguments {
    fn show(&self, key: &str, printer: &mut Printer) {
        fn parameters(list: &[ast::ArgWithDefault]) -> Vec<&ast::Arg> {
            list.iter().map(|one| &one.def).collect()
        }
        let keyword_defaults: Vec<Option<&ast::Expr>> =
            self.kwonlyargs.iter().map(|one| one.default.as_deref()).collect();
        let fields: &[(&str, &dyn Field)] = &[
            ("posonlyargs", &parameters(&self.posonlyargs)),
            ("args", &parameters(&self.args)),
            ("vararg", &self.vararg),
            ("kwonlyargs", &parameters(&self.kwonlyargs)),
            ("kw_defaults", &keyword_defaults),
            ("kwarg", &self.kwarg),
            ("defaults", &self.defaults().collect::<Vec<_>>()),
        ];
        printer.node(key, "arguments", &self.range, fields);
    }
}
