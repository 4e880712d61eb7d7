//! How a command ended, and its exit code: 0, 1 or 2.
//!
//! A command that checks something ends with `Outcome::of(run())`.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug)]
pub enum Outcome {
    /// The command found nothing wrong.
    Good,
    /// The command found something wrong and has printed it.
    Bad,
    /// The user asked for this text.
    Help(&'static str),
    /// The command line is invalid.
    Misuse(String),
    /// Another program ran instead, and ended with this exit code; `None` if a signal ended it.
    Ended(Option<u8>),
    /// The command couldn't do its work.
    Failed(String),
}

impl Outcome {
    /// The outcome of a command that checks something.
    #[must_use]
    pub fn of(found: Result<bool, String>) -> Self {
        match found {
            Ok(true) => Self::Good,
            Ok(false) => Self::Bad,
            Err(message) => Self::Failed(message),
        }
    }

    /// Prints the message, and returns the exit code.
    #[must_use]
    pub fn report(self) -> ExitCode {
        match self {
            Self::Good => ExitCode::SUCCESS,
            Self::Bad | Self::Ended(None) => ExitCode::FAILURE,
            Self::Ended(Some(code)) => ExitCode::from(code),
            Self::Help(text) => {
                print!("{text}");
                ExitCode::SUCCESS
            }
            Self::Misuse(message) => {
                eprintln!("error: {message}");
                ExitCode::from(2)
            }
            Self::Failed(message) => {
                eprintln!("error: {message}");
                ExitCode::FAILURE
            }
        }
    }
}
