//! The work that falls due in a stretch of time against the hours that are left for it.

use crate::calendar::WorkingCalendar;
use crate::day::{Now, Stamp};
use crate::taken::Taken;
use crate::urgency::Standing;
use crate::words::{count, duration};

/// Work against hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// Promises that fall due.
    pub promises: i64,
    /// Minutes of work that they still need.
    pub needed: i64,
    /// Of these: minutes that are set aside for them already.
    pub set_aside: i64,
    /// Working minutes from now on that are not set aside for anything.
    pub free: i64,
}

impl Workload {
    /// The work that falls due after `from` and up to `to`. What is overdue weighs on the stretch that now lies in.
    #[expect(single_use_lifetimes, reason = "a lifetime in `impl Trait` needs a name")]
    pub fn of<'a>(
        standings: impl Iterator<Item = &'a Standing>,
        (from, to): (Stamp, Stamp),
        taken: &Taken,
        calendar: &WorkingCalendar,
        now: &Now,
    ) -> Self {
        let is_current = from <= now.stamp && now.stamp < to;
        let falls_due = |standing: &&Standing| {
            standing.deadline.is_some_and(|deadline| {
                deadline <= to && (deadline > from || is_current) && (deadline > now.stamp || is_current)
            })
        };
        let free = taken.unblocked_minutes(calendar, from.max(now.stamp), to);
        standings.filter(falls_due).fold(Self { free, ..Self::default() }, |sum, standing| Self {
            promises: sum.promises + 1,
            needed: sum.needed.saturating_add(standing.remaining),
            set_aside: sum.set_aside.saturating_add(standing.set_aside.min(standing.remaining)),
            ..sum
        })
    }

    /// More is promised than fits. Hours that are set aside for a promise are taken off what it needs: blocking time for it
    /// would else count it twice.
    pub fn is_over(&self) -> bool {
        self.needed - self.set_aside > self.free
    }

    /// In words: `9 promises within seven days need 14 h, of which 6 h are blocked; 31 h are left.`
    pub fn words(&self, when: &str) -> String {
        let free = duration(self.free);
        let blocked = match self.set_aside {
            0 => String::new(),
            minutes => format!(", of which {} are blocked", duration(minutes)),
        };
        let needed = duration(self.needed);
        match self.promises {
            0 => format!("Nothing is promised {when}; {free} are free."),
            1 => format!("1 promise {when} needs {needed}{blocked}; {free} are left."),
            many => format!("{} {when} need {needed}{blocked}; {free} are left.", count(many, "promise")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::around::Around;
    use crate::commitment::Commitment;
    use crate::id::CommitmentId;
    use crate::samples::{block, calendar, commitment, due, now, stamp, zone};
    use crate::settings::Settings;
    use crate::urgency::standing;
    use uuid::Uuid;

    /// A promise of so many hours of work, due on a day at five, with blocks on the Wednesday before.
    fn promise(number: u128, day: &str, hours: u32, blocks: &[(&str, &str)]) -> Commitment {
        let mut it = commitment("1 cake", due(day, "17:00"));
        it.id = CommitmentId::new(Uuid::from_u128(number));
        it.deliverables[0].effort_left = Some(hours * 60);
        let blocks = blocks.iter().enumerate();
        it.blocks = blocks.map(|(index, (from, to))| block(index as u128, "2026-11-18", from, to)).collect();
        it
    }

    /// The week from Monday the 16th, looked at when it begins: 45 hours.
    fn check(what: &str, at: &str, promises: &[Commitment], words: &str, over: bool) {
        let (settings, now) = (Settings::new(zone()), now(at));
        let taken = Taken::of(promises);
        let around = Around::hours(&taken);
        let standings: Vec<Standing> =
            promises.iter().map(|it| standing(it, &settings, &around, &now)).collect();
        let week = (stamp("2026-11-16 00:00"), stamp("2026-11-23 00:00"));
        let workload = Workload::of(standings.iter(), week, &taken, &calendar(), &now);
        assert_eq!(workload.words("this week"), words, "{what}");
        assert_eq!(workload.is_over(), over, "{what}");
    }

    #[test]
    fn a_week_is_over_promised_when_its_work_does_not_fit_into_its_hours() {
        let monday = "2026-11-16 09:00";
        check("nothing", monday, &[], "Nothing is promised this week; 45 h are free.", false);
        let full = [promise(1, "2026-11-20", 25, &[]), promise(2, "2026-11-19", 20, &[])];
        check("full", monday, &full, "2 promises this week need 45 h; 45 h are left.", false);
        check(
            "an hour later",
            "2026-11-16 10:00",
            &full,
            "2 promises this week need 45 h; 44 h are left.",
            true,
        );
        let next_week = [promise(1, "2026-11-23", 90, &[])];
        check(
            "next week’s is not this week’s",
            monday,
            &next_week,
            "Nothing is promised this week; 45 h are free.",
            false,
        );
        let late = [promise(1, "2026-11-13", 2, &[])];
        check(
            "what is late is to be done now",
            monday,
            &late,
            "1 promise this week needs 2 h; 45 h are left.",
            false,
        );
        check(
            "but not before",
            "2026-11-13 18:30",
            &late,
            "Nothing is promised this week; 45 h are free.",
            false,
        );
    }

    #[test]
    fn what_is_set_aside_counts_once() {
        let monday = "2026-11-16 09:00";
        let own = [promise(1, "2026-11-20", 45, &[("09:00", "17:00")])];
        let words = "1 promise this week needs 45 h, of which 8 h are blocked; 37 h are left.";
        check("for what is due", monday, &own, words, false);
        let others = [promise(1, "2026-11-20", 45, &[]), promise(2, "2026-12-20", 9, &[("09:00", "10:00")])];
        check("for somebody else", monday, &others, "1 promise this week needs 45 h; 44 h are left.", true);
        let more = [promise(1, "2026-11-20", 1, &[("09:00", "12:00")])];
        let words = "1 promise this week needs 1 h, of which 1 h are blocked; 42 h are left.";
        check("more than it needs", monday, &more, words, false);
    }
}
