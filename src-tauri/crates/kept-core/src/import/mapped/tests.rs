use super::*;
use crate::import::{Answers, DecimalMark, Financial, Question};
use crate::money::Currency;
use proptest::prelude::*;

const BOOK: &str = "Order;Client;Item;Qty;Pick up;Total;Paid;Remarks (notes)\n\
                    7;Zoë Müller;Cake;1;03/04/26;1.234,50;200,00;no nuts\n\
                    7;;Candles;12;03/04/26;3,00;;\n\
                    8;Jon Bauer;Loaf;2;05/06/26;9,00;yes;\n";

fn assumed(answers: Answers) -> Assumed {
    let zone = "Europe/Berlin".parse().unwrap();
    Assumed {
        answers,
        ..Assumed::of(zone, "EUR".parse::<Currency>().unwrap(), "2026-03-01T09:00:00Z".parse().unwrap())
    }
}

fn guessed(look: &TableLook) -> Mapping {
    let columns = (0..).zip(&look.columns);
    let columns = columns.filter_map(|(column, look)| Some(Mapped { column, means: look.guess? }));
    Mapping { columns: columns.collect() }
}

#[test]
fn columns_are_shown_with_samples_and_a_guess() {
    let look = look(BOOK.as_bytes()).unwrap();
    let shown: Vec<_> = look.columns.iter().map(|column| (column.name.as_str(), column.guess)).collect();
    assert_eq!(
        shown,
        [
            ("Order", Some(Meaning::Order)),
            ("Client", Some(Meaning::Customer)),
            ("Item", Some(Meaning::What)),
            ("Qty", Some(Meaning::Quantity)),
            ("Pick up", Some(Meaning::Due)),
            ("Total", Some(Meaning::Price)),
            ("Paid", Some(Meaning::Paid)),
            ("Remarks (notes)", Some(Meaning::Notes)),
        ]
    );
    assert_eq!(look.columns[1].samples, ["Zoë Müller", "Jon Bauer"]);
    let other = super::look(b"Order;Client;Item\n1;2;3\n").unwrap();
    assert_ne!(other.fingerprint, look.fingerprint);
    let more = super::look(format!("{BOOK}9;New;Bun;1;01/02/26;1,00;;\n").as_bytes()).unwrap();
    assert_eq!(more.fingerprint, look.fingerprint);
}

#[test]
fn a_date_that_fits_both_ways_is_asked_about_and_then_read_as_answered() {
    let mapping = guessed(&look(BOOK.as_bytes()).unwrap());
    let asked = read(BOOK.as_bytes(), assumed(Answers::default()), &mapping);
    assert_eq!(asked.questions, [Question::Dates("03/04/26".to_owned())]);
    for (order, day) in [(DateOrder::DayFirst, "2026-04-03"), (DateOrder::MonthFirst, "2026-03-04")] {
        let answers = Answers { dates: Some(order), ..Answers::default() };
        let reading = read(BOOK.as_bytes(), assumed(answers), &mapping);
        assert_eq!(reading.questions, []);
        assert_eq!(reading.orders[0].due.unwrap().day.to_string(), day);
    }
}

#[test]
fn a_number_that_fits_both_ways_is_asked_about() {
    let book = "What,Price\nCake,1.234\nBun,2.500\n";
    let mapping = guessed(&look(book.as_bytes()).unwrap());
    let asked = read(book.as_bytes(), assumed(Answers::default()), &mapping);
    assert_eq!(asked.questions, [Question::Decimals("1.234".to_owned())]);
    let answers = Answers { decimals: Some(DecimalMark::Comma), ..Answers::default() };
    assert_eq!(read(book.as_bytes(), assumed(answers), &mapping).orders[0].total.unwrap().minor, 123_400);
}

#[test]
fn rows_with_one_number_are_one_promise_and_what_was_paid_counts() {
    let mapping = guessed(&look(BOOK.as_bytes()).unwrap());
    let answers = Answers { dates: Some(DateOrder::DayFirst), ..Answers::default() };
    let reading = read(BOOK.as_bytes(), assumed(answers), &mapping);
    assert_eq!(reading.problems, []);
    let [cake, loaf] = reading.orders.as_slice() else { panic!("{} orders", reading.orders.len()) };
    assert_eq!(
        (cake.lines.len(), cake.customer.name.as_str(), cake.notes[0].as_str()),
        (2, "Zoë Müller", "no nuts")
    );
    assert_eq!(cake.lines[1].quantity, 12);
    assert_eq!(cake.total.unwrap().minor, 123_750);
    assert_eq!(loaf.financial, Some(Financial::Paid));
    assert_eq!(read(BOOK.as_bytes(), assumed(answers), &mapping), reading, "the same file reads the same");
}

#[test]
fn what_is_no_table_or_too_wide_says_so() {
    assert!(look(b"hello\nworld\n").unwrap_err().contains("no table"));
    let wide = vec!["c"; 3_000].join(",");
    assert!(look(format!("{wide}\n{wide}\n").as_bytes()).unwrap_err().contains("3000 columns"));
}

proptest! {
    #[test]
    fn any_table_loses_nothing_silently(
        rows in "([a-z0-9@/.\"',;\n -]{0,20}[,\n]){0,60}",
        means in proptest::collection::vec((0..8_u32, prop::sample::select(Meaning::ALL.to_vec())), 0..8),
    ) {
        let text = format!("a,b,c,d\n{rows}");
        let columns = means.into_iter().map(|(column, means)| Mapped { column, means });
        let mapping = Mapping { columns: columns.collect() };
        let _ = look(text.as_bytes());
        let reading = read(text.as_bytes(), assumed(Answers::default()), &mapping);
        let mut accounted: Vec<u32> = reading.problems.iter().map(|problem| problem.line).collect();
        accounted.extend(reading.orders.iter().flat_map(|draft| &draft.rows));
        if let Some(table) = Table::open_any(&text) {
            for row in table.rows() {
                let line = row.map_or_else(|unread| unread.problem.line, |row| row.line);
                prop_assert!(accounted.contains(&line), "line {line} is lost");
            }
        }
    }
}
