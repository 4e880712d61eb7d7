//! `--large`: a tree of 100,000 sources, compiled, left alone, changed in one file, and cleaned.
//!
//! ```text
//! 100000 sources, 1000 of them with names that aren't UTF-8
//! compiled: 9.8 s; unchanged: 0.5 s; one changed: 1 file; cleaned: 0 files left
//! ```

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use testbed::pythons::Python;

const DIRECTORIES: usize = 1000;
const FILES: usize = 100;

pub(super) fn run(python: &Python, command: &Path) -> Result<bool, String> {
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let sources = create(home.path()).map_err(|error| error.to_string())?;
    let count = DIRECTORIES * FILES;
    println!("{count} sources, {DIRECTORIES} of them with names that aren't UTF-8");
    let compile = |options: &[&str]| {
        let start = Instant::now();
        let mut process = Command::new(command);
        process.args(["compile", "--target", &python.version().to_string(), "-j2"]);
        let output = process.args(options).arg(home.path()).output();
        output.map(|output| (output, start.elapsed())).map_err(|error| error.to_string())
    };
    let (first, compiled) = compile(&["-q"])?;
    let made = compiled_files(home.path());
    let (check, _) = compile(&["-q", "--check"])?;
    let (second, unchanged) = compile(&["-q"])?;
    fs::write(&sources[count / 2], "x = 'changed'\n")
        .and_then(|()| {
            let file = fs::File::options().write(true).open(&sources[count / 2])?;
            file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(1_000_000_000))
        })
        .map_err(|error| error.to_string())?;
    let (third, _) = compile(&["--json"])?;
    let changed = lines(&third).filter(|line| line.contains(r#""outcome":"compiled""#)).count();
    let (clean, _) = compile(&["-q", "--clean"])?;
    let left = compiled_files(home.path());
    println!(
        "compiled: {:.1} s; unchanged: {:.1} s; one changed: {changed} file; cleaned: {left} files left",
        compiled.as_secs_f64(),
        unchanged.as_secs_f64()
    );
    let runs = [&first, &check, &second, &third, &clean];
    for run in runs.iter().filter(|run| !run.status.success()) {
        eprintln!(
            "{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
    }
    let good = runs.iter().all(|run| run.status.success());
    Ok(good && made == count && changed == 1 && left == 0)
}

/// Creates the sources and returns their paths.
fn create(home: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut sources = Vec::with_capacity(DIRECTORIES * FILES);
    for number in 0..DIRECTORIES {
        let directory = home.join(format!("p{}/q{number}", number % 10));
        fs::create_dir_all(&directory)?;
        for file in 0..FILES {
            let name = if file == 0 { foreign() } else { format!("m{file}.py").into() };
            let source = directory.join(name);
            fs::write(&source, format!("def f{file}(x):\n    return [x, {number}]\n"))?;
            sources.push(source);
        }
    }
    Ok(sources)
}

/// A name that isn't UTF-8, where the system has such names.
fn foreign() -> OsString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        OsString::from_vec(b"m\xff.py".to_vec())
    }
    #[cfg(not(unix))]
    {
        "m.py".into()
    }
}

fn compiled_files(home: &Path) -> usize {
    let files = walkdir::WalkDir::new(home).into_iter().filter_map(Result::ok);
    files.filter(|file| file.path().extension().is_some_and(|end| end == "pyc")).count()
}

fn lines(output: &Output) -> impl Iterator<Item = &str> {
    std::str::from_utf8(&output.stdout).unwrap_or_default().lines()
}
