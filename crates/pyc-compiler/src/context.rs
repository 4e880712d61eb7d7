//! The state that all stages of one file share: its options and what they have produced so far.
//!
//! Its vectors and tables are reused from the file that the thread compiled before, emptied. The
//! ids of names and constants start anew with each file.

use std::cell::Cell;

use pyc_code::marshal::Composer;

use crate::code::{Code, Codes};
use crate::codegen;
use crate::constant::{CodeId, ConstId, Constant, Constants};
use crate::error::{Warning, WarningKind};
use crate::flow;
use crate::fold::Pool;
use crate::levels::Asked;
use crate::location::{Location, Span};
use crate::name::Names;
use crate::options::Options;
use crate::target::Facts;
use crate::tree::Tree;

/// One file's compilation in progress.
pub(crate) struct Context<'o> {
    pub(crate) options: &'o Options,
    /// Facts about the options' target, for stages whose results several targets may share.
    pub(crate) facts: Facts,
    /// Which questions about the level the stages have asked.
    pub(crate) asked: Asked,
    pub(crate) names: Names,
    pub(crate) constants: Constants,
    /// Memory for the tree, while no stage holds the tree.
    pub(crate) tree: Tree,
    /// Finished units: nested units before those around them.
    pub(crate) codes: Codes,
    pub(crate) warnings: Vec<Warning>,
    /// State that code generation reuses from unit to unit.
    pub(crate) frames: codegen::Frames,
    /// State that the flow graph reuses from unit to unit.
    pub(crate) flow: flow::Scratch,
    /// Writes marshal streams.
    pub(crate) composer: Composer,
    /// Where to record the flow graph's passes, if wanted.
    pub(crate) trace: Option<Box<flow::Trace>>,
    /// Told when a stage ends.
    pub(crate) observer: Option<&'o mut (dyn FnMut(&'static str) + Send)>,
}

/// The memory that one file leaves to the next.
#[derive(Default)]
struct Memory {
    names: Names,
    constants: Constants,
    tree: Tree,
    codes: Codes,
    frames: codegen::Frames,
    flow: flow::Scratch,
    composer: Composer,
}

thread_local! {
    static MEMORY: Cell<Option<Box<Memory>>> = const { Cell::new(None) };
}

/// Files with more names or expressions than this leave no memory to the next: few other files need
/// as much.
const MANY_NAMES: usize = 1 << 15;
const MANY_EXPRESSIONS: usize = 1 << 17;

impl<'o> Context<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        let memory = MEMORY.take().unwrap_or_default();
        let Memory { mut names, mut constants, tree, mut codes, frames, flow, composer } = *memory;
        names.clear();
        constants.clear();
        codes.clear();
        Self {
            options,
            facts: Facts::of(options.target()),
            asked: Asked::default(),
            names,
            constants,
            tree,
            codes,
            warnings: Vec::new(),
            frames,
            flow,
            composer,
            trace: None,
            observer: None,
        }
    }

    /// Continues with other options.
    pub(crate) fn switch(&mut self, options: &'o Options) {
        if options.target() != self.options.target() {
            self.facts = Facts::of(options.target());
        }
        self.options = options;
    }

    /// Leaves the memory to the thread's next file and returns the warnings.
    pub(crate) fn finish(self) -> Vec<Warning> {
        let Self { names, constants, tree, codes, warnings, frames, flow, composer, .. } = self;
        if names.len() < MANY_NAMES && tree.expressions() < MANY_EXPRESSIONS {
            let memory = Memory { names, constants, tree, codes, frames, flow, composer };
            MEMORY.set(Some(Box::new(memory)));
        }
        warnings
    }

    /// Reserves what a source of this many bytes usually needs.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.names.reserve(bytes);
        self.constants.reserve(bytes);
    }

    /// Reports that a part of this stage has ended and the next begins.
    #[inline(always)]
    pub(crate) fn ended(&mut self, stage: &'static str) {
        if let Some(observer) = &mut self.observer {
            observer(stage);
        }
    }

    /// Where folding creates values.
    pub(crate) fn pool(&mut self) -> Pool<'_> {
        let Self { names, constants, facts, .. } = self;
        Pool { names, constants, facts }
    }

    pub(crate) fn push_code(&mut self, code: Code) -> CodeId {
        self.codes.push(code)
    }

    pub(crate) fn code_constant(&mut self, id: CodeId) -> ConstId {
        self.constants.intern(Constant::Code(id))
    }

    /// Adds a `SyntaxWarning`.
    pub(crate) fn warn(&mut self, location: Location, message: impl Into<String>) {
        self.warn_of(WarningKind::Syntax, location, message);
    }

    /// Adds a warning of any category.
    pub(crate) fn warn_of(
        &mut self,
        kind: WarningKind,
        location: Location,
        message: impl Into<String>,
    ) {
        self.warnings.push(Warning { message: message.into(), kind, span: Span::of(location) });
    }
}

#[cfg(test)]
mod tests {
    use pyc_code::Minor;

    use crate::target::Target;
    use crate::{Options, compile_to_marshal};

    #[test]
    fn nothing_is_left_of_the_file_before() {
        let options = Options::new(Target::newest(Minor::PY313).unwrap(), "spam.py");
        let sources = [
            "def f(spam, eggs=1.5):\n    return {spam: (1, 'two', b'three')}\n".to_owned(),
            "x = 1e999 - 1e999, 'spam', ('spam', 1.5)\n".to_owned(),
            "x = (\n".to_owned(),
            (0..3000).map(|number| format!("n{number} = {number};")).collect::<Vec<_>>().concat(),
            "eggs = lambda: spam\n".to_owned(),
        ];
        let compiled = |source: &String| {
            let compiled = compile_to_marshal(source.as_bytes(), &options);
            compiled.map(crate::Compilation::into_code).ok()
        };
        let alone = |source: &String| {
            std::thread::scope(|scope| scope.spawn(|| compiled(source)).join().unwrap())
        };
        for source in sources.iter().chain(sources.iter().rev()) {
            assert_eq!(compiled(source), alone(source));
        }
    }
}
