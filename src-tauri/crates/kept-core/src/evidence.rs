//! Handovers and the evidence of them: links, a tracking number, a note, attached files.

use crate::commitment::{Commitment, is_default};
use crate::day::Stamp;
use crate::draft::{NAME_MOST, NOTE_MOST};
use crate::fulfil::Deed;
use crate::id::DeliverableId;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// No handover has more links or more files.
pub const EVIDENCE_MOST: usize = 50;
/// The longest link, in characters.
const LINK_MOST: usize = 2_000;

/// A delivery of some quantity of one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Handover {
    /// Of which part.
    pub deliverable: DeliverableId,
    /// How many.
    pub quantity: u32,
    /// When.
    pub at: Stamp,
    /// How: picked up, posted, by link.
    #[serde(default, skip_serializing_if = "is_default")]
    pub channel: Option<String>,
    /// Evidence in one line, as it was noted before there were fields for it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub evidence: Option<String>,
    /// The number by which the carrier finds it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tracking: Option<String>,
    /// Where it can be seen or was delivered by link.
    #[serde(default, skip_serializing_if = "is_default")]
    pub links: Vec<String>,
    /// What else there is to know about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub note: Option<String>,
    /// Photographs and papers that show it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub files: Vec<AttachedFile>,
}

impl Handover {
    /// A handover of which nothing more is known.
    pub const fn new(deliverable: DeliverableId, quantity: u32, at: Stamp) -> Self {
        Self {
            deliverable,
            quantity,
            at,
            channel: None,
            evidence: None,
            tracking: None,
            links: Vec::new(),
            note: None,
            files: Vec::new(),
        }
    }
}

/// A file that was attached. Its contents lie in the data folder under the hash of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[ts(export)]
pub struct AttachedFile {
    /// The SHA-256 of its contents, in hexadecimal: what `sha256sum` prints.
    pub hash: String,
    /// The name that it had.
    pub name: String,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
}

impl AttachedFile {
    /// Whether a text can be the hash of a file.
    pub fn is_hash(text: &str) -> bool {
        text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// What shows that something was handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The number by which the carrier finds it.
    pub tracking: Option<String>,
    /// Where it can be seen or was delivered by link.
    pub links: Vec<String>,
    /// What else there is to know.
    pub note: Option<String>,
    /// Photographs and papers.
    pub files: Vec<AttachedFile>,
}

impl Evidence {
    /// What is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let is_longer = |text: &Option<String>, most: usize| {
            text.as_ref().is_some_and(|text| text.chars().count() > most)
        };
        if is_longer(&self.tracking, NAME_MOST) {
            problems.push(Problem::new("tracking", "This is too long for a tracking number."));
        }
        if is_longer(&self.note, NOTE_MOST) {
            problems.push(Problem::new("note", format!("A note is at most {NOTE_MOST} letters long.")));
        }
        for (index, link) in self.links.iter().enumerate() {
            if !is_link(link) {
                problems.push(Problem::new(
                    format!("links.{index}"),
                    "A link begins with https:// or http:// and has no spaces.",
                ));
            }
        }
        for (field, count) in [("links", self.links.len()), ("files", self.files.len())] {
            if count > EVIDENCE_MOST {
                problems
                    .push(Problem::new(field, format!("A handover has at most {EVIDENCE_MOST} {field}.")));
            }
        }
        for (index, file) in self.files.iter().enumerate() {
            if !AttachedFile::is_hash(&file.hash) {
                problems.push(Problem::new(
                    format!("files.{index}"),
                    "This file was not attached. Choose it again.",
                ));
            }
        }
        problems
    }
}

/// What shows some handovers is added to or corrected, however long ago they were made. They are named by their places
/// among the handovers of the promise, from 0.
pub fn set_evidence(it: &mut Commitment, places: &[u32], evidence: &Evidence) -> Deed {
    let mut problems = evidence.problems();
    let there = it.handovers.len();
    if places.is_empty() || places.iter().any(|place| *place as usize >= there) {
        problems.push(Problem::new("of", "This handover is not there any more."));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    for (handover, _) in it.handovers.iter_mut().zip(0_u32..).filter(|(_, place)| places.contains(place)) {
        let Evidence { tracking, links, note, files } = evidence.clone();
        (handover.tracking, handover.links) = (tracking, links);
        (handover.note, handover.files) = (note, files);
    }
    Ok(())
}

/// Only what a browser opens as a page: a link is opened with one click.
fn is_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && text.chars().count() <= LINK_MOST)
        && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{commitment, due, handed};

    fn check(evidence: &Evidence, fields: &[&str]) {
        let problems = evidence.problems();
        let wrong: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(wrong, fields, "{evidence:?}");
    }

    #[test]
    fn evidence_is_refused_field_by_field() {
        let links = |links: &[&str]| Evidence {
            links: links.iter().map(|link| (*link).to_owned()).collect(),
            ..Evidence::default()
        };
        check(&Evidence::default(), &[]);
        check(&links(&["https://example.org/a?b=c", "http://example.org"]), &[]);
        check(
            &links(&["javascript:alert(1)", "https://", "file:///etc/passwd"]),
            &["links.0", "links.1", "links.2"],
        );
        check(&links(&["https://example.org/a b"]), &["links.0"]);
        check(&links(&["https://a.example"; EVIDENCE_MOST + 1]), &["links"]);
        let named = Evidence { tracking: Some("x".repeat(NAME_MOST + 1)), ..Evidence::default() };
        check(&named, &["tracking"]);
        let file = |hash: &str| Evidence {
            files: vec![AttachedFile { hash: hash.to_owned(), name: "a.jpg".to_owned(), bytes: 1 }],
            ..Evidence::default()
        };
        check(&file(&"0f".repeat(32)), &[]);
        check(&file("../../etc/passwd"), &["files.0"]);
        check(&file(&"0F".repeat(32)), &["files.0"]);
    }

    #[test]
    fn what_shows_a_handover_can_come_later_and_changes_nothing_else() {
        let made = handed(commitment("12 cupcakes", due("2026-11-20", "15:00")), 5, "2026-11-19 10:00");
        let made = handed(made, 7, "2026-11-20 10:00");
        let tracked = |number: &str| Evidence { tracking: Some(number.to_owned()), ..Evidence::default() };
        let check = |places: &[u32], evidence: &Evidence, numbers: [Option<&str>; 2], wrong: &[&str]| {
            let mut after = made.clone();
            let problems = set_evidence(&mut after, places, evidence).err().unwrap_or_default();
            let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
            assert_eq!(fields, wrong, "{places:?}");
            let found: Vec<Option<&str>> = after.handovers.iter().map(|it| it.tracking.as_deref()).collect();
            assert_eq!(found, numbers, "{places:?}");
            let (before, after) = (made.handovers.iter(), after.handovers.iter());
            let same = |(a, b): (&Handover, &Handover)| {
                (a.deliverable, a.quantity, a.at) == (b.deliverable, b.quantity, b.at)
            };
            assert!(before.zip(after).all(same));
        };
        check(&[0], &tracked("B-17"), [Some("B-17"), None], &[]);
        check(&[0, 1], &tracked("B-17"), [Some("B-17"), Some("B-17")], &[]);
        check(&[], &tracked("B-17"), [None, None], &["of"]);
        check(&[2], &tracked("B-17"), [None, None], &["of"]);
        check(&[1], &tracked(&"x".repeat(NAME_MOST + 1)), [None, None], &["tracking"]);
    }
}
