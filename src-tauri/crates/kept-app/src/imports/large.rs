//! Files that are read in pieces, on all cores. One that is too large to be held is gone through once to see what is in it;
//! its orders are read again, some at a time, when they are brought in.

use super::contents::{OnDisk, unreadable};
use super::known::People;
use crate::cores::Cores;
use crate::failure::Failure;
use crate::rows::to_u32;
use kept_core::import::mapped::{self, Mapping};
use kept_core::import::{Assumed, Bytes, InPieces, OrderDraft, PieceText, Reading, Source, Unsplit};
use kept_core::views::LineProblem;
use kept_core::words::count;
use std::io;
use std::ops::ControlFlow;
use std::thread;

/// So many problems of a large file are kept. One that is all wrong has one on every line.
const PROBLEMS_MOST: usize = 100_000;
/// Longer files are read in pieces even where they are held, because that is quicker.
const IN_PIECES: usize = 2 * 1024 * 1024;

/// How a file is read.
#[derive(Clone, Debug)]
pub(super) enum How {
    /// As what it shows to be.
    Source(&'static Source),
    /// By what its columns mean.
    Table(Mapping),
}

/// A large file of which it is known what is in it.
#[derive(Debug)]
pub(super) struct LargeFile {
    name: String,
    contents: OnDisk,
    pieces: Pieces,
}

/// How a file is cut, and how its pieces are read.
#[derive(Debug)]
struct Pieces {
    how: How,
    cut: InPieces,
    assumed: Assumed,
}

/// What is in a file that was read in pieces.
pub(super) struct Survey {
    /// How many orders.
    pub orders: usize,
    /// Everybody who ordered; only of a file whose orders are not held.
    pub people: People,
    /// All that it tells; without the orders where they are not held.
    pub reading: Reading,
    holds_orders: bool,
    more_problems: usize,
}

impl How {
    /// Reads a file that is held: in pieces on all cores, if it is long enough for that.
    pub(super) fn read_held(&self, bytes: &[u8], assumed: Assumed) -> Reading {
        if bytes.len() > IN_PIECES
            && let Ok(mut pieces) = Pieces::of(self.clone(), &bytes, assumed)
            && let Ok(survey) = pieces.settle(&bytes, true)
        {
            return survey.reading;
        }
        self.read(bytes, assumed)
    }

    /// Reads bytes that are a whole file.
    fn read(&self, bytes: &[u8], assumed: Assumed) -> Reading {
        match self {
            Self::Source(source) => (source.read)(bytes, assumed),
            Self::Table(mapping) => mapped::read(bytes, assumed, mapping),
        }
    }
}

impl LargeFile {
    /// Goes through a file.
    pub(super) fn survey(
        name: &str,
        contents: OnDisk,
        how: How,
        assumed: Assumed,
    ) -> Result<(Self, Survey), Unsplit> {
        let mut pieces = Pieces::of(how, &contents, assumed)?;
        let survey = pieces.settle(&contents, false)?;
        Ok((Self { name: name.to_owned(), contents, pieces }, survey))
    }

    /// Reads the orders, some at a time.
    pub(super) fn orders(
        &self,
        mut hear: impl FnMut(Vec<OrderDraft>) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let read = self.pieces.read(&self.contents, |reading| hear(reading.orders));
        read.map_err(|error| unreadable(&self.name, &error))
    }
}

impl Pieces {
    fn of(how: How, bytes: &dyn Bytes, assumed: Assumed) -> Result<Self, Unsplit> {
        let cut = match &how {
            How::Source(source) => InPieces::of(source, bytes),
            How::Table(mapping) => InPieces::of_table(mapping, bytes),
        }?;
        Ok(Self { how, cut, assumed })
    }

    /// Reads all of it once; and once more where a later piece shows what dates or numbers of earlier ones mean.
    fn settle(&mut self, bytes: &dyn Bytes, holds_orders: bool) -> io::Result<Survey> {
        loop {
            let known = self.assumed.answers;
            let mut shows = known;
            let mut survey = Survey::new(self.cut.problems(), holds_orders);
            self.read(bytes, |reading| {
                shows = known.or(reading.shows);
                survey.hear(reading);
                if shows == known { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            if shows == known {
                survey.finish();
                return Ok(survey);
            }
            self.assumed.answers = shows;
        }
    }

    /// Reads piece after piece, as many at a time as there are cores.
    fn read(&self, bytes: &dyn Bytes, mut hear: impl FnMut(Reading) -> ControlFlow<()>) -> io::Result<()> {
        let read = |text: PieceText| text.read(self.assumed, &|bytes, assumed| self.how.read(bytes, assumed));
        let mut texts = self.cut.texts(bytes)?;
        thread::scope(|scope| {
            // A piece that was read takes several times the room of its text.
            let mut cores = Cores::begin(scope, 1, &read)?;
            loop {
                while cores.have_room()
                    && let Some(text) = texts.next()
                {
                    cores.give(text?);
                }
                match cores.take().map(&mut hear) {
                    Some(ControlFlow::Continue(())) => {}
                    Some(ControlFlow::Break(())) | None => return Ok(()),
                }
            }
        })
    }
}

impl Survey {
    fn new(problems: &[LineProblem], holds_orders: bool) -> Self {
        let (people, mut reading) = (People::default(), Reading::empty());
        reading.problems.extend_from_slice(problems);
        Self { orders: 0, people, reading, holds_orders, more_problems: 0 }
    }

    fn hear(&mut self, mut piece: Reading) {
        self.orders += piece.orders.len();
        if !self.holds_orders {
            for order in std::mem::take(&mut piece.orders) {
                self.people.hear(&order.customer, order.placed_at);
            }
        }
        let room = PROBLEMS_MOST.saturating_sub(self.reading.problems.len());
        self.more_problems += piece.problems.len().saturating_sub(room);
        piece.problems.truncate(room);
        self.reading.and(piece);
    }

    fn finish(&mut self) {
        self.reading.problems.sort_by_key(|problem| problem.line);
        if self.more_problems > 0 {
            let last = self.reading.problems.last().map_or(1, |problem| problem.line);
            let more = count(to_u32(self.more_problems), "more problem");
            let is = format!("There are {more} behind this line. Put these right first.");
            self.reading.problems.push(LineProblem::new(last, is));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kept_core::import::{Answers, recognise};
    use std::fmt::Write as _;

    /// Orders of which only the last one's date shows which number of a date is the day; one line is wrong.
    fn etsy_orders(most: usize) -> String {
        let mut text = String::from("Sale Date,Order ID,Full Name,Number of Items,Status,SKU\n");
        let mut order = 0;
        while text.len() < most {
            let (date, name) = (if order == 7 { "soon" } else { "02/03/26" }, "Zoë Müller ".repeat(20));
            writeln!(text, "{date},{order},{name},1,Paid,\"MUG-2,\nBOWL-{order}\"").unwrap();
            order += 1;
        }
        text + "13/04/26,end,Ada Lindqvist,1,Paid,MUG-2\n"
    }

    #[test]
    fn a_file_that_is_held_tells_the_same_whether_it_is_read_in_pieces_or_whole() {
        let zone = "Europe/Berlin".parse().unwrap();
        let assumed = Assumed::of(zone, "EUR".parse().unwrap(), "2026-11-20T09:00:00Z".parse().unwrap());
        let how = How::Source(recognise(etsy_orders(0).as_bytes()).unwrap());
        let text = etsy_orders(IN_PIECES * 2);
        let (in_pieces, whole) =
            (how.read_held(text.as_bytes(), assumed), how.read(text.as_bytes(), assumed));
        assert!(whole.orders.len() > 10_000 && whole.problems.len() == 2, "{:?}", whole.problems);
        assert_eq!(in_pieces.orders, whole.orders);
        // Nobody asks any more for what it has shown.
        let beside = |reading| Reading { orders: Vec::new(), shows: Answers::default(), ..reading };
        assert_eq!(beside(in_pieces), beside(whole));
    }
}
