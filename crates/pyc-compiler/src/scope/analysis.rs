//! The analysis of what the walk has noted: where each name lives.
//!
//! ```text
//! def f():            visible to children: x      ◀─┐ x is free in g, so in f it is a cell
//!     x = 1                                         │
//!     def g(): return x                          ───┘
//! ```
//!
//! From the outside in, a block adds what it binds to what its children see; from the inside out come the names that the
//! children miss. As the second pass of `symtable.c` (`analyze_block`, 3.13), but its sets are bits by name which a block
//! changes in place and restores at its end, and lists on one stack: no set is ever copied.

use super::walk::{Declaration, Walked};
use super::{Resolution, Scope, ScopeId, ScopeKind, Scopes, Symbol, Uses};
use crate::error::{Fault, Result};
use crate::name::{Name, Names};
use crate::target::Target;

pub(super) fn analyze(walked: Walked, names: &Names, target: Target) -> Result<Scopes> {
    let Walked { scopes, by_block, declarations } = walked;
    let mut analysis = Analysis {
        scopes,
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
    Ok(Scopes { scopes: analysis.scopes, by_block })
}

pub(super) struct Analysis<'a> {
    pub(super) scopes: Vec<Scope>,
    names: &'a Names,
    pub(super) target: Target,
    declarations: Vec<Declaration>,
    /// By name: what the block being analysed sees of the blocks around.
    visible: Vec<Visible>,
    /// What `visible` was before the blocks being analysed changed it.
    undo: Vec<(Name, Visible)>,
    /// Names that finished children miss, with repetitions; each block's part ends where its last child's does.
    pub(super) free: Vec<Name>,
    /// By name: the last set that it was put in.
    stamps: Vec<u32>,
    stamp: u32,
}

/// What a block sees of a name that the blocks around know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Visible {
    flags: u8,
}

impl Visible {
    /// Bound in a function around.
    const BOUND: u8 = 1;
    /// Declared global in a block around.
    const GLOBAL: u8 = 2;
    /// A type parameter.
    const TYPE_PARAM: u8 = 4;

    const fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

impl Analysis<'_> {
    /// `class` is the class whose namespace the block sees, if any.
    fn block(&mut self, id: ScopeId, class: Option<ScopeId>) -> Result<()> {
        let undo_to = self.undo.len();
        let free_from = self.free.len();
        let own = self.scopes[id.index()].symbols().len();
        for at in 0..own {
            self.decide(id, at, class)?;
        }
        if self.kind(id) == ScopeKind::Class {
            // A class gives its methods nothing of its namespace but these.
            self.see(Name::CLASS, Visible::BOUND, 0);
            self.see(Name::CLASSDICT, Visible::BOUND, 0);
        }
        self.children(id, class, free_from)?;
        // Before the missing names are looked at: those which this block binds have been found by then.
        for (name, before) in self.undo.drain(undo_to..).rev() {
            self.visible[name.index()] = before;
        }
        self.settle(id, free_from);
        // Names that came from inlined comprehensions are among what the children miss.
        let own = &self.scopes[id.index()].symbols()[..own];
        let missed = |(_, symbol): &&(Name, Symbol)| symbol.resolution == Some(Resolution::Free);
        self.free.extend(own.iter().filter(missed).map(|one| one.0));
        Ok(())
    }

    fn kind(&self, id: ScopeId) -> ScopeKind {
        self.scopes[id.index()].kind
    }

    /// Decides on one name from what the block does with it and what it sees (`analyze_name`).
    fn decide(&mut self, id: ScopeId, at: usize, class: Option<ScopeId>) -> Result<()> {
        let (name, Symbol { uses, .. }) = self.scopes[id.index()].symbols()[at];
        let visible = self.visible[name.index()];
        let resolution = if uses.intersects(Uses::GLOBAL) {
            if uses.intersects(Uses::NONLOCAL) {
                return self.refuse(
                    id,
                    name,
                    &format!("name '{}' is nonlocal and global", self.text(name)),
                );
            }
            self.show(id, name, Visible::GLOBAL, Visible::BOUND);
            Resolution::GlobalExplicit
        } else if uses.intersects(Uses::NONLOCAL) {
            self.check_nonlocal(id, name, visible)?;
            Resolution::Free
        } else if uses.intersects(Uses::BOUND) {
            self.bind(id, name, uses);
            Resolution::Local
        } else if let Some(resolution) = class.and_then(|class| self.in_class(class, name)) {
            resolution
        } else if visible.has(Visible::BOUND) {
            Resolution::Free
        } else {
            if !visible.has(Visible::GLOBAL) && self.scopes[id.index()].facts.nested {
                self.scopes[id.index()].facts.free = true;
            }
            Resolution::GlobalImplicit
        };
        let scope = &mut self.scopes[id.index()];
        scope.facts.free |= resolution == Resolution::Free;
        scope.symbols.entries_mut()[at].1.resolution = Some(resolution);
        Ok(())
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

    fn bind(&mut self, id: ScopeId, name: Name, uses: Uses) {
        let is_local = self.scopes[id.index()].is_function_like();
        self.show(id, name, if is_local { Visible::BOUND } else { 0 }, Visible::GLOBAL);
        // Unlike the other two, this set is handed on by classes too.
        if uses.intersects(Uses::TYPE_PARAM) {
            self.see(name, Visible::TYPE_PARAM, 0);
        } else {
            self.see(name, 0, Visible::TYPE_PARAM);
        }
    }

    /// What a name of the class around means in an annotation scope: found at run time in the class's namespace or among
    /// the globals, even if a function around the class binds it.
    fn in_class(&self, class: ScopeId, name: Name) -> Option<Resolution> {
        let uses = self.scopes[class.index()].symbol(name)?.uses;
        if uses.intersects(Uses::GLOBAL) {
            Some(Resolution::GlobalExplicit)
        } else if uses.intersects(Uses::BOUND) && !uses.intersects(Uses::NONLOCAL) {
            Some(Resolution::GlobalImplicit)
        } else {
            None
        }
    }

    /// What the children see of a name from now on; a class's names don't change it.
    fn show(&mut self, id: ScopeId, name: Name, set: u8, clear: u8) {
        if self.kind(id) != ScopeKind::Class {
            self.see(name, set, clear);
        }
    }

    fn see(&mut self, name: Name, set: u8, clear: u8) {
        let visible = &mut self.visible[name.index()];
        let flags = visible.flags & !clear | set;
        if flags != visible.flags {
            self.undo.push((name, *visible));
            visible.flags = flags;
        }
    }

    fn children(&mut self, id: ScopeId, class: Option<ScopeId>, free_from: usize) -> Result<()> {
        let mut children = std::mem::take(&mut self.scopes[id.index()].children);
        let mut inlined = false;
        for &child in &children {
            let free_before = self.free.len();
            let seen_class = match self.kind(id) {
                _ if !self.scopes[child.index()].facts.can_see_class_scope => None,
                ScopeKind::Class => Some(id),
                _ => class,
            };
            let inline = self.is_inlined(child, id);
            self.block(child, seen_class)?;
            if inline {
                self.inline(child, id, free_from, free_before);
                inlined = true;
            }
            let facts = self.scopes[child.index()].facts;
            self.scopes[id.index()].facts.child_free |= facts.free || facts.child_free;
        }
        if inlined {
            children = self.spliced(&children);
        }
        self.scopes[id.index()].children = children;
        Ok(())
    }

    /// With the names that the children miss: which of them are this block's cells, and which it hands on.
    fn settle(&mut self, id: ScopeId, free_from: usize) {
        self.new_set();
        self.keep_once(id, free_from);
        if self.scopes[id.index()].is_function_like() {
            self.find_cells(id, free_from);
        }
        let Self { scopes, free, visible, .. } = self;
        let scope = &mut scopes[id.index()];
        let sees_class = scope.kind == ScopeKind::Class || scope.facts.can_see_class_scope;
        // `update_symbols`
        for &name in &free[free_from..] {
            if let Some(at) = scope.symbols.find(name) {
                if sees_class {
                    scope.symbols.entries_mut()[at].1.uses |= Uses::FREE_CLASS;
                }
            } else if id == ScopeId::ROOT || visible[name.index()].has(Visible::BOUND) {
                scope.symbols.entry(name).resolution = Some(Resolution::Free);
            }
        }
    }

    /// Puts the missed names into the newest set, and drops repetitions, and what a class gives (`drop_class_free`).
    fn keep_once(&mut self, id: ScopeId, free_from: usize) {
        let in_class = self.kind(id) == ScopeKind::Class;
        let mut kept = free_from;
        for at in free_from..self.free.len() {
            let name = self.free[at];
            if self.is_put(name) {
                continue;
            }
            self.put(name);
            let facts = &mut self.scopes[id.index()].facts;
            if in_class && name == Name::CLASS {
                facts.needs_class_closure = true;
            } else if in_class && name == Name::CLASSDICT {
                facts.needs_classdict = true;
            } else {
                self.free[kept] = name;
                kept += 1;
            }
        }
        self.free.truncate(kept);
    }

    /// Locals that children miss, or that are cells of inlined comprehensions, are cells (`analyze_cells`).
    fn find_cells(&mut self, id: ScopeId, free_from: usize) {
        let Self { scopes, stamps, stamp, .. } = self;
        let mut found = false;
        for (name, symbol) in scopes[id.index()].symbols.entries_mut() {
            let missed = stamps[name.index()] == *stamp;
            let inlined = symbol.uses.intersects(Uses::COMPREHENSION_CELL);
            if symbol.resolution == Some(Resolution::Local) && (missed || inlined) {
                symbol.resolution = Some(Resolution::Cell);
                // Out of the set: no block around has to give it.
                stamps[name.index()] = 0;
                found |= missed;
            }
        }
        let mut at = free_from;
        while found && at < self.free.len() {
            if self.is_put(self.free[at]) {
                at += 1;
            } else {
                self.free.swap_remove(at);
            }
        }
    }

    /// A new empty set: what [`Analysis::put`] has put into earlier ones isn't in it.
    pub(super) fn new_set(&mut self) {
        self.stamp += 1;
    }

    /// Puts a name into the newest set.
    pub(super) fn put(&mut self, name: Name) {
        self.stamps[name.index()] = self.stamp;
    }

    /// Whether a name is in the newest set.
    pub(super) fn is_put(&self, name: Name) -> bool {
        self.stamps[name.index()] == self.stamp
    }

    fn text(&self, name: Name) -> std::borrow::Cow<'_, str> {
        self.names.text(name)
    }

    /// Complains of a name where it is declared (`error_at_directive`).
    fn refuse(&self, scope: ScopeId, name: Name, message: &str) -> Result<()> {
        let declared = |one: &&Declaration| one.scope == scope && one.name == name;
        let declaration = self.declarations.iter().find(declared);
        let at = declaration.expect("every declared name was noted with its place").location;
        Err(Fault::syntax(at, message))
    }
}
