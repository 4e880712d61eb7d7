//! Random code objects: what is written can be read back, and the bytes depend only on the value.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "all numbers here are small"
)]

use std::sync::Arc;

use pyc_code::{
    CodeFlags, CodeObject, Const, Int, Layout, Locals, Minor, Sign, Text, diff, marshal,
};

/// A pseudorandom generator with a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn text(&mut self) -> Text<'static> {
        let alphabet = ['a', 'B', '_', '9', ' ', 'é', '\u{2603}', '\u{1f600}'].map(u32::from);
        let mut points: Vec<u32> =
            (0..self.below(4)).map(|_| alphabet[self.below(8) as usize]).collect();
        match self.below(20) {
            0 => points.push(0xd800),
            1 => points.extend([0x61; 300]),
            _ => {}
        }
        Text::from_code_points(points).unwrap()
    }

    fn names(&mut self) -> Arc<[Text<'static>]> {
        (0..self.below(4)).map(|_| self.text()).collect()
    }

    fn constants(&mut self, minor: Minor, depth: u64) -> Arc<[Const<'static>]> {
        (0..self.below(6)).map(|_| self.constant(minor, depth)).collect()
    }

    fn constant(&mut self, minor: Minor, depth: u64) -> Const<'static> {
        let number = self.below(1 << 40) as i64 - (1 << 39);
        match self.below(if depth == 0 { 9 } else { 13 }) {
            0 => Const::None,
            1 => Const::Bool(self.below(2) == 1),
            2 => Const::Ellipsis,
            3 => Const::Int(Int::from(number >> self.below(40))),
            4 => {
                let sign = if number < 0 { Sign::Negative } else { Sign::Positive };
                Const::Int(Int::from_magnitude(sign, &number.to_le_bytes().repeat(3)))
            }
            5 => Const::Float(f64::from_bits(self.below(u64::MAX)).into()),
            6 => Const::Complex(0.5.into(), (-0.0).into()),
            7 => Const::Bytes(self.text().as_bytes().to_vec().into()),
            8 => Const::Str(self.text()),
            9 => Const::Tuple(self.constants(minor, depth - 1)),
            10 => {
                let numbers = (0..self.below(9)).map(|number| Const::from(number as i64 * 7 % 9));
                let sets = Const::FrozenSet([Const::from(number)].into());
                Const::FrozenSet(numbers.chain([sets]).collect())
            }
            11 if minor >= Minor::PY314 => {
                let part = self.constant(minor, 0);
                Const::Slice(Arc::new([part.clone(), Const::None, part]))
            }
            _ => self.code(minor, depth - 1).into(),
        }
    }

    fn code(&mut self, minor: Minor, depth: u64) -> CodeObject<'static> {
        let mut code = CodeObject::default();
        code.argcount = self.below(3) as u32;
        code.stacksize = self.below(100) as u32;
        code.flags = CodeFlags::OPTIMIZED | CodeFlags::from_bits(self.below(1 << 28) as u32);
        code.code = self.text().as_bytes().to_vec().into();
        code.consts = self.constants(minor, depth);
        code.names = self.names();
        let names = self.names();
        code.locals = if minor.layout() == Layout::Plus {
            Locals::Plus { kinds: vec![0x20; names.len()].into(), names }
        } else {
            let (freevars, cellvars) = (self.names(), self.names());
            Locals::Split { nlocals: names.len() as u32, varnames: names, freevars, cellvars }
        };
        code.name = self.text();
        code.filename = "app.py".into();
        code.firstlineno = self.below(1 << 20) as i32;
        if minor.layout() == Layout::Plus {
            code.qualname = self.text();
        }
        code
    }
}

#[test]
fn written_code_is_read_back() {
    let mut random = Random(7);
    for minor in Minor::ALL {
        for _ in 0..200 {
            let code = random.code(minor, 3);
            let written = marshal::write(&code, minor).unwrap();
            let read = marshal::read(&written, minor).unwrap();
            assert!(diff::first(&code, &read, minor).is_none(), "{minor}: {code:?}");
            assert_eq!(marshal::write(&read, minor).as_ref(), Ok(&written));
            assert_eq!(pyc_code::canonical(&written, minor).as_ref(), Ok(&written));
        }
    }
}

/// The same value with nothing shared and with frozensets in reverse order.
fn rebuilt(constant: &Const<'static>) -> Const<'static> {
    match constant {
        Const::Tuple(items) => Const::Tuple(items.iter().map(rebuilt).collect()),
        Const::FrozenSet(items) => Const::FrozenSet(items.iter().rev().map(rebuilt).collect()),
        Const::Str(text) => Const::Str(Text::from_surrogatepass(text.as_bytes().to_vec()).unwrap()),
        Const::Code(code) => {
            let mut copy = (**code).clone();
            copy.consts = copy.consts.iter().map(rebuilt).collect();
            copy.into()
        }
        other => other.clone(),
    }
}

#[test]
fn only_the_value_counts() {
    let mut random = Random(11);
    for minor in Minor::ALL {
        for _ in 0..100 {
            let code = random.code(minor, 3);
            let Const::Code(other) = rebuilt(&code.clone().into()) else { unreachable!() };
            assert_eq!(marshal::write(&code, minor), marshal::write(&other, minor));
        }
    }
}

#[test]
fn a_change_of_value_changes_the_bytes() {
    let mut random = Random(13);
    let code = random.code(Minor::PY313, 3);
    let mut other = code.clone();
    other.stacksize += 1;
    assert_ne!(marshal::write(&code, Minor::PY313), marshal::write(&other, Minor::PY313));
    assert_eq!(diff::first(&code, &other, Minor::PY313).unwrap().field(), "co_stacksize");
}
