use super::*;
use crate::commitment::{Cancelled, Commitment, Party};
use crate::id::{CommitmentId, SeriesId};
use crate::money::{Currency, Money};
use crate::outcome::{Outcome, late_days, outcome};
use crate::samples::{calendar, commitment, due, handed, moved, now, stamp};
use crate::series::Occurrence;
use proptest::prelude::*;
use uuid::Uuid;

fn november() -> Period {
    Period { from: "2026-11-01".parse().unwrap(), to: "2026-11-30".parse().unwrap() }
}

fn cakes(day: &str) -> Commitment {
    commitment("12 cupcakes", due(day, "15:00"))
}

fn called_off(mut it: Commitment, by: Party, at: &str) -> Commitment {
    it.cancelled = Some(Cancelled { by, at: stamp(at), why: None });
    it
}

/// The figures of November, seen in the middle of December. Each promise gets a number of its own.
fn of(promises: &[Commitment]) -> Figures {
    let facts: Vec<Fact> = promises
        .iter()
        .zip(1..)
        .map(|(it, number)| Fact { id: CommitmentId::new(Uuid::from_u128(number)), ..Fact::of(it) })
        .collect();
    figures(facts.iter(), november(), &calendar(), &now("2026-12-15 12:00"))
}

fn check(what: &str, all: &[Commitment], promised: (u32, u32), agreed: (u32, u32)) {
    let figures = of(all);
    let score = |score: &Score| (score.kept(), score.of());
    assert_eq!((score(&figures.promised), score(&figures.agreed)), (promised, agreed), "{what}");
}

#[test]
fn the_score_is_what_one_counts_by_hand() {
    let on = || handed(cakes("2026-11-20"), 12, "2026-11-20 14:00");
    let late = || handed(cakes("2026-11-20"), 12, "2026-11-23 09:00");
    check("nothing", &[], (0, 0), (0, 0));
    check("on time", &[on()], (1, 1), (1, 1));
    check("late", &[late()], (0, 1), (0, 1));
    check("partly, never the rest", &[handed(cakes("2026-11-20"), 11, "2026-11-20 14:00")], (0, 1), (0, 1));
    let rest = handed(handed(cakes("2026-11-20"), 11, "2026-11-20 14:00"), 1, "2026-11-20 15:00");
    check("in two parts", &[rest], (1, 1), (1, 1));
    let ours =
        handed(moved(cakes("2026-11-20"), due("2026-11-25", "15:00"), Party::Us), 12, "2026-11-24 10:00");
    check("moved by us", &[ours], (0, 1), (1, 1));
    let to_the_25th = moved(cakes("2026-11-20"), due("2026-11-25", "15:00"), Party::Customer);
    check("moved by them", &[handed(to_the_25th, 12, "2026-11-24 10:00")], (1, 1), (1, 1));
    let out = moved(cakes("2026-11-20"), due("2026-12-02", "15:00"), Party::Customer);
    check("moved by them out of the period", &[out], (0, 0), (0, 0));
    let ours_out = moved(cakes("2026-11-20"), due("2026-12-20", "15:00"), Party::Us);
    check("moved by us out of the period", &[ours_out], (0, 1), (0, 0));
    check("we called off", &[called_off(cakes("2026-11-20"), Party::Us, "2026-11-02 10:00")], (0, 1), (0, 1));
    let in_time = called_off(cakes("2026-11-20"), Party::Customer, "2026-11-20 15:00");
    check("they called off in time", &[in_time], (0, 0), (0, 0));
    let too_late = called_off(cakes("2026-11-20"), Party::Customer, "2026-11-20 15:01");
    check("they called off too late", &[too_late], (0, 1), (0, 1));
    check("early", &[handed(cakes("2026-11-20"), 12, "2026-11-02 10:00")], (1, 1), (1, 1));
    let mut exact = handed(cakes("2026-11-20"), 12, "2026-11-19 10:00");
    exact.on_the_day = true;
    check("too early", &[exact], (0, 1), (0, 1));
    check(
        "delivered in the period, due after it",
        &[handed(cakes("2026-12-01"), 12, "2026-11-20 10:00")],
        (0, 0),
        (0, 0),
    );
    check("all of them", &[on(), late(), on()], (2, 3), (2, 3));
}

#[test]
fn a_window_ends_with_its_end_and_each_time_of_what_repeats_counts() {
    let mut window = cakes("2026-11-20");
    let hours = crate::day::Hours::Between { from: "14:00".parse().unwrap(), to: "16:00".parse().unwrap() };
    window.first_due = Some(crate::day::Due { hours, ..due("2026-11-20", "15:00") });
    check("within the window", &[handed(window.clone(), 12, "2026-11-20 16:00")], (1, 1), (1, 1));
    check("after it", &[handed(window, 12, "2026-11-20 16:01")], (0, 1), (0, 1));
    let series = SeriesId::new(Uuid::from_u128(9));
    let paper = |day: &str| {
        let day_of = day.parse().unwrap();
        Commitment { series: Some(Occurrence { series, day: day_of }), ..cakes(day) }
    };
    let delivered = handed(paper("2026-11-02"), 12, "2026-11-02 10:00");
    check(
        "a paper that came, and two that did not",
        &[delivered.clone(), paper("2026-11-03"), paper("2026-11-04")],
        (1, 3),
        (1, 3),
    );
    assert_eq!(of(&[delivered]).lead.lead, Vec::<i64>::new(), "what repeats was not ordered");
}

#[test]
fn what_repeats_and_is_missed_again_and_again_is_named() {
    let (paper, bread) = (SeriesId::new(Uuid::from_u128(8)), SeriesId::new(Uuid::from_u128(9)));
    let on = |series, day: u32, comes: bool| {
        let day = format!("2026-11-{day:02}");
        let it = Commitment { series: Some(Occurrence { series, day: day.parse().unwrap() }), ..cakes(&day) };
        if comes { handed(it, 12, &format!("{day} 10:00")) } else { it }
    };
    let papers = (2..=7).map(|day| on(paper, day, day % 2 == 0));
    let all: Vec<Commitment> = papers.chain((2..=7).map(|day| on(bread, day, true))).collect();
    let series = of(&all).series;
    let patterns: Vec<_> =
        series.iter().map(|(id, it)| (*id, it.missed.len(), it.pattern.is_chronic())).collect();
    assert_eq!(patterns, [(paper, 3, true)], "what always comes is not named");
}

#[test]
fn late_days_have_a_median_and_a_worst() {
    let late = |at: &str| handed(cakes("2026-11-20"), 12, at);
    let figures = of(&[
        late("2026-11-21 09:00"),
        late("2026-11-25 09:00"),
        cakes("2026-11-20"),
        late("2026-11-20 16:00"),
    ]);
    let days: Vec<i64> = figures.late.iter().map(|(days, _)| *days).collect();
    assert_eq!(days, [25, 5, 1], "an hour too late is missed, and late by no day");
    let check = |days: &[i64], expected: Option<&str>| assert_eq!(median_words(days).as_deref(), expected);
    check(&[], None);
    check(&[1], Some("1 day"));
    check(&[5, 25, 1], Some("5 days"));
    check(&[1, 4], Some("2.5 days"));
    check(&[2, 4], Some("3 days"));
}

#[test]
fn few_are_shown_as_few() {
    let check = |kept, of, expected: Option<&str>| assert_eq!(score_words(kept, of).as_deref(), expected);
    check(0, 0, None);
    check(7, 8, Some("7 of 8"));
    check(9, 9, Some("9 of 9"));
    check(9, 10, Some("90%"));
    check(999, 1_000, Some("99%"));
    check(1_000, 1_000, Some("100%"));
}

#[test]
fn growth_is_told_in_points_and_of_few_in_numbers() {
    let check = |now, before, expected: Option<&str>| {
        assert_eq!(growth_words(now, before).as_deref(), expected, "{now:?} after {before:?}");
    };
    check((0, 0), (9, 10), None);
    check((9, 10), (0, 0), None);
    check((7, 8), (5, 9), Some("5 of 9 before"));
    check((9, 10), (5, 9), Some("5 of 9 before"));
    check((94, 100), (87, 100), Some("up 7 points"));
    check((94, 100), (95, 100), Some("down 1 point"));
    check((10, 20), (50, 100), Some("as before"));
}

#[test]
fn most_misses_are_put_down_to_as_few_causes_as_it_takes() {
    let check = |misses: &[u32], all, expected: Option<&str>| {
        assert_eq!(causes_words(misses, all).as_deref(), expected, "{misses:?} of {all}");
    };
    check(&[], 0, None);
    check(&[], 1, Some("1 miss, and nobody has asked why"));
    check(&[], 12, Some("12 misses, and nobody has asked why"));
    check(&[3], 4, Some("One cause is behind 3 of 4 misses"));
    check(&[2, 2, 1], 9, Some("Three causes are behind 5 of 9 misses"));
    check(&[14, 9, 6, 4, 3, 1], 37, Some("Three causes are behind 78% of 37 misses"));
    check(&[40], 40, Some("One cause is behind 100% of 40 misses"));
    check(&[2; 6], 12, Some("Five causes are behind 83% of 12 misses"));
    check(&[1; 20], 20, Some("15 causes are behind 75% of 20 misses"));
}

#[test]
fn few_say_little_about_the_true_share() {
    // By hand: the Wilson interval of 95 in 100.
    let check = |kept, of, expected| assert_eq!(uncertainty(kept, of), expected, "{kept} of {of}");
    check(0, 0, None);
    check(1, 1, Some((21, 100)));
    check(0, 1, Some((0, 79)));
    check(7, 8, Some((53, 98)));
    check(94, 100, Some((88, 97)));
    check(500, 1_000, Some((47, 53)));
}

#[test]
fn lead_times_are_counted_by_whole_days() {
    let took = |at: &str| handed(cakes("2026-11-25"), 12, at);
    // Promised on the first at ten.
    let all = [
        took("2026-11-01 18:00"),
        took("2026-11-02 11:00"),
        took("2026-11-02 12:00"),
        took("2026-11-24 09:00"),
    ];
    let figures = of(&all);
    let mut expected = vec![0; 15];
    (expected[0], expected[1], expected[14]) = (1, 2, 1);
    assert_eq!(figures.lead.by_days(), expected);
    let behind = |days| figures.behind(Figure::LeadDays { days }).len();
    assert_eq!((behind(0), behind(1), behind(2), behind(14)), (1, 2, 0, 1));
    let november = november();
    assert_eq!((november.days(), november.before().to), (30, "2026-10-31".parse().unwrap()));
    assert_eq!(november.before().days(), 30);
}

#[test]
fn the_idle_share_is_the_time_in_which_nobody_worked_on_it() {
    // Promised on the 1st at 10:00; ten days later, after one day of work, it is there.
    let mut it = handed(cakes("2026-11-20"), 12, "2026-11-11 10:00");
    it.started_at = Some(stamp("2026-11-10 10:00"));
    let lead = of(std::slice::from_ref(&it)).lead;
    assert_eq!((lead.lead.as_slice(), lead.cycle.as_slice()), (&[14_400][..], &[1_440][..]));
    assert_eq!(lead.idle_percent(), Some(90));
    it.started_at = None;
    assert_eq!(of(&[it]).lead.idle_percent(), Some(100), "nobody said that it was begun");
    assert_eq!(of(&[]).lead.idle_percent(), None);
}

fn check_save(what: &str, it: &Commitment, expected: bool) {
    assert_eq!(!of(std::slice::from_ref(it)).quiet_saves.is_empty(), expected, "{what}");
}

#[test]
fn what_was_at_risk_and_kept_is_a_quiet_save() {
    // Two hours of work for the 20th at 15:00: it has to begin by 13:00.
    let begun = |at: &str, full: &str| {
        let mut it = handed(cakes("2026-11-20"), 12, full);
        it.started_at = Some(stamp(at));
        it
    };
    check_save("in good time", &begun("2026-11-20 12:00", "2026-11-20 14:30"), false);
    check_save("begun too late, and kept", &begun("2026-11-20 13:30", "2026-11-20 14:50"), true);
    check_save("begun too late, and missed", &begun("2026-11-20 13:30", "2026-11-20 15:10"), false);
    check_save("only the handover was noted", &begun("2026-11-20 14:50", "2026-11-20 14:50"), false);
    let mut warned = begun("2026-11-20 12:00", "2026-11-20 14:30");
    warned.warn_of(crate::id::SlipId::new(Uuid::from_u128(1)), "the oven is cold", stamp("2026-11-19 10:00"));
    check_save("the oven was cold", &warned, true);
}

#[test]
fn orders_are_parted_by_their_size_into_four_of_the_same_number() {
    let priced = |minor: i64, kept: bool| {
        let at = if kept { "2026-11-20 14:00" } else { "2026-11-23 14:00" };
        let mut it = handed(cakes("2026-11-20"), 12, at);
        it.payment.total = Some(Money::new(minor, Currency::USD));
        it
    };
    let orders: Vec<Commitment> = (1..=8).map(|size| priced(size * 100, size > 1)).collect();
    let groups: Vec<(i64, i64, usize, usize)> = of(&orders)
        .sizes
        .iter()
        .map(|group| (group.from.minor, group.to.minor, group.kept.len(), group.missed.len()))
        .collect();
    assert_eq!(groups, [(100, 200, 1, 1), (300, 400, 2, 0), (500, 600, 2, 0), (700, 800, 2, 0)]);
    assert_eq!(of(&orders[..7]).sizes, vec![], "too few to part");
}

#[test]
fn a_row_that_cannot_be_read_is_none() {
    let nobody = CommitmentId::new(Uuid::nil());
    for row in ["", "[]", "{}", "[0,null,null,[0,9000,null,null],null,[],null,0,null,null,null]"] {
        let read = serde_json::from_str(row).ok().and_then(|row| Fact::from_row(nobody, row));
        assert_eq!(read, None, "{row}");
    }
}

prop_compose! {
    /// A promise with whatever can happen to one.
    fn any_promise()(
        days in 1..60_i64,
        minute in proptest::option::of(0..24_u32),
        handovers in proptest::collection::vec((1..13_u32, 0..70_i64), 0..3),
        moves in proptest::collection::vec((0..60_i64, any::<bool>()), 0..3),
        cancelled in proptest::option::of((any::<bool>(), 0..70_i64)),
        (on_the_day, own, total) in (any::<bool>(), proptest::option::of(0..60_i64), 0..100_000_i64),
    ) -> Commitment {
        let start = stamp("2026-11-01 10:00");
        let first: Day = "2026-11-01".parse().unwrap();
        let at = |days: i64| start.plus_minutes(days * 24 * 60 + 95);
        let on = |days: i64| minute.map_or_else(
            || crate::day::Due::on(first.plus(days)),
            |hour| crate::day::Due::at(first.plus(days), crate::day::TimeOfDay::new(hour, 30).unwrap()),
        );
        let mut it = commitment("12 cupcakes", on(days));
        it.on_the_day = on_the_day;
        it.payment.total = Some(Money::new(total, Currency::USD));
        it.deliverables[0].due = own.map(&on);
        for (days, us) in moves {
            it = moved(it, on(days), if us { Party::Us } else { Party::Customer });
        }
        for (quantity, days) in handovers {
            let part = it.deliverables[0].id;
            it.handovers.push(crate::evidence::Handover::new(part, quantity, at(days)));
        }
        it.cancelled = cancelled.map(|(us, days)| Cancelled {
            by: if us { Party::Us } else { Party::Customer }, at: at(days), why: None,
        });
        it
    }
}

proptest! {
    /// What was written to the store and read again is judged as the promise itself.
    #[test]
    fn a_fact_is_judged_as_its_promise(it in any_promise(), days in 0..90_i64) {
        let seen = now("2026-11-01 12:00").stamp.plus_minutes(days * 24 * 60);
        let seen = crate::day::Now::at(seen, calendar().zone);
        let fact = Fact::of(&it);
        let row = serde_json::to_string(&fact.to_row()).unwrap();
        let read = Fact::from_row(it.id, serde_json::from_str(&row).unwrap()).unwrap();
        prop_assert_eq!(&read, &fact);
        prop_assert_eq!(read.outcome(&calendar(), &seen), outcome(&it, &calendar(), &seen));
        prop_assert_eq!(read.case.late_days(&calendar(), &seen), late_days(&it, &calendar(), &seen));
    }

    /// Amounts decide nothing but the groups by size: with any others every other figure is the same.
    #[test]
    fn amounts_permuted_change_nothing(
        promises in proptest::collection::vec(any_promise(), 1..20),
        amounts in proptest::collection::vec(0..1_000_000_i64, 20),
    ) {
        let blind = |figures: Figures| Figures { sizes: Vec::new(), ..figures };
        let mut others = promises.clone();
        for (it, minor) in others.iter_mut().zip(amounts) {
            it.payment.total = Some(Money::new(minor, Currency::USD));
        }
        prop_assert_eq!(blind(of(&promises)), blind(of(&others)));
    }

    /// A move of ours never improves what was promised first, and each promise counts once at most.
    #[test]
    fn no_move_of_ours_improves_the_score(it in any_promise(), days in 0..60_i64) {
        let to: Day = "2026-11-01".parse().unwrap();
        let after = moved(it.clone(), crate::day::Due::on(to.plus(days)), Party::Us);
        let (before, after) = (of(std::slice::from_ref(&it)).promised, of(&[after]).promised);
        if it.first_due.is_some() {
            prop_assert_eq!(&before, &after);
        }
        prop_assert!(before.of() <= 1);
    }
}

#[test]
fn what_is_open_and_past_its_date_is_missed() {
    assert_eq!(outcome(&cakes("2026-11-20"), &calendar(), &now("2026-12-15 12:00")), Outcome::Missed);
    check("open", &[cakes("2026-11-20")], (0, 1), (0, 1));
}
