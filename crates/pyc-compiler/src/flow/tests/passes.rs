//! One construct for each pass.

use super::sample::{finished, optimized};

/// Checks the result of the whole list for each sequence, which has three locals.
fn all(cases: &[(&str, &str)]) {
    for (before, after) in cases {
        assert_eq!(finished(before, 3), *after, "{before}");
    }
}

#[test]
fn constants_are_folded_into_following_instructions() {
    all(&[
        ("LOAD_CONST 0; RETURN_VALUE", "RETURN_CONST"),
        ("LOAD_CONST 1; TO_BOOL; RETURN_VALUE", "RETURN_CONST 1"),
        ("LOAD_CONST 2; LOAD_CONST 3; BUILD_TUPLE 2; RETURN_VALUE", "LOAD_CONST 1; RETURN_VALUE"),
        ("LOAD_CONST 2; POP_TOP; RETURN_CONST 0", "RETURN_CONST"),
        (
            "LOAD_CONST 2; POP_JUMP_IF_TRUE >1; LOAD_GLOBAL 0; POP_TOP; 1: RETURN_CONST 0",
            "RETURN_CONST",
        ),
        (
            "LOAD_NAME 0; LOAD_CONST 0; IS_OP 0; POP_JUMP_IF_FALSE >1; RETURN_CONST 0; @2 1: RETURN_CONST 0",
            "LOAD_NAME; POP_JUMP_IF_NOT_NONE >3; RETURN_CONST; @2 RETURN_CONST",
        ),
    ]);
}

#[test]
fn two_instructions_become_one() {
    all(&[
        ("LOAD_GLOBAL 2; PUSH_NULL; CALL; RETURN_VALUE", "LOAD_GLOBAL 3; CALL; RETURN_VALUE"),
        (
            "LOAD_NAME 0; LOAD_NAME 1; COMPARE_OP 2; TO_BOOL; RETURN_VALUE",
            "LOAD_NAME; LOAD_NAME 1; COMPARE_OP 18; RETURN_VALUE",
        ),
        ("LOAD_NAME 0; UNARY_NOT; TO_BOOL; RETURN_VALUE", "LOAD_NAME; UNARY_NOT; RETURN_VALUE"),
        (
            "LOAD_NAME 0; STORE_FAST 1; LOAD_FAST 1; RETURN_VALUE",
            "LOAD_NAME; STORE_FAST_LOAD_FAST 17; RETURN_VALUE",
        ),
    ]);
}

#[test]
fn swaps_are_done_by_the_compiler() {
    all(&[
        (
            "LOAD_NAME 0; LOAD_NAME 1; BUILD_TUPLE 2; UNPACK_SEQUENCE 2; STORE_FAST 0; STORE_FAST 1; RETURN_CONST 0",
            "LOAD_NAME; LOAD_NAME 1; STORE_FAST_STORE_FAST 16; RETURN_CONST",
        ),
        // Both store to the same variable, and the last must win.
        (
            "LOAD_NAME 0; SWAP 3; STORE_FAST 0; STORE_FAST 1; STORE_FAST 0; RETURN_CONST 0",
            "LOAD_NAME; SWAP 3; STORE_FAST_STORE_FAST 1; STORE_FAST; RETURN_CONST",
        ),
        ("SWAP 3; SWAP 2; SWAP 3; SWAP 2; RETURN_VALUE", "SWAP 2; SWAP 3; RETURN_VALUE"),
    ]);
}

#[test]
fn jumps_are_threaded_to_their_final_target() {
    all(&[
        (
            "LOAD_NAME 0; POP_JUMP_IF_FALSE >1; LOAD_NAME 1; POP_TOP; @2 1: JUMP >2; \
             @3 3: LOAD_NAME 2; POP_TOP; @4 2: LOAD_NAME 3; POP_JUMP_IF_TRUE >3; RETURN_CONST 0",
            "LOAD_NAME; @2 POP_JUMP_IF_FALSE >7; @1 LOAD_NAME 1; POP_TOP; @2 JUMP >7; \
             @3 LOAD_NAME 2; POP_TOP; @4 LOAD_NAME 3; POP_JUMP_IF_TRUE >5; RETURN_CONST",
        ),
        ("JUMP >1; LOAD_NAME 0; POP_TOP; 1: RETURN_CONST 0", "RETURN_CONST"),
    ]);
}

#[test]
fn lines_of_their_own_are_kept() {
    all(&[
        ("NOP; @2 NOP; @3 NOP; RETURN_CONST 0", "NOP; @2 NOP; @3 RETURN_CONST"),
        ("@1 NOP; @- RETURN_CONST 0", "RETURN_CONST"),
    ]);
}

#[test]
fn lineless_exits_get_the_lines_of_those_that_go_there() {
    let before = "LOAD_NAME 0; POP_JUMP_IF_FALSE >1; @2 LOAD_NAME 1; POP_TOP; @- 1: RETURN_CONST 0";
    let after =
        "LOAD_NAME; POP_JUMP_IF_FALSE >5; @2 LOAD_NAME 1; POP_TOP; RETURN_CONST; @1 RETURN_CONST";
    assert_eq!(finished(before, 0), after);
}

#[test]
fn loads_of_possibly_unbound_locals_are_checked() {
    let before = "LOAD_NAME 0; POP_JUMP_IF_FALSE >1; LOAD_NAME 1; STORE_FAST 0; @2 1: LOAD_FAST 0; LOAD_FAST 0; BUILD_LIST 2; RETURN_VALUE";
    let after = "LOAD_NAME; POP_JUMP_IF_FALSE >4; LOAD_NAME 1; STORE_FAST; @2 LOAD_FAST_CHECK; LOAD_FAST; BUILD_LIST 2; RETURN_VALUE";
    assert_eq!(finished(before, 1), after);
    let deleted = "LOAD_NAME 0; STORE_FAST 0; DELETE_FAST 0; LOAD_FAST 0; RETURN_VALUE";
    assert!(finished(deleted, 1).contains("LOAD_FAST_CHECK"));
    // Only the first 64 locals are followed from block to block.
    let far = "LOAD_NAME 0; STORE_FAST 64; LOAD_FAST 64; POP_JUMP_IF_TRUE >1; NOP; 1: LOAD_FAST 64; RETURN_VALUE";
    assert_eq!(optimized(far, 65, "check-locals").matches("LOAD_FAST_CHECK").count(), 1);
}

#[test]
fn handlers_go_to_the_end() {
    let before = "SETUP_FINALLY >1; LOAD_NAME 0; POP_TOP; POP_BLOCK; JUMP >2; \
                  @2 1: PUSH_EXC_INFO; POP_TOP; POP_EXCEPT; @- JUMP >2; \
                  @3 2: LOAD_NAME 1; LOAD_NAME 2; LOAD_NAME 3; BUILD_LIST 3; RETURN_VALUE";
    let after = "SETUP_FINALLY >8; LOAD_NAME; POP_TOP; \
                 @3 LOAD_NAME 1; LOAD_NAME 2; LOAD_NAME 3; BUILD_LIST 3; RETURN_VALUE; \
                 @2 PUSH_EXC_INFO; POP_TOP; POP_EXCEPT; JUMP_NO_INTERRUPT >3";
    assert_eq!(finished(before, 0), after);
}
