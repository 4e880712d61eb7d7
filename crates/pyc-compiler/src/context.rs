//! What all stages of one file share: its options, and what they have found so far.

use crate::code::{Code, Codes};
use crate::constant::{CodeId, ConstId, Constant, Constants};
use crate::error::{Warning, WarningKind};
use crate::flow;
use crate::location::Location;
use crate::name::Names;
use crate::options::Options;

/// One file's compilation in progress.
pub(crate) struct Context<'o> {
    pub(crate) options: &'o Options,
    pub(crate) names: Names,
    pub(crate) constants: Constants,
    /// Finished units, inner ones before those around them.
    pub(crate) codes: Codes,
    pub(crate) warnings: Vec<Warning>,
    /// What the flow graph keeps from unit to unit.
    pub(crate) flow: flow::Scratch,
    /// What is to be told of the flow graph's passes.
    pub(crate) trace: Option<Box<flow::Trace>>,
    /// Who wants to know when a stage ends.
    pub(crate) observer: Option<&'o mut dyn FnMut(&'static str)>,
}

impl<'o> Context<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self {
            options,
            names: Names::new(),
            constants: Constants::new(),
            codes: Codes::default(),
            warnings: Vec::new(),
            flow: flow::Scratch::default(),
            trace: None,
            observer: None,
        }
    }

    /// Makes room for what a source of so many bytes usually has.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.names.reserve(bytes);
        self.constants.reserve(bytes);
    }

    /// A part of this stage has ended, and the next begins.
    #[inline]
    pub(crate) fn ended(&mut self, stage: &'static str) {
        if let Some(observer) = &mut self.observer {
            observer(stage);
        }
    }

    /// Stores a finished unit.
    pub(crate) fn push_code(&mut self, code: Code) -> CodeId {
        self.codes.push(code)
    }

    /// The constant that is this unit.
    pub(crate) fn code_constant(&mut self, id: CodeId) -> ConstId {
        self.constants.intern(Constant::Code(id))
    }

    /// Notes a `SyntaxWarning`.
    pub(crate) fn warn(&mut self, location: Location, message: impl Into<String>) {
        self.warnings.push(Warning {
            message: message.into(),
            kind: WarningKind::Syntax,
            location,
        });
    }
}
