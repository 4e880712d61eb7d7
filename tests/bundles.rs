//! Bundles at run time: several in one binary, bytecode of another Python, an empty environment.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use include_py_tests::{OutputInTime, Project, text};

#[test]
fn two_bundles_in_one_binary() {
    let script = r#"{
        include_py_build::Bundle::new("plugins").source("more").try_compile().unwrap();
        include_py_build::Bundle::new("app").source("python").stdlib()
    }"#;
    let main = r#"
include_py::include_py! { APP = "app"; PLUGINS = "plugins" }

fn main() -> std::process::ExitCode {
    include_py::Host::new(&APP).bundle(&PLUGINS).run(|py| py.import("app").map(drop))
}
"#;
    let app = "import sys, os, plugin, shared.one, shared.two, both, both_data\n\
               root = lambda module: os.path.relpath(module.__file__, sys.executable)\n\
               print(root(plugin), root(shared.one), root(shared.two), both.WHERE)\n\
               print([os.path.basename(path) for path in shared.__path__])\n\
               import hashlib, importlib.resources\n\
               data = (importlib.resources.files(both_data) / 'data.bin').read_bytes()\n\
               print(len(data), hashlib.sha256(data).hexdigest()[:16])\n";
    // Too large for rustc: the assembler embeds the second bundle.
    let data: Vec<u8> =
        (0..6_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let project = Project::new("bundles-two")
        .build_script(script)
        .file("src/main.rs", main)
        .python("app.py", app)
        .python("both.py", "WHERE = 'app'\n")
        .python("shared/one.py", "")
        .file("more/both.py", "WHERE = 'plugins'\n")
        .file("more/plugin.py", "")
        .file("more/shared/two.py", "")
        .file("more/both_data/__init__.py", "")
        .file("more/both_data/data.bin", data);
    let expected = "plugins/plugin.py app/shared/one.py plugins/shared/two.py app\n\
                    ['shared', 'shared']\n\
                    6000000 0400d59b0ea5f0e1\n";
    assert_eq!(project.built().run(), expected);
    let archives = project.archives();
    let of_plugins = |paths: &[PathBuf]| {
        let mut paths = paths.iter().filter(|path| path.to_str().unwrap().contains("_plugins_"));
        (paths.next().cloned().unwrap(), paths.count())
    };
    let (archive, others) = of_plugins(&archives);
    assert_eq!((archives.len(), others), (2, 0), "{archives:?}");
    // It is replaced by another version.
    project.write("more/plugin.py", "print('changed')\n");
    assert!(project.built().run().starts_with("changed\n"));
    let (changed, others) = of_plugins(&project.archives());
    assert!(changed != archive && others == 0 && !archive.exists(), "{changed:?}");
}

#[test]
fn a_program_that_starts_python_itself_installs_the_bundle() {
    let main = r#"
use pyo3::prelude::*;

include_py::include_py!(APP = "app");

fn main() -> PyResult<()> {
    if let Ok(packages) = std::env::var("HOST") {
        let host = include_py::Host::new(&APP);
        let host = if packages == "site" { host.use_site_packages() } else { host };
        assert_eq!(host.run(|py| py.import("paths").map(drop)), std::process::ExitCode::SUCCESS);
        return Ok(());
    }
    Python::initialize();
    Python::attach(|py| {
        APP.install(py)?;
        py.import("app").map(drop)
    })
}
"#;
    let app = "import sys\n\
               print(__file__.split('/')[-3:], 'encodings' in sys.modules, flush=True)\n";
    // Paths of the build machine don't exist elsewhere, so the host leaves them out.
    let paths = "import site, sys\n\
                 kept = [path for path in sys.path if path.endswith('-packages')]\n\
                 print(bool(kept), callable(exit), callable(help), len(sys.path) > 2)\n";
    let project = Project::new("bundles-install")
        .file("src/main.rs", main)
        .python("app.py", app)
        .python("paths.py", paths);
    assert_eq!(project.built().run(), "['bundles-install', 'app', 'app.py'] True\n");
    let hosted = |packages| {
        let output = project.program().env("HOST", packages).output_in_time();
        assert!(output.status.success(), "{output:?}");
        text(&output.stdout)
    };
    assert_eq!(hosted("own"), "False True True True\n");
    assert_eq!(hosted("site"), "True True True True\n");
}

#[test]
fn no_byte_of_source_text_is_in_a_program_of_bytecode() {
    let marker = "marker in a comment";
    let app = format!("# {marker}\nimport app.part\nprint(app.part.TEXT)  # {marker}\n");
    let part = format!("# {marker}\nTEXT = 'text in the code'\n");
    let script = r#"include_py_build::Bundle::new("app").source("python")
        .options_for("app", include_py_build::Options::new().without_source())"#;
    let project = Project::new("bundles-bytecode")
        .build_script(script)
        .python("app/__init__.py", app)
        .python("app/part.py", part);
    assert_eq!(project.built().run(), "text in the code\n");
    let program = fs::read(project.program().get_program()).unwrap();
    let holds = |text: &str| program.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("text in the code") && !holds(marker));
}

#[test]
fn the_program_runs_with_the_libpython_it_was_built_against() {
    let project = Project::new("bundles-libpython")
        .python("app.py", "import sys, sysconfig\nprint(sysconfig.get_config_var('LIBDIR'))\n");
    let directory = project.built().run();
    // Without `LD_LIBRARY_PATH`, and regardless of other installed libpythons of that version.
    assert_eq!(linked_library(&project).parent().unwrap(), Path::new(directory.trim_end()));
}

#[test]
fn without_a_run_path_the_linker_decides() {
    let project = Project::new("bundles-rpath")
        .build_script(r#"include_py_build::Bundle::new("app").source("python").without_rpath()"#)
        .python("app.py", "");
    let program = project.built().program();
    let output = Command::new("readelf").arg("-d").arg(program.get_program()).output_in_time();
    let dynamic = text(&output.stdout);
    assert!(dynamic.contains("NEEDED") && !dynamic.contains("PATH"), "{dynamic}");
}

#[test]
fn a_libpython_of_another_version_is_refused() {
    let project = Project::new("bundles-version").python("app.py", "print('ran')\n");
    project.built();
    let library = linked_library(&project);
    let Some(newer) = newer_libpython(&library) else {
        testbed::not_covered(&format!("this machine has no newer libpython beside {library:?}"));
        return;
    };
    // The dynamic linker takes the other version for the one that the program was linked with.
    let directory = project.path("disguise");
    fs::create_dir(&directory).unwrap();
    std::os::unix::fs::symlink(&newer, directory.join(library.file_name().unwrap())).unwrap();
    let output = project.program().env("LD_LIBRARY_PATH", &directory).output_in_time();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(text(&output.stdout), "");
    let (made_for, running) = (version(&library), version(&newer));
    let message = format!(
        "error: this program was built for CPython {made_for}, but runs with CPython {running}."
    );
    assert!(
        stderr.starts_with(&message)
            && stderr.contains("let it find the libpython it was built against"),
        "{stderr}"
    );
}

/// The libpython with which the program runs.
fn linked_library(project: &Project) -> PathBuf {
    let program = project.program().get_program().to_owned();
    let output = Command::new("ldd").arg(program).output_in_time();
    let lines = text(&output.stdout);
    let line = lines.lines().find(|line| line.contains("libpython")).expect("libpython is shared");
    PathBuf::from(line.split_whitespace().nth(2).unwrap())
}

/// A newer version's libpython, next to the first one as in pyenv's layout. An older one would lack
/// functions, and the dynamic linker would refuse it before anything runs.
fn newer_libpython(library: &Path) -> Option<PathBuf> {
    let versions = library.ancestors().nth(3)?;
    let own = version(library);
    ["3.13", "3.12"].iter().filter(|other| **other > own.as_str()).find_map(|other| {
        fs::read_dir(versions).ok()?.filter_map(Result::ok).find_map(|entry| {
            let candidate = entry.path().join(format!("lib/libpython{other}.so.1.0"));
            candidate.exists().then_some(candidate)
        })
    })
}

/// `3.12` of `libpython3.12.so.1.0`.
fn version(library: &Path) -> String {
    let name = library.file_name().unwrap().to_str().unwrap();
    name.trim_start_matches("libpython").split(".so").next().unwrap().to_owned()
}
