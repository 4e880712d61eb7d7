//! Sources of any size that consist of a single construct.
//!
//! Two are missing because CPython's code or values themselves grow quadratically: a pattern with
//! many captures (swaps move each below all others), and a folded sum of strings (each partial sum
//! is a value).

/// A name, and a function that makes the source with `n` items.
type Shape = (&'static str, fn(usize) -> String);

pub(super) const SHAPES: &[Shape] = &[
    ("warned numbers", |n| "x=1if 1else 2\n".repeat(n)),
    ("warned escapes", |n| "x = '\\d'\n".repeat(n)),
    ("warned joined escapes", |n| "x = f'\\d{x}'\n".repeat(n)),
    ("warned escapes in one", |n| format!("x = '''{}'''\n", "\\d\n".repeat(n))),
    ("warned comparisons", |n| "x is 1\n".repeat(n)),
    ("warned calls", |n| "1()\n".repeat(n)),
    ("warned asserts", |n| "assert (x, 1)\n".repeat(n)),
    ("mapping pattern", |n| {
        format!("match x:\n  case {{{}}}: pass\n", list(n, |i| format!("{i}: _")))
    }),
    ("class pattern", |n| {
        format!("match x:\n  case C({}): pass\n", list(n, |i| format!("a{i}=_")))
    }),
    ("sequence pattern", |n| format!("match x:\n  case [{}]: pass\n", list(n, |i| i.to_string()))),
    ("or pattern", |n| {
        let patterns: Vec<String> = (0..n).map(|i| i.to_string()).collect();
        format!("match x:\n  case {}: pass\n", patterns.join(" | "))
    }),
    ("match cases", |n| format!("match x:\n{}", lines(n, |i| format!("  case {i}: pass")))),
    ("capturing cases", |n| {
        format!("match x:\n{}", lines(n, |i| format!("  case [{i}, a]: pass")))
    }),
    ("hexadecimal digits", |n| format!("x = 0x{}\n", "f".repeat(n))),
    ("octal digits", |n| format!("x = 0o{}\n", "7".repeat(n))),
    ("binary digits", |n| format!("x = 0b{}\n", "1".repeat(n))),
    ("float digits", |n| format!("x = 0.{}\n", "7".repeat(n))),
    ("float digits before", |n| format!("x = {}.5\n", "7".repeat(n))),
    ("imaginary digits", |n| format!("x = {}j\n", "7".repeat(n))),
    ("too many digits", |n| format!("x = {}\n", "7".repeat(n))),
    ("attributes of self", |n| {
        format!("class C:\n  def f(self):\n{}", lines(n, |i| format!("    self.a{i} = 1")))
    }),
    ("keyword arguments", |n| format!("f({})\n", list(n, |i| format!("a{i}=1")))),
    ("keywords of a class", |n| format!("class C({}): pass\n", list(n, |i| format!("a{i}=1")))),
    ("arguments", |n| format!("f({})\n", list(n, |i| format!("a{i}")))),
    ("starred arguments", |n| format!("f({})\n", list(n, |i| format!("*a{i}")))),
    ("double-starred arguments", |n| format!("f({})\n", list(n, |i| format!("**a{i}")))),
    ("parameters", |n| format!("def f({}): pass\n", list(n, |i| format!("a{i}")))),
    ("defaults", |n| format!("def f({}): pass\n", list(n, |i| format!("a{i}=b{i}")))),
    ("annotated parameters", |n| format!("def f({}): pass\n", list(n, |i| format!("a{i}: b{i}")))),
    ("keyword-only parameters", |n| {
        format!("def f(*, {}): pass\n", list(n, |i| format!("a{i}=1")))
    }),
    ("type parameters", |n| format!("def f[{}](): pass\n", list(n, |i| format!("T{i}")))),
    ("type aliases", |n| lines(n, |i| format!("type T{i} = int"))),
    ("tuple", |n| format!("x = ({},)\n", list(n, |i| format!("a{i}")))),
    ("constant tuple", |n| format!("x = ({},)\n", list(n, |i| i.to_string()))),
    ("list", |n| format!("x = [{}]\n", list(n, |i| i.to_string()))),
    ("set", |n| format!("x = {{{}}}\n", list(n, |i| format!("a{i}")))),
    ("membership in constants", |n| format!("x in {{{}}}\n", list(n, |i| i.to_string()))),
    ("dict", |n| format!("x = {{{}}}\n", list(n, |i| format!("{i}: a{i}")))),
    ("constant dict", |n| format!("x = {{{}}}\n", list(n, |i| format!("'k{i}': {i}")))),
    ("unpacked dicts", |n| format!("x = {{{}}}\n", list(n, |i| format!("**a{i}")))),
    ("targets", |n| format!("{} = x\n", list(n, |i| format!("a{i}")))),
    ("chained targets", |n| format!("{} = x\n", joined(n, " = ", |i| format!("a{i}")))),
    ("sum", |n| format!("x = {}\n", joined(n, " + ", |i| format!("a{i}")))),
    ("sum of numbers", |n| format!("x = {}\n", joined(n, " + ", |i| i.to_string()))),
    ("conjunction", |n| format!("x = {}\n", joined(n, " and ", |i| format!("a{i}")))),
    ("mixed conditions", |n| {
        format!("if {}: pass\n", joined(n, " or ", |i| format!("a{i} and b{i}")))
    }),
    ("comparisons", |n| format!("x = {}\n", joined(n, " < ", |i| format!("a{i}")))),
    ("conditional chain", |n| {
        format!("x = {} 0\n", joined(n, " ", |i| format!("a{i} if b{i} else")))
    }),
    ("attribute chain", |n| format!("x = a{}\n", ".b".repeat(n))),
    ("call chain", |n| format!("x = a{}\n", "(b)".repeat(n))),
    ("elif chain", |n| format!("if a: pass\n{}", lines(n, |i| format!("elif a{i}: pass")))),
    ("closures", |n| {
        let uses = lines(n, |i| format!("  def f{i}(): return a{i}"));
        format!("def f():\n{}{uses}", lines(n, |i| format!("  a{i} = 1")))
    }),
    ("one closure of many", |n| {
        let names = list(n, |i| format!("a{i}"));
        format!("def f():\n{}  def g(): return {names}\n", lines(n, |i| format!("  a{i} = 1")))
    }),
    ("locals", |n| format!("def f():\n{}", lines(n, |i| format!("  a{i} = a{i}")))),
    ("unbound locals", |n| {
        format!("def f():\n{}", lines(n, |i| format!("  if x: a{i} = 1\n  del a{i}")))
    }),
    ("decorators", |n| format!("{}def f(): pass\n", lines(n, |i| format!("@d{i}")))),
    ("functions", |n| lines(n, |i| format!("def f{i}(a, b=1): return a + b"))),
    ("lambdas", |n| format!("x = [{}]\n", list(n, |i| format!("lambda a: a + {i}")))),
    ("comprehensions", |n| lines(n, |i| format!("x = [a + {i} for a in b if a]"))),
    ("comprehensions inside", |n| {
        format!("def f():\n{}", lines(n, |i| format!("  x = [a{i} for a{i} in b]")))
    }),
    ("loops of one generator", |n| {
        format!(
            "x = [a {}]\n",
            joined(n.min(2000), " ", |i| { format!("if a > {i}") }).replacen(
                "if",
                "for a in b if",
                1
            )
        )
    }),
    ("classes", |n| {
        lines(n, |i| format!("class C{i}:\n  x = {i}\n  def f(self): return super().f()"))
    }),
    ("methods", |n| {
        format!("class C:\n{}", lines(n, |i| format!("  def f{i}(self): self.x = {i}")))
    }),
    ("annotations", |n| lines(n, |i| format!("a{i}: int = {i}"))),
    ("try blocks", |n| "try: a\nexcept b as c: d\nfinally: e\n".repeat(n)),
    ("handlers", |n| format!("try: a\n{}", lines(n, |i| format!("except E{i} as e: b")))),
    ("group handlers", |n| format!("try: a\n{}", lines(n, |i| format!("except* E{i} as e: b")))),
    ("with items", |n| format!("with {}: pass\n", list(n.min(18), |i| format!("a{i} as b{i}")))),
    ("with blocks", |n| "with a as b: c\n".repeat(n)),
    ("loops", |n| "for a in b:\n  if c: continue\n  if d: break\nelse: e\n".repeat(n)),
    ("while loops", |n| "while a: b\n".repeat(n)),
    ("loop of ifs", |n| format!("while a:\n{}", lines(n, |i| format!("  if b{i}: continue")))),
    ("async", |n| format!("async def f():\n{}", "  async for a in b: await c\n".repeat(n))),
    ("global names", |n| {
        format!(
            "def f():\n  global {}\n{}",
            list(n, |i| format!("a{i}")),
            lines(n, |i| { format!("  a{i} = 1") })
        )
    }),
    ("global statements", |n| format!("def f():\n{}", lines(n, |i| format!("  global a{i}")))),
    ("imports", |n| lines(n, |i| format!("import a{i}.b.c as d{i}, e{i}"))),
    ("imported names", |n| format!("from a import ({})\n", list(n, |i| format!("b{i} as c{i}")))),
    ("deletions", |n| format!("del {}\n", list(n, |i| format!("a{i}")))),
    ("statements on a line", |n| joined(n, "; ", |i| format!("a{i} = {i}"))),
    ("statements", |n| lines(n, |i| format!("a{i} = {i}"))),
    ("same statements", |n| "a = b\n".repeat(n)),
    ("comments", |n| "# a comment\n".repeat(n)),
    ("long comment", |n| format!("#{}\n", "a ".repeat(n))),
    ("blank lines", |n| "\n".repeat(n)),
    ("continued lines", |n| format!("x = 1{}\n", " \\\n".repeat(n))),
    ("lines in brackets", |n| format!("x = ({}1)\n", "\n# a\n".repeat(n))),
    ("long string", |n| format!("x = '{}'\n", "a b ".repeat(n))),
    ("long escaped string", |n| format!("x = '{}'\n", "\\n\\x41".repeat(n))),
    ("named characters", |n| format!("x = '{}'\n", "\\N{EM DASH}".repeat(n))),
    ("long name", |n| format!("{} = 1\n", "a".repeat(n))),
    ("foreign names", |n| lines(n, |i| format!("é{i} = ｆ{i}"))),
    ("strings", |n| lines(n, |i| format!("x = 'text {i}'"))),
    ("adjacent strings", |n| format!("x = ({})\n", "'a' ".repeat(n))),
    ("docstring", |n| format!("def f():\n  '''a\n{}'''\n", "    b\n".repeat(n))),
    ("fields", |n| format!("x = f'{}'\n", "{a}b".repeat(n))),
    ("doubled braces", |n| format!("x = f'{}'\n", "{{a}}".repeat(n))),
    ("debug fields", |n| format!("x = f'{}'\n", "{a=}".repeat(n))),
    ("odd debug fields", |n| format!("x = f'{}'\n", "{a['b']=}".repeat(n))),
    ("format specs", |n| format!("x = f'{}'\n", "{a!r:>{b}}".repeat(n))),
    ("adjacent f-strings", |n| format!("x = ({})\n", "f'{a}b' 'c' ".repeat(n))),
    ("format by percent", |n| {
        format!("x = '{}' % ({},)\n", "%s".repeat(n), list(n, |i| format!("a{i}")))
    }),
    ("subscripts", |n| format!("x = a[{}]\n", list(n, |i| format!("b{i}:c")))),
    ("future annotations", |n| {
        format!(
            "from __future__ import annotations\n{}",
            lines(n, |i| format!("a{i}: dict[str, {i}]"))
        )
    }),
    ("unclosed brackets", |n| "(".repeat(n)),
    ("unary operators", |n| format!("x = {}1\n", "-".repeat(n))),
    ("parenthesised withs", |n| "with (a, b) as c: pass\n".repeat(n)),
    ("match as a name", |n| "match(a)\n".repeat(n)),
    ("long match subject", |n| format!("match({})\n", list(n, |i| format!("a{i}")))),
    ("constants of all kinds", |n| {
        lines(n, |i| format!("x = {i}, {i}.5, '{i}', b'{i}', ({i}, '{i}')"))
    }),
];

/// `n` items, each on a line.
fn lines(n: usize, item: impl Fn(usize) -> String) -> String {
    (0..n).map(|i| item(i) + "\n").collect()
}

/// `n` items with commas between.
fn list(n: usize, item: impl Fn(usize) -> String) -> String {
    joined(n, ", ", item)
}

fn joined(n: usize, separator: &str, item: impl Fn(usize) -> String) -> String {
    (0..n).map(item).collect::<Vec<_>>().join(separator)
}
