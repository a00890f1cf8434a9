//! Who a customer is: by which records, names and addresses Kept knows them, now and in its history.

use crate::Kept;
use crate::care::Care;
use crate::commit::{commitments, rows_of};
use crate::failure::Failure;
use crate::lists::each;
use crate::records::{Record, Stored, decode, id_at_end, key};
use crate::rows::to_u32;
use kept_core::commitment::{Commitment, Source};
use kept_core::customer::Customer;
use kept_core::forget::Words;
use kept_core::id::{CommitmentId, CustomerId, FeedbackId};
use kept_core::words::count;
use std::collections::BTreeSet;

/// Texts that are shorter may stand anywhere by chance.
const TELLING: usize = 12;

/// A customer with everything by which they are known.
#[derive(Debug, Default)]
pub(super) struct Person {
    /// The version of their record.
    pub version: u64,
    /// Their name as it is now.
    pub name: String,
    /// All their names, and those that they had.
    pub names: Vec<String>,
    /// Their record and those that turned out to be theirs.
    pub ids: BTreeSet<CustomerId>,
    /// What was ever promised to them.
    pub promises: BTreeSet<CommitmentId>,
    /// What they told us.
    pub feedback: BTreeSet<FeedbackId>,
    /// The hashes of files that only they used.
    pub files: BTreeSet<String>,
    /// Addresses and numbers.
    ways: BTreeSet<String>,
    /// What was said and written, word for word.
    texts: BTreeSet<String>,
    /// Somebody else has the same name: only in what is theirs does the name go.
    namesake: bool,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    contacts: u32,
    notes: u32,
    told: u32,
    evidence: u32,
}

impl Person {
    /// Everything by which a customer is known.
    pub(super) async fn of(kept: &Kept, id: CustomerId) -> Result<Self, Failure> {
        let known = kept.customer(id).await?;
        let mut person = Self { version: known.last, name: known.it.name.clone(), ..Self::default() };
        person.ids.insert(id);
        person.counts.contacts = to_u32(known.it.contacts.len());
        person.counts.notes = to_u32(known.it.notes.len());
        person.customer(&known.it);
        person.of_history(kept).await?;
        let promises = rows_of(&kept.0.store, &key(b'q', &[id.uuid().as_bytes()])).await?;
        let promises: Vec<CommitmentId> =
            promises.iter().filter_map(|row| id_at_end(&row.key)).map(CommitmentId::new).collect();
        for known in commitments(&kept.0.store, &promises).await?.into_iter().flatten() {
            person.counts.of(&known.it);
            person.promise(&known.it);
        }
        person.of_care(kept);
        person.files_of_others(kept).await?;
        person.namesake = person.has_namesake(kept).await?;
        Ok(person)
    }

    /// What the owner adds to the words that go.
    pub(super) fn also(&mut self, words: Vec<String>) {
        self.names.extend(words.into_iter().filter(|word| !word.trim().is_empty()));
    }

    /// The words that go from what is theirs.
    pub(super) fn words(&self) -> Words {
        let texts = self.texts.iter().filter(|text| text.chars().count() >= TELLING);
        Words::new(self.names.iter().chain(&self.ways).chain(texts).map(String::as_str))
    }

    /// The words that go from everything else: what means nobody but them.
    pub(super) fn words_elsewhere(&self) -> Words {
        let names = self.names.iter().filter(|_| !self.namesake);
        Words::new(names.chain(&self.ways).map(String::as_str))
    }

    /// Whether a record is theirs.
    pub(super) fn is_theirs(&self, record: &Record) -> bool {
        match record {
            Record::Customer(it) => self.ids.contains(&it.id),
            Record::Commitment(it) => self.ids.contains(&it.customer) || self.promises.contains(&it.id),
            Record::Series(it) => self.ids.contains(&it.customer),
            Record::Care(care) => self.is_their_care(care),
            Record::Offer(_) | Record::Chore(_) | Record::Settings(_) => false,
        }
    }

    fn is_their_care(&self, care: &Care) -> bool {
        let to_them = |customer: Option<CustomerId>| customer.is_some_and(|id| self.ids.contains(&id));
        let about = |promise: Option<CommitmentId>| promise.is_some_and(|id| self.promises.contains(&id));
        match care {
            Care::Feedback(it) => to_them(it.customer) || about(it.promise),
            Care::Win(it) => {
                to_them(it.customer)
                    || about(it.promise)
                    || it.feedback.is_some_and(|feedback| self.feedback.contains(&feedback))
            }
            Care::Recovery(it) => about(Some(it.promise)),
            Care::Cause(it) => it.draft.feedback.iter().any(|feedback| self.feedback.contains(feedback)),
            Care::Slip(_) | Care::Idea(_) => false,
        }
    }

    /// What goes, one line each.
    pub(super) fn goes(&self) -> Vec<String> {
        let Counts { contacts, notes, told, evidence } = self.counts;
        let lines = [
            (true, "The name, the address and the notes about them".to_owned()),
            (
                contacts > 0,
                format!(
                    "{} to reach them",
                    if contacts == 1 { "1 way".to_owned() } else { format!("{contacts} ways") }
                ),
            ),
            (notes > 0, format!("{} and what was said when something was promised", count(notes, "note"))),
            (told > 0, format!("The words of {} and of their answers", count(told, "message"))),
            (
                !self.feedback.is_empty(),
                format!("The words of what they told you, {}", times(self.feedback.len())),
            ),
            (evidence > 0, format!("Tracking numbers, links and notes of {}", count(evidence, "handover"))),
            (!self.files.is_empty(), count(to_u32(self.files.len()), "attached file")),
            (true, "All of that from the history as well: none of it can be undone".to_owned()),
        ];
        lines.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| words).collect()
    }

    /// What remains, one line each.
    pub(super) fn remains(&self) -> Vec<String> {
        let promises = count(to_u32(self.promises.len()), "promise");
        vec![
            format!("{promises}: what, when, whether it was kept, what was paid"),
            "All figures and the record of your promises".to_owned(),
            "That an order was brought in, known by a mark only, so that the same export does not bring them back".to_owned(),
        ]
    }

    /// What stands in the history: other names, and promises that were removed since.
    async fn of_history(&mut self, kept: &Kept) -> Result<(), Failure> {
        let mut before: Vec<Record> = Vec::new();
        each(&kept.0.store, b"r", |row| {
            before.push(decode::<Stored>(&row.value)?.record);
            Ok(())
        })
        .await?;
        // Who was merged into them is known from their record, now or then.
        for record in &before {
            if let Record::Customer(it) = record
                && self.ids.contains(&it.id)
            {
                self.customer(it);
            }
        }
        for record in &before {
            match record {
                Record::Customer(it) if self.ids.contains(&it.id) => self.customer(it),
                Record::Commitment(it) if self.ids.contains(&it.customer) => self.promise(it),
                Record::Customer(_)
                | Record::Commitment(_)
                | Record::Offer(_)
                | Record::Series(_)
                | Record::Chore(_)
                | Record::Care(_)
                | Record::Settings(_) => {}
            }
        }
        for record in before {
            if let Record::Care(Care::Feedback(it)) = record
                && self.is_their_care(&Care::Feedback(it.clone()))
            {
                self.told_us(&it);
            }
        }
        Ok(())
    }

    fn customer(&mut self, it: &Customer) {
        let names = it.names().chain(it.merged.iter().map(|merged| merged.name.as_str()));
        for name in names {
            if !self.names.iter().any(|known| known == name) {
                self.names.push(name.to_owned());
            }
        }
        self.ids.extend(it.merged.iter().map(|merged| merged.id));
        self.ways.extend(it.contacts.iter().map(|contact| contact.text().to_owned()));
        self.ways.extend(it.address.iter().filter(|line| line.chars().count() >= TELLING).cloned());
        self.texts.extend(it.notes.iter().map(|note| note.text.clone()));
    }

    fn promise(&mut self, it: &Commitment) {
        self.promises.insert(it.id);
        self.texts.extend(it.notes.iter().map(|note| note.text.clone()));
        self.texts.extend(it.words.iter().map(|words| words.said.clone()));
        self.texts.extend(it.told.iter().filter_map(|told| told.words.clone()));
        if let Source::Typed { phrase: Some(phrase) } = &it.source {
            self.texts.insert(phrase.clone());
        }
        let files = it.handovers.iter().flat_map(|handover| &handover.files);
        self.files.extend(files.map(|file| file.hash.clone()));
    }

    fn told_us(&mut self, it: &kept_core::feedback::Feedback) {
        self.feedback.insert(it.id);
        self.texts.insert(it.text.clone());
        self.texts.extend(it.turns.iter().filter_map(|turn| turn.words.clone()));
    }

    fn of_care(&mut self, kept: &Kept) {
        let shop = kept.shop();
        for known in shop.few.care.feedback.values() {
            if self.is_their_care(&Care::Feedback(known.it.clone())) {
                self.told_us(&known.it);
            }
        }
    }

    /// Files that others use as well stay.
    async fn files_of_others(&mut self, kept: &Kept) -> Result<(), Failure> {
        for kind in [b"p", b"r"] {
            each(&kept.0.store, kind, |row| {
                if let Record::Commitment(it) = decode::<Stored>(&row.value)?.record
                    && !self.promises.contains(&it.id)
                {
                    for file in it.handovers.iter().flat_map(|handover| &handover.files) {
                        self.files.remove(&file.hash);
                    }
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    async fn has_namesake(&self, kept: &Kept) -> Result<bool, Failure> {
        for name in self.names.iter().map(|name| Customer::folded_name(name)) {
            let rows = rows_of(&kept.0.store, &key(b'n', &[name.as_bytes(), &[0]])).await?;
            let mut ids = rows.iter().filter_map(|row| id_at_end(&row.key)).map(CustomerId::new);
            if ids.any(|id| !self.ids.contains(&id)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Counts {
    fn of(&mut self, it: &Commitment) {
        self.notes += to_u32(it.notes.len()) + u32::from(it.words.is_some());
        self.told += to_u32(it.told.len());
        let told = it.handovers.iter().filter(|handover| {
            handover.tracking.is_some() || handover.note.is_some() || !handover.links.is_empty()
        });
        self.evidence += to_u32(told.count());
    }
}

fn times(many: usize) -> String {
    if many == 1 { "once".to_owned() } else { format!("{many} times") }
}
