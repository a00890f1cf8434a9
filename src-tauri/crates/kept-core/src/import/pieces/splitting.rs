//! Where a large file is cut.

use super::{Apart, Hole, InPieces, Piece, Sizes, Stray, Unsplit};
use crate::import::decoding::{Bytes, Decoding, Ends, written};
use crate::import::mapped::{Mapping, Meaning};
use crate::import::table::{Column, Form, Placed, Row, Table};
use crate::import::text::Lines;
use crate::import::values::{short, without_apostrophe};
use crate::import::{Signs, Source};
use crate::views::LineProblem;
use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};
use std::io;

/// So much may be read a second time after broken quotes, beside twice of what was read well; then quotes no longer
/// span lines at all. It keeps a hostile file from taking for ever.
const PATIENCE: u64 = 32 * 1024 * 1024;

/// A file that is being gone through.
pub(super) struct Splitting<'b> {
    window: Window<'b>,
    cut: InPieces,
    /// By which rows belong together: the first of these that has a text.
    keys: Vec<Vec<Column>>,
    /// In which piece the rows of a key are. Two keys of one mark only share a piece.
    places: HashMap<u64, usize>,
    /// How many bytes of the last piece are left out of it.
    left_out: u64,
    /// How many bytes lie astray.
    astray: usize,
    /// How many bytes were looked at more than once.
    again: u64,
}

/// What is looked at of a file.
struct Window<'b> {
    decoding: Decoding<'b>,
    text: String,
    /// Where the text begins in the whole one.
    from: u64,
    /// So many lines end before it.
    ended: u32,
}

impl<'b> Splitting<'b> {
    pub(super) fn of_source(
        source: &Source,
        bytes: &'b dyn Bytes,
        sizes: Sizes,
    ) -> Result<InPieces, Unsplit> {
        let splitting = Self::begin(bytes, sizes)?;
        match (source.apart, source.is) {
            (Apart::Rows(keys), Signs::Columns(needs)) => {
                let open = |text: &str| {
                    let table = Table::open(text, needs).map_err(|missing| missing.words(source.named))?;
                    Ok((table.form(), keys.iter().map(|names| vec![table.column(names)]).collect()))
                };
                splitting.rows(open)
            }
            (Apart::Cards(begins), _) => splitting.cards(begins),
            (Apart::Nothing, _) | (Apart::Rows(_), Signs::Text(_)) => splitting.whole(),
        }
    }

    pub(super) fn of_table(
        mapping: &Mapping,
        bytes: &'b dyn Bytes,
        sizes: Sizes,
    ) -> Result<InPieces, Unsplit> {
        let columns = |meanings: &[Meaning]| -> Vec<Column> {
            let places = meanings.iter().flat_map(|meaning| mapping.places(*meaning));
            places.map(|at| Column::at("", at)).collect()
        };
        // Rows without a number are known by their words, see `name_of`.
        let keys = vec![
            columns(&[Meaning::Order]),
            columns(&[Meaning::Customer, Meaning::Email, Meaning::What, Meaning::Due]),
        ];
        Self::begin(bytes, sizes)?.rows(|text| {
            let table = Table::open_any(text).ok_or("This is no table that Kept can read.")?;
            Ok((table.form(), keys))
        })
    }

    fn begin(bytes: &'b dyn Bytes, sizes: Sizes) -> io::Result<Self> {
        let written = written(bytes, sizes.decoded)?;
        let decoding = Decoding::begin(bytes, written, sizes.decoded)?;
        let cut = InPieces {
            head: String::new(),
            pieces: Vec::new(),
            holes: Vec::new(),
            problems: Vec::new(),
            written,
            sizes,
        };
        Ok(Self {
            window: Window { decoding, text: String::new(), from: 0, ended: 0 },
            cut,
            keys: Vec::new(),
            places: HashMap::new(),
            left_out: 0,
            astray: 0,
            again: 0,
        })
    }

    /// Cuts a table between rows that belong to different orders.
    fn rows(
        mut self,
        open: impl FnOnce(&str) -> Result<(Form, Vec<Vec<Column>>), String>,
    ) -> Result<InPieces, Unsplit> {
        let Sizes { head, stretch, row, .. } = self.cut.sizes;
        self.window.fill(head)?;
        let (mut form, keys) = open(self.window.head()).map_err(Unsplit::Refused)?;
        self.keys = keys;
        self.window.text[..form.body].clone_into(&mut self.cut.head);
        self.window.drop_before(form.body);
        self.cut.pieces.push(self.window.piece());
        let mut wanted = stretch;
        loop {
            self.window.fill(wanted)?;
            let more = !self.window.decoding.has_ended();
            let reached = self.stretch(&form, more, usize::MAX)?;
            if !more {
                break;
            }
            wanted = stretch;
            if reached > 0 {
                self.window.drop_before(reached);
                continue;
            }
            self.lose_patience(&mut form);
            if self.window.text.len() < row {
                wanted = self.window.text.len() + stretch;
                continue;
            }
            // No row reaches so far: a quotation mark is never closed, or a line has no end.
            let reached = self.stretch(&form, false, 1)?;
            if (1..self.window.text.len()).contains(&reached) {
                self.window.drop_before(reached);
            } else {
                self.skip_line()?;
            }
        }
        Ok(self.finish())
    }

    /// Takes at most so many rows of what is looked at; says up to where.
    fn stretch(&mut self, form: &Form, goes_on: bool, most: usize) -> Result<usize, Unsplit> {
        let text = std::mem::take(&mut self.window.text);
        let table = form.over(&text, 0, goes_on);
        let mut rows = table.rows();
        for _ in 0..most {
            let Some(placed) = rows.placed() else { break };
            // The only row of a stretch that is no whole one is a line without an end, or a broken one.
            if most > 1 || placed.end < text.len() {
                self.take(&text, &placed)?;
            }
        }
        let reached = rows.reached();
        self.window.text = text;
        Ok(reached)
    }

    /// Puts a row where the others of its order are.
    fn take(&mut self, text: &str, placed: &Placed) -> Result<(), Unsplit> {
        let from = self.window.from + placed.start as u64;
        let current = self.cut.pieces.len() - 1;
        let length = self.cut.pieces.last().map_or(0, |piece| from - piece.from - self.left_out);
        let Ok(row) = &placed.row else { return Ok(()) };
        let place = match self.key(row).map(|key| self.places.entry(key)) {
            // It belongs to the order that was begun last, which is in this piece.
            None => current,
            Some(Entry::Occupied(known)) => *known.get(),
            Some(Entry::Vacant(new)) if length >= self.cut.sizes.piece as u64 => {
                let line = self.window.ended.saturating_add(placed.line);
                self.cut.pieces.push(Piece { from, line, astray: Vec::new() });
                self.left_out = 0;
                *new.insert(current + 1)
            }
            Some(Entry::Vacant(new)) => *new.insert(current),
        };
        if length > self.cut.sizes.piece_most as u64 {
            return Err(Unsplit::Refused(too_long_an_order()));
        }
        if place < current { self.put_astray(text, placed, place) } else { Ok(()) }
    }

    fn put_astray(&mut self, text: &str, placed: &Placed, place: usize) -> Result<(), Unsplit> {
        let raw = text[placed.start..placed.end].trim_end_matches(['\r', '\n']);
        self.astray += raw.len() + size_of::<Stray>();
        if self.astray > self.cut.sizes.astray {
            return Err(Unsplit::Refused(
                "The rows of its orders lie too far apart. Sort the file by order, or export it in several parts."
                    .to_owned(),
            ));
        }
        let from = self.window.from + placed.start as u64;
        self.cut.holes.push(Hole { from, to: from + raw.len() as u64, ends: Ends::of(raw) });
        self.left_out += raw.len() as u64;
        let line = self.window.ended.saturating_add(placed.line);
        self.cut.pieces[place].astray.push(Stray { line, text: raw.to_owned() });
        Ok(())
    }

    /// By which a row belongs to others.
    fn key(&self, row: &Row) -> Option<u64> {
        self.keys.iter().find_map(|columns| {
            let mut mark = DefaultHasher::new();
            let mut any = false;
            for column in columns {
                let text = short(without_apostrophe(row.text(*column)));
                any |= !text.is_empty();
                text.hash(&mut mark);
            }
            any.then(|| mark.finish())
        })
    }

    /// What is looked at has to be looked at once more.
    fn lose_patience(&mut self, form: &mut Form) {
        self.again += self.window.text.len() as u64;
        if self.again > PATIENCE + 2 * self.window.from {
            form.quotes = false;
        }
    }

    /// Leaves out a line that is longer than any row.
    fn skip_line(&mut self) -> Result<(), Unsplit> {
        let from = self.window.from;
        let line = self.window.ended.saturating_add(1);
        self.cut
            .problems
            .push(LineProblem::new(line, "This line is longer than any row of an export. It was left out."));
        loop {
            if let Some(end) = self.window.text.find(['\n', '\r']) {
                self.window.drop_before(end);
                break;
            }
            self.window.drop_before(self.window.text.len());
            if self.window.decoding.has_ended() {
                break;
            }
            self.window.fill(self.cut.sizes.stretch)?;
        }
        self.cut.holes.push(Hole { from, to: self.window.from, ends: 0 });
        self.left_out += self.window.from - from;
        Ok(())
    }

    /// Cuts before lines that begin a card.
    fn cards(mut self, begins: &str) -> Result<InPieces, Unsplit> {
        let Sizes { stretch, piece, piece_most, .. } = self.cut.sizes;
        self.cut.pieces.push(Piece { from: 0, line: 1, astray: Vec::new() });
        let (mut wanted, mut from, mut line) = (stretch, 0, 0_u32);
        loop {
            self.window.fill(wanted)?;
            let more = !self.window.decoding.has_ended();
            for whole in self.window.text.split_inclusive('\n').filter(|whole| whole.ends_with('\n')) {
                line = line.saturating_add(1);
                let place = self.window.from + from as u64;
                let length = self.cut.pieces.last().map_or(0, |piece| place - piece.from);
                let card = whole.get(..begins.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(begins));
                if card && length >= piece as u64 {
                    self.cut.pieces.push(Piece { from: place, line, astray: Vec::new() });
                } else if length > piece_most as u64 {
                    return Err(Unsplit::Refused(too_large_a_part()));
                }
                from += whole.len();
            }
            if !more {
                break;
            }
            self.window.drop_before(from);
            wanted = self.window.text.len() + stretch;
            from = 0;
            if wanted > piece_most {
                return Err(Unsplit::Refused(too_large_a_part()));
            }
        }
        Ok(self.finish())
    }

    /// Leaves a file in one piece, if it is not too large for that.
    fn whole(mut self) -> Result<InPieces, Unsplit> {
        let most = self.cut.sizes.piece_most;
        self.cut.pieces.push(Piece { from: 0, line: 1, astray: Vec::new() });
        self.window.fill(most + 1)?;
        if self.window.text.len() > most {
            return Err(Unsplit::Refused(too_large_a_part()));
        }
        Ok(self.finish())
    }

    fn finish(mut self) -> InPieces {
        self.cut.problems.extend(self.window.decoding.problems());
        self.cut.problems.sort_by_key(|problem| problem.line);
        self.cut
    }
}

impl Window<'_> {
    /// Sees to it that there are so many bytes of text, unless the file ends before.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        while self.text.len() < wanted && !self.decoding.has_ended() {
            self.decoding.more(&mut self.text)?;
        }
        Ok(())
    }

    /// The beginning of a file, cut at a line, as it is looked at to see what it is.
    fn head(&self) -> &str {
        if self.decoding.has_ended() {
            return &self.text;
        }
        let end = self.text.rfind('\n').map_or(self.text.len(), |at| at + 1);
        &self.text[..end]
    }

    /// Forgets what stands before a place.
    fn drop_before(&mut self, place: usize) {
        // The second byte of a line end may still come.
        let cut_in_two = place == self.text.len() && self.text.ends_with('\r') && !self.decoding.has_ended();
        let place = if cut_in_two { place - 1 } else { place };
        self.ended += Lines::default().line_at(&self.text, place) - 1;
        self.from += place as u64;
        self.text.drain(..place);
    }

    /// A piece that begins where the window does.
    fn piece(&self) -> Piece {
        Piece { from: self.from, line: self.ended + 1, astray: Vec::new() }
    }
}

fn too_long_an_order() -> String {
    "So many of its rows belong to one order that they do not fit into memory. Export it in several parts."
        .to_owned()
}

fn too_large_a_part() -> String {
    "Such a file is read as a whole, and this one is larger than 64 MB. Export it in several parts."
        .to_owned()
}
