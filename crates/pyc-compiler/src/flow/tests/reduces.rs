//! Sequences for which 3.14's result differs from 3.13's.

use super::sample::lowered_for_3_14;

/// Checks the result of all passes for each sequence, which has three locals that may be unset.
fn all(cases: &[(&str, &str)]) {
    for (before, after) in cases {
        assert_eq!(lowered_for_3_14(before, 3), *after, "{before}");
    }
}

#[test]
fn constants_are_folded_in_the_graph() {
    all(&[
        // Constant 2 is the number 1.
        ("LOAD_CONST 2; RETURN_VALUE", "LOAD_SMALL_INT 1; RETURN_VALUE"),
        ("LOAD_CONST 2; LOAD_CONST 3; BINARY_OP; RETURN_VALUE", "LOAD_SMALL_INT 3; RETURN_VALUE"),
        ("LOAD_CONST 2; UNARY_NEGATIVE; RETURN_VALUE", "LOAD_CONST 1; RETURN_VALUE"),
        ("LOAD_CONST 2; LOAD_CONST 3; BUILD_TUPLE 2; RETURN_VALUE", "LOAD_CONST 1; RETURN_VALUE"),
        (
            "LOAD_CONST 2; LOAD_CONST 3; LOAD_CONST 4; BUILD_LIST 3; RETURN_VALUE",
            "BUILD_LIST; LOAD_CONST 1; LIST_EXTEND 1; RETURN_VALUE",
        ),
        (
            "LOAD_CONST 2; LOAD_CONST 3; BUILD_SET 2; GET_ITER; RETURN_VALUE",
            "LOAD_CONST 1; GET_ITER; RETURN_VALUE",
        ),
        (
            "LOAD_NAME 0; LOAD_NAME 1; BUILD_LIST 2; GET_ITER; RETURN_VALUE",
            "LOAD_NAME; LOAD_NAME 1; BUILD_TUPLE 2; GET_ITER; RETURN_VALUE",
        ),
        (
            "BUILD_LIST 0; LOAD_CONST 2; LIST_APPEND 1; LOAD_CONST 3; LIST_APPEND 1; CALL_INTRINSIC_1 6; RETURN_VALUE",
            "LOAD_CONST 1; RETURN_VALUE",
        ),
        (
            "BUILD_SET 0; LOAD_CONST 2; SET_ADD 1; GET_ITER; RETURN_VALUE",
            "@- LOAD_CONST 1; @1 GET_ITER; RETURN_VALUE",
        ),
        (
            "LOAD_NAME 0; BUILD_LIST 0; LOAD_CONST 2; LIST_APPEND 1; CONTAINS_OP 0; TO_BOOL; RETURN_VALUE",
            "LOAD_NAME; LOAD_CONST 1; CONTAINS_OP; RETURN_VALUE",
        ),
        (
            "LOAD_NAME 0; LOAD_NAME 1; CONTAINS_OP 0; TO_BOOL; UNARY_NOT; RETURN_VALUE",
            "LOAD_NAME; LOAD_NAME 1; CONTAINS_OP 1; RETURN_VALUE",
        ),
    ]);
}

#[test]
fn jumps_that_keep_their_value_become_copies() {
    all(&[
        (
            "LOAD_NAME 0; JUMP_IF_FALSE >1; POP_TOP; LOAD_NAME 1; 1: RETURN_VALUE",
            "LOAD_NAME; COPY 1; TO_BOOL; POP_JUMP_IF_FALSE >7; NOT_TAKEN; POP_TOP; LOAD_NAME 1; RETURN_VALUE",
        ),
        (
            "LOAD_CONST 2; JUMP_IF_TRUE >1; POP_TOP; LOAD_NAME 1; 1: RETURN_VALUE",
            "LOAD_SMALL_INT 1; RETURN_VALUE",
        ),
    ]);
    // A jump by the same value is skipped: to its target or past it.
    let chain = |inner: &str| {
        let text = format!(
            "LOAD_NAME 0; JUMP_IF_FALSE >1; POP_TOP; LOAD_NAME 1; 1: {inner} >2; POP_TOP; LOAD_NAME 2; 2: RETURN_VALUE"
        );
        lowered_for_3_14(&text, 0).split("; ").nth(3).map(str::to_owned)
    };
    assert_eq!(chain("JUMP_IF_FALSE").as_deref(), Some("POP_JUMP_IF_FALSE >13"));
    assert_eq!(chain("JUMP_IF_TRUE").as_deref(), Some("POP_JUMP_IF_FALSE >11"));
}

#[test]
fn backward_conditions_are_turned_round() {
    let before =
        "LOAD_NAME 0; POP_TOP; 1: LOAD_NAME 1; POP_JUMP_IF_TRUE >1; LOAD_CONST 0; RETURN_VALUE";
    let after = "LOAD_NAME; POP_TOP; LOAD_NAME 1; POP_JUMP_IF_FALSE >6; NOT_TAKEN; JUMP >2; LOAD_CONST; RETURN_VALUE";
    assert_eq!(lowered_for_3_14(before, 0), after);
}

#[test]
fn locals_that_outlive_their_use_are_borrowed() {
    let set = "LOAD_NAME 0; STORE_FAST 0; LOAD_NAME 0; STORE_FAST 1; LOAD_NAME 9; POP_TOP;";
    let ends = |rest: &str| {
        let lowered = lowered_for_3_14(&format!("{set} {rest}"), 3);
        lowered.split_once("POP_TOP; ").map(|(_, end)| end.to_owned())
    };
    for (before, after) in [
        ("LOAD_FAST 0; TO_BOOL; RETURN_VALUE", "LOAD_FAST_BORROW; TO_BOOL; RETURN_VALUE"),
        (
            "LOAD_NAME 1; POP_TOP; LOAD_FAST 0; STORE_GLOBAL 1; LOAD_FAST 0; RETURN_VALUE",
            "LOAD_NAME 1; POP_TOP; LOAD_FAST_BORROW; STORE_GLOBAL 1; LOAD_FAST_BORROW; RETURN_VALUE",
        ),
        (
            "LOAD_NAME 1; LOAD_FAST 0; LOAD_FAST 1; BINARY_OP; STORE_FAST 0; RETURN_VALUE",
            "LOAD_NAME 1; LOAD_FAST_BORROW_LOAD_FAST_BORROW 1; BINARY_OP; STORE_FAST; RETURN_VALUE",
        ),
        // The variable is overwritten before the loaded value is used.
        (
            "LOAD_NAME 1; LOAD_FAST 0; LOAD_NAME 1; STORE_FAST 0; BINARY_OP; RETURN_VALUE",
            "LOAD_NAME 1; LOAD_FAST; LOAD_NAME 1; STORE_FAST; BINARY_OP; RETURN_VALUE",
        ),
        (
            "LOAD_NAME 1; LOAD_FAST 0; DELETE_FAST 0; BINARY_OP; RETURN_VALUE",
            "LOAD_NAME 1; LOAD_FAST; DELETE_FAST; BINARY_OP; RETURN_VALUE",
        ),
        // A variable must own its value.
        (
            "LOAD_NAME 1; LOAD_FAST 0; STORE_FAST 1; RETURN_VALUE",
            "LOAD_NAME 1; LOAD_FAST; STORE_FAST 1; RETURN_VALUE",
        ),
        // The result of formatting may be its operand.
        (
            "LOAD_NAME 1; LOAD_FAST 0; FORMAT_SIMPLE; STORE_FAST 1; RETURN_VALUE",
            "LOAD_NAME 1; LOAD_FAST; FORMAT_SIMPLE; STORE_FAST 1; RETURN_VALUE",
        ),
    ] {
        assert_eq!(ends(before).as_deref(), Some(after), "{before}");
    }
}
