//! Lookups in valid bundles, and errors for bytes that aren't a bundle.
//!
//! Damage inside bundles is tested in `tests/bundle/damage.rs` and, check by check, in
//! `src/verify/tests.rs`.

use super::*;
use crate::{Builder, ErrorKind, ModuleKind, NewModule, Packed};

fn module(name: &str, kind: ModuleKind) -> NewModule<'static> {
    let path = name.replace('.', "/");
    let (path, codes) = match kind {
        ModuleKind::Module => (path + ".py", vec![name.to_owned().into_bytes().into(); 1]),
        ModuleKind::Package => (path + "/__init__.py", vec![name.to_owned().into_bytes().into()]),
        ModuleKind::Namespace => (path, vec![]),
        ModuleKind::Extension => (path + ".abi3.so", vec![]),
        ModuleKind::ExtensionPackage => (path + "/__init__.abi3.so", vec![]),
    };
    NewModule { name: name.into(), path, kind, code: codes, source: None }
}

fn sample() -> Vec<u8> {
    let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
    for name in ["a", "a.b", "a.b.c"] {
        builder.module(module(name, ModuleKind::Package));
    }
    for name in ["a-b", "a.b-c", "a.b.c.d", "a.bc", "b", "a.n.m"] {
        builder.module(module(name, ModuleKind::Module));
    }
    builder.module(module("a.n", ModuleKind::Namespace));
    builder.module(NewModule {
        source: Some(Packed::plain(&b"x = 1\n"[..])),
        ..module("s", ModuleKind::Module)
    });
    builder.file("a/data.txt", &b"data"[..]).file("a/b-/x", &b""[..]).file("a/b/y", &b"y"[..]);
    builder.distribution("Foo_Bar", "foo_bar-1.dist-info");
    builder.file("foo_bar-1.dist-info/METADATA", &b"Name: Foo_Bar\n"[..]);
    builder.finish().unwrap()
}

#[test]
fn finds_machine_code_and_its_libraries() {
    let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
    let elf = |name, kind| NewModule {
        source: Some(Packed::plain(&b"\x7fELF"[..])),
        ..module(name, kind)
    };
    builder.module(elf("a", ModuleKind::ExtensionPackage));
    builder.module(elf("a.b", ModuleKind::Extension));
    builder.file("a.libs/libx.so", &b"x"[..]).file("a.libs/liby.so", &b"y"[..]);
    let library = |path: &str, loads: &[&str], needs_file| crate::NewLibrary {
        path: path.into(),
        loads: loads.iter().map(|path| (*path).into()).collect(),
        needs_file,
    };
    builder.library(library("a/b.abi3.so", &["a.libs/liby.so", "a.libs/libx.so"], false));
    builder.library(library("a.libs/libx.so", &["a.libs/liby.so"], true));
    builder.library(library("a.libs/liby.so", &[], false));
    builder.library(library("a/__init__.abi3.so", &[], false));
    builder.absent("c", "c.cpython-312-x86_64-linux-gnu.so", "it is for CPython 3.12");
    let bytes = builder.finish().unwrap();
    let bundle = Bundle::open(&bytes).unwrap();
    bundle.verify().unwrap();

    let module = bundle.module("a.b").unwrap().unwrap();
    assert_eq!((module.code(0), module.source().is_none()), (None, true));
    assert_eq!(*module.native().unwrap().content().unwrap(), b"\x7fELF"[..]);
    let loads = |path| {
        let library = bundle.library(path).unwrap().unwrap();
        let loads = library.loads().map(|file| file.unwrap().path().to_owned());
        (loads.collect::<Vec<_>>(), library.needs_file())
    };
    let both = vec!["a.libs/liby.so".to_owned(), "a.libs/libx.so".to_owned()];
    assert_eq!(loads(module.path()), (both.clone(), false));
    assert_eq!(loads("a.libs/libx.so"), (both[..1].to_vec(), true));
    assert_eq!(loads("a.libs/liby.so"), (vec![], false));
    assert!(bundle.library("a").unwrap().is_none() && bundle.library("b").unwrap().is_none());
    assert_eq!(bundle.libraries().len(), 4);
    let absent = bundle.absent("c").unwrap().unwrap();
    assert_eq!((absent.name(), absent.reason()), ("c", "it is for CPython 3.12"));
    assert_eq!(absent.path(), "c.cpython-312-x86_64-linux-gnu.so");
    assert!(bundle.absent("a").unwrap().is_none());
}

#[test]
fn finds_modules_by_name() {
    let bytes = sample();
    let bundle = Bundle::open(&bytes).unwrap();
    assert_eq!((bundle.name(), bundle.module_count(), bundle.bytes()), ("app", 11, &*bytes));
    let found = bundle.module("a.b").unwrap().unwrap();
    assert_eq!((found.name(), found.path()), ("a.b", "a/b/__init__.py"));
    assert_eq!(found.kind(), ModuleKind::Package);
    assert!(found.source().is_none());
    assert_eq!((found.code(0), found.code(1)), (Some(&b"a.b"[..]), None));
    assert_eq!(bundle.module_at(found.index()).unwrap().name(), "a.b");
    assert_eq!(bundle.module_at(11).unwrap_err().kind(), ErrorKind::NoModule);
    let source = bundle.module("s").unwrap().unwrap().source().unwrap();
    assert_eq!(*source.content().unwrap(), b"x = 1\n"[..]);
    assert_eq!(bundle.module("a.n").unwrap().unwrap().code(0), None);
    for absent in ["", "a.", "a.b.", "c", "a/b"] {
        assert!(bundle.module(absent).unwrap().is_none(), "{absent}");
    }
}

#[test]
fn unpacked_files_are_listed_with_their_bytecode() {
    let targets = [Target::new(3571, 0x030d_00f0, 4, 1), Target::new(3531, 0x030c_01f0, 4, 0)];
    let mut builder = Builder::new("app", &targets);
    for (name, kind, source) in [
        ("p", ModuleKind::Package, true),
        ("p.m", ModuleKind::Module, false),
        ("other", ModuleKind::Module, true),
        ("six", ModuleKind::Module, false),
        ("n.q", ModuleKind::Module, true),
    ] {
        builder.module(NewModule {
            code: vec![b"of 3.13".into(), b"of 3.12".into()],
            source: source.then(|| Packed::plain(&b"x = 1\n"[..])),
            ..module(name, kind)
        });
    }
    builder.file("p/data/a.so", &b"\x7fELF"[..]).file("p-x", &b""[..]);
    builder.unpack("p/data").unpack("six.py").unpack("p").unpack("n/q.py").unpack("p");
    let bytes = builder.finish().unwrap();
    let bundle = Bundle::open(&bytes).unwrap();
    bundle.verify().unwrap();
    let unpacked = bundle.unpacked();
    let roots: Vec<_> = unpacked.roots().map(Result::unwrap).collect();
    assert_eq!(roots, ["n/q.py", "p", "six.py"]);
    for (path, held) in
        [("p", true), ("p/m.py", true), ("p-x", false), ("six.py", true), ("n", false)]
    {
        assert_eq!(unpacked.holds(path).unwrap(), held, "{path}");
    }
    let paths = |target| {
        let entries = unpacked.entries(target).unwrap();
        entries.iter().map(|entry| entry.path().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        paths(Some(0)),
        "n n/__pycache__ n/__pycache__/q.cpython-313.opt-1.pyc n/q.py p p/__init__.py p/__pycache__ \
         p/__pycache__/__init__.cpython-313.opt-1.pyc p/data p/data/a.so p/m.pyc six.pyc"
    );
    assert!(paths(Some(1)).contains(" n/__pycache__/q.cpython-312.pyc "));
    assert_eq!(paths(None), "n n/q.py p p/__init__.py p/data p/data/a.so");
    let six = unpacked.entries(Some(0)).unwrap().pop().unwrap();
    let header = [0xf3, 0x0d, b'\r', b'\n', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(*six.content().unwrap().unwrap(), [&header[..], b"of 3.13"].concat());
}

#[test]
fn lists_modules_and_submodules() {
    let bytes = sample();
    let bundle = Bundle::open(&bytes).unwrap();
    let names: Vec<_> = bundle.modules().map(|module| module.unwrap().name()).collect();
    assert!(names.is_sorted() && names.len() == 11);
    let cases = [
        ("", &["a", "a-b", "b", "s"][..]),
        ("a", &["a.b", "a.b-c", "a.bc", "a.n"]),
        ("a.b", &["a.b.c"]),
        ("a.n", &["a.n.m"]),
        ("b", &[]),
        ("absent", &[]),
        ("a.b.c.d.e.f.g", &[]),
    ];
    for (package, expected) in cases {
        let found = bundle.submodules(package).map(|module| module.unwrap().name());
        assert_eq!(found.collect::<Vec<_>>(), expected, "in `{package}`");
    }
}

#[test]
fn directories_that_are_no_packages_have_modules_of_their_own() {
    let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
    for (name, path) in [
        ("conf", "conf.py"),
        ("conf.d/x", "conf.d/x.py"),
        ("conf.d/x.y", "conf.d/x/y.py"),
        ("p", "p.py"),
        ("p/v-1.2/t", "p/v-1.2/t.py"),
        ("p/v-1.2/a.b", "p/v-1.2/a/b.py"),
        ("p/v-1.2/a/.h/c", "p/v-1.2/a/.h/c.py"),
    ] {
        let kind = ModuleKind::Module;
        let code = vec![Vec::new().into()];
        let (name, path) = (name.to_owned(), path.to_owned());
        builder.module(NewModule { name, path, kind, code, source: None });
    }
    let bytes = builder.finish().unwrap();
    let bundle = Bundle::open(&bytes).unwrap();
    bundle.verify().unwrap();
    assert_eq!(bundle.module("p/v-1.2/t").unwrap().unwrap().path(), "p/v-1.2/t.py");
    for (package, expected) in [
        ("", &["conf", "p"][..]),
        ("conf", &[]),
        ("conf.d/", &["conf.d/x"]),
        ("p", &[]),
        ("p/v-1.2/", &["p/v-1.2/t"]),
        ("p/v-1.2/a", &["p/v-1.2/a.b"]),
        ("p/v-1.2/a/.h/", &["p/v-1.2/a/.h/c"]),
        ("p/v-1/", &[]),
    ] {
        let found = bundle.submodules(package).map(|module| module.unwrap().name());
        assert_eq!(found.collect::<Vec<_>>(), expected, "in `{package}`");
    }
}

#[test]
fn walks_the_tree() {
    let bytes = sample();
    let bundle = Bundle::open(&bytes).unwrap();
    let children = |path| match bundle.node(path).unwrap() {
        Some(Node::Directory(directory)) => {
            directory.children().map(|node| node.unwrap().name()).collect::<Vec<_>>()
        }
        other => panic!("`{path}` is {other:?}"),
    };
    assert_eq!(children(""), ["a", "foo_bar-1.dist-info", "s.py"]);
    assert_eq!(children("a"), ["b", "b-", "data.txt", "n"]);
    assert_eq!(children("a/b"), ["c", "y"]);
    assert!(children("a/n").is_empty());

    let Some(Node::File(file)) = bundle.node("a/data.txt").unwrap() else { panic!() };
    assert_eq!((file.path(), file.name(), file.size()), ("a/data.txt", "data.txt", 4));
    assert_eq!(*file.content().unwrap(), b"data"[..]);
    let Some(Node::Directory(root)) = bundle.node("").unwrap() else { panic!() };
    assert_eq!((root.path(), root.name()), ("", ""));
    for absent in ["a/", "/a", "a/b.py", "a/b/__init__.py", "a/data.txt/"] {
        assert!(bundle.node(absent).unwrap().is_none(), "{absent}");
    }
}

#[test]
fn lists_targets_and_distributions() {
    let bytes = sample();
    let bundle = Bundle::open(&bytes).unwrap();
    assert_eq!(bundle.targets().collect::<Vec<_>>(), [Target::new(3495, 0x030b_07f0, 4, 0)]);
    let found = bundle.distributions().map(Result::unwrap);
    let found: Vec<_> = found.map(|found| (found.name(), found.directory())).collect();
    assert_eq!(found, [("foo-bar", "foo_bar-1.dist-info")]);
}

#[test]
fn explains_why_bytes_are_not_a_bundle() {
    let bytes = sample();
    let with = |offset: usize, patch: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[offset..offset + patch.len()].copy_from_slice(patch);
        bytes
    };
    let cases = [
        (b"\x7fELF".to_vec(), ErrorKind::NotABundle, "give a file that include-py-build has"),
        (Vec::new(), ErrorKind::Truncated, "it ends within its magic bytes"),
        (with(0, b"\xf1IPY\n\x1a\n"), ErrorKind::Mangled, "`*.bundle binary`"),
        (with(0, b"\x71"), ErrorKind::Mangled, "changed as if it were text"),
        (String::from_utf8_lossy(&bytes).into_owned().into_bytes(), ErrorKind::Mangled, ""),
        (with(8, &[1]), ErrorKind::Format { found: 1 }, "has format 1"),
        (bytes[..100].to_vec(), ErrorKind::Truncated, "it ends too early (offset 100)"),
        (with(12, &[1]), ErrorKind::Corrupt, "have the format's size (offset 12)"),
        (with(48, &[0]), ErrorKind::Corrupt, "follow its end (offset 48)"),
        (with(72, &[1]), ErrorKind::Corrupt, "start at the end of the previous one (offset 72)"),
        (with(72 + 12, &[1]), ErrorKind::Corrupt, "too long (offset 72)"),
        (with(72 + 10, &[1]), ErrorKind::Corrupt, "beyond the end (offset 72)"),
        (with(72 + 8, &[15]), ErrorKind::Corrupt, "within a record (offset 72)"),
        (with(56 + 14 * 16 + 8, &[1]), ErrorKind::Corrupt, "last section does (offset 48)"),
        (with(304, b"a/b"), ErrorKind::Corrupt, "its name is invalid (offset 56)"),
        (with(88 + 8, &[16]), ErrorKind::Corrupt, "a section doesn't start"),
    ];
    for (bytes, kind, message) in cases {
        let error = Bundle::open(&bytes).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(message), "{error}");
    }
}
