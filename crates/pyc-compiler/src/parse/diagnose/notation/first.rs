//! The tokens with which rules and alternatives can begin.
//!
//! An alternative that can't begin with the next token isn't tried, since it would fail without
//! reading anything else. That is so for most alternatives.

use super::{Alternative, Choice, Element, Form, Grammar, Memory, Rule};
use crate::parse::token::Token;

/// A set of kinds of tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::parse::diagnose) struct Kinds(u128);

impl Kinds {
    const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(u128::MAX);

    pub(super) const fn of(token: Token) -> Self {
        Self(1 << token as u8)
    }

    #[inline]
    pub(in crate::parse::diagnose) const fn has(self, token: Token) -> bool {
        self.0 >> token as u8 & 1 != 0
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Grammar {
    /// Fills in the sets of all rules and alternatives.
    pub(super) fn find_first(&mut self) {
        // A set grows until it is complete, since rules contain each other.
        let mut complete = false;
        while !complete {
            complete = true;
            for number in 0..self.alternatives.len() {
                let first = self.of_alternative(&self.alternatives[number]);
                complete &= self.alternatives[number].kinds == first;
                self.alternatives[number].kinds = first;
            }
            for number in 0..self.rules.len() {
                self.rules[number].kinds = self.of_choice(self.rules[number].choice);
            }
        }
        for number in 0..self.rules.len() {
            self.rules[number].more = self.of_growth(number);
        }
    }

    fn of_choice(&self, choice: Choice) -> Kinds {
        let alternatives = self.alternatives(choice).iter();
        alternatives.fold(Kinds::NONE, |kinds, alternative| kinds.and(alternative.kinds))
    }

    fn of_alternative(&self, alternative: &Alternative) -> Kinds {
        self.of_elements(self.elements(alternative))
    }

    /// The tokens at which these elements could match, or read more than that token.
    fn of_elements(&self, elements: &[Element]) -> Kinds {
        let mut kinds = Kinds::NONE;
        for element in elements {
            match element.form {
                Form::Token(token) => return kinds.and(Kinds::of(token)),
                Form::Word(_) | Form::SoftKeyword => return kinds.and(Kinds::of(Token::Name)),
                Form::Unread => return kinds.and(Kinds::of(Token::String)),
                Form::Rule(id) => return kinds.and(self.rule(id).kinds),
                Form::Choice(choice)
                | Form::Repeated { of: choice, at_least_once: super::Least::One }
                | Form::Separated { of: choice, .. }
                | Form::Ahead(choice) => return kinds.and(self.of_choice(choice)),
                Form::Optional(choice)
                | Form::Repeated { of: choice, at_least_once: super::Least::Zero }
                | Form::NotAhead(choice) => kinds = kinds.and(self.of_choice(choice)),
                Form::Since(_) | Form::Before(_) => {}
                // It has an effect at any token.
                Form::Cut | Form::Forced(_) => return Kinds::ALL,
            }
        }
        // It matches nothing.
        Kinds::ALL
    }

    /// The tokens with which a left-recursive rule goes on after what it has matched.
    fn of_growth(&self, number: usize) -> Kinds {
        let rule = &self.rules[number];
        let of_itself = |alternative: &&Alternative| match self.elements(alternative).first() {
            Some(Element { form: Form::Rule(id), .. }) => usize::from(id.number()) == number,
            _ => false,
        };
        let alternatives = self.alternatives(rule.choice).iter();
        let rest = |alternative: &Alternative| self.of_elements(&self.elements(alternative)[1..]);
        let mut growing = alternatives.filter(of_itself).map(rest).peekable();
        // Another rule may contain this one at its start.
        if rule.memory != Memory::Grows || growing.peek().is_none() {
            return Kinds::ALL;
        }
        growing.fold(Kinds::NONE, Kinds::and)
    }
}

impl Rule {
    /// Whether the rule can match anything at a token. If not, it doesn't read a further one.
    #[inline]
    pub(in crate::parse::diagnose) fn can_begin(&self, token: Token) -> bool {
        self.kinds.has(token)
    }

    /// Whether more can follow what a left-recursive rule has matched.
    #[inline]
    pub(in crate::parse::diagnose) fn can_go_on(&self, token: Token) -> bool {
        self.more.has(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_know_their_first_tokens() {
        let grammar = Grammar::get().unwrap();
        let begins =
            |name: &str, token| grammar.rule(grammar.named(name).unwrap()).can_begin(token);
        for token in [Token::Name, Token::Lambda, Token::Not, Token::LeftBrace, Token::String] {
            assert!(begins("expression", token), "{token:?}");
        }
        for token in [Token::Colon, Token::Newline, Token::If, Token::Star] {
            assert!(!begins("expression", token), "{token:?}");
        }
        assert!(begins("statement", Token::Star) && !begins("statement", Token::Indent));
        let primary = grammar.rule(grammar.named("primary").unwrap());
        assert!(primary.can_go_on(Token::Dot) && !primary.can_go_on(Token::Star));
        let attribute = grammar.rule(grammar.named("attribute").unwrap());
        assert!(attribute.can_go_on(Token::Star), "it contains itself through another rule");
    }
}
