//! The errors of the writer. Its output is tested by reading it.
//!
//! Each message names what is wrong and what to do.

use super::*;
use crate::{Bundle, ErrorKind, Node};

const TARGET: Target = Target::new(3495, 0x030b_07f0, 4, 0);

fn builder<'a>() -> Builder<'a> {
    Builder::new("app", &[TARGET])
}

fn module(name: &str, path: &str, kind: ModuleKind) -> NewModule<'static> {
    let codes = usize::from(kind != ModuleKind::Namespace);
    let code = vec![Packed::plain(&b"code"[..]); codes];
    NewModule { name: name.into(), path: path.into(), kind, code, source: None }
}

/// Something to add to a builder.
#[derive(Clone, Copy)]
enum Add {
    Module(&'static str, &'static str),
    Package(&'static str, &'static str),
    Namespace(&'static str, &'static str),
    File(&'static str),
    Distribution(&'static str, &'static str),
}

/// Checks that adding these in any order fails with this message.
#[track_caller]
fn check(kind: ErrorKind, adds: &[Add], message: &str) {
    for adds in [adds.to_vec(), adds.iter().rev().copied().collect()] {
        let mut builder = builder();
        for add in adds {
            match add {
                Add::Module(name, path) => builder.module(module(name, path, ModuleKind::Module)),
                Add::Package(name, path) => builder.module(module(name, path, ModuleKind::Package)),
                Add::Namespace(name, path) => {
                    builder.module(module(name, path, ModuleKind::Namespace))
                }
                Add::File(path) => builder.file(path, &b"data"[..]),
                Add::Distribution(name, directory) => builder.distribution(name, directory),
            };
        }
        let error = builder.finish().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
        assert_eq!(error.offset(), None);
    }
}

#[test]
fn refuses_duplicates() {
    check(
        ErrorKind::DuplicateModule,
        &[Add::Package("json", "json/__init__.py"), Add::Module("json", "json.py")],
        "the module `json` is added twice, from `json.py` and from `json/__init__.py`: \
         remove one of them",
    );
    check(
        ErrorKind::DuplicateFile,
        &[Add::File("a.txt"), Add::File("a.txt")],
        "`a.txt` is added twice, as a file and as a file: remove one of them",
    );
    check(
        ErrorKind::DuplicateFile,
        &[Add::Module("a", "a.py"), Add::File("a.py")],
        "`a.py` is added twice, as the module `a` and as a file: remove one of them",
    );
    check(
        ErrorKind::DuplicateFile,
        &[Add::Module("a", "a.py"), Add::Module("b", "a.py")],
        "`a.py` is added twice, as the module `a` and as the module `b`: remove one of them",
    );
    check(
        ErrorKind::DuplicateDistribution,
        &[Add::Distribution("Foo.Bar", "a.dist-info"), Add::Distribution("foo_bar", "b.dist-info")],
        "the distribution `foo-bar` is added twice, from `a.dist-info` and from `b.dist-info`: \
         remove one of them",
    );
}

#[test]
fn refuses_a_file_that_is_also_a_directory() {
    check(
        ErrorKind::FileAndDirectory,
        &[Add::File("a.py/b/c.txt"), Add::Module("a", "a.py")],
        "`a.py` is the module `a` and also a directory, for `a.py/b/c.txt` in it: \
         rename one of them or leave it out",
    );
    check(
        ErrorKind::FileAndDirectory,
        &[Add::File("ns"), Add::Namespace("ns", "ns")],
        "`ns` is a file and also a directory, for the module `ns`: \
         rename one of them or leave it out",
    );
    check(
        ErrorKind::FileAndDirectory,
        &[Add::File("foo.egg-info"), Add::Distribution("Foo", "foo.egg-info")],
        "`foo.egg-info` is a file and also a directory, for the distribution `Foo`: \
         rename one of them or leave it out",
    );
}

#[test]
fn refuses_bad_names_and_paths() {
    check(
        ErrorKind::InvalidName,
        &[Add::Module("a..b", "a.py")],
        "\"a..b\" (`a.py`) can't be a module's name, it has an empty component: \
         rename or exclude it",
    );
    check(
        ErrorKind::InvalidPath,
        &[Add::Package("a", "a.py")],
        "\"a.py\" can't be the path of the module `a`, a package's path ends in \
         `/__init__.py`: rename or exclude it",
    );
    check(
        ErrorKind::InvalidPath,
        &[Add::File("../a\n")],
        "\"../a\\n\" can't be the path of a file, it has a control character: \
         rename or exclude it",
    );
    check(
        ErrorKind::InvalidName,
        &[Add::Distribution("~ip", "~ip-1.dist-info")],
        "\"~ip\" (`~ip-1.dist-info`) can't be a distribution's name, it has more than ASCII \
         letters, digits, `-`, `_` and `.`: exclude it",
    );
    check(
        ErrorKind::InvalidPath,
        &[Add::Distribution("foo", "/foo")],
        "\"/foo\" can't be the path of the distribution `foo`, it is absolute: \
         rename or exclude it",
    );
    let error = Builder::new("a/b", &[TARGET]).finish().unwrap_err();
    assert_eq!(error.to_string(), "\"a/b\" can't be a bundle's name, it has a `/`: rename it");
}

#[test]
fn refuses_to_unpack_absent_paths() {
    let mut builder = builder();
    builder.unpack("absent");
    let error = builder.finish().unwrap_err();
    assert_eq!(
        (error.kind(), &*error.to_string()),
        (
            ErrorKind::InvalidPath,
            "\"absent\" can't be the path of what is unpacked, the bundle has nothing at this path: rename \
             or exclude it"
        )
    );
}

#[test]
fn refuses_targets_that_no_interpreter_has() {
    let cases = [
        (&[][..], "the bundle has no target: give it at least one interpreter"),
        (
            &[TARGET, TARGET],
            "the target `CPython 3.11.7 (magic 3495)` is added twice: remove one of them",
        ),
        (
            &[Target::new(3495, 0x030b_07f0, 4, 3)],
            "no interpreter is like `CPython 3.11.7 (magic 3495)` with hexversion 0x030b07f0 and \
             optimisation 3: take `sys.hexversion`, and 0, 1 or 2",
        ),
    ];
    for (targets, message) in cases {
        let error = Builder::new("app", targets).finish().unwrap_err();
        assert_eq!((error.kind(), &*error.to_string()), (ErrorKind::InvalidTarget, message));
    }
}

#[test]
fn refuses_modules_whose_parts_dont_fit_their_kind() {
    let refused = |module: NewModule<'static>| {
        let mut builder = builder();
        builder.module(module);
        let error = builder.finish().unwrap_err();
        (error.kind(), error.to_string())
    };
    let (kind, message) =
        refused(NewModule { code: vec![], ..module("a", "a.py", ModuleKind::Module) });
    assert_eq!(kind, ErrorKind::CodeCount);
    assert_eq!(
        message,
        "the module `a` has 0 codes where 1 belong: give one for each target, and none for a \
         namespace package or machine code"
    );
    let source = Some(Packed::plain(&b""[..]));
    let (kind, message) = refused(NewModule { source, ..module("a", "a", ModuleKind::Namespace) });
    assert_eq!(kind, ErrorKind::InvalidPath);
    assert_eq!(
        message,
        "\"a\" can't be the path of the module `a`, a namespace package is a directory and has \
         no source: rename or exclude it"
    );
}

#[test]
fn refuses_incompletely_described_machine_code() {
    let refused = |add: &dyn Fn(&mut Builder<'static>)| {
        let mut builder = builder();
        builder.file("x.so", &b"x"[..]);
        add(&mut builder);
        builder.finish().unwrap_err().to_string()
    };
    let library = |path: &str, loads: &[&str]| NewLibrary {
        path: path.into(),
        loads: loads.iter().map(|path| (*path).into()).collect(),
        needs_file: false,
    };
    let extension =
        |source| NewModule { source, code: vec![], ..module("a", "a.so", ModuleKind::Extension) };
    let message = refused(&|builder| _ = builder.module(extension(None)));
    assert!(message.contains("`a`, its machine code is missing"), "{message}");
    let elf = || Some(Packed::plain(&b"x"[..]));
    let message = refused(&|builder| _ = builder.module(extension(elf())));
    assert!(message.contains("`Builder::library` doesn't say"), "{message}");
    let message = refused(&|builder| _ = builder.library(library("y.so", &[])));
    assert!(message.contains("the bundle has no file at this path"), "{message}");
    let message = refused(&|builder| _ = builder.library(library("x.so", &["x.so"])));
    assert!(message.contains("\"x.so\" can't be the path of what `x.so` needs"), "{message}");
    let message = refused(&|builder| {
        builder.library(library("x.so", &[])).library(library("x.so", &[]));
    });
    assert!(message.contains("it is listed twice"), "{message}");
    let message = refused(&|builder| {
        builder.module(module("a", "a.py", ModuleKind::Module)).absent("a", "a.so", "why");
    });
    assert!(message.contains("`a` can't be omitted, the bundle contains it"), "{message}");
}

#[test]
fn parent_directories_exist_without_files() {
    let mut builder = builder();
    builder.module(module("a.b.c", "a/b/c.py", ModuleKind::Module));
    builder.distribution("Foo_Bar", "foo_bar-1.dist-info");
    let bytes = builder.finish().unwrap();
    let bundle = Bundle::open(&bytes).unwrap();
    bundle.verify().unwrap();
    for path in ["", "a", "a/b", "foo_bar-1.dist-info"] {
        assert!(matches!(bundle.node(path).unwrap(), Some(Node::Directory(_))), "{path}");
    }
    assert!(bundle.node("a/b/c.py").unwrap().is_none());
}

/// A bundle as most are, with something that is unpacked.
fn sample<'a>(kept: &mut dyn FnMut(&'a [u8]) -> Packed<'a>) -> Builder<'a> {
    let mut builder = builder();
    for (name, path, code) in [("a", "a.py", &b"code"[..]), ("b", "b.py", b"more code")] {
        let module = module(name, path, ModuleKind::Module);
        builder.module(NewModule { code: vec![kept(code)], ..module });
    }
    builder.file("a.txt", kept(b"data")).file("c.txt", kept(b"more code"));
    builder.file("certs/ca.pem", &b"certificate"[..]).unpack("certs");
    builder
}

#[test]
fn payloads_of_an_earlier_bundle_are_not_needed_in_memory() {
    let mut first = sample(&mut |content| content.into());
    let image = first.image().unwrap();
    let bytes = image.to_bytes().unwrap();
    assert_eq!(u64::try_from(bytes.len()), Ok(image.length()));
    assert_eq!(image.digest(), Bundle::open(&bytes).unwrap().digest());
    Bundle::open(&bytes).unwrap().verify().unwrap();

    let mut second =
        sample(&mut |content| Packed::earlier(image.payload(&content.into()).unwrap()));
    let again = second.image().unwrap();
    assert_eq!(again.to_bytes().unwrap_err().kind(), ErrorKind::Earlier);
    let mut written = Vec::new();
    let mut ranges = 0;
    for segment in again.segments() {
        match segment {
            Segment::Bytes(part) => written.extend_from_slice(part),
            Segment::Earlier(range) => {
                ranges += 1;
                let range = range.start.try_into().unwrap()..range.end.try_into().unwrap();
                written.extend_from_slice(&bytes[range]);
            }
        }
    }
    assert!(written == bytes);
    // `code` `more code`, and in `data` first `data`: that `more code` is in two pools doesn't
    // matter.
    assert_eq!(ranges, 3);
}

#[test]
fn unpacked_payloads_are_needed_in_memory() {
    let mut first = sample(&mut |content| content.into());
    let image = first.image().unwrap();
    let certificate = image.payload(&Packed::plain(&b"certificate"[..])).unwrap();
    let mut second = builder();
    second.file("certs/ca.pem", Packed::earlier(certificate)).unpack("certs");
    let Err(error) = second.image() else { panic!("it has been read") };
    assert_eq!(error.kind(), ErrorKind::Earlier);
}

#[test]
fn fingerprints_depend_on_everything_that_was_added() {
    let fingerprint = |change: &dyn Fn(&mut Builder<'static>)| {
        let mut builder = sample(&mut |content| content.into());
        change(&mut builder);
        (builder.fingerprint(), builder.is_earlier())
    };
    let (plain, earlier) = fingerprint(&|_| {});
    assert!(!earlier && fingerprint(&|_| {}).0 == plain);
    let others: [&dyn Fn(&mut Builder<'static>); 7] = [
        &|builder| _ = builder.file("d.txt", &b""[..]),
        &|builder| _ = builder.module(module("d", "d", ModuleKind::Namespace)),
        &|builder| _ = builder.directory("d"),
        &|builder| _ = builder.distribution("d", "d-1.dist-info"),
        &|builder| _ = builder.unpack("d"),
        &|builder| _ = builder.compile_source(),
        &|builder| _ = builder.absent("d", "d.so", "no"),
    ];
    assert!(others.iter().all(|change| fingerprint(change).0 != plain));

    let mut first = sample(&mut |content| content.into());
    let image = first.image().unwrap();
    let again = sample(&mut |content| Packed::earlier(image.payload(&content.into()).unwrap()));
    // The certificate is in memory.
    assert!(again.fingerprint() == plain && !again.is_earlier());
}
