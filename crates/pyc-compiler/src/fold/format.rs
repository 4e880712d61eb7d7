//! Converts `%` formatting to an f-string: `"%s is %-10r" % (a, b)` is `f"{a!s} is {b!r:10}"`.
//!
//! Only `%s`, `%r` and `%a` are supported, with flags, width and precision, if the operand is a
//! tuple with the right number of items and no stars (`ast_opt.c: optimize_format`, 3.13).

use crate::context::Context;
use crate::location::Location;
use crate::target::{Facts, Feature};
use crate::tree::{Conversion, Expr, ExprId, ExprKind, StrPrefix, Tree};

/// The limit for width and precision, exclusive.
const MAX_DIGITS: usize = 3;

/// The f-string with location `at`, if the whole format is supported.
pub(super) fn joined(
    tree: &mut Tree,
    context: &mut Context<'_>,
    format: &[u8],
    items: &[ExprId],
    at: Location,
) -> Option<ExprId> {
    let mut values = Vec::with_capacity(items.len() * 2 + 1);
    let mut items = items.iter();
    let mut rest = format;
    loop {
        let literal = literal(&mut rest);
        if !literal.is_empty() {
            values.push(constant(tree, context, &literal));
        }
        if rest.is_empty() {
            break;
        }
        let &value = items.next()?;
        let (conversion, spec) = field(&mut rest, &context.facts)?;
        let spec = (!spec.is_empty()).then(|| constant(tree, context, spec.as_bytes()));
        let kind = ExprKind::Formatted { value, conversion, spec };
        let location = tree[value].location;
        values.push(tree.push_expr(Expr { kind, location }));
    }
    if items.next().is_some() {
        return None;
    }
    let values = tree.push_list(&values);
    Some(tree.push_expr(Expr { kind: ExprKind::Joined { values }, location: at }))
}

/// A constant without a location, as in CPython.
fn constant(tree: &mut Tree, context: &mut Context<'_>, text: &[u8]) -> ExprId {
    let text = context.names.intern(text);
    let kind = ExprKind::Constant { value: context.constants.str(text), prefix: StrPrefix::None };
    tree.push_expr(Expr { kind, location: Location::NONE })
}

/// Consumes the text before the next field, and converts `%%` to `%`.
fn literal(rest: &mut &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    while let [first, after @ ..] = *rest {
        *rest = match (first, after) {
            (b'%', [b'%', after @ ..]) => after,
            (b'%', _) => break,
            _ => after,
        };
        text.push(*first);
    }
    text
}

/// Consumes the field at the start of the rest, and returns it as in an f-string.
fn field(rest: &mut &[u8], facts: &Facts) -> Option<(Conversion, String)> {
    let after_percent = rest.get(1..)?;
    let known: &[u8] = if facts.has(Feature::FormatFlagZ) { b"-+ #0z" } else { b"-+ #0" };
    let flags = after_percent.iter().take_while(|byte| known.contains(byte)).count();
    let left = after_percent[..flags].contains(&b'-');
    let mut next = &after_percent[flags..];
    let width = digits(&mut next)?;
    let mut spec = String::new();
    if !width.is_empty() {
        // `%` aligns to the right, and an f-string aligns text to the left. The other flags don't
        // affect text.
        if !left {
            spec.push('>');
        }
        spec.push_str(width);
    }
    if let [b'.', after @ ..] = next {
        next = after;
        let precision = number(digits(&mut next)?);
        spec.push('.');
        spec.push_str(precision);
    }
    let (kind, next) = next.split_first()?;
    let conversion = match kind {
        b's' => Conversion::Str,
        b'r' => Conversion::Repr,
        b'a' => Conversion::Ascii,
        _ => return None,
    };
    *rest = next;
    Some((conversion, spec))
}

/// Consumes fewer than [`MAX_DIGITS`] digits.
fn digits<'r>(rest: &mut &'r [u8]) -> Option<&'r str> {
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count >= MAX_DIGITS {
        return None;
    }
    let (digits, after) = rest.split_at(count);
    *rest = after;
    std::str::from_utf8(digits).ok()
}

/// Removes leading zeros, which a precision can have.
fn number(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => "0",
        number => number,
    }
}
