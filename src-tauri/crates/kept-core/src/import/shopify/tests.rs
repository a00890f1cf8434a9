use super::*;
use crate::import::table::Table;
use crate::import::{Financial, Fulfilment, OrderDraft};
use crate::money::Currency;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const EXPORT: &[u8] = include_bytes!("../../../../../../tests/fixtures/shopify/orders_export.csv");
const BROKEN: &[u8] = include_bytes!("../../../../../../tests/fixtures/shopify/broken.csv");
const HEADER: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Total,Created at,\
                      Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem fulfillment status,\
                      Outstanding Balance,Refunded Amount,Cancelled at,Id";

fn assumed() -> Assumed {
    Assumed::of("America/New_York".parse().unwrap(), Currency::USD, "2026-11-21T14:41:00Z".parse().unwrap())
}

fn read_text(rows: &str) -> Reading {
    read(format!("{HEADER}\n{rows}").as_bytes(), assumed())
}

fn export() -> &'static Reading {
    static READ: LazyLock<Reading> = LazyLock::new(|| read(EXPORT, assumed()));
    &READ
}

fn of<'r>(reading: &'r Reading, order: &str) -> &'r OrderDraft {
    reading.orders.iter().find(|draft| draft.order == order).unwrap_or_else(|| panic!("{order} is not there"))
}

/// `2 Sourdough loaf` for each line, handed over ones with a tick.
fn lines(draft: &OrderDraft) -> Vec<String> {
    let words = |line: &crate::import::LineDraft| {
        format!("{} {}{}", line.quantity, line.what, if draft.is_done(line) { " ✓" } else { "" })
    };
    draft.lines.iter().map(words).collect()
}

#[track_caller]
fn says(reading: &Reading, line: u32, words: &str) {
    let said: Vec<_> =
        reading.problems.iter().filter(|problem| problem.line == line).map(|p| p.is.as_str()).collect();
    assert!(said.iter().any(|is| is.contains(words)), "line {line} does not say {words:?} but {said:?}");
}

#[test]
fn an_export_is_read_whole_and_without_a_problem() {
    let reading = export();
    assert_eq!(reading.problems, []);
    assert_eq!(reading.orders.len(), 40);
    assert_eq!(reading.orders[0].order, "#1040");
    let rows: usize = reading.orders.iter().map(|draft| draft.rows.len()).sum();
    assert_eq!(rows, 60);
}

#[test]
fn an_order_of_two_rows_is_one_order_with_two_lines() {
    let reading = export();
    let draft = of(reading, "#1031");
    assert_eq!(lines(draft), ["36 Cupcakes - Vanilla & raspberry", "1 Layer cake \"Harvest\" - 8 in"]);
    assert_eq!(draft.customer.name, "Hannah Okafor");
    assert_eq!(draft.customer.email, "hannah.okafor@example.com");
    assert_eq!(draft.customer.address, ["77 Mill Street", "Apt 4B", "Kingston NY 12401", "US"]);
    assert_eq!(draft.placed_at, "2026-11-13T14:12:00Z".parse().unwrap());
    assert_eq!(draft.total.unwrap().to_string(), "199.00 USD");
    assert_eq!(draft.notes, ["For the school fair."]);
}

#[test]
fn two_equal_lines_are_two_parts_with_ids_of_their_own() {
    let reading = export();
    let draft = of(reading, "#1035");
    assert_eq!(draft.lines.len(), 2);
    assert_ne!(draft.lines[0].id, draft.lines[1].id);
}

#[test]
fn a_fulfilled_line_is_done_and_the_others_are_open() {
    let reading = export();
    let draft = of(reading, "#1011");
    assert_eq!(
        lines(draft),
        ["1 Gift Card - $50.00", "6 Cupcakes - Vanilla & raspberry ✓", "1 Layer cake \"Harvest\" - 8 in ✓"]
    );
    assert_eq!(draft.fulfilment, Some(Fulfilment::Partial));
    assert!(!draft.lines[0].ships && draft.lines[1].ships);
    assert!(of(reading, "#1001").lines.iter().all(|line| line.fulfilment == Fulfilment::Done));
}

#[test]
fn the_customer_is_whoever_is_named() {
    let reading = export();
    let name = |order| of(reading, order).customer.name.as_str();
    assert_eq!(name("#1023"), "كريم حداد");
    assert_eq!(name("#1009"), "Zoë Müller 🎂");
    assert_eq!(name("#1032"), "<b>Mark</b> & Sons");
    assert_eq!(name("#1017"), "studio@paperboat.example");
    assert_eq!(name("#1005"), "Customer of #1005");
    // A present: the promise was made to who paid, and goes to who receives it.
    let gift = of(reading, "#1025");
    assert_eq!(gift.customer.name, "Ada Lindqvist");
    assert_eq!(gift.customer.address, ["Noor de Vries", "Prinsengracht 900-3", "1017 KD Amsterdam", "NL"]);
    assert_eq!(gift.customer.zip, "1017 KD");
}

#[test]
fn what_was_paid_follows_from_the_state_and_the_amounts() {
    use crate::commitment::PaymentState as State;
    let reading = export();
    for (order, state, received) in [
        ("#1031", State::Paid, Some("199.00 USD")),
        ("#1020", State::Deposit, Some("200.00 USD")),
        ("#1032", State::Unpaid, None),
        ("#1026", State::Unpaid, None),
        ("#1022", State::OnAccount, None),
        ("#1012", State::Refunded, Some("0.00 USD")),
        ("#1014", State::Paid, Some("140.00 USD")),
        ("#1036", State::None, None),
        ("#1010", State::Paid, Some("5000 JPY")),
    ] {
        let payment = of(reading, order).payment();
        assert_eq!(payment.state(), state, "{order}");
        assert_eq!(payment.received.map(|money| money.to_string()).as_deref(), received, "{order}");
        assert_eq!(payment.received_at.is_some(), payment.holds_money(), "{order}");
    }
}

#[test]
fn what_was_called_off_says_by_whom_as_far_as_the_file_tells() {
    use crate::commitment::Party;
    let reading = export();
    let by = |order| of(reading, order).cancelled().map(|cancelled| cancelled.by);
    assert_eq!(by("#1006"), Some(Party::Customer), "voided and cancelled");
    assert_eq!(by("#1033"), Some(Party::Customer), "voided");
    assert_eq!(by("#1007"), Some(Party::Us), "tagged as out of stock");
    assert_eq!(by("#1012"), Some(Party::Customer), "refunded before anything was handed over");
    assert_eq!(by("#1031"), None);
    let at = of(reading, "#1006").cancelled().unwrap().at;
    assert_eq!(at, "2026-09-14T16:00:00Z".parse().unwrap());
}

#[test]
fn a_personal_text_and_a_note_of_several_lines_are_kept_verbatim() {
    let reading = export();
    assert_eq!(of(reading, "#1009").notes, ["Name on the cookies: Zoë ♥ Jonas\nGift wrap: yes"]);
    assert_eq!(
        of(reading, "#1020").notes,
        ["Wedding on the 5th of December.\r\nIvory, no marzipan.\n\nCall before 18:00."]
    );
    assert_eq!(of(reading, "#1020").tags, ["wedding"]);
    assert_eq!(of(reading, "#1013").notes, ["PO: 4711/<script>alert(1)</script>"]);
}

#[test]
fn other_encodings_line_ends_and_delimiters_read_the_same() {
    let expected = export().orders.clone();
    let text = std::str::from_utf8(EXPORT).unwrap();
    let mark = [b"\xEF\xBB\xBF", EXPORT].concat();
    assert_eq!(read(&mark, assumed()).orders, expected);
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&[b"\xFF\xFE", utf_16.as_slice()].concat(), assumed()).orders, expected);
    let rows =
        "#1,a@shop.example,paid,,,,EUR,5.00,2026-11-02 09:00:00 +0100,1,Caf\u{e9} au lait,5.00,,,,,,7\n";
    let plain = read_text(rows);
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(rows);
    let file = [HEADER.as_bytes(), b"\n", &windows].concat();
    assert_eq!(read(&file, assumed()).orders, plain.orders);
    let semicolons = format!("{HEADER}\n{rows}").replace(',', ";").replace('\n', "\r\n");
    assert_eq!(read(semicolons.as_bytes(), assumed()).orders, plain.orders);
    assert_eq!(plain.orders[0].lines[0].what, "Café au lait");
}

#[test]
fn columns_may_lack_come_in_any_order_or_be_unknown() {
    let file =
        "Gift,Lineitem name,Created at,Lineitem quantity,Name\nyes,Loaf,2026-11-02 09:00:00 +0100,2,#1\n";
    let reading = read(file.as_bytes(), assumed());
    assert_eq!(reading.problems, []);
    assert_eq!(lines(&reading.orders[0]), ["2 Loaf"]);
    assert_eq!(reading.orders[0].financial, None);
}

#[test]
fn rows_of_an_order_that_lie_apart_belong_together() {
    let reading = read_text(
        "#1,a@x.example,paid,,,,USD,9.00,2026-11-02 09:00:00 +0000,1,Loaf,5.00,,,,,,7\n\
         #2,b@x.example,paid,,,,USD,5.00,2026-11-02 09:00:00 +0000,1,Loaf,5.00,,,,,,8\n\
         #1,,,,,,,,2026-11-02 09:00:00 +0000,1,Bun,4.00,,,,,,\n\
         #1,a@x.example,paid,,,,USD,9.00,2026-11-02 09:00:00 +0000,1,Loaf,5.00,,,,,,7\n",
    );
    assert_eq!(lines(of(&reading, "#1")), ["1 Loaf", "1 Bun"]);
    assert_eq!(reading.orders.len(), 2);
    says(&reading, 5, "is in the file twice");
}

#[test]
fn orders_of_two_shops_with_one_name_stay_apart() {
    let reading = read_text(
        "#1,a@x.example,paid,,,,USD,5.00,2026-11-02 09:00:00 +0000,1,Loaf,5.00,,,,,,7\n\
         #1,b@y.example,paid,,,,USD,4.00,2026-11-03 09:00:00 +0000,1,Bun,4.00,,,,,,8\n",
    );
    assert_eq!(reading.orders.len(), 2);
    assert_eq!(reading.problems, []);
    assert_eq!(
        (lines(&reading.orders[0]), lines(&reading.orders[1])),
        (vec!["1 Loaf".to_owned()], vec!["1 Bun".to_owned()])
    );
}

#[test]
fn a_file_that_is_no_export_says_so_on_its_first_line() {
    let reading = read(b"Date,Amount\n2026-11-02,5\n", assumed());
    assert_eq!(reading.orders, []);
    says(&reading, 1, "This is not a Shopify orders export: it has no columns “Name”");
}

#[test]
fn every_kind_of_bad_input_says_where_and_what_and_the_rest_comes_in() {
    let reading = read(BROKEN, assumed());
    let line_of = |order: &str| of(&reading, order).line;
    let come_in: BTreeSet<&str> = reading.orders.iter().map(|draft| draft.order.as_str()).collect();
    let left_out: Vec<u32> = (2001..=2024).filter(|n| !come_in.contains(format!("#{n}").as_str())).collect();
    assert_eq!(left_out, [2003, 2005, 2013, 2014, 2018, 2024]);

    says(&reading, 1, "The column “Tags” is there more than once");
    says(&reading, line_of("#2002"), "Column “Created at”: “2026-13-45 10:00:00 -0500” is not a date");
    says(&reading, 5, "Order #2003 was left out: neither “Created at” nor “Paid at”");
    says(&reading, 5, "Column “Created at”: “soon” is not a date like");
    says(&reading, 6, "see line 5");
    says(
        &reading,
        line_of("#2004"),
        "“20260-03-01 10:00:00 +0100” does not lie between the years 1970 and 2199",
    );
    says(&reading, 8, "Order #2005 has no lines");
    says(&reading, line_of("#2006"), "Column “Total”: “-12.00” is less than nothing");
    says(&reading, line_of("#2007"), "Column “Total”: “99999999999999.00” is not an amount");
    says(&reading, line_of("#2007"), "Column “Outstanding Balance”: “1.234,56” is not an amount");
    let quantities = line_of("#2008");
    says(&reading, quantities, "“0” of something is nothing to deliver. It was left out");
    says(&reading, quantities + 1, "“-3” of something is nothing to deliver");
    says(
        &reading,
        quantities + 2,
        "“9999999999” is not a quantity between 1 and 1,000,000. It was taken as 1",
    );
    says(&reading, quantities + 3, "“two” is not a quantity");
    assert_eq!(of(&reading, "#2008").lines.iter().map(|line| line.quantity).collect::<Vec<_>>(), [1, 1, 2]);
    assert_eq!(of(&reading, "#2009").notes[0].chars().count(), 60_000 - 1);
    assert_eq!(of(&reading, "#2010").lines[0].what, "<script>alert('card')</script>");
    assert!(of(&reading, "#2011").lines[0].what.starts_with("עוגיות"));
    assert_eq!(of(&reading, "#2012").customer.name, "Maria Silva");
    says(&reading, line_of("#2012"), "bytes that are no text (such as NUL)");
    says(&reading, line_of("#2012") + 1, "repeats the header");
    says(&reading, line_of("#2012") + 2, "“Name” is empty");
    says(&reading, line_of("#2012") + 3, "cells where the header has 81");
    says(&reading, line_of("#2015"), "“Taler” is no currency");
    says(&reading, line_of("#2016"), "“teilbezahlt” is no state of a payment");
    says(&reading, line_of("#2016"), "“verschickt” is no state of an order");
    says(&reading, line_of("#2016"), "Some of this line was fulfilled");
    let long = of(&reading, "#2017");
    assert_eq!(long.lines[0].what.chars().count(), 300);
    assert!(long.notes[0].ends_with("name"), "the whole name is kept");
    says(&reading, line_of("#2019") - 1, "A quotation mark on this line is never closed");
    assert_eq!(lines(of(&reading, "#2019")), ["2 Cardamom buns - Box of 6"]);
    assert_eq!(of(&reading, "#2020").lines.len(), 2);
    says(&reading, line_of("#2021") + 1, "This row of order #2020 is in the file twice");
    says(&reading, line_of("#2022"), "not readable as UTF-8");
    assert!(of(&reading, "#2022").customer.name.starts_with("Zoë M"));
    says(&reading, line_of("#2023"), "has no name");
    says(&reading, line_of("#2023") + 1, "The file breaks off");
}

/// The lines on which rows begin, and those of problems, must cover every line that holds something.
fn nothing_is_lost(bytes: &[u8]) -> Result<(), TestCaseError> {
    let reading = read(bytes, assumed());
    let mut accounted: BTreeSet<u32> = reading.problems.iter().map(|problem| problem.line).collect();
    accounted.extend(reading.orders.iter().flat_map(|draft| draft.rows.iter().copied()));
    let text = text::decode(bytes);
    let Ok(table) = Table::open(&text.text, NEEDS) else {
        prop_assert!(!reading.problems.is_empty());
        return Ok(());
    };
    for row in table.rows() {
        let line = row.map_or_else(|unread| unread.problem.line, |row| row.line);
        prop_assert!(accounted.contains(&line), "line {line} is in no order and no problem");
    }
    for draft in &reading.orders {
        prop_assert!(!draft.lines.is_empty());
        prop_assert!(!draft.customer.name.is_empty());
        prop_assert!(draft.lines.iter().all(|line| line.quantity > 0));
        let ids: BTreeSet<_> = draft.lines.iter().map(|line| &line.id).collect();
        prop_assert_eq!(ids.len(), draft.lines.len());
    }
    Ok(())
}

proptest! {
    // Each case reads a whole export.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        nothing_is_lost(&bytes)?;
        let _ = crate::import::recognise(&bytes);
    }

    #[test]
    fn any_rows_under_a_header_are_in_an_order_or_a_problem(rows in "([#a-z0-9\"',;\n -]{0,40}[,\n]){0,60}") {
        nothing_is_lost(format!("{HEADER}\n{rows}").as_bytes())?;
    }

    /// Bytes are overwritten, removed and doubled in a real export.
    #[test]
    fn a_damaged_export_loses_nothing_silently(
        hits in proptest::collection::vec((0..EXPORT.len(), proptest::sample::select(b"\",\n\r;'\0\xFF0-#".to_vec())), 1..12),
        cut in 0..EXPORT.len(),
        whole in any::<bool>(),
    ) {
        let mut bytes = EXPORT.to_vec();
        for (at, byte) in hits {
            bytes[at] = byte;
        }
        bytes.truncate(if whole { EXPORT.len() } else { cut });
        nothing_is_lost(&bytes)?;
    }

    /// A quotation mark in a wrong place costs the order that it stands in, perhaps the next, and no more.
    #[test]
    fn one_quotation_mark_does_not_swallow_the_file(at in 5_000..EXPORT.len()) {
        let mut bytes = EXPORT.to_vec();
        bytes[at] = b'"';
        let reading = read(&bytes, assumed());
        let orders: BTreeSet<&str> = reading.orders.iter().map(|draft| draft.order.as_str()).collect();
        let lost = export().orders.iter().filter(|draft| !orders.contains(draft.order.as_str())).count();
        prop_assert!(lost <= 2, "one quotation mark cost {lost} orders");
        nothing_is_lost(&bytes)?;
    }
}

#[test]
fn an_order_with_an_absurd_number_of_lines_is_cut_and_says_so() {
    let row = "#1,a@x.example,paid,,,,USD,9.00,2026-11-02 09:00:00 +0000,1,Loaf,5.00,,,,,,7\n";
    let reading = read_text(&row.repeat(1_200));
    assert_eq!(reading.orders[0].lines.len(), 1_000);
    assert_eq!(reading.problems.len(), 200);
}

#[test]
fn a_voided_order_that_was_handed_over_stays_delivered() {
    let reading = read_text(
        "#1,a@x.example,voided,,fulfilled,,USD,9.00,2026-11-02 09:00:00 +0000,1,Loaf,9.00,,,,,,7\n",
    );
    assert_eq!(reading.orders[0].financial, Some(Financial::Voided));
    assert_eq!(reading.orders[0].cancelled(), None);
}
