//! The exact bytes of a small bundle, so that the format doesn't change by accident.
//!
//! They stand in docs/reference/bundle-format.md, as a dump.
