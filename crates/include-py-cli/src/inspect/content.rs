//! Counts and measures the content of one bundle.

use std::borrow::Cow;
use std::collections::BTreeMap;

use include_py_bundle::{Bundle, Error, ModuleKind, Node, SYSTEM_LIBRARIES, SYSTEM_LICENCES};

use super::licence::licence;
use super::needs::Needs;

/// The content of a bundle.
pub(super) struct Content<'a> {
    pub(super) bundle: Bundle<'a>,
    /// By top-level name; files outside of packages have their own name.
    pub(super) packages: BTreeMap<&'a str, Package>,
    pub(super) distributions: Vec<Distribution<'a>>,
    pub(super) native: Vec<Native<'a>>,
    /// Names of missing modules, and the reasons.
    pub(super) absent: Vec<(&'a str, &'a str)>,
}

/// The content of a package, or of a top-level module.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Package {
    pub(super) modules: usize,
    pub(super) files: usize,
    /// In bytes: code for all targets, and files before compression.
    pub(super) size: usize,
}

/// A distribution and its licence.
pub(super) struct Distribution<'a> {
    pub(super) name: &'a str,
    pub(super) directory: &'a str,
    pub(super) licence: Option<String>,
}

/// A file of machine code.
pub(super) struct Native<'a> {
    pub(super) path: &'a str,
    /// The module's name, if it is an extension module.
    pub(super) module: Option<&'a str>,
    pub(super) size: usize,
    pub(super) needed: Vec<String>,
    /// Of a library that was the build machine's.
    pub(super) licence: Option<String>,
}

impl<'a> Content<'a> {
    /// Counts the content and adds the requirements of its machine code to `needs`.
    pub(super) fn of(bundle: Bundle<'a>, needs: &mut Needs) -> Result<Self, Error> {
        let mut packages = BTreeMap::<&str, Package>::new();
        let mut modules = BTreeMap::new();
        let targets = bundle.targets().len();
        for module in bundle.modules() {
            let module = module?;
            let package = packages.entry(top(module.path(), module.name())).or_default();
            package.modules += usize::from(module.kind() != ModuleKind::Namespace);
            let code = (0..targets).filter_map(|target| module.code(target));
            package.size += code.map(<[u8]>::len).sum::<usize>();
            if let Some(file) = module.native() {
                modules.insert(file.path(), module.name());
            }
        }
        count_files(&bundle, &modules, &mut packages)?;
        let licences = system_licences(&bundle)?;
        let mut native = Vec::new();
        for library in bundle.libraries() {
            let file = library?.file();
            let elf = needs.add(&file.content()?);
            native.push(Native {
                path: file.path(),
                module: modules.get(file.path()).copied(),
                size: file.size(),
                needed: elf.map(|elf| elf.needed).unwrap_or_default(),
                licence: licences.get(file.path()).cloned(),
            });
        }
        let distributions = bundle.distributions().map(|one| {
            let (name, directory) = one.map(|one| (one.name(), one.directory()))?;
            let metadata = match bundle.node(&format!("{directory}/METADATA"))? {
                Some(Node::File(file)) => file.content()?,
                _ => Cow::Borrowed(&[][..]),
            };
            let licence = licence(&String::from_utf8_lossy(&metadata).replace("\r\n", "\n"));
            Ok(Distribution { name, directory, licence })
        });
        let absent = bundle.absent_modules().map(|one| one.map(|one| (one.name(), one.reason())));
        Ok(Self {
            bundle,
            packages,
            distributions: distributions.collect::<Result<_, Error>>()?,
            native,
            absent: absent.collect::<Result<_, _>>()?,
        })
    }
}

/// The licences of libraries by their paths, as far as the build knew them.
fn system_licences(bundle: &Bundle<'_>) -> Result<BTreeMap<String, String>, Error> {
    let Some(Node::File(file)) = bundle.node(SYSTEM_LICENCES)? else {
        return Ok(BTreeMap::new());
    };
    let content = file.content()?;
    let text = String::from_utf8_lossy(&content);
    let named = text.lines().filter_map(|line| line.split_once(' '));
    let known = named.filter(|(_, licence)| *licence != "unknown");
    Ok(known.map(|(name, one)| (format!("{SYSTEM_LIBRARIES}/{name}"), one.to_owned())).collect())
}

fn count_files<'a>(
    bundle: &Bundle<'a>,
    modules: &BTreeMap<&'a str, &'a str>,
    packages: &mut BTreeMap<&'a str, Package>,
) -> Result<(), Error> {
    let mut open = Vec::new();
    open.extend(bundle.node("")?);
    while let Some(node) = open.pop() {
        match node {
            Node::Directory(directory) => {
                for child in directory.children() {
                    open.push(child?);
                }
            }
            Node::File(file) => {
                // `x.abi3.so` belongs to module `x`.
                let name = modules.get(file.path()).copied().unwrap_or(file.path());
                let package = packages.entry(top(file.path(), name)).or_default();
                package.files += 1;
                package.size += file.size();
            }
        }
    }
    Ok(())
}

/// The top-level name: that of the package, or that of the module.
fn top<'a>(path: &'a str, name: &'a str) -> &'a str {
    match path.split_once('/') {
        Some((top, _)) => top,
        // `x.py` belongs to module `x`, as does its source.
        None => name.strip_suffix(".py").unwrap_or(name),
    }
}
