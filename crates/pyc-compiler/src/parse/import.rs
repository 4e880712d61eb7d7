//! Import statements: of modules, and of names from them.
//!
//! `from .a import (b as c)` has the module `a`, the level 1, and one alias.

use super::parser::Parser;
use super::token::{Token, UNEQUAL_FEATURE, Unequal};
use super::{Doubt, Result};
use crate::fold::Folding;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Alias, Item as _, List, StmtId, StmtKind};

impl Parser<'_, '_, '_> {
    /// `lazy` and an import statement. `None` if `lazy` is a name here (PEP 810).
    pub(super) fn lazy_import(&mut self) -> Result<Option<StmtKind>> {
        if !self.context.facts.has(Feature::LazyImports) {
            return Ok(None);
        }
        let before = self.lexer.cursor;
        self.advance()?;
        let statement = match self.token() {
            Token::Import => self.import()?,
            Token::From => self.import_from()?,
            _ => {
                self.lexer.cursor = before;
                return Ok(None);
            }
        };
        Ok(Some(match statement {
            StmtKind::Import { names, .. } => StmtKind::Import { names, is_lazy: true },
            // Future statements affect how the file is compiled, so they can't wait.
            StmtKind::ImportFrom { module: Some(Name::FUTURE), level: 0, .. } => return Err(Doubt),
            StmtKind::ImportFrom { module, names, level, .. } => {
                StmtKind::ImportFrom { module, names, level, is_lazy: true }
            }
            other => other,
        }))
    }

    pub(super) fn import(&mut self) -> Result<StmtKind> {
        self.advance()?;
        let mark = self.mark::<Alias>();
        loop {
            self.alias(Self::dotted_name)?;
            if !self.accept(Token::Comma)? {
                return Ok(StmtKind::Import { names: self.take_list(mark), is_lazy: false });
            }
        }
    }

    pub(super) fn import_from(&mut self) -> Result<StmtKind> {
        self.advance()?;
        let mut level = 0;
        loop {
            level += match self.token() {
                Token::Dot => 1,
                Token::Ellipsis => 3,
                _ => break,
            };
            self.advance()?;
        }
        let module =
            if level > 0 && self.at(Token::Import) { None } else { Some(self.dotted_name()?) };
        self.expect(Token::Import)?;
        let names = self.imported()?;
        if level == 0 && module == Some(Name::FUTURE) {
            self.apply_future(names);
        }
        Ok(StmtKind::ImportFrom { module, names, level, is_lazy: false })
    }

    /// The names after `import` in a `from` statement.
    fn imported(&mut self) -> Result<List<Alias>> {
        let mark = self.mark::<Alias>();
        if self.at(Token::Star) {
            let location = self.lexer.location();
            self.advance()?;
            self.put(Alias { name: Name::STAR, rename: None, location });
            return Ok(self.take_list(mark));
        }
        let parenthesized = self.accept(Token::LeftParenthesis)?;
        loop {
            self.alias(Self::name)?;
            if !self.accept(Token::Comma)? || parenthesized && self.at(Token::RightParenthesis) {
                break;
            }
        }
        if parenthesized {
            self.expect(Token::RightParenthesis)?;
        }
        Ok(self.take_list(mark))
    }

    fn alias(&mut self, name: fn(&mut Self) -> Result<Name>) -> Result<()> {
        let start = self.here();
        let name = name(self)?;
        let rename = if self.accept(Token::As)? { Some(self.name()?) } else { None };
        let location = self.since(start);
        self.put(Alias { name, rename, location });
        Ok(())
    }

    fn dotted_name(&mut self) -> Result<Name> {
        let first = self.lexer.cursor;
        let start = first.start as usize;
        loop {
            if !self.at(Token::Name) {
                return Err(Doubt);
            }
            let end = self.lexer.cursor.at as usize;
            self.advance()?;
            if self.accept(Token::Dot)? {
                continue;
            }
            // Nearly every name is written without spaces, so it is a part of the text.
            let written = &self.lexer.text.as_bytes()[start..end];
            let dotted = |byte: &u8| *byte == b'.' || super::lexer::continues_word(*byte);
            if written.iter().all(dotted) {
                return Ok(self.context.names.intern(written));
            }
            self.lexer.cursor = first;
            return self.spaced_name();
        }
    }

    /// A dotted name with spaces or comments around its dots, or with non-ASCII letters.
    #[cold]
    fn spaced_name(&mut self) -> Result<Name> {
        let mut dotted = Vec::new();
        loop {
            let name = self.name()?;
            dotted.extend_from_slice(self.context.names.bytes(name));
            if !self.accept(Token::Dot)? {
                return Ok(self.context.names.intern(&dotted));
            }
            dotted.push(b'.');
        }
    }

    /// If this statement enables the feature and is at the file's start, treats annotations as
    /// strings from here on. If it enables the other spelling of `!=`, uses that from here on,
    /// wherever the statement is (`action_helpers.c: _PyPegen_checked_future_import`, 3.13.18).
    fn apply_future(&mut self, names: List<Alias>) {
        let has = |feature: &[u8]| {
            let names = &self.tree[names];
            names.iter().any(|alias| self.context.names.bytes(alias.name) == feature)
        };
        if has(UNEQUAL_FEATURE.as_bytes()) && self.context.facts.has(Feature::UnequalByFuture) {
            self.unequal = Unequal::Diamond;
        }
        if has(b"annotations") && self.at_beginning() {
            self.annotation_folding = Folding::Left;
        }
    }

    /// Whether the module's statements so far are only a docstring and future statements.
    fn at_beginning(&self) -> bool {
        let in_module = self.level() == 1;
        let statements = StmtId::all(&self.scratch);
        in_module
            && statements.iter().enumerate().all(|(index, &id)| match self.tree[id].kind {
                StmtKind::Expr { value } => index == 0 && self.is_literal(value, 0),
                StmtKind::ImportFrom { module, level: 0, .. } => module == Some(Name::FUTURE),
                _ => false,
            })
    }
}
