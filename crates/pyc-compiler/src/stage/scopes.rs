//! Symbol tables as text: a line a block, its names below, then the blocks in it.

use std::fmt::Write as _;

use crate::name::Names;
use crate::scope::{Resolution, ScopeId, Scopes};
use crate::tree::BlockId;

/// All blocks, from the module's inward.
pub(super) fn print(scopes: &Scopes, names: &Names) -> String {
    let mut out = String::new();
    if let Some(root) = scopes.of(BlockId::ROOT) {
        scope(scopes, names, root, 0, &mut out);
    }
    out
}

fn scope(scopes: &Scopes, names: &Names, id: ScopeId, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let this = &scopes[id];
    // Writing to a string doesn't fail.
    let name = names.text(this.name);
    let _ = writeln!(out, "{indent}{:?} {name} {}", this.kind, this.location.line);
    for (name, symbol) in this.symbols() {
        let resolution = match symbol.resolution {
            Some(Resolution::Local) => "local",
            Some(Resolution::GlobalExplicit) => "global, declared",
            Some(Resolution::GlobalImplicit) => "global",
            Some(Resolution::Free) => "free",
            Some(Resolution::Cell) => "cell",
            None => "undecided",
        };
        let _ = writeln!(out, "{indent}  {}: {resolution}; {}", names.text(*name), symbol.uses);
    }
    for &child in &this.children {
        scope(scopes, names, child, depth + 1, out);
    }
}
