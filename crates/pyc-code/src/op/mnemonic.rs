//! The names of all instructions of all versions.
//!
//! `Op::LOAD_FAST.to_string() == "LOAD_FAST"`. The versions' tables state which of them has it, and
//! its number there.

use std::fmt;

macro_rules! mnemonics {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// An instruction, by the name that `dis` gives it.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names are those of CPython's opcode.h")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Op {
            $($(#[$doc])* $name,)*
        }

        impl Op {
            /// All instructions, sorted by name.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

mnemonics! {
    /// Wraps the value on top for an asynchronous generator to yield.
    ASYNC_GEN_WRAP,
    /// Looks up `__aenter__` and `__aexit__`, and calls the first.
    BEFORE_ASYNC_WITH,
    /// Looks up `__enter__` and `__exit__`, and calls the first.
    BEFORE_WITH,
    /// Pushes `NULL`, so that `END_FINALLY` goes on normally.
    BEGIN_FINALLY,
    /// `a + b`
    BINARY_ADD,
    /// `a & b`
    BINARY_AND,
    /// `a // b`
    BINARY_FLOOR_DIVIDE,
    /// `a << b`
    BINARY_LSHIFT,
    /// `a @ b`
    BINARY_MATRIX_MULTIPLY,
    /// `a % b`
    BINARY_MODULO,
    /// `a * b`
    BINARY_MULTIPLY,
    /// The binary or in-place operator that the argument names.
    BINARY_OP,
    /// `a \| b`
    BINARY_OR,
    /// `a ** b`
    BINARY_POWER,
    /// `a >> b`
    BINARY_RSHIFT,
    /// `a[b:c]`
    BINARY_SLICE,
    /// `a[b]`
    BINARY_SUBSCR,
    /// `a - b`
    BINARY_SUBTRACT,
    /// `a / b`
    BINARY_TRUE_DIVIDE,
    /// `a ^ b`
    BINARY_XOR,
    /// Builds a dict of values and a tuple of their keys.
    BUILD_CONST_KEY_MAP,
    /// Builds an interpolation of a template string.
    BUILD_INTERPOLATION,
    /// Builds a list of this many objects.
    BUILD_LIST,
    /// Builds a list of this many iterables.
    BUILD_LIST_UNPACK,
    /// Builds a dict of this many pairs.
    BUILD_MAP,
    /// Builds a dict of this many mappings.
    BUILD_MAP_UNPACK,
    /// The same for the keyword arguments of a call.
    BUILD_MAP_UNPACK_WITH_CALL,
    /// Builds a set of this many objects.
    BUILD_SET,
    /// Builds a set of this many iterables.
    BUILD_SET_UNPACK,
    /// Builds a slice of two or three objects.
    BUILD_SLICE,
    /// Joins this many strings.
    BUILD_STRING,
    /// Builds a template string of its strings and interpolations.
    BUILD_TEMPLATE,
    /// Builds a tuple of this many objects.
    BUILD_TUPLE,
    /// Builds a tuple of this many iterables.
    BUILD_TUPLE_UNPACK,
    /// The same for the positional arguments of a call.
    BUILD_TUPLE_UNPACK_WITH_CALL,
    /// Room for the instruction before; does nothing.
    CACHE,
    /// Calls with this many arguments.
    CALL,
    /// Runs a `finally` block that returns here.
    CALL_FINALLY,
    /// Calls with this many positional arguments.
    CALL_FUNCTION,
    /// Calls with a tuple, and perhaps a dict, of arguments.
    CALL_FUNCTION_EX,
    /// Calls with a tuple of keyword names on top.
    CALL_FUNCTION_KW,
    /// Calls the interpreter's own function of one argument that the argument names.
    CALL_INTRINSIC_1,
    /// Calls the interpreter's own function of two arguments that the argument names.
    CALL_INTRINSIC_2,
    /// Calls with a tuple of keyword names on top.
    CALL_KW,
    /// Calls what `LOAD_METHOD` pushed.
    CALL_METHOD,
    /// Splits an exception group for `except*`.
    CHECK_EG_MATCH,
    /// Whether an exception matches the type on top.
    CHECK_EXC_MATCH,
    /// Ends a delegation into which an exception was thrown.
    CLEANUP_THROW,
    /// The comparison that the argument names.
    COMPARE_OP,
    /// `a in b`, or `not in`
    CONTAINS_OP,
    /// Applies `str`, `repr` or `ascii`.
    CONVERT_VALUE,
    /// Pushes the object that lies so deep.
    COPY,
    /// Copies a mapping less its matched keys.
    COPY_DICT_WITHOUT_KEYS,
    /// Copies this many free variables from the function into the frame.
    COPY_FREE_VARS,
    /// `del a.name`
    DELETE_ATTR,
    /// `del` of a cell variable.
    DELETE_DEREF,
    /// `del` of a local variable.
    DELETE_FAST,
    /// `del` of a global name.
    DELETE_GLOBAL,
    /// `del` of a name.
    DELETE_NAME,
    /// `del a[b]`
    DELETE_SUBSCR,
    /// Merges a mapping into a dict; a duplicate key is an error.
    DICT_MERGE,
    /// Updates a dict with a mapping.
    DICT_UPDATE,
    /// Pushes the top once more.
    DUP_TOP,
    /// Pushes the two topmost once more.
    DUP_TOP_TWO,
    /// Ends an `async for` by `StopAsyncIteration`, or raises again.
    END_ASYNC_FOR,
    /// Ends a `finally` block the way it was entered.
    END_FINALLY,
    /// Pops what a loop leaves.
    END_FOR,
    /// Pops the iterator below the result of a delegation.
    END_SEND,
    /// Enters code made by the interpreter itself; never in a `.pyc`.
    ENTER_EXECUTOR,
    /// Checks that `__init__` returned `None`; never in a `.pyc`.
    EXIT_INIT_CHECK,
    /// Gives the next instruction's argument eight more high bits.
    EXTENDED_ARG,
    /// `format(a)`
    FORMAT_SIMPLE,
    /// Converts and formats a value of an f-string.
    FORMAT_VALUE,
    /// `format(a, spec)`
    FORMAT_WITH_SPEC,
    /// Pushes an iterator's next object, or leaves the loop.
    FOR_ITER,
    /// Begins a generator by popping what was sent.
    GEN_START,
    /// `a.__aiter__()`
    GET_AITER,
    /// Pushes the awaitable of `a.__anext__()`.
    GET_ANEXT,
    /// Turns the top into something to await.
    GET_AWAITABLE,
    /// `iter(a)`
    GET_ITER,
    /// Pushes `len(a)`.
    GET_LEN,
    /// The iterator of `yield from`.
    GET_YIELD_FROM_ITER,
    /// Pushes an attribute of the module on top.
    IMPORT_FROM,
    /// `__import__` with the level and names on the stack.
    IMPORT_NAME,
    /// Copies a module's public names.
    IMPORT_STAR,
    /// `a += b`
    INPLACE_ADD,
    /// `a &= b`
    INPLACE_AND,
    /// `a //= b`
    INPLACE_FLOOR_DIVIDE,
    /// `a <<= b`
    INPLACE_LSHIFT,
    /// `a @= b`
    INPLACE_MATRIX_MULTIPLY,
    /// `a %= b`
    INPLACE_MODULO,
    /// `a *= b`
    INPLACE_MULTIPLY,
    /// `a \|= b`
    INPLACE_OR,
    /// `a **= b`
    INPLACE_POWER,
    /// `a >>= b`
    INPLACE_RSHIFT,
    /// `a -= b`
    INPLACE_SUBTRACT,
    /// `a /= b`
    INPLACE_TRUE_DIVIDE,
    /// `a ^= b`
    INPLACE_XOR,
    /// Leaves the interpreter's loop; never in a `.pyc`.
    INTERPRETER_EXIT,
    /// `a is b`, or `is not`
    IS_OP,
    /// Jumps.
    JUMP_ABSOLUTE,
    /// Jumps back, and looks for signals.
    JUMP_BACKWARD,
    /// Jumps back without looking for signals.
    JUMP_BACKWARD_NO_INTERRUPT,
    /// Jumps on.
    JUMP_FORWARD,
    /// Jumps and keeps the top if it is false, else pops it.
    JUMP_IF_FALSE_OR_POP,
    /// Jumps if an exception does not match.
    JUMP_IF_NOT_EXC_MATCH,
    /// Jumps and keeps the top if it is true, else pops it.
    JUMP_IF_TRUE_OR_POP,
    /// Names the keywords of the next call.
    KW_NAMES,
    /// Appends to the list that lies so deep.
    LIST_APPEND,
    /// Extends the list that lies so deep.
    LIST_EXTEND,
    /// Turns a list into a tuple.
    LIST_TO_TUPLE,
    /// Pushes `AssertionError`.
    LOAD_ASSERTION_ERROR,
    /// `a.name`, perhaps as a method to be called.
    LOAD_ATTR,
    /// Pushes `__build_class__`.
    LOAD_BUILD_CLASS,
    /// Pushes a name of the class body, else of a cell.
    LOAD_CLASSDEREF,
    /// Pushes a cell.
    LOAD_CLOSURE,
    /// Pushes a constant that many programs use.
    LOAD_COMMON_CONSTANT,
    /// Pushes a constant.
    LOAD_CONST,
    /// Pushes what is in a cell.
    LOAD_DEREF,
    /// Pushes a local variable.
    LOAD_FAST,
    /// Pushes a local variable, or `NULL`, and unbinds it.
    LOAD_FAST_AND_CLEAR,
    /// Pushes a local variable without counting a reference.
    LOAD_FAST_BORROW,
    /// Pushes two local variables without counting references.
    LOAD_FAST_BORROW_LOAD_FAST_BORROW,
    /// Pushes a local variable that may be unbound.
    LOAD_FAST_CHECK,
    /// Pushes two local variables.
    LOAD_FAST_LOAD_FAST,
    /// Pushes a name of the mapping on top, else of a cell.
    LOAD_FROM_DICT_OR_DEREF,
    /// Pushes a name of the mapping on top, else a global.
    LOAD_FROM_DICT_OR_GLOBALS,
    /// Pushes a global or builtin name.
    LOAD_GLOBAL,
    /// Pushes the mapping of local names.
    LOAD_LOCALS,
    /// Pushes a method and its object.
    LOAD_METHOD,
    /// Pushes a name of the locals, globals or builtins.
    LOAD_NAME,
    /// Pushes the argument itself.
    LOAD_SMALL_INT,
    /// Pushes a special method and its object.
    LOAD_SPECIAL,
    /// `super().name`
    LOAD_SUPER_ATTR,
    /// Puts a local variable into a cell.
    MAKE_CELL,
    /// Builds a function of a code object.
    MAKE_FUNCTION,
    /// Adds a pair to the dict that lies so deep.
    MAP_ADD,
    /// Matches a class pattern.
    MATCH_CLASS,
    /// Pushes the values of a mapping pattern's keys.
    MATCH_KEYS,
    /// Whether the top is a mapping.
    MATCH_MAPPING,
    /// Whether the top is a sequence.
    MATCH_SEQUENCE,
    /// Does nothing.
    NOP,
    /// Marks the branch not taken; does nothing.
    NOT_TAKEN,
    /// Leaves a block.
    POP_BLOCK,
    /// Restores the exception handled before.
    POP_EXCEPT,
    /// Drops how a `finally` block was entered.
    POP_FINALLY,
    /// Pops a loop's iterator.
    POP_ITER,
    /// Pops, and jumps back if it was false.
    POP_JUMP_BACKWARD_IF_FALSE,
    /// Pops, and jumps back if it was `None`.
    POP_JUMP_BACKWARD_IF_NONE,
    /// Pops, and jumps back if it was not `None`.
    POP_JUMP_BACKWARD_IF_NOT_NONE,
    /// Pops, and jumps back if it was true.
    POP_JUMP_BACKWARD_IF_TRUE,
    /// Pops, and jumps on if it was false.
    POP_JUMP_FORWARD_IF_FALSE,
    /// Pops, and jumps on if it was `None`.
    POP_JUMP_FORWARD_IF_NONE,
    /// Pops, and jumps on if it was not `None`.
    POP_JUMP_FORWARD_IF_NOT_NONE,
    /// Pops, and jumps on if it was true.
    POP_JUMP_FORWARD_IF_TRUE,
    /// Pops, and jumps if it was false.
    POP_JUMP_IF_FALSE,
    /// Pops, and jumps if it was `None`.
    POP_JUMP_IF_NONE,
    /// Pops, and jumps if it was not `None`.
    POP_JUMP_IF_NOT_NONE,
    /// Pops, and jumps if it was true.
    POP_JUMP_IF_TRUE,
    /// Pops.
    POP_TOP,
    /// Prepares a call.
    PRECALL,
    /// Gathers what `except*` left unhandled.
    PREP_RERAISE_STAR,
    /// Prints the top for the interactive prompt.
    PRINT_EXPR,
    /// Pushes the exception handled before under the new one.
    PUSH_EXC_INFO,
    /// Pushes `NULL`.
    PUSH_NULL,
    /// `raise`, with an exception and a cause or fewer.
    RAISE_VARARGS,
    /// Raises the exception on top again.
    RERAISE,
    /// Stands for no instruction.
    RESERVED,
    /// Begins or resumes a function; looks for signals.
    RESUME,
    /// Returns a constant.
    RETURN_CONST,
    /// Makes the generator of this frame and returns it.
    RETURN_GENERATOR,
    /// Returns the top.
    RETURN_VALUE,
    /// Moves the top below the next three.
    ROT_FOUR,
    /// Moves the top so deep.
    ROT_N,
    /// Moves the top below the next two.
    ROT_THREE,
    /// Swaps the two topmost.
    ROT_TWO,
    /// Sends the top into the generator below it.
    SEND,
    /// Creates `__annotations__` unless it exists.
    SETUP_ANNOTATIONS,
    /// Enters the block of an `async with`.
    SETUP_ASYNC_WITH,
    /// Enters a block with a handler.
    SETUP_FINALLY,
    /// Calls `__enter__` and enters the block of a `with`.
    SETUP_WITH,
    /// Adds to the set that lies so deep.
    SET_ADD,
    /// Sets defaults, annotations or closure of a function.
    SET_FUNCTION_ATTRIBUTE,
    /// Updates the set that lies so deep.
    SET_UPDATE,
    /// `a.name = b`
    STORE_ATTR,
    /// Stores into a cell.
    STORE_DEREF,
    /// Stores into a local variable.
    STORE_FAST,
    /// Stores into a local variable and pushes another.
    STORE_FAST_LOAD_FAST,
    /// Stores into two local variables.
    STORE_FAST_STORE_FAST,
    /// Stores a global name.
    STORE_GLOBAL,
    /// Stores a name.
    STORE_NAME,
    /// `a[b:c] = d`
    STORE_SLICE,
    /// `a[b] = c`
    STORE_SUBSCR,
    /// Swaps the top with the object that lies so deep.
    SWAP,
    /// `bool(a)`
    TO_BOOL,
    /// Records a trace for the interpreter; never in a `.pyc`.
    TRACE_RECORD,
    /// `~a`
    UNARY_INVERT,
    /// `-a`
    UNARY_NEGATIVE,
    /// `not a`
    UNARY_NOT,
    /// `+a`
    UNARY_POSITIVE,
    /// Unpacks an iterable with a starred target.
    UNPACK_EX,
    /// Unpacks an iterable into this many objects.
    UNPACK_SEQUENCE,
    /// Swallows an exception if `__exit__` said so.
    WITH_CLEANUP_FINISH,
    /// Calls `__exit__`.
    WITH_CLEANUP_START,
    /// Calls `__exit__` with the exception.
    WITH_EXCEPT_START,
    /// Delegates to the iterator on top.
    YIELD_FROM,
    /// Yields the top.
    YIELD_VALUE,
}

impl Op {
    /// The instruction of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|op| op.name() == name)
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
