//! Notices for a screen that others may see: what calls, and nothing of whom or what.

use super::AlertKind;

/// The title of a notice about one promise that names nothing.
pub const fn private_title(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Overdue => "A promise is overdue",
        AlertKind::Due => "A promise is due",
        AlertKind::StartBy => "A promise has to be started now",
        AlertKind::DueSoon => "A promise is due soon",
        AlertKind::PaidIdle => "A promise is paid and waiting",
    }
}

/// The body of every notice that names nothing.
pub const PRIVATE_BODY: &str = "Open Kept to see more.";
