//! Private names: `__spam` in class `Eggs` is `_Eggs__spam`.

use super::{Scope, Scopes};
use crate::name::{Name, Names};

/// Mangles a name for the class `private` (`symtable.c: _Py_Mangle`, 3.13).
///
/// | class | name | mangled |
/// |---|---|---|
/// | `C` | `__x` | `_C__x` |
/// | `__C` | `__x` | `_C__x` |
/// | `__` | `__x` | `__x` |
/// | `C` | `__x__`, `__a.b`, `_x` | the same |
pub(crate) fn mangle(private: Option<Name>, name: Name, names: &mut Names) -> Name {
    let Some(class) = private.filter(|_| names.is_private(name)) else { return name };
    let class = names.bytes(class);
    let Some(start) = class.iter().position(|&byte| byte != b'_') else { return name };
    let mangled = [b"_", &class[start..], names.bytes(name)].concat();
    names.intern(&mangled)
}

impl Scopes {
    /// [`mangle`], but only for names that the scope mangles (`symtable.c: _Py_MaybeMangle`, 3.13).
    ///
    /// In the type-parameter block of `class C[__T](__base): …` only `__T` is mangled.
    pub(crate) fn mangle(
        &self,
        scope: &Scope,
        private: Option<Name>,
        name: Name,
        names: &mut Names,
    ) -> Name {
        match scope.mangled {
            Some(at) if !self.mangled[at as usize].contains(&name) => name,
            _ => mangle(private, name, names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_names_get_their_class() {
        let mut names = Names::new();
        let mut mangled = |class: &str, name: &str| {
            let (class, name) = (names.intern(class.as_bytes()), names.intern(name.as_bytes()));
            let mangled = mangle(Some(class), name, &mut names);
            names.text(mangled).into_owned()
        };
        assert_eq!(mangled("C", "__x"), "_C__x");
        assert_eq!(mangled("__C_", "__x_"), "_C___x_");
        assert_eq!(mangled("__", "__x"), "__x");
        assert_eq!(mangled("é", "__ü"), "_é__ü");
        for same in ["_x", "x", "__x__", "__a.b", "__", "___", "_", ""] {
            assert_eq!(mangled("C", same), same);
        }
        let name = names.intern(b"__x");
        assert_eq!(mangle(None, name, &mut names), name);
    }
}
