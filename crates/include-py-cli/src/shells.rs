//! `include-py completions SHELL` and `include-py man`, generated from the commands' help texts.

use std::fmt::Write as _;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};

use crate::error::Error;
use crate::options::{Described, described};
use crate::{COMMANDS, Command, HELP, Status};

const COMPLETIONS_HELP: &str = "\
Prints a script that completes the command line in a shell.

Usage: include-py completions bash|zsh|fish

  bash: include-py completions bash > ~/.local/share/bash-completion/completions/include-py
  zsh:  include-py completions zsh > a directory of $fpath, as _include-py
  fish: include-py completions fish > ~/.config/fish/completions/include-py.fish
";

const MAN_HELP: &str = "\
Prints the manual page, in roff.

Usage: include-py man

  include-py man > ~/.local/share/man/man1/include-py.1
";

pub(crate) const COMPLETIONS: Command =
    Command { name: "completions", help: COMPLETIONS_HELP, run: completions };
pub(crate) const MAN: Command = Command { name: "man", help: MAN_HELP, run: man };

fn completions(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    let mut shell = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return crate::help(COMPLETIONS_HELP),
            Value(name) if shell.is_none() => shell = Some(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    match shell.as_deref() {
        Some("bash") => crate::help(&bash()),
        Some("zsh") => crate::help(&zsh()),
        Some("fish") => crate::help(&fish()),
        _ => Err(Error::usage("`completions` takes bash, zsh or fish")),
    }
}

fn man(parser: &mut lexopt::Parser) -> Result<Status, Error> {
    match parser.next()? {
        None => crate::help(&page()),
        Some(Short('h') | Long("help")) => crate::help(MAN_HELP),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn names() -> String {
    let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    names.join(" ")
}

/// An option's spellings.
fn spellings(option: &Described) -> Vec<String> {
    let short = option.short.map(|letter| format!("-{letter}"));
    short.into_iter().chain(option.long.map(|word| format!("--{word}"))).collect()
}

/// The possible values of an option, if it takes one of a few words.
fn values(option: &Described) -> Option<&'static str> {
    match option.long? {
        "invalidation-mode" => Some("timestamp checked-hash unchecked-hash"),
        "format" => Some("compileall terminal"),
        "ignore" => Some("names lines positions"),
        "target" => Some("3.11 3.12 3.13 3.14 3.15"),
        _ => None,
    }
}

// Writing to a string can't fail, here and below.
fn bash() -> String {
    let mut script = String::from(
        "_include_py() {\n    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n    \
         if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W '",
    );
    let _ = write!(
        script,
        "{} help --help --version' -- \"$current\"))\n        return\n    fi\n    case ${{COMP_WORDS[1]}} in\n    \
         help) COMPREPLY=($(compgen -W '{}' -- \"$current\")); return ;;\n    \
         completions) COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$current\")); return ;;\n",
        names(),
        names()
    );
    for command in COMMANDS {
        let options = described(command.help);
        let _ = writeln!(script, "    {})\n        case $previous in", command.name);
        for option in options.iter().filter(|option| option.value.is_some()) {
            let spellings = spellings(option).join("|");
            let reply = match values(option) {
                Some(values) => format!("COMPREPLY=($(compgen -W '{values}' -- \"$current\"))"),
                None => "COMPREPLY=($(compgen -f -- \"$current\"))".to_owned(),
            };
            let _ = writeln!(script, "        {spellings}) {reply}; return ;;");
        }
        let all: Vec<String> = options.iter().flat_map(spellings).collect();
        let _ = writeln!(
            script,
            "        esac\n        case $current in -*) COMPREPLY=($(compgen -W '{}' -- \"$current\")); return ;; esac ;;",
            all.join(" ")
        );
    }
    script += "    esac\n    COMPREPLY=($(compgen -f -- \"$current\"))\n}\ncomplete -o filenames -F _include_py include-py\n";
    script
}

fn zsh() -> String {
    let quoted = |text: &str| {
        let text = text.replace('\'', "'\\''").replace('[', "\\[").replace(']', "\\]");
        text.replace(':', "\\:")
    };
    let mut script =
        String::from("#compdef include-py\n\n_include_py() {\n    local -a commands=(\n");
    for command in COMMANDS {
        let _ = writeln!(script, "        '{}:{}'", command.name, quoted(first_line(command)));
    }
    script += "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n    fi\n    \
               local command=$words[2]\n    shift words; (( CURRENT-- ))\n    case $command in\n    \
               help) _describe command commands ;;\n    completions) _values shell bash zsh fish ;;\n";
    for command in COMMANDS.iter().filter(|command| command.name != "completions") {
        let _ = write!(script, "    {}) _arguments", command.name);
        for option in described(command.help) {
            let action = match (option.value, values(&option)) {
                (None, _) => String::new(),
                (Some(value), Some(values)) => format!(":{value}:({values})"),
                (Some(value), None) => format!(":{value}:_files"),
            };
            for spelling in spellings(&option) {
                let _ = write!(script, " '*{spelling}[{}]{action}'", quoted(&option.text));
            }
        }
        script += " '*:file:_files' ;;\n";
    }
    script += "    esac\n}\n\n_include_py \"$@\"\n";
    script
}

fn fish() -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
    let mut script = String::new();
    for command in COMMANDS {
        let _ = writeln!(
            script,
            "complete -c include-py -n __fish_use_subcommand -f -a {} -d '{}'",
            command.name,
            quoted(first_line(command))
        );
        let when = format!("-n '__fish_seen_subcommand_from {}'", command.name);
        for option in described(command.help) {
            let _ = write!(script, "complete -c include-py {when}");
            if let Some(short) = option.short {
                let _ = write!(script, " -s {short}");
            }
            if let Some(long) = option.long {
                let _ = write!(script, " -l {long}");
            }
            match (option.value, values(&option)) {
                (None, _) => {}
                (Some(_), Some(values)) => {
                    let _ = write!(script, " -x -a '{values}'");
                }
                (Some(_), None) => script += " -r",
            }
            let _ = writeln!(script, " -d '{}'", quoted(&option.text));
        }
    }
    let _ = writeln!(
        script,
        "complete -c include-py -n __fish_use_subcommand -f -a help -d 'Print the help of a command'\n\
         complete -c include-py -n '__fish_seen_subcommand_from help' -f -a '{}'\n\
         complete -c include-py -n '__fish_seen_subcommand_from completions' -f -a 'bash zsh fish'",
        names()
    );
    script
}

fn first_line(command: &Command) -> &'static str {
    command.help.lines().next().unwrap_or_default()
}

/// The manual page.
fn page() -> String {
    let mut page = format!(
        ".TH INCLUDE-PY 1 \"\" \"include-py {}\" \"User Commands\"\n.SH NAME\ninclude-py \\- {}\n",
        env!("CARGO_PKG_VERSION"),
        roff(
            "compiles, lists, compares and normalises the .pyc files of CPython, without any Python"
        ),
    );
    let _ =
        write!(page, ".SH SYNOPSIS\n.B include-py\n.I command\n[option]… file…\n.SH DESCRIPTION\n");
    literal(&mut page, HELP);
    for command in COMMANDS {
        let _ = writeln!(page, ".SH {}", command.name.to_uppercase());
        section(&mut page, command);
    }
    page
}

/// The section of a command: its options as a list, the rest of its help verbatim.
fn section(page: &mut String, command: &Command) {
    let is_option = |line: &&str| line.starts_with("  -") || line.starts_with("      ");
    let before: Vec<&str> = command.help.lines().take_while(|line| !is_option(line)).collect();
    let rest = command.help.lines().skip(before.len());
    let after: Vec<&str> = rest.skip_while(|line| is_option(line)).collect();
    literal(page, &before.join("\n"));
    for option in described(command.help) {
        let value = option.value.map_or(String::new(), |value| format!(" {value}"));
        let spellings: Vec<String> =
            spellings(&option).iter().map(|spelling| format!("{spelling}{value}")).collect();
        let _ = write!(page, ".TP\n.B {}\n{}\n", roff(&spellings.join(", ")), roff(&option.text));
    }
    page.push_str(".PP\n");
    let after: Vec<&str> = after.into_iter().filter(|line| !is_option(line)).collect();
    literal(page, &after.join("\n"));
}

/// Text with its line breaks.
fn literal(page: &mut String, text: &str) {
    let _ = write!(page, ".nf\n{}\n.fi\n", roff(text.trim_end()));
}

/// Escapes characters that are special in roff.
fn roff(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-");
    let lines = escaped.lines().map(|line| {
        if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n")
}
