//! Constants in the format of Python's `repr`.
//!
//! `(1, 'a', 1e+16, -2j)` is `(1, 'a', 1e+16, (-0-2j))`, as in Python.

use std::fmt::{self, Write};

use super::quote;
use crate::code::CodeObject;
use crate::constant::{Const, Float};
use crate::version::Minor;

/// Maximum length of a constant's text in bytes; sharing inside a constant can make its text
/// exponentially long.
const LIMIT: usize = 1 << 20;

/// Prints a constant.
pub(super) struct Repr<'c> {
    constant: &'c Const<'c>,
    minor: Minor,
}

/// Prints the title of a code object.
pub(super) struct Title<'c>(pub(super) &'c CodeObject<'c>);

impl<'c> Repr<'c> {
    pub(super) fn new(constant: &'c Const<'c>, minor: Minor) -> Self {
        Self { constant, minor }
    }
}

impl fmt::Display for Title<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CodeObject { name, filename, firstlineno, .. } = self.0;
        write!(f, "<code object {name}, file \"{filename}\", line {firstlineno}>")
    }
}

impl fmt::Display for Repr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Limited { text: String::new() };
        // Writing only fails when the limit is reached.
        let whole = write(self.constant, self.minor, 0, &mut text).is_ok();
        f.write_str(&text.text)?;
        if whole { Ok(()) } else { f.write_str("…") }
    }
}

/// Text with a maximum length; writing beyond it fails.
struct Limited {
    text: String,
}

impl Write for Limited {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.text.len() + text.len() > LIMIT {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

/// Maximum nesting of sets within sets whose elements are sorted.
const SORTED_DEPTH: usize = 32;

/// An item of the stack of pending work.
enum Todo<'c> {
    Const(&'c Const<'c>),
    Str(&'static str),
    Text(String),
}

/// Writes a constant nested in `depth` sets. It uses an explicit stack instead of recursion, so
/// nesting can't overflow the call stack.
fn write<'c>(
    constant: &'c Const<'c>,
    minor: Minor,
    depth: usize,
    out: &mut Limited,
) -> fmt::Result {
    let mut todo = vec![Todo::Const(constant)];
    while let Some(next) = todo.pop() {
        match next {
            Todo::Str(text) => out.write_str(text)?,
            Todo::Text(text) => out.write_str(&text)?,
            Todo::Const(constant) => match constant {
                Const::Tuple(items) => {
                    let end = if items.len() == 1 { ",)" } else { ")" };
                    sequence("(", items, end, &mut todo);
                }
                Const::Slice(items) => sequence("slice(", &items[..], ")", &mut todo),
                Const::FrozenSet(items) if items.is_empty() => out.write_str("frozenset()")?,
                Const::FrozenSet(items) => frozen_set(items, minor, depth, &mut todo)?,
                _ => leaf(constant, minor, out)?,
            },
        }
    }
    Ok(())
}

fn sequence<'c>(
    start: &'static str,
    items: &'c [Const<'c>],
    end: &'static str,
    todo: &mut Vec<Todo<'c>>,
) {
    todo.push(Todo::Str(end));
    for (index, item) in items.iter().enumerate().rev() {
        todo.push(Todo::Const(item));
        if index > 0 {
            todo.push(Todo::Str(", "));
        }
    }
    todo.push(Todo::Str(start));
}

/// Writes the elements sorted by their text; sets nested too deeply keep their stored order.
fn frozen_set<'c>(
    items: &'c [Const<'c>],
    minor: Minor,
    depth: usize,
    todo: &mut Vec<Todo<'c>>,
) -> fmt::Result {
    if depth >= SORTED_DEPTH {
        sequence("frozenset({", items, "})", todo);
        return Ok(());
    }
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        let mut text = Limited { text: String::new() };
        write(item, minor, depth + 1, &mut text)?;
        texts.push(text.text);
    }
    texts.sort_unstable();
    todo.push(Todo::Text(format!("frozenset({{{}}})", texts.join(", "))));
    Ok(())
}

fn leaf(constant: &Const<'_>, minor: Minor, out: &mut Limited) -> fmt::Result {
    match constant {
        Const::None => out.write_str("None"),
        Const::Bool(true) => out.write_str("True"),
        Const::Bool(false) => out.write_str("False"),
        Const::Ellipsis => out.write_str("Ellipsis"),
        Const::Int(value) => write!(out, "{value}"),
        Const::Float(value) => {
            let text = float(*value);
            let whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            write!(out, "{text}{}", if whole { ".0" } else { "" })
        }
        Const::Complex(real, imaginary) => complex(*real, *imaginary, out),
        Const::Str(text) => quote::text(text, minor, out),
        Const::Bytes(bytes) => quote::bytes(bytes, out),
        Const::Code(code) => write!(out, "{}", Title(code)),
        Const::Tuple(_) | Const::FrozenSet(_) | Const::Slice(_) => Ok(()),
    }
}

/// `(1+2j)`, or `2j` if the real part is positive zero (`complexobject.c: complex_repr`, 3.13).
fn complex(real: Float, imaginary: Float, out: &mut Limited) -> fmt::Result {
    let imaginary = float(imaginary);
    if real.to_bits() == 0 {
        return write!(out, "{imaginary}j");
    }
    let plus = if imaginary.starts_with('-') { "" } else { "+" };
    write!(out, "({}{plus}{imaginary}j)", float(real))
}

/// The shortest digits that parse back as the same number. Exponents are shown below 1e-4 and from
/// 1e16 (`pystrtod.c: format_float_short`, 3.13).
fn float(value: Float) -> String {
    let number = value.get();
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let scientific = shortest(number);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return positional(digits, exponent);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Places the decimal point: `-1.25` with exponent 1 is `-12.5`, with 0 `-1.25`, with -2 `-0.0125`.
fn positional(digits: &str, exponent: i32) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let mut digits = digits.replace('.', "");
    let point = usize::try_from(exponent).map_or(1, |exponent| exponent + 1);
    if exponent < 0 {
        digits.insert_str(0, &"0".repeat(exponent.unsigned_abs() as usize));
    }
    while digits.len() < point {
        digits.push('0');
    }
    if digits.len() > point {
        digits.insert(point, '.');
    }
    format!("{sign}{digits}")
}

/// The shortest digits that parse back as `number`. If two candidates are equally near, the one
/// with the even last digit.
fn shortest(number: f64) -> String {
    let text = format!("{number:e}");
    let digits = text.bytes().take_while(|&byte| byte != b'e').filter(u8::is_ascii_digit).count();
    let even = format!("{number:.0$e}", digits - 1);
    if even.parse() == Ok(number) { even } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_shown_as_in_python() {
        for (number, shown) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (0.0001, "0.0001"),
            (-1234.5, "-1234.5"),
            (120.0, "120.0"),
            (0.000_01, "1e-05"),
            (2f64.powi(-25), "2.9802322387695312e-08"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (f64::NAN, "nan"),
        ] {
            let constant = Const::Float(number.into());
            assert_eq!(Repr::new(&constant, Minor::PY313).to_string(), shown);
        }
    }

    #[test]
    fn containers_are_shown_as_in_python() {
        let text = |text: &'static str| Const::from(text);
        let tuple = Const::Tuple([text("it's"), Const::Bytes(b"\x00'\""[..].into())].into());
        let set = Const::FrozenSet([Const::from(2), tuple.clone(), Const::from(1)].into());
        let one = Const::Tuple([set].into());
        let shown = r#"(frozenset({("it's", b'\x00\'"'), 1, 2}),)"#;
        assert_eq!(Repr::new(&one, Minor::PY313).to_string(), shown);
        let complex = Const::Complex((-0.0).into(), (-2.0).into());
        assert_eq!(Repr::new(&complex, Minor::PY313).to_string(), "(-0-2j)");
    }

    #[test]
    fn exponentially_shared_constants_are_truncated() {
        let mut bomb = Const::Tuple([Const::from("x")].into());
        for _ in 0..64 {
            bomb = Const::Tuple([bomb.clone(), bomb].into());
        }
        assert!(Repr::new(&bomb, Minor::PY313).to_string().len() < LIMIT + 8);
    }
}
