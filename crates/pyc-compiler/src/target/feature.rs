//! The differences between releases' compilers: one row for each fact, with the releases that have
//! it.
//!
//! `Feature::GeneratorGetIter` is true for 3.13.1 to 3.13.3, and again from 3.13.5.

use pyc_code::Version;

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident: $($since:literal..$($until:literal)?),+;)*) => {
        /// A fact about a release's compiler.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Feature {
            $($(#[$doc])* $name,)*
        }

        /// For each feature, the ranges of releases that have it; the end is exclusive.
        const RANGES: &[&[(&str, &str)]] = &[$(&[$(($since, features!(@ $($until)?))),+]),*];
    };
    (@) => { "" };
    (@ $until:literal) => { $until };
}

features! {
    /// List, set and dict comprehensions are inlined into the surrounding code (PEP 709).
    InlinedComprehensions: "3.12.0"..;
    /// Generators have a handler that converts a `StopIteration` that leaves them to a
    /// `RuntimeError`.
    StopIterationHandler: "3.12.0"..;
    /// There are special instructions for slices without a step.
    SliceInstructions: "3.12.0"..;
    /// Attributes of `super()` are read without creating its object.
    SuperAttributes: "3.12.0"..;
    /// Expression statements that are displayed, and `from … import *`, pop the result of their
    /// intrinsic.
    ResultsOfIntrinsics: "3.12.0"..;
    /// Handlers end in a `CLEANUP_THROW`, and iterators in an `END_FOR` or `END_SEND`, which pop
    /// their remains.
    EndsOfIterators: "3.12.0"..;
    /// `and`, `or` and chained comparisons copy the value of the condition before the jump. Before
    /// 3.12, special jump instructions kept or popped it.
    CopyBeforeJump: "3.12.0"..;
    /// Instructions without their own location have that of the end of the last statement, pattern
    /// or condition before them.
    LocationsCarriedOn: "3.11.0".."3.12.0";
    /// A `SWAP` is replaced by stores in another order, even if this changes which value a variable
    /// keeps (gh-104615).
    CarelessSwaps: "3.11.0".."3.11.4";
    /// `%zs` is formatted like `%s` (gh-104018).
    FormatFlagZ: "3.11.0".."3.11.4";
    /// The jump at the end of a `case`, and what follows the last `case _`, have the location of
    /// the end of the last statement (gh-103971).
    EndOfCaseCarriedOn: "3.11.0".."3.11.4";
    /// Annotations in a `case` are found when a body is checked for annotations, so that it gets a
    /// dict for them (gh-105164).
    AnnotationsInCases: "3.11.4"..;
    /// `except*` clauses have a jump to the matching branch, and one past it if they don't match
    /// (gh-101517).
    JumpToMatch: "3.11.0".."3.11.4";
    /// Null bytes are a `SyntaxError` instead of a `ValueError` (gh-96670).
    NullBytesAreSyntax: "3.11.4"..;
    /// The error for a bytes literal that isn't ASCII has the literal's location instead of that of
    /// the last token (gh-102310).
    BytesLocated: "3.11.4"..;
    /// A letter that isn't ASCII can follow a number, and is a token of its own (gh-88943).
    LettersAfterNumbers: "3.11.6".."3.12.0", "3.12.1"..;
    /// The error for `*` after keywords has the location of the star instead of the arguments
    /// before it (gh-110696).
    UnpackingAfterKeywordsLocated: "3.11.7".."3.12.0", "3.12.1"..;
    /// An f-string is one token, in which replacement fields are found later (before PEP 701).
    JoinedStringTokens: "3.11.0".."3.12.0";
    /// Code that ends in a `return` gets no second one.
    ReturnAtEndOnce: "3.11.0".."3.12.0";
    /// A `with` has the exit for a failing `__exit__` before that of the statement.
    ReraiseBeforeExit: "3.11.0".."3.12.0";
    /// Nested scopes of a class that aren't its code can see its namespace (`__classdict__`, PEP
    /// 695).
    ClassNamespaces: "3.12.0"..;
    /// The warning about `is` with a literal names the literal's type.
    LiteralsOfIdentityNamed: "3.12.0"..;
    /// Characters are those of Unicode 15.0 instead of 14.0.
    Unicode15_0: "3.12.0"..;
    /// Invalid escapes cause a `SyntaxWarning` instead of a `DeprecationWarning`.
    SyntaxWarningsOfEscapes: "3.12.0"..;
    /// The error for a parameter without a default after one with a default says "parameter"
    /// instead of "argument".
    ParametersNamed: "3.12.0"..;
    /// The error for an assignment to unpacked arguments has a separate message.
    UnpackedNotAssigned: "3.12.0"..;
    /// A star before something that isn't an expression has a separate message (gh-109120).
    StarsNamed: "3.12.3"..;
    /// Functions, classes and aliases can have type parameters, and `type` defines aliases (PEP
    /// 695).
    TypeParams: "3.12.0"..;
    /// The range of a newline token includes the newline.
    LineEndsLocated: "3.12.0"..;
    /// `[(a := b) for c[a] in d]` is valid: the loop doesn't bind `a`.
    ReadNamesAreNoTargets: "3.12.0"..;
    /// `~` of a bool causes a warning.
    InvertedBoolsWarned: "3.12.0"..;
    /// That warning says that inverting bools will be removed in 3.16 (gh-122982).
    InvertedBoolsEnd: "3.12.6"..;
    /// In a class, free variables are read by an instruction that first looks in the class's
    /// namespace.
    ClassDeref: "3.11.0".."3.12.0";
    /// The stack size includes the instructions at the start of a generator.
    DepthOfGeneratorStart: "3.11.0".."3.12.0";
    /// Each instruction has a separate entry in the table of locations.
    LocationOfEachInstruction: "3.11.0".."3.12.0";
    /// Blocks of the flow graph are numbered in the order in which the compiler allocates them.
    BlocksInOrderOfAllocation: "3.11.0".."3.12.0";
    /// Type parameters can have defaults (PEP 696).
    TypeParamDefaults: "3.13.0"..;
    /// Annotation scopes in classes can contain lambdas and comprehensions.
    FunctionsInClassAnnotations: "3.13.0"..;
    /// Names are collected in `except` before `else`, in the order of the source (gh-111123).
    HandlersBeforeElse: "3.13.0"..;
    /// Characters are those of Unicode 15.1 instead of 15.0.
    Unicode15_1: "3.13.0"..;
    /// `import` without names has a separate message.
    ImportWantsNames: "3.13.0"..;
    /// The message for an unterminated string can suggest that its end quote was escaped.
    EscapedEndQuote: "3.13.0"..;
    /// Conditions are converted to bools before jumps (`TO_BOOL`).
    BoolBeforeJump: "3.13.0"..;
    /// On the stack, the callable is below its `NULL` instead of above it.
    NullAboveCallable: "3.13.0"..;
    /// Slices of constants are constants.
    SliceConstants: "3.14.0"..;
    /// `and` and `or` use jumps that keep their value (`JUMP_IF_FALSE`), which are later converted
    /// to a copy and a jump.
    ValuesKeptInJumps: "3.14.0"..;
    /// Dicts with constant keys are built with the keys in a tuple.
    ConstKeyMaps: "3.11.0".."3.14.0";
    /// `CALL_FUNCTION_EX` always has a dict of keywords or a `NULL`.
    KeywordsOrNull: "3.14.0"..;
    /// `__enter__` and `__exit__` are loaded with `LOAD_SPECIAL`, `__exit__` together with its
    /// object.
    SpecialMethods: "3.14.0"..;
    /// `while` has a second copy of its condition after the body.
    TestAfterBody: "3.11.0".."3.14.0";
    /// `END_ASYNC_FOR` refers to its `SEND`, and the loop's body begins with `NOT_TAKEN`.
    AsyncForTellsSend: "3.14.0"..;
    /// `all`, `any` and `tuple` of a generator expression are inlined as loops, in case they are
    /// the built-in functions.
    BuiltinLoops: "3.14.0"..;
    /// With an asynchronous generator expression, those calls stay calls (gh-149122).
    AsynchronousNotLooped: "3.14.5"..;
    /// The first constant of a function is its docstring or `None`.
    DocstringPlace: "3.11.0".."3.14.0";
    /// Code flags say that a function has a docstring, or is a method.
    FunctionMarks: "3.14.0"..;
    /// A case that matched pops its subject with the location of the next instruction.
    SubjectPoppedWithNext: "3.14.0"..;
    /// A list or set after `for ... in` or `in` is also a constant if it has more than 30 constants
    /// (gh-148817).
    LongListsFolded: "3.14.8"..;
    /// If a body's only statement is a docstring that is removed, `pass` replaces it.
    PassForDocstring: "3.14.0"..;
    /// An inlined comprehension in a class saves all names that it mentions, not only those that it
    /// binds.
    ClassNamesSetAside: "3.12.0".."3.14.0";
    /// A function in a class's inlined comprehension can use the class's `__class__` and
    /// `__classdict__`, which earlier compilers lost (gh-150700).
    ClassCellThroughComprehension: "3.14.6"..;
    /// A class with annotations has a cell for its namespace, even if it binds `__classdict__`
    /// itself, which hides the cell's use from earlier compilers (gh-149805).
    ClassdictForAnnotations: "3.14.6"..;
    /// Symbol tables also contain the kinds of parameters.
    ParameterKinds: "3.14.0"..;
    /// Constants are folded in the flow graph, and only a few in the tree.
    FoldingInGraph: "3.14.0"..;
    /// A module begins with a placeholder for its annotations.
    PlaceForAnnotations: "3.14.0"..;
    /// At the end of a `for`, a separate instruction after `END_FOR` pops the iterator.
    IteratorPoppedApart: "3.13.0"..;
    /// `for` has a `NOP` with the line of its target.
    TargetLineInFor: "3.13.0"..;
    /// Docstrings are stored without their indentation.
    CleanDocstrings: "3.13.0"..;
    /// If docstrings are removed, their statements are, too.
    DocstringStatementsLeftOut: "3.13.0"..;
    /// Classes have `__firstlineno__` and `__static_attributes__`.
    ClassAttributes: "3.13.0"..;
    /// A generator's body counts as a block, whose nesting is limited.
    GeneratorBlock: "3.13.0"..;
    /// A name that an inlined comprehension only reads also has a separate meaning there
    /// (gh-118513).
    ReadNamesInComprehension: "3.12.4"..;
    /// Each label begins a block of the flow graph, even if nothing jumps to it.
    LabelsBeginBlocks: "3.12.0".."3.13.0";
    /// The `POP_TOP` at the start of a generator has its first line, like the `RETURN_GENERATOR`
    /// before it.
    GeneratorStartLocated: "3.13.0"..;
    /// The lengths of jumps are computed from the numbers of labels instead of instructions.
    JumpsFromLabels: "3.12.0".."3.13.0";
    /// A format spec that ends in a replacement field has an empty text after it, and text after a
    /// field is read like the text before. (The rules for specs changed in 3.12.5, gh-121130; known
    /// to be true for 3.12.1, and false for 3.12.7.)
    EmptyTextInSpec: "3.12.0".."3.12.5";
    /// Code that needs no stack has a stack size of one.
    StackNeverEmpty: "3.13.0"..;
    /// An f-string without parts is a constant.
    EmptyFstringConstant: "3.13.0"..;
    /// The bound of a type parameter is evaluated with its own location instead of the parameter's.
    BoundLocation: "3.13.0"..;
    /// In the scope around a generic class, the class's name mangles only the type parameters, and
    /// nothing after them (gh-119311, gh-119395).
    MangledTypeParams: "3.12.4"..;
    /// The error for `yield from` outside of a function names it, instead of `yield` (gh-121657).
    YieldFromNamed: "3.12.5"..;
    /// The call of `iter()` for a `for` statement has the location of the iterable (gh-93691).
    LoopIteratorLocated: "3.12.5"..;
    /// The call of `iter()` in a comprehension has the location of the iterable (gh-123142), and
    /// those of `__enter__` and `__exit__` have the location of the context manager (gh-93691).
    CallsOfPartsLocated: "3.12.6"..;
    /// The call of `__exit__` before a `return`, `break` or `continue` also has the location of the
    /// context manager (gh-98442).
    LeftContextsLocated: "3.12.7"..;
    /// `assert` raises with the location of its condition instead of the statement (gh-116034).
    AssertRaisesAtTest: "3.11.9".."3.12.0", "3.12.3"..;
    /// A `NOP` with the line of the preceding `RESUME` isn't redundant, so that the return in `def
    /// f(): pass` has the location of `pass`. Known to be false for 3.12.1, and true for 3.12.7.
    NopsAfterResume: "3.12.2".."3.13.0";
    /// The return of a lambda has the location of its body instead of the start of its line
    /// (gh-120722).
    LambdaReturnLocation: "3.12.5"..;
    /// A generator expression calls `iter()` on its argument, and so do inlined comprehensions
    /// (gh-125038).
    GeneratorGetIter: "3.13.1".."3.13.4", "3.13.5".."3.14.0";
    /// The text of an f-string's `=` ends with the expression, even if that contains `!=`
    /// (gh-129093, gh-124363).
    DebugTextPastNotEqual: "3.12.9".."3.13.0", "3.13.2"..;
    /// Before a format spec, the text of `=` ends at `!=` again. Known to be true for 3.14.2, and
    /// false for 3.13.18 and 3.14.10; taken to end with gh-154711.
    NotEqualEndsDebugText: "3.14.0".."3.14.8";
    /// Marks inside brackets end the text of `=`, after another `=` or in a spec (gh-121130).
    DebugTextToMarksInBrackets: "3.12.5"..;
    /// After a replacement field in a format spec, `{{` is a brace (gh-121130). Before, it opens a
    /// field, as at the start of a spec.
    BracesInSpecAfterField: "3.12.5"..;
    /// A format spec of several texts and no field is a constant with the location of the whole
    /// spec. (A named character ends a text.)
    TextsOfSpecLocatedWhole: "3.14.0"..;
    /// A real operand of a complex operation has no imaginary part instead of a zero one;
    /// infinities that became NaNs are recovered (C11, annex G).
    MixedComplexArithmetic: "3.14.0"..;
    /// Complex powers multiply by a power of e instead of dividing by its inverse (gh-113841).
    ComplexPowerByProduct: "3.12.8".."3.13.0", "3.13.1"..;
    /// The error for an unknown future feature has the location of its name instead of the
    /// statement (gh-126139).
    FutureFeatureLocation: "3.12.8".."3.13.0", "3.13.1"..;
    /// Future statements are searched for up to the end of the line in which something else comes
    /// first.
    FutureSearchedToLineEnd: "3.11.0".."3.12.0";
    /// A newline in a format spec of a single-quoted f-string is an error, instead of being skipped
    /// (gh-129958).
    NoNewlineInFormatSpec: "3.11.0".."3.12.0", "3.13.4"..;
    /// A type parameter can't be named `__classdict__` (gh-128632).
    ReservedClassdict: "3.12.10".."3.13.0", "3.13.3"..;
    /// A name that is only spelled `True`, `False` or `None` in its normal form is a `ValueError`
    /// (gh-133516).
    ConstantsInNormalForm: "3.13.4"..;
    /// The copy of `finally` for exceptions doesn't repeat warnings (gh-139640).
    FinallyWarnsOnce: "3.13.10".."3.14.0", "3.14.1"..;
    /// An inlined comprehension that saves locals counts as a block, whose nesting is limited
    /// (gh-156091).
    InlinedComprehensionBlock: "3.13.16".."3.14.0", "3.14.8"..;
    /// An inlined comprehension in a class treats `__class__` as a global; before, the compiler
    /// lost it (gh-114828). In 3.12.3 and 3.12.4, a second one in the same class lost it, too
    /// (gh-119666); this isn't imitated.
    ClassGlobalInComprehension: "3.12.3"..;
    /// An inlined comprehension in a class treats `__classdict__` and `__conditional_annotations__`
    /// as globals, like `__class__` (gh-145701).
    ClassdictGlobalInComprehension: "3.13.13".."3.14.0", "3.14.4"..;
    /// A warning about an invalid escape has the escape's line instead of the line where the string
    /// starts (gh-116042).
    EscapeWarningsCountLines: "3.12.10".."3.13.0", "3.13.3"..;
    /// Format specs of raw f-strings are raw, and debug texts are kept unchanged (gh-137314,
    /// gh-135148).
    RawFormatSpecs: "3.11.0".."3.12.0", "3.13.6"..;
    /// In debug texts, an escaped quote doesn't end the string in which it is (gh-154711,
    /// gh-154719).
    EscapedQuotesInDebugText: "3.13.16".."3.14.0", "3.14.8"..;
    /// Characters are those of Unicode 16.0 instead of 15.1.
    Unicode16: "3.14.0"..;
    /// The check that nothing binds `__debug__` is made for names when symbol tables are built.
    DebugCheckedInTables: "3.14.0"..;
    /// `await`, `async for`, `async with` and asynchronous comprehensions outside of coroutines are
    /// found when symbol tables are built.
    CoroutinesCheckedInTables: "3.14.0"..;
    /// In value patterns `__debug__` stays a name; in class patterns it is a constant
    /// (`ast_preprocess.c: astfold_pattern`).
    DebugReadInPatterns: "3.14.0"..;
    /// The message for an f-string's exclamation mark spells it out (gh-135496).
    ExclamationSpelled: "3.13.6"..;
    /// There are t-strings (PEP 750).
    TemplateStrings: "3.14.0"..;
    /// The text of a t-string's field includes the blanks after the value (gh-154719).
    BlanksAfterInterpolation: "3.14.8"..;
    /// After `from __future__ import barry_as_FLUFL`, `!=` must be written `<>` (gh-125331).
    UnequalByFuture: "3.12.10".."3.13.0", "3.13.3"..;
    /// The message for `<>` suggests `!=` (gh-151464).
    UnequalSuggested: "3.13.16".."3.14.0", "3.14.8"..;
    /// The tokenizer stores no text for `=` in a field of a format spec, which crashes the parser
    /// (gh-121130).
    NoDebugInSpec: "3.12.0".."3.12.5";
    /// Ranges of the tokenizer's errors are counted in characters instead of bytes (gh-156894).
    RangesInCharacters: "3.13.16".."3.14.0", "3.14.8"..;
    /// `except A, B:` needs no parentheses (PEP 758).
    ExceptWithoutParentheses: "3.14.0"..;
    /// Annotations are evaluated lazily, by functions named `__annotate__` (PEP 649, PEP 749);
    /// bounds, defaults and values of type aliases also have a format parameter.
    DeferredAnnotations: "3.14.0"..;
    /// The error for an escape in an f-string that can't be decoded has the location of its text
    /// instead of the end.
    EscapesLocated: "3.14.0"..;
    /// The message for a missing `in` after `for` in a comprehension names it.
    InExpected: "3.13.0"..;
    /// The `(` and the `:` of a function are required only when errors are searched for, so that
    /// errors in its parameters, type parameters and result come first.
    FunctionForcedWhenWrong: "3.13.0"..;
    /// `import a from b` has a separate message.
    MeantFromImportNamed: "3.12.0"..;
    /// A line is added to a text that ends with a carriage return and a line feed, as to one whose
    /// last line isn't terminated (`tokenizer.c: translate_newlines`).
    LineAddedAfterCarriageReturn: "3.11.0".."3.12.0";
    /// `not` after an arithmetic operator has a separate message.
    NotInOperationNamed: "3.13.0"..;
    /// The alternatives for a missing `in` and for a lone star, which only report errors, are tried
    /// only when errors are searched for.
    ErrorsInOwnRules: "3.14.0"..;
    /// In the search for a missing comma, a name counts as a soft keyword even if it is only the
    /// start of one, such as `t` (gh-130077).
    StartsOfSoftKeywords: "3.11.0".."3.12.12", "3.13.0".."3.13.6";
    /// The error for a missing comma is located at the end of the first expression if that has
    /// several lines.
    MissingCommaAtEnd: "3.15.0"..;
    /// A conversion is checked before what follows it.
    ConversionCheckedFirst: "3.14.0"..;
    /// The messages for arguments without a value, and for values of `**` arguments, name them.
    ArgumentValuesNamed: "3.12.0"..;
    /// The columns of the parser's errors count bytes unless the source declares its encoding
    /// (gh-115823). Known to be true for 3.11.7 and 3.12.1, and false for 3.12.7.
    ColumnsByEncoding: "3.11.0".."3.11.9", "3.12.0".."3.12.3";
    /// `duplicate argument` is called `duplicate parameter`.
    DuplicateParameter: "3.15.0"..;
    /// Bytes that aren't UTF-8 are refused before anything else, also in comments. An encoding
    /// other than UTF-8 after a byte order mark is located (gh-63161).
    BytesCheckedFirst: "3.14.1"..;
    /// Warnings about invalid escapes suggest a correction.
    EscapeAdvice: "3.14.0"..;
    /// `return`, `break` and `continue` that leave a `finally` cause a warning (PEP 765).
    LeavingFinallyWarned: "3.14.0"..;
    /// Incompatible string prefixes have a separate message.
    PrefixesNamed: "3.14.0"..;
    /// A statement instead of an expression before `if` or after `else` of a conditional has a
    /// separate message.
    StatementsInConditionals: "3.14.0"..;
    /// The message for an invalid target of `as` names it.
    NamedTargets: "3.14.0"..;
    /// In imports, a target of `as` before a semicolon is valid when errors are searched for
    /// (gh-138944).
    SemicolonAfterTargets: "3.14.1"..;
    /// The message for an expression between two strings asks whether it should be part of them.
    InterruptedStrings: "3.14.0"..;
    /// `elif` after `else` has a separate message.
    ElifAfterElse: "3.14.0"..;
    /// The names of ideographs and Hangul syllables are case-insensitive (gh-80667).
    RuledNamesInAnyCase: "3.13.13".."3.14.0", "3.14.4"..;
    /// The codec cp932 is also named `windows_31j`.
    Windows31j: "3.13.0"..;
    /// The code pages with the euro sign also have their registered names (gh-149801).
    EuroCodecNames: "3.13.14".."3.14.0", "3.14.6"..;
    /// Byte 9B of the codec palmos is a quotation mark. Known to be false for 3.13.2, and true for
    /// 3.13.18 and 3.14.2.
    PalmosQuote: "3.13.3"..;
    /// The codecs `cp874`, `euc_kr` and `iso8859_8` have additional names.
    ThaiCodecNames: "3.14.0"..;
    /// `GET_ITER` pushes two objects, so that lists and tuples can be iterated by index; `SEND` and
    /// `END_SEND` also have an additional object below. Comprehensions call `iter()` themselves at
    /// their start.
    VirtualIterators: "3.15.0"..;
    /// The code generator emits the instructions at the start of generators; generator expressions
    /// call `iter()` before them.
    GeneratorsBeginInCode: "3.15.0"..;
    /// Jumps that replace others, and the markers of the branch that isn't taken, have the handler
    /// of the original jump (gh-130279). Known to be false for 3.15.0rc1, and true for 3.15.2. The
    /// changelogs of the later candidates don't mention it, and 3.15.0 is the last of them.
    HandlersOfNewJumps: "3.15.1"..;
    /// Locals can also be borrowed in code to which only an empty block leads.
    BorrowingAfterNothing: "3.15.0"..;
    /// Values pushed by an instruction that keeps its operands count as pushed by the first
    /// instructions of its block.
    PushedByFirst: "3.14.0".."3.15.0";
    /// Annotations of positional-only parameters precede those of the others, as in the source.
    AnnotationsInOrder: "3.15.0"..;
    /// A function's `__annotate__` has a name derived from it.
    AnnotateOfFunctionNamed: "3.15.0"..;
    /// `None`, `""`, `True`, `False` and -1 are loaded by number, like `AssertionError`.
    CommonConstants: "3.15.0"..;
    /// `list` and `set` of a generator expression are also inlined as loops.
    ListLoops: "3.15.0"..;
    /// Imports can be lazy (PEP 810), which is a flag of `IMPORT_NAME`.
    LazyImports: "3.15.0"..;
    /// Comprehensions can unpack their elements (PEP 798).
    UnpackingComprehensions: "3.15.0"..;
    /// Messages for misplaced stars name their kind, and the part of a conditional that they
    /// unpack.
    MisplacedStarsNamed: "3.15.0"..;
    /// The text of a parser's error begins with the first line that the tokenizer has kept: that of
    /// the token. Known to be true for 3.13.2, and false for 3.13.18 and 3.14.2.
    TextOfManyLines: "3.11.0".."3.13.3";
    /// A `**rest` that isn't at the end of a mapping pattern has a separate message.
    MappingRestNamed: "3.15.0"..;
    /// There are separate messages for missing parts of `raise`, extra parts of `assert` and
    /// `with`, and `case` without `match`.
    PartsOfStatementsNamed: "3.15.0"..;
    /// Messages about a function's signature say "parameters" instead of "arguments".
    AllParametersNamed: "3.15.0"..;
    /// Where quotes end an f-string whose field is open, the brace's line is named (`lexer.c`).
    OpenFieldsLocated: "3.15.0"..;
    /// Numbers in patterns can have a `+`.
    PositiveNumbersInPatterns: "3.15.0"..;
    /// Characters are those of Unicode 17.0 instead of 16.0.
    Unicode17: "3.15.0"..;
    /// Codecs have all names that are registered with IANA; some for Korean mean `cp949` instead of
    /// `euc_kr`.
    RegisteredCodecNames: "3.15.0"..;
    /// Tangut ideographs have names (gh-80667), and numbers in names have no leading zeros
    /// (gh-144789).
    TangutNames: "3.13.13".."3.14.0", "3.14.4"..;
}

/// The features of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features([u64; WORDS]);

/// The number of words for the bits of all features.
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

    /// Whether exactly one of the two releases has a feature of `among`.
    pub(super) fn differ_in(self, other: Self, among: Self) -> bool {
        (0..WORDS).any(|at| (self.0[at] ^ other.0[at]) & among.0[at] != 0)
    }

    #[inline(always)]
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
