//! `import` and `from … import`.
//!
//! ```text
//! import a.b as c     LOAD_CONST 0; LOAD_CONST None; IMPORT_NAME a.b; IMPORT_FROM b; SWAP 2; POP_TOP; STORE_NAME c
//! from .a import b    LOAD_CONST 1; LOAD_CONST ('b',); IMPORT_NAME a; IMPORT_FROM b; STORE_NAME b; POP_TOP
//! ```

use crate::codegen::Generator;
use crate::codegen::block::Block;
use crate::codegen::unit::UnitKind;
use crate::constant::ConstId;
use crate::error::Result;
use crate::future::LATE;
use crate::instruction::{Intrinsic1, Op};
use crate::location::Location;
use crate::name::Name;
use crate::target::Feature;
use crate::tree::{Alias, Context, List};

impl Generator<'_, '_> {
    /// `compile.c: compiler_import`, 3.13.
    pub(super) fn import(
        &mut self,
        names: List<Alias>,
        lazy: Laziness,
        at: Location,
    ) -> Result<()> {
        let tree = self.tree;
        let level = self.context.constants.int(0);
        for alias in &tree[names] {
            self.emit_const(level, at);
            self.emit_const(ConstId::NONE, at);
            self.emit_import(alias.name, lazy, at);
            if let Some(rename) = alias.rename {
                self.import_as(alias.name, rename, at)?;
            } else {
                let top = self.before_dot(alias.name);
                self.name(top, Context::Store, at)?;
            }
        }
        Ok(())
    }

    /// Binds a name to the last part of a dotted module (`compile.c: compiler_import_as`, 3.13).
    fn import_as(&mut self, module: Name, rename: Name, at: Location) -> Result<()> {
        let mut rest = self.after_dot(module);
        let is_dotted = rest.is_some();
        while let Some(dotted) = rest {
            let part = self.before_dot(dotted);
            rest = self.after_dot(dotted);
            // The parts of a module's name aren't mangled.
            let number = self.frame.unit.names.number(part);
            self.emit(Op::IMPORT_FROM, number, at);
            if rest.is_some() {
                self.emit(Op::SWAP, 2, at);
                self.emit(Op::POP_TOP, 0, at);
            }
        }
        self.name(rename, Context::Store, at)?;
        if is_dotted {
            self.emit(Op::POP_TOP, 0, at);
        }
        Ok(())
    }

    /// `compile.c: compiler_from_import`, 3.13.
    pub(super) fn import_from(&mut self, statement: ImportFrom, at: Location) -> Result<()> {
        let ImportFrom { module, names, level, lazy } = statement;
        let tree = self.tree;
        let dots = self.context.constants.int(level.into());
        self.emit_const(dots, at);
        if module == Some(Name::FUTURE) && level == 0 && is_after(at, self.future.location) {
            return self.error(at, LATE);
        }
        let constants = &mut self.context.constants;
        let items: Vec<_> = tree[names].iter().map(|alias| constants.str(alias.name)).collect();
        let items = constants.tuple(items);
        self.emit_const(items, at);
        let is_star = tree[names].iter().any(|alias| alias.name == Name::STAR);
        let lazy = if is_star { Laziness::Never } else { lazy };
        self.emit_import(module.unwrap_or(Name::EMPTY), lazy, at);
        for alias in &tree[names] {
            if alias.name == Name::STAR {
                self.emit_intrinsic1(Intrinsic1::ImportStar, at);
                if self.has(Feature::ResultsOfIntrinsics) {
                    self.emit(Op::POP_TOP, 0, Location::NONE);
                }
                return Ok(());
            }
            self.emit_name(Op::IMPORT_FROM, alias.name, at);
            self.name(alias.rename.unwrap_or(alias.name), Context::Store, at)?;
        }
        self.emit(Op::POP_TOP, 0, at);
        Ok(())
    }

    /// Imports a module. The argument's lower bits say whether the import may be lazy (`codegen.c:
    /// codegen_import`, 3.15).
    fn emit_import(&mut self, module: Name, lazy: Laziness, at: Location) {
        let number = self.name_number(module);
        if !self.has(Feature::LazyImports) {
            self.emit(Op::IMPORT_NAME, number, at);
            return;
        }
        let may_wait = self.frame.kind == UnitKind::Module
            && !self.frame.blocks.iter().any(Block::belongs_to_try);
        let bits = match lazy {
            Laziness::Always => 1,
            Laziness::IfSaid if may_wait => 0,
            Laziness::IfSaid | Laziness::Never => 2,
        };
        self.emit(Op::IMPORT_NAME, number << 2 | bits, at);
    }

    fn before_dot(&mut self, dotted: Name) -> Name {
        let names = &mut self.context.names;
        let text = names.bytes(dotted);
        match text.iter().position(|&byte| byte == b'.') {
            Some(dot) => {
                let first = text[..dot].to_vec();
                names.intern(&first)
            }
            None => dotted,
        }
    }

    fn after_dot(&mut self, dotted: Name) -> Option<Name> {
        let names = &mut self.context.names;
        let text = names.bytes(dotted);
        let dot = text.iter().position(|&byte| byte == b'.')?;
        let rest = text[dot + 1..].to_vec();
        Some(names.intern(&rest))
    }
}

/// Whether an import is delayed until one of its names is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Laziness {
    /// `lazy import`
    Always,
    /// If the interpreter's settings say so for this module.
    IfSaid,
    Never,
}

/// `from module import names`
#[derive(Clone, Copy, Debug)]
pub(super) struct ImportFrom {
    pub(super) module: Option<Name>,
    pub(super) names: List<Alias>,
    pub(super) level: u32,
    pub(super) lazy: Laziness,
}

/// Whether `at` starts after `other` ends (`compile.c: location_is_after`, 3.13).
fn is_after(at: Location, other: Location) -> bool {
    at.line > other.end_line || (at.line == other.end_line && at.column > other.end_column)
}
