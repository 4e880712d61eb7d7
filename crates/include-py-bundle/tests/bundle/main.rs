//! The crate from outside: laws that any content obeys, damage of any kind, and the exact bytes.
//!
//! `walk.rs` and `generate.rs` are also the fuzz target's, in `tests/fuzz`.

mod damage;
mod generate;
mod golden;
mod laws;
mod walk;
