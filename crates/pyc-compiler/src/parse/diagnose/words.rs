//! The parser's errors and their messages.
//!
//! In the messages, `{name}` is what the error is about: a token, or CPython's name for such an
//! expression. `{line}` is the line where that begins. All messages are CPython's (`python.gram`,
//! 3.13).

use std::str::FromStr;

use crate::location::Line;
use crate::target::{Feature, Target};

macro_rules! faults {
    ($($name:ident $words:literal,)*) => {
        /// An error.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Wrong {
            $($name,)*
        }

        impl FromStr for Wrong {
            type Err = String;

            fn from_str(name: &str) -> Result<Self, String> {
                match name {
                    $(stringify!($name) => Ok(Self::$name),)*
                    _ => Err(format!("no fault `{name}`")),
                }
            }
        }

        impl Wrong {
            fn pattern(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                }
            }
        }
    };
}

impl Wrong {
    /// The same error, as the target reports it.
    #[cold]
    pub(super) fn of(self, target: &Target) -> Self {
        if !target.has(Feature::AllParametersNamed) {
            return self;
        }
        match self {
            Self::ArgumentBeforeSlash => Self::ParameterBeforeSlash,
            Self::NamedAfterStar => Self::ParameterAfterStar,
            Self::StarDefault => Self::StarParameterDefault,
            Self::StarOnce => Self::StarParameterOnce,
            Self::DoubleStarDefault => Self::DoubleStarParameterDefault,
            Self::AfterDoubleStar => Self::ParameterAfterDoubleStar,
            other => other,
        }
    }

    /// The message about `name`, which begins in `line`.
    #[cold]
    pub(super) fn words(self, name: &str, line: Line) -> String {
        self.pattern().replace("{line}", &line.number().to_string()).replace("{name}", name)
    }
}

faults! {
    InvalidSyntax "invalid syntax",
    UnexpectedIndent "unexpected indent",
    UnexpectedUnindent "unexpected unindent",
    MoreThanOne "multiple statements found while compiling a single statement",
    TooComplex "Parser stack overflowed - Python source too complex to parse",

    // Something is missing or at the wrong place.
    ExpectedToken "expected '{name}'",
    ExpectedColon "expected ':'",
    ExpectedIn "'in' expected after for-loop variables",
    ExpectedElse "expected 'else' after 'if' expression",
    StatementAfterElse "expected expression after 'else', but statement is given",
    StatementBeforeIf "expected expression before 'if', but statement is given",
    ExpectedHandler "expected 'except' or 'finally' block",
    ExpectedTypes "expected one or more exception types",
    ExpectedNames "Expected one or more names after 'import'",
    ExpectedArgument "expected argument value expression",
    ExpectedValue "expression expected after dictionary key and ':'",
    ExpectedColonInDict "':' expected after dictionary key",
    ForgottenComma "invalid syntax. Perhaps you forgot a comma?",
    MissedParentheses "did you forget parentheses around the comprehension target?",
    MissedRaised "did you forget an expression between 'raise' and 'from'?",
    MissedCause "did you forget an expression after 'from'?",
    TrailingCommaInWith "the last 'with' item has a trailing comma",
    CaseOutside "case statement must be inside match statement",
    MisplacedLazy "use 'lazy from ... ' instead of 'from ... lazy import'",
    LazyFuture "lazy from __future__ import is not allowed",
    TrailingComma "trailing comma not allowed without surrounding parentheses",
    MeantFromImport "Did you mean to use 'from ... import ...' instead?",
    MissingCall "Missing parentheses in call to '{name}'. Did you mean {name}(...)?",
    NotInOperation "'not' after an operator must be parenthesized",

    // Blocks.
    ExpectedBlock "expected an indented block",
    BlockAfterIf "expected an indented block after 'if' statement on line {line}",
    BlockAfterElif "expected an indented block after 'elif' statement on line {line}",
    BlockAfterElse "expected an indented block after 'else' statement on line {line}",
    BlockAfterWhile "expected an indented block after 'while' statement on line {line}",
    BlockAfterFor "expected an indented block after 'for' statement on line {line}",
    BlockAfterWith "expected an indented block after 'with' statement on line {line}",
    BlockAfterTry "expected an indented block after 'try' statement on line {line}",
    BlockAfterExcept "expected an indented block after 'except' statement on line {line}",
    BlockAfterExceptGroup "expected an indented block after 'except*' statement on line {line}",
    BlockAfterFinally "expected an indented block after 'finally' statement on line {line}",
    BlockAfterMatch "expected an indented block after 'match' statement on line {line}",
    BlockAfterCase "expected an indented block after 'case' statement on line {line}",
    BlockAfterFunction "expected an indented block after function definition on line {line}",
    BlockAfterClass "expected an indented block after class definition on line {line}",
    BothKinds "cannot have both 'except' and 'except*' on the same 'try'",
    ManyTypes "multiple exception types must be parenthesized",
    ManyTypesAs "multiple exception types must be parenthesized when using 'as'",
    ElifAfterElse "'elif' block follows an 'else' block",

    // Invalid targets.
    CannotAssign "cannot assign to {name}",
    CannotDelete "cannot delete {name}",
    AssignedHere "cannot assign to {name} here. Maybe you meant '==' instead of '='?",
    AssignedName "cannot assign to {name}",
    AssignedYield "assignment to yield expression not possible",
    AssignedStarred "cannot assign to iterable argument unpacking",
    AssignedUnpacking "cannot assign to keyword argument unpacking",
    AssignedArgument "expression cannot contain assignment, perhaps you meant \"==\"?",
    NamedHere "cannot use named expression without parentheses here",
    IllegalAugmented "'{name}' is an illegal expression for augmented assignment",
    IllegalAnnotationTarget "illegal target for annotation",
    OnlySingleTarget "only single target (not {name}) can be annotated",
    OnlySingleTargetNotTuple "only single target (not tuple) can be annotated",
    ImportTarget "cannot use {name} as import target",
    ExceptTarget "cannot use except statement with {name}",
    ExceptGroupTarget "cannot use except* statement with {name}",
    NamedTarget "cannot use assignment expressions with {name}",
    MeantUnequal "invalid syntax.  Maybe you meant '!=' instead of '<>'?",
    WantedDiamond "with Barry as BDFL, use '<>' instead of '!='",
    MeantEqual "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",

    // Parameters and arguments.
    ParameterBeforeSlash "at least one parameter must precede /",
    ParameterAfterStar "named parameters must follow bare *",
    StarParameterDefault "var-positional parameter cannot have default value",
    StarParameterOnce "* may appear only once",
    DoubleStarParameterDefault "var-keyword parameter cannot have default value",
    ParameterAfterDoubleStar "parameters cannot follow var-keyword parameter",
    ArgumentBeforeSlash "at least one argument must precede /",
    SlashOnce "/ may appear only once",
    SlashAheadOfStar "/ must be ahead of *",
    CommaBetweenSlashAndStar "expected comma between / and *",
    NonDefaultAfterDefault "non-default argument follows default argument",
    PlainAfterDefault "parameter without a default follows parameter with a default",
    ParenthesizedParams "Function parameters cannot be parenthesized",
    ParenthesizedLambda "Lambda expression parameters cannot be parenthesized",
    ExpectedDefault "expected default value expression",
    NamedAfterStar "named arguments must follow bare *",
    StarDefault "var-positional argument cannot have default value",
    StarOnce "* argument may appear only once",
    DoubleStarDefault "var-keyword argument cannot have default value",
    AfterDoubleStar "arguments cannot follow var-keyword argument",
    IterableAfterKeyword "iterable argument unpacking follows keyword argument unpacking",
    PositionalAfterUnpacking "positional argument follows keyword argument unpacking",
    PositionalAfterKeyword "positional argument follows keyword argument",
    BareGenerator "Generator expression must be parenthesized",
    BoundOf "cannot use bound with {name}",
    ConstraintsOf "cannot use constraints with {name}",
    EmptyTypeParams "Type parameter list cannot be empty",

    // Stars.
    InvalidStar "Invalid star expression",
    StarredHere "cannot use starred expression here",
    DoubleStarredHere "cannot use double starred expression here",
    StarredValue "cannot use a starred expression in a dictionary value",
    StarredKey "cannot use a starred expression in a dictionary key",
    UnpackedKey "cannot use dict unpacking in a dictionary key",
    UnpackedValue "cannot use dict unpacking in a dictionary value",
    DictUnpackedHere "cannot use dict unpacking here",
    DictUnpackedInList "cannot use dict unpacking in list comprehension",
    DictUnpackedInGenerator "cannot use dict unpacking in generator expression",
    PartOfConditionalUnpacked "cannot unpack only part of a conditional expression",
    PartOfConditionalDictUnpacked
        "cannot use dict unpacking on only part of a conditional expression",
    StarredConditional
        "invalid starred expression. Did you forget to wrap the conditional expression in parentheses?",
    UnpackedConditional
        "invalid double starred expression. Did you forget to wrap the conditional expression in parentheses?",
    UnpackedComprehension "iterable unpacking cannot be used in comprehension",
    UnpackedDictComprehension "dict unpacking cannot be used in dict comprehension",

    // Patterns.
    WildcardTarget "cannot use '_' as a target",
    PatternTarget "invalid pattern target",
    CalledPatternTarget "cannot use {name} as pattern target",
    RestBeforeItems "double star pattern must be the last (right-most) subpattern in the mapping pattern",
    PositionalPattern "positional patterns follow keyword patterns",
    RealNumber "real number required in complex literal",
    ImaginaryNumber "imaginary number required in complex literal",

    // Strings. Messages about f-strings are also used for t-strings, with the other letter.
    MixedStrings "cannot mix bytes and nonbytes literals",
    MixedTemplates "cannot mix t-string literals with string or bytes literals",
    PartOfString "invalid syntax. Is this intended to be part of the string?",
    LambdaInField "f-string: lambda expressions are not allowed without parentheses",
    FieldBeforeEqual "f-string: valid expression required before '='",
    FieldBeforeExclamation "f-string: valid expression required before '!'",
    FieldBeforeColon "f-string: valid expression required before ':'",
    FieldBeforeBrace "f-string: valid expression required before '}'",
    FieldExpression "f-string: expecting a valid expression after '{'",
    FieldAfterExpression "f-string: expecting '=', or '!', or ':', or '}'",
    FieldAfterEqual "f-string: expecting '!', or ':', or '}'",
    FieldAfterConversion "f-string: expecting ':' or '}'",
    FieldInFormat "f-string: expecting '}', or format specs",
    FieldWithoutText "field 'value' is required for Constant",
    FieldEnd "f-string: expecting '}'",
    NoConversion "f-string: missing conversion character",
    BadConversion "f-string: invalid conversion character",
    // With this typo in 3.13.0.
    SpelledLateConversion
        "f-string: conversion type must come right after the exclamation mark",
    LateConversion "f-string: conversion type must come right after the exclamanation mark",
    UnknownConversion
        "f-string: invalid conversion character '{name}': expected 's', 'r', or 'a'",
}
