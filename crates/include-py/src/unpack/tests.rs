//! Tests of the cache: first and later starts, damage, other users, races.
//!
//! Most tests create a cache with [`Cache::new`], change it, and call `ensure` again.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use include_py_bundle::{Builder, ModuleKind, NewModule, Packed, Target};

use super::*;

/// A user other than root and the one who runs the tests.
const STRANGER: u32 = 54_321;

fn bundle(text: &str) -> Vec<u8> {
    let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
    for (name, path, kind, source) in [
        ("pkg", "pkg/__init__.py", ModuleKind::Package, Some("x = 1\n")),
        ("pkg.bare", "pkg/bare.py", ModuleKind::Module, None),
        ("other", "other.py", ModuleKind::Module, Some("")),
    ] {
        builder.module(NewModule {
            name: name.into(),
            path: path.into(),
            kind,
            code: vec![b"code".into()],
            source: source.map(|source| Packed::plain(source.as_bytes())),
        });
    }
    builder.file("pkg/data/text.txt", text.as_bytes());
    builder.file("pkg/data/run", b"#!/bin/sh\necho ran\n");
    builder.file("pkg/data/lib.so", b"\x7fELF");
    builder.unpack("pkg");
    builder.finish().unwrap()
}

/// A separate cache into which the bundle has been unpacked.
struct Cache {
    root: tempfile::TempDir,
    bytes: Vec<u8>,
    tree: PathBuf,
}

impl Cache {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let bytes = bundle("text");
        let tree = ensure(root.path(), &Bundle::open(&bytes).unwrap(), Some(0)).unwrap();
        Self { root, bytes, tree }
    }

    fn base(&self) -> PathBuf {
        self.root.path().join("include-py")
    }

    fn again(&self) -> Result<PathBuf, Fault> {
        ensure(self.root.path(), &Bundle::open(&self.bytes).unwrap(), Some(0))
    }

    fn refused(&self) -> String {
        self.again().unwrap_err().to_string()
    }

    /// Waits until the file system's clock has advanced, and writes the stamp.
    fn stamped(self) -> Self {
        thread::sleep(Duration::from_millis(60));
        self.again().unwrap();
        assert!(self.tree.with_extension("stamp").exists());
        self
    }

    fn is_intact(&self) -> bool {
        let bundle = Bundle::open(&self.bytes).unwrap();
        let entries = bundle.unpacked().entries(Some(0)).unwrap();
        let tree = Tree::known(entries, bundle.unpacked().digest(Some(0)).unwrap());
        check::is_intact(&self.tree, &tree)
    }
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn everything_is_written_for_the_user_alone() {
    let cache = Cache::new();
    assert_eq!(names(&cache.base()), [cache.tree.file_name().unwrap().to_str().unwrap()]);
    assert_eq!(names(&cache.tree), ["pkg"]);
    assert_eq!(names(&cache.tree.join("pkg")), ["__init__.py", "__pycache__", "bare.pyc", "data"]);
    assert_eq!(names(&cache.tree.join("pkg/__pycache__")), ["__init__.cpython-311.pyc"]);
    assert_eq!(fs::read(cache.tree.join("pkg/data/text.txt")).unwrap(), b"text");
    for (path, expected) in [
        ("", 0o700),
        ("pkg/data", 0o700),
        ("pkg/data/text.txt", 0o600),
        ("pkg/__init__.py", 0o600),
        ("pkg/data/run", 0o700),
        ("pkg/data/lib.so", 0o700),
    ] {
        assert_eq!(mode(&cache.tree.join(path)), expected, "{path}");
    }
    assert_eq!(mode(&cache.base()), 0o700);
    let output = Command::new(cache.tree.join("pkg/data/run")).output().unwrap();
    assert_eq!(output.stdout, b"ran\n");
}

#[test]
fn a_later_start_writes_nothing() {
    let cache = Cache::new().stamped();
    let inode = |cache: &Cache| fs::metadata(cache.tree.join("pkg/data/text.txt")).unwrap().ino();
    let before = inode(&cache);
    assert_eq!(cache.again().unwrap(), cache.tree);
    assert_eq!(inode(&cache), before);
}

/// Each kind of damage is done to a cache with a stamp, and to one without.
#[test]
fn damage_of_every_kind_is_noticed_and_mended() {
    type Damage = fn(&Path);
    let kinds: &[(&str, Damage)] = &[
        ("altered, of the same size and time", |tree| {
            let file = tree.join("pkg/data/text.txt");
            let time = fs::metadata(&file).unwrap().modified().unwrap();
            fs::write(&file, "TEXT").unwrap();
            fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
        }),
        ("longer", |tree| fs::write(tree.join("pkg/data/text.txt"), "longer").unwrap()),
        ("missing", |tree| fs::remove_file(tree.join("pkg/data/text.txt")).unwrap()),
        ("additional", |tree| fs::write(tree.join("pkg/json.py"), "").unwrap()),
        ("additional at the top", |tree| fs::write(tree.join("json.py"), "").unwrap()),
        ("additional directory", |tree| fs::create_dir(tree.join("pkg/data/more")).unwrap()),
        ("a directory for a file", |tree| {
            fs::remove_file(tree.join("pkg/data/text.txt")).unwrap();
            fs::create_dir(tree.join("pkg/data/text.txt")).unwrap();
        }),
        ("a file for a directory", |tree| {
            fs::remove_dir_all(tree.join("pkg/data")).unwrap();
            fs::write(tree.join("pkg/data"), "").unwrap();
        }),
        ("a link to a file with the same content", |tree| {
            fs::rename(tree.join("pkg/data/text.txt"), tree.with_extension("txt")).unwrap();
            symlink(tree.with_extension("txt"), tree.join("pkg/data/text.txt")).unwrap();
        }),
        ("a link to a directory with the same content", |tree| {
            fs::rename(tree.join("pkg/data"), tree.with_extension("data")).unwrap();
            symlink(tree.with_extension("data"), tree.join("pkg/data")).unwrap();
        }),
        ("the whole tree behind a link", |tree| {
            fs::rename(tree, tree.with_extension("elsewhere")).unwrap();
            symlink(tree.with_extension("elsewhere"), tree).unwrap();
        }),
        ("a pipe", |tree| {
            let path = tree.join("pkg/data/text.txt");
            fs::remove_file(&path).unwrap();
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
        ("writable by others", |tree| set_mode(&tree.join("pkg/data/text.txt"), 0o622)),
        ("a directory that others can write to", |tree| set_mode(&tree.join("pkg"), 0o770)),
        ("a top that others can write to", |tree| set_mode(tree, 0o777)),
        ("gone", |tree| fs::remove_dir_all(tree).unwrap()),
        ("a file for everything", |tree| {
            fs::remove_dir_all(tree).unwrap();
            fs::write(tree, "").unwrap();
        }),
    ];
    for (kind, damage) in kinds {
        for cache in [Cache::new(), Cache::new().stamped()] {
            damage(&cache.tree);
            assert!(!cache.is_intact(), "{kind}");
            assert_eq!(cache.again().unwrap(), cache.tree, "{kind}");
            assert!(cache.is_intact(), "{kind}");
            let left = names(&cache.base());
            assert!(!left.iter().any(|name| name.starts_with('.')), "{kind}: {left:?}");
        }
    }
}

#[test]
fn files_of_another_user_are_replaced() {
    for path in ["", "pkg", "pkg/data/text.txt"] {
        let cache = Cache::new().stamped();
        if chown(cache.tree.join(path), Some(STRANGER), None).is_err() {
            testbed::not_covered("only root can give files away");
            return;
        }
        assert!(!cache.is_intact(), "{path}");
        cache.again().unwrap();
        assert!(cache.is_intact(), "{path}");
    }
}

#[test]
fn a_directory_that_others_could_change_is_refused() {
    let refused = |prepare: fn(&Path), why: &str| {
        let cache = Cache::new();
        prepare(&cache.base());
        let message = cache.refused();
        let expected = format!("`{}` isn't to be trusted, since {why}", cache.base().display());
        assert!(
            message.starts_with(&expected) && message.contains("INCLUDE_PY_CACHE"),
            "{message}"
        );
    };
    refused(|base| set_mode(base, 0o777), "others can write to it (mode 777)");
    refused(|base| set_mode(base, 0o730), "others can write to it (mode 730)");
    refused(
        |base| {
            fs::rename(base, base.with_extension("moved")).unwrap();
            symlink(base.with_extension("moved"), base).unwrap();
        },
        "it is a symbolic link",
    );
    refused(
        |base| {
            fs::remove_dir_all(base).unwrap();
            fs::write(base, "").unwrap();
        },
        "it is a file",
    );
    // The same for the directories above.
    let above = |prepare: &dyn Fn(&Path), why: &str| {
        let root = tempfile::tempdir().unwrap();
        let cache = root.path().join("a/b");
        fs::create_dir_all(&cache).unwrap();
        prepare(&root.path().join("a"));
        let bytes = bundle("text");
        let error = ensure(&cache, &Bundle::open(&bytes).unwrap(), Some(0)).unwrap_err();
        assert!(error.to_string().contains(&format!("/a` isn't to be trusted, since {why}")));
    };
    above(&|path| set_mode(path, 0o777), "everybody can write to it (mode 777)");
    if chown(Cache::new().base(), Some(STRANGER), None).is_ok() {
        let stranger = |path: &Path| chown(path, Some(STRANGER), None).unwrap();
        refused(|base| chown(base, Some(STRANGER), None).unwrap(), "it belongs to another user");
        above(&stranger, "it belongs to another user (54321)");
    }
}

#[test]
fn a_directory_with_the_sticky_bit_and_a_group_that_writes_above_are_fine() {
    for mode in [0o1777, 0o775] {
        let root = tempfile::tempdir().unwrap();
        set_mode(root.path(), mode);
        let bytes = bundle("text");
        ensure(&root.path().join("x/y"), &Bundle::open(&bytes).unwrap(), Some(0)).unwrap();
    }
}

/// The states in which a writer can be killed, from the first directory created to the last one
/// removed.
#[test]
fn a_writer_that_is_killed_leaves_no_damage() {
    type State = fn(&Cache);
    let states: [State; 5] = [
        // Nothing written yet; half written.
        |cache| {
            fs::remove_dir_all(&cache.tree).unwrap();
            fs::create_dir(cache.base().join(".new-1-1")).unwrap();
        },
        |cache| {
            fs::rename(&cache.tree, cache.base().join(".new-1-1")).unwrap();
            fs::write(cache.base().join(".new-1-1/pkg/data/text.txt"), "te").unwrap();
        },
        // Everything written; the damaged directory moved away; the new one in place.
        |cache| fs::rename(&cache.tree, cache.base().join(".new-1-1")).unwrap(),
        |cache| fs::rename(&cache.tree, cache.base().join(".old-1-1")).unwrap(),
        |cache| fs::create_dir(cache.base().join(".old-1-1")).unwrap(),
    ];
    for (number, state) in states.iter().enumerate() {
        let cache = Cache::new();
        state(&cache);
        cache.again().unwrap();
        assert!(cache.is_intact(), "{number}");
        // If everything is intact, leftovers aren't searched for.
        fs::remove_dir_all(&cache.tree).unwrap();
        cache.again().unwrap();
        assert_eq!(names(&cache.base()).len(), 1, "{number}");
    }
}

#[test]
fn twenty_threads_use_the_files_of_one_writer() {
    for damaged in [false, true] {
        let cache = Cache::new();
        if damaged {
            fs::write(cache.tree.join("pkg/data/text.txt"), "TEXT").unwrap();
        } else {
            fs::remove_dir_all(&cache.tree).unwrap();
        }
        let inodes: Vec<u64> = thread::scope(|scope| {
            let start = || {
                scope.spawn(|| {
                    let tree = cache.again().unwrap();
                    fs::metadata(tree.join("pkg/data/text.txt")).unwrap().ino()
                })
            };
            let started: Vec<_> = (0..20).map(|_| start()).collect();
            started.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(inodes.iter().all(|inode| *inode == inodes[0]), "{inodes:?}");
        assert!(cache.is_intact());
    }
}

#[test]
fn two_versions_stand_side_by_side() {
    let cache = Cache::new();
    let newer = bundle("newer");
    let bundle = Bundle::open(&newer).unwrap();
    let other = ensure(cache.root.path(), &bundle, Some(0)).unwrap();
    assert_ne!(other, cache.tree);
    assert_eq!(fs::read(other.join("pkg/data/text.txt")).unwrap(), b"newer");
    assert!(cache.is_intact());
    // Without bytecode the content differs, so it is another directory.
    let sources = ensure(cache.root.path(), &bundle, None).unwrap();
    assert_eq!(names(&sources.join("pkg")), ["__init__.py", "data"]);
    assert_eq!(names(&cache.base()).len(), 3);
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    let bytes = bundle("text");
    let bundle = Bundle::open(&bytes).unwrap();
    let message = ensure(Path::new("/proc/none"), &bundle, Some(0)).unwrap_err().to_string();
    assert!(message.starts_with("`/proc/none` can't be made: "), "{message}");
    assert!(message.contains("set `INCLUDE_PY_CACHE` to a directory"), "{message}");
}

#[test]
fn a_bundle_that_was_changed_is_not_written() {
    let root = tempfile::tempdir().unwrap();
    let mut bytes = bundle("text-to-find");
    let place = bytes.windows(12).position(|part| part == b"text-to-find").unwrap();
    bytes[place] = b'T';
    let error = ensure(root.path(), &Bundle::open(&bytes).unwrap(), Some(0)).unwrap_err();
    assert!(matches!(error, Fault::Digest), "{error}");
    assert!(names(&root.path().join("include-py")).is_empty());
}

#[test]
#[ignore = "measures: `cargo test -p include-py --lib unpack_costs -- --ignored --nocapture`"]
fn unpack_costs() {
    let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
    for number in 0..850_u32 {
        let content: Vec<u8> = number.to_le_bytes().repeat(3000);
        builder.file(format!("pkg/{}/{number}.txt", number % 40), content);
    }
    builder.unpack("pkg");
    let cache = Cache { bytes: builder.finish().unwrap(), ..Cache::new() };
    let time = |what: &str| {
        let start = std::time::Instant::now();
        let tree = cache.again().unwrap();
        println!("{what}: {:?}", start.elapsed());
        tree
    };
    let tree = time("850 files of 12 kB, written");
    thread::sleep(Duration::from_millis(60));
    time("read, with their SHA-256");
    time("compared with the stamp");
    fs::remove_file(tree.with_extension("stamp")).unwrap();
    time("read again");
    time("compared again");
}
