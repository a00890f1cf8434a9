//! What the memory of the program is kept small with.

/// Gives large blocks back to the system as soon as they are free, and gets small ones from it many at a time.
///
/// By itself the C library raises, with each large block that is freed, the size up to which it keeps such blocks: one
/// look through a journal of 30 MB at the start would stay with the program all day. What an import needs for each
/// thousand orders is smaller and is kept: to get it from the system each time would take a third of its time. And a
/// thread gets its memory from the system by the megabyte, for it asks every time it needs more.
pub(crate) fn set_up() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const LARGE: i32 = 4 * 1024 * 1024;
        const AT_ONCE: i32 = 1024 * 1024;
        // SAFETY: this only sets numbers inside the allocator, which locks itself.
        #[expect(unsafe_code, reason = "the allocator's settings are reached through the C library only")]
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
            libc::mallopt(libc::M_TOP_PAD, AT_ONCE);
        }
    }
}

/// Gives back whatever is free. What a start or an import reads and drops would stay with the program all day otherwise.
pub(crate) fn give_back_what_is_free() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: the allocator locks itself while it looks through what is free.
        #[expect(unsafe_code, reason = "the allocator is reached through the C library only")]
        unsafe {
            libc::malloc_trim(0);
        }
    }
}
