//! In what releases' compilers differ: one row a fact, with the first release that has it and the
//! last.
//!
//! `Feature::GeneratorGetIter` holds for 3.13.1 to 3.13.3 and again from 3.13.5.

use pyc_code::Version;

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident: $($since:literal..$($until:literal)?),+;)*) => {
        /// A fact about a release's compiler.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Feature {
            $($(#[$doc])* $name,)*
        }

        /// For each feature the ranges of releases that have it, the end exclusive.
        const RANGES: &[&[(&str, &str)]] = &[$(&[$(($since, features!(@ $($until)?))),+]),*];
    };
    (@) => { "" };
    (@ $until:literal) => { $until };
}

features! {
    /// List, set and dict comprehensions are part of the code around them (PEP 709).
    InlinedComprehensions: "3.12.0"..;
    /// Generators make a `RuntimeError` of a `StopIteration` that leaves them, by a handler of
    /// their own.
    StopIterationHandler: "3.12.0"..;
    /// Slices without a step have instructions of their own.
    SliceInstructions: "3.12.0"..;
    /// Attributes of what `super()` gives are read without making that.
    SuperAttributes: "3.12.0"..;
    /// Statements that are expressions to be shown, and `from … import *`, pop what their intrinsic
    /// gives.
    ResultsOfIntrinsics: "3.12.0"..;
    /// Handlers end in a `CLEANUP_THROW`, iterators in an `END_FOR` or `END_SEND`, which pop what
    /// is left of them.
    EndsOfIterators: "3.12.0"..;
    /// `and`, `or` and chains of comparisons copy what they jump by; before, instructions jumped by
    /// it or popped it.
    CopyBeforeJump: "3.12.0"..;
    /// What has no location of its own is where the last statement, pattern or condition before it
    /// has left off.
    LocationsCarriedOn: "3.11.0".."3.12.0";
    /// `SWAP` gives way to stores in another order, whatever that leaves in variables. Known to be
    /// in 3.11.2, and not to be in 3.11.7.
    CarelessSwaps: "3.11.0".."3.11.3";
    /// The jump at the end of a `case` is where its last statement has left off. Known to be in
    /// 3.11.2, and not to be in 3.11.7.
    EndOfCaseCarriedOn: "3.11.0".."3.11.3";
    /// Annotations in a `case` are looked for before a body begins with a dict for them. Known not
    /// to be so in 3.11.2, and to be so in 3.11.7.
    AnnotationsInCases: "3.11.3"..;
    /// `except*` clauses jump to what they do if they match, and past it if they don't. Known to be
    /// in 3.11.2, and not to be in 3.11.7.
    JumpToMatch: "3.11.0".."3.11.3";
    /// An f-string is one token, in which replacement fields are looked for (before PEP 701).
    JoinedStringTokens: "3.11.0".."3.12.0";
    /// Code that ends in a `return` gets no other one at its end.
    ReturnAtEndOnce: "3.11.0".."3.12.0";
    /// A `with` has the way out of a failing `__exit__` before that out of the statement.
    ReraiseBeforeExit: "3.11.0".."3.12.0";
    /// What stands in a class, and is no code of it, may see its namespace (`__classdict__`, PEP
    /// 695).
    ClassNamespaces: "3.12.0"..;
    /// A warning of `is` with a literal says of which type that is.
    LiteralsOfIdentityNamed: "3.12.0"..;
    /// Characters are those of Unicode 15.0, not 14.0.
    Unicode15_0: "3.12.0"..;
    /// Invalid escapes give a `SyntaxWarning`, no `DeprecationWarning`.
    SyntaxWarningsOfEscapes: "3.12.0"..;
    /// A parameter without a default after one with is called a parameter, no argument.
    ParametersNamed: "3.12.0"..;
    /// That unpacked arguments aren't assigned to is told.
    UnpackedNotAssigned: "3.12.0"..;
    /// A star before what is no expression is told of. Known not to be in 3.12.1, and to be in
    /// 3.13.0.
    StarsNamed: "3.13.0"..;
    /// Functions, classes and aliases have type parameters, and `type` makes aliases (PEP 695).
    TypeParams: "3.12.0"..;
    /// A token that is a line end reaches over it.
    LineEndsLocated: "3.12.0"..;
    /// `[(a := b) for c[a] in d]` is right: the loop doesn't bind `a`.
    ReadNamesAreNoTargets: "3.12.0"..;
    /// `~` of a bool is warned of.
    InvertedBoolsWarned: "3.12.0"..;
    /// That warning says that inverting bools ends with 3.16. Known not to be so in 3.12.1.
    InvertedBoolsEnd: "3.13.0"..;
    /// In a class, free variables are read by an instruction that looks into its namespace first.
    ClassDeref: "3.11.0".."3.12.0";
    /// The stack is measured with the instructions that begin a generator.
    DepthOfGeneratorStart: "3.11.0".."3.12.0";
    /// Each instruction has an entry of its own in the table of locations.
    LocationOfEachInstruction: "3.11.0".."3.12.0";
    /// Blocks of the flow graph are numbered as the compiler has allocated them.
    BlocksInOrderOfAllocation: "3.11.0".."3.12.0";
    /// Type parameters have defaults (PEP 696).
    TypeParamDefaults: "3.13.0"..;
    /// Annotation scopes in classes may have lambdas and comprehensions.
    FunctionsInClassAnnotations: "3.13.0"..;
    /// Names are looked for in `except` before they are in `else`, as they stand in the source
    /// (gh-111123).
    HandlersBeforeElse: "3.13.0"..;
    /// Characters are those of Unicode 15.1, not 15.0.
    Unicode15_1: "3.13.0"..;
    /// `import` without names is told what it lacks.
    ImportWantsNames: "3.13.0"..;
    /// A string that isn't closed is asked whether its end quote was escaped.
    EscapedEndQuote: "3.13.0"..;
    /// Conditions are made bools before they are jumped by (`TO_BOOL`).
    BoolBeforeJump: "3.13.0"..;
    /// What is called stands below the `NULL` that goes with it, not above.
    NullAboveCallable: "3.13.0"..;
    /// Slices of constants are constants.
    SliceConstants: "3.14.0"..;
    /// `and` and `or` jump by the value that they keep (`JUMP_IF_FALSE`), which later becomes a
    /// copy and a jump.
    ValuesKeptInJumps: "3.14.0"..;
    /// Dicts of constant keys take these as a tuple.
    ConstKeyMaps: "3.11.0".."3.14.0";
    /// `CALL_FUNCTION_EX` takes a dict of keywords or a `NULL`, always.
    KeywordsOrNull: "3.14.0"..;
    /// `__enter__` and `__exit__` are loaded by themselves (`LOAD_SPECIAL`), `__exit__` with the
    /// object it is called on.
    SpecialMethods: "3.14.0"..;
    /// `while` has its condition a second time, after the body.
    TestAfterBody: "3.11.0".."3.14.0";
    /// `END_ASYNC_FOR` tells of the `SEND` that it belongs to, and the loop's body begins with
    /// `NOT_TAKEN`.
    AsyncForTellsSend: "3.14.0"..;
    /// `all`, `any` and `tuple` of a generator expression are loops here, if they are the built-in
    /// ones.
    BuiltinLoops: "3.14.0"..;
    /// The first constant of a function is its docstring or `None`.
    DocstringPlace: "3.11.0".."3.14.0";
    /// Functions are marked as having a docstring, and as being a class's own.
    FunctionMarks: "3.14.0"..;
    /// A case that matched pops its subject where what comes next is.
    SubjectPoppedWithNext: "3.14.0"..;
    /// What `for` and `in` go through is a constant if it is of more than 30 constants, too
    /// (gh-148817).
    LongListsFolded: "3.14.8"..;
    /// Where a body's only statement is a docstring that is left out, it is `pass`.
    PassForDocstring: "3.14.0"..;
    /// A class's inlined comprehension sets aside all names that it mentions, not only those that
    /// it binds.
    ClassNamesSetAside: "3.12.0".."3.14.0";
    /// A function in a class's inlined comprehension has the class's `__class__` and
    /// `__classdict__`, which compilers before lost (gh-150700). Known not to be in 3.13.18, and to
    /// be in 3.14.10.
    ClassCellThroughComprehension: "3.14.0"..;
    /// The kinds of parameters are told, too.
    ParameterKinds: "3.14.0"..;
    /// Constants are folded in the flow graph, and few in the tree.
    FoldingInGraph: "3.14.0"..;
    /// A module begins with a place for its annotations.
    PlaceForAnnotations: "3.14.0"..;
    /// The end of a `for` pops the iterator itself, after `END_FOR`.
    IteratorPoppedApart: "3.13.0"..;
    /// `for` has a `NOP` on the line of its target.
    TargetLineInFor: "3.13.0"..;
    /// Docstrings lose their indentation.
    CleanDocstrings: "3.13.0"..;
    /// Where docstrings are left out, their statements are, too.
    DocstringStatementsLeftOut: "3.13.0"..;
    /// Classes have `__firstlineno__` and `__static_attributes__`.
    ClassAttributes: "3.13.0"..;
    /// A generator's body is a block, of which there may be so many.
    GeneratorBlock: "3.13.0"..;
    /// A name that an inlined comprehension only reads has its own meaning there, too. Known not to
    /// be in 3.12.1, and to be in 3.12.7.
    ReadNamesInComprehension: "3.12.2"..;
    /// Each label begins a block of the flow graph, whether something leads to it or not.
    LabelsBeginBlocks: "3.12.0".."3.13.0";
    /// The `POP_TOP` with which generators begin is on their first line, as the `RETURN_GENERATOR`
    /// before it.
    GeneratorStartLocated: "3.13.0"..;
    /// The lengths of jumps are computed from the numbers of labels, not from those of
    /// instructions.
    JumpsFromLabels: "3.12.0".."3.13.0";
    /// A format spec that ends in a replacement field has an empty text after it. Known to be in
    /// 3.12.1, and not to be in 3.12.7.
    EmptyTextInSpec: "3.12.0".."3.12.2";
    /// Code that needs no stack has one with room for one object.
    StackNeverEmpty: "3.13.0"..;
    /// An f-string without parts is a constant.
    EmptyFstringConstant: "3.13.0"..;
    /// The bound of a type parameter is evaluated at its own place, not at that of the parameter.
    BoundLocation: "3.13.0"..;
    /// Around a generic class its name mangles only the type parameters, and nothing after it.
    /// Known not to be in 3.12.1, and to be in 3.12.7.
    MangledTypeParams: "3.12.2"..;
    /// `yield from` outside of a function is called so, not `yield`.
    YieldFromNamed: "3.13.0"..;
    /// `iter()` is called at the place of what is iterated over, and `__enter__` at that of the
    /// context manager. Known not to be in 3.12.1, and to be in 3.12.7.
    CallsOfPartsLocated: "3.12.2"..;
    /// `assert` raises at the place of its condition, not at that of the statement. Known not to be
    /// in 3.12.1, and to be in 3.12.7.
    AssertRaisesAtTest: "3.12.2"..;
    /// A `NOP` on the line of the `RESUME` before it isn't redundant for that, so that the return
    /// in `def f(): pass` is at `pass`. Known not to be in 3.12.1, and to be in 3.12.7.
    NopsAfterResume: "3.12.2".."3.13.0";
    /// A lambda returns at the place of its body, not at its line's start.
    LambdaReturnLocation: "3.12.2"..;
    /// A generator expression calls `iter()` on what it is given, and so do inlined comprehensions
    /// (gh-125038).
    GeneratorGetIter: "3.13.1".."3.13.4", "3.13.5".."3.14.0";
    /// The text of an f-string's `=` ends where the expression ends, `!=` in it or not (gh-129093,
    /// gh-124363).
    DebugTextPastNotEqual: "3.13.2"..;
    /// A real operand of a complex operation has no imaginary part, not one that is zero;
    /// infinities that became NaNs are recovered (C11, annex G).
    MixedComplexArithmetic: "3.14.0"..;
    /// Complex powers multiply by a power of e, where they divided by its inverse (gh-113841).
    ComplexPowerByProduct: "3.13.1"..;
    /// An unknown future feature is complained of at its name, not at the statement (gh-126139).
    FutureFeatureLocation: "3.13.1"..;
    /// A line end in a format spec of an f-string in single quotes is refused, not skipped
    /// (gh-129958).
    NoNewlineInFormatSpec: "3.11.0".."3.12.0", "3.13.3"..;
    /// No type parameter is called `__classdict__` (gh-128632).
    ReservedClassdict: "3.13.2"..;
    /// The copy of `finally` for exceptions isn't warned of again (gh-139640).
    FinallyWarnsOnce: "3.13.10"..;
    /// An inlined comprehension that sets locals aside is a block, of which there may be so many
    /// (gh-156091).
    InlinedComprehensionBlock: "3.13.16"..;
    /// A class's inlined comprehension takes `__class__` for a global; before, the compiler lost
    /// it. Known not to be in 3.12.1, and to be in 3.12.7.
    ClassGlobalInComprehension: "3.12.2"..;
    /// A class's inlined comprehension takes `__classdict__` for a global, as it does `__class__`
    /// (gh-145701).
    ClassdictGlobalInComprehension: "3.13.13"..;
    /// A warning of an invalid escape names the escape's line, not that of the string's start.
    /// Known not to be in 3.13.0, and to be in 3.13.5.
    EscapeWarningsCountLines: "3.13.1"..;
    /// Format specs of raw f-strings stay raw, debug texts keep what they hold (gh-137314,
    /// gh-135148).
    RawFormatSpecs: "3.11.0".."3.12.0", "3.13.6"..;
    /// Characters are those of Unicode 16.0, not 15.1.
    Unicode16: "3.14.0"..;
    /// That nothing is bound to `__debug__` is checked for names where symbol tables are made.
    DebugCheckedInTables: "3.14.0"..;
    /// In patterns that are values `__debug__` stays a name; in those that are classes it is a
    /// constant (`ast_preprocess.c: astfold_pattern`).
    DebugReadInPatterns: "3.14.0"..;
    /// An f-string's exclamation mark is spelled so. Known not to be in 3.13.0, and to be in
    /// 3.13.18.
    ExclamationSpelled: "3.13.1"..;
    /// There are t-strings (PEP 750).
    TemplateStrings: "3.14.0"..;
    /// The text of a t-string's field keeps the blanks after the value (gh-154719).
    BlanksAfterInterpolation: "3.14.8"..;
    /// `from __future__ import barry_as_FLUFL` makes `<>` of `!=` from there on (gh-125331). Known
    /// not to be in 3.13.0, and to be in 3.13.18.
    UnequalByFuture: "3.12.10".."3.13.0", "3.13.3"..;
    /// `<>` is asked whether it was meant to be `!=` (gh-151303). Known not to be in 3.13.0, and to
    /// be in 3.13.18 and in 3.14.10.
    UnequalSuggested: "3.13.16".."3.14.0", "3.14.8"..;
    /// The tokenizer keeps no text for `=` in a field of a format spec, which brings the parser
    /// down. Known to be so in 3.12.1.
    NoDebugInSpec: "3.12.0".."3.12.2";
    /// Where the tokenizer's faults begin and end is told in characters, not in bytes (gh-156894).
    /// Known not to be in 3.13.0, and to be in 3.13.18 and in 3.14.10.
    RangesInCharacters: "3.13.18".."3.14.0", "3.14.10"..;
    /// `except A, B:` needs no parentheses (PEP 758).
    ExceptWithoutParentheses: "3.14.0"..;
    /// Annotations are evaluated when they are asked for, by functions called `__annotate__` (PEP
    /// 649, PEP 749); bounds, defaults and aliases of types take a format, too.
    DeferredAnnotations: "3.14.0"..;
    /// An escape in an f-string that can't be decoded is complained of at the text that it is in,
    /// not at the end.
    EscapesLocated: "3.14.0"..;
    /// Bytes that aren't UTF-8 are refused before anything else, in comments, too.
    BytesCheckedFirst: "3.14.0"..;
    /// Warnings of invalid escapes say what to write instead.
    EscapeAdvice: "3.14.0"..;
    /// `return`, `break` and `continue` that leave a `finally` are warned of (PEP 765).
    LeavingFinallyWarned: "3.14.0"..;
    /// Prefixes of strings that don't go together are named.
    PrefixesNamed: "3.14.0"..;
    /// Statements where an expression is wanted after `if … else` or before it are called so.
    StatementsInConditionals: "3.14.0"..;
    /// What can't be the target of `as` is named.
    NamedTargets: "3.14.0"..;
    /// Expressions between strings are taken for what was meant to be in them.
    InterruptedStrings: "3.14.0"..;
    /// `elif` after `else` is called so.
    ElifAfterElse: "3.14.0"..;
    /// Ideographs and Hangul syllables are named in any case (gh-80667). Known not to be in 3.13.0,
    /// and to be in 3.13.18.
    RuledNamesInAnyCase: "3.13.1"..;
    /// The codec cp932 is called `windows_31j`, too.
    Windows31j: "3.13.0"..;
    /// The code pages with the euro are called by their registered names, too. Known not to be in
    /// 3.13.0, and to be in 3.13.18.
    EuroCodecNames: "3.13.1"..;
    /// Byte 9B of the codec palmos is a quotation mark. Known not to be in 3.13.0, and to be in
    /// 3.13.18.
    PalmosQuote: "3.13.1"..;
    /// The codecs `cp874`, `euc_kr` and `iso8859_8` have further names.
    ThaiCodecNames: "3.14.0"..;
    /// `GET_ITER` leaves two objects, so that lists and tuples are gone through by numbers; `SEND`
    /// and `END_SEND` have one more below, too. Comprehensions call `iter()` themselves, where they
    /// begin.
    VirtualIterators: "3.15.0"..;
    /// The code generator makes what generators begin with; generator expressions call `iter()`
    /// before that.
    GeneratorsBeginInCode: "3.15.0"..;
    /// Jumps that replace others, and what marks the way not taken, have the handler of the jump
    /// that was there (gh-130279). Known not to be in 3.14.10, and to be in 3.15.2.
    HandlersOfNewJumps: "3.15.0"..;
    /// What only an empty block leads to may borrow locals, too.
    BorrowingAfterNothing: "3.15.0"..;
    /// What an instruction pushes that only looks at its operands counts as pushed by the first
    /// ones of its block.
    PushedByFirst: "3.14.0".."3.15.0";
    /// Annotations of positional-only parameters stand before those of the others, as in the
    /// source.
    AnnotationsInOrder: "3.15.0"..;
    /// A function's `__annotate__` is named after it.
    AnnotateOfFunctionNamed: "3.15.0"..;
    /// `None`, `""`, `True`, `False` and -1 are loaded as `AssertionError` is, by numbers of their
    /// own.
    CommonConstants: "3.15.0"..;
    /// `list` and `set` of a generator expression are loops here, too.
    ListLoops: "3.15.0"..;
    /// Imports may be lazy (PEP 810), which `IMPORT_NAME` tells.
    LazyImports: "3.15.0"..;
    /// Comprehensions may unpack their elements (PEP 798).
    UnpackingComprehensions: "3.15.0"..;
    /// Stars that can't stand where they do are told what they are, and which part of a conditional
    /// they unpack.
    MisplacedStarsNamed: "3.15.0"..;
    /// What is missing in `raise`, or too much in `assert` and `with`, is said, and that `case`
    /// wants a `match`.
    PartsOfStatementsNamed: "3.15.0"..;
    /// What a function takes is called its parameters, not its arguments.
    AllParametersNamed: "3.15.0"..;
    /// Numbers in patterns may have a `+`.
    PositiveNumbersInPatterns: "3.15.0"..;
    /// Characters are those of Unicode 17.0, not 16.0.
    Unicode17: "3.15.0"..;
    /// Codecs have all names that are registered with IANA; some for Korean mean `cp949`, not
    /// `euc_kr`.
    RegisteredCodecNames: "3.15.0"..;
    /// Tangut ideographs have names, and numbers in names no zeros before them (gh-144789).
    TangutNames: "3.13.13"..;
}

/// The features of one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features([u64; WORDS]);

/// How many words there are bits for all features in.
const WORDS: usize = RANGES.len().div_ceil(64);

impl Features {
    pub(super) const NONE: Self = Self([0; WORDS]);
    pub(super) const ALL: Self = Self([u64::MAX; WORDS]);

    pub(super) fn of(version: Version) -> Self {
        let parse = |text: &str| text.parse::<Version>().ok();
        let in_range = |(since, until): &(&str, &str)| {
            parse(since).is_some_and(|since| since <= version)
                && parse(until).is_none_or(|until| version < until)
        };
        let holds = |ranges: &&[(&str, &str)]| ranges.iter().any(in_range);
        let mut words = [0; WORDS];
        for (at, _) in RANGES.iter().enumerate().filter(|(_, ranges)| holds(ranges)) {
            words[at / 64] |= 1 << (at % 64);
        }
        Self(words)
    }

    #[must_use]
    pub(super) fn with(mut self, feature: Feature) -> Self {
        let at = feature as usize;
        self.0[at / 64] |= 1 << (at % 64);
        self
    }

    /// Whether one release has one of `among` and the other hasn't.
    pub(super) fn differ_in(self, other: Self, among: Self) -> bool {
        (0..WORDS).any(|at| (self.0[at] ^ other.0[at]) & among.0[at] != 0)
    }

    #[inline]
    pub(super) const fn contains(self, feature: Feature) -> bool {
        let at = feature as usize;
        self.0[at / 64] >> (at % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_come_and_go_with_releases() {
        let has = |version: &str| {
            Features::of(version.parse().unwrap()).contains(Feature::GeneratorGetIter)
        };
        assert_eq!(
            ["3.13.0", "3.13.1", "3.13.4", "3.13.5", "3.13.18"].map(has),
            [false, true, false, true, true]
        );
    }

    #[test]
    fn every_bound_is_a_release() {
        for (since, until) in RANGES.iter().copied().flatten() {
            assert!(since.parse::<Version>().is_ok(), "{since}");
            assert!(until.is_empty() || until.parse::<Version>().is_ok(), "{until}");
        }
    }
}
