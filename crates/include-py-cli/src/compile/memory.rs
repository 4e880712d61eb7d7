//! How much memory there is, for as many workers as fit.
//!
//! `-j64` in a container of 1 GB is 16 workers.

use std::fs;
use std::num::NonZero;
use std::path::Path;

/// What a worker may take: 20 MB on average over the standard library, some times as much for the
/// largest sources.
const OF_WORKER: u64 = 64 << 20;

/// As many of the wanted workers as there is memory for; all of them where that isn't known.
pub(super) fn limited(wanted: NonZero<usize>) -> NonZero<usize> {
    // One worker needs no limit, and asking takes a tenth of the time of compiling one file.
    if wanted.get() == 1 {
        return wanted;
    }
    let Some(available) = available(Path::new("/")) else { return wanted };
    let fitting = usize::try_from(available / OF_WORKER).unwrap_or(usize::MAX);
    wanted.min(NonZero::new(fitting).unwrap_or(NonZero::<usize>::MIN))
}

/// Bytes that the system below `root`, and the control group of the process in it, still give.
fn available(root: &Path) -> Option<u64> {
    let of_system = fs::read_to_string(root.join("proc/meminfo")).ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    });
    let of_group = fs::read_to_string(root.join("proc/self/cgroup")).ok().and_then(|text| {
        let group = text.lines().find_map(|line| line.strip_prefix("0::/"))?;
        let own = root.join("sys/fs/cgroup").join(group);
        // Each group is within the limits of those around it.
        own.ancestors().take_while(|group| group.starts_with(root)).filter_map(left).min()
    });
    of_system.into_iter().chain(of_group).min()
}

/// What a control group may still take; `None` if it has no limit.
fn left(group: &Path) -> Option<u64> {
    let number =
        |name| -> Option<u64> { fs::read_to_string(group.join(name)).ok()?.trim().parse().ok() };
    Some(number("memory.max")?.saturating_sub(number("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_limit_counts() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert_eq!(available(root.path()), None);
        write("proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:    4000 kB\n");
        assert_eq!(available(root.path()), Some(4_096_000));
        write("proc/self/cgroup", "0::/user/task\n");
        write("sys/fs/cgroup/user/task/memory.max", "max\n");
        write("sys/fs/cgroup/user/memory.max", "3000\n");
        write("sys/fs/cgroup/user/memory.current", "1000\n");
        assert_eq!(available(root.path()), Some(2000));
    }
}
