//! Windows calls back when the computer has woken.

#![expect(unsafe_code, reason = "the system's own interface calls back with a bare pointer")]

use std::ffi::c_void;
use windows::Win32::Foundation::HANDLE;
use windows::Win32::System::Power::{DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS, RegisterSuspendResumeNotification};
use windows::Win32::UI::WindowsAndMessaging::{DEVICE_NOTIFY_CALLBACK, PBT_APMRESUMEAUTOMATIC};

type Woke = Box<dyn Fn() + Send + Sync>;

/// Does something at each waking, until Kept ends.
pub(super) fn on_waking(woke: impl Fn() + Send + Sync + 'static) {
    // Both live as long as the program: the system may call at any time.
    let woke: Box<Woke> = Box::new(Box::new(woke));
    let woke: &'static Woke = Box::leak(woke);
    let asked = Box::leak(Box::new(DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS {
        Callback: Some(on_power),
        Context: std::ptr::from_ref(woke).cast_mut().cast(),
    }));
    let recipient = HANDLE(std::ptr::from_mut(asked).cast());
    // SAFETY: with this flag the handle is a pointer to these parameters, which are never freed.
    if let Err(error) = unsafe { RegisterSuspendResumeNotification(recipient, DEVICE_NOTIFY_CALLBACK) } {
        tracing::debug!("nobody says when this computer wakes: {error}");
    }
}

/// Called on a thread of the system's.
unsafe extern "system" fn on_power(context: *const c_void, what: u32, _setting: *const c_void) -> u32 {
    const DONE: u32 = 0;
    if what == PBT_APMRESUMEAUTOMATIC {
        // SAFETY: the context is the `Woke` that was given along above, which is never freed and may be called from
        // any thread.
        let woke = unsafe { &*context.cast::<Woke>() };
        woke();
    }
    DONE
}
