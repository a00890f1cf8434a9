//! What the import screen shows beside the promises of a file: questions, columns, payments.

use crate::day::Stamp;
use crate::id::CommitmentId;
use crate::import::mapped::{Mapping, Meaning};
use crate::import::{Answers, Question};
use crate::money::Money;
use crate::views::{LineProblem, OfferedFile};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// One of the files of an import; an archive holds several.
    pub struct ImportFile {
        /// Its name, which is unlike that of any other file of the import.
        pub name: String,
        /// What kind of export it is: `Shopify orders`. Empty if it cannot be read.
        pub kind: String,
        /// Why it cannot be read.
        pub refused: Option<String>,
        /// What can be asked about it.
        pub questions: Vec<ImportQuestion>,
        /// Its columns, where the owner says what they mean.
        pub table: Option<ImportTable>,
        /// What was answered so far.
        pub answers: Answers,
    }

    /// Something that a file leaves open.
    pub struct ImportQuestion {
        /// What it is about.
        pub about: QuestionAbout,
        /// The question, in words.
        pub words: String,
        /// It has to be answered before the file can be brought in.
        pub needed: bool,
        /// The two answers, in words.
        pub answers: Vec<String>,
    }

    /// A table whose columns have no meaning yet, or one that the owner gave them.
    pub struct ImportTable {
        /// Its columns.
        pub columns: Vec<ImportColumn>,
        /// What they mean, as it stands.
        pub mapping: Mapping,
        /// The owner has said so once, for a file with the same header.
        pub remembered: bool,
        /// It is not enough yet: neither what nor to whom is named.
        pub unfinished: bool,
        /// What a column can mean.
        pub meanings: Vec<MeaningChoice>,
    }

    /// A column of a table.
    pub struct ImportColumn {
        /// Its name in the header.
        pub name: String,
        /// A few of its cells.
        pub samples: Vec<String>,
    }

    /// Something that a column can mean.
    pub struct MeaningChoice {
        /// What.
        pub meaning: Meaning,
        /// In words.
        pub words: String,
    }

    /// A payment that may have been for one of several promises.
    pub struct PaymentToMatch {
        /// By which it is named in the answer.
        pub payment: String,
        /// The file.
        pub file: String,
        /// The line of it.
        pub line: u32,
        /// How much.
        pub amount: Money,
        /// When.
        pub at: Stamp,
        /// By whom, as the file tells it.
        pub by: String,
        /// For what, in the words of the file.
        pub what: String,
        /// Promises that it may have been for, the likeliest first.
        pub candidates: Vec<PaymentCandidate>,
        /// The one that it is counted for, if any was chosen.
        pub chosen: Option<CommitmentId>,
    }

    /// A promise that a payment may have been for.
    pub struct PaymentCandidate {
        /// The promise.
        pub promise: CommitmentId,
        /// What.
        pub title: String,
        /// For whom.
        pub customer: String,
        /// What it costs.
        pub total: Option<Money>,
        /// When it is due, in words.
        pub due_words: String,
    }

    /// What became of the payments of a file.
    pub struct PaymentCounts {
        /// Counted for the promise that they fit.
        pub matched: u32,
        /// Counted by an earlier import.
        pub known: u32,
        /// To be chosen by the owner.
        pub unsure: u32,
        /// For nothing that Kept knows of.
        pub strangers: u32,
    }

    /// Exports that have appeared in the watched folder.
    pub struct NewExports {
        /// The files, to be looked into.
        pub files: Vec<OfferedFile>,
        /// In words; empty if there is nothing to say.
        pub words: String,
    }

    /// A text to be saved as a file.
    pub struct TextFile {
        /// The name that it could have.
        pub name: String,
        /// What is in it.
        pub text: String,
    }
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum QuestionAbout {
    /// Which number of a date is the day: the first answer is `day_first`, the second `month_first`.
    Dates,
    /// What parts the whole from the fraction: the first answer is `point`, the second `comma`.
    Decimals,
    /// Whether sales are orders: the first answer is no, the second yes.
    AsOrders,
}

impl ImportQuestion {
    /// A question in words.
    pub fn of(question: &Question) -> Self {
        let (about, words, needed, answers) = match question {
            Question::Dates(example) => (
                QuestionAbout::Dates,
                format!("Which day is {example}?"),
                true,
                ["The day stands first", "The month stands first"],
            ),
            Question::Decimals(example) => (
                QuestionAbout::Decimals,
                format!("How much is {example}?"),
                true,
                [
                    "A point starts the cents, a comma parts thousands",
                    "A comma starts the cents, a point parts thousands",
                ],
            ),
            Question::AsOrders => (
                QuestionAbout::AsOrders,
                "Are these sales still to be delivered?".to_owned(),
                false,
                ["No, they show that something was paid", "Yes, each is a promise"],
            ),
        };
        Self { about, words, needed, answers: answers.map(str::to_owned).to_vec() }
    }
}

impl LineProblem {
    /// Something that is wrong on a line of the only file.
    pub fn new(line: u32, is: impl Into<String>) -> Self {
        Self { file: String::new(), line, is: is.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_two_answers_in_words() {
        for question in [
            Question::Dates("03/04/26".to_owned()),
            Question::Decimals("1.234".to_owned()),
            Question::AsOrders,
        ] {
            let asked = ImportQuestion::of(&question);
            assert_eq!(asked.answers.len(), 2);
            assert_eq!(asked.needed, question != Question::AsOrders);
            assert!(asked.words.ends_with('?'));
        }
    }
}
