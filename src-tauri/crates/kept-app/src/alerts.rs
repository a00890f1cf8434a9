//! Stub.
use crate::Kept;use crate::failure::Failure;use crate::takes::*;use kept_core::views::*;use kept_core::id::CommitmentId;
pub(crate) async fn alerts(_: &Kept, _: Nothing) -> Result<AlertCentre, Failure> { Ok(AlertCentre{groups:vec![],snoozed:vec![],next:vec![],report:None,notices_refused:None}) }
pub(crate) async fn acknowledge(_: &Kept, _: TheAlerts) -> Result<Done, Failure> { Err(Failure::bug("stub")) }
pub(crate) async fn snooze(_: &Kept, _: Snooze) -> Result<Done, Failure> { Err(Failure::bug("stub")) }
pub(crate) async fn send_test_notice(_: &Kept, _: Nothing) -> Result<Done, Failure> { Err(Failure::bug("stub")) }
/// Reminders of a promise.
pub(crate) fn reminders_of(_: &Kept, _: CommitmentId) -> Vec<ReminderView> { vec![] }
/// Unacknowledged alerts, and why notices are refused.
pub(crate) fn standing_of(_: &Kept) -> (u32, Option<String>) { (0, None) }
