//! Trees made by hand, as `name = …` and `def`s around them.

use pyc_code::{CodeFlags, Minor};

use super::*;
use crate::name::Names;
use crate::options::Options;
use crate::target::Target;
use crate::tree::{
    Body, Comprehension, Context as Use, Expr, ExprId, ExprKind, Function, Generator, List,
    Parameter, Parameters, Root, Stmt, StmtKind,
};

const AT: Location = Location::new(1, 1, 0, 1);

struct Maker<'o> {
    tree: Tree,
    context: Context<'o>,
}

impl Maker<'_> {
    fn expr(&mut self, kind: ExprKind) -> ExprId {
        self.tree.push_expr(Expr { kind, location: AT })
    }

    fn name(&mut self, name: &str, context: Use) -> ExprId {
        let name = self.context.names.intern(name.as_bytes());
        self.expr(ExprKind::Name { name, context })
    }

    fn body(&mut self, kinds: &[StmtKind]) -> Body {
        let ids: Vec<_> =
            kinds.iter().map(|&kind| self.tree.push_stmt(Stmt { kind, location: AT })).collect();
        self.tree.push_list(&ids)
    }

    fn assign(&mut self, target: &str, value: ExprId) -> StmtKind {
        let target = self.name(target, Use::Store);
        StmtKind::Assign { targets: self.tree.push_list(&[target]), value }
    }

    fn function(&mut self, name: &str, parameters: &[&str], body: &[StmtKind]) -> StmtKind {
        let name = self.context.names.intern(name.as_bytes());
        let mut positional = Vec::new();
        for parameter in parameters {
            let name = self.context.names.intern(parameter.as_bytes());
            positional.push(Parameter { name, annotation: None, location: AT });
        }
        let parameters = Parameters {
            positional_only: List::EMPTY,
            positional: self.tree.push_list(&positional),
            variable: None,
            keyword_only: List::EMPTY,
            keyword_defaults: List::EMPTY,
            keywords: None,
            defaults: List::EMPTY,
        };
        let function = Function {
            name,
            parameters,
            body: self.body(body),
            decorators: List::EMPTY,
            returns: None,
            type_params: List::EMPTY,
            is_async: false,
            block: self.tree.new_block(),
            type_params_block: None,
        };
        StmtKind::Function(self.tree.push_function(function))
    }
}

/// What the tables of a module with these statements say.
fn scopes(make: impl FnOnce(&mut Maker<'_>) -> Vec<StmtKind>) -> String {
    let options = Options::new(Target::newest(Minor::PY313).unwrap(), "m.py");
    let mut maker = Maker { tree: Tree::new(), context: Context::new(&options) };
    let kinds = make(&mut maker);
    let body = maker.body(&kinds);
    let Maker { mut tree, mut context } = maker;
    tree.root = Root::Module(body);
    let future = Future { flags: CodeFlags::default(), location: Location::NONE };
    match Scopes::build(&tree, future, &mut context) {
        Ok(scopes) => scopes.print(&context.names),
        Err(fault) => fault.message,
    }
}

/// `def f(a): def g(): return a`
#[test]
fn closures_share_cells() {
    let text = scopes(|maker| {
        let a = maker.name("a", Use::Load);
        let inner = maker.function("g", &[], &[StmtKind::Return { value: Some(a) }]);
        vec![maker.function("f", &["a"], &[inner])]
    });
    assert_eq!(
        text,
        "\
module top line 0: child_free
  f: local -> local
  function f line 1: child_free
    a: parameter -> cell
    g: local -> local
    function g line 1: nested free returns_value
      a: use -> free
"
    );
}

/// `def f(a): y = [x for x in a]`
#[test]
fn inlined_comprehensions_give_their_names() {
    let text = scopes(|maker| {
        let iterable = maker.name("a", Use::Load);
        let target = maker.name("x", Use::Store);
        let element = maker.name("x", Use::Load);
        let generator = Generator { target, iterable, conditions: List::EMPTY, is_async: false };
        let comprehension = Comprehension {
            kind: ComprehensionKind::List,
            element,
            value: None,
            generators: maker.tree.push_list(&[generator]),
            block: maker.tree.new_block(),
        };
        let comprehension = maker.tree.push_comprehension(comprehension);
        let comprehension = maker.expr(ExprKind::Comprehension(comprehension));
        let y = maker.assign("y", comprehension);
        vec![maker.function("f", &["a"], &[y])]
    });
    assert_eq!(
        text,
        "\
module top line 0
  f: local -> local
  function f line 1
    a: parameter use -> local
    y: local -> local
    x: local use iteration -> local
"
    );
}

#[test]
fn faults_have_cpythons_words() {
    let duplicate = scopes(|maker| vec![maker.function("f", &["a", "a"], &[])]);
    assert_eq!(duplicate, "duplicate argument 'a' in function definition");
    let declared = |parameters: &'static [&str], global: bool| {
        move |maker: &mut Maker<'_>| {
            let name = maker.context.names.intern(b"a");
            let names = maker.tree.push_list(&[name]);
            let global =
                if global { StmtKind::Global { names } } else { StmtKind::Nonlocal { names } };
            vec![maker.function("f", parameters, &[global])]
        }
    };
    assert_eq!(scopes(declared(&["a"], true)), "name 'a' is parameter and global");
    assert_eq!(scopes(declared(&["a"], false)), "name 'a' is parameter and nonlocal");
    assert_eq!(scopes(declared(&[], false)), "no binding for nonlocal 'a' found");
    let at_module = |maker: &mut Maker<'_>| {
        let name = maker.context.names.intern(b"a");
        vec![StmtKind::Nonlocal { names: maker.tree.push_list(&[name]) }]
    };
    assert_eq!(scopes(at_module), "nonlocal declaration not allowed at module level");
}
