//! Signals for faults that were sent by a process: by `os.kill(os.getpid(), signal.SIGSEGV)`, or by
//! `faulthandler` after its report.
//!
//! Rust's runtime handles SIGSEGV and SIGBUS to report stack overflows. It assumes that any other
//! fault happens again as soon as the handler returns (std 1.95, `stack_overflow.rs:
//! signal_handler`). A signal that was sent doesn't happen again, so the process would continue,
//! while `python` ends. So our handler runs first: it calls Rust's handler, and then ends the
//! process by the signal if it was sent.

use std::{mem, ptr, sync::OnceLock};

use libc::{c_int, c_void, sigaction, siginfo_t};

type Handler = extern "C" fn(c_int, *mut siginfo_t, *mut c_void);

const SIGNALS: [c_int; 2] = [libc::SIGSEGV, libc::SIGBUS];

/// The previous handlers.
static BEFORE: OnceLock<[Option<sigaction>; 2]> = OnceLock::new();

/// Installs our handler in front of existing ones. Without a handler, a signal ends the process
/// anyway.
pub(super) fn let_sent_ones_end_the_process() {
    BEFORE.get_or_init(|| SIGNALS.map(handler_of));
    for (signal, before) in SIGNALS.into_iter().zip(BEFORE.get().into_iter().flatten()) {
        let Some(mut action) = *before else { continue };
        action.sa_sigaction = handle as Handler as usize;
        // SAFETY: the action is one that the system gave, but for the function, which has the
        // signature that `SA_SIGINFO` says and calls nothing but what may be called in a handler.
        unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) };
    }
}

/// The handler of the signal, if it is a function with `SA_SIGINFO`.
fn handler_of(signal: c_int) -> Option<sigaction> {
    // SAFETY: all bytes zero are a valid `sigaction`, which the system then fills.
    let action = unsafe {
        let mut action: sigaction = mem::zeroed();
        (libc::sigaction(signal, ptr::null(), &raw mut action) == 0).then_some(action)
    }?;
    let is_function = ![libc::SIG_DFL, libc::SIG_IGN].contains(&action.sa_sigaction);
    (is_function && action.sa_flags & libc::SA_SIGINFO != 0).then_some(action)
}

extern "C" fn handle(signal: c_int, information: *mut siginfo_t, context: *mut c_void) {
    let place = SIGNALS.iter().position(|one| *one == signal);
    let before = place.and_then(|place| BEFORE.get()?[place]);
    if let Some(before) = before {
        // SAFETY: `handler_of` has seen that it is a function, and that it takes what `SA_SIGINFO`
        // says.
        let before = unsafe { mem::transmute::<usize, Handler>(before.sa_sigaction) };
        before(signal, information, context);
    }
    // SAFETY: the system gives a valid structure. `signal` and `raise` may be called in a handler
    // (POSIX, 2.4.3); the signal is blocked meanwhile, and ends the process when this function
    // returns.
    unsafe {
        // Faults have positive codes (sigaction(2)).
        if (*information).si_code <= 0 {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
    }
}
