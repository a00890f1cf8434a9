//! What is printed: the slip that goes with a handover.

use crate::Kept;
use crate::failure::{Code, Failure};
use crate::takes::printed::SlipOf;
use kept_core::packing_slip::packing_slip as slip_of;
use kept_core::views::printed::PackingSlip;

/// The packing slip of one handover.
pub(crate) async fn packing_slip(kept: &Kept, takes: SlipOf) -> Result<PackingSlip, Failure> {
    let now = kept.now();
    let promise = kept.commitment(takes.promise).await?.it.clone();
    let customer = kept.customer(promise.customer).await?.it.clone();
    let settings = kept.settings();
    let zone = settings.calendar.zone;
    slip_of(&promise, &customer, &settings.business, takes.at, zone, &now)
        .ok_or_else(|| Failure::new(Code::NotFound, "Nothing was handed over at that time."))
}
