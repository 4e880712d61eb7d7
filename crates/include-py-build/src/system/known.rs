//! What is known about system libraries by their names: who provides them, and their licences.

/// Who provides a library at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Custody {
    /// Always the target: the library belongs to its C library, or the program itself needs it.
    Target,
    /// The target by default: the licence has conditions for whoever distributes the program.
    TargetByLicence,
    /// The bundle.
    Bundle,
}

/// glibc's libraries, which work only with the loader, the kernel and each other's versions; and
/// GCC's unwinder, which every Rust program has loaded before Python starts.
const TARGETS: &[&str] = &[
    "ld",
    "ld-linux",
    "ld-linux-aarch64",
    "ld-linux-armhf",
    "ld-linux-riscv64-lp64d",
    "ld-linux-x86-64",
    "ld64",
    "libBrokenLocale",
    "libanl",
    "libc",
    "libc_malloc_debug",
    "libdl",
    "libgcc_s",
    "libm",
    "libmvec",
    "libpthread",
    "libresolv",
    "librt",
    "libthread_db",
    "libutil",
];

/// SPDX identifiers of the libraries that the standard library's modules need on common systems, by
/// the name before the version.
const LICENCES: &[(&str, &str)] = &[
    ("libbz2", "bzip2-1.0.6"),
    ("libcrypt", "LGPL-2.1-or-later"),
    ("libcrypto", "Apache-2.0"),
    ("libdb", "AGPL-3.0-only"),
    ("libexpat", "MIT"),
    ("libffi", "MIT"),
    ("libgdbm", "GPL-3.0-or-later"),
    ("libgdbm_compat", "GPL-3.0-or-later"),
    ("libgomp", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libgssapi_krb5", "MIT"),
    ("liblzma", "0BSD"),
    ("libmpdec", "BSD-2-Clause"),
    ("libncurses", "X11"),
    ("libncursesw", "X11"),
    ("libnsl", "LGPL-2.1-or-later"),
    ("libpanel", "X11"),
    ("libpanelw", "X11"),
    ("libreadline", "GPL-3.0-or-later"),
    ("libsqlite3", "blessing"),
    ("libssl", "Apache-2.0"),
    ("libstdc++", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libtcl", "TCL"),
    ("libtinfo", "X11"),
    ("libtirpc", "BSD-3-Clause"),
    ("libtk", "TCL"),
    ("libuuid", "BSD-3-Clause"),
    ("libz", "Zlib"),
];

/// Who provides a library such as `libssl.so.3`.
pub(super) fn custody(name: &str) -> Custody {
    let stem = stem(name);
    if TARGETS.contains(&stem) || stem.starts_with("libnss_") {
        return Custody::Target;
    }
    let strict = |licence: &str| {
        let copyleft = licence.starts_with("GPL") || licence.starts_with("AGPL");
        copyleft && !licence.contains("exception")
    };
    match licence(name) {
        Some(licence) if strict(licence) => Custody::TargetByLicence,
        _ => Custody::Bundle,
    }
}

/// The licence of a library such as `libssl.so.3`, if it is known.
pub(super) fn licence(name: &str) -> Option<&'static str> {
    // OpenSSL changed its licence in version 3.
    if name.ends_with(".so.1.1") && (name.starts_with("libssl") || name.starts_with("libcrypto")) {
        return Some("OpenSSL");
    }
    let stem = stem(name);
    LICENCES.iter().find(|(name, _)| *name == stem).map(|(_, licence)| *licence)
}

/// `libdb` of `libdb-5.3.so`, `libtcl` of `libtcl8.6.so`, `libsqlite3` of `libsqlite3.so.0`.
pub(super) fn stem(name: &str) -> &str {
    let stem = name.split_once(".so").map_or(name, |(stem, _)| stem);
    let version = stem.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    // A name can end in a digit without having a version; only with a dot it is a version.
    if stem[version.len()..].contains('.') { version.trim_end_matches('-') } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_c_library_stays_with_the_target() {
        for name in [
            "libc.so.6",
            "ld-linux-x86-64.so.2",
            "ld-linux-aarch64.so.1",
            "libnss_dns.so.2",
            "libm.so.6",
            "libgcc_s.so.1",
            "libm-2.31.so",
        ] {
            assert_eq!(custody(name), Custody::Target, "{name}");
        }
        for name in ["libssl.so.3", "libcrypt.so.1", "libstdc++.so.6", "libunheard.so"] {
            assert_eq!(custody(name), Custody::Bundle, "{name}");
        }
        for name in ["libreadline.so.8", "libgdbm.so.6", "libdb-5.3.so"] {
            assert_eq!(custody(name), Custody::TargetByLicence, "{name}");
        }
    }

    #[test]
    fn licences_are_known_whatever_the_version() {
        assert_eq!(licence("libssl.so.3"), Some("Apache-2.0"));
        assert_eq!(licence("libssl.so.1.1"), Some("OpenSSL"));
        assert_eq!(licence("libsqlite3.so.0"), Some("blessing"));
        assert_eq!(licence("libtcl8.6.so"), Some("TCL"));
        assert_eq!(licence("libbz2.so.1.0"), Some("bzip2-1.0.6"));
        assert_eq!(licence("libunheard.so.1"), None);
    }
}
