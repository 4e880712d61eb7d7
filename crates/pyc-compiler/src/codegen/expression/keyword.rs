//! Keyword arguments: checked, then passed as values and a tuple of names, or collected in a dict.
//!
//! ```text
//! f(a=1, b=2)     LOAD_CONST 1; LOAD_CONST 2; LOAD_CONST ("a", "b"); CALL_KW 2
//! f(a=1, **b)     LOAD_CONST "a"; LOAD_CONST 1; BUILD_MAP 1; LOAD_NAME b; DICT_MERGE 1; CALL_FUNCTION_EX 1
//! ```

use hashbrown::HashMap;

use super::super::Generator;
use super::STACK_USE_GUIDELINE;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::{Name, count};
use crate::target::Feature;
use crate::tree::{Context, Keyword, List};

/// Lists of names up to this length are compared pair by pair, which needs no allocation.
const FEW: usize = 16;

/// The first of `len` names that occurs again, and where.
pub(in crate::codegen) fn first_repeated(
    len: usize,
    name: impl Fn(usize) -> Option<Name>,
) -> Option<(usize, usize)> {
    if len <= FEW {
        return (0..len).find_map(|first| {
            let wanted = name(first)?;
            let again = (first + 1..len).find(|&other| name(other) == Some(wanted));
            again.map(|again| (first, again))
        });
    }
    let mut seen = HashMap::with_capacity(len);
    let mut found: Option<(usize, usize)> = None;
    for at in 0..len {
        let Some(name) = name(at) else { continue };
        let first = *seen.entry(name).or_insert(at);
        if first != at && found.is_none_or(|(best, _)| first < best) {
            found = Some((first, at));
        }
    }
    found
}

impl Generator<'_, '_> {
    /// Refuses `__debug__=` and a name given twice (`compile.c: validate_keywords`, 3.13).
    pub(super) fn validate_keywords(&self, keywords: List<Keyword>) -> Result<()> {
        let keywords = &self.tree[keywords];
        let repeated = first_repeated(keywords.len(), |at| keywords[at].name);
        for (at, keyword) in keywords.iter().enumerate() {
            let Some(name) = keyword.name else { continue };
            self.check_name(name, Context::Store, keyword.location)?;
            if let Some((_, again)) = repeated.filter(|(first, _)| *first == at) {
                let (name, at) = (self.context.names.text(name), keywords[again].location);
                return self.error(at, format!("keyword argument repeated: {name}"));
            }
        }
        Ok(())
    }

    pub(super) fn keyword_values(&mut self, keywords: List<Keyword>) -> Result<()> {
        let tree = self.tree;
        tree[keywords].iter().try_for_each(|keyword| self.expression(keyword.value))
    }

    /// The tuple of the names; every keyword must have one.
    pub(super) fn keyword_names(&mut self, keywords: List<Keyword>) -> ConstId {
        let tree = self.tree;
        self.names_tuple(&tree[keywords])
    }

    /// Builds one dict of all keyword arguments. Emits nothing if there are none (`compile.c:
    /// compiler_call_helper`, 3.13).
    pub(super) fn keyword_dict(&mut self, at: Location, keywords: List<Keyword>) -> Result<()> {
        let tree = self.tree;
        let mut has_dict = false;
        let mut rest = &tree[keywords];
        while let [first, after @ ..] = rest {
            if first.name.is_none() {
                if !has_dict {
                    self.emit(Op::BUILD_MAP, 0, at);
                }
                self.expression(first.value)?;
                self.emit(Op::DICT_MERGE, 1, at);
                rest = after;
            } else {
                let named = rest.iter().take_while(|keyword| keyword.name.is_some()).count();
                let (chunk, after) = rest.split_at(named);
                self.keyword_chunk(at, chunk)?;
                if has_dict {
                    self.emit(Op::DICT_MERGE, 1, at);
                }
                rest = after;
            }
            has_dict = true;
        }
        Ok(())
    }

    /// Builds a dict of keywords that all have names (`compile.c: compiler_subkwargs`, 3.13).
    fn keyword_chunk(&mut self, at: Location, keywords: &[Keyword]) -> Result<()> {
        let size = count(keywords.len());
        let is_big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if size > 1 && !is_big && self.has(Feature::ConstKeyMaps) {
            keywords.iter().try_for_each(|keyword| self.expression(keyword.value))?;
            let names = self.names_tuple(keywords);
            self.emit_const(names, at);
            self.emit(Op::BUILD_CONST_KEY_MAP, size, at);
            return Ok(());
        }
        if is_big {
            self.emit(Op::BUILD_MAP, 0, Location::NONE);
        }
        for keyword in keywords {
            if let Some(name) = keyword.name {
                let name = self.context.constants.str(name);
                self.emit_const(name, at);
            }
            self.expression(keyword.value)?;
            if is_big {
                self.emit(Op::MAP_ADD, 1, Location::NONE);
            }
        }
        if !is_big {
            self.emit(Op::BUILD_MAP, size, at);
        }
        Ok(())
    }

    fn names_tuple(&mut self, keywords: &[Keyword]) -> ConstId {
        let constants = &mut self.context.constants;
        let mut names = Vec::with_capacity(keywords.len());
        names.extend(
            keywords.iter().filter_map(|keyword| keyword.name).map(|name| constants.str(name)),
        );
        constants.tuple(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_that_repeats_is_found_in_short_and_long_lists() {
        let mut names: Vec<Option<Name>> = vec![Some(Name::SELF), None, Some(Name::STAR), None];
        let first = |names: &[Option<Name>]| first_repeated(names.len(), |at| names[at]);
        assert_eq!(first(&names), None);
        names.extend([None; FEW]);
        assert_eq!(first(&names), None);
        names.extend([Some(Name::STAR), Some(Name::SELF), Some(Name::SELF)]);
        assert_eq!(first(&names), Some((0, FEW + 5)));
        names.retain(Option::is_some);
        assert_eq!(first(&names), Some((0, 3)));
    }
}
