//! Looks for bytes that a reader of files cannot bear: `cargo xtask fuzz [NAME] [--minutes N]`.
//!
//! Samples are changed at random, over and over: bytes hit, removed, doubled, pieces of other samples put in, lines out of
//! order. Every reader gets those of its own kind most of the time, and any others; at once and in pieces. What makes one
//! panic, or takes far too long, is written to `tests/fixtures/import/crashes`, where a test reads it from then on.

#![expect(clippy::print_stdout, reason = "a tool of the command line says what it did")]

use clap::Parser;
use kept_core::import::{Assumed, InPieces, SOURCES, Source, mapped, recognise};
use kept_core::money::Currency;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What to look at, and for how long.
#[derive(Parser)]
struct Args {
    /// Only readers whose kind holds this word, such as `etsy`.
    name: Option<String>,
    /// For how long each reader is tried.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// The samples.
    #[arg(long, default_value = "tests/fixtures")]
    samples: PathBuf,
}

/// A file that small must be read at once.
const TOO_LONG: Duration = Duration::from_secs(10);
/// Longer inputs only make each try slower.
const LONGEST: usize = 64 * 1024;

fn main() -> Outcome<()> {
    let args = Args::parse();
    let mut samples = Vec::new();
    gather(&args.samples, &mut samples)?;
    let mut dice = Dice(RandomState::new().build_hasher().finish() | 1);
    let wanted =
        |kind: &str| args.name.as_ref().is_none_or(|name| kind.to_lowercase().contains(&name.to_lowercase()));
    let each = Duration::from_secs_f64(args.minutes * 60.0);
    for source in SOURCES.iter().chain([&mapped::SOURCE]).filter(|source| wanted(source.kind)) {
        let is_own = |sample: &&Vec<u8>| match recognise(sample) {
            Ok(own) => own.kind == source.kind,
            Err(_) => source.kind == mapped::SOURCE.kind && mapped::look(sample).is_ok(),
        };
        let own: Vec<Vec<u8>> = samples.iter().filter(is_own).cloned().collect();
        let (began, mut tries) = (Instant::now(), 0_u64);
        while began.elapsed() < each {
            let mostly = if own.is_empty() || dice.roll(8) == 0 { &samples } else { &own };
            let input = dice.changed(mostly, &samples);
            tries += 1;
            let read = || {
                let _ = recognise(&input);
                if source.kind == mapped::SOURCE.kind {
                    read_mapped(&input);
                } else {
                    let _ = (source.read)(&input, assumed());
                    read_in_pieces(source, &input);
                }
            };
            let start = Instant::now();
            let fell = std::panic::catch_unwind(read).is_err();
            if fell || start.elapsed() > TOO_LONG {
                let crashes = args.samples.join("import/crashes");
                std::fs::create_dir_all(&crashes)?;
                let path = crashes.join(format!("{}-{tries}", source.kind.replace(' ', "_")));
                std::fs::write(&path, &input)?;
                println!("{}: {}", source.kind, path.display());
            }
        }
        println!("{}: {tries} tries", source.kind);
    }
    Ok(())
}

fn read_in_pieces(source: &Source, input: &[u8]) {
    let again: Vec<u8>;
    let mut bytes = input;
    // Now and then a large file: blank lines are nothing, and the sample comes again behind them.
    if input.len() % 97 == 5 {
        again = [input, b"\n".repeat(3 << 20).as_slice(), input].concat();
        bytes = &again;
    }
    if let Ok(cut) = InPieces::of(source, &bytes) {
        let _ = cut.read(&bytes, assumed(), &source.read, |_| ControlFlow::Continue(()));
    }
}

fn read_mapped(input: &[u8]) {
    if let Ok(look) = mapped::look(input) {
        let columns = (0..).zip(&look.columns);
        let columns =
            columns.filter_map(|(column, look)| Some(mapped::Mapped { column, means: look.guess? }));
        let _ = mapped::read(input, assumed(), &mapped::Mapping { columns: columns.collect() });
    }
}

fn assumed() -> Assumed {
    Assumed::of(
        kept_core::day::Zone::UTC,
        Currency::USD,
        kept_core::day::Stamp::from_millis(1_795_000_000_000),
    )
}

fn gather(folder: &Path, samples: &mut Vec<Vec<u8>>) -> Outcome<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if !path.ends_with("readings") {
                gather(&path, samples)?;
            }
        } else {
            let mut bytes = std::fs::read(path)?;
            bytes.truncate(LONGEST);
            samples.push(bytes);
        }
    }
    Ok(())
}

/// Numbers at random: xorshift, quick and good enough for this.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % below.max(1)
    }

    /// One of the samples, changed in a few places, also by pieces of others.
    fn changed(&mut self, mostly: &[Vec<u8>], samples: &[Vec<u8>]) -> Vec<u8> {
        let mut input = mostly[self.roll(mostly.len())].clone();
        for _ in 0..=self.roll(8) {
            self.change(&mut input, samples);
        }
        input.truncate(LONGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, samples: &[Vec<u8>]) {
        const TELLING: &[u8] = b"\",;\t\n\r=:\\.-/0 9\0\xFF\xEF\xBBZ()[]{}|'";
        if input.is_empty() {
            return;
        }
        let (at, length) = (self.roll(input.len()), 1 + self.roll(40));
        let end = input.len().min(at + length);
        match self.roll(7) {
            0 => input[at] = TELLING[self.roll(TELLING.len())],
            1 => input[at] = u8::try_from(self.roll(256)).unwrap_or(0),
            2 => drop(input.drain(at..end)),
            3 => {
                let piece = input[at..end].to_vec();
                let to = self.roll(input.len());
                drop(input.splice(to..to, piece));
            }
            4 => {
                let other = &samples[self.roll(samples.len())];
                let from = self.roll(other.len());
                let piece = &other[from..other.len().min(from + 200)];
                drop(input.splice(at..at, piece.iter().copied()));
            }
            5 => input.truncate(at),
            _ => drop(
                input.splice(at..at, std::iter::repeat_n(TELLING[self.roll(TELLING.len())], length * 20)),
            ),
        }
    }
}
