//! Rows to orders, the same for every source whose export is a table.
//!
//! A source says what each row tells; here the rows of one order come together, however they lie in the file. A fact
//! is taken from the first row that has it.

use super::amounts::{DecimalMark, Marks, amount};
use super::customer::CustomerDraft;
use super::dates::{DateOrder, Moment, Shows};
use super::order::{Financial, Fulfilment, LineDraft, OrderDraft, name_mark};
use super::payment::PaymentDraft;
use super::said::Said;
use super::table::{Column, Row, Table};
use super::values::{Quantity, cut, quantity, short, without_apostrophe};
use super::{Answers, Assumed, Question, Reading, Signs, Source, text};
use crate::day::{Due, Stamp};
use crate::draft::NAME_MOST;
use crate::money::{Currency, Money};
use std::collections::HashMap;

/// More lines than this are no order of a small business.
const LINES_MOST: usize = 1_000;

/// What a table tells, while its rows come in.
pub(super) struct Gathering {
    /// What is wrong.
    pub said: Said,
    /// Payments that are no order of their own.
    pub payments: Vec<PaymentDraft>,
    /// Lines that hold nothing, by the format's own rule.
    pub passed_over: Vec<u32>,
    /// Whether a row that begins so is no row of the table but a footer.
    pub footer: fn(&str) -> bool,
    /// What holds where the file does not say it.
    pub assumed: Assumed,
    source: &'static Source,
    dates: DateOrder,
    decimals: DecimalMark,
    questions: Vec<Question>,
    /// What the file itself answers.
    shows: Answers,
    orders: Vec<Gathered>,
    by_name: HashMap<String, usize>,
}

/// One order, while its rows come in.
struct Gathered {
    draft: OrderDraft,
    placed_at: Option<Stamp>,
    /// The mark of each line's name.
    marks: Vec<u64>,
}

/// What a row tells of the order as a whole.
#[derive(Default)]
pub(super) struct Facts {
    pub customer: CustomerDraft,
    pub placed_at: Option<Stamp>,
    pub paid_at: Option<Stamp>,
    pub fulfilled_at: Option<Stamp>,
    pub cancelled_at: Option<Stamp>,
    pub due: Option<Due>,
    pub financial: Option<Financial>,
    pub fulfilment: Option<Fulfilment>,
    pub total: Option<Money>,
    pub refunded: Option<Money>,
    pub outstanding: Option<Money>,
    pub on_account: bool,
    pub notes: Vec<String>,
    pub tags: Vec<String>,
}

/// What a row tells of one line of an order.
pub(super) struct LineFacts<'a> {
    /// The source's own number for it; empty if it has none.
    pub id: &'a str,
    pub what: &'a str,
    pub quantity: u32,
    pub price: Option<Money>,
    pub sku: &'a str,
    pub fulfilment: Fulfilment,
}

/// The place of an order among those that were gathered.
#[derive(Clone, Copy)]
pub(super) struct At(usize);

impl Gathering {
    /// Reads a whole table with the columns that its source needs: `look` finds them and goes through the rows.
    pub(super) fn read(
        bytes: &[u8],
        source: &'static Source,
        assumed: Assumed,
        look: impl FnOnce(&mut Self, &Table<'_>),
    ) -> Reading {
        let needs = match source.is {
            Signs::Columns(needs) => needs,
            Signs::Text(_) => &[],
        };
        Self::read_with(
            bytes,
            source,
            assumed,
            |text| Table::open(text, needs).map_err(|missing| missing.words(source.named)),
            look,
        )
    }

    /// Reads a whole table that is opened in a way of its own.
    pub(super) fn read_with(
        bytes: &[u8],
        source: &'static Source,
        assumed: Assumed,
        open: impl FnOnce(&str) -> Result<Table<'_>, String>,
        look: impl FnOnce(&mut Self, &Table<'_>),
    ) -> Reading {
        let text = text::decode(bytes);
        let mut gathering = Self::new(source, assumed, Said(text.problems));
        match open(&text.text) {
            Err(words) => gathering.said.say(1, words),
            Ok(table) => look(&mut gathering, &table),
        }
        gathering.finish()
    }

    /// Nothing yet, for a source that is no table.
    pub(super) fn new(source: &'static Source, assumed: Assumed, said: Said) -> Self {
        Self {
            said,
            payments: Vec::new(),
            passed_over: Vec::new(),
            footer: |_| false,
            assumed,
            source,
            dates: assumed.answers.dates.unwrap_or(DateOrder::DayFirst),
            decimals: assumed.answers.decimals.unwrap_or(DecimalMark::Point),
            questions: Vec::new(),
            shows: Answers::default(),
            orders: Vec::new(),
            by_name: HashMap::new(),
        }
    }

    /// Goes through the rows. Whatever is none is said.
    pub(super) fn each_row(&mut self, table: &Table<'_>, each: impl Fn(&mut Self, &Row)) {
        for row in table.rows() {
            match row {
                Ok(row) if row.is_header_of(table) => {
                    self.said.say(row.line, "This line repeats the header. It was left out.");
                }
                Ok(row) if (self.footer)(row.first()) => self.passed_over.push(row.line),
                Ok(row) => each(self, &row),
                Err(unread) if (self.footer)(&unread.first) => self.passed_over.push(unread.problem.line),
                Err(unread) => self.said.0.push(unread.problem),
            }
        }
    }

    /// Finds out which number of a date is the day: from the answer, from the file, else as is usual for the source,
    /// else the owner is asked.
    pub(super) fn settle_dates(&mut self, table: &Table<'_>, columns: &[Column], usual: Option<DateOrder>) {
        if self.assumed.answers.dates.is_some() {
            return;
        }
        let mut in_doubt = None;
        for row in table.rows().flatten() {
            for text in columns.iter().map(|column| row.text(*column)) {
                match Shows::of(text) {
                    Shows::Order(order) => {
                        self.dates = order;
                        self.shows.dates = Some(order);
                        return;
                    }
                    Shows::Either if in_doubt.is_none() => in_doubt = Some(short(text)),
                    Shows::Either | Shows::Nothing => {}
                }
            }
        }
        match (usual, in_doubt) {
            (Some(usual), _) => self.dates = usual,
            (None, Some(example)) => self.questions.push(Question::Dates(example)),
            (None, None) => {}
        }
    }

    /// Finds out what parts the whole from the fraction, in the same way.
    pub(super) fn settle_decimals(
        &mut self,
        table: &Table<'_>,
        columns: &[Column],
        usual: Option<DecimalMark>,
    ) {
        if self.assumed.answers.decimals.is_some() {
            return;
        }
        if let Some(usual) = usual {
            self.decimals = usual;
            return;
        }
        let mut in_doubt = None;
        for row in table.rows().flatten() {
            for text in columns.iter().map(|column| row.text(*column)) {
                match Marks::of(text) {
                    Marks::Mark(mark) => {
                        self.decimals = mark;
                        self.shows.decimals = Some(mark);
                        return;
                    }
                    Marks::Either if in_doubt.is_none() => in_doubt = Some(short(text)),
                    Marks::Either | Marks::Nothing => {}
                }
            }
        }
        self.questions.extend(in_doubt.map(Question::Decimals));
    }

    /// The order of a name, begun here if there was none; takes over whatever it still lacks.
    pub(super) fn order(&mut self, line: u32, name: &str, id: &str, facts: Facts) -> At {
        let name = short(without_apostrophe(name));
        let at = match self.orders.last() {
            Some(last) if last.draft.order == name => self.orders.len() - 1,
            _ => *self.by_name.entry(name.clone()).or_insert(self.orders.len()),
        };
        if at == self.orders.len() {
            let draft = OrderDraft::empty(self.source.shop, name, id.to_owned(), line);
            self.orders.push(Gathered { draft, placed_at: None, marks: Vec::new() });
        }
        self.orders[at].take(line, facts);
        At(at)
    }

    /// The name of the order that was told of last.
    pub(super) fn latest(&self) -> Option<String> {
        self.orders.last().map(|order| order.draft.order.clone())
    }

    /// A name for an order of a source that has no numbers: its words, with a count if they are not the first.
    pub(super) fn unused_name(&self, words: &str) -> String {
        let name = short(words);
        let mut unused = name.clone();
        let mut count = 1;
        while self.by_name.contains_key(&unused) {
            count += 1;
            // A count at the end must not be cut off again.
            unused = format!("{} ({count})", cut(&name, 50));
        }
        unused
    }

    /// Says that a row names no order.
    pub(super) fn nameless(&mut self, row: &Row, order: Column) {
        let is = format!(
            "The column “{}” is empty, so that this row belongs to no order. It was left out.",
            order.name
        );
        self.said.say(row.line, is);
    }

    /// A line of an order; false if it was left out. One that has the number of another is in the file twice.
    pub(super) fn line(&mut self, at: At, line: u32, facts: &LineFacts<'_>) -> bool {
        let order = &mut self.orders[at.0];
        if order.draft.lines.len() == LINES_MOST {
            let name = &order.draft.order;
            self.said
                .say(line, format!("Order {name} has more than {LINES_MOST} lines. This one was left out."));
            return false;
        }
        if !facts.id.is_empty() && order.draft.lines.iter().any(|other| other.id == facts.id) {
            let name = &order.draft.order;
            self.said.say(
                line,
                format!("This row of order {name} is in the file twice. The second one was left out."),
            );
            return false;
        }
        order.add_line(line, facts);
        true
    }

    /// Money of an order was given back; false if no row before told of the order.
    pub(super) fn give_back(&mut self, line: u32, name: &str, money: Money) -> bool {
        let Some(order) = self.by_name.get(name).and_then(|at| self.orders.get_mut(*at)) else {
            return false;
        };
        let draft = &mut order.draft;
        draft.rows.push(line);
        let before = draft.refunded.map_or(0, |back| back.minor);
        let refunded = Money::new(before.saturating_add(money.minor).min(Money::MOST), money.currency);
        let all = draft.total.is_some_and(|total| refunded.minor >= total.minor);
        draft.refunded = Some(refunded);
        draft.financial = Some(if all { Financial::Refunded } else { Financial::PartiallyRefunded });
        true
    }

    /// Adds a line's price to the order's, for sources that name no total.
    pub(super) fn add_to_total(&mut self, at: At, price: Option<Money>) {
        let draft = &mut self.orders[at.0].draft;
        let Some(price) = price else { return };
        if draft.total.is_some() && !draft.total_is_sum {
            return;
        }
        let before =
            draft.total.filter(|total| total.currency == price.currency).map_or(0, |total| total.minor);
        draft.total = Some(Money::new(before.saturating_add(price.minor).min(Money::MOST), price.currency));
        draft.total_is_sum = true;
    }

    /// The instant in a cell; none if it is empty or no date, which is then said.
    pub(super) fn stamp(&mut self, row: &Row, column: Column) -> Option<Stamp> {
        let zone = self.assumed.zone;
        self.moment(row, column, |moment| moment.stamp(zone))
    }

    /// The promised date in a cell.
    pub(super) fn due(&mut self, row: &Row, column: Column) -> Option<Due> {
        let zone = self.assumed.zone;
        self.moment(row, column, |moment| moment.due(zone))
    }

    /// The instant in a text that was put together from several cells.
    pub(super) fn stamp_of(&mut self, line: u32, column: Column, text: &str) -> Option<Stamp> {
        let zone = self.assumed.zone;
        self.moment_of(line, column, text, |moment| moment.stamp(zone))
    }

    fn moment<T>(&mut self, row: &Row, column: Column, is: impl Fn(Moment) -> Option<T>) -> Option<T> {
        self.moment_of(row.line, column, row.text(column), is)
    }

    fn moment_of<T>(
        &mut self,
        line: u32,
        column: Column,
        text: &str,
        is: impl Fn(Moment) -> Option<T>,
    ) -> Option<T> {
        if matches!(text, "" | "--" | "-" | "N/A") {
            return None;
        }
        let Some(moment) = Moment::read(text, self.dates) else {
            let wrong = format!("“{}” is not a date that Kept can read", short(text));
            self.said.cell(line, column, &wrong, "left empty");
            return None;
        };
        let read = is(moment);
        if read.is_none() {
            let wrong = format!("“{}” does not lie between the years 1970 and 2199", short(text));
            self.said.cell(line, column, &wrong, "left empty");
        }
        read
    }

    /// The amount in a cell, of at least nothing.
    pub(super) fn amount(&mut self, row: &Row, column: Column, currency: Currency) -> Option<Money> {
        let money = self.signed_amount(row, column, currency)?;
        if money.minor < 0 {
            let wrong = format!("“{}” is less than nothing", short(row.text(column)));
            self.said.cell(row.line, column, &wrong, "left empty");
            return None;
        }
        Some(money)
    }

    /// The amount in a cell, also one that was given back.
    pub(super) fn signed_amount(&mut self, row: &Row, column: Column, currency: Currency) -> Option<Money> {
        let text = row.text(column);
        if matches!(text, "" | "--" | "-") {
            return None;
        }
        amount(text, self.decimals, currency)
            .map_err(|wrong| self.said.cell(row.line, column, &wrong, "left empty"))
            .ok()
    }

    /// The currency in a cell; the business's own if there is none.
    pub(super) fn currency(&mut self, row: &Row, column: Column) -> Currency {
        let text = row.text(column);
        if text.is_empty() {
            return self.assumed.currency;
        }
        text.to_uppercase().parse().unwrap_or_else(|_| {
            let wrong = format!("“{}” is no currency", short(text));
            let done = format!("taken as {}", self.assumed.currency);
            self.said.cell(row.line, column, &wrong, &done);
            self.assumed.currency
        })
    }

    /// The quantity in a cell; none if nothing is owed. An empty cell is one; so is one that cannot be read, rather
    /// than lost.
    pub(super) fn quantity(&mut self, row: &Row, column: Column) -> Option<u32> {
        let text = row.text(column);
        if text.is_empty() {
            return Some(1);
        }
        match quantity(text) {
            Quantity::Of(quantity) => Some(quantity),
            Quantity::Nothing => {
                let wrong = format!("“{}” of something is nothing to deliver", short(text));
                self.said.cell(row.line, column, &wrong, "left out");
                None
            }
            Quantity::Unreadable => {
                let wrong = format!("“{}” is not a quantity between 1 and 1,000,000", short(text));
                self.said.cell(row.line, column, &wrong, "taken as 1");
                Some(1)
            }
        }
    }

    /// What was read, once all rows are there.
    pub(super) fn finish(self) -> Reading {
        let Self { mut said, orders, .. } = self;
        let orders = orders.into_iter().filter_map(|order| order.finish(&mut said)).collect();
        Reading {
            orders,
            payments: self.payments,
            questions: self.questions,
            shows: self.shows,
            passed_over: self.passed_over,
            problems: said.by_line(),
            ..Reading::empty()
        }
    }
}

impl Gathered {
    fn take(&mut self, line: u32, facts: Facts) {
        let draft = &mut self.draft;
        draft.rows.push(line);
        self.placed_at = self.placed_at.or(facts.placed_at);
        draft.paid_at = draft.paid_at.or(facts.paid_at);
        // Lines may be handed over one by one: the order is when the last of them is.
        draft.fulfilled_at = draft.fulfilled_at.max(facts.fulfilled_at);
        draft.cancelled_at = draft.cancelled_at.or(facts.cancelled_at);
        draft.due = draft.due.or(facts.due);
        draft.financial = draft.financial.or(facts.financial);
        draft.fulfilment = draft.fulfilment.or(facts.fulfilment);
        if facts.total.is_some() && (draft.total.is_none() || draft.total_is_sum) {
            draft.total = facts.total;
            draft.total_is_sum = false;
        }
        draft.refunded = draft.refunded.or(facts.refunded);
        draft.outstanding = draft.outstanding.or(facts.outstanding);
        draft.on_account |= facts.on_account;
        draft.customer.fill(facts.customer);
        for note in facts.notes.into_iter().filter(|note| !note.is_empty()) {
            if !draft.notes.contains(&note) {
                draft.notes.push(note);
            }
        }
        for tag in facts.tags {
            if !draft.tags.contains(&tag) {
                draft.tags.push(tag);
            }
        }
    }

    fn add_line(&mut self, line: u32, facts: &LineFacts<'_>) {
        let what = match (facts.what, facts.sku) {
            ("", "") => "Item",
            ("", sku) => sku,
            (what, _) => what,
        };
        let mark = name_mark(what);
        let id = if facts.id.is_empty() {
            // The same name is the same line at the next import, whatever stands around it.
            let alike = self.marks.iter().filter(|other| **other == mark).count();
            format!("{}-{mark:x}", alike + 1)
        } else {
            facts.id.to_owned()
        };
        self.marks.push(mark);
        self.draft.lines.push(LineDraft {
            line,
            id,
            what: cut(what, NAME_MOST),
            quantity: facts.quantity,
            price: facts.price,
            sku: facts.sku.to_owned(),
            ships: true,
            fulfilment: facts.fulfilment,
        });
        if self.draft.lines.last().is_some_and(|line| line.what != what) {
            // What is too long for a name is kept whole beside it.
            self.draft.notes.push(what.to_owned());
        }
    }

    fn finish(mut self, said: &mut Said) -> Option<OrderDraft> {
        let name = &self.draft.order;
        if self.draft.lines.is_empty() {
            said.each(&self.draft.rows, format!("Order {name} has no lines to deliver. It was left out."));
            return None;
        }
        let Some(placed_at) = self.placed_at.or(self.draft.paid_at) else {
            let is = format!("Order {name} was left out: no date says when it was placed.");
            said.each(&self.draft.rows, is);
            return None;
        };
        self.draft.placed_at = placed_at;
        self.draft.name_customer(said);
        Some(self.draft)
    }
}
