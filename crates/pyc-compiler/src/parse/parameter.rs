//! Parameters of functions and lambdas.
//!
//! `a, /, b=1, *c, d, **e`: positional-only, positional, variable, keyword-only, keywords.

use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::tree::{ExprId, Parameter, Parameters};

/// Whether parameters can have annotations: a lambda's can't.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Annotations {
    Accepted,
    Refused,
}

impl Parser<'_, '_, '_> {
    /// The parameters up to `end`. If that is a colon, they are a lambda's.
    pub(super) fn parameters(&mut self, end: Token) -> Result<Parameters> {
        let annotations =
            if end == Token::Colon { Annotations::Refused } else { Annotations::Accepted };
        let mut all = Parameters::NONE;
        let (mut mark, defaults) = (self.mark::<Parameter>(), self.mark::<ExprId>());
        // Whether another parameter may follow: at the beginning and after a comma.
        let mut more = true;
        while more {
            match self.token() {
                Token::Name => {
                    let parameter = self.parameter(annotations)?;
                    self.put(parameter);
                    match self.default()? {
                        Some(default) => self.put(default),
                        None if self.mark::<ExprId>() > defaults => return Err(Doubt),
                        None => {}
                    }
                }
                Token::Slash => {
                    let is_first = self.mark::<Parameter>() == mark;
                    if is_first || !all.positional_only.is_empty() {
                        return Err(Doubt);
                    }
                    self.advance()?;
                    all.positional_only = self.take_list(mark);
                    mark = self.mark::<Parameter>();
                }
                _ => break,
            }
            more = self.accept(Token::Comma)?;
        }
        all.positional = self.take_list(mark);
        all.defaults = self.take_list(defaults);
        if more && self.at(Token::Star) {
            more = self.after_star(&mut all, annotations)?;
        }
        if more && self.accept(Token::DoubleStar)? {
            all.keywords = Some(self.parameter(annotations)?);
            self.accept(Token::Comma)?;
        }
        if self.at(end) { Ok(all) } else { Err(Doubt) }
    }

    /// `*args`, or `*` alone, and the keyword-only parameters. Returns whether more may follow.
    fn after_star(&mut self, all: &mut Parameters, annotations: Annotations) -> Result<bool> {
        self.advance()?;
        if self.at(Token::Name) {
            all.variable = Some(self.variable(annotations)?);
        }
        let (mark, defaults) = (self.mark::<Parameter>(), self.mark::<Option<ExprId>>());
        let mut more = self.accept(Token::Comma)?;
        while more && self.at(Token::Name) {
            let parameter = self.parameter(annotations)?;
            self.put(parameter);
            let default = self.default()?;
            self.put(default);
            more = self.accept(Token::Comma)?;
        }
        all.keyword_only = self.take_list(mark);
        all.keyword_defaults = self.take_list(defaults);
        let names_nothing = all.variable.is_none() && all.keyword_only.is_empty();
        if names_nothing { Err(Doubt) } else { Ok(more) }
    }

    fn parameter(&mut self, annotations: Annotations) -> Result<Parameter> {
        let start = self.here();
        let name = self.name()?;
        let annotation = if annotations == Annotations::Accepted && self.accept(Token::Colon)? {
            Some(self.annotation(Self::expression)?)
        } else {
            None
        };
        Ok(Parameter { name, annotation, location: self.since(start) })
    }

    /// `*args`. Its annotation may be starred.
    fn variable(&mut self, annotations: Annotations) -> Result<Parameter> {
        let start = self.here();
        let name = self.name()?;
        let annotation = if annotations == Annotations::Accepted && self.accept(Token::Colon)? {
            Some(self.annotation(|this| match this.token() {
                Token::Star => this.starred(),
                _ => this.expression(),
            })?)
        } else {
            None
        };
        Ok(Parameter { name, annotation, location: self.since(start) })
    }

    fn default(&mut self) -> Result<Option<ExprId>> {
        if self.accept(Token::Equal)? { self.expression().map(Some) } else { Ok(None) }
    }
}
