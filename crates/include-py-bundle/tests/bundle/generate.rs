//! Generates random content for bundles; the same seed gives the same content.
//!
//! `Content::random(&mut Random::new(1))` has several modules, files and distributions.

use std::collections::{BTreeMap, BTreeSet};

use include_py_bundle::{Builder, ModuleKind, NewLibrary, NewModule, Packed, Target};

/// A xorshift generator (Marsaglia, 2003), which is random enough for tests.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        // A state of zero would stay zero.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number less than `end`, which must not be 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from((self.next() >> 16) % u64::try_from(end).unwrap()).unwrap()
    }

    pub(crate) fn pick<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len())]
    }

    pub(crate) fn bytes(&mut self, longest: usize) -> Vec<u8> {
        (0..self.below(longest + 1)).map(|_| self.next().to_le_bytes()[3]).collect()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}

/// The content of a bundle as plain collections, for the writer's input and the reader's output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) name: String,
    pub(crate) targets: Vec<Target>,
    /// By name.
    pub(crate) modules: BTreeMap<String, Module>,
    /// By path: the data of a file, `None` for a directory.
    pub(crate) tree: BTreeMap<String, Option<Vec<u8>>>,
    /// The directory by normalised name.
    pub(crate) distributions: BTreeMap<String, String>,
    /// None of the paths lies in another.
    pub(crate) unpacked: BTreeSet<String>,
    /// By path: the libraries to load first, and whether a real file is needed.
    pub(crate) libraries: BTreeMap<String, (Vec<String>, bool)>,
    /// By name: the path and the reason.
    pub(crate) absent: BTreeMap<String, (String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Module {
    pub(crate) path: String,
    pub(crate) kind: ModuleKind,
    pub(crate) code: Vec<Vec<u8>>,
    pub(crate) source: Option<Vec<u8>>,
}

/// Components that sort before, between and after the separators, and share prefixes.
const COMPONENTS: [&str; 8] = ["a", "b", "a-b", "a_b", "ab", "A", "\u{e9}", "z~"];

impl Content {
    pub(crate) fn random(random: &mut Random) -> Self {
        let targets = [
            Target::new(3495, 0x030b_07f0, 4, 0),
            Target::new(3531, 0x030c_01f0, 4, 2),
            Target::new(3571, 0x030d_00c1, 4, 1),
        ];
        let mut content = Self {
            name: (*random.pick(&["app", "my-app", "\u{e9}"])).to_owned(),
            targets: targets[..=random.below(targets.len())].to_vec(),
            tree: BTreeMap::from([(String::new(), None)]),
            ..Self::default()
        };
        for _ in 0..random.below(12) {
            content.add_module(random);
        }
        let taken: BTreeSet<_> =
            content.modules.values().map(|module| module.path.clone()).collect();
        for _ in 0..random.below(8) {
            let path = join(random, "/");
            if !taken.contains(&path) {
                let data = random.bytes(9);
                content.add_file(&path, data);
            }
        }
        for _ in 0..random.below(3) {
            let name = *random.pick(&["foo", "foo-bar", "zope-x"]);
            if content.add_directories(&format!("{name}-1.0.dist-info")) {
                content.distributions.insert(name.to_owned(), format!("{name}-1.0.dist-info"));
            }
        }
        content.add_unpacked(random);
        content.add_libraries(random);
        for _ in 0..random.below(3) {
            let name = join(random, ".");
            if !content.modules.contains_key(&name) {
                content.absent.insert(name, (join(random, "/"), join(random, " ")));
            }
        }
        content
    }

    /// Adds the modules in machine code and some files as libraries with random dependencies.
    fn add_libraries(&mut self, random: &mut Random) {
        let native = self.modules.values().filter(|module| module.kind.is_native());
        let mut paths: BTreeSet<String> = native.map(|module| module.path.clone()).collect();
        for (path, data) in &self.tree {
            if data.is_some() && random.below(3) == 0 {
                paths.insert(path.clone());
            }
        }
        let all: Vec<_> = paths.iter().cloned().collect();
        for path in paths {
            let mut loads: Vec<_> =
                (0..random.below(3)).map(|_| random.pick(&all).clone()).collect();
            loads.retain(|one| *one != path);
            self.libraries.insert(path, (loads, random.below(2) == 0));
        }
    }

    /// Unpacks some of the modules and nodes.
    fn add_unpacked(&mut self, random: &mut Random) {
        let modules = self.modules.values().map(|module| &module.path);
        let nodes = self.tree.keys().filter(|path| !path.is_empty());
        let paths: Vec<String> = modules.chain(nodes).cloned().collect();
        for _ in 0..random.below(4) {
            if !paths.is_empty() {
                self.unpacked.insert(random.pick(&paths).clone());
            }
        }
        let all = self.unpacked.clone();
        self.unpacked
            .retain(|path| !path.match_indices('/').any(|(end, _)| all.contains(&path[..end])));
    }

    fn add_module(&mut self, random: &mut Random) {
        let name = join(random, ".");
        let path = name.replace('.', "/");
        let kinds = [
            ModuleKind::Module,
            ModuleKind::Package,
            ModuleKind::Namespace,
            ModuleKind::Extension,
            ModuleKind::ExtensionPackage,
        ];
        let kind = *random.pick(&kinds);
        let (path, codes) = match kind {
            ModuleKind::Package => (format!("{path}/__init__.py"), self.targets.len()),
            ModuleKind::Namespace => (path, 0),
            ModuleKind::Extension => (format!("{path}.abi3.so"), 0),
            ModuleKind::ExtensionPackage => (format!("{path}/__init__.abi3.so"), 0),
            _ => (format!("{path}.py"), self.targets.len()),
        };
        if self.modules.contains_key(&name) {
            return;
        }
        // Short, so that some of them are equal.
        let code = (0..codes).map(|_| random.bytes(2)).collect();
        let has_source = kind.is_native() || kind != ModuleKind::Namespace && random.below(2) == 0;
        // Repeated, so that compressing pays for some of them.
        let source = has_source.then(|| random.bytes(6).repeat(*random.pick(&[1, 40])));
        let directory = if kind == ModuleKind::Namespace { Some(&*path) } else { parent(&path) };
        directory.map(|directory| self.add_directories(directory));
        if let Some(source) = &source {
            self.tree.insert(path.clone(), Some(source.clone()));
        }
        self.modules.insert(name, Module { path, kind, code, source });
    }

    fn add_file(&mut self, path: &str, data: Vec<u8>) {
        let fits = parent(path).is_none_or(|directory| self.add_directories(directory));
        if fits && !self.tree.contains_key(path) {
            self.tree.insert(path.to_owned(), Some(data));
        }
    }

    /// Adds the directories; `false` if a file is in the way.
    fn add_directories(&mut self, directory: &str) -> bool {
        let ends = directory.match_indices('/').map(|(end, _)| end).chain([directory.len()]);
        let directories: Vec<&str> = ends.map(|end| &directory[..end]).collect();
        if directories.iter().any(|path| matches!(self.tree.get(*path), Some(Some(_)))) {
            return false;
        }
        self.tree.extend(directories.into_iter().map(|path| (path.to_owned(), None)));
        true
    }

    /// Adds everything to a builder, in an order that depends on `random`.
    ///
    /// Directories without content that no module needs aren't passed.
    pub(crate) fn build(&self, random: &mut Random) -> Vec<u8> {
        enum Step<'s> {
            Module(&'s str, &'s Module),
            File(&'s str, &'s [u8]),
            Distribution(&'s str, &'s str),
            Unpack(&'s str),
            Library(&'s str, &'s [String], bool),
            Absent(&'s str, &'s str, &'s str),
        }
        let is_source = |path: &str| {
            self.modules.values().any(|module| module.path == *path && module.source.is_some())
        };
        let modules = self.modules.iter().map(|(name, module)| Step::Module(name, module));
        let files = self.tree.iter().filter(|(path, _)| !is_source(path));
        let files = files.filter_map(|(path, data)| Some(Step::File(path, data.as_deref()?)));
        let distributions = self.distributions.iter().map(|(n, d)| Step::Distribution(n, d));
        let unpacked = self.unpacked.iter().map(|path| Step::Unpack(path));
        let libraries = self.libraries.iter();
        let libraries = libraries.map(|(path, (loads, file))| Step::Library(path, loads, *file));
        let absent = self.absent.iter();
        let absent = absent.map(|(name, (path, reason))| Step::Absent(name, path, reason));
        let steps = modules.chain(files).chain(distributions).chain(unpacked);
        let mut steps: Vec<_> = steps.chain(libraries).chain(absent).collect();
        random.shuffle(&mut steps);

        let mut builder = Builder::new(&self.name, &self.targets);
        for step in steps {
            match step {
                Step::Module(name, module) => builder.module(NewModule {
                    name: name.to_owned(),
                    path: module.path.clone(),
                    kind: module.kind,
                    code: module.code.iter().map(|code| code.as_slice().into()).collect(),
                    source: module.source.as_deref().map(Packed::compressed),
                }),
                Step::File(path, data) => builder.file(path, data),
                Step::Distribution(name, directory) => builder.distribution(name, directory),
                Step::Unpack(path) => builder.unpack(path),
                Step::Library(path, loads, needs_file) => builder.library(NewLibrary {
                    path: path.to_owned(),
                    loads: loads.to_vec(),
                    needs_file,
                }),
                Step::Absent(name, path, reason) => builder.absent(name, path, reason),
            };
        }
        builder.finish().unwrap()
    }
}

/// One to three components.
fn join(random: &mut Random, separator: &str) -> String {
    let components: Vec<_> = (0..=random.below(3)).map(|_| *random.pick(&COMPONENTS)).collect();
    components.join(separator)
}

fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(parent, _)| parent)
}
