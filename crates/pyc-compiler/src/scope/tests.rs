//! Sources and their symbol tables; CPython 3.13.0 has the same.

use pyc_code::Minor;

use super::*;
use crate::error::Fault;
use crate::fold::Folding;
use crate::options::Options;
use crate::pipeline;
use crate::source::Source;
use crate::target::{Facts, Target};

/// The tables of a source, for a release of CPython.
fn build(source: &str, target: Target) -> Result<String, Fault> {
    let options = Options::new(target, "m.py");
    let mut context = Context::new(&options);
    let source = Source::decode(source.as_bytes(), &Facts::of(options.target()))?;
    let tree = pipeline::read(&source, &mut context, Folding::Done)?;
    let future = Future::find(&tree, &context)?;
    let scopes = Scopes::build(&tree, future, &mut context)?;
    Ok(scopes.print(&context.names))
}

fn newest() -> Target {
    Target::newest(Minor::PY313).unwrap()
}

#[track_caller]
fn prints(source: &str, expected: &str) {
    let printed = build(source, newest()).map_err(|fault| fault.message.clone());
    assert_eq!(printed.as_deref(), Ok(expected), "{source}");
}

#[track_caller]
fn refuses(source: &str, message: &str, line: i32, columns: (i32, i32)) {
    let fault = build(source, newest()).expect_err(source);
    let at = Location::new(line, line, columns.0, columns.1);
    assert_eq!((&*fault.message, fault.location), (message, at), "{source}");
}

#[test]
fn closures_share_cells() {
    prints(
        "def f(a):\n  def g(): return a\n",
        "\
module top line 0: child_free
  f: local -> local
  function f line 1: child_free
    a: parameter -> cell
    g: local -> local
    function g line 2: nested free returns_value
      a: use -> free
",
    );
}

#[test]
fn inlined_comprehensions_give_their_names_and_children() {
    prints(
        "def f(a): return [lambda: x for x in a]\n",
        "\
module top line 0: child_free
  f: local -> local
  function f line 1: child_free returns_value
    a: parameter use -> local
    x: local iteration comprehension_cell -> cell
    function <lambda> line 1: nested free
      x: use -> free
",
    );
    prints(
        "class C: y = [super for x in z]\n",
        "\
module top line 0
  C: local -> local
  class C line 1
    y: local -> local
    z: use -> global
    x: local iteration -> local
    super: use -> global
    __class__: use -> global
",
    );
}

#[test]
fn assignment_expressions_bind_outside() {
    prints(
        "def f(): [y := x for x in z]\n",
        "\
module top line 0
  f: local -> local
  function f line 1
    z: use -> global
    y: local -> local
    x: local use iteration -> local
",
    );
}

#[test]
fn super_makes_class_a_free_variable() {
    prints(
        "class C:\n  def f(self): return super().f\n",
        "\
module top line 0: child_free
  C: local -> local
  class C line 1: child_free needs_class_closure
    f: local -> local
    function f line 2: free returns_value
      self: parameter -> local
      super: use -> global
      __class__: use -> free
",
    );
}

#[test]
fn type_parameters_have_a_scope_of_their_own() {
    prints(
        "class C[__T: int = __U](__B):\n  def f[T](self, a: __T): pass\n",
        "\
module top line 0: child_free
  C: local -> local
  type parameters C line 1: child_free
    .type_params: local use -> cell
    .generic_base: local use -> local
    _C__T: local type_param -> cell
    __B: use -> global
    type variable __T line 1: nested free
      int: use -> global
    type variable __T line 1: nested free
      __U: use -> global
    class C line 1: nested free child_free needs_classdict
      __type_params__: local -> local
      .type_params: use -> free
      f: local -> local
      _C__T: -> free
      type parameters f line 2: nested free can_see_class_scope
        __classdict__: use -> free
        .defaults: parameter -> local
        T: local type_param -> local
        _C__T: use -> free
        function f line 2: nested
          self: parameter -> local
          a: parameter -> local
",
    );
}

#[test]
fn annotation_scopes_see_the_class_before_functions() {
    prints(
        "def f():\n  x = 1\n  class C:\n    x = 2\n    type A = x\n",
        "\
module top line 0: child_free
  f: local -> local
  function f line 1: child_free
    x: local -> local
    C: local -> local
    class C line 3: nested child_free needs_classdict
      x: local -> local
      A: local -> local
      type alias A line 5: nested free can_see_class_scope
        __classdict__: use -> free
        x: use -> global
",
    );
}

#[test]
fn declarations_reach_the_module() {
    prints(
        "class C:\n  def f(self): global __x\n",
        "\
module top line 0
  C: local -> local
  _C__x: global -> explicit global
  class C line 1
    f: local -> local
    function f line 2
      self: parameter -> local
      _C__x: global -> explicit global
",
    );
}

#[test]
fn names_are_declared_before_they_are_used() {
    refuses("def f(a, a): pass\n", "duplicate argument 'a' in function definition", 1, (9, 10));
    refuses("class C[T, *T]: pass\n", "duplicate type parameter 'T'", 1, (11, 13));
    refuses("nonlocal a\n", "nonlocal declaration not allowed at module level", 1, (0, 10));
    let table = [
        ("nonlocal a", "no binding for nonlocal 'a' found"),
        ("nonlocal b", "name 'b' is parameter and nonlocal"),
        ("a = 1; global a", "name 'a' is assigned to before global declaration"),
        ("a; nonlocal a", "name 'a' is used prior to nonlocal declaration"),
        ("a: b; global a", "annotated name 'a' can't be global"),
        ("global a; a: b", "annotated name 'a' can't be global"),
        ("global a; nonlocal a", "name 'a' is nonlocal and global"),
        ("from a import *", "import * only allowed at module level"),
    ];
    for (body, message) in table {
        let target = newest();
        let fault = build(&format!("def f(b): {body}\n"), target).expect_err(body);
        assert_eq!(fault.message, message, "{body}");
    }
    let source = "def f[T]():\n  def g(): nonlocal T\n";
    refuses(source, "nonlocal binding not allowed for type parameter 'T'", 2, (11, 21));
}

#[test]
fn assignment_expressions_have_limits() {
    let cannot = "assignment expression cannot";
    let within = "assignment expression within a comprehension cannot be used";
    let table = [
        ("[x := 0 for x in y]", format!("{cannot} rebind comprehension iteration variable 'x'")),
        (
            "[x for x in (y := z)]",
            format!("{cannot} be used in a comprehension iterable expression"),
        ),
        (
            "[x for x in y if (z := 0) for z in w]",
            "comprehension inner loop cannot rebind assignment expression target 'z'".to_owned(),
        ),
        ("class C: [x := 0 for y in z]", format!("{within} in a class body")),
        ("type X = [x := 0 for y in z]", format!("{within} in a type alias")),
        ("def f[T: [x := 0 for y in z]](): pass", format!("{within} in a TypeVar bound")),
        (
            "class C[T]([x := 0 for y in z]): pass",
            format!("{within} within the definition of a generic"),
        ),
    ];
    for (source, message) in table {
        let fault = build(&format!("{source}\n"), newest()).expect_err(source);
        assert_eq!(fault.message, message, "{source}");
    }
}

#[test]
fn some_expressions_are_refused_in_annotations() {
    let table = [
        ("def f[T: (yield)](): pass", "yield expression", "a TypeVar bound"),
        ("def f[T: (1, (x := 2))](): pass", "named expression", "a TypeVar constraint"),
        ("def f[**P = (await x)](): pass", "await expression", "a ParamSpec default"),
        ("type X = (yield from y)", "yield expression", "a type alias"),
        ("def f[T](x: (yield)): pass", "yield expression", "the definition of a generic"),
        (
            "from __future__ import annotations\ndef f(x: (y := 1)): pass",
            "named expression",
            "an annotation",
        ),
    ];
    for (source, what, place) in table {
        let fault = build(&format!("{source}\n"), newest()).expect_err(source);
        assert_eq!(fault.message, format!("{what} cannot be used within {place}"), "{source}");
    }
    refuses("def f(): [(yield) for x in y]\n", "'yield' inside list comprehension", 1, (11, 16));
}

#[test]
fn reserved_names_of_later_releases_are_refused() {
    let source = "def f[__classdict__](): pass\n";
    refuses(source, "reserved name '__classdict__' cannot be used for type parameter", 1, (6, 19));
    let first = Target::for_version("3.13.0".parse().unwrap()).unwrap();
    assert!(build(source, first).is_ok());
}

#[test]
fn annotations_have_blocks_since_3_14() {
    let target = Target::preview("3.14.10".parse().unwrap()).unwrap();
    let source = "class C:\n  a: b\n  if a: c: d\n  def f(self): pass\n";
    let printed = build(source, target).unwrap();
    assert_eq!(
        printed,
        "\
module top line 0: child_free
  C: local -> local
  class C line 1: child_free needs_classdict conditional_annotations
    a: local use annotated -> local
    c: local annotated -> local
    __conditional_annotations__: use -> global
    f: local -> local
    annotation __annotate__ line 2: free can_see_class_scope
      .format: parameter use -> local
      __classdict__: use -> free
      b: use -> global
      d: use -> global
    annotation __annotate__ line 4: free can_see_class_scope
      .format: parameter use -> local
      __classdict__: use -> free
    function f line 4
      self: parameter -> local
"
    );
    let printed = build("def f(a: b):\n  c: (d, lambda: a)\n", target).unwrap();
    let cell = "    a: parameter -> cell\n    c: local annotated -> local\n";
    assert!(printed.contains(cell) && !printed.contains("d:"), "{printed}");
    let fault = build("x: (yield)\n", target).unwrap_err();
    assert_eq!(fault.message, "yield expression cannot be used within an annotation");
}
