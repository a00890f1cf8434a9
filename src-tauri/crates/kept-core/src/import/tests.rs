//! What holds for every source: its sample is recognised and reads as it was written down, and no bytes whatever make it
//! panic or lose a row without a word.

use super::table::Table;
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

/// A made-up file with the quirks of its kind.
pub(super) struct Sample {
    pub name: &'static str,
    pub bytes: &'static [u8],
}

macro_rules! samples {
    ($($name:literal),* $(,)?) => {
        pub(super) const SAMPLES: &[Sample] = &[
            $(Sample {
                name: $name,
                bytes: include_bytes!(concat!("../../../../../tests/fixtures/import/", $name)),
            }),*
        ];
    };
}

samples![
    "etsy_orders.csv",
    "etsy_orders_uk.csv",
    "etsy_items.csv",
    "ebay_us.csv",
    "ebay_uk.csv",
    "ebay_de.csv",
    "amazon_unshipped.txt",
    "amazon_orders.txt",
    "woocommerce_orders.csv",
    "woocommerce_legacy.csv",
    "woocommerce_analytics_en.csv",
    "woocommerce_analytics_fr.csv",
    "woocommerce_analytics_de.csv",
    "square_items.csv",
    "square_transactions.csv",
    "stripe_payments.csv",
    "stripe_payments_older.csv",
    "quickbooks_invoices.csv",
    "quickbooks_report.csv",
    "trello_board.csv",
    "trello_board.json",
    "todoist_project.csv",
    "contacts.vcf",
    "calendar.ics",
];

fn assumed() -> Assumed {
    let zone = "America/New_York".parse().unwrap();
    Assumed::of(zone, Currency::USD, "2026-11-21T14:41:00Z".parse().unwrap())
}

/// Every sample reads as it was written down in `readings/`. With `KEPT_WRITE_READINGS` set, that is written anew, to be
/// looked at before it is committed.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test may read and write fixtures")]
fn every_sample_is_recognised_and_reads_as_it_was_written_down() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/import/readings");
    for sample in SAMPLES {
        let source = recognise(sample.bytes).unwrap_or_else(|words| panic!("{}: {words}", sample.name));
        let told = format!("{}\n{}", source.kind, in_words(&(source.read)(sample.bytes, assumed())));
        let written = folder.join(format!("{}.txt", sample.name));
        if std::env::var_os("KEPT_WRITE_READINGS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&written, &told).unwrap();
        }
        let expected = std::fs::read_to_string(&written).unwrap();
        assert_eq!(told, expected, "{}", sample.name);
    }
}

/// What once made a reader panic, and other files that are known to be hard.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test may read fixtures")]
fn what_was_once_too_much_is_read_now() {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/import/crashes");
    let files =
        std::fs::read_dir(fixtures).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    for bytes in files {
        let _ = recognise(&bytes);
        for source in SOURCES {
            let _ = (source.read)(&bytes, assumed());
        }
        if let Ok(look) = mapped::look(&bytes) {
            let columns = (0..).zip(look.columns);
            let columns =
                columns.filter_map(|(column, look)| Some(mapped::Mapped { column, means: look.guess? }));
            let _ = mapped::read(&bytes, assumed(), &mapped::Mapping { columns: columns.collect() });
        }
    }
}

/// A reading, as one would tell it on the telephone.
fn in_words(reading: &Reading) -> String {
    let mut text = String::new();
    for draft in &reading.orders {
        order_in_words(&mut text, draft).unwrap();
    }
    for payment in &reading.payments {
        let PaymentDraft { rows, by, id, at, amount, email, name, what } = payment;
        writeln!(text, "payment {by} {id} (lines {rows:?}): {amount} at {at} by {name} <{email}> for {what}")
            .unwrap();
    }
    for customer in &reading.customers {
        writeln!(text, "customer {}", customer_in_words(customer)).unwrap();
    }
    for question in &reading.questions {
        writeln!(text, "asks {question:?}").unwrap();
    }
    for problem in &reading.problems {
        writeln!(text, "line {}: {}", problem.line, problem.is).unwrap();
    }
    if !reading.passed_over.is_empty() {
        writeln!(text, "passed over {:?}", reading.passed_over).unwrap();
    }
    text
}

fn order_in_words(text: &mut String, draft: &OrderDraft) -> std::fmt::Result {
    writeln!(text, "{} {} ({}) lines {:?}", draft.shop, draft.order, draft.id, draft.rows)?;
    writeln!(text, "  for {}", customer_in_words(&draft.customer))?;
    write!(text, "  placed {}", draft.placed_at)?;
    for (word, at) in
        [("paid", draft.paid_at), ("fulfilled", draft.fulfilled_at), ("cancelled", draft.cancelled_at)]
    {
        at.map_or(Ok(()), |at| write!(text, ", {word} {at}"))?;
    }
    match draft.due {
        Some(due) => writeln!(text, ", due {}", due.words("2026-11-21".parse().unwrap()))?,
        None => writeln!(text)?,
    }
    let total = draft.total.map_or("no price".to_owned(), |total| total.to_string());
    let sum = if draft.total_is_sum { " (added up)" } else { "" };
    writeln!(
        text,
        "  {:?} {:?}, {total}{sum}, {:?}",
        draft.financial,
        draft.fulfilment,
        draft.payment().state()
    )?;
    for line in &draft.lines {
        let done = if draft.is_done(line) { " ✓" } else { "" };
        let price = line.price.map(|price| format!(" at {price}")).unwrap_or_default();
        writeln!(text, "  [{}] {} {}{price} {}{done}", line.id, line.quantity, line.what, line.sku)?;
    }
    draft.notes.iter().try_for_each(|note| writeln!(text, "  note {note:?}"))?;
    draft.tags.iter().try_for_each(|tag| writeln!(text, "  tag {tag:?}"))
}

fn customer_in_words(customer: &CustomerDraft) -> String {
    let CustomerDraft { name, email, phone, address, zip, more, notes, line } = customer;
    let mut words = format!("{name} <{email}> {phone} {} [{zip}]", address.join(" / "));
    for contact in more {
        write!(words, " and {}", contact.text()).unwrap();
    }
    for note in notes {
        write!(words, " note {note:?}").unwrap();
    }
    if *line > 0 { format!("{words} on line {line}") } else { words }
}

/// Every row is in an order, in a payment, in a problem, or nothing by the format's own rule.
fn nothing_is_lost(source: &'static Source, bytes: &[u8], answers: Answers) -> Result<(), TestCaseError> {
    let reading = (source.read)(bytes, Assumed { answers, ..assumed() });
    let text = text::decode(bytes);
    let Signs::Columns(needs) = source.is else { return Ok(()) };
    let Ok(table) = Table::open(&text.text, needs) else {
        prop_assert!(!reading.problems.is_empty());
        return Ok(());
    };
    let mut accounted: BTreeSet<u32> = reading.problems.iter().map(|problem| problem.line).collect();
    accounted.extend(reading.orders.iter().flat_map(|draft| &draft.rows));
    accounted.extend(reading.payments.iter().flat_map(|payment| &payment.rows));
    accounted.extend(&reading.passed_over);
    for row in table.rows() {
        let line = row.map_or_else(|unread| unread.problem.line, |row| row.line);
        prop_assert!(accounted.contains(&line), "{}: line {line} is lost", source.kind);
    }
    for draft in &reading.orders {
        prop_assert!(!draft.lines.is_empty() && !draft.customer.name.is_empty() && !draft.order.is_empty());
        let ids: BTreeSet<_> = draft.lines.iter().map(|line| &line.id).collect();
        prop_assert_eq!(ids.len(), draft.lines.len(), "{} of {}", draft.order, source.kind);
    }
    Ok(())
}

fn any_answers() -> impl Strategy<Value = Answers> {
    (any::<Option<bool>>(), any::<Option<bool>>(), any::<Option<bool>>()).prop_map(
        |(day, point, as_orders)| Answers {
            dates: day.map(|day| if day { DateOrder::DayFirst } else { DateOrder::MonthFirst }),
            decimals: point.map(|point| if point { DecimalMark::Point } else { DecimalMark::Comma }),
            as_orders,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..500), answers in any_answers()) {
        let _ = recognise(&bytes);
        for source in SOURCES {
            nothing_is_lost(source, &bytes, answers)?;
        }
    }

    /// Bytes are overwritten and the end is cut off, in each of the samples.
    #[test]
    fn a_damaged_file_loses_nothing_silently(
        which in 0..SAMPLES.len(),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"\",\n\r;\t'\0\xFF0-#".to_vec())), 0..12),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
        answers in any_answers(),
    ) {
        let sample = &SAMPLES[which];
        let source = recognise(sample.bytes).unwrap();
        let mut bytes = sample.bytes.to_vec();
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(if whole { bytes.len() } else { cut.index(bytes.len()) });
        nothing_is_lost(source, &bytes, answers)?;
    }

    /// Rows of a sample come twice and in another order.
    #[test]
    fn rows_that_lie_apart_and_twice_lose_nothing(which in 0..SAMPLES.len(), order in proptest::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let sample = &SAMPLES[which];
        let source = recognise(sample.bytes).unwrap();
        let lines: Vec<&[u8]> = sample.bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let mut bytes = sample.bytes.to_vec();
        for at in order {
            bytes.extend_from_slice(lines[at.index(lines.len())]);
        }
        nothing_is_lost(source, &bytes, Answers::default())?;
    }
}
