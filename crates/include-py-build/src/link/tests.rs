//! The instructions for Cargo for archives that the tests create.

use super::*;

/// An archive with an empty ELF object for x86-64.
const ARCHIVE: &[u8] = &{
    let mut bytes = [b' '; 8 + 60 + 64];
    let text = *b"!<arch>\n";
    let mut at = 0;
    while at < text.len() {
        bytes[at] = text[at];
        at += 1;
    }
    (bytes[56], bytes[57]) = (b'6', b'4');
    (bytes[66], bytes[67]) = (b'`', b'\n');
    at = 68;
    while at < bytes.len() {
        bytes[at] = 0;
        at += 1;
    }
    (bytes[68], bytes[69], bytes[70], bytes[71]) = (0x7f, b'E', b'L', b'F');
    (bytes[72], bytes[73], bytes[86]) = (2, 1, 62);
    bytes
};

fn platform() -> Platform {
    Platform { os: "linux".to_owned(), arch: "x86_64".to_owned(), libc: Libc::Shared }
}

/// A directory with these files.
fn installed(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    dir
}

fn linked(dir: &Path, platform: &Platform) -> Result<Linkage, String> {
    let library = dir.join("lib/python3.13");
    let wanted = Wanted {
        name: "python3.13",
        stdlib_dir: Some(&library),
        library_dir: Some(&dir.join("lib")),
    };
    inside(wanted, platform, None, Path::new("/out"))
        .map_err(|problem| problem.message().to_owned())
}

const CONFIG: &str = "lib/python3.13/config-3.13-x86_64-linux-gnu";

#[test]
fn the_whole_archive_and_its_libraries_are_linked() {
    let path = |name: &str| format!("{CONFIG}/{name}");
    let makefile = "LIBS= -ldl -L@/more\nMODLIBS= -lzz -lyy\n";
    let dir = installed(&[
        (&path("libpython3.13.a"), ARCHIVE),
        ("more/libzz.a", ARCHIVE),
        ("more/libyy.a", b"not an archive"),
    ]);
    let root = dir.path().display().to_string();
    std::fs::write(dir.path().join(path("Makefile")), makefile.replace('@', &root)).unwrap();
    let Linkage { lines, watched, needed } = linked(dir.path(), &platform()).unwrap();
    assert_eq!(
        lines.iter().map(|line| line.replace(&root, "")).collect::<Vec<_>>(),
        [
            "cargo::rustc-link-search=native=/lib/python3.13/config-3.13-x86_64-linux-gnu",
            "cargo::rustc-link-lib=static:+whole-archive,-bundle=python3.13",
            "cargo::rustc-link-search=native=/more",
            "cargo::rustc-link-lib=static:-bundle=zz",
            "cargo::rustc-link-lib=dylib=yy",
            "cargo::rustc-link-lib=dylib=dl",
            "cargo::rustc-link-arg=-Wl,--dynamic-list=/out/python.symbols",
            &format!("cargo::rustc-link-arg=-Wl,--defsym={IN_PROGRAM}=main"),
        ]
    );
    assert_eq!(watched.len(), 2);
    assert_eq!(needed, ["yy"]);
}

#[test]
fn the_position_independent_archive_of_the_targets_own_machine_comes_first() {
    let mut arm = ARCHIVE.to_vec();
    arm[86] = 183;
    let dir = installed(&[
        ("lib/python3.13/config-3.13-aarch64-linux-gnu/libpython3.13-pic.a", &arm),
        ("lib/python3.13/config-3.13-x86_64-linux-gnu/libpython3.13.a", ARCHIVE),
        ("lib/python3.13/config-3.13-x86_64-linux-gnu/libpython3.13-pic.a", ARCHIVE),
        ("lib/libpython3.13.a", b"not reached"),
    ]);
    let lines = linked(dir.path(), &platform()).unwrap().lines;
    assert!(lines[0].ends_with("/config-3.13-x86_64-linux-gnu"), "{lines:?}");
    assert!(lines[1].ends_with("=python3.13-pic"), "{lines:?}");
}

#[test]
fn a_build_without_a_shared_library_keeps_it_elsewhere() {
    let dir = installed(&[("lib/libpython3.13.a", ARCHIVE)]);
    let lines = linked(dir.path(), &platform()).unwrap().lines;
    assert!(lines[0].ends_with("/lib"), "{lines:?}");
}

#[test]
fn a_missing_archive_is_reported_with_help() {
    let dir = installed(&[(&format!("{CONFIG}/Makefile"), b"")]);
    let root = dir.path().display().to_string();
    assert_eq!(
        linked(dir.path(), &platform()).unwrap_err().replace(&root, ""),
        "`Bundle::static_python` needs `libpython3.13.a`, which isn't installed\n  \
         = note: looked for in `/lib/python3.13/config-3.13-x86_64-linux-gnu`\n  \
         = note: looked for in `/lib`\n  \
         = help: Debian, Ubuntu: `apt install libpython3.13-dev`\n  \
         = help: pyenv, or built from source: every build installs it, unless it is configured with \
         `--without-static-libpython`; build Python again without that option\n  \
         = help: conda: `conda install libpython-static`\n  \
         = help: or leave `Bundle::static_python` out; the program then needs the shared library"
    );
    let message = linked(Path::new("/nowhere"), &platform()).unwrap_err();
    assert!(message.contains("note: PyO3 names no interpreter"), "{message}");
}

#[test]
fn a_shared_library_is_refused() {
    let message = super::for_programs("[lib]\ncrate-type = [\"cdylib\"]\n").unwrap_err();
    assert_eq!(
        crate::Error::from(message).to_string(),
        "`Bundle::static_python` is for programs, but this package has a shared library \
         (`crate-type = [\"cdylib\"]`)\n  \
         = note: a shared library with its own libpython crashes in a Python process, and can't load \
         extension modules in other processes\n  \
         = help: for a program: move the shared library to a package of its own\n  \
         = help: for a shared library: use `Bundle::stdlib` in place of `static_python` and `one_file`; it \
         then uses the libpython of its process"
    );
}

#[test]
fn unsupported_platforms_and_archives_are_rejected() {
    let path = format!("{CONFIG}/libpython3.13.a");
    let dir = installed(&[(&path, ARCHIVE)]);
    let root = dir.path().display().to_string();
    let refused =
        |platform: &Platform| linked(dir.path(), platform).unwrap_err().replace(&root, "");
    assert_eq!(
        refused(&Platform { os: "macos".to_owned(), ..platform() }),
        "`Bundle::static_python` is for Linux, but the program is built for `macos`\n  \
         = help: leave it out for this target; the program then needs the libpython that PyO3 found"
    );
    assert_eq!(
        refused(&Platform { libc: Libc::Static, ..platform() }),
        "`Bundle::static_python` needs a shared C library, but the program is built with \
         `crt-static`\n  \
         = note: a program without the dynamic loader can't load extension modules\n  \
         = help: remove `+crt-static` from `target-feature`"
    );
    assert_eq!(
        refused(&Platform { arch: "aarch64".to_owned(), ..platform() }),
        format!(
            "`/{path}` is for x86_64, but the program is built for aarch64\n  \
             = help: let PyO3 resolve a Python for the target: `PYO3_CROSS_LIB_DIR` or \
             `PYO3_CONFIG_FILE`"
        )
    );
    std::fs::write(dir.path().join(&path), "!<thin>\n").unwrap();
    assert_eq!(
        refused(&platform()),
        format!(
            "`/{path}` is a thin archive, which only names object files that stayed elsewhere\n  \
             = help: install a libpython that the system's compiler has made for linking"
        )
    );
}
