//! UTF-16 and UTF-32. No source is valid in them, since its cookie is in ASCII, so this only
//! reproduces CPython's errors.

use super::undecodable;

/// A variant of UTF-16 or UTF-32.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// The size of a unit in bytes.
    width: usize,
    /// `None`: determined by a byte order mark, otherwise little-endian.
    order: Option<Order>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl Form {
    /// The variant for this official name of a codec.
    pub(super) fn of(codec: &str) -> Option<Self> {
        let (width, order) = match codec {
            "utf_16" => (2, None),
            "utf_16_le" => (2, Some(Order::Little)),
            "utf_16_be" => (2, Some(Order::Big)),
            "utf_32" => (4, None),
            "utf_32_le" => (4, Some(Order::Little)),
            "utf_32_be" => (4, Some(Order::Big)),
            _ => return None,
        };
        Some(Self { width, order })
    }

    fn unit(self, bytes: &[u8], order: Order) -> u32 {
        let add = |unit, byte: &u8| unit << 8 | u32::from(*byte);
        match order {
            Order::Little => bytes[..self.width].iter().rev().fold(0, add),
            Order::Big => bytes[..self.width].iter().fold(0, add),
        }
    }
}

/// The text (`unicodeobject.c: PyUnicode_DecodeUTF16Stateful`, `PyUnicode_DecodeUTF32Stateful`,
/// 3.13).
pub(super) fn decode(form: Form, bytes: &[u8]) -> Result<String, String> {
    let width = form.width;
    let marked = |order| bytes.len() >= width && form.unit(bytes, order) == 0xfeff;
    let (order, mut at) = match form.order {
        Some(order) => (order, 0),
        None if marked(Order::Little) => (Order::Little, width),
        None if marked(Order::Big) => (Order::Big, width),
        None => (Order::Little, 0),
    };
    let ending = if order == Order::Little { "le" } else { "be" };
    let codec = format!("utf-{}-{ending}", 8 * width);
    let refused = |start: usize, end: usize, reason: &str| {
        Err(undecodable(&codec, &bytes[start..end], start, reason))
    };
    let mut text = String::new();
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.len() < width {
            return refused(at, bytes.len(), "truncated data");
        }
        let unit = form.unit(rest, order);
        let next = rest.get(width..).filter(|rest| rest.len() >= width);
        let point = match (width, unit) {
            (2, 0xdc00..0xe000) => return refused(at, at + 2, "illegal encoding"),
            (2, 0xd800..0xdc00) => match next.map(|next| form.unit(next, order)) {
                None => return refused(at, bytes.len(), "unexpected end of data"),
                Some(low @ 0xdc00..0xe000) => 0x1_0000 + (((unit - 0xd800) << 10) | (low - 0xdc00)),
                Some(_) => return refused(at, at + 2, "illegal UTF-16 surrogate"),
            },
            (_, 0xd800..0xe000) => {
                let reason = "code point in surrogate code point range(0xd800, 0xe000)";
                return refused(at, at + 4, reason);
            }
            _ => unit,
        };
        match char::from_u32(point) {
            Some(character) => text.push(character),
            None => return refused(at, at + 4, "code point not in range(0x110000)"),
        }
        at += if point > 0xffff { 4 } else { width };
    }
    Ok(text)
}
