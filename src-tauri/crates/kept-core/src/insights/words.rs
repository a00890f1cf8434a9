//! Figures in words: few data are shown as few.

use crate::words::count;

/// Under so many no share is given.
const FEW: u32 = 10;

/// `7 of 8` under ten, else `94%`; none if there is nothing to count.
pub fn score_words(kept: u32, of: u32) -> Option<String> {
    match of {
        0 => None,
        of if of < FEW => Some(format!("{kept} of {of}")),
        // Rounded down: nobody has kept all who has missed one.
        of => Some(format!("{}%", u64::from(kept) * 100 / u64::from(of))),
    }
}

/// The median in days: `2 days`, `2.5 days`; none if there is nothing to count.
pub fn median_words(days: &[i64]) -> Option<String> {
    let mut days = days.to_vec();
    days.sort_unstable();
    let middle = days.len() / 2;
    let high = *days.get(middle)?;
    let low = if days.len().is_multiple_of(2) { days[middle - 1] } else { high };
    Some(match low + high {
        sum if sum % 2 == 0 => count(sum / 2, "day"),
        sum => format!("{}.5 days", sum / 2),
    })
}
