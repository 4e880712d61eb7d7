//! Each check of `verify` is tested with a bundle that violates only this check.
//!
//! A record is read, changed and written back with the layout's own functions. Then the digest is
//! recomputed.

use crate::layout::{self, *};
use crate::{Builder, Bundle, ErrorKind, ModuleKind, NewLibrary, NewModule, Packed, Target};

/// Modules: 0 `a` (package, source), 1 `b` (module), 2 `n` (namespace).
/// Nodes: 0 root, 1 `a`, 2 `a/__init__.py`, 3 `foo-1.dist-info`, 4 `n`, 5 `z`.
/// Libraries: 0 `a/__init__.py`, which needs `z`, and 1 `z`. `verify` doesn't check that these are
/// machine code.
/// Strings: `a`, `a/__init__.py`, `b`, `b.py`, `n`, `foo-1.dist-info`, `z`, `foo`, `y`, `why`.
fn sample() -> Vec<u8> {
    let code = || vec![(&b"code"[..]).into(), (&b"other"[..]).into()];
    let module = |name: &str, path: &str, kind| NewModule {
        name: name.into(),
        path: path.into(),
        kind,
        code: if kind == ModuleKind::Namespace { vec![] } else { code() },
        source: (kind == ModuleKind::Package).then(|| Packed::plain(&b"x = 1\n"[..])),
    };
    let targets = [Target::new(3495, 0x030b_07f0, 4, 0), Target::new(3531, 0x030c_01f0, 4, 0)];
    let mut builder = Builder::new("app", &targets);
    builder.module(module("a", "a/__init__.py", ModuleKind::Package));
    builder.module(module("b", "b.py", ModuleKind::Module));
    builder.module(module("n", "n", ModuleKind::Namespace));
    builder.distribution("foo", "foo-1.dist-info");
    builder.file("z", &b"zzz"[..]);
    builder.unpack("a").unpack("z");
    let needs =
        |path: &str, loads: Vec<String>| NewLibrary { path: path.into(), loads, needs_file: false };
    builder.library(needs("z", vec![])).library(needs("a/__init__.py", vec!["z".into()]));
    builder.absent("foo", "y", "why").absent("y", "y", "why");
    builder.finish().unwrap()
}

/// Offset of the record in the sample.
fn offset(section: Section, number: usize) -> usize {
    Bundle::open(&sample()).unwrap().part(section).offset(number)
}

fn reseal(bytes: &mut [u8]) {
    let digest = crate::digest::computed(&Bundle::open(bytes).unwrap());
    bytes[DIGESTED_FROM - 32..DIGESTED_FROM].copy_from_slice(&digest);
}

/// Changes one record of the sample and returns the error of `verify`.
fn change<T: Field>(section: Section, number: usize, change: impl FnOnce(&mut T)) -> String {
    let mut bytes = sample();
    let offset = offset(section, number);
    let mut record = T::read(&mut &bytes[offset..]).unwrap();
    change(&mut record);
    let mut written = Vec::new();
    record.write(&mut written);
    bytes[offset..offset + written.len()].copy_from_slice(&written);
    reseal(&mut bytes);
    let error = Bundle::open(&bytes).unwrap().verify().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    error.to_string()
}

fn module(number: usize, edit: impl FnOnce(&mut ModuleRecord)) -> String {
    change(Section::Modules, number, edit)
}

fn node(number: usize, edit: impl FnOnce(&mut NodeRecord)) -> String {
    change(Section::Nodes, number, edit)
}

fn span(offset: u32, length: u32) -> Span {
    Span { offset, length }
}

#[track_caller]
fn contains(message: &str, expected: &str) {
    assert!(message.contains(expected), "`{expected}` isn't in `{message}`");
}

#[test]
fn accepts_the_sample() {
    Bundle::open(&sample()).unwrap().verify().unwrap();
}

#[test]
fn compares_the_digest() {
    let mut bytes = sample();
    *bytes.last_mut().unwrap() ^= 1;
    let error = Bundle::open(&bytes).unwrap().verify().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Digest, Some(16)));
    reseal(&mut bytes);
    let error = Bundle::open(&bytes).unwrap().verify().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Corrupt, Some(bytes.len() - 1)));
    contains(&error.to_string(), "padding between two sections");
}

#[test]
fn checks_targets() {
    let target = |edit: fn(&mut TargetRecord)| change(Section::Targets, 1, edit);
    contains(&target(|target| target.reserved = 1), "reserved bytes that aren't zero");
    contains(&target(|target| target.optimize = 3), "no interpreter can match one of");
    contains(
        &target(|target| {
            target.magic = 3495;
            target.hexversion = 0x030b_07f0;
        }),
        "it has the same target twice",
    );
}

#[test]
fn checks_modules() {
    contains(&module(1, |module| module.kind = 9), "a module has an unknown kind");
    contains(&module(1, |module| module.name.length = 99), "name or path isn't in `strings`");
    contains(&module(1, |module| module.path = module.name), "doesn't agree with its kind");
    contains(&module(1, |module| module.kind = layout::PACKAGE), "doesn't agree with its kind");
    contains(&module(1, |module| module.name = span(1, 13)), "a module's name is invalid");
    contains(&module(1, |module| module.name = span(0, 0)), "a module's name is invalid");
    contains(&module(1, |module| module.name.offset += 1), "a reference leaves a gap");
    contains(
        &change(Section::Codes, 0, |code: &mut Span| code.length = 99),
        "a module's code isn't in `code`",
    );
    contains(
        &change(Section::Codes, 0, |code: &mut Span| *code = span(3, 0)),
        "an empty reference isn't at 0",
    );
    contains(
        &change(Section::Codes, 4, |code: &mut Span| code.length = 1),
        "or a module in machine code has bytecode",
    );
    contains(
        &change(Section::Codes, 1, |code: &mut Span| code.length -= 1),
        "a reference leaves a gap",
    );
}

#[test]
fn checks_the_order() {
    contains(&module(2, |module| module.name = span(14, 1)), "a section isn't sorted");
    contains(&node(4, |node| node.path = span(0, 1)), "a section isn't sorted");
}

#[test]
fn checks_the_index() {
    let slots = Section::Index;
    let module = |slot: &usize| sample()[offset(slots, *slot) + 4];
    let taken = (0..8).find(|slot| module(slot) != 0).unwrap();
    let free = (0..8).find(|slot| module(slot) == 0).unwrap();
    let changed = |number, change_slot: fn(&mut SlotRecord)| change(slots, number, change_slot);
    contains(
        &changed(taken, |slot| *slot = SlotRecord::default()),
        "doesn't contain each module once",
    );
    contains(&changed(free, |slot| slot.module = 1), "doesn't contain each module once");
    contains(&changed(free, |slot| slot.hash = 1), "doesn't contain each module once");
    contains(&changed(taken, |slot| slot.module = 9), "slot of the index has no module");
    contains(&changed(taken, |slot| slot.module = slot.module % 3 + 1), "doesn't find");
    contains(&changed(taken, |slot| slot.hash ^= 1 << 31), "doesn't find");
}

#[test]
fn checks_sources() {
    contains(&module(0, |module| module.source = 0), "without source has something at its path");
    contains(&module(0, |module| module.source = 1), "a module's source isn't a file");
    contains(&module(0, |module| module.source = 99), "a module's source isn't a file");
    contains(&module(1, |module| module.source = 2), "a module's source is another file");
    contains(&module(2, |module| module.source = 2), "a namespace package has source");
}

#[test]
fn checks_the_tree() {
    contains(&node(0, |node| node.kind = FILE), "it has no root directory");
    contains(&node(1, |node| node.kind = 3), "a node has an unknown kind");
    contains(&node(5, |node| node.kind = DEFLATED), "compressed content can't be read");
    contains(&node(1, |node| node.kind = FILE), "a node's directory doesn't exist");
    contains(&node(1, |node| node.data.length = 1), "a directory has data");
    contains(&node(5, |node| node.data.length = 9), "a file's data isn't in `data`");
    contains(&node(5, |node| node.data.length = 1), "a section contains bytes without a reference");
    contains(&node(2, |node| node.path.length = 2), "a path isn't relative and normal");
    contains(&node(4, |node| node.kind = FILE), "a namespace package's directory doesn't exist");
}

#[test]
fn checks_the_unpacked_paths() {
    let unpacked = |number, edit: fn(&mut UnpackedRecord)| change(Section::Unpacked, number, edit);
    contains(&unpacked(0, |record| record.path.length = 99), "out of bounds");
    contains(&unpacked(0, |record| record.path.length = 3), "isn't relative and normal");
    contains(&unpacked(0, |record| record.path.length = 2), "an unpacked path doesn't exist");
    contains(&unpacked(1, |record| record.path = span(0, 1)), "isn't sorted");
    contains(&unpacked(1, |record| record.path = span(1, 13)), "lies in another");
    for number in 0..3 {
        let digest = |digest: &mut DigestRecord| digest.digest[31] ^= 1;
        let message = change(Section::Digests, number, digest);
        contains(&message, "digest of unpacked files differs");
    }
}

#[test]
fn checks_libraries() {
    let library = |number, edit: fn(&mut LibraryRecord)| change(Section::Libraries, number, edit);
    contains(&library(0, |record| record.node = 1), "a library isn't a file");
    contains(&library(1, |record| record.node = 2), "the libraries aren't sorted");
    contains(&library(0, |record| record.flags = 2), "an unknown flag");
    contains(&library(0, |record| record.count = 0), "`loads` has rows of no library");
    contains(&library(0, |record| record.count = 2), "a library's dependency isn't a file");
    contains(&library(0, |record| record.first = 1), "aren't contiguous");
    contains(&library(1, |record| record.first = 1), "aren't contiguous");
    let load = |node| change(Section::Loads, 0, |load: &mut u32| *load = node);
    contains(&load(1), "a library's dependency isn't a file");
    contains(&load(2), "isn't another library");
    contains(&load(99), "there is no node");
}

#[test]
fn checks_modules_that_were_left_out() {
    let absent = |number, edit: fn(&mut AbsentRecord)| change(Section::Absent, number, edit);
    contains(&absent(0, |record| record.reason.length = 99), "isn't in `strings`");
    contains(&absent(0, |record| record.name = span(0, 0)), "is invalid");
    contains(&absent(0, |record| record.path = span(0, 0)), "isn't relative and normal");
    contains(&absent(0, |record| record.name = span(0, 1)), "exists");
    let same = change(Section::Absent, 1, |record: &mut AbsentRecord| {
        *record = AbsentRecord { name: span(36, 3), ..*record };
    });
    contains(&same, "isn't sorted");
}

#[test]
fn checks_machine_code() {
    let native = |number, edit: fn(&mut ModuleRecord)| module(number, edit);
    contains(&native(1, |record| record.kind = layout::EXTENSION), "has no machine code");
    contains(&native(0, |record| record.kind = layout::EXTENSION), "doesn't agree with its kind");
}

#[test]
fn checks_distributions() {
    let distribution = |edit: fn(&mut DistributionRecord)| change(Section::Distributions, 0, edit);
    contains(&distribution(|record| record.name.length = 99), "isn't in `strings`");
    contains(&distribution(|record| record.name = span(1, 13)), "isn't normalised");
    contains(&distribution(|record| record.directory = span(1, 13)), "directory doesn't exist");
}
