//! What is printed on a node's own line: names, constants, operators, as in `id='x' ctx=Load`.

use std::fmt::Write as _;

use rustpython_parser::ast::{self, Constant};
use unicode_normalization::UnicodeNormalization;

use crate::print::{Field, Printer};

macro_rules! said {
    ($($type:ty { $value:pat => $said:expr })*) => {$(
        impl Field for $type {
            fn say(&self, key: &str, printer: &mut Printer) {
                let $value = self;
                printer.plain(key, $said);
            }
        }
    )*};
}

said! {
    // CPython's parser normalises names: `ﬁ` is `fi`. Theirs leaves that to others.
    ast::Identifier { name => quote(name.nfkc().collect::<String>().as_bytes()) }
    ast::Int { number => number.to_u32() }
    ast::ConversionFlag { flag => *flag as i8 }
    ast::Operator { op => format!("{op:?}") }
    ast::UnaryOp { op => format!("{op:?}") }
    ast::BoolOp { op => format!("{op:?}") }
    ast::ExprContext { context => format!("{context:?}") }
    bool { truth => u8::from(*truth) }
    // A constant's `kind`.
    String { kind => kind }
    Constant { value => constant(value) }
}

impl Field for ast::CmpOp {
    fn say(&self, _ops: &str, printer: &mut Printer) {
        printer.plain("op", format_args!("{self:?}"));
    }
}

fn constant(value: &Constant) -> String {
    match value {
        Constant::None => "None".to_owned(),
        Constant::Bool(true) => "True".to_owned(),
        Constant::Bool(false) => "False".to_owned(),
        Constant::Ellipsis => "Ellipsis".to_owned(),
        Constant::Int(value) => value.to_string(),
        Constant::Float(value) => format!("float:{:016x}", value.to_bits()),
        Constant::Complex { real, imag } => {
            format!("complex:{:016x},{:016x}", real.to_bits(), imag.to_bits())
        }
        Constant::Str(text) => quote(text.as_bytes()),
        Constant::Bytes(bytes) => format!("b{}", quote(bytes)),
        Constant::Tuple(_) => unreachable!("only their optimiser makes tuples"),
    }
}

/// Bytes in quotes. Bytes that aren't printable ASCII, quotes and backslashes are in hexadecimal.
fn quote(bytes: &[u8]) -> String {
    let mut text = "'".to_owned();
    for &byte in bytes {
        match byte {
            b'\'' | b'\\' | ..=0x1f | 0x7f.. => {
                let _ = write!(text, "\\x{byte:02x}");
            }
            _ => text.push(char::from(byte)),
        }
    }
    text + "'"
}
