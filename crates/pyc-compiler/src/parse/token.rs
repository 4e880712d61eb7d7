//! The tokens, and the precedence of operators.
//!
//! `not in` is two tokens. `Token::of_word(b"in")` is a keyword, `Token::of_word(b"match")` a name.

use crate::tree::BinaryOp;

/// The kind of a token. Layout comes first, then tokens that can begin an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Token {
    EndOfFile,
    Newline,
    Indent,
    Dedent,

    Name,
    Number,
    /// A string or bytes literal; [`super::lexer::Lexer::string`] says which.
    String,
    /// An f-string's opening quotes, with the prefix.
    Joined,
    /// A t-string's opening quotes, with the prefix.
    Template,
    LeftParenthesis,
    LeftBracket,
    LeftBrace,
    Ellipsis,
    Minus,
    Plus,
    Tilde,
    Star,
    Not,
    Await,
    Lambda,
    None,
    True,
    False,
    Yield,

    /// The text of an f-string between its replacement fields, and its closing quotes. Only
    /// `tokens.rs` produces them.
    Middle,
    JoinedEnd,
    /// The same for a t-string.
    TemplateMiddle,
    TemplateEnd,
    RightParenthesis,
    RightBracket,
    RightBrace,
    Comma,
    Colon,
    Semicolon,
    Dot,
    Equal,
    ColonEqual,
    Arrow,
    Exclamation,
    DoubleStar,
    Slash,
    DoubleSlash,
    Percent,
    At,
    LeftShift,
    RightShift,
    Ampersand,
    Caret,
    Bar,
    EqualEqual,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    PlusEqual,
    MinusEqual,
    StarEqual,
    DoubleStarEqual,
    SlashEqual,
    DoubleSlashEqual,
    PercentEqual,
    AtEqual,
    LeftShiftEqual,
    RightShiftEqual,
    AmpersandEqual,
    CaretEqual,
    BarEqual,
    /// A character that is part of no token: `$`, `?`, or a backquote. Only `tokens.rs` produces
    /// it.
    Unknown,

    And,
    Or,
    In,
    Is,
    If,
    Else,
    For,
    Async,
    As,
    From,
    Assert,
    Break,
    Class,
    Continue,
    Def,
    Del,
    Elif,
    Except,
    Finally,
    Global,
    Import,
    Nonlocal,
    Pass,
    Raise,
    Return,
    Try,
    While,
    With,
}

/// The precedence of operators, lowest first (`python.gram: disjunction` to `power`).
pub(super) mod power {
    pub(in super::super) const NONE: u8 = 0;
    pub(in super::super) const OR: u8 = 1;
    pub(in super::super) const AND: u8 = 2;
    pub(in super::super) const NOT: u8 = 3;
    pub(in super::super) const COMPARE: u8 = 4;
    pub(in super::super) const BIT_OR: u8 = 5;
    pub(in super::super) const BIT_XOR: u8 = 6;
    pub(in super::super) const BIT_AND: u8 = 7;
    pub(in super::super) const SHIFT: u8 = 8;
    pub(in super::super) const SUM: u8 = 9;
    pub(in super::super) const TERM: u8 = 10;
    pub(in super::super) const FACTOR: u8 = 11;
    pub(in super::super) const POWER: u8 = 12;
}

/// How `!=` is written. Two texts give that token, but only one of them is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Unequal {
    #[default]
    Exclamation,
    /// `<>`, after `from __future__ import barry_as_FLUFL`.
    Diamond,
}

/// The future feature that changes it to [`Unequal::Diamond`].
pub(super) const UNEQUAL_FEATURE: &str = "barry_as_FLUFL";

impl Unequal {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Exclamation => "!=",
            Self::Diamond => "<>",
        }
    }

    /// The first byte, by which the two differ.
    pub(super) fn first(self) -> u8 {
        self.text().as_bytes()[0]
    }
}

impl Token {
    /// Its precedence as a binary operator; [`power::NONE`] if it isn't one.
    #[inline]
    pub(super) const fn power(self) -> u8 {
        match self {
            Self::Or => power::OR,
            Self::And => power::AND,
            // `not` only counts before `in`, which the parser checks.
            Self::In
            | Self::Is
            | Self::Not
            | Self::EqualEqual
            | Self::NotEqual
            | Self::Less
            | Self::LessEqual
            | Self::Greater
            | Self::GreaterEqual => power::COMPARE,
            Self::Bar => power::BIT_OR,
            Self::Caret => power::BIT_XOR,
            Self::Ampersand => power::BIT_AND,
            Self::LeftShift | Self::RightShift => power::SHIFT,
            Self::Plus | Self::Minus => power::SUM,
            Self::Star | Self::Slash | Self::DoubleSlash | Self::Percent | Self::At => power::TERM,
            Self::DoubleStar => power::POWER,
            _ => power::NONE,
        }
    }

    /// The arithmetic operation of the operator.
    pub(super) const fn binary(self) -> Option<BinaryOp> {
        Some(match self {
            Self::Plus | Self::PlusEqual => BinaryOp::Add,
            Self::Minus | Self::MinusEqual => BinaryOp::Subtract,
            Self::Star | Self::StarEqual => BinaryOp::Multiply,
            Self::Slash | Self::SlashEqual => BinaryOp::TrueDivide,
            Self::DoubleSlash | Self::DoubleSlashEqual => BinaryOp::FloorDivide,
            Self::Percent | Self::PercentEqual => BinaryOp::Remainder,
            Self::At | Self::AtEqual => BinaryOp::MatrixMultiply,
            Self::DoubleStar | Self::DoubleStarEqual => BinaryOp::Power,
            Self::LeftShift | Self::LeftShiftEqual => BinaryOp::LeftShift,
            Self::RightShift | Self::RightShiftEqual => BinaryOp::RightShift,
            Self::Ampersand | Self::AmpersandEqual => BinaryOp::BitAnd,
            Self::Caret | Self::CaretEqual => BinaryOp::BitXor,
            Self::Bar | Self::BarEqual => BinaryOp::BitOr,
            _ => return None,
        })
    }

    /// Whether it is `+=` or the like.
    pub(super) fn is_augmented(self) -> bool {
        (Self::PlusEqual..=Self::BarEqual).contains(&self)
    }

    /// Whether it is a line end, an indent or a dedent.
    #[inline(always)]
    pub(super) fn is_layout(self) -> bool {
        self <= Self::Dedent
    }

    /// Whether it can begin an expression.
    #[inline(always)]
    pub(super) fn begins_expression(self) -> bool {
        (Self::Name..=Self::Yield).contains(&self)
    }

    /// The operator or keyword with this text.
    #[cold]
    pub(super) fn of_text(text: &str) -> Option<Self> {
        Some(match text {
            "(" => Self::LeftParenthesis,
            "[" => Self::LeftBracket,
            "{" => Self::LeftBrace,
            ")" => Self::RightParenthesis,
            "]" => Self::RightBracket,
            "}" => Self::RightBrace,
            "..." => Self::Ellipsis,
            "-" => Self::Minus,
            "+" => Self::Plus,
            "~" => Self::Tilde,
            "*" => Self::Star,
            "," => Self::Comma,
            ":" => Self::Colon,
            ";" => Self::Semicolon,
            "." => Self::Dot,
            "=" => Self::Equal,
            ":=" => Self::ColonEqual,
            "->" => Self::Arrow,
            "!" => Self::Exclamation,
            "**" => Self::DoubleStar,
            "/" => Self::Slash,
            "//" => Self::DoubleSlash,
            "%" => Self::Percent,
            "@" => Self::At,
            "<<" => Self::LeftShift,
            ">>" => Self::RightShift,
            "&" => Self::Ampersand,
            "^" => Self::Caret,
            "|" => Self::Bar,
            "==" => Self::EqualEqual,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterEqual,
            "+=" => Self::PlusEqual,
            "-=" => Self::MinusEqual,
            "*=" => Self::StarEqual,
            "**=" => Self::DoubleStarEqual,
            "/=" => Self::SlashEqual,
            "//=" => Self::DoubleSlashEqual,
            "%=" => Self::PercentEqual,
            "@=" => Self::AtEqual,
            "<<=" => Self::LeftShiftEqual,
            ">>=" => Self::RightShiftEqual,
            "&=" => Self::AmpersandEqual,
            "^=" => Self::CaretEqual,
            "|=" => Self::BarEqual,
            _ => Some(Self::of_word(text.as_bytes())).filter(|token| *token != Self::Name)?,
        })
    }

    /// The keyword with this text, or [`Token::Name`].
    pub(super) fn of_word(word: &[u8]) -> Self {
        let mut key = [0; 8];
        match key.get_mut(..word.len()) {
            Some(start) => start.copy_from_slice(word),
            None => return Self::Name,
        }
        Self::of_key(u64::from_le_bytes(key))
    }

    /// The keyword with this text, padded with zeros, or [`Token::Name`].
    #[inline(always)]
    pub(super) const fn of_key(key: u64) -> Self {
        let (known, token) = SLOTS[slot(key)];
        if key == known { token } else { Self::Name }
    }
}

/// All keywords; none is longer than eight bytes.
const KEYWORDS: &[(&str, Token)] = &[
    ("False", Token::False),
    ("None", Token::None),
    ("True", Token::True),
    ("and", Token::And),
    ("as", Token::As),
    ("assert", Token::Assert),
    ("async", Token::Async),
    ("await", Token::Await),
    ("break", Token::Break),
    ("class", Token::Class),
    ("continue", Token::Continue),
    ("def", Token::Def),
    ("del", Token::Del),
    ("elif", Token::Elif),
    ("else", Token::Else),
    ("except", Token::Except),
    ("finally", Token::Finally),
    ("for", Token::For),
    ("from", Token::From),
    ("global", Token::Global),
    ("if", Token::If),
    ("import", Token::Import),
    ("in", Token::In),
    ("is", Token::Is),
    ("lambda", Token::Lambda),
    ("nonlocal", Token::Nonlocal),
    ("not", Token::Not),
    ("or", Token::Or),
    ("pass", Token::Pass),
    ("raise", Token::Raise),
    ("return", Token::Return),
    ("try", Token::Try),
    ("while", Token::While),
    ("with", Token::With),
    ("yield", Token::Yield),
];

/// The keywords by [`slot`], because a comparison with each would be many branches.
static SLOTS: [(u64, Token); 64] = {
    let mut slots = [(0, Token::Name); 64];
    let mut at = 0;
    while at < KEYWORDS.len() {
        let (text, token) = KEYWORDS[at];
        let (mut key, mut byte) = (0, text.len());
        while byte > 0 {
            byte -= 1;
            key = key << 8 | text.as_bytes()[byte] as u64;
        }
        assert!(slots[slot(key)].0 == 0, "each keyword has its own slot");
        slots[slot(key)] = (key, token);
        at += 1;
    }
    slots
};

/// A hash that is different for all keywords; the factor was found by trial.
const fn slot(key: u64) -> usize {
    (key.wrapping_mul(0xb57c_8e05_e3c9_b0e1) >> 58) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_begin_with_some_tokens() {
        for token in [Token::Name, Token::Star, Token::Yield, Token::Await] {
            assert!(token.begins_expression(), "{token:?}");
        }
        for token in [Token::Newline, Token::RightBrace, Token::Equal, Token::And] {
            assert!(!token.begins_expression(), "{token:?}");
        }
        assert!(Token::BarEqual.is_augmented() && !Token::Bar.is_augmented());
    }

    #[test]
    fn words_are_keywords_or_names() {
        for &(text, token) in KEYWORDS {
            assert_eq!(Token::of_word(text.as_bytes()), token, "{text}");
        }
        for name in ["", "match", "i", "iff", "nonlocals", "continue_", "\u{e9}"] {
            assert_eq!(Token::of_word(name.as_bytes()), Token::Name, "{name}");
        }
    }
}
