//! Trees, errors and warnings of short sources, each about one rule.

use crate::{Options, Target, compile_with_warnings, stage};

fn options(release: &str) -> Options {
    Options::new(Target::for_version(release.parse().unwrap()).unwrap(), "m.py")
}

/// The nodes and their locations, one a line, without the names of the fields that hold them.
fn nodes(source: &str) -> Vec<String> {
    nodes_for("3.13.18", source)
}

fn nodes_for(release: &str, source: &str) -> Vec<String> {
    let tree = stage::syntax(source.as_bytes(), &options(release)).unwrap();
    let nodes = tree.lines().skip(1);
    nodes.map(|line| line.trim_start().split_once(' ').unwrap().1.to_owned()).collect()
}

/// The constants of an f-string and the nodes between them, in order.
fn constants(release: &str, source: &str) -> Vec<String> {
    let parts = nodes_for(release, source);
    let parts = parts.iter().filter_map(|node| node.strip_prefix("Constant "));
    parts.map(str::to_owned).collect()
}

fn error(source: &str) -> String {
    compile_with_warnings(source.as_bytes(), &options("3.13.18")).unwrap_err().to_string()
}

fn message(source: &str) -> String {
    compile_with_warnings(source.as_bytes(), &options("3.13.18")).unwrap_err().message().to_owned()
}

fn warnings(release: &str, source: &str) -> Vec<String> {
    let compiled = compile_with_warnings(source.as_bytes(), &options(release)).unwrap();
    compiled
        .warnings()
        .iter()
        .map(|one| format!("{}: {}", one.span.unwrap().line, one.message))
        .collect()
}

#[test]
fn chains_of_elif_end_together() {
    let ifs = nodes("if a: b\nelif c: d\nelif e: f\nelse: g;\n");
    let ifs: Vec<_> = ifs.iter().filter(|node| node.starts_with("If")).collect();
    assert_eq!(ifs, ["If 1:0-4:8", "If 2:0-4:8", "If 3:0-4:8"]);
}

#[test]
fn compound_statements_end_with_their_semicolon() {
    for (source, place) in [
        ("while a: b;", "While 1:0-1:11"),
        ("while a: b \\\n ;\n", "While 1:0-2:2"),
        ("while a:\n  if b: c;\n", "While 1:0-2:10"),
        ("while a: b # ;\n", "While 1:0-1:10"),
        ("class C: a; b\nc;", "ClassDef 1:0-1:13 name='C'"),
    ] {
        assert_eq!(nodes(source)[0], place, "{source}");
    }
}

#[test]
fn definitions_start_below_their_decorators() {
    assert_eq!(
        nodes("@a\n\n# b\n@(c)\\\n\n  # d\nasync def f(): pass")[0],
        "AsyncFunctionDef 7:0-7:19 name='f'"
    );
    assert_eq!(nodes("@a\nclass C: pass")[0], "ClassDef 2:0-2:13 name='C'");
}

#[test]
fn starred_parameters_start_at_their_names() {
    let all = nodes("def f(a: int = 1, *b: c, **d): pass");
    let all: Vec<_> = all.iter().filter(|node| node.starts_with("arg ")).collect();
    assert_eq!(all, ["arg 1:6-1:12 arg='a'", "arg 1:19-1:23 arg='b'", "arg 1:27-1:28 arg='d'"]);
}

#[test]
fn a_lone_generator_takes_the_calls_parentheses() {
    assert_eq!(nodes("f(a for a in b)")[3], "GeneratorExp 1:1-1:15");
    assert_eq!(nodes("f((a for a in b))")[3], "GeneratorExp 1:2-1:16");
}

#[test]
fn columns_are_bytes_and_names_normalised() {
    assert_eq!(nodes("é = ﬁ")[1], "Name 1:0-1:2 id='\\xc3\\xa9' ctx=Store");
    assert_eq!(nodes("é = ﬁ")[2], "Name 1:5-1:8 id='fi' ctx=Load");
}

#[test]
fn literals_have_their_values() {
    for (source, value) in [
        ("0x_ff", "255"),
        ("18446744073709551616", "18446744073709551616"),
        ("1e999", "float:7ff0000000000000"),
        ("2j", "complex:0000000000000000,4000000000000000"),
        ("'a' \"b\"", "'ab'"),
        ("u'a' 'b'", "'ab' kind=u"),
        ("U'a'", "'a'"),
        (r"'\ud800\x41'", r"'\xed\xa0\x80A'"),
        (r"b'\x00' b'\377'", r"b'\x00\xff'"),
    ] {
        assert_eq!(nodes(source)[1].split_once("value=").unwrap().1, value, "{source}");
    }
    assert!(message(&"9".repeat(4301)).starts_with("Exceeds the limit (4300 digits)"));
}

#[test]
fn adjacent_constants_of_f_strings_are_joined() {
    let parts = |source| constants("3.13.18", source);
    assert_eq!(parts("f'a' 'b' f'c'"), ["1:2-1:12 value='abc'"]);
    assert_eq!(parts("'' f'' f'{x}' ''"), [""; 0]);
    assert_eq!(parts("f'{x}' '' 'a' f''"), ["1:7-1:13 value='a'"]);
    assert_eq!(parts("f'{{{x}}}'"), ["1:2-1:4 value='{'", "1:7-1:9 value='}'"]);
    assert_eq!(parts("f'{x:>{y}}'"), ["1:5-1:6 value='>'"]);
    assert_eq!(parts(r"rf'\d{x}'"), [r"1:3-1:5 value='\x5cd'"]);
}

#[test]
fn debug_texts_differ_between_releases() {
    for (source, first, newest) in [
        ("f'{x = }'", "x = ", "x = "),
        ("f'{a!=b=}'", "a", "a!=b="),
        ("f'{(a!=b)=}'", "(a!=b)=", "(a!=b)="),
        ("f'''{a # b\n=}'''", r"a \x0a=", r"a \x0a="),
        ("f'{x:{y}{z=}}'", "y", "z="),
        ("f'{f(b=1)[a:b]=}'", "f(b=1)[a", "f(b=1)[a:b]="),
        ("f'{(lambda b=1: 2)=}'", "(lambda b=1", "(lambda b=1: 2)="),
        ("f'{f(b=1)[(a!=c)]=}'", "f(b=1)[(a!=c)]=", "f(b=1)[(a!=c)]="),
        ("f'{e:{g}{{b}'", "{b", "{b"),
        ("f'{e:{{b}}{d=}}'", "{b}}{d=", "d="),
    ] {
        for (release, text) in [("3.13.0", first), ("3.13.18", newest)] {
            let found = constants(release, source);
            let found = found[0].split_once("value='").unwrap().1;
            assert_eq!(found.trim_end_matches('\''), text, "{source} {release}");
        }
    }
    // In 3.12.1, brackets hide every mark.
    for source in ["f(b=1)[a:b]=", "f(b=1)+{c: d}=", "(lambda b=1: 2)="] {
        let found = constants("3.12.1", &format!("f'{{{source}}}'"));
        assert!(found[0].ends_with(&format!("value='{source}'")), "{found:?}");
    }
    assert!(nodes("f'{x=}'")[3].ends_with("conversion=114"));
    assert!(nodes("f'{x=:}'")[3].ends_with("conversion=-1"));
}

#[test]
fn doubled_braces_in_a_format_spec_open_a_field_where_the_release_says_so() {
    let parts = |release, source| constants(release, source);
    // At the start of a spec, always. 3.12.1 has a text before it, even without a character.
    assert_eq!(parts("3.13.18", "f'{e:{{b}}}'"), [""; 0]);
    assert_eq!(parts("3.12.1", "f'{e:{{b}}}'"), ["1:5-1:5 value=''", "1:10-1:10 value=''"]);
    // After a field, only in 3.12.1.
    assert_eq!(parts("3.13.18", "f'{e:{g}{{b}'"), ["1:8-1:11 value='{b'"]);
    assert_eq!(parts("3.12.1", "f'{e:{g}x{{b}}}'")[0], "1:8-1:9 value='x'");
    for source in ["f'{e:{{b}=}}'", "f'{e:{g}{{b}=}}'"] {
        let refused = compile_with_warnings(source.as_bytes(), &options("3.12.1")).unwrap_err();
        assert_eq!(refused.message(), "field 'value' is required for Constant", "{source}");
    }
    // A line end ends the text of a spec in single quotes.
    assert_eq!(parts("3.12.1", "f'{e:{b}\n}'"), ["1:8-1:8 value=''"]);
    assert_eq!(parts("3.12.1", "f'{e:\n}'"), [""; 0]);
}

#[test]
fn named_characters_end_a_text_of_an_f_string() {
    // A spec of several texts is a constant. In 3.14, it has the location of the whole spec.
    let (one, two) = (r"f'{e=:\N{DIGIT ONE}}'", r"f'{e=:\N{DIGIT ONE}x}'");
    assert_eq!(constants("3.13.18", one), ["1:3-1:5 value='e='", "1:6-1:19 value='1'"]);
    for (release, debug, spec) in
        [("3.13.18", "1:3-1:6", "1:6-1:20"), ("3.14.10", "1:3-1:5", "1:5-1:20")]
    {
        let texts = [format!("{debug} value='e='"), format!("{spec} value='1x'")];
        assert_eq!(constants(release, two), texts, "{release}");
    }
    // A text of escaped line ends only extends nothing.
    assert_eq!(constants("3.13.18", "f'\\N{DIGIT ONE}\\\n{a}'"), ["1:2-1:15 value='1'"]);
    assert_eq!(constants("3.13.18", "f'{{\\\n{a}'"), ["1:2-1:4 value='{'"]);
}

#[test]
fn warnings_come_in_the_sources_order() {
    let source = "'\\d', 1if x else '''\n\\q'''\nf'\\{y}\\400'\n";
    assert_eq!(
        warnings("3.13.18", source),
        [
            r"1: invalid escape sequence '\d'",
            "1: invalid decimal literal",
            r"2: invalid escape sequence '\q'",
            r"3: invalid escape sequence '\{'",
            r"3: invalid octal escape sequence '\400'",
        ]
    );
    assert_eq!(warnings("3.13.0", source)[2], r"1: invalid escape sequence '\q'");
}

#[test]
fn errors_point_at_the_source() {
    assert_eq!(
        error("x = 1\nf() = 2\n"),
        "m.py:2:1: cannot assign to function call here. Maybe you meant '==' instead of '='?\n    f() = 2\n    ^^^"
    );
    assert_eq!(error("x = (1,\n"), "m.py:1:5: '(' was never closed\n    x = (1,\n        ^");
}

#[test]
fn errors_have_cpythons_words() {
    for (source, words) in [
        ("f(a=1, 2)", "positional argument follows keyword argument"),
        ("def f(**a=1): pass", "var-keyword argument cannot have default value"),
        ("(a]", "closing parenthesis ']' does not match opening parenthesis '('"),
        ("x = 'a", "unterminated string literal (detected at line 1)"),
        ("x = '''a\n", "unterminated triple-quoted string literal (detected at line 1)"),
        ("  x", "unexpected indent"),
        ("if x:\ny", "expected an indented block after 'if' statement on line 1"),
        ("if x:\n\ta\n        b", "inconsistent use of tabs and spaces in indentation"),
        ("x = \u{20ac}", "invalid character '\u{20ac}' (U+20AC)"),
        ("print x", "Missing parentheses in call to 'print'. Did you mean print(...)?"),
        (
            "007",
            "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
        ),
        ("f'}'", "f-string: single '}' is not allowed"),
        ("f'{x:{y:{z:{w}}}}'", "f-string: expressions nested too deeply"),
        ("if x = 1: pass", "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
    ] {
        assert_eq!(message(source), words, "{source}");
    }
}

#[test]
fn operands_of_lower_precedence_are_refused() {
    assert_eq!(message("def f(): x = (yield , y)"), "invalid syntax");
    assert_eq!(message("def f(): yield == y"), "invalid syntax");
    assert_eq!(message("[*(a) or b]"), "invalid syntax");
    assert_eq!(message("{**(a) or b}"), "invalid syntax");
    assert_eq!(message("x; match y:\n case 1: pass"), "invalid syntax");
    assert_eq!(nodes("f(*(a) or b)")[3], "Starred 1:2-1:11 ctx=Load");
    assert_eq!(nodes("x; match: y")[2], "AnnAssign 1:3-1:11 simple=1");
    assert_eq!(nodes("raise;"), ["Raise 1:0-1:5"]);
}

#[test]
fn nesting_has_limits() {
    assert_eq!(message(&"(".repeat(201)), "too many nested parentheses");
    let blocks: Vec<String> = (0..100)
        .map(|level| {
            format!(
                "{}if x:
",
                " ".repeat(level)
            )
        })
        .collect();
    assert_eq!(
        message(&format!("{}{}x", blocks.concat(), " ".repeat(100))),
        "too many levels of indentation"
    );
}
