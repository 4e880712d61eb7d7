//! Instructions: their names, and for each version their numbers, arguments, caches and stack
//! effects.
//!
//! ```
//! use pyc_code::{Minor, op::{Op, Table}};
//!
//! let load_const = Table::of(Minor::PY313).info(Op::LOAD_CONST).unwrap();
//! assert_eq!((load_const.number(), load_const.caches()), (83, 0));
//! assert_eq!(Table::of(Minor::PY38).op(100), Some(Op::LOAD_CONST));
//! ```

mod effect;
mod instruction;
mod mnemonic;
mod table;

#[rustfmt::skip]
mod py310;
#[rustfmt::skip]
mod py311;
#[rustfmt::skip]
mod py312;
#[rustfmt::skip]
mod py313;
#[rustfmt::skip]
mod py314;
#[rustfmt::skip]
mod py315;
#[rustfmt::skip]
mod py38;
#[rustfmt::skip]
mod py39;

pub use effect::{Branch, Effect};
pub use instruction::{Instruction, Instructions, instructions};
pub use mnemonic::Op;
pub use table::{Argument, Direction, Info, Table};
