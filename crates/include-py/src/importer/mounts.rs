//! The installed bundles by virtual root: finds the bundle to which a path leads.

use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock, Weak},
};

use include_py_bundle::SYSTEM_LIBRARIES;

use crate::{mount::Mount, resources::BundlePath};

/// The latest first. The references are weak, so a bundle can already be dropped.
static MOUNTS: RwLock<Vec<Weak<Mount>>> = RwLock::new(Vec::new());

/// From now on paths below the mount's root lead into its bundle.
pub(super) fn add(mount: &Arc<Mount>) {
    let mut mounts = MOUNTS.write().unwrap_or_else(PoisonError::into_inner);
    mounts.retain(|one| one.strong_count() > 0);
    mounts.insert(0, Arc::downgrade(mount));
}

/// Undoes [`add`] for the bundles at this root.
pub(super) fn remove(root: &str) {
    let mut mounts = MOUNTS.write().unwrap_or_else(PoisonError::into_inner);
    mounts.retain(|one| one.upgrade().is_some_and(|mount| mount.root() != root));
}

/// The location of a path in one of the bundles; it needn't exist.
pub(super) fn locate(path: &str) -> Option<BundlePath> {
    let mounts = MOUNTS.read().unwrap_or_else(PoisonError::into_inner);
    mounts.iter().filter_map(Weak::upgrade).find_map(|mount| {
        let inner = mount.locate(path)?;
        Some(BundlePath::new(&mount, &inner))
    })
}

/// The location in a bundle from which a real file was unpacked.
pub(super) fn unpacked(path: &Path) -> Option<BundlePath> {
    let mounts = MOUNTS.read().unwrap_or_else(PoisonError::into_inner);
    mounts.iter().filter_map(Weak::upgrade).find_map(|mount| {
        let inner = path.strip_prefix(mount.unpacked()?).ok()?.to_str()?.to_owned();
        Some(BundlePath::new(&mount, &inner))
    })
}

/// The bundles' directories with libraries of the build machine, those of the latest bundle first.
pub(super) fn system_libraries() -> Vec<BundlePath> {
    let mounts = MOUNTS.read().unwrap_or_else(PoisonError::into_inner);
    let mounts = mounts.iter().filter_map(Weak::upgrade);
    mounts.map(|mount| BundlePath::new(&mount, SYSTEM_LIBRARIES)).collect()
}

/// The bundle to which a path leads.
pub(super) fn mount_of(path: &str) -> Option<Arc<Mount>> {
    let mounts = MOUNTS.read().unwrap_or_else(PoisonError::into_inner);
    mounts.iter().filter_map(Weak::upgrade).find(|mount| mount.locate(path).is_some())
}
