//! What is read without doubt, as the second parser reads it; and what isn't.

use crate::{Options, Target, compile, stage};

fn options() -> Options {
    Options::new(Target::for_version("3.13.18".parse().unwrap()).unwrap(), "m.py")
}

/// Sources, one a paragraph, that say something about each rule.
const RIGHT: &str = r#"
x

a = b = c, d = *e, f

a, *b = [c, *d] = (e) = f.g[h]

a: b; (a): b = c; a.b: c = yield

a += yield b; a[b] **= c, *d; a //= -1; a >>= 1; a @= b

del a, (b, c), [d.e, f[g]],

def f(): return; return *a, b; yield; yield a,; yield from a; x = yield

raise; raise a; raise a from b; assert a; assert a, b; pass; break; continue

global a, b; nonlocal c

import a, b.c as d; from . import e; from ...f.g import (h as i, j,); from k import *

type X = int; type Y[T: int = str, *Ts = *a, **P = b] = T; type = 1; type[a]; type.x

if a: b
elif c := d: e
elif f:
    g; h;
else: i

while a: b
else: c

for a, (b, *c) in d, *e: f
else: g

for [a] in b:
    pass

try: a
except: b
else: c
finally: d

try: a
except b as c: d
except (e, f):
    pass

try: a
except* b: c
except* d as e: f

try: a
finally: b;

with a: b

with a as b, c as (d, e), f as g.h: i

with (a, b): c

with (a as b, c as d,): e

with (a, b) as c: d

with (a), b: c

with (a).b as c: d

with (yield a): b

with (a := b): c

with (a for a in b): c

async def f(a):
    async with b as c: d
    async for e in f: g
    await h ** 2, -await i.j(k)
    [l async for l in m]

@a
# why
@b.c(d)
def f[T](a, b: c = d, /, e=f, *g: *h, i, j: k = l, **m) -> n:
    """doc"""
    o

@a
class C[T: (a, b)](d, *e, f=g, **h): "doc"; i

class C: pass

class C():
    'a' 'b'
    def f(self, *, a): 1 + 1

lambda: a; lambda a, /, b=1, *c, d=2, **e: (lambda: f); lambda *, a, **b,: c

a if b else c if d else lambda: e

a or b and not c or d; not not a; not a in b; not (a is not b)

a < b <= c != d is e is not f in g not in h == i

a | b ^ c & d << e >> f + g - h * i / j // k % l @ m

-a ** -b ** ~c; +a; (-1) ** 2; 2 ** -1; a ** b ** c

a.b.c(d)(e)[f][g].h; a . b

f(a, *b, c, d=e, *f, g = h, **i, j=k, **l); f(*a or b, **c or d); f(a := b); f(a == b,)

f(a for a in b); f((a for a in b), c); f(a for a in b if c if d for e in f)

a[b]; a[b, c]; a[b,]; a[:]; a[b:]; a[:b]; a[b:c:d]; a[::]; a[b:c, d, *e]; a[*b]; a[*b or c, d]; a[b := c]; a[(b := c):d]

(); (a,); (a, *b, c := d); (a); (yield); (a for a in b); (a := b)

[]; [a]; [a, *b, c := d,]; [a for a in b]; [a := b for c in d]

{}; {a}; {a, *b,}; {*a}; {a: b, **c, d: e,}; {(a := b): c}; {**a}; {a for a in b}; {a: b for a, b in c}; {a := b}

[a for a, in b for [c, *d] in e if f if g]

None, True, False, ..., __debug__

é = ﬁ; ａb = a·; 0, 00, 000.1, 09.5, 1_000, 0x_fF, 0o17, 0b1, 18446744073709551616, 1., .5, 1e10, 1_0.5e-1_0, 2j, 1.5J, 1e999, 0.0

'', "a", 'a' "b" """c""", u'd' 'e', U'f', r'\d', R"\"", 'a\
b\n\t\\\'\x41\101\u1234\U0001f600\ud800\N{EM DASH}', '\0'

b'', B'a' b"\x00\377", rb'\d', bR"""a
b"""

f'', f'a', f'{a}', f'a{b}c{d}', F"{a!r}{b!s}{c!a}{d:e}{f!r:g}{h:{i}}{j:>{k}.{l}}"

f'{{a}}{{{b}}}', f'{ {a} }', f'{a, b}', f'{a,}', f'{(lambda: a)}', f'{yield a}', f'{a if b else c}'

f'{a:{b:{c}}}', f'{a:=5}', f'{(a := b)}', f'{a != b}', f'{a["b"]}', f"{f"{f'{a}'}"}", rf'\d{a}\{b}', f'\n\x41{a}'

f'{a=}', f'{a = }', f'{a=!r}', f'{a=:b}', f'{a + b = !s:c}', f'x{a=}y'

'a' f'b{c}' 'd' f'' "", '' f'{a}' '', u'a' f'b', f'{a}' '' 'b'

f'''
{
a
}b
{c:d}
''', f"""{a
=}"""

match a:
    case 1: b
    case -1 | 2.5 | -3j | 1 + 2j | -1 - 2j: b
    case 'a' 'b' | b'c' | None | True: d
    case x: e
    case _ if f := g: h
    case a.b.c: i
    case [a, *b, _] | (c, *_) | () | []: d
    case (a): b
    case (a,): b
    case {}: a
    case {'b': c, -1: d, e.f: g, None: h, **i}: j
    case C(): a
    case C.D(a, b.c, d=e, f=[g],): h
    case a, *b: c
    case *a,: b
    case a as b: c
    case (a | b) as c: d

match a, *b:
    case c: d

match (a):
    case (b): c

match *a, b:
    case _: pass

match = 1; match.a; match[a]; match(a); match * a; match - a; match: a; match, a

match (a), b

match not a:
    case b:
        match c:
            case d: e

if a:
  # comment
 
  b
	# comment
c

if a:
	b
	if c:
		d

a \
  + b; (a
# comment
+ b)

from __future__ import annotations
def f(a: 1 + 1) -> 2 + 2: b: 3 + 3 = 4

"doc"; x

'a' + 'b'

("a")

a = 'é'  # é
"#;

/// What CPython refuses, and the second parser too.
const WRONG: &str = r"
x y
x = 
f() = 1
a, b: c
[a]: b
(a, b) += c
a + b = c
a := b
(a := b) := c
(a) := b
for a + b in c: d
del *a, b
del f()
del a + b
a not b
a <> b
a or lambda: b
a + not b
not lambda: a
await -a
[*a for a in b]
{**a for a in b}
{a: b, c}
{a, b: c}
{a: *b}
{a := b: c}
(*a)
(a b)
(a, b
a)
a]
f(a for a in b, c)
f(a, b for b in c)
f(a=b, c)
f(**a, b)
f(**a, *b)
f(a.b=c)
f(True=a)
f(a=)
f(a for a in b, )
class C(a for a in b): c
a[]
a[b c]
a[*b:c]
a[b := c:d]
a·€
€
·a
def f(a=1, b): c
def f(*): a
def f(*, **a): b
def f(/): a
def f(a, /, b, /): c
def f(*a, /): b
def f(*a, *b): c
def f(*a=1): b
def f(**a, b): c
def f(a b): c
def f(a *b): c
def f(a **b): c
def f(*a **b): c
def f(*a, b **c): d
def f(a, / *b): c
def f(a, / b): c
def f: a
def f(): 
lambda a: b: c
lambda (a): b
lambda a=1, b: c
class C[]: a
type X
type X[T]
import a.b as c.d
import
from a import
from a import (b
from a import b,
from . a. import b
from a import ()
from a import (*)
try: a
with a as b + c: d
with a,: b
with (a as b): c; with (d as e, f) as g: h
@a
@a b
async a
async x = 1
if a:
else: a
a; ; b
;
a;; b
x = yield = 
match a: b
case a: b
01
1__0
1_
0x
1e
1.e_1
0b2
1abc
'a
'''a
'a' b'c'
b'é'
'\x4'
'\N{NO SUCH NAME}'
'\U00110000'
f'{'
f'}'
f'{a'
f'{}'
f'{a!}'
f'{a!x}'
f'{a! r}'
f'{a b}'
f'{lambda: a}'
f'{a:{b:{c:{d:{e}}}}}'
$
?
a ? b
`a`
!a
a!
global a.b
nonlocal
assert
raise a from
pass a
break 1
if a = b: c
while: a
for a b: c
for a in: b
print a
a.1
a.
a..b
(a for b)
(for a in b)
[a for a in b if c else d]
[a for a in lambda: b]
[a, b for a in c]
x = (yield) = 1
yield = 1
None = 1
a.None
def None(): a
def f(None): a
a: b: c
a = b: c
a += b = c
a += b += c

try:
  a
except b: c
except* d: e

try:
  a
except*: b

if a: b
    c

if a:
    b
  c

a
  b

match a:
    b

match a:
    case b, : c
    case 1 + 2: d

match a:
    case -x: b

match a:
    case a.b(): c
    case {**_}: d

match a:
    case C(a=b, c): d

match a:
    case a as _: b

match a:
    case *a: b

match a:
    case a as b.c: d

match a:
    case {a: b}: c

f'{a:
 }'
";

/// Paragraphs that lines of code may stand in.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.trim_matches('\n').split("\n\n").filter(|paragraph| !paragraph.trim().is_empty())
}

/// What CPython refuses and the second parser takes.
const ONLY_WE_REFUSE: &[&str] = &[
    "match a:\n    case _.b: c\n",
    "match a:\n    case _(): c\n",
    "match a:\n    case [(*b)]: c\n",
    "match a:\n    case (1, *b) | (*b): c\n",
    "match a:\n    case b((c)=d): e\n",
    "((a) := b)\n",
    "f((a) := b, c)\n",
    "(a).b: int\n",
    "((a).b)[c]: int = 1\n",
    "(()): a\n",
    "() += a\n",
    "() + () = a\n",
    "\u{feff}\u{feff}x = 1\n",
    "if a:\n  b\n \tc\n",
    "if a:\n \tb\n  c\n",
    "if a:\n\tif b:\n   c\nd\n",
];

/// What the parser reads by a way of its own.
const RARE: &[&str] = &[
    "match a:\n    case {_.b: c}: e\n",
    "match a:\n    case C(_=b): c\n",
    "match a:\n    case __debug__.b | __debug__(): c\n",
    "(a): int; ((a)): int; ((a).b): int; (a()).b: int; (a, b)[c]: int; (a + b).c: int\n",
    "() = ((), ()) = [(), a] = b\nfor () in a: del (), ((), [()])\n",
    "'a'[0] = ('b')[-1], ((),)[0] = c; 'a'[0] += 1; ('a')[0]: b; del 'a'[1 - 1]\n",
    "f(a\n=b, c # d\n = e, f\\\n=g)\n",
    "import a . b, c. d .e\nfrom . f .g import h\nimport \u{e9}.\u{fb01}\n",
];

#[test]
fn lone_stars_are_refused_by_the_compiler() {
    for (source, message) in [
        ("*a", "can't use starred expression here"),
        ("a = *b", "can't use starred expression here"),
        ("for a in *b: c", "can't use starred expression here"),
        ("def f(): return *a", "can't use starred expression here"),
        ("f'{*a}'", "can't use starred expression here"),
        ("*a = b", "starred assignment target must be in a list or tuple"),
        ("for *a in b: c", "starred assignment target must be in a list or tuple"),
    ] {
        let error = compile(source.as_bytes(), &options()).unwrap_err();
        assert_eq!(error.message(), message, "{source}");
    }
}

#[test]
fn the_verdict_of_the_first_parser_is_final() {
    for source in ONLY_WE_REFUSE {
        assert!(compile(source.as_bytes(), &options()).is_err(), "{source}");
    }
    for source in RARE {
        let compiled = compile(source.as_bytes(), &options());
        assert!(compiled.is_ok(), "{source}: {compiled:?}");
    }
}

#[test]
fn what_is_right_is_read_alike() {
    for paragraph in paragraphs(RIGHT) {
        let nested = format!("if x:\n  {}\n", paragraph.replace('\n', "\n  "));
        for source in [paragraph, &format!("{paragraph}\n"), &nested] {
            let (ours, theirs) = stage::both_parsers(source.as_bytes(), &options());
            let theirs = theirs.unwrap_or_else(|error| panic!("{source}\n{error}"));
            assert_eq!(ours.as_deref(), Some(&*theirs), "{source}");
        }
    }
}

#[test]
fn what_is_wrong_is_doubted() {
    for source in paragraphs(WRONG).flat_map(sources) {
        let (ours, _) = stage::both_parsers(source.as_bytes(), &options());
        assert_eq!(ours, None, "{source}");
        assert!(compile(source.as_bytes(), &options()).is_err(), "{source}");
    }
}

/// Each line of a paragraph, or the whole if it has lines that belong together.
fn sources(paragraph: &str) -> Vec<&str> {
    if paragraph.contains("\n ") { vec![paragraph] } else { paragraph.lines().collect() }
}

#[test]
fn rare_sources_are_left_to_the_second_parser() {
    for source in
        [&format!("{}x{}", "(".repeat(100), ")".repeat(100)), &format!("x{}", ".a".repeat(5000))]
    {
        let (ours, _) = stage::both_parsers(source.as_bytes(), &options());
        assert!(ours.is_none(), "{source}");
        assert!(compile(source.as_bytes(), &options()).is_ok(), "{source}");
    }
}
