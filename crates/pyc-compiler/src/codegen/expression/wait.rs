//! `yield`, `yield from` and `await`: where a function is suspended and resumed.
//!
//! ```text
//! yield a       LOAD_NAME a; YIELD_VALUE 0; RESUME 1
//! await a       LOAD_NAME a; GET_AWAITABLE 0; LOAD_CONST None; SEND …
//! ```

use super::super::Generator;
use super::super::suspend::{Awaited, Waiting};
use super::super::unit::UnitKind;
use crate::constant::ConstId;
use crate::error::Result;
use crate::instruction::{Intrinsic1, Op};
use crate::location::Location;
use crate::target::Feature;
use crate::tree::ExprId;

/// `RESUME`'s argument after a `yield`.
const AFTER_YIELD: u32 = 1;

/// `GET_ITER`'s argument where coroutines are allowed, too (3.15).
const FOR_YIELD_FROM: u32 = 3;

impl Generator<'_, '_> {
    /// `yield value`
    pub(super) fn yield_expression(&mut self, at: Location, value: Option<ExprId>) -> Result<()> {
        if !self.scope().is_function_like() {
            return self.error(at, "'yield' outside function");
        }
        match value {
            Some(value) => self.expression(value)?,
            None => self.emit_const(ConstId::NONE, at),
        }
        self.emit_yield(at);
        Ok(())
    }

    /// `yield from value`
    pub(super) fn yield_from(&mut self, at: Location, value: ExprId) -> Result<()> {
        if !self.scope().is_function_like() {
            let named = self.has(Feature::YieldFromNamed);
            let what =
                if named { "'yield from' outside function" } else { "'yield' outside function" };
            return self.error(at, what);
        }
        if self.frame.kind == UnitKind::AsyncFunction {
            return self.error(at, "'yield from' inside async function");
        }
        self.expression(value)?;
        if self.has(Feature::VirtualIterators) {
            self.emit(Op::GET_ITER, FOR_YIELD_FROM, at);
        } else {
            self.emit(Op::GET_YIELD_FROM_ITER, 0, at);
        }
        self.emit_const(ConstId::NONE, at);
        self.send_loop(at, Waiting::YieldFrom);
        Ok(())
    }

    /// `await value`
    pub(super) fn await_expression(&mut self, at: Location, value: ExprId) -> Result<()> {
        if !self.scope().is_function_like() {
            return self.error(at, "'await' outside function");
        }
        if !matches!(self.frame.kind, UnitKind::AsyncFunction | UnitKind::Comprehension) {
            return self.error(at, "'await' outside async function");
        }
        self.expression(value)?;
        self.await_value(at, Awaited::Value);
        Ok(())
    }

    /// Yields the value on top of the stack, and resumes (`compile.c: addop_yield`, 3.13).
    pub(super) fn emit_yield(&mut self, at: Location) {
        let facts = self.scope().facts;
        if facts.generator && facts.coroutine {
            self.emit_intrinsic1(Intrinsic1::AsyncGenWrap, at);
        }
        self.emit(Op::YIELD_VALUE, 0, at);
        self.emit(Op::RESUME, AFTER_YIELD, at);
    }
}
