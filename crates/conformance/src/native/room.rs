//! A root directory with only a program and the files that a system without Python has.
//!
//! ```text
//! root/
//! ├── program
//! ├── lib64/ld-linux-x86-64.so.2
//! ├── lib/x86_64-linux-gnu/libc.so.6 …    glibc's and libgcc_s
//! ├── etc/passwd                          root, whose home is /tmp
//! ├── dev/shm/  tmp/                      empty
//! └── dev/null  dev/urandom  proc/        mounted
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use testbed::project;

/// Glibc's libraries that the program itself doesn't need. Most are empty in newer releases, but
/// wheels refer to them.
const FURTHER: &[&str] = &[
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
    "libresolv.so.2",
    "libmvec.so.1",
];

const PASSWD: &[u8] = b"root:x:0:0:root:/tmp:/nowhere\n";

/// Mounts what the kernel provides in the root `$1`, and runs the program in it.
const ENTER: &str = "mount -t proc proc \"$1/proc\" \
    && mount --bind /dev/null \"$1/dev/null\" && mount --bind /dev/urandom \"$1/dev/urandom\" \
    && root=$1 && shift && exec chroot \"$root\" /program \"$@\"";

/// Such a root in a directory.
#[derive(Debug)]
pub(super) struct Room {
    root: PathBuf,
}

impl Room {
    /// Creates a new root with this program.
    pub(super) fn new(root: &Path, program: &Path) -> Result<Self, String> {
        let made = Self { root: root.to_owned() };
        made.remove()?;
        let failed = |error: std::io::Error| format!("`{}` can't be made: {error}", root.display());
        for directory in ["proc", "dev/shm", "tmp"] {
            fs::create_dir_all(root.join(directory)).map_err(failed)?;
        }
        for (file, content) in
            [("dev/null", &b""[..]), ("dev/urandom", &b""[..]), ("etc/passwd", PASSWD)]
        {
            project::write(&root.join(file), content)?;
        }
        fs::hard_link(program, root.join("program")).map_err(failed)?;
        let listed = Command::new("ldd").arg(program).output();
        let listed = listed.map_err(|error| format!("`ldd` could not be run: {error}"))?;
        let listed = String::from_utf8_lossy(&listed.stdout);
        let words = listed.split_whitespace().filter(|word| word.starts_with('/'));
        let mut paths: Vec<PathBuf> = words.map(PathBuf::from).collect();
        let libc = paths.iter().find(|path| path.ends_with("libc.so.6"));
        let libraries = libc.and_then(|path| path.parent()).ok_or("`ldd` shows no libc.so.6")?;
        let further: Vec<_> = FURTHER.iter().map(|name| libraries.join(name)).collect();
        paths.extend(further.into_iter().filter(|path| path.exists()));
        for path in paths {
            let content = fs::read(&path).map_err(failed)?;
            let copy = root.join(path.strip_prefix("/").map_err(|error| error.to_string())?);
            project::write(&copy, &content)?;
            let permissions = fs::metadata(&path).map_err(failed)?.permissions();
            fs::set_permissions(&copy, permissions).map_err(failed)?;
        }
        Ok(made)
    }

    /// Whether programs have written machine code or unpacked packages since the last call.
    pub(super) fn take_cache(&self) -> Result<bool, String> {
        let cache = self.root.join("tmp/.cache/include-py");
        if !cache.exists() {
            return Ok(false);
        }
        fs::remove_dir_all(&cache).map_err(|error| format!("`{}`: {error}", cache.display()))?;
        Ok(true)
    }

    /// A command that runs the program in the root; the environment has only a home directory.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        command
            .args(["--map-root-user", "--mount", "--pid", "--fork", "--kill-child"])
            .args(["sh", "-c", ENTER, "sh"])
            .arg(&self.root)
            .args(arguments)
            .env_clear()
            // matplotlib doesn't start without a home directory.
            .env("HOME", "/tmp")
            // The directories of `unshare` and `chroot`.
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    }

    pub(super) fn remove(&self) -> Result<(), String> {
        if !self.root.exists() {
            return Ok(());
        }
        let failed = |error| format!("`{}` can't be removed: {error}", self.root.display());
        fs::remove_dir_all(&self.root).map_err(failed)
    }
}
