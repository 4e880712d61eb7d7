//! The fields of a code object in stream order.
//!
//! Both layouts have some numbers, then objects, then the first line number, then one or two
//! objects.

use crate::version::{Layout, Minor};

/// A field of a code object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    ArgCount,
    PosOnlyArgCount,
    KwOnlyArgCount,
    NLocals,
    StackSize,
    Flags,
    Code,
    Consts,
    Names,
    VarNames,
    FreeVars,
    CellVars,
    LocalsPlusNames,
    LocalsPlusKinds,
    FileName,
    Name,
    QualName,
    FirstLineNo,
    LineTable,
    ExceptionTable,
}

use Field::{
    ArgCount, CellVars, Code, Consts, ExceptionTable, FileName, FirstLineNo, Flags, FreeVars,
    KwOnlyArgCount, LineTable, LocalsPlusKinds, LocalsPlusNames, NLocals, Name, Names,
    PosOnlyArgCount, QualName, StackSize, VarNames,
};

/// 3.8 to 3.10.
const SPLIT: [Field; 16] = [
    ArgCount,
    PosOnlyArgCount,
    KwOnlyArgCount,
    NLocals,
    StackSize,
    Flags,
    Code,
    Consts,
    Names,
    VarNames,
    FreeVars,
    CellVars,
    FileName,
    Name,
    FirstLineNo,
    LineTable,
];

/// 3.11 and later.
const PLUS: [Field; 16] = [
    ArgCount,
    PosOnlyArgCount,
    KwOnlyArgCount,
    StackSize,
    Flags,
    Code,
    Consts,
    Names,
    LocalsPlusNames,
    LocalsPlusKinds,
    FileName,
    Name,
    QualName,
    FirstLineNo,
    LineTable,
    ExceptionTable,
];

/// Number of fields in each layout.
pub(crate) const FIELDS: usize = 16;

/// The fields of `minor` in stream order.
pub(crate) fn fields(minor: Minor) -> &'static [Field; FIELDS] {
    match minor.layout() {
        Layout::Split => &SPLIT,
        Layout::Plus => &PLUS,
    }
}

/// Which fields are numbers; the lowest bit is the first field.
pub(crate) fn numbers(minor: Minor) -> u16 {
    let bit = |(at, field): (usize, &Field)| u16::from(field.is_number()) << at;
    fields(minor).iter().enumerate().map(bit).sum()
}

/// The number of numbers before the first object.
pub(crate) fn leading_numbers(minor: Minor) -> usize {
    match minor.layout() {
        Layout::Split => 6,
        Layout::Plus => 5,
    }
}

/// Index of the first line number, the only number after an object.
pub(crate) fn first_line(minor: Minor) -> usize {
    match minor.layout() {
        Layout::Split => 14,
        Layout::Plus => 13,
    }
}

impl Field {
    /// Whether the field is an `i32` instead of an object.
    const fn is_number(self) -> bool {
        matches!(
            self,
            ArgCount | PosOnlyArgCount | KwOnlyArgCount | NLocals | StackSize | Flags | FirstLineNo
        )
    }

    /// The field's attribute of `types.CodeType`, for messages.
    pub(crate) const fn attribute(self) -> &'static str {
        match self {
            ArgCount => "co_argcount",
            PosOnlyArgCount => "co_posonlyargcount",
            KwOnlyArgCount => "co_kwonlyargcount",
            NLocals => "co_nlocals",
            StackSize => "co_stacksize",
            Flags => "co_flags",
            Code => "co_code",
            Consts => "co_consts",
            Names => "co_names",
            VarNames => "co_varnames",
            FreeVars => "co_freevars",
            CellVars => "co_cellvars",
            LocalsPlusNames => "co_localsplusnames",
            LocalsPlusKinds => "co_localspluskinds",
            FileName => "co_filename",
            Name => "co_name",
            QualName => "co_qualname",
            FirstLineNo => "co_firstlineno",
            LineTable => "co_linetable",
            ExceptionTable => "co_exceptiontable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_where_the_reader_expects_them() {
        for minor in Minor::ALL {
            for (at, field) in fields(minor).iter().enumerate() {
                let number = at < leading_numbers(minor) || at == first_line(minor);
                assert_eq!(field.is_number(), number, "{minor} {field:?}");
            }
        }
    }
}
