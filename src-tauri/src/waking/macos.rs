//! macOS posts a notification when the computer has woken.

#![expect(unsafe_code, reason = "the names of the system's notifications are bare statics")]

use block2::RcBlock;
use objc2_app_kit::{NSWorkspace, NSWorkspaceDidWakeNotification};
use objc2_foundation::NSNotification;
use std::ptr::NonNull;

/// Does something at each waking, until Kept ends.
pub(super) fn on_waking(woke: impl Fn() + Send + Sync + 'static) {
    let block = RcBlock::new(move |_: NonNull<NSNotification>| woke());
    let center = NSWorkspace::sharedWorkspace().notificationCenter();
    // SAFETY: the name is a constant of the system's, and the block may be called from any thread.
    let observer = unsafe {
        center.addObserverForName_object_queue_usingBlock(
            Some(NSWorkspaceDidWakeNotification),
            None,
            None,
            &block,
        )
    };
    // It listens for as long as the program runs.
    std::mem::forget(observer);
}
