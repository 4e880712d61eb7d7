//! Sources that releases treat differently, found by CPython's own tests and by small programs.

use pyc_compiler::{ErrorKind, Options, Target, WarningKind, compile, compile_with_warnings};

const FUTURE: &str = "from __future__ import barry_as_FLUFL\n";

/// The error in a source; empty if there is none.
fn said(version: &str, source: &str) -> String {
    let target = Target::preview(version.parse().unwrap()).unwrap();
    let options = Options::new(target, "m.py");
    match compile(source.as_bytes(), &options) {
        Ok(_) => String::new(),
        Err(error) => {
            let span = error.span().unwrap();
            format!("{}:{} {}", span.line, error.offset().unwrap(), error.message())
        }
    }
}

#[test]
fn the_future_changes_nothing_at_first() {
    for version in ["3.11.7", "3.12.1", "3.13.0"] {
        assert_eq!(said(version, &format!("{FUTURE}2 != 3")), "");
        assert_eq!(said(version, &format!("{FUTURE}2 <> 3")), "2:3 invalid syntax");
        assert_eq!(said(version, "1<>2"), "1:2 invalid syntax");
    }
}

#[test]
fn the_future_changes_the_operator() {
    let meant = "invalid syntax.  Maybe you meant '!=' instead of '<>'?";
    let wanted = "with Barry as BDFL, use '<>' instead of '!='";
    for version in ["3.13.18", "3.14.10"] {
        let said = |source: &str| said(version, source);
        let after = |source: &str| said(&format!("{FUTURE}{source}"));
        assert_eq!(after("2 <> 3"), "");
        assert_eq!(after("f'{a<>b}'"), "");
        assert_eq!(said("from __future__ import barry_as_FLUFL as z; a<>b"), "");
        assert_eq!(after("2 != 3"), format!("2:3 {wanted}"));
        assert_eq!(after("a != b !"), format!("2:3 {wanted}"));
        assert_eq!(said(&format!("x != y\n{FUTURE}a <>")), format!("3:5 {wanted}"));
        assert_eq!(said("from .__future__ import barry_as_FLUFL\na<>b"), format!("2:2 {meant}"));
        assert_eq!(said("[a<>b"), format!("1:3 {meant}"));
        assert_eq!(said("f'{1<>2}'"), format!("1:5 {meant}"));
        assert_eq!(said("f(a=1, b <> c)"), format!("1:10 {meant}"));
        assert_eq!(said("<> a"), "1:1 invalid syntax");
        assert_eq!(said("match a:\n case b <> c: pass"), "2:9 invalid syntax");
        let print = "Missing parentheses in call to 'print'. Did you mean print(...)?";
        assert_eq!(said("print 1<>2"), format!("1:1 {print}"));
    }
}

/// Their fields are decoded one by one where f-strings are tokens.
#[test]
fn bytes_in_fields_must_be_utf8() {
    let said = |field: &[u8]| {
        let target = Target::preview("3.11.7".parse().unwrap()).unwrap();
        let source = [b"x = f'{", field, b"}'\n"].concat();
        compile(&source, &Options::new(target, "m.py")).unwrap_err().message().to_owned()
    };
    let invalid =
        "(unicode error) 'utf-8' codec can't decode byte 0xa9 in position 0: invalid start byte";
    assert_eq!(said(b"\xa9x"), format!("f-string: {invalid}"));
    assert_eq!(said(b"x + \xa9"), format!("f-string: {invalid}"));
    assert_eq!(said(b"x + \"\xa9\""), format!("f-string: {invalid}"));
}

#[test]
fn starts_of_soft_keywords_are_names() {
    let comma = "invalid syntax. Perhaps you forgot a comma?";
    for version in ["3.11.7", "3.12.1", "3.13.0"] {
        assert_eq!(said(version, "(c x)"), "1:4 invalid syntax");
        assert_eq!(said(version, "(d x)"), format!("1:2 {comma}"));
    }
    assert_eq!(said("3.13.18", "(c x)"), format!("1:2 {comma}"));
    assert_eq!(said("3.14.10", "(match x)"), "1:8 invalid syntax");
}

#[test]
fn errors_are_sought_in_each_releases_order() {
    assert_eq!(said("3.13.0", "{1 for - %"), "1:10 invalid syntax");
    assert_eq!(said("3.14.10", "{1 for - %"), "1:8 invalid syntax");
    assert_eq!(said("3.13.0", "f'{a!x b}'"), "1:8 f-string: expecting ':' or '}'");
    let conversion = "f-string: invalid conversion character 'x': expected 's', 'r', or 'a'";
    assert_eq!(said("3.14.10", "f'{a!x b}'"), format!("1:6 {conversion}"));
    assert_eq!(said("3.11.7", "f(a, b=)"), "1:8 invalid syntax");
    assert_eq!(said("3.12.1", "f(a, b=)"), "1:6 expected argument value expression");
    let comma = "invalid syntax. Perhaps you forgot a comma?";
    assert_eq!(said("3.14.10", "(f(\n) b)"), format!("1:2 {comma}"));
    assert_eq!(said("3.15.2", "(f(\n) b)"), format!("2:2 {comma}"));
    assert_eq!(said("3.14.10", "a <>= b"), "1:4 invalid syntax");
}

#[test]
fn open_fields_are_located() {
    let source = "f'''\n{a\n'''";
    assert_eq!(said("3.14.10", source), "3:1 f-string: expecting '}'");
    let message = "f-string: expecting '}' to close '{' on line 2";
    assert_eq!(said("3.15.2", source), format!("3:1 {message}"));
    assert_eq!(said("3.15.2", "f'{a:{b'"), "1:7 f-string: expecting '}'");
    let inner = "t-string: expecting '}' to close '{' on line 2";
    assert_eq!(said("3.15.2", "t'''{a:\n{b\n'''"), format!("3:1 {inner}"));
}

#[test]
fn a_misplaced_lazy_import_is_reported() {
    let source = "from ..a lazy import (b)";
    assert_eq!(said("3.14.10", source), "1:10 invalid syntax");
    let message = "use 'lazy from ... ' instead of 'from ... lazy import'";
    assert_eq!(said("3.15.2", source), format!("1:10 {message}"));
    assert_eq!(said("3.15.2", "from a lazy lazy import b"), "1:8 invalid syntax");
    let names = "Expected one or more names after 'import'";
    assert_eq!(said("3.15.2", "from a lazy import"), format!("1:19 {names}"));
}

#[test]
fn text_of_a_deep_field_is_lost() {
    let message = |version: &str, source: &str| {
        let target = Target::preview(version.parse().unwrap()).unwrap();
        let refused = compile(source.as_bytes(), &Options::new(target, "m.py")).err();
        refused.map(|error| (error.kind().exception_name(), error.message().to_owned()))
    };
    let lost = Some(("ValueError", "field 'value' is required for Constant".to_owned()));
    for version in ["3.12.1", "3.13.0", "3.13.18", "3.14.10"] {
        let is_of_old = version == "3.12.1";
        assert_eq!(message(version, "f'{a:{b:{c=}}}'"), lost);
        assert_eq!(message(version, "f'{a:{b:{c=}y}}'\nx y"), lost);
        assert_eq!(message(version, "f'{a:{b=}}'"), if is_of_old { lost.clone() } else { None });
        assert_eq!(message(version, "f'''{a:{b:{f'{c=}'}}}'''"), None);
    }
    assert_eq!(message("3.14.10", "t'{a:{b:{c=}}}'"), lost);
}

#[test]
fn warnings_come_before_faults() {
    let target = Target::preview("3.13.0".parse().unwrap()).unwrap();
    let error = compile(br"'\e' $", &Options::new(target, "m.py")).unwrap_err();
    let [warning] = error.warnings() else { panic!("{:?}", error.warnings()) };
    assert_eq!(warning.message, r"invalid escape sequence '\e'");
}

#[test]
fn blocks_nest_as_deep_as_in_each_release() {
    let whiles = |count: usize| {
        let heads = (0..count).map(|level| format!("{}while 1:\n", " ".repeat(level)));
        heads.collect::<String>() + &" ".repeat(count) + "break\n"
    };
    let many = "too many statically nested blocks";
    for (version, most) in [("3.11.7", 20), ("3.12.1", 20), ("3.13.0", 21)] {
        assert_eq!(said(version, &whiles(most)), "");
        assert!(said(version, &whiles(most + 1)).ends_with(many), "{version}");
    }
}

#[test]
fn messages_differ_between_minor_versions() {
    let iterable = "iterable argument unpacking follows keyword argument unpacking";
    let zeros = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for \
                 octal integers";
    let parameter = "parameter without a default follows parameter with a default";
    for (version, source, words) in [
        ("3.11.7", "def f(x=1,y): pass", "1:11 non-default argument follows default argument"),
        ("3.11.7", "lambda x=1,y: 0", "1:12 non-default argument follows default argument"),
        ("3.12.1", "def f(x=1,y): pass", &format!("1:11 {parameter}")),
        ("3.12.1", "[*(1:2)]", "1:5 invalid syntax"),
        ("3.13.0", "[*(1:2)]", "1:5 Invalid star expression"),
        ("3.11.7", "f(*x=1)", "1:5 invalid syntax"),
        ("3.12.1", "f(a=1, *)", &format!("1:8 {iterable}")),
        ("3.12.1", "f(**x, *y)", &format!("1:8 {iterable}")),
        ("3.12.1", "f(a, *)", "1:7 invalid syntax"),
        ("3.13.0", "f(**x, *y)", &format!("1:6 {iterable}")),
        ("3.13.0", "f(**x, *)", "1:9 Invalid star expression"),
        ("3.14.10", "__debug__: int", "1:1 cannot assign to __debug__"),
        ("3.13.0", "del a.__debug__", ""),
        ("3.14.10", "del [(a.__debug__,)]", "1:7 cannot delete __debug__"),
        ("3.14.10", "a.__debug__ += 1", "1:1 cannot assign to __debug__"),
        ("3.13.0", "\u{3b1}\u{3b2} = 00", ""),
        ("3.13.0", "\u{3b1}\u{3b2} = 01", &format!("1:8 {zeros}")),
        ("3.13.18", "\u{3b1}\u{3b2} = 01", &format!("1:6 {zeros}")),
        ("3.12.1", "f(*x=1)", "1:3 cannot assign to iterable argument unpacking"),
    ] {
        assert_eq!(said(version, source), words, "{version}: {source}");
    }
}

#[test]
fn each_release_warns_about_octal_escapes_in_its_way() {
    for (version, kind) in [("3.11.7", WarningKind::Deprecation), ("3.12.1", WarningKind::Syntax)] {
        let target = Target::preview(version.parse().unwrap()).unwrap();
        let compiled =
            compile_with_warnings(br"x = '\407'", &Options::new(target, "m.py")).unwrap();
        let [warning] = compiled.warnings() else { panic!("{version}") };
        assert_eq!(
            (warning.kind, &*warning.message),
            (kind, r"invalid octal escape sequence '\407'")
        );
    }
}

/// The expected results are those of the interpreters.
#[test]
fn columns_are_counted_as_the_release_does() {
    for version in ["3.11.7", "3.12.1"] {
        assert_eq!(said(version, "ñx await"), "1:5 invalid syntax");
        assert_eq!(said(version, "# coding: utf-8\nñx await"), "2:4 invalid syntax");
        assert_eq!(said(version, "ñx = $"), "1:7 invalid syntax");
    }
    assert_eq!(said("3.13.0", "ñx await"), "1:4 invalid syntax");
    for version in ["3.11.7", "3.12.1", "3.13.0", "3.14.10", "3.15.2"] {
        assert_eq!(said(version, "ñ; await x"), "1:5 'await' outside function");
    }
}

/// The expected results are those of the interpreters.
#[test]
fn messages_of_releases_differ() {
    let comma = "invalid syntax. Perhaps you forgot a comma?";
    assert_eq!(said("3.12.1", "[x for y z in w]"), format!("1:8 {comma}"));
    let meant = "'in' expected after for-loop variables";
    assert_eq!(said("3.13.0", "[x for y z in w]"), format!("1:10 {meant}"));
    assert_eq!(said("3.12.1", "def f[](): x"), "1:6 expected '('");
    assert_eq!(said("3.13.0", "def f[](): x"), "1:7 Type parameter list cannot be empty");
    let equal = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
    assert_eq!(said("3.11.7", "type X[T = int, *Ts] = 1"), "1:6 invalid syntax");
    assert_eq!(said("3.13.0", "type X[T = int] = 1\nx y"), format!("1:8 {equal}"));
    assert_eq!(
        said("3.15.2", "def f(a, a): x"),
        "1:10 duplicate parameter 'a' in function definition"
    );
}

/// In 3.14 and later, an encoding that contradicts the byte order mark is located.
#[test]
fn a_byte_order_mark_excludes_other_encodings() {
    let error = |version: &str| {
        let target = Target::preview(version.parse().unwrap()).unwrap();
        let source = b"\xef\xbb\xbf\n# coding: latin-1\nx\n";
        compile(source, &Options::new(target, "m.py")).unwrap_err()
    };
    assert_eq!(error("3.13.0").span(), None);
    let error = error("3.15.2");
    assert_eq!(
        (error.span().unwrap().line, error.offset(), error.end_offset()),
        (2, None, Some(18))
    );
    assert_eq!(error.text(), Some("# coding: latin-1"));
}

/// CPython doesn't convert the decoder's exception for bytes after another error.
#[test]
fn bytes_after_another_error_cause_an_exception_of_the_decoder() {
    let target = Target::preview("3.13.0".parse().unwrap()).unwrap();
    let options = Options::new(target, "m.py");
    let name = |source: &[u8]| compile(source, &options).unwrap_err().kind().exception_name();
    assert_eq!(name(b"x y\nz\xff\n"), "UnicodeDecodeError");
    assert_eq!(name(b"x\nz\xff\n"), "SyntaxError");
}

/// The class, the range and the text of the error in a source.
fn shown(version: &str, source: &[u8]) -> String {
    let target = Target::preview(version.parse().unwrap()).unwrap();
    let error = compile(source, &Options::new(target, "m.py")).unwrap_err();
    let number = |number: Option<usize>| number.map_or("?".to_owned(), |known| known.to_string());
    let (column, end) = (number(error.offset()), number(error.end_offset()));
    let class = error.kind().exception_name();
    format!("{class} {column}-{end} {}", error.text().unwrap_or_default())
}

#[test]
fn fields_of_older_releases_are_shown_in_parentheses() {
    let shown = |source: &str| shown("3.11.7", source.as_bytes());
    assert_eq!(shown("xyz = f'{a b}'\n"), "SyntaxError 2-5 (a b)");
    assert_eq!(shown("xyz = f'{f\"{a b}\"}'\n"), "SyntaxError 2-5 (a b)");
    assert_eq!(shown("()f'''{\n|\n}'''"), "SyntaxError ?-? |");
    let nested = "f-string: invalid syntax. Perhaps you forgot a comma?";
    assert_eq!(said("3.11.7", "f'{f\"{a b}\"}'\n"), format!("1:2 {nested}"));
    assert_eq!(
        said("3.11.7", "f'{f\"{}\"}'"),
        "1:7 f-string: f-string: empty expression not allowed"
    );
}

#[test]
fn bytes_before_an_error_are_counted_as_its_finder_does() {
    assert_eq!(shown("3.13.0", b"'\xff\xff')"), "SyntaxError 5-5 '\u{fffd}\u{fffd}')");
    assert_eq!(shown("3.13.0", b"f\"{b}\xe9\"'"), "UnicodeDecodeError ?-? ");
    assert_eq!(shown("3.13.0", b"f\"{lambda:\xc3"), "SyntaxError 4-11 f\"{lambda:\u{fffd}");
}

#[test]
fn the_first_pass_requires_the_parts_of_a_function_in_older_releases() {
    let source = "def f()->(a b): pass";
    assert_eq!(said("3.12.1", source), "1:8 expected ':'");
    assert_eq!(said("3.13.0", source), "1:11 invalid syntax. Perhaps you forgot a comma?");
    assert_eq!(said("3.12.1", "1 * not a"), "1:5 invalid syntax");
    assert_eq!(said("3.13.0", "1 * not a"), "1:5 'not' after an operator must be parenthesized");
}

#[test]
fn newer_symbol_tables_know_where_coroutines_are() {
    for (source, older, newer) in [
        ("break\nawait a", "'break' outside loop", "'await' outside function"),
        (
            "return\nasync for a in b: c",
            "'return' outside function",
            "'async for' outside async function",
        ),
        (
            "return\nasync with a: b",
            "'return' outside function",
            "'async with' outside async function",
        ),
        (
            "def f(): lambda: await a",
            "'await' outside async function",
            "'await' outside async function",
        ),
    ] {
        assert!(said("3.13.0", source).ends_with(older), "{source}");
        assert!(said("3.14.10", source).ends_with(newer), "{source}");
    }
    assert_eq!(said("3.14.10", "async def f(): return [[await a for a in b] for c in d]"), "");
}

#[test]
fn names_and_targets_are_accepted_where_cpython_accepts_them() {
    for version in ["3.12.1", "3.13.0", "3.14.10", "3.15.2"] {
        assert_eq!(said(version, "f'{a!\u{ff52}}'"), "");
        let starred = "starred assignment target must be in a list or tuple";
        assert_eq!(said(version, "with a as *b: c"), format!("1:11 {starred}"));
    }
    let rest = "match a:\n case {'b': c, **d, 'e': f}: g";
    assert_eq!(said("3.14.10", rest), "2:21 invalid syntax");
    let meant =
        "double star pattern must be the last (right-most) subpattern in the mapping pattern";
    assert_eq!(said("3.15.2", rest), format!("2:18 {meant}"));
    assert_eq!(
        said("3.11.7", "x; from __future__ import division"),
        "1:3 from __future__ imports must occur at the beginning of the file"
    );
}

#[test]
fn text_after_a_field_of_a_format_spec_is_read_as_each_release_does() {
    assert_eq!(said("3.12.1", "f'{a:{b}\n}'"), "");
    let unterminated = "1:1 unterminated f-string literal (detected at line 1)";
    assert_eq!(said("3.13.0", "f'{a:{b}\n}'"), unterminated);
    assert_eq!(
        said("3.12.1", "import a from b"),
        "1:1 Did you mean to use 'from ... import ...' instead?"
    );
    assert_eq!(said("3.11.7", "import a from b"), "1:10 invalid syntax");
    let bound = "type A[B=(), *C: d] = e";
    assert_eq!(said("3.13.0", bound), "1:16 cannot use bound with TypeVarTuple");
    assert!(said("3.14.10", bound).starts_with("1:8 invalid syntax. Maybe you meant '=='"));
}

#[test]
fn literals_of_a_dict_are_skipped_without_a_change_of_the_error() {
    let pairs = "'a': 1, 'b': (2, [x, -3]), None: {'c': 4}, ";
    let meant = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
    assert_eq!(said("3.13.0", &format!("(x = {{{pairs}}})")), format!("1:2 {meant}"));
    assert_eq!(
        said("3.13.0", &format!("{{{pairs}y z}}")),
        "1:45 ':' expected after dictionary key"
    );
    let empty = "1:13 f-string: valid expression required before '}'";
    assert_eq!(said("3.13.0", "{'a': 1, f'{}', 'b': 2}"), empty);
    let escape = "{'a': 1, 'b': '\\x', 'c': 2, d e}";
    assert!(said("3.13.0", escape).contains("truncated"));
}

#[test]
fn the_flag_z_of_formats_is_folded_only_by_old_releases() {
    let folds = |version: &str| {
        let options = Options::new(Target::preview(version.parse().unwrap()).unwrap(), "m.py");
        let code = compile(b"'%-z5s' % (a,)", &options).unwrap();
        !format!("{:?}", code.consts).contains("%-z5s")
    };
    assert!(folds("3.11.2"));
    assert!(!folds("3.11.7") && !folds("3.13.0"));
}

/// Changes between micro releases: the last release without each, and the first with it.
#[test]
fn errors_change_in_the_micro_release_of_their_fix() {
    let meant = "iterable argument unpacking follows keyword argument unpacking";
    let reserved = "reserved name '__classdict__' cannot be used for type parameter";
    let mut wrong = Vec::new();
    for (source, old, before, new, after) in [
        ("x = b'\u{e9}' + 1", "3.11.3", "1:11 bytes", "3.11.4", "1:5 bytes"),
        ("1\u{e9}", "3.11.5", "1:1 invalid decimal literal", "3.11.6", "1:2 invalid syntax"),
        ("1\u{e9}", "3.12.0", "1:1 invalid decimal literal", "3.12.1", "1:2 invalid syntax"),
        ("f(**x, *y)", "3.11.6", &format!("1:3 {meant}"), "3.11.7", &format!("1:8 {meant}")),
        ("f(**x, *y)", "3.12.0", &format!("1:3 {meant}"), "3.12.2", &format!("1:8 {meant}")),
        ("f(3, *)", "3.12.2", "1:7 invalid syntax", "3.12.3", "1:7 Invalid star expression"),
        ("yield from a", "3.12.4", "1:1 'yield' outside", "3.12.5", "1:1 'yield from' outside"),
        ("def f[__classdict__](): a", "3.12.9", "", "3.12.10", &format!("1:7 {reserved}")),
        ("def f[__classdict__](): a", "3.13.2", "", "3.13.3", &format!("1:7 {reserved}")),
        ("f'{a:\n}'", "3.13.3", "", "3.13.4", "1:6 f-string: newlines"),
        ("(c x)", "3.12.11", "1:4 invalid syntax", "3.12.12", "1:2 invalid syntax. Perhaps"),
        ("(c x)", "3.13.5", "1:4 invalid syntax", "3.13.6", "1:2 invalid syntax. Perhaps"),
        ("import a as b; c d", "3.14.0", "1:13 cannot use name", "3.14.1", "1:18 invalid syntax"),
        ("'\\N{cjk unified ideograph-4e00}'", "3.14.3", "1:1 (unicode error)", "3.14.4", ""),
        ("'\\N{TANGUT IDEOGRAPH-17000}'", "3.14.3", "1:1 (unicode error)", "3.14.4", ""),
        ("'\\N{TANGUT IDEOGRAPH-17000}'", "3.13.12", "1:1 (unicode error)", "3.13.13", ""),
        ("'\u{e9}' + 0777", "3.13.15", "1:8 leading zeros", "3.13.16", "1:7 leading zeros"),
        ("'\u{e9}' + 0777", "3.14.7", "1:8 leading zeros", "3.14.8", "1:7 leading zeros"),
    ] {
        for (version, expected) in [(old, before), (new, after)] {
            let said = said(version, source);
            let is_right = said.starts_with(expected) && said.is_empty() == expected.is_empty();
            if !is_right {
                wrong.push(format!("{version} {source}: {said}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// What `compile()` raises for a source that isn't a `SyntaxError` everywhere.
#[test]
fn exceptions_change_in_the_micro_release_of_their_fix() {
    let raised = |version: &str, source: &str| {
        let target = Target::preview(version.parse().unwrap()).unwrap();
        let error = compile(source.as_bytes(), &Options::new(target, "m.py")).err();
        error.map(|error| error.kind().exception_name())
    };
    assert_eq!(raised("3.11.3", "x\0"), Some("ValueError"));
    assert_eq!(raised("3.11.4", "x\0"), Some("SyntaxError"));
    for (old, new) in [("3.13.13", "3.13.14"), ("3.14.5", "3.14.6")] {
        assert_eq!(raised(old, "# coding: ibm00858"), Some("SyntaxError"));
        assert_eq!(raised(new, "# coding: ibm00858"), None);
    }
    for (old, new) in [("3.12.7", "3.13.4"), ("3.13.3", "3.14.0")] {
        for source in ["\u{1d413}rue = 1", "x.\u{1d40d}one", "def f(a=\u{1d405}alse): 1"] {
            assert_eq!(raised(old, source), None, "{source}");
            assert_eq!(raised(new, source), Some("ValueError"), "{source}");
        }
    }
}

#[test]
fn offsets_count_characters_from_the_release_of_their_fix() {
    let offset = |version: &str| {
        let target = Target::preview(version.parse().unwrap()).unwrap();
        compile("é = (\n".as_bytes(), &Options::new(target, "m.py")).unwrap_err().offset()
    };
    assert_eq!([offset("3.12.1"), offset("3.12.2")], [Some(6); 2]);
    assert_eq!([offset("3.12.3"), offset("3.12.7"), offset("3.13.0")], [Some(5); 3]);
}

/// The code is the same in the first two releases, before each change, and in the last two.
#[test]
fn code_changes_in_the_micro_release_of_its_fix() {
    let code = |version: &str, source: &str| {
        let options = Options::new(Target::preview(version.parse().unwrap()).unwrap(), "m.py");
        format!("{:?}", compile(source.as_bytes(), &options).unwrap())
    };
    let mut wrong = Vec::new();
    for (source, releases) in [
        ("def f(): a, a = x, y", ["3.11.2", "3.11.3", "3.11.4", "3.11.7"]),
        ("match a:\n case b:\n  x: int", ["3.11.2", "3.11.3", "3.11.4", "3.11.7"]),
        ("try: a\nexcept* b: c\nexcept* d: e", ["3.11.2", "3.11.3", "3.11.4", "3.11.7"]),
        ("assert a.b, c", ["3.11.7", "3.11.8", "3.11.9", "3.11.10"]),
        ("assert a.b, c", ["3.12.1", "3.12.2", "3.12.3", "3.12.7"]),
        ("def f():\n [x for y in z]\n [y for x in w]", ["3.12.2", "3.12.3", "3.12.4", "3.12.5"]),
        ("class A:\n class B[T](__C): a\n __D", ["3.12.2", "3.12.3", "3.12.4", "3.12.5"]),
        ("for a in b(c): d", ["3.12.3", "3.12.4", "3.12.5", "3.12.7"]),
        ("lambda a:\\\n b", ["3.12.3", "3.12.4", "3.12.5", "3.12.7"]),
        ("f'{a:{b}}'", ["3.12.3", "3.12.4", "3.12.5", "3.12.7"]),
        ("[a for a in\n b]", ["3.12.4", "3.12.5", "3.12.6", "3.12.7"]),
        ("with a as b: c", ["3.12.4", "3.12.5", "3.12.6", "3.12.7"]),
        ("f'{a!=b=}'", ["3.12.7", "3.12.8", "3.12.9", "3.12.10"]),
        ("f'{a!=b=}'", ["3.13.0", "3.13.1", "3.13.2", "3.13.18"]),
        ("f'{a!=b=:>9}'", ["3.13.0", "3.13.1", "3.13.2", "3.13.18"]),
        ("f'{a!=b=:>9}'", ["3.14.0", "3.14.2", "3.14.8", "3.14.10"]),
        ("f'''{'a\\'' # b\n=}'''", ["3.14.2", "3.14.7", "3.14.8", "3.14.10"]),
        ("async def f(): tuple(a async for a in b)", ["3.14.2", "3.14.4", "3.14.5", "3.14.10"]),
    ] {
        let [first, old, new, last] = releases.map(|version| code(version, source));
        if !(first == old && new == last && old != new) {
            wrong.push(format!("{source} {releases:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
    let in_string = "f'{\" \\\" # a \\\" \"=}'";
    assert!(code("3.14.2", in_string).contains("# a"));
    let loses = "class A:\n __classdict__ = 1\n x: int";
    let is_lost = |version: &str| {
        let options = Options::new(Target::preview(version.parse().unwrap()).unwrap(), "m.py");
        compile(loses.as_bytes(), &options)
            .is_err_and(|error| error.kind() == ErrorKind::Unsupported)
    };
    assert_eq!(["3.14.2", "3.14.5", "3.14.6", "3.15.2"].map(is_lost), [true, true, false, false]);
    let left = "def f():\n with a:\n  return b";
    let [first, old, new] = ["3.12.5", "3.12.6", "3.12.7"].map(|version| code(version, left));
    assert!(first != old && old != new);
}
