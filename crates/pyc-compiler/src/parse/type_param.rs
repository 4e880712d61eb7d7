//! Type parameters, including defaults since 3.13 (PEP 695, PEP 696).
//!
//! `[T: int = bool, *Ts, **P]` is one of each kind.

use super::parser::Parser;
use super::token::Token;
use super::{Doubt, Result};
use crate::target::Feature;
use crate::tree::{List, ScopeBlockId, TypeParam, TypeParamKind};

impl Parser<'_, '_, '_> {
    /// The type parameters, if there are any, and the block around the definition that they belong
    /// to.
    pub(super) fn type_params(&mut self) -> Result<(Option<ScopeBlockId>, List<TypeParam>)> {
        if !self.accept(Token::LeftBracket)? {
            return Ok((None, List::EMPTY));
        }
        if !self.context.facts.has(Feature::TypeParams) {
            return Err(Doubt);
        }
        let block = self.tree.new_block();
        let mark = self.mark::<TypeParam>();
        loop {
            let param = self.type_param()?;
            self.put(param);
            let more = self.accept(Token::Comma)?;
            if self.accept(Token::RightBracket)? {
                return Ok((Some(block), self.take_list(mark)));
            }
            if !more {
                return Err(Doubt);
            }
        }
    }

    fn type_param(&mut self) -> Result<TypeParam> {
        let start = self.here();
        let token = self.token();
        if matches!(token, Token::Star | Token::DoubleStar) {
            self.advance()?;
        }
        let name = self.name()?;
        let kind = match token {
            Token::Star => TypeParamKind::TypeVarTuple,
            Token::DoubleStar => TypeParamKind::ParamSpec,
            _ => {
                let bound_block = self.tree.new_block();
                let has_bound = self.accept(Token::Colon)?;
                let bound = if has_bound { Some(self.expression()?) } else { None };
                TypeParamKind::TypeVar { bound, bound_block }
            }
        };
        let default_block = self.tree.new_block();
        let has_default =
            self.at(Token::Equal) && self.context.facts.has(Feature::TypeParamDefaults);
        let default = if has_default {
            self.advance()?;
            Some(match token {
                Token::Star if self.at(Token::Star) => self.starred()?,
                _ => self.expression()?,
            })
        } else {
            None
        };
        Ok(TypeParam { kind, name, default, default_block, location: self.since(start) })
    }
}
