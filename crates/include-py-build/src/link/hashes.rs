//! Finds hash functions that an archive of libpython calls but doesn't contain.
//!
//! ```text
//! libpython3.13-pic.a   sha2module.o   calls python_hashlib_Hacl_Hash_SHA2_malloc_256   which no installed file defines
//! ```
//!
//! CPython's makefile puts HACL*'s functions into separate archives (`LIBHACL_SHA2_LIB_STATIC`,
//! 3.12 to 3.15), which `make install` doesn't install. This matters if the hash modules are
//! configured as part of libpython, as in Debian's and Ubuntu's packages. Without `_sha2` Python
//! uses OpenSSL; for `_blake2` there is no fallback.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::ctools::{Failure, Tools, hex, run, unfound};
use crate::error::{ErrorKind, Problem};
use crate::fs;

/// The C source of the stand-ins.
const SOURCE: &str = include_str!("absent.c");

/// The prefix of the library's name.
const PREFIX: &str = "include_py_hashes_";

/// The module that Python can do without.
const MODULE: &str = "_sha2";
/// A part of the names of its functions.
const FAMILY: &str = "Hacl_Hash_SHA2_";

/// Suffixes of functions that other modules call, for which there is no fallback.
const NEEDED: &[&str] = &[
    "Hacl_Hash_MD5_malloc",
    "Hacl_Hash_SHA1_malloc",
    "Hacl_Hash_SHA3_malloc",
    "Hacl_Hash_Blake2b_malloc",
];

/// The functions that need stand-ins.
pub(super) fn absent(path: &Path) -> Result<Vec<String>, Problem> {
    let problem = |text: String| Problem::new(ErrorKind::Link, text);
    let bytes = std::fs::read(path)
        .map_err(|error| problem(format!("`{}` can't be read: {error}", path.display())))?;
    let absent = undefined(&bytes);
    if let Some(name) = absent.iter().find(|name| NEEDED.iter().any(|end| name.ends_with(end))) {
        let text = format!(
            "`{}` holds modules for hashes, but not the functions that they call, such as `{name}`",
            path.display()
        );
        return Err(problem(text)
            .note("Debian's packages of CPython 3.14 and later are so: nothing can be linked with it")
            .help("use a Python built from source, by pyenv for example, and name it in `PYO3_PYTHON`")
            .help("or use `Bundle::stdlib` in place of `one_file` and `static_python`: the program then needs the shared library"));
    }
    Ok(absent.into_iter().filter(|name| name.contains(FAMILY)).collect())
}

/// Names with `Hacl_` that objects contain but the archive's index (its first member) doesn't.
fn undefined(archive: &[u8]) -> BTreeSet<String> {
    let members = archive.get(8..).and_then(|members| members.split_first_chunk::<60>());
    let Some((header, rest)) = members.filter(|(header, _)| header.starts_with(b"/ ")) else {
        return BTreeSet::new();
    };
    let size =
        std::str::from_utf8(&header[48..58]).ok().and_then(|size| size.trim_end().parse().ok());
    let (index, objects) = rest.split_at(rest.len().min(size.unwrap_or(0)));
    let defined: BTreeSet<&[u8]> = index.split(|&byte| byte == 0).collect();
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let names = memchr::memmem::find_iter(objects, "Hacl_").filter_map(|at| {
        let before = objects[..at].iter().rev().take_while(|byte| part(byte)).count();
        let after = objects[at..].iter().take_while(|byte| part(byte)).count();
        let name = &objects[at - before..at + after];
        let ends = objects.get(at + after) == Some(&0);
        (ends && !defined.contains(name)).then(|| String::from_utf8_lossy(name).into_owned())
    });
    names.collect()
}

/// Makes a static library of the stand-ins; returns the library's name for the linker.
pub(super) fn stand_in(names: &[String], tools: Tools<'_>) -> Result<String, Problem> {
    let functions: Vec<String> = names.iter().map(|name| format!("HASH({name})")).collect();
    let functions = functions.join(" ");
    let digest = Sha256::new().chain_update(SOURCE).chain_update(&functions).finalize();
    let name = format!("{PREFIX}{}", hex(&digest[..16]));
    let archive = tools.archive_path(&name);
    if !archive.is_file() {
        let [source, object] = ["c", "o"].map(|end| tools.out_dir().join(format!("{name}.{end}")));
        fs::write(&source, SOURCE.as_bytes())?;
        compile(tools, &functions, &source, &object)
            .and_then(|()| tools.archive(&name, &[object]).map(drop))
            .map_err(|failure| refused(&failure))?;
    }
    Tools::remove_archives(tools.out_dir(), PREFIX, &[&archive]);
    Ok(name)
}

fn compile(tools: Tools<'_>, functions: &str, source: &Path, object: &Path) -> Result<(), Failure> {
    let mut build = tools.build();
    build.define("MODULE", format!("\"{MODULE}\"").as_str()).define("FUNCTIONS", functions);
    let compiler = build.try_get_compiler().map_err(|error| unfound(&error))?;
    run(compiler.to_command().arg("-c").arg(source).arg("-o").arg(object)).map(drop)
}

fn refused(failure: &Failure) -> Problem {
    let text = format!(
        "`Bundle::static_python` has to compile stand-ins for functions that this libpython lacks: {}",
        failure.what
    );
    Problem::new(ErrorKind::Link, text).note(failure.printed.trim_end()).help(
        "install a C compiler: `apt install gcc` (Debian, Ubuntu), `dnf install gcc` (Fedora)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive with these symbols in its index, and objects of this content.
    fn archive(index: &str, objects: &str) -> Vec<u8> {
        let header = |name: &str, size| format!("{name:<48}{size:<10}`\n");
        let mut text = "!<arch>\n".to_owned();
        for (name, content) in [("/", index), ("sha2module.o/", objects)] {
            text += &header(name, content.len());
            text += content;
        }
        text.into_bytes()
    }

    #[test]
    fn undefined_hash_functions_are_found() {
        let objects = "\0PyInit__sha2\0python_hashlib_Hacl_Hash_SHA2_malloc_256\0x_Hacl_Hash_MD5_malloc\0Hacl_Hash_MD5.c\0";
        let whole = archive("PyInit__sha2\0x_Hacl_Hash_MD5_malloc\0", objects);
        assert_eq!(
            undefined(&whole).into_iter().collect::<Vec<_>>(),
            ["python_hashlib_Hacl_Hash_SHA2_malloc_256"]
        );
        assert!(undefined(&archive("", "\0PyInit_math\0")).is_empty());
        for end in 0..whole.len() {
            undefined(&whole[..end]);
        }
    }

    #[test]
    fn archives_without_required_functions_are_rejected() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("libpython3.14-pic.a");
        std::fs::write(&path, archive("", "\0_Py_LibHacl_Hacl_Hash_SHA3_malloc\0")).unwrap();
        let problem = absent(&path).unwrap_err();
        assert!(problem.message().contains("such as `_Py_LibHacl_Hacl_Hash_SHA3_malloc`"));
        std::fs::write(&path, archive("", "\0x_Hacl_Hash_SHA2_free_256\0")).unwrap();
        assert_eq!(absent(&path).unwrap(), ["x_Hacl_Hash_SHA2_free_256"]);
    }
}
