//! Which native libraries are extension modules, and which are data like any other file.
//!
//! | file | |
//! |---|---|
//! | `x.cpython-313-x86_64-linux-gnu.so`, `x.abi3.so`, `x.pyd` | an extension module by its name |
//! | `x.so` that exports `PyInit_x` | an extension module, which `import` finds by the plain name |
//! | `libx.so`, `libx.dylib` | data: a library for `ctypes`, or for another program |

use std::path::Path;

/// Whether `import` would load the file.
pub(super) fn is_module(name: &str, path: &Path) -> bool {
    let Some((stem, suffix)) = name.rsplit_once('.') else { return false };
    match suffix {
        "pyd" => true,
        "so" => match stem.split_once('.') {
            Some((_, tag)) => tag == "abi3" || tag.starts_with("cpython-"),
            None => exports(path, stem),
        },
        _ => false,
    }
}

/// Whether the file names the function that CPython calls in the module `stem` (PEP 489); one that can't
/// be read is looked at as what its name says.
fn exports(path: &Path, stem: &str) -> bool {
    let Ok(content) = std::fs::read(path) else { return true };
    // Names that aren't ASCII are spelled in Punycode.
    let function = if stem.is_ascii() { format!("PyInit_{stem}\0") } else { "PyInitU_".to_owned() };
    memchr::memmem::find(&content, function.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extension_modules_are_told_from_data() {
        let dir = tempfile::tempdir().unwrap();
        let is_module = |name: &str, content: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, content).unwrap();
            is_module(name, &path)
        };
        for name in ["a.cpython-313-x86_64-linux-gnu.so", "a.abi3.so", "a.pyd"] {
            assert!(is_module(name, ""), "{name}");
        }
        assert!(is_module("a.so", "\x7fELF PyInit_a\0") && is_module("é.so", "PyInitU_9ca\0"));
        assert!(!is_module("a.so", "PyInit_ab\0") && !is_module("liba.so", "\x7fELF"));
        assert!(!is_module("liba.so.1", "PyInit_liba\0") && !is_module("a.py", ""));
        assert!(!is_module("a.1.so", "PyInit_a\0"), "`import` looks for no such name");
    }
}
