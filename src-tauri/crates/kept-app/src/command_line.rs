//! The command line, for whoever helps the owner: it opens no window.
//!
//! Exit codes: 0 done; 1 it could not be done, or something was found to be wrong; 2 the command is not as it should be;
//! 3 another Kept holds the data folder; 4 a newer Kept wrote the data.

mod taking_out;

use crate::clock::{Reading, machine};
use crate::failure::{Code, Failure};
use crate::store::Store;
use crate::takes::Nothing;
use crate::takes::backups::TheBackup;
use crate::takes::imports::{FileAnswers, LookInto};
use crate::{Host, Kept, Shown, attachments, backups, imports, today};
pub use taking_out::{Export, Forget};

use age::secrecy::SecretString;
use clap::{Parser, Subcommand, ValueEnum};
use kept_core::day::Stamp;
use kept_core::import::{Answers, DateOrder, DecimalMark};
use kept_core::link::Link;
use kept_core::views::TodayView;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Keeps what was promised to customers.
///
/// Without a command it opens the window.
#[derive(Debug, Parser)]
#[command(name = "kept", version, arg_required_else_help = false)]
pub struct Arguments {
    /// The folder that holds the data, instead of the system's place for it.
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Start in the tray, without showing the window.
    #[arg(long)]
    pub hidden: bool,
    /// Open the small window in which something is promised.
    #[arg(long)]
    pub quick_add: bool,
    /// What to open, such as `kept://today`.
    #[arg(value_name = "LINK", value_parser = link)]
    pub link: Option<String>,
    /// What to do without a window.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done without a window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what must be done now.
    Today {
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
        /// As it was or will be at an instant, such as 2026-11-21T09:41:00Z.
        #[arg(long, value_name = "INSTANT")]
        now: Option<Stamp>,
    },
    /// Bring in the exports of shops, payments, boards, contacts, calendars and other tables.
    Import {
        /// The files; a ZIP archive is as many as it holds.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// What the columns of a table mean, such as --map "Client=customer,Pick up=due".
        #[arg(long, value_name = "COLUMN=MEANING,…")]
        map: Option<String>,
        /// Which number of a date such as 03/04/26 is the day.
        #[arg(long, value_name = "ORDER", value_enum)]
        dates: Option<Dates>,
        /// What parts the whole from the fraction in a number such as 1.234.
        #[arg(long, value_name = "MARK", value_enum)]
        decimals: Option<Decimals>,
        /// Sales without a date are promises, not only evidence that something was paid.
        #[arg(long)]
        as_orders: bool,
        /// Working days from an order to its date, where it names none; the owner's setting if nothing is said.
        #[arg(long, value_name = "DAYS")]
        lead_days: Option<u32>,
        /// Bring them in even if no backup can be made first.
        #[arg(long)]
        without_backup: bool,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write everything that is kept as JSON, to a file or to the standard output; or tables, a calendar, one customer.
    Export(Export),
    /// Anonymise a customer for ever: the record of promises stays, the person is gone.
    Forget(Forget),
    /// Back up everything into one file, and verify it.
    Backup {
        /// The file.
        file: PathBuf,
        /// A file whose first line is the passphrase that locks the backup.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Say what was backed up as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make everything as it was in a backup; what is there now is backed up first.
    Restore {
        /// The backup.
        file: PathBuf,
        /// A file whose first line is the passphrase of the backup.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read all data and say whether anything is wrong with it. Changes nothing.
    Check {
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Takes whatever is meant as a link; one that leads nowhere is refused in the window, where somebody sees it.
fn link(text: &str) -> Result<String, String> {
    if Link::is_meant_by(text) {
        Ok(text.to_owned())
    } else {
        Err("there is no such command; see `kept --help`".to_owned())
    }
}

/// Which number of a date is the day.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Dates {
    /// The day stands first.
    Dmy,
    /// The month stands first.
    Mdy,
}

/// What parts the whole from the fraction.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Decimals {
    /// A point.
    Point,
    /// A comma.
    Comma,
}

impl Dates {
    const fn order(self) -> DateOrder {
        match self {
            Self::Dmy => DateOrder::DayFirst,
            Self::Mdy => DateOrder::MonthFirst,
        }
    }
}

impl Decimals {
    const fn mark(self) -> DecimalMark {
        match self {
            Self::Point => DecimalMark::Point,
            Self::Comma => DecimalMark::Comma,
        }
    }
}

/// The data folder: the one that was named, else the system's place for application data.
pub fn data_folder(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    directories::ProjectDirs::from("app", "", "Kept").map(|dirs| dirs.data_dir().to_owned()).ok_or_else(
        || {
            Failure::new(
                Code::Storage,
                "This system names no place for application data. Name one with --data.",
            )
        },
    )
}

/// What the command line asks for; a message and an exit code if it is not as it should be or only asks for help.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, ExitCode> {
    Arguments::try_parse_from(arguments).map_err(|error| {
        // Where there is nobody to read the message the exit code remains.
        let _ = error.print();
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// Does one command, prints its answer, and gives the exit code.
pub async fn run(data: &Path, command: Command) -> ExitCode {
    let json = matches!(
        &command,
        Command::Today { json: true, .. }
            | Command::Import { json: true, .. }
            | Command::Export(Export { json: true, .. })
            | Command::Forget(Forget { json: true, .. })
            | Command::Backup { json: true, .. }
            | Command::Restore { json: true, .. }
            | Command::Check { json: true }
    );
    match answer(data, command, json).await {
        Ok(Answer { text, ok }) => {
            print(&mut std::io::stdout(), &text);
            if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(failure) => {
            if json {
                print(&mut std::io::stdout(), &format!("{}\n", json!({ "failure": failure })));
            }
            print(&mut std::io::stderr(), &format!("kept: {}\n", failure.message));
            ExitCode::from(match failure.code {
                Code::Busy => 3,
                Code::NewerData => 4,
                Code::Invalid | Code::NotFound | Code::Conflict | Code::Storage | Code::Bug => 1,
            })
        }
    }
}

struct Answer {
    text: String,
    ok: bool,
}

async fn answer(data: &Path, command: Command, as_json: bool) -> Result<Answer, Failure> {
    if matches!(command, Command::Export(Export { schema: true, .. })) {
        return Ok(Answer { text: crate::export::schema().to_owned(), ok: true });
    }
    let now = match &command {
        Command::Today { now, .. } => *now,
        Command::Import { .. }
        | Command::Export(_)
        | Command::Forget(_)
        | Command::Backup { .. }
        | Command::Restore { .. }
        | Command::Check { .. } => None,
    };
    let kept = Kept::open(data, host(now)).await?;
    let answer = match command {
        Command::Today { .. } => {
            today::today(&kept, Nothing {}).await.map(|view| today_answer(&view, as_json))
        }
        Command::Import { files, map, dates, decimals, as_orders, lead_days, without_backup, .. } => {
            let answers = Answers {
                dates: dates.map(Dates::order),
                decimals: decimals.map(Decimals::mark),
                as_orders: as_orders.then_some(true),
            };
            import(&kept, &files, map.as_deref(), answers, lead_days, without_backup, as_json).await
        }
        Command::Export(what) => taking_out::export(&kept, &what).await,
        Command::Forget(whom) => taking_out::forget(&kept, whom).await,
        Command::Backup { file, passphrase_file, .. } => {
            backup(&kept, &file, passphrase_file.as_deref(), as_json).await
        }
        Command::Restore { file, passphrase_file, .. } => {
            restore(&kept, &file, passphrase_file.as_deref(), as_json).await
        }
        Command::Check { .. } => check(&kept, as_json).await,
    };
    let closed = kept.close().await;
    let answer = answer?;
    closed?;
    Ok(answer)
}

/// The clock of this machine, or one that stands still; notices go nowhere, for nobody watches here.
fn host(now: Option<Stamp>) -> Host {
    let clock = machine();
    Host {
        now: Box::new(move || {
            let reading = clock();
            Reading { stamp: now.unwrap_or(reading.stamp), ..reading }
        }),
        notify: Box::new(|_| Shown::Unknown),
        changed: Box::new(|_| {}),
    }
}

fn today_answer(view: &TodayView, as_json: bool) -> Answer {
    let text = if as_json { line(&json!(view)) } else { today_text(view) };
    Answer { text, ok: true }
}

fn today_text(view: &TodayView) -> String {
    let mut text = format!("{}, {}\n", view.day_words, view.time);
    if view.sections.is_empty() {
        text.push_str("\nNothing has to be done now.\n");
    }
    for section in &view.sections {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{} ({})", section.name, section.count);
        for row in &section.rows {
            let _ = writeln!(text, "  {:<12} {} for {}. {}", row.when, row.title, row.customer, row.why);
        }
    }
    let _ = writeln!(text, "\n{}", view.week.words);
    text
}

async fn import(
    kept: &Kept,
    files: &[PathBuf],
    map: Option<&str>,
    answers: Answers,
    lead_days: Option<u32>,
    without_backup: bool,
    as_json: bool,
) -> Result<Answer, Failure> {
    let mapping = map.map(|map| imports::mapping_by_names(files, map)).transpose()?;
    let takes = LookInto {
        files: files.iter().map(|file| kept.offer_file(file).file).collect(),
        lead_days,
        answers: vec![FileAnswers { name: String::new(), answers, mapping }],
        payments: Vec::new(),
        without_backup_is_meant: without_backup,
    };
    let end = imports::to_the_end(kept, takes).await.map_err(|failure| {
        if !failure.is_question() {
            return failure;
        }
        let message = format!("{} If you do, add --without-backup.", failure.message);
        Failure { message, ..failure }
    })?;
    let problems: Vec<Value> = end
        .problems
        .iter()
        .map(|problem| json!({ "file": problem.file, "line": problem.line, "is": problem.is }))
        .collect();
    let text = if as_json {
        line(&json!({
            "created": end.created,
            "updated": end.updated,
            "unchanged": end.unchanged,
            "customers": end.customers,
            "payments": end.payments,
            "problems": problems,
        }))
    } else {
        let mut text = format!("{}\n", end.said);
        for problem in &end.problems {
            let file = if problem.file.is_empty() { String::new() } else { format!("{}, ", problem.file) };
            let _ = writeln!(text, "  {file}line {}: {}", problem.line, problem.is);
        }
        text
    };
    Ok(Answer { text, ok: true })
}

async fn backup(
    kept: &Kept,
    file: &Path,
    passphrase_file: Option<&Path>,
    as_json: bool,
) -> Result<Answer, Failure> {
    let passphrase = passphrase_file.map(first_line).transpose()?.map(SecretString::from);
    let (promises, customers, bytes) = backups::backup_to(kept, file, passphrase).await?;
    let text = if as_json {
        line(&json!({ "file": file, "promises": promises, "customers": customers, "bytes": bytes }))
    } else {
        let file = file.display();
        format!("Backed up {promises} promises and {customers} customers to {file} and verified it.\n")
    };
    Ok(Answer { text, ok: true })
}

async fn restore(
    kept: &Kept,
    file: &Path,
    passphrase_file: Option<&Path>,
    as_json: bool,
) -> Result<Answer, Failure> {
    let passphrase = passphrase_file.map(first_line).transpose()?;
    let takes = TheBackup { backup: kept.offer_file(file).file, passphrase };
    let done = backups::restore_backup(kept, takes).await?;
    let text = if as_json { line(&json!({ "said": done.said })) } else { format!("{}\n", done.said) };
    Ok(Answer { text, ok: true })
}

/// A passphrase is read from a file: what stands on a command line can be seen by everybody on the computer.
fn first_line(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let file = file.display();
        Failure::new(Code::NotFound, format!("The passphrase could not be read from {file}: {error}."))
    })?;
    let first = text.lines().next().unwrap_or_default();
    if first.is_empty() {
        let file = file.display();
        return Err(Failure::new(Code::Invalid, format!("There is no passphrase in {file}.")));
    }
    Ok(first.to_owned())
}

async fn check(kept: &Kept, as_json: bool) -> Result<Answer, Failure> {
    let checked = kept.0.store.check().await?;
    let mut wrong = kept.repaired();
    wrong.extend(checked.wrong);
    wrong.extend(kept.records_wrong().await?);
    let (files, wrong_files) = attachments::check_all(kept).await?;
    wrong.extend(wrong_files);
    let ok = wrong.is_empty();
    let text = if as_json {
        line(&json!({
            "ok": ok,
            "rows": checked.rows,
            "commits": checked.commits,
            "snapshots": checked.snapshots,
            "files": files,
            "wrong": wrong,
        }))
    } else {
        let mut text = format!(
            "Read {} rows, {} commits in the journal, {} snapshots and {files} attached files.\n",
            checked.rows, checked.commits, checked.snapshots
        );
        if ok {
            text.push_str("All is well.\n");
        }
        for words in wrong {
            let _ = writeln!(text, "  {words}");
        }
        text
    };
    Ok(Answer { text, ok })
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// Prints; a reader that has gone away is no failure.
fn print(out: &mut impl std::io::Write, text: &str) {
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
