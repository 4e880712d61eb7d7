//! Checks the content of a builder. Duplicates are found by comparing neighbours in sorted order.
//!
//! The message for two modules with the same name has both paths: `json.py` and `json/__init__.py`.

use super::{Builder, NewDistribution, NewModule, Tree};
use crate::{Error, ErrorKind, ModuleKind, Target, names};

/// `builder` must be sorted, so that of several errors always the same one is reported.
pub(super) fn check(builder: &Builder<'_>) -> Result<(), Error> {
    if let Err(reason) = names::check_bundle_name(&builder.name) {
        let message = format!("{:?} can't be a bundle's name, {reason}: rename it", builder.name);
        return Err(Error::write(ErrorKind::InvalidName, message));
    }
    check_targets(&builder.targets)?;
    for module in &builder.modules {
        check_module(module, &builder.targets)?;
    }
    for file in &builder.files {
        names::check_path(&file.path).map_err(|reason| bad_path(&file.path, "a file", reason))?;
    }
    for directory in &builder.directories {
        names::check_path(directory)
            .map_err(|reason| bad_path(directory, "a directory", reason))?;
    }
    for distribution in &builder.distributions {
        check_distribution(distribution)?;
    }
    check_twins(builder)
}

fn check_targets(targets: &[Target]) -> Result<(), Error> {
    let error = |message| Err(Error::write(ErrorKind::InvalidTarget, message));
    if targets.is_empty() {
        return error("the bundle has no target: give it at least one interpreter".to_owned());
    }
    for (number, target) in targets.iter().enumerate() {
        if !target.is_plausible() {
            return error(format!(
                "no interpreter is like `{target}` with hexversion {:#010x} and optimisation {}: \
                 take `sys.hexversion`, and 0, 1 or 2",
                target.hexversion(),
                target.optimize(),
            ));
        }
        if targets[..number].contains(target) {
            return error(format!("the target `{target}` is added twice: remove one of them"));
        }
    }
    Ok(())
}

fn check_module(module: &NewModule<'_>, targets: &[Target]) -> Result<(), Error> {
    if let Err(reason) = names::check_module_name(&module.name) {
        let message = format!(
            "{:?} (`{}`) can't be a module's name, {reason}: rename or exclude it",
            module.name, module.path,
        );
        return Err(Error::write(ErrorKind::InvalidName, message));
    }
    names::check_module_path(&module.path, module.kind).map_err(|reason| {
        bad_path(&module.path, &format!("the module `{}`", module.name), reason)
    })?;

    let namespace = module.kind == ModuleKind::Namespace;
    let expected = if module.kind.has_code() { targets.len() } else { 0 };
    if module.code.len() != expected {
        let message = format!(
            "the module `{}` has {} codes where {expected} belong: give one for each target, \
             and none for a namespace package or machine code",
            module.name,
            module.code.len(),
        );
        return Err(Error::write(ErrorKind::CodeCount, message));
    }
    if namespace && module.source.is_some() {
        let reason = "a namespace package is a directory and has no source";
        return Err(bad_path(&module.path, &format!("the module `{}`", module.name), reason));
    }
    if module.kind.is_native() && module.source.is_none() {
        let reason = "its machine code is missing";
        return Err(bad_path(&module.path, &format!("the module `{}`", module.name), reason));
    }
    Ok(())
}

fn check_distribution(distribution: &NewDistribution) -> Result<(), Error> {
    if let Err(reason) = names::check_distribution_name(&distribution.spelling) {
        let message = format!(
            "{:?} (`{}`) can't be a distribution's name, {reason}: exclude it",
            distribution.spelling, distribution.directory,
        );
        return Err(Error::write(ErrorKind::InvalidName, message));
    }
    names::check_path(&distribution.directory).map_err(|reason| {
        let owner = format!("the distribution `{}`", distribution.spelling);
        bad_path(&distribution.directory, &owner, reason)
    })
}

/// Checks that each unpacked path is a node of the tree or a module without source.
pub(super) fn check_unpacked(builder: &Builder<'_>, tree: &Tree<'_>) -> Result<(), Error> {
    for path in &builder.unpacked {
        names::check_path(path).map_err(|reason| bad_path(path, "what is unpacked", reason))?;
        let is_module = || builder.modules.iter().any(|module| module.path == *path);
        if !tree.nodes().iter().any(|(node, _)| node == path) && !is_module() {
            let reason = "the bundle has nothing at this path";
            return Err(bad_path(path, "what is unpacked", reason));
        }
    }
    Ok(())
}

/// Checks that libraries are files in the tree and listed once, and that omitted modules don't
/// exist.
pub(super) fn check_libraries(builder: &Builder<'_>, tree: &Tree<'_>) -> Result<(), Error> {
    let is_file = |path: &str| {
        let place = tree.nodes().binary_search_by(|(node, _)| (*node).cmp(path));
        place.is_ok_and(|place| tree.nodes().get(place).is_some_and(|(_, data)| data.is_some()))
    };
    let named = |path: &str| builder.libraries.binary_search_by(|one| (*one.path).cmp(path));
    for library in &builder.libraries {
        if !is_file(&library.path) {
            return Err(bad_path(
                &library.path,
                "a library",
                "the bundle has no file at this path",
            ));
        }
        for needed in &library.loads {
            if *needed == library.path || named(needed).is_err() {
                let owner = format!("what `{}` needs", library.path);
                return Err(bad_path(needed, &owner, "it isn't another library of the bundle"));
            }
        }
    }
    if let Some(pair) = builder.libraries.windows(2).find(|pair| pair[0].path == pair[1].path) {
        return Err(bad_path(&pair[0].path, "a library", "it is listed twice"));
    }
    for module in builder.modules.iter().filter(|module| module.kind.is_native()) {
        if named(&module.path).is_err() {
            let reason = "`Builder::library` doesn't say what it needs";
            return Err(bad_path(&module.path, &format!("the module `{}`", module.name), reason));
        }
    }
    let has = |name: &str| builder.modules.binary_search_by(|one| (*one.name).cmp(name)).is_ok();
    for (number, absent) in builder.absent.iter().enumerate() {
        let twice = number > 0 && builder.absent[number - 1].name == absent.name;
        let bad = names::check_module_name(&absent.name).err();
        let bad = bad.or_else(|| has(&absent.name).then_some("the bundle contains it"));
        if let Some(reason) = bad.or_else(|| twice.then_some("it is listed twice")) {
            let message = format!("the module `{}` can't be omitted, {reason}", absent.name);
            return Err(Error::write(ErrorKind::InvalidName, message));
        }
        names::check_path(&absent.path)
            .map_err(|reason| bad_path(&absent.path, "an omitted module", reason))?;
    }
    Ok(())
}

/// Finds duplicates, which are neighbours because the content is sorted.
fn check_twins(builder: &Builder<'_>) -> Result<(), Error> {
    for pair in builder.modules.windows(2) {
        if pair[0].name == pair[1].name {
            let message = format!(
                "the module `{}` is added twice, from `{}` and from `{}`: remove one of them",
                pair[0].name, pair[0].path, pair[1].path,
            );
            return Err(Error::write(ErrorKind::DuplicateModule, message));
        }
    }
    for pair in builder.distributions.windows(2) {
        if pair[0].name == pair[1].name {
            let message = format!(
                "the distribution `{}` is added twice, from `{}` and from `{}`: \
                 remove one of them",
                pair[0].name, pair[0].directory, pair[1].directory,
            );
            return Err(Error::write(ErrorKind::DuplicateDistribution, message));
        }
    }
    Ok(())
}

fn bad_path(path: &str, owner: &str, reason: &str) -> Error {
    let message = format!("{path:?} can't be the path of {owner}, {reason}: rename or exclude it");
    Error::write(ErrorKind::InvalidPath, message)
}
