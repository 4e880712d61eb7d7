//! Stack effects: the number of objects an instruction pushes minus the number it pops.
//!
//! `BUILD_TUPLE` has `Effect::PerArgument { base: 1, each: -1 }`: with argument 3 it pops three
//! objects and pushes one.

/// A stack effect as a function of the argument.
///
/// The variants cover all effects of `dis.stack_effect` in 3.8 to 3.15; they were found by calling
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// The same effect for every argument.
    Fixed(i8),
    /// `base + each * argument`
    PerArgument {
        /// The effect with argument 0.
        base: i8,
        /// The change for each increment of the argument.
        each: i8,
    },
    /// `base` plus `bits[i]` for each of the four lowest bits that is set.
    PerBit {
        /// The effect with argument 0.
        base: i8,
        /// The change for each bit, lowest bit first.
        bits: [i8; 4],
    },
    /// `base + argument % 256 + argument / 256`
    PerByte {
        /// The effect with argument 0.
        base: i8,
    },
    /// `then` for one argument, `otherwise` for all others.
    At {
        /// The argument.
        argument: u8,
        /// The effect with this argument.
        then: i8,
        /// The effect with any other argument.
        otherwise: i8,
    },
}

/// The outcome of a conditional jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// The jump is taken.
    Taken,
    /// Execution continues at the next instruction.
    NotTaken,
}

impl Effect {
    /// The effect with this argument.
    #[must_use]
    pub fn at(self, argument: u32) -> i32 {
        let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        match self {
            Self::Fixed(effect) => effect.into(),
            Self::PerArgument { base, each } => {
                i32::from(each).saturating_mul(count(argument)).saturating_add(base.into())
            }
            Self::PerBit { base, bits } => bits
                .into_iter()
                .enumerate()
                .filter(|(bit, _)| argument >> bit & 1 == 1)
                .fold(base.into(), |sum, (_, share)| sum + i32::from(share)),
            Self::PerByte { base } => {
                i32::from(base) + count(argument % 256) + count(argument / 256)
            }
            Self::At { argument: special, then, .. } if u32::from(special) == argument => {
                then.into()
            }
            Self::At { otherwise, .. } => otherwise.into(),
        }
    }
}
