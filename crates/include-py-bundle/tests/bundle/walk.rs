//! Calls every function of the reader on arbitrary bytes.
//!
//! `walk(b"PK")` can't open anything; `walk` of a bundle performs every possible lookup.

use std::borrow::Cow;
use std::collections::BTreeSet;

use include_py_bundle::{Bundle, Error, Module, ModuleKind, Node, TreeHasher};
use sha2::{Digest, Sha256};

use crate::generate::{self, Content};

/// Opens the bytes and performs all lookups; returns whether the bytes verify.
///
/// Panics if they verify, but a lookup fails or is inconsistent.
pub(crate) fn walk(bytes: &[u8]) -> bool {
    let bundle = match Bundle::open(bytes) {
        Ok(bundle) => bundle,
        Err(error) => return show(&error),
    };
    let walked = content(&bundle);
    look_up_absent(&bundle);
    match (bundle.verify(), walked) {
        (Ok(()), Ok(content)) => {
            check_found(&bundle, &content);
            true
        }
        (Ok(()), Err(error)) => panic!("it verifies, but a look-up fails: {error}"),
        (Err(error), _) => show(&error),
    }
}

/// Corrects the digest, so that `verify` can only find other faults.
///
/// This follows the specification and uses nothing of the crate. Bytes that can't be opened stay
/// unchanged.
pub(crate) fn reseal(bytes: &mut [u8]) {
    if Bundle::open(bytes).is_ok() {
        let digest = digest(bytes);
        bytes[16..48].copy_from_slice(&digest);
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let size = |number: u64| usize::try_from(number).unwrap();
    let section = |place: usize| {
        let row = 56 + 16 * place;
        size(number(row))..size(number(row)) + size(number(row + 8))
    };
    let starts = |records: std::ops::Range<usize>, record: usize, span: usize| {
        let spans = bytes[records].chunks_exact(record).map(move |row| &row[span..span + 8]);
        let spans = spans.filter(|span| span[4..] != [0; 4]);
        spans.map(|span| size(u32::from_le_bytes(span[..4].try_into().unwrap()).into()))
    };
    let (code, data) = (section(13), section(14));
    let codes: BTreeSet<_> = starts(section(4), 8, 0).collect();
    let files: BTreeSet<_> = starts(section(5), 20, 8).collect();
    let mut hasher = Sha256::new_with_prefix(&bytes[48..code.start]);
    for (pool, starts, next) in [(code, codes, data.start), (data, files, bytes.len())] {
        let mut rest = &bytes[pool.clone()];
        // From the last payload to the first: each ends where the next one starts.
        let mut digests = Vec::new();
        for start in starts.into_iter().chain([0]).collect::<BTreeSet<_>>().into_iter().rev() {
            if start < rest.len() {
                digests.push(Sha256::digest(&rest[start..]));
                rest = &rest[..start];
            }
        }
        digests.iter().rev().for_each(|digest| hasher.update(digest));
        hasher.update(&bytes[pool.end..next]);
    }
    hasher.finalize().into()
}

/// The content of a bundle. Continues after errors and returns the last one.
pub(crate) fn content(bundle: &Bundle<'_>) -> Result<Content, Error> {
    let mut result = Ok(());
    let mut note = |error: Error| {
        show(&error);
        result = Err(error);
    };
    let _ = format!("{bundle:?} {:?}", bundle.digest());
    let mut content = Content {
        name: bundle.name().to_owned(),
        targets: bundle.targets().collect(),
        ..Content::default()
    };
    for module in bundle.modules() {
        match module {
            Ok(module) => {
                let (name, module) = self::module(bundle, &module, &mut note);
                content.modules.insert(name, module);
            }
            Err(error) => note(error),
        }
    }
    bundle.submodules("").filter_map(Result::err).for_each(&mut note);
    tree(bundle, &mut content, &mut note);
    for distribution in bundle.distributions() {
        match distribution {
            Ok(found) => {
                content.distributions.insert(found.name().into(), found.directory().into());
            }
            Err(error) => note(error),
        }
    }
    unpacked(bundle, &mut content, &mut note);
    native(bundle, &mut content, &mut note);
    result.map(|()| content)
}

fn module(
    bundle: &Bundle<'_>,
    module: &Module<'_>,
    note: &mut impl FnMut(Error),
) -> (String, generate::Module) {
    let _ = format!("{module:?}");
    bundle.module(module.name()).err().into_iter().for_each(&mut *note);
    bundle.submodules(module.name()).filter_map(Result::err).for_each(&mut *note);
    let path = module.path().to_owned();
    let code = (0..).map_while(|target| module.code(target)).map(<[u8]>::to_vec).collect();
    let source = module.source().or(module.native());
    let source = source.map(|source| source.content().map(Cow::into_owned));
    let source = source.transpose().unwrap_or_else(|error| {
        note(error);
        None
    });
    (module.name().to_owned(), generate::Module { path, kind: module.kind(), code, source })
}

fn native(bundle: &Bundle<'_>, content: &mut Content, note: &mut impl FnMut(Error)) {
    for library in bundle.libraries() {
        let library = match library {
            Ok(library) => library,
            Err(error) => {
                note(error);
                continue;
            }
        };
        let path = library.file().path().to_owned();
        bundle.library(&path).err().into_iter().for_each(&mut *note);
        let mut loads = Vec::new();
        for file in library.loads() {
            match file {
                Ok(file) => loads.push(file.path().to_owned()),
                Err(error) => note(error),
            }
        }
        content.libraries.insert(path, (loads, library.needs_file()));
    }
    for absent in bundle.absent_modules() {
        match absent {
            Ok(absent) => {
                bundle.absent(absent.name()).err().into_iter().for_each(&mut *note);
                let said = (absent.path().to_owned(), absent.reason().to_owned());
                content.absent.insert(absent.name().to_owned(), said);
            }
            Err(error) => note(error),
        }
    }
}

fn tree(bundle: &Bundle<'_>, content: &mut Content, note: &mut impl FnMut(Error)) {
    let mut nodes: Vec<_> = bundle
        .node("")
        .map_or_else(|error| vec![Err(error)], |root| root.into_iter().map(Ok).collect());
    while let Some(node) = nodes.pop() {
        let _ = format!("{node:?} {:?}", node.as_ref().map(Node::name));
        let path = node.as_ref().map_or("", Node::path).to_owned();
        let data = match node {
            Ok(Node::File(file)) => match file.content() {
                Ok(content) => Some(content.into_owned()),
                Err(error) => {
                    note(error);
                    continue;
                }
            },
            Ok(Node::Directory(directory)) => {
                nodes.extend(directory.children());
                None
            }
            Err(error) => {
                note(error);
                continue;
            }
        };
        assert_eq!(content.tree.insert(path, data), None, "a node is there twice");
    }
}

fn unpacked(bundle: &Bundle<'_>, content: &mut Content, note: &mut impl FnMut(Error)) {
    let unpacked = bundle.unpacked();
    for root in unpacked.roots() {
        match root {
            Ok(root) => _ = content.unpacked.insert(root.to_owned()),
            Err(error) => note(error),
        }
    }
    for target in (0..bundle.targets().len()).map(Some).chain([None]) {
        let entries = match unpacked.entries(target) {
            Ok(entries) => entries,
            Err(error) => {
                note(error);
                continue;
            }
        };
        for entry in entries {
            let _ = format!("{entry:?}");
            entry.content().err().into_iter().for_each(&mut *note);
        }
    }
}

/// Checks that everything found by iterating is found by name as well.
fn check_found(bundle: &Bundle<'_>, content: &Content) {
    assert_eq!(content.modules.len(), bundle.module_count());
    for ((name, expected), index) in content.modules.iter().zip(0..) {
        let module = bundle.module(name).unwrap().unwrap();
        assert_eq!((module.index(), module.name()), (index, &**name));
        let node = bundle.node(module.path()).unwrap();
        match (expected.kind, &expected.source, node) {
            (ModuleKind::Namespace, None, Some(Node::Directory(_))) | (_, None, None) => {}
            (_, Some(source), Some(Node::File(file))) => {
                assert_eq!(&*file.content().unwrap(), source);
            }
            (_, _, node) => panic!("`{name}`, of {expected:?}, has {node:?}"),
        }
        let parent = name.rsplit_once('.').map_or("", |(parent, _)| parent);
        let mut siblings = bundle.submodules(parent).map(Result::unwrap);
        assert!(siblings.any(|sibling| sibling.name() == name), "`{name}` isn't in its package");
    }
    for (path, data) in &content.tree {
        match (bundle.node(path).unwrap().unwrap(), data) {
            (Node::File(file), Some(data)) => {
                assert_eq!((&*file.content().unwrap(), file.size()), (&data[..], data.len()));
            }
            (Node::Directory(directory), None) => assert_eq!(directory.path(), path),
            (node, _) => panic!("`{path}` is walked as another than {node:?}"),
        }
    }
    check_unpacked(bundle, content);
    for directory in content.distributions.values() {
        assert_eq!(content.tree.get(directory), Some(&None));
    }
}

/// Checks that the files to write lie in the unpacked paths and have the stated digest.
fn check_unpacked(bundle: &Bundle<'_>, content: &Content) {
    let unpacked = bundle.unpacked();
    assert_eq!(unpacked.is_empty(), content.unpacked.is_empty());
    for target in (0..bundle.targets().len()).map(Some).chain([None]) {
        let mut tree = TreeHasher::new();
        let entries = unpacked.entries(target).unwrap();
        assert!(entries.is_sorted_by(|one, other| one.path() < other.path()));
        for entry in entries {
            match entry.content().unwrap() {
                None => _ = tree.directory(entry.path()),
                Some(content) => _ = tree.file(entry.path(), &content),
            }
        }
        let digest = (!unpacked.is_empty()).then(|| tree.finish());
        assert_eq!(unpacked.digest(target), digest);
    }
    assert_eq!(unpacked.digest(Some(bundle.targets().len())), None);
    for path in content.tree.keys() {
        let inside = |root: &String| {
            path.strip_prefix(&**root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        assert_eq!(unpacked.holds(path).unwrap(), content.unpacked.iter().any(inside), "{path}");
    }
}

fn look_up_absent(bundle: &Bundle<'_>) {
    for name in ["", ".", "absent", "a.b.c.d.e", "a/b", "\u{e9}"] {
        let _ = (bundle.module(name), bundle.node(name), bundle.submodules(name).count());
    }
    assert!(bundle.module_at(bundle.module_count()).is_err());
    assert!(bundle.module_at(usize::MAX).is_err());
}

/// Formats an error and checks that it has an offset.
fn show(error: &Error) -> bool {
    assert!(!error.to_string().is_empty() && error.offset().is_some());
    false
}
