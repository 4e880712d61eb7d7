//! The analysis: decides, from what the walk noted, where each name lives.
//!
//! ```text
//! def f():            visible to children: x      ◀─┐ x is free in g, so in f it is a cell
//!     x = 1                                         │
//!     def g(): return x                          ───┘
//! ```
//!
//! From the outside in, a block adds the names that it binds to those its children see. From the
//! inside out, the names that are free in the children are handed up. This is the second pass of
//! `symtable.c` (`analyze_block`, 3.13). CPython copies sets of names; here the sets are bits by
//! name, which a block changes in place and restores at its end, and lists on one stack. No set is
//! ever copied.

use super::table::{Chain, Table};
use super::walk::{Declaration, Walked};
use super::{Resolution, Scope, ScopeId, ScopeKind, Scopes, Symbol, Uses};
use crate::error::{Fault, Result};
use crate::name::{Name, Names};
use crate::target::{Feature, Target};

pub(super) fn analyze(walked: Walked, names: &Names, target: Target) -> Result<Scopes> {
    let Walked { scopes, symbols, by_block, mangled, declarations } = walked;
    let mut analysis = Analysis {
        scopes,
        symbols,
        names,
        target,
        declarations,
        visible: vec![Visible::default(); names.len()],
        undo: Vec::new(),
        free: Vec::new(),
        stamps: vec![0; names.len()],
        stamp: 0,
    };
    analysis.block(ScopeId::ROOT, None)?;
    let Analysis { scopes: all, symbols, .. } = analysis;
    Ok(Scopes { all, symbols, by_block, mangled })
}

pub(super) struct Analysis<'a> {
    pub(super) scopes: Vec<Scope>,
    /// The table of the block being analysed is open if the block has children; so are those of the
    /// enclosing blocks.
    pub(super) symbols: Table,
    names: &'a Names,
    pub(super) target: Target,
    declarations: Vec<Declaration>,
    /// By name: what the block being analysed sees of it in the enclosing blocks.
    visible: Vec<Visible>,
    /// What `visible` was before the blocks being analysed changed it.
    undo: Vec<(Name, Visible)>,
    /// Names that are free in finished children, possibly repeated. Each block's part ends where
    /// its last child's does.
    pub(super) free: Vec<Name>,
    /// By name: the last set that it was put in.
    stamps: Vec<u32>,
    stamp: u32,
}

/// What a block sees of a name in the enclosing blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Visible {
    flags: u8,
}

impl Visible {
    /// Bound in an enclosing function.
    const BOUND: u8 = 1;
    /// Declared global in an enclosing block.
    const GLOBAL: u8 = 2;
    /// A type parameter.
    const TYPE_PARAM: u8 = 4;

    const fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// The block that is being analysed.
#[derive(Clone, Copy)]
struct Block {
    id: ScopeId,
    kind: ScopeKind,
    /// The names that the walk noted. Inlined comprehensions may add more.
    own: Chain,
    /// Whether it has children.
    is_outer: bool,
    /// The class whose namespace it sees, if any.
    class: Option<ScopeId>,
}

impl Analysis<'_> {
    /// `class` is the class whose namespace the block sees, if any.
    fn block(&mut self, id: ScopeId, class: Option<ScopeId>) -> Result<()> {
        let scope = &self.scopes[id.index()];
        let Scope { kind, symbols: own, .. } = *scope;
        let block = Block { id, kind, own, is_outer: scope.children.is_some(), class };
        let undo_to = self.undo.len();
        let free_from = self.free.len();
        let mut has_free = false;
        let mut next = own.first();
        while let Some(at) = next {
            let (name, symbol, after) = self.symbols.get(at);
            let resolution = self.decide(&block, name, symbol.uses)?;
            self.symbols.symbol_mut(at).resolution = Some(resolution);
            has_free |= resolution == Resolution::Free;
            next = after;
        }
        self.scopes[id.index()].facts.free |= has_free;
        if block.is_outer {
            self.children_and_free(&block, free_from, undo_to)?;
        }
        if has_free {
            self.add_own_free(own);
        }
        Ok(())
    }

    /// Analyses a block's children, then resolves the names that are free in them.
    fn children_and_free(&mut self, block: &Block, free_from: usize, undo_to: usize) -> Result<()> {
        if block.kind == ScopeKind::Class {
            // Of a class's namespace, its methods see only these names.
            self.change_visible(Name::CLASS, Visible::BOUND, 0);
            if self.target.has(Feature::ClassNamespaces) {
                self.change_visible(Name::CLASSDICT, Visible::BOUND, 0);
            }
            if self.target.has(Feature::DeferredAnnotations) {
                self.change_visible(Name::CONDITIONAL_ANNOTATIONS, Visible::BOUND, 0);
            }
        }
        self.symbols.open(block.own);
        self.children(block, free_from)?;
        // This comes before the free names are examined: by then, those that this block binds must
        // be resolved.
        for (name, before) in self.undo.drain(undo_to..).rev() {
            self.visible[name.index()] = before;
        }
        self.resolve_free(block, free_from);
        self.symbols.close(self.scopes[block.id.index()].symbols);
        Ok(())
    }

    /// Adds those of a block's own names that are free in it. The names of inlined comprehensions
    /// needn't be added: they are already among the children's free names.
    fn add_own_free(&mut self, own: Chain) {
        let mut next = own.first();
        while let Some(at) = next {
            let (name, symbol, after) = self.symbols.get(at);
            if symbol.resolution == Some(Resolution::Free) {
                self.free.push(name);
            }
            next = after.filter(|_| Some(at) != own.last());
        }
    }

    /// Resolves one name from what the block does with it and what it sees (`analyze_name`).
    fn decide(&mut self, block: &Block, name: Name, uses: Uses) -> Result<Resolution> {
        let visible = self.visible[name.index()];
        if uses.intersects(Uses::GLOBAL) {
            if uses.intersects(Uses::NONLOCAL) {
                let message = format!("name '{}' is nonlocal and global", self.text(name));
                return self.refuse(block.id, name, &message);
            }
            self.show_to_children(block, name, Visible::GLOBAL, Visible::BOUND);
            Ok(Resolution::GlobalExplicit)
        } else if uses.intersects(Uses::NONLOCAL) {
            self.check_nonlocal(block.id, name, visible)?;
            Ok(Resolution::Free)
        } else if uses.intersects(Uses::BOUND) {
            self.bind(block, name, uses);
            Ok(Resolution::Local)
        } else if let Some(resolution) = block.class.and_then(|class| self.in_class(class, name)) {
            Ok(resolution)
        } else if visible.has(Visible::BOUND) {
            Ok(Resolution::Free)
        } else {
            let facts = &mut self.scopes[block.id.index()].facts;
            facts.free |= !visible.has(Visible::GLOBAL) && facts.nested;
            Ok(Resolution::GlobalImplicit)
        }
    }

    fn check_nonlocal(&self, id: ScopeId, name: Name, visible: Visible) -> Result<()> {
        if id == ScopeId::ROOT {
            return self.refuse(id, name, "nonlocal declaration not allowed at module level");
        }
        let text = self.text(name);
        if !visible.has(Visible::BOUND) {
            return self.refuse(id, name, &format!("no binding for nonlocal '{text}' found"));
        }
        if visible.has(Visible::TYPE_PARAM) {
            let message = format!("nonlocal binding not allowed for type parameter '{text}'");
            return self.refuse(id, name, &message);
        }
        Ok(())
    }

    fn bind(&mut self, block: &Block, name: Name, uses: Uses) {
        if !block.is_outer {
            return;
        }
        let bound = if block.kind.is_function_like() { Visible::BOUND } else { 0 };
        self.show_to_children(block, name, bound, Visible::GLOBAL);
        // Unlike the other two sets, classes hand this one on, too.
        if uses.intersects(Uses::TYPE_PARAM) {
            self.change_visible(name, Visible::TYPE_PARAM, 0);
        } else {
            self.change_visible(name, 0, Visible::TYPE_PARAM);
        }
    }

    /// How a name of the enclosing class resolves in an annotation scope: at run time it is looked
    /// up in the class's namespace, then in the globals, even if a function around the class binds
    /// it.
    fn in_class(&self, class: ScopeId, name: Name) -> Option<Resolution> {
        let (_, Symbol { uses, .. }, _) = self.symbols.get(self.symbols.find(class, name)?);
        if uses.intersects(Uses::GLOBAL) {
            Some(Resolution::GlobalExplicit)
        } else if uses.intersects(Uses::BOUND) && !uses.intersects(Uses::NONLOCAL) {
            Some(Resolution::GlobalImplicit)
        } else {
            None
        }
    }

    /// Changes what the children see of a name from now on. The names of a class don't change it.
    fn show_to_children(&mut self, block: &Block, name: Name, set: u8, clear: u8) {
        if block.is_outer && block.kind != ScopeKind::Class {
            self.change_visible(name, set, clear);
        }
    }

    fn change_visible(&mut self, name: Name, set: u8, clear: u8) {
        let visible = &mut self.visible[name.index()];
        let flags = visible.flags & !clear | set;
        if flags != visible.flags {
            self.undo.push((name, *visible));
            visible.flags = flags;
        }
    }

    /// Analyses each child in order, and inlines those comprehensions that the release inlines.
    fn children(&mut self, block: &Block, free_from: usize) -> Result<()> {
        let id = block.id;
        let mut before = None;
        let mut next = self.scopes[id.index()].children.map(|(first, _)| first);
        while let Some(child) = next {
            let free_before = self.free.len();
            let Scope { facts, sibling, .. } = self.scopes[child.index()];
            let seen_class = match block.kind {
                _ if !facts.can_see_class_scope => None,
                ScopeKind::Class => Some(id),
                _ => block.class,
            };
            let inline = self.is_inlined(child, id);
            self.block(child, seen_class)?;
            if inline {
                self.inline(child, id, free_from, free_before);
            }
            let facts = self.scopes[child.index()].facts;
            self.scopes[id.index()].facts.child_free |= facts.free || facts.child_free;
            // The blocks in an inlined comprehension become children of this one.
            before = if inline { self.splice(id, before, child) } else { Some(child) };
            next = sibling;
        }
        Ok(())
    }

    /// Decides which of the children's free names are cells of this block, and which it hands up.
    fn resolve_free(&mut self, block: &Block, free_from: usize) {
        self.start_set();
        self.keep_distinct_free(block, free_from);
        if block.kind.is_function_like() {
            self.find_cells(block, free_from);
        }
        let scope = &mut self.scopes[block.id.index()];
        let sees_class = scope.kind == ScopeKind::Class || scope.facts.can_see_class_scope;
        // `update_symbols`
        for &name in &self.free[free_from..] {
            if let Some(at) = self.symbols.find(block.id, name) {
                if sees_class {
                    self.symbols.symbol_mut(at).uses |= Uses::FREE_CLASS;
                }
            } else if block.id == ScopeId::ROOT || self.visible[name.index()].has(Visible::BOUND) {
                let at = self.symbols.push(block.id, &mut scope.symbols, name);
                self.symbols.symbol_mut(at).resolution = Some(Resolution::Free);
            }
        }
    }

    /// Adds the free names to the newest set. Drops repetitions and the names that a class
    /// provides (`drop_class_free`).
    fn keep_distinct_free(&mut self, block: &Block, free_from: usize) {
        let in_class = block.kind == ScopeKind::Class;
        let mut kept = free_from;
        for at in free_from..self.free.len() {
            let name = self.free[at];
            if self.in_set(name) {
                continue;
            }
            self.add_to_set(name);
            let has_namespaces = self.target.has(Feature::ClassNamespaces);
            let defers = self.target.has(Feature::DeferredAnnotations);
            let facts = &mut self.scopes[block.id.index()].facts;
            if in_class && name == Name::CLASS {
                facts.needs_class_closure = true;
            } else if in_class && name == Name::CLASSDICT && has_namespaces {
                facts.needs_classdict = true;
            } else if in_class && name == Name::CONDITIONAL_ANNOTATIONS && defers {
                facts.conditional_annotations = true;
            } else {
                self.free[kept] = name;
                kept += 1;
            }
        }
        self.free.truncate(kept);
    }

    /// Makes those locals cells that are free in children or are cells of inlined comprehensions
    /// (`analyze_cells`).
    fn find_cells(&mut self, block: &Block, free_from: usize) {
        let mut found = false;
        let mut next = self.scopes[block.id.index()].symbols.first();
        while let Some(at) = next {
            let (name, symbol, after) = self.symbols.get(at);
            let is_free_below = self.in_set(name);
            let inlined = symbol.uses.intersects(Uses::COMPREHENSION_CELL);
            if symbol.resolution == Some(Resolution::Local) && (is_free_below || inlined) {
                self.symbols.symbol_mut(at).resolution = Some(Resolution::Cell);
                // It leaves the set: no enclosing block has to provide it.
                self.stamps[name.index()] = 0;
                found |= is_free_below;
            }
            next = after;
        }
        let mut at = free_from;
        while found && at < self.free.len() {
            if self.in_set(self.free[at]) {
                at += 1;
            } else {
                self.free.swap_remove(at);
            }
        }
    }

    /// Starts a new empty set. What [`Analysis::add_to_set`] added to earlier ones isn't in it.
    pub(super) fn start_set(&mut self) {
        self.stamp += 1;
    }

    /// Adds a name to the newest set.
    pub(super) fn add_to_set(&mut self, name: Name) {
        self.stamps[name.index()] = self.stamp;
    }

    /// Whether a name is in the newest set.
    pub(super) fn in_set(&self, name: Name) -> bool {
        self.stamps[name.index()] == self.stamp
    }

    fn text(&self, name: Name) -> std::borrow::Cow<'_, str> {
        self.names.text(name)
    }

    /// A `SyntaxError` at the declaration of a name (`error_at_directive`).
    fn refuse<T>(&self, scope: ScopeId, name: Name, message: &str) -> Result<T> {
        let declared = |one: &&Declaration| one.scope == scope && one.name == name;
        let declaration = self.declarations.iter().find(declared);
        let at = declaration.expect("every declared name was noted with its location").location;
        Err(Fault::syntax(at, message))
    }
}
