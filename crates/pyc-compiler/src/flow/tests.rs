//! The flow graph on short sequences, and on sequences from CPython.
//!
//! Sequences are written as text: `"LOAD_FAST 0; POP_JUMP_IF_FALSE >1; 1: RETURN_CONST 0"`.

mod oracle;
mod passes;
mod reduces;
mod sample;
mod walk;
