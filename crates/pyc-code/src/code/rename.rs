//! Replaces the file name of a code object and of all code nested in it.
//!
//! `code.with_filename("app/views.py")` replaces `/build/app/views.py` in every nested function
//! too.

use std::collections::HashMap;
use std::ptr;
use std::sync::Arc;

use super::CodeObject;
use crate::constant::Const;
use crate::text::Text;

impl<'a> CodeObject<'a> {
    /// A copy in which this code object and all nested code objects have the file name `filename`.
    ///
    /// Nested code is renamed whatever file name it had, because a compiler gives all code of a
    /// module the same one. Only code objects directly in `consts` are nested code: that is where
    /// compilers put them, and where Python looks when an import finds that a file has moved
    /// (`import.c: update_code_filenames`).
    ///
    /// ```
    /// # use pyc_code::{CodeObject, Const};
    /// # let function = Const::from(CodeObject::default());
    /// # let mut code = CodeObject::default();
    /// # code.consts = [function].into();
    /// let code = code.with_filename("app/views.py");
    /// assert_eq!(code.filename, "app/views.py");
    /// assert!(code.children().all(|function| function.filename == "app/views.py"));
    /// ```
    #[must_use]
    pub fn with_filename(&self, filename: impl Into<Text<'a>>) -> Self {
        let filename = filename.into();
        self.mapped(|code| code.filename = filename.clone())
    }

    /// A copy in which this code object and all nested code objects were changed by `change`.
    ///
    /// Nested code is changed first, so `change` sees a code object whose children are final.
    #[must_use]
    pub fn mapped(&self, change: impl Fn(&mut Self)) -> Self {
        // Children are changed before their parents, and a shared child only once.
        let mut renamed: HashMap<*const Self, Arc<Self>> = HashMap::new();
        let mut open: Vec<_> = self.children().map(|child| (child, Visit::Inside)).collect();
        while let Some((code, visit)) = open.pop() {
            match visit {
                Visit::Inside if renamed.contains_key(&ptr::from_ref(code)) => {}
                Visit::Inside => {
                    open.push((code, Visit::Itself));
                    open.extend(code.children().map(|child| (child, Visit::Inside)));
                }
                Visit::Itself => {
                    let mut copy = code.holding(&renamed);
                    change(&mut copy);
                    renamed.insert(ptr::from_ref(code), Arc::new(copy));
                }
            }
        }
        let mut copy = self.holding(&renamed);
        change(&mut copy);
        copy
    }

    /// A copy of `self` whose nested code objects are replaced by their counterparts in `renamed`.
    fn holding(&self, renamed: &HashMap<*const Self, Arc<Self>>) -> Self {
        let mut copy = self.clone();
        if self.children().next().is_some() {
            let rename = |constant: &Const<'a>| match constant {
                Const::Code(code) => match renamed.get(&Arc::as_ptr(code)) {
                    Some(renamed) => Const::Code(renamed.clone()),
                    None => constant.clone(),
                },
                other => other.clone(),
            };
            copy.consts = self.consts.iter().map(rename).collect();
        }
        copy
    }
}

/// The next step for a code object: its children come before it.
enum Visit {
    Inside,
    Itself,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(consts: impl IntoIterator<Item = Const<'static>>) -> CodeObject<'static> {
        let mut code = CodeObject { filename: "/tmp/a.py".into(), ..CodeObject::default() };
        code.consts = consts.into_iter().collect();
        code
    }

    fn names(code: &CodeObject<'_>, into: &mut Vec<String>) {
        into.push(code.filename.to_string());
        code.children().for_each(|child| names(child, into));
    }

    #[test]
    fn every_nested_code_object_is_renamed() {
        let inner = holding([Const::None]);
        let middle = holding([Const::from(1), inner.into()]);
        let code = holding([middle.into(), Const::from("/tmp/a.py"), holding([]).into()]);
        let mut found = Vec::new();
        names(&code.with_filename("a.py"), &mut found);
        assert_eq!(found, ["a.py"; 4]);
        assert_eq!(code.with_filename("a.py").consts[1], Const::from("/tmp/a.py"));
        assert_eq!(code.with_filename("a.py").with_filename("/tmp/a.py"), code);
    }

    /// The innermost code object is reachable by 2**64 paths.
    #[test]
    fn shared_code_is_renamed_once() {
        let mut code = holding([Const::None]);
        for _ in 0..64 {
            let shared = Const::from(code);
            code = holding([shared.clone(), shared]);
        }
        let mut code = &code.with_filename("a.py");
        while let Some(child) = code.children().next() {
            assert_eq!(child.filename, "a.py");
            code = child;
        }
    }
}
