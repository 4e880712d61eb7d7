//! Tests that both conversions of a file's codes give the same stream.

use pyc_code::{CodeFlags, Int, Minor, Sign};

use super::{Code, to_marshal, to_object};
use crate::constant::{CodeId, ConstId, Constant};
use crate::context::Context;
use crate::name::Name;
use crate::options::Options;
use crate::target::Target;

/// A code object with these constants, names and tables.
fn push(context: &mut Context<'_>, consts: &[ConstId], names: &[&str], unit: [u8; 2]) -> CodeId {
    let names: Vec<Name> = names.iter().map(|name| context.names.intern(name.as_bytes())).collect();
    let codes = &mut context.codes;
    let names = codes.add_names(names.into_iter());
    let locals = codes.add_names([Name::SELF, Name::CLASS].into_iter());
    let (bytecode, locations) = codes.add_code(1, |units, table| {
        units[0] = unit;
        table.extend(unit);
    });
    let code = Code {
        name: Name::LAMBDA,
        qualname: Name::CLASS,
        first_line: crate::location::Line::new(7),
        flags: CodeFlags::OPTIMIZED,
        argcount: 1,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        stack_size: 2,
        bytecode,
        consts: codes.add_consts(consts),
        names,
        locals,
        frees: locals.last(1),
        kinds: codes.add_bytes(|all| all.extend_from_slice(&[0x20, 0x80])),
        locations,
        exceptions: codes.add_bytes(|_| ()),
    };
    context.push_code(code)
}

#[test]
fn the_stream_is_that_of_the_object() {
    let options = Options::new(Target::newest(Minor::PY313).unwrap(), "pkg/spam.py");
    let mut context = Context::new(&options);
    let spam = context.names.intern(b"spam");
    let surrogate = context.names.intern(b"a \xed\xa0\x80");
    let constants = &mut context.constants;
    let [one, two, long] = [1, 2, 1 << 40].map(|number| constants.int(number));
    let huge = constants.intern(Constant::Int(Int::from_magnitude(Sign::Negative, &[7; 20])));
    let float = constants.intern(Constant::Float((-0.0).into()));
    let complex = constants.intern(Constant::Complex(1.5.into(), f64::NAN.into()));
    let [spam, surrogate] = [spam, surrogate].map(|name| constants.str(name));
    // Equal to a table, to an empty table, to names.
    let bytes = constants.intern(Constant::Bytes((*b"\x95\0").into()));
    let no_bytes = constants.intern(Constant::Bytes(Box::default()));
    let names = constants.tuple([spam]);
    let set = constants.intern(Constant::FrozenSet([two, spam, one].into()));
    let empty = constants.tuple([]);
    let nested = constants.tuple([names, set, ConstId::ELLIPSIS, empty]);
    let inner = push(&mut context, &[ConstId::NONE, nested, names, spam], &["spam"], *b"\x95\0");
    let code = context.code_constant(inner);
    let consts = [
        one,
        long,
        huge,
        float,
        complex,
        surrogate,
        bytes,
        no_bytes,
        set,
        nested,
        code,
        ConstId::TRUE,
    ];
    let root = push(&mut context, &consts, &["spam", "eggs"], *b"\x96\0");
    let stream = to_marshal(root, &mut context).unwrap();
    let object = to_object(root, &context);
    assert_eq!(stream, pyc_code::marshal::write(&object, Minor::PY313).unwrap());
    let read = pyc_code::marshal::read(&stream, Minor::PY313).unwrap();
    assert_eq!(read.children().count(), 1);
}

#[test]
fn nans_are_one_value_in_a_stream() {
    let options = Options::new(Target::newest(Minor::PY313).unwrap(), "spam.py");
    let mut context = Context::new(&options);
    let nan = || Constant::Float(f64::NAN.into());
    let nans = [nan(), nan()].map(|nan| context.constants.intern(nan));
    let tuples = nans.map(|nan| context.constants.tuple([nan]));
    assert_ne!(tuples[0], tuples[1]);
    let root = push(&mut context, &tuples, &[], *b"\x95\0");
    let stream = to_marshal(root, &mut context).unwrap();
    let object = to_object(root, &context);
    assert_eq!(stream, pyc_code::marshal::write(&object, Minor::PY313).unwrap());
}
