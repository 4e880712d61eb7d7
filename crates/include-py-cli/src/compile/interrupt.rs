//! Ctrl-C and its like: files that are being written are finished, then the process ends by the
//! signal.
//!
//! Otherwise a temporary file would stay. A second signal ends the process at once.

#[cfg(unix)]
pub(super) use unix::Interrupt;

#[cfg(not(unix))]
pub(super) use other::Interrupt;

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};

    /// Whether a signal has come, and which.
    #[derive(Debug)]
    pub(in super::super) struct Interrupt(Arc<AtomicUsize>);

    impl Interrupt {
        /// From now on these signals wait for [`Interrupt::obey`].
        pub(in super::super) fn watch() -> io::Result<Self> {
            let (came, which) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
            for signal in [SIGHUP, SIGINT, SIGTERM] {
                // The order matters: the first signal only sets the flag that the second one finds.
                flag::register_conditional_default(signal, Arc::clone(&came))?;
                flag::register(signal, Arc::clone(&came))?;
                let number = usize::try_from(signal).unwrap_or_default();
                flag::register_usize(signal, Arc::clone(&which), number)?;
            }
            Ok(Self(which))
        }

        pub(in super::super) fn came(&self) -> bool {
            self.0.load(Ordering::Relaxed) != 0
        }

        /// Ends the process by the signal that came, if one did, so that a shell's loop ends, too.
        pub(in super::super) fn obey(&self) {
            if let (true, Ok(signal)) = (self.came(), i32::try_from(self.0.load(Ordering::Relaxed)))
            {
                let _ = low_level::emulate_default_handler(signal);
            }
        }
    }
}

#[cfg(not(unix))]
mod other {
    use std::io;

    /// Signals of other systems aren't watched.
    #[derive(Debug)]
    pub(in super::super) struct Interrupt;

    impl Interrupt {
        #[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
        pub(in super::super) fn watch() -> io::Result<Self> {
            Ok(Self)
        }

        pub(in super::super) fn came(&self) -> bool {
            false
        }

        pub(in super::super) fn obey(&self) {}
    }
}
