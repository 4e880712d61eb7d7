//! Tests of the public API: laws for any content, all kinds of damage, and the exact bytes.
//!
//! The fuzz target in `tests/fuzz` uses `walk.rs` and `generate.rs`, too.

mod damage;
mod generate;
mod golden;
mod laws;
mod walk;
