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

/// How a score grew against the time before: `up 7 points`; with few, what it was: `5 of 9 before`. None if nothing was due
/// in one of them.
pub fn growth_words((kept, of): (u32, u32), (kept_before, of_before): (u32, u32)) -> Option<String> {
    if of == 0 || of_before == 0 {
        return None;
    }
    if of < FEW || of_before < FEW {
        return score_words(kept_before, of_before).map(|words| format!("{words} before"));
    }
    let percent = |kept: u32, of: u32| i64::from(kept) * 100 / i64::from(of);
    Some(match percent(kept, of) - percent(kept_before, of_before) {
        0 => "as before".to_owned(),
        points @ 1.. => format!("up {}", count(points, "point")),
        points => format!("down {}", count(-points, "point")),
    })
}

/// What the misses come of, as the title of its chart: how many causes are behind most of them. `misses` are those of each
/// known cause, the most first; `all` are those of which nobody has asked why as well.
pub fn causes_words(misses: &[u32], all: u32) -> Option<String> {
    let most = u64::from(all) * MOST_PERCENT;
    let (mut causes, mut sum) = (0_u32, 0_u32);
    for misses in misses {
        if u64::from(sum) * 100 >= most {
            break;
        }
        (causes, sum) = (causes + 1, sum + misses);
    }
    let are = if causes == 1 { "is" } else { "are" };
    match (all, causes) {
        (0, _) => None,
        (_, 0) => Some(format!("{}, and nobody has asked why", misses_of(all))),
        (all, _) if all < FEW => {
            Some(format!("{} {are} behind {sum} of {}", of_causes(causes), misses_of(all)))
        }
        (all, _) => {
            let percent = u64::from(sum) * 100 / u64::from(all);
            Some(format!("{} {are} behind {percent}% of {}", of_causes(causes), misses_of(all)))
        }
    }
}

/// Between which shares the true one lies, in percent, as far as so few can say: the Wilson interval of 95 in 100.
pub fn uncertainty(kept: u32, of: u32) -> Option<(u32, u32)> {
    const Z: f64 = 1.96;
    if of == 0 {
        return None;
    }
    let (n, p) = (f64::from(of), f64::from(kept) / f64::from(of));
    let middle = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let percent = |share: f64| {
        let percent = (share / (1.0 + Z * Z / n) * 100.0).round().clamp(0.0, 100.0);
        (0..=100_u32).find(|whole| f64::from(*whole) >= percent).unwrap_or(100)
    };
    Some((percent(middle - spread), percent(middle + spread)))
}

/// From this share on one may speak of most.
const MOST_PERCENT: u64 = 75;

fn of_causes(causes: u32) -> String {
    const WORDS: [&str; 5] = ["One cause", "Two causes", "Three causes", "Four causes", "Five causes"];
    let word = causes.checked_sub(1).and_then(|at| WORDS.get(at as usize));
    word.map_or_else(|| count(causes, "cause"), |word| (*word).to_owned())
}

fn misses_of(all: u32) -> String {
    if all == 1 { "1 miss".to_owned() } else { format!("{all} misses") }
}
