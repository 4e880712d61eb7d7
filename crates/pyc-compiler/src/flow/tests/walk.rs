//! Sequences for which 3.12's result differs from 3.13's.

use super::sample::{finished, finished_for_3_12};

/// Checks the result of the whole list for each sequence, which has three locals.
fn all(cases: &[(&str, &str)]) {
    for (before, after) in cases {
        assert_eq!(finished_for_3_12(before, 3), *after, "{before}");
    }
}

#[test]
fn one_walk_folds_and_swaps() {
    all(&[
        ("LOAD_CONST 0; RETURN_VALUE", "RETURN_CONST"),
        ("LOAD_CONST 2; LOAD_CONST 3; BUILD_TUPLE 2; RETURN_VALUE", "LOAD_CONST 1; RETURN_VALUE"),
        ("PUSH_NULL; LOAD_GLOBAL 2; CALL; RETURN_VALUE", "LOAD_GLOBAL 3; CALL; RETURN_VALUE"),
        (
            "LOAD_CONST 2; COPY 1; POP_JUMP_IF_FALSE >1; POP_TOP; LOAD_NAME 0; 1: RETURN_VALUE",
            "LOAD_NAME; RETURN_VALUE",
        ),
        (
            "LOAD_NAME 0; LOAD_NAME 1; BUILD_TUPLE 2; UNPACK_SEQUENCE 2; STORE_FAST 0; STORE_FAST 1; RETURN_CONST 0",
            "LOAD_NAME; LOAD_NAME 1; STORE_FAST 1; STORE_FAST; RETURN_CONST",
        ),
    ]);
}

#[test]
fn jumps_on_lines_of_their_own_are_not_threaded() {
    let jumps = |line: &str| {
        format!(
            "LOAD_NAME 0; POP_JUMP_IF_FALSE >1; LOAD_NAME 1; POP_TOP; {line} 1: JUMP >2; \
             @3 3: LOAD_NAME 2; POP_TOP; @4 2: LOAD_NAME 3; POP_JUMP_IF_TRUE >3; RETURN_CONST 0"
        )
    };
    let passed = |line: &str| !finished_for_3_12(&jumps(line), 0).contains("POP_JUMP_IF_FALSE >4");
    assert!(passed("@1"));
    assert!(passed("@-"));
    assert!(!passed("@2"));
}

#[test]
fn labels_separate_pairs_even_if_no_jump_targets_them() {
    let text = "LOAD_CONST 2; 1: POP_TOP; RETURN_CONST 0";
    assert_eq!(finished_for_3_12(text, 0), "LOAD_CONST 1; POP_TOP; RETURN_CONST");
    assert_eq!(finished(text, 0), "RETURN_CONST");
}

#[test]
fn yields_tell_how_many_handlers_there_are() {
    let text = "SETUP_CLEANUP >1; LOAD_CONST 0; SETUP_FINALLY >2; YIELD_VALUE; POP_BLOCK; \
                RETURN_VALUE; 1: RERAISE; 2: RERAISE";
    assert!(finished_for_3_12(text, 0).contains("YIELD_VALUE 2; POP_BLOCK"));
}
