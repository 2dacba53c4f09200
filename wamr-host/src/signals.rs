//! What becomes of a fault that is not WebAssembly's.
//!
//! The runtime handles SIGSEGV and SIGBUS, and passes on what it does not recognise to the action
//! it found when it last set up a thread. From the second thread on, that is its own handler: a
//! true crash would go round in circles for ever. So each further set-up finds [`pass_on`] in
//! place, which leads to the action that was there before the runtime.
//!
//! The subtle part: until the runtime has replaced it, `pass_on` is also what the system calls for
//! faults on other threads, which may well be WebAssembly's. The two callers are told apart by
//! the signal mask, since the runtime blocks the signals while it handles one.

use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::sync::OnceLock;

const SIGNALS: [c_int; 2] = [libc::SIGSEGV, libc::SIGBUS];

type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);

/// The actions before the runtime set its own, in the order of [`SIGNALS`].
static ORIGINAL: OnceLock<[libc::sigaction; 2]> = OnceLock::new();
/// The runtime's handler.
static RUNTIME: OnceLock<libc::sighandler_t> = OnceLock::new();

/// To be called before the runtime is initialised.
pub(crate) fn remember_original() {
    ORIGINAL.get_or_init(|| SIGNALS.map(current_action));
}

/// To be called after the runtime is initialised.
pub(crate) fn remember_runtime() {
    RUNTIME.get_or_init(|| current_action(libc::SIGSEGV).sa_sigaction);
}

/// To be called before the runtime sets up a further thread.
pub(crate) fn prepare_thread() {
    if ORIGINAL.get().is_none() || RUNTIME.get().is_none() {
        return;
    }
    let handler: Handler = pass_on;
    for signal in SIGNALS {
        let mut action = current_action(signal);
        action.sa_sigaction = handler as libc::sighandler_t;
        // SAFETY: the flags are those of the runtime's own action, which takes the same arguments.
        unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) };
    }
}

fn current_action(signal: c_int) -> libc::sigaction {
    let mut action = MaybeUninit::zeroed();
    // SAFETY: only asks, and an action of all zeroes is a valid one.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr());
        action.assume_init()
    }
}

/// Runs in a signal handler: nothing here allocates, locks or panics.
extern "C" fn pass_on(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    let mut blocked = MaybeUninit::zeroed();
    // SAFETY: only asks for the mask of this thread.
    let from_runtime = unsafe {
        libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), blocked.as_mut_ptr());
        libc::sigismember(blocked.as_ptr(), signal) == 1
    };
    if !from_runtime && let Some(runtime) = RUNTIME.get() {
        // SAFETY: the runtime's action takes three arguments.
        let runtime = unsafe { std::mem::transmute::<libc::sighandler_t, Handler>(*runtime) };
        return runtime(signal, info, context);
    }
    let index = usize::from(signal == libc::SIGBUS);
    let Some(original) = ORIGINAL.get().and_then(|actions| actions.get(index)) else {
        return;
    };
    let handled = original.sa_flags & libc::SA_SIGINFO != 0
        && original.sa_sigaction != libc::SIG_DFL
        && original.sa_sigaction != libc::SIG_IGN;
    if handled {
        // SAFETY: an action with this flag takes three arguments.
        let original =
            unsafe { std::mem::transmute::<libc::sighandler_t, Handler>(original.sa_sigaction) };
        original(signal, info, context);
    } else {
        // The instruction faults again when this returns, and ends the process as it should.
        // SAFETY: sets the default action.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}
