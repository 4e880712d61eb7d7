//! Reads sources and writes `.pyc` files, with as few system calls as possible.
//!
//! A file is written under a temporary name and then renamed, so an incomplete file is never
//! visible. A file that already has the right content is kept and only touched.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::OnceLock;
use std::time::SystemTime;

use tempfile::NamedTempFile;

/// The content and metadata of a source.
pub(crate) fn read(source: &Path) -> io::Result<(Vec<u8>, Metadata)> {
    let mut file = File::open(source)?;
    let metadata = file.metadata()?;
    let mut text = Vec::new();
    if metadata.is_file() {
        // In one call for the known length: `read_to_end` would begin with 8 KB, and need a last
        // call that returns 0.
        text = vec![0; metadata.len().try_into().unwrap_or(0)];
        let length = fill(&mut text, &mut file)?;
        text.truncate(length);
    } else {
        file.read_to_end(&mut text)?;
    }
    Ok((text, metadata))
}

/// Reads until `buffer` is full or the file ends; returns the number of bytes.
fn fill(buffer: &mut [u8], file: &mut File) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Whether a file may have further names: it may if levels are hard-linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    Alone,
    Linked,
}

/// Writes a file with the source's permissions plus `u+w`, less the umask (`_bootstrap_external.py:
/// _calc_mode`, `_write_atomic`, 3.13).
pub(crate) fn write(
    file: &Path,
    bytes: &[u8],
    source: &Metadata,
    sharing: Sharing,
) -> io::Result<()> {
    // The messages are those of `py_compile.py: compile`, 3.13.
    let refused = |what: &str| {
        let message = format!("{what} if import writes a byte-compiled file to it");
        Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
    };
    match fs::symlink_metadata(file) {
        Ok(there) if there.is_symlink() => {
            return refused("is a symlink and will be changed into a regular file");
        }
        Ok(there) if !there.is_file() => {
            return refused("is a non-regular file and will be changed into a regular one");
        }
        Ok(there) if is_own(&there, sharing) && renew(file, &there, bytes, source) => {
            return Ok(());
        }
        _ => (),
    }
    let directory =
        file.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let mut temporary = match temporary(directory, source) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(directory)?;
            self::temporary(directory, source)?
        }
        created => created?,
    };
    // Through the file itself, since `tempfile`'s error lacks the system's error number.
    temporary.as_file_mut().write_all(bytes)?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// Sets the modification time of a file that already has these bytes and permissions; returns
/// `false` if it differs or can't be touched. Replacing it would take several times as long,
/// because a new file needs a directory entry and blocks.
fn renew(file: &Path, there: &Metadata, bytes: &[u8], source: &Metadata) -> bool {
    let renewed = || {
        let mut open = File::open(file)?;
        let mut old = Vec::with_capacity(bytes.len());
        open.read_to_end(&mut old)?;
        let same = old == bytes;
        if same {
            open.set_modified(SystemTime::now())?;
        }
        io::Result::Ok(same)
    };
    let alike = usize::try_from(there.len()) == Ok(bytes.len()) && has_permissions(there, source);
    alike && renewed().unwrap_or(false)
}

fn temporary(directory: &Path, source: &Metadata) -> io::Result<NamedTempFile> {
    // `tempfile`'s error lacks the system's error number, so it is kept here.
    let mut refused = None;
    let create = |name: &Path| {
        let file = options(source).write(true).create_new(true).open(name);
        file.inspect_err(|error| refused = error.raw_os_error())
    };
    let created = tempfile::Builder::new().make_in(directory, create);
    created.map_err(|error| refused.map_or(error, io::Error::from_raw_os_error))
}

/// Options that create a file with the permissions of a `.pyc`.
#[cfg(unix)]
fn options(source: &Metadata) -> OpenOptions {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};

    let mut options = OpenOptions::new();
    options.mode(permissions(source).mode());
    options
}

#[cfg(not(unix))]
fn options(_: &Metadata) -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn permissions(source: &Metadata) -> fs::Permissions {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    fs::Permissions::from_mode((source.mode() | 0o200) & 0o666)
}

/// Whether the process owns the file and it has no unrelated further names. A replacement would
/// have both properties.
#[cfg(unix)]
fn is_own(there: &Metadata, sharing: Sharing) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    static OWN: OnceLock<Option<u32>> = OnceLock::new();
    let own = OWN.get_or_init(|| fs::metadata("/proc/self").ok().map(|own| own.uid()));
    (there.nlink() == 1 || sharing == Sharing::Linked) && own.is_none_or(|own| own == there.uid())
}

#[cfg(not(unix))]
fn is_own(_: &Metadata, _: Sharing) -> bool {
    true
}

/// Whether a file has all the permissions that the source's give it.
#[cfg(unix)]
fn has_permissions(there: &Metadata, source: &Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    there.mode() & 0o7777 == permissions(source).mode() & 0o7777
}

#[cfg(not(unix))]
fn has_permissions(there: &Metadata, source: &Metadata) -> bool {
    there.permissions() == source.permissions()
}

/// Makes `file` another name of `other`, which has these bytes, through a temporary name so that it
/// is whole at every moment.
pub(crate) fn link(other: &Path, file: &Path, bytes: &[u8], source: &Metadata) -> io::Result<()> {
    // Renaming one name of a file to another of the same file does nothing, and leaves both
    // (rename(2)).
    if is_same(other, file) {
        return Ok(());
    }
    let directory = file.parent().unwrap_or(Path::new("."));
    // A name of its own each time: several runs may be at work.
    let linked = || tempfile::Builder::new().make_in(directory, |name| fs::hard_link(other, name));
    let mut link = linked();
    // Another run may give the name to another file between finding and linking it, which then is
    // no more. How often is up to the other runs, so this doesn't try for ever.
    let is_gone = |link: &io::Result<_>| matches!(link, Err(error) if error.kind() == io::ErrorKind::NotFound);
    for _ in 0..10 {
        if is_gone(&link) {
            link = linked();
        }
    }
    if is_gone(&link) {
        return write(file, bytes, source, Sharing::Linked);
    }
    let link = link?;
    let name = link.path().to_owned();
    link.into_temp_path().persist(file).map_err(|error| error.error)?;
    // Still there if another run has linked the file meanwhile.
    let _ = fs::remove_file(name);
    Ok(())
}

#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let identity = |path| fs::symlink_metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(one).is_some_and(|found| identity(other) == Some(found))
}

#[cfg(not(unix))]
fn is_same(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt as _;
    use std::time::Duration;

    #[test]
    fn existing_files_keep_their_identity_and_get_a_new_time() {
        let directory = tempfile::tempdir().unwrap();
        let [source, file] = ["a.py", "a.pyc"].map(|name| directory.path().join(name));
        fs::write(&source, "x = 1\n").unwrap();
        let source = read(&source).unwrap().1;
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let identity = |file: &Path| {
            let open = File::open(file).unwrap();
            let renewed = open.metadata().unwrap().modified().unwrap() > hour_ago;
            open.set_modified(hour_ago).unwrap();
            (open.metadata().unwrap().ino(), renewed)
        };
        write(&file, b"one", &source, Sharing::Alone).unwrap();
        let first = identity(&file);
        write(&file, b"one", &source, Sharing::Alone).unwrap();
        assert_eq!(identity(&file), first, "the same file, with the time of now");
        write(&file, b"two", &source, Sharing::Alone).unwrap();
        assert_ne!(identity(&file).0, first.0, "another file, since its bytes are others");
        assert_eq!(fs::read(&file).unwrap(), b"two");
    }

    #[test]
    fn a_file_that_cannot_be_linked_is_written() {
        let directory = tempfile::tempdir().unwrap();
        let [source, other, file] =
            ["a.py", "a.pyc", "b.pyc"].map(|name| directory.path().join(name));
        fs::write(&source, "x = 1\n").unwrap();
        let source = read(&source).unwrap().1;
        link(&other, &file, b"one", &source).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"one");
        write(&other, b"one", &source, Sharing::Linked).unwrap();
        link(&other, &file, b"one", &source).unwrap();
        assert!(is_same(&other, &file));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 3);
    }
}
