use super::*;
use crate::import::{Answers, SOURCES, mapped, recognise, tests::SAMPLES};
use crate::money::Currency;
use proptest::prelude::*;
use std::fmt::Write as _;

/// So little at once that every sample is in many pieces.
const SMALL: Sizes = Sizes {
    head: 5_000,
    decoded: 512,
    stretch: 700,
    row: 4_000,
    piece: 300,
    piece_most: 100_000,
    astray: 100_000,
};

fn assumed(answers: Answers) -> Assumed {
    let zone = "America/New_York".parse().unwrap();
    Assumed { answers, ..Assumed::of(zone, Currency::USD, "2026-11-21T14:41:00Z".parse().unwrap()) }
}

/// A file read in pieces, put together again; and how many there were.
fn in_pieces(source: &Source, bytes: &[u8]) -> (Reading, usize) {
    let cut = Splitting::of_source(source, &bytes, SMALL).unwrap();
    let mut answers = Answers::default();
    loop {
        let mut all = Reading::empty();
        let mut shows = answers;
        cut.read(&bytes, assumed(answers), &source.read, |reading| {
            shows = shows.or(reading.shows);
            all.and(reading);
            ControlFlow::Continue(())
        })
        .unwrap();
        if shows == answers {
            all.problems.extend(cut.problems.iter().cloned());
            return (all, cut.pieces.len());
        }
        answers = shows;
    }
}

/// A file tells the same in pieces as at once.
fn check(source: &Source, bytes: &[u8]) -> Result<usize, TestCaseError> {
    let (pieces, count) = in_pieces(source, bytes);
    let whole = (source.read)(bytes, assumed(Answers::default()));
    let (pieces, whole) = (told(&pieces), told(&whole));
    for at in 0..pieces.len().max(whole.len()) {
        prop_assert_eq!(pieces.get(at), whole.get(at), "{}", source.kind);
    }
    Ok(count)
}

/// All that a reading tells, one thing after the other.
fn told(reading: &Reading) -> Vec<String> {
    let orders = reading.orders.iter().map(|it| format!("{it:?}"));
    let payments = reading.payments.iter().map(|it| format!("{it:?}"));
    let customers = reading.customers.iter().map(|it| format!("{it:?}"));
    let questions = reading.questions.iter().map(|it| format!("{it:?}"));
    let mut problems: Vec<_> = reading.problems.iter().map(|it| format!("{it:?}")).collect();
    problems.sort();
    let mut passed_over = reading.passed_over.clone();
    passed_over.sort_unstable();
    let passed_over = passed_over.iter().map(|line| format!("passed over {line}"));
    orders.chain(payments).chain(customers).chain(questions).chain(problems).chain(passed_over).collect()
}

/// The rows of a sample again and again, under other numbers: `#1001` becomes `#1001-3`.
fn longer(bytes: &[u8], times: usize) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let (head, rows) = text.split_once('\n').unwrap();
    let mut long = format!("{head}\n");
    for _ in 0..times {
        long.push_str(rows);
    }
    long.into_bytes()
}

#[test]
fn every_sample_tells_the_same_in_pieces() {
    for sample in SAMPLES {
        let source = recognise(sample.bytes).unwrap();
        check(source, sample.bytes).unwrap_or_else(|wrong| panic!("{}: {wrong}", sample.name));
    }
}

#[test]
fn shopify_orders_tell_the_same_in_pieces_wherever_their_rows_lie() {
    let export: &[u8] = include_bytes!("../../../../../../tests/fixtures/shopify/orders_export.csv");
    let source = recognise(export).unwrap();
    assert!(check(source, export).unwrap() > 10);
    // Every second row lies behind all the others.
    let text = std::str::from_utf8(export).unwrap();
    let mut rows: Vec<String> = Vec::new();
    for line in text.lines() {
        match rows.last_mut() {
            Some(row) if row.matches('"').count() % 2 == 1 => row.extend(["\n", line]),
            _ => rows.push(line.to_owned()),
        }
    }
    let apart = rows.iter().step_by(2).chain(rows.iter().skip(1).step_by(2));
    let apart = apart.map(String::as_str).collect::<Vec<_>>().join("\r\n");
    check(source, apart.as_bytes()).unwrap();
}

#[test]
fn what_one_piece_shows_of_dates_holds_for_all() {
    let mut file = "Sales Record Number,Order Number,Item Title,Quantity,Sale Date\n".to_owned();
    for order in 0..60 {
        let date = if order == 50 { "13/04/26" } else { "03/04/26" };
        writeln!(file, "{order},11-{order},Oak sign number {order},1,{date}").unwrap();
    }
    let source = recognise(file.as_bytes()).unwrap();
    assert!(check(source, file.as_bytes()).unwrap() > 3);
}

#[test]
fn a_table_of_ones_own_tells_the_same_in_pieces() {
    let mut file = "Client,Item,Pick up\n".to_owned();
    for row in 0..80 {
        // Rows that are alike are several promises, wherever they lie.
        writeln!(file, "Customer {},Cake,2026-12-{:02}", row % 9, 1 + row % 7).unwrap();
    }
    let look = mapped::look(file.as_bytes()).unwrap();
    let columns = (0..).zip(&look.columns);
    let columns = columns.filter_map(|(column, look)| Some(mapped::Mapped { column, means: look.guess? }));
    let mapping = Mapping { columns: columns.collect() };
    let bytes = file.as_bytes();
    let cut = Splitting::of_table(&mapping, &bytes, SMALL).unwrap();
    assert!(cut.pieces.len() > 3);
    let mut all = Reading::empty();
    let read = |bytes: &[u8], assumed: Assumed| mapped::read(bytes, assumed, &mapping);
    cut.read(&bytes, assumed(Answers::default()), &read, |reading| {
        all.and(reading);
        ControlFlow::Continue(())
    })
    .unwrap();
    all.orders.sort_by_key(|order| order.line);
    assert_eq!(all.orders, read(bytes, assumed(Answers::default())).orders);
}

#[test]
fn a_line_that_is_longer_than_any_row_is_said_and_left_out() {
    let long = "x".repeat(20_000);
    for long in [long.clone(), format!("#2,\"{long}"), format!("{long},{long}")] {
        let file = format!(
            "Name,Created at,Lineitem quantity,Lineitem name\n#1,2026-11-01,1,Loaf\n{long}\n#3,2026-11-01,1,Bun\n"
        );
        let (reading, _) = in_pieces(&crate::import::shopify::SOURCE, file.as_bytes());
        let names: Vec<_> = reading.orders.iter().map(|order| order.order.as_str()).collect();
        assert_eq!(names, ["#1", "#3"]);
        assert_eq!(reading.orders[1].line, 4);
        assert_eq!(reading.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [3]);
    }
}

#[test]
fn what_cannot_be_cut_is_refused_in_words() {
    let refused = |source: &Source, bytes: &[u8], sizes: Sizes, says: &str| {
        let cut = Splitting::of_source(source, &bytes, sizes);
        assert!(matches!(&cut, Err(Unsplit::Refused(words)) if words.contains(says)), "{cut:?}");
    };
    let head = "Name,Created at,Lineitem quantity,Lineitem name\n";
    let one = format!("{head}{}", "#1,2026-11-01,1,Loaf\n".repeat(6_000));
    refused(&crate::import::shopify::SOURCE, one.as_bytes(), SMALL, "belong to one order");
    let mut twice = head.to_owned();
    for order in (0..200).chain(0..200) {
        writeln!(twice, "#{order},2026-11-01,1,Loaf").unwrap();
    }
    let sizes = Sizes { astray: 1_000, ..SMALL };
    refused(&crate::import::shopify::SOURCE, twice.as_bytes(), sizes, "too far apart");
    let calendar = format!("BEGIN:VCALENDAR\n{}", "X:1\n".repeat(30_000));
    refused(&crate::import::calendar_file::SOURCE, calendar.as_bytes(), SMALL, "read as a whole");
}

#[test]
fn a_hostile_file_of_quotes_is_cut_in_bounded_time() {
    let file = format!(
        "Name,Created at,Lineitem quantity,Lineitem name\n{}",
        "#1,\"2026-11-01,\"1,\"z\n".repeat(50_000)
    );
    let sizes = Sizes { piece_most: usize::MAX, ..SMALL };
    let bytes = file.as_bytes();
    assert!(Splitting::of_source(&crate::import::shopify::SOURCE, &bytes, sizes).is_ok());
}

#[test]
fn blank_lines_without_end_are_passed_over() {
    let blank = "\r\n".repeat(20_000);
    let file = format!(
        "Name,Created at,Lineitem quantity,Lineitem name\r\n{blank}#1,2026-11-01,1,Loaf\r\n{blank},,,\r\n{blank}"
    );
    let (reading, _) = in_pieces(&crate::import::shopify::SOURCE, file.as_bytes());
    assert_eq!(reading.orders.iter().map(|order| order.line).collect::<Vec<_>>(), [20_002]);
    assert!(reading.problems.is_empty());
}

#[test]
fn whoever_has_heard_enough_is_told_no_more() {
    let export: &[u8] = include_bytes!("../../../../../../tests/fixtures/shopify/orders_export.csv");
    let source = recognise(export).unwrap();
    let cut = Splitting::of_source(source, &export, SMALL).unwrap();
    let mut heard = 0;
    cut.read(&export, assumed(Answers::default()), &source.read, |_| {
        heard += 1;
        if heard == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert_eq!(heard, 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Rows of the samples come again and in any order; no row is in no piece, and none in two.
    #[test]
    fn rows_in_any_order_tell_the_same_in_pieces(
        which in 0..SAMPLES.len(),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let sample = &SAMPLES[which];
        let source = recognise(sample.bytes).unwrap();
        let Apart::Rows(_) = source.apart else { return Ok(()) };
        let lines: Vec<&[u8]> = sample.bytes.split_inclusive(|byte| *byte == b'\n').collect();
        if sample.bytes.contains(&b'"') { return Ok(()) }
        let mut bytes = sample.bytes.to_vec();
        for at in order {
            bytes.extend_from_slice(lines[at.index(lines.len())]);
        }
        check(source, &bytes)?;
    }

    /// Whatever the bytes are, each row is told of, and none makes a reader of pieces panic.
    #[test]
    fn any_bytes_are_cut_without_a_panic(
        which in 0..SAMPLES.len(),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"\",\n\r;\t'\0\xFF0-#".to_vec())), 0..20),
    ) {
        let mut bytes = longer(SAMPLES[which].bytes, 3);
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for source in SOURCES {
            let bytes = bytes.as_slice();
            if let Ok(cut) = Splitting::of_source(source, &bytes, SMALL) {
                let mut lines = 0;
                cut.read(&bytes, assumed(Answers::default()), &source.read, |reading| {
                    lines += reading.orders.len() + reading.problems.len();
                    ControlFlow::Continue(())
                }).unwrap();
                prop_assert!(lines < 100_000);
            }
        }
    }
}
