//! Both results of a compilation are the same code: the code object, and the marshal stream that is
//! created without it.

use pyc_code::{Minor, marshal};
use pyc_compiler::{Optimize, Options, Target, compile, compile_to_marshal};

const SOURCES: &[&str] = &[
    "",
    "'docstring'\nx = 1, 1.0, True, -0.0, 10**30, b'', '', ('spam', 'spam'), ...\n",
    "def f(a, *b, c=(1, 2), **d):\n    def g():\n        nonlocal a\n        return __debug__, a, f\n    return g\n",
    "class spam:\n    spam: 'spam' = {1, 2, 'spam'}\n    def m(self, x): return x in {2, 1, 'spam'} or super().m(x)\n",
    "try:\n    with a as b, c:\n        lambda: (yield)\nfinally:\n    lambda: 'only once'\n",
    "async def f():\n    async for x in y:\n        await z\n    return [x async for x in f\"{x!r:>{y}}\" if x]\n",
    "'\\ud800', 'é', 'a' * 300, b'\\0'\n",
];

#[test]
fn the_stream_is_that_of_the_object() {
    let target = Target::newest(Minor::PY313).unwrap();
    for source in SOURCES {
        for level in [Optimize::None, Optimize::NoAsserts, Optimize::NoDocstrings] {
            let options = Options::new(target, "pkg/spam.py").optimize(level);
            let object = compile(source.as_bytes(), &options).unwrap();
            let stream = compile_to_marshal(source.as_bytes(), &options).unwrap().into_code();
            assert_eq!(stream, marshal::write(&object, Minor::PY313).unwrap(), "{source}");
            assert_eq!(stream, pyc_code::canonical(&stream, Minor::PY313).unwrap(), "{source}");
        }
    }
}
