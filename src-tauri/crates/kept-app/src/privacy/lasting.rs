//! Until when backups still hold what was forgotten: they are rotated, never rewritten.

use crate::failure::Failure;
use crate::{Kept, backups};
use kept_core::backup::{Rotation, rotation};
use kept_core::day::Day;
use kept_core::words::count;

/// How long backups last that are there now.
pub(super) struct Lasting {
    /// How many there are, here and in the second folder.
    pub backups: u32,
    rotation: Rotation,
    second: bool,
}

/// How long the backups last that are there now.
pub(super) async fn of(kept: &Kept) -> Result<Lasting, Failure> {
    let made = backups::made(kept).await?;
    let rotation = rotation(&made, kept.now().today);
    let second = kept.settings().backup_folder.is_some();
    Ok(Lasting { backups: crate::rows::to_u32(made.len()), rotation, second })
}

impl Lasting {
    /// In sentences.
    pub(super) fn words(&self, today: Day) -> String {
        let still = || {
            let holds = if self.backups == 1 { "holds" } else { "hold" };
            format!("{} still {holds} them.", count(self.backups, "backup"))
        };
        let mut words = match (self.backups, self.rotation.last_goes) {
            (0, _) => "There is no backup that holds them.".to_owned(),
            (_, Some(day)) => format!(
                "{} While Kept makes one each day, the last that goes by itself is cleared away on {}.",
                still(),
                day.words(today)
            ),
            (_, None) => still(),
        };
        if self.rotation.stay > 0 {
            let stay = count(self.rotation.stay, "backup");
            words = format!(
                "{words} {stay} of them, made before much was changed, would stay until a newer one of that kind is \
                 made: remove the backups as well if that is too long."
            );
        }
        if self.second {
            words.push_str(" Copies in the second folder go when Kept next clears it.");
        }
        words.push_str(" Exports, calendars and copies that you made yourself stay where you put them.");
        words
    }
}
