//! What all stages of one file share: its options, and what they have found so far.

use crate::code::Code;
use crate::constant::{CodeId, ConstId, Constant, Constants};
use crate::error::{Warning, WarningKind};
use crate::location::Location;
use crate::name::{Names, count};
use crate::options::Options;

/// One file's compilation in progress.
pub(crate) struct Context<'o> {
    pub(crate) options: &'o Options,
    pub(crate) names: Names,
    pub(crate) constants: Constants,
    /// Finished units, inner ones before those around them.
    pub(crate) codes: Vec<Code>,
    pub(crate) warnings: Vec<Warning>,
}

impl<'o> Context<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self {
            options,
            names: Names::new(),
            constants: Constants::new(),
            codes: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Stores a finished unit.
    pub(crate) fn push_code(&mut self, code: Code) -> CodeId {
        let id = CodeId(count(self.codes.len()));
        self.codes.push(code);
        id
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
