//! Random sources: each must give code or an error, and nothing else may happen.

use pyc_compiler::laws;

/// Endless numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // Knuth's MMIX generator. Its high bits are the most random.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Samples of everything, to be damaged.
const SEEDS: &[&str] = &[
    "def f(a, /, b=1, *c, d: int = 2, **e) -> 'x':\n    '''d'''\n    nonlocal_ = yield a\n    return [i for i in a if i]\n",
    "class C[T: (int, str), *U](B, metaclass=M):\n    x: int = 1\n    def m(self): self.y = super().m(__class__)\n",
    "try:\n    with a as b, c:\n        pass\nexcept* (A, B) as e:\n    raise X from e\nelse:\n    del b[1:2]\nfinally:\n    while 1: break\n",
    "match x:\n    case [1, *_, {'k': v, **r}] | C(a, b=2) as z if z: pass\n    case _: x = f'{a!r:>{w}} {b=}' 'c'\n",
    "async def g():\n    async for i in h():\n        await i\n    return {k: v async for k, v in x}, lambda *a: (yield)\n",
    "from __future__ import annotations\nimport a.b as c, d\nfrom . import (e, f as g,)\ntype X[T] = T\nx = y, *z = 1 < 2 != 3\n",
    "global x; assert (a := 1) if b else c, 'm'\nx = -1 ** 2 + 0x_ff * 1e3j // 3.5 % '%s' @ b'\\x00' << ~1\n",
];

#[test]
fn damaged_sources_are_refused_or_compiled() {
    damage(80);
}

/// Compiles so many damaged sources.
fn damage(rounds: usize) {
    let mut random = Random(1);
    for round in 0..rounds {
        let mut source = SEEDS[round % SEEDS.len()].as_bytes().to_vec();
        for _ in 0..=random.below(4) {
            if source.is_empty() {
                break;
            }
            let at = random.below(source.len());
            match random.below(4) {
                0 => drop(source.remove(at)),
                1 => source[at] = b"()[]{}:,.'\"\\\n\t #@=*-x0\x00\xff"[random.below(24)],
                2 => {
                    let other = SEEDS[random.below(SEEDS.len())].as_bytes();
                    let from = random.below(other.len());
                    let to = other.len().min(from + 12);
                    source.splice(at..at, other[from..to].iter().copied());
                }
                _ => source.truncate(at + 1),
            }
        }
        laws::source(&source);
    }
}

/// Found by fuzzing.
#[test]
fn undecodable_bytes_are_refused_outside_comments() {
    for source in [&b"f'\xd3\x84\x87 x\n"[..], b"f'{x}\xff'", b"\xff", b"'\xd3\x84\xff"] {
        laws::source(source);
        assert!(pyc_compiler::compile(source, &options()).is_err());
    }
}

/// CPython doesn't decode comments.
#[test]
fn undecodable_bytes_are_allowed_in_comments() {
    for source in [&b"x = 1 # \xff\n"[..], b"x = 1 # \xff", b"# \xff\nx = 1", b"f(1, # \xff\n2)\n"]
    {
        laws::source(source);
        assert!(pyc_compiler::compile(source, &options()).is_ok());
    }
}

#[test]
fn stages_of_deep_sources_are_printed() {
    use pyc_compiler::stage;

    let source = format!("x = {}y\n", "-".repeat(5_000));
    let (source, options) = (source.as_bytes(), options());
    for shown in [stage::tree, stage::scopes, stage::instructions] {
        assert!(!shown(source, &options).unwrap().is_empty());
    }
    assert!(!stage::graph(source, &options, "peephole", &[]).unwrap().is_empty());
}

fn options() -> pyc_compiler::Options {
    let target = pyc_compiler::Target::newest(pyc_code::Minor::PY313);
    pyc_compiler::Options::new(target.expect("3.13 is supported"), "hostile.py")
}

#[test]
fn nesting_never_reaches_the_end_of_the_stack() {
    nest(2_000);
}

/// Nests every construct so deep.
fn nest(most: usize) {
    // Large sources take long without optimisation, so each goes to one target, and the next one
    // to another.
    let mut targets = laws::targets().collect::<Vec<_>>().into_iter().cycle();
    let mut large = |source: String| {
        laws::source_for(source.as_bytes(), targets.next().expect("targets are repeated"));
    };
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("-", ""),
        ("not ", ""),
        ("lambda: ", ""),
        ("x.", ""),
        ("f(", ")"),
        ("1 if ", " else 2"),
        ("{1: ", "}"),
        ("f'{", "}'"),
        ("(yield ", ")"),
        ("a < ", ""),
        ("a and ", ""),
        ("a ** ", ""),
        ("[x for x in ", "]"),
    ] {
        let nested = |depth| format!("{}x{}\n", open.repeat(depth), close.repeat(depth));
        laws::source(nested(50).as_bytes());
        large(nested(most));
    }
    for depth in [20, 90, 500] {
        let line =
            |level: usize| " ".repeat(level) + if level < depth { "if x:\n" } else { "pass\n" };
        let source: String = (0..=depth).map(line).collect();
        large(source.replace("if x", "class C"));
        large(source.replace("if x", "def f()"));
        large(source);
    }
    large(format!("x = {}\n", vec!["1"; most].join(" + ")));
    large(format!("if x: pass\n{}", "elif y: pass\n".repeat(1_000)));
}

mod long {
    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn many_damaged_sources_are_refused_or_compiled() {
        super::damage(250);
    }

    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn the_deepest_nesting_never_reaches_the_end_of_the_stack() {
        super::nest(5_000);
    }
}
