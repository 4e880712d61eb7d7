//! What the recogniser knows about the input that it has matched: the location of a token; also the
//! kind of an expression.
//!
//! `(a, b)` is a node of the kind tuple with two items. The nodes contain only what messages need.

use std::str::FromStr;

/// A token, a node or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value(u32);

/// A [`Value`], decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Nothing,
    /// The token's index.
    Token(u32),
    /// The node's number.
    Node(u32),
}

impl Value {
    pub(super) const NOTHING: Self = Self(0);

    pub(super) fn token(index: u32) -> Self {
        Self(index << 1 | 1)
    }

    fn node(number: u32) -> Self {
        Self((number + 1) << 1)
    }

    pub(super) fn part(self) -> Part {
        match (self.0, self.0 & 1) {
            (0, _) => Part::Nothing,
            (token, 1) => Part::Token(token >> 1),
            (node, _) => Part::Node((node >> 1) - 1),
        }
    }

    pub(super) fn is_node(self) -> bool {
        matches!(self.part(), Part::Node(_))
    }
}

/// A matched part of the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The first and the last token.
    pub(super) first: u32,
    pub(super) last: u32,
    /// Where its items begin, and their number.
    items: (u32, u32),
}

/// All nodes.
#[derive(Default)]
pub(super) struct Nodes {
    nodes: Vec<Node>,
    items: Vec<Value>,
}

impl Nodes {
    /// A node with these items. Lists among them are replaced by their items.
    pub(super) fn push(&mut self, kind: Kind, first: u32, last: u32, items: &[Value]) -> Value {
        let begin = self.items.len();
        if kind.has_items() {
            for &item in items {
                match item.part() {
                    Part::Node(number) if self.nodes[number as usize].kind == Kind::Several => {
                        let (begin, count) = self.nodes[number as usize].items;
                        let range = begin as usize..(begin + count) as usize;
                        self.items.extend_from_within(range);
                    }
                    Part::Node(_) => self.items.push(item),
                    Part::Token(_) | Part::Nothing => {}
                }
            }
        }
        let count = self.items.len() - begin;
        let items = (crate::name::count(begin), crate::name::count(count));
        self.nodes.push(Node { kind, first, last, items });
        Value::node(crate::name::count(self.nodes.len() - 1))
    }

    pub(super) fn get(&self, number: u32) -> Node {
        self.nodes[number as usize]
    }

    pub(super) fn items(&self, node: Node) -> &[Value] {
        &self.items[node.items.0 as usize..][..node.items.1 as usize]
    }

    pub(super) fn kind(&self, value: Value) -> Option<Kind> {
        match value.part() {
            Part::Node(number) => Some(self.get(number).kind),
            Part::Token(_) | Part::Nothing => None,
        }
    }

    /// The first and the last token of a value.
    pub(super) fn span(&self, value: Value) -> Option<(u32, u32)> {
        match value.part() {
            Part::Nothing => None,
            Part::Token(index) => Some((index, index)),
            Part::Node(number) => {
                let node = self.get(number);
                let items = self.items(node);
                match (node.kind, items.first(), items.last()) {
                    (Kind::Several, Some(&first), Some(&last)) => {
                        Some((self.span(first)?.0, self.span(last)?.1))
                    }
                    _ => Some((node.first, node.last)),
                }
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.items.clear();
    }
}

macro_rules! kinds {
    ($($name:ident $word:literal $called:literal;)*) => {
        /// The kind of a node.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $($name,)*
        }

        impl FromStr for Kind {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$name),)*
                    _ => Err(format!("no kind `{word}`")),
                }
            }
        }

        impl Kind {
            /// CPython's name for it in messages (`pegen.c: _PyPegen_get_expr_name`, 3.13).
            pub(super) fn called(self) -> &'static str {
                match self {
                    $(Self::$name => $called,)*
                }
            }
        }
    };
}

kinds! {
    Other "other" "";
    Several "several" "";
    Keyword "keyword" "";
    Unpacked "unpacked" "";
    Compared "compared" "";
    Contained "contained" "";
    Name "name" "name";
    True "true" "True";
    False "false" "False";
    None "none" "None";
    Ellipsis "ellipsis" "ellipsis";
    Literal "literal" "literal";
    Joined "joined" "f-string expression";
    Template "template" "t-string expression";
    Attribute "attribute" "attribute";
    Subscript "subscript" "subscript";
    Starred "starred" "starred";
    List "list" "list";
    Tuple "tuple" "tuple";
    Set "set" "set display";
    Dict "dict" "dict literal";
    Lambda "lambda" "lambda";
    Call "call" "function call";
    Operation "operation" "expression";
    Comparison "comparison" "comparison";
    Conditional "conditional" "conditional expression";
    Named "named" "named expression";
    Yield "yield" "yield expression";
    Await "await" "await expression";
    GenExp "genexp" "generator expression";
    ListComp "listcomp" "list comprehension";
    SetComp "setcomp" "set comprehension";
    DictComp "dictcomp" "dict comprehension";
}

impl Kind {
    /// Whether its items are ever used.
    fn has_items(self) -> bool {
        matches!(
            self,
            Self::Several
                | Self::Starred
                | Self::List
                | Self::Tuple
                | Self::Call
                | Self::Comparison
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_lists_become_those_of_the_node() {
        let mut nodes = Nodes::default();
        let names: Vec<Value> = (0..3).map(|at| nodes.push(Kind::Name, at, at, &[])).collect();
        let several = nodes.push(Kind::Several, 0, 9, &names[1..]);
        assert_eq!(nodes.span(several), Some((1, 2)));
        let comma = Value::token(1);
        let tuple = nodes.push(Kind::Tuple, 0, 4, &[names[0], comma, several]);
        let Part::Node(number) = tuple.part() else { panic!() };
        assert_eq!(nodes.items(nodes.get(number)), names);
        assert_eq!(nodes.span(tuple), Some((0, 4)));
        assert_eq!(nodes.kind(comma), None);
        assert_eq!(Value::NOTHING.part(), Part::Nothing);
    }
}
