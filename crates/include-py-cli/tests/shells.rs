//! Help, suggestions, completions, the manual page and colours.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_include-py"));
    command.args(arguments).env_clear();
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const COMMANDS: [&str; 9] =
    ["compile", "dis", "diff", "normalize", "inspect", "verify", "worker", "completions", "man"];

#[test]
fn every_command_has_its_help() {
    for name in COMMANDS {
        let help = run(&["help", name]);
        assert_eq!(help.status.code(), Some(0));
        assert!(text(&help.stdout).contains(&format!("Usage: include-py {name}")), "{name}");
        for flag in ["-h", "--help"] {
            assert_eq!(run(&[name, flag]).stdout, help.stdout, "{name} {flag}");
        }
        assert!(text(&run(&["--help"]).stdout).contains(&format!("\n  {name} ")), "{name}");
    }
    assert_eq!(run(&["-V"]).stdout, run(&["--version"]).stdout);
    assert_eq!(run(&["help"]).stdout, run(&["--help"]).stdout);
}

#[test]
fn similar_commands_and_options_are_suggested() {
    for (arguments, message) in [
        (&["complie", "x"][..], "there is no command `complie` (did you mean `compile`?)"),
        (&["soup"], "there is no command `soup`, see"),
        (&["help", "dif"], "there is no command `dif` (did you mean `diff`?)"),
        (
            &["compile", "--chekc", "x"],
            "`compile` has no option `--chekc` (did you mean `--check`?)",
        ),
        (&["dis", "--jsno", "x"], "`dis` has no option `--jsno` (did you mean `--json`?)"),
        (&["diff", "-z"], "`diff` has no option `-z`, see"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
}

/// The options that the completions contain: command, spelling, whether it takes a value.
fn options() -> Vec<(String, String, bool)> {
    let script = text(&run(&["completions", "fish"]).stdout);
    let mut all = Vec::new();
    for line in script.lines() {
        let Some((_, rest)) = line.split_once("__fish_seen_subcommand_from ") else { continue };
        let (name, rest) = rest.split_once('\'').unwrap();
        let options = rest.split(" -d '").next().unwrap();
        let words: Vec<&str> = options.split_whitespace().collect();
        let takes = words.iter().any(|word| ["-r", "-x"].contains(word));
        for pair in words.windows(2) {
            match pair[0] {
                "-s" => all.push((name.to_owned(), format!("-{}", pair[1]), takes)),
                "-l" => all.push((name.to_owned(), format!("--{}", pair[1]), takes)),
                _ => {}
            }
        }
    }
    all
}

/// The table is generated from the help. So this checks that all options in the help exist.
#[test]
fn all_options_in_the_help_are_accepted() {
    let all = options();
    assert!(all.len() > 50, "{all:?}");
    for (name, option, takes) in all {
        let value = match option.as_str() {
            "--target" => "3.13",
            "--python" => "/bin/true",
            "--invalidation-mode" => "checked-hash",
            "--format" => "compileall",
            "--ignore" => "lines",
            _ => "1",
        };
        let mut arguments = vec![name.as_str(), option.as_str()];
        if takes {
            arguments.push(value);
        }
        arguments.push("--help");
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn shells_accept_the_scripts() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        let directory = tempfile::tempdir().unwrap();
        let script = directory.path().join("script");
        fs::write(&script, &output.stdout).unwrap();
        // Only if the shell is installed.
        if let Ok(checked) = Command::new(shell).arg("-n").arg(&script).output() {
            assert!(checked.status.success(), "{shell}: {}", text(&checked.stderr));
        }
    }
    assert_eq!(run(&["completions", "soup"]).status.code(), Some(2));
    let reply = "source /dev/stdin; COMP_WORDS=(include-py compile --inv); COMP_CWORD=2; _include_py; echo ${COMPREPLY[@]}";
    let script = text(&run(&["completions", "bash"]).stdout);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("script");
    fs::write(&file, script).unwrap();
    let output =
        Command::new("bash").args(["-c", reply]).stdin(fs::File::open(&file).unwrap()).output();
    if let Ok(output) = output {
        assert_eq!(text(&output.stdout).trim(), "--invalidation-mode", "{}", text(&output.stderr));
    }
}

#[test]
fn the_manual_page_has_every_option() {
    let page = text(&run(&["man"]).stdout);
    assert!(page.starts_with(".TH INCLUDE-PY 1 "), "{page}");
    for name in COMMANDS {
        assert!(page.contains(&format!("\n.SH {}\n", name.to_uppercase())), "{name}");
    }
    assert!(page.contains(".TP\n.B \\-j N, \\-\\-workers N\nCompile N files at once"), "{page}");
}

/// An invalid source, and the output about it.
fn told(directory: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (String, String) {
    fs::write(directory.join("a.py"), "x = 1\ny\t= = 1\n").unwrap();
    let output = command(&["compile", "-q"])
        .args(arguments)
        .arg("a.py")
        .envs(variables.iter().copied())
        .current_dir(directory)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn errors_have_the_chosen_format() {
    let directory = tempfile::tempdir().unwrap();
    let told = |arguments: &[&str], variables: &[(&str, &str)]| {
        told(directory.path(), arguments, variables)
    };
    let (plain, _) = told(&[], &[]);
    assert!(
        plain.starts_with("*** Error compiling 'a.py'...\n  File \"a.py\", line 2\n"),
        "{plain}"
    );
    assert_eq!(told(&["--format", "compileall"], &[]).0, plain);
    let shown = "error: invalid syntax\n  --> a.py:2:5\n   |\n 2 | y    = = 1\n   |        ^\n\n";
    assert_eq!(told(&["--format", "terminal"], &[]), (String::new(), shown.to_owned()));
    let (_, coloured) = told(&["--format", "terminal"], &[("CLICOLOR_FORCE", "1")]);
    assert!(coloured.starts_with("\u{1b}[1;31merror"), "{coloured:?}");
    for variables in [&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")][..], &[("CLICOLOR_FORCE", "0")]]
    {
        assert_eq!(told(&["--format", "terminal"], variables).1, shown);
    }
    for wrong in [&["--format", "soup", "x"][..], &["--format", "terminal", "--json", "x"]] {
        assert_eq!(run(&[&["compile"], wrong].concat()).status.code(), Some(2));
    }
}
