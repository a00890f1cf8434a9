//! A file that is too large to be held. It is gone through once to see what is in it; its orders are read again, some at a
//! time, when they are brought in.

use super::contents::{OnDisk, unreadable};
use super::known::People;
use crate::cores::Cores;
use crate::failure::Failure;
use crate::rows::to_u32;
use kept_core::import::mapped::{self, Mapping};
use kept_core::import::{Assumed, InPieces, OrderDraft, PieceText, Reading, Source, Unsplit};
use kept_core::views::LineProblem;
use kept_core::words::count;
use std::io;
use std::ops::ControlFlow;
use std::thread;

/// So many problems of a large file are kept. One that is all wrong has one on every line.
const PROBLEMS_MOST: usize = 100_000;

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
    how: How,
    cut: InPieces,
    assumed: Assumed,
}

/// What is in a large file.
pub(super) struct Survey {
    /// How many orders.
    pub orders: usize,
    /// Everybody who ordered.
    pub people: People,
    /// All beside the orders.
    pub reading: Reading,
    more_problems: usize,
}

impl How {
    /// Reads bytes that are a whole file.
    pub(super) fn read(&self, bytes: &[u8], assumed: Assumed) -> Reading {
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
        let cut = match &how {
            How::Source(source) => InPieces::of(source, &contents),
            How::Table(mapping) => InPieces::of_table(mapping, &contents),
        }?;
        let mut it = Self { name: name.to_owned(), contents, how, cut, assumed };
        let survey = it.settle()?;
        Ok((it, survey))
    }

    /// Reads the orders, some at a time.
    pub(super) fn orders(
        &self,
        mut hear: impl FnMut(Vec<OrderDraft>) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        self.read(|reading| hear(reading.orders)).map_err(|error| unreadable(&self.name, &error))
    }

    /// Reads all of it once; and once more where a later piece shows what dates or numbers of earlier ones mean.
    fn settle(&mut self) -> io::Result<Survey> {
        loop {
            let known = self.assumed.answers;
            let mut shows = known;
            let mut survey = Survey::new(self.cut.problems());
            self.read(|reading| {
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
    fn read(&self, mut hear: impl FnMut(Reading) -> ControlFlow<()>) -> io::Result<()> {
        let read = |text: PieceText| text.read(self.assumed, &|bytes, assumed| self.how.read(bytes, assumed));
        let mut texts = self.cut.texts(&self.contents)?;
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
    fn new(problems: &[LineProblem]) -> Self {
        let mut survey =
            Self { orders: 0, people: People::default(), reading: Reading::empty(), more_problems: 0 };
        survey.reading.problems.extend_from_slice(problems);
        survey
    }

    fn hear(&mut self, mut piece: Reading) {
        let orders = std::mem::take(&mut piece.orders);
        self.orders += orders.len();
        for order in &orders {
            self.people.hear(&order.customer, order.placed_at);
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
