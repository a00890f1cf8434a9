//! What the made-up shop has behind it: enough promises that were handed over for its record to say something, most of them
//! kept, one saved at the last moment, and a few missed for reasons that can be found.

use super::{Line, deliver, promise};
use kept_core::calendar::WorkingCalendar;
use kept_core::commitment::Commitment;
use kept_core::day::Now;
use kept_core::id::CustomerId;
use kept_core::money::Currency;

/// What was ordered again and again: customer, quantity, what, hour, hours of work, price, days from the order to the date.
const ORDERS: [(&str, u32, &str, u32, u32, i64, i64); 8] = [
    ("Corner Café", 40, "morning croissants", 7, 1, 96, 2),
    ("Tomás Ortega", 12, "lemon tarts", 16, 2, 54, 4),
    ("Corner Café", 24, "morning croissants", 7, 1, 58, 2),
    ("Priya Patel", 1, "celebration box", 15, 2, 32, 5),
    ("Brightwater Events", 60, "almond biscuits", 12, 3, 180, 9),
    ("Lucia Rossi", 1, "plum cake", 11, 2, 46, 3),
    ("Hotel Miramar", 120, "petits fours", 14, 5, 420, 12),
    ("Noor Haddad", 6, "seed loaves", 9, 2, 36, 1),
];

/// So many there are, one each working day.
const MANY: usize = 60;
/// Those that came too late, with by how many days.
const LATE: [(usize, i64); 5] = [(16, 1), (22, 2), (35, 4), (40, 1), (48, 1)];
/// Those on which work began when hardly any time was left, and that were kept all the same.
const SAVED: [usize; 2] = [3, 11];

/// The promises that lie behind the shop, the oldest first.
pub(super) fn promises(
    customer: impl Fn(&str) -> CustomerId,
    calendar: &WorkingCalendar,
    currency: Currency,
    now: &Now,
) -> Vec<Commitment> {
    let order = |at: usize| {
        let (name, quantity, what, hour, hours, price, lead) = ORDERS[at % ORDERS.len()];
        let days = -2 - i64::try_from(at).unwrap_or(0);
        let late = LATE.iter().find(|(late, _)| *late == at).map_or(0, |(_, days)| *days);
        let how = super::How::Late(late);
        let line: Line = (name, quantity, what, days, Some(hour), hours, price, true, how);
        let mut it = promise(&line, customer(name), calendar, currency, now);
        if let Some(due) = it.first_due {
            let deadline = calendar.deadline(&due);
            it.placed_at = deadline.plus_minutes(-(lead * 24 + 3) * 60);
            if late == 0 {
                deliver(&mut it, deadline.plus_minutes(-25));
            }
            // Work on most of them began in good time.
            let begun = if SAVED.contains(&at) { 55 } else { (i64::from(hours) + 20) * 60 };
            let full = it.full_at().unwrap_or(deadline);
            it.started_at = Some(full.plus_minutes(-begun).max(it.placed_at));
        }
        it
    };
    (0..MANY).rev().map(order).collect()
}
