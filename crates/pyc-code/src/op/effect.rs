//! How many objects an instruction leaves on the stack, less those it takes.
//!
//! `BUILD_TUPLE 3` is `Effect::PerArgument { base: 1, each: -1 }` at 3: it takes three and leaves one.

/// A stack effect as a function of the argument.
///
/// The shapes are those that `dis.stack_effect` has in 3.8 to 3.15, found by asking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// The same for every argument.
    Fixed(i8),
    /// `base + each * argument`
    PerArgument {
        /// At argument 0.
        base: i8,
        /// For each more.
        each: i8,
    },
    /// `base`, and for each of the four lowest bits that is set its share.
    PerBit {
        /// At argument 0.
        base: i8,
        /// The shares, lowest bit first.
        bits: [i8; 4],
    },
    /// `base + argument % 256 + argument / 256`
    PerByte {
        /// At argument 0.
        base: i8,
    },
    /// `then` at one argument, `otherwise` at all others.
    At {
        /// The argument.
        argument: u8,
        /// The effect there.
        then: i8,
        /// The effect elsewhere.
        otherwise: i8,
    },
}

/// Which way a conditional jump goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// To its target.
    Taken,
    /// To the next instruction.
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
