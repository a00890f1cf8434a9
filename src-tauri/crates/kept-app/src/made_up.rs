//! A made-up shop to look around in: clearly marked, and removed in one click. No person in it exists.

mod care;
mod menu;
mod past;

use crate::commit::{record_of, rows_of};
use crate::failure::{Code, Failure};
use crate::records::{Changes, Record};
use crate::store::{Key, Store};
use crate::takes::Nothing;
use crate::{Kept, series};
use kept_core::calendar::WorkingCalendar;
use kept_core::commitment::{Commitment, Handover, Note, Party, Stage, Words};
use kept_core::customer::{Contact, Customer};
use kept_core::day::{Due, Now, Stamp, TimeOfDay};
use kept_core::draft::{PartDraft, PromiseDraft};
use kept_core::fulfil;
use kept_core::id::{CommitmentId, CustomerId, DeliverableId};
use kept_core::money::{Currency, Money};
use kept_core::settings::Settings;
use kept_core::views::Done;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How a made-up promise stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Open,
    Begun,
    Ready,
    Delivered,
    /// Delivered this many days after its date.
    Late(i64),
    /// Moved by us, without the customer knowing.
    Moved,
}

/// One line of the made-up shop: customer, quantity, what, working days from today, hour, hours of work, price, paid, how.
type Line = (&'static str, u32, &'static str, i64, Option<u32>, u32, i64, bool, How);

const LINES: &[Line] = &[
    ("Hannah Okafor", 1, "three-tier lemon cake", -1, Some(17), 3, 420, true, How::Begun),
    ("Corner Café", 40, "croissants", 0, Some(7), 1, 96, false, How::Begun),
    ("Tomás Ortega", 24, "vanilla cupcakes", 0, Some(16), 2, 84, true, How::Ready),
    ("Ridgeway Dental", 1, "retirement cake", 0, Some(17), 2, 145, false, How::Begun),
    ("Maria Silva", 12, "gluten-free cupcakes", 0, None, 2, 90, true, How::Open),
    ("The Fig & Fork", 18, "sourdough loaves", 1, Some(9), 3, 212, false, How::Open),
    ("Priya Patel", 2, "celebration boxes", 1, Some(16), 2, 64, false, How::Open),
    ("Ingrid & Jon Larsen", 1, "wedding cake, four tiers", 6, Some(11), 30, 1240, true, How::Open),
    ("Northgate Council", 300, "festive hampers", 14, Some(12), 60, 14_700, false, How::Begun),
    ("St Anne’s School", 60, "bread rolls", 2, Some(8), 4, 72, false, How::Open),
    ("Lucia Rossi", 1, "christening cake", 3, Some(10), 5, 180, true, How::Begun),
    ("Brightwater Events", 36, "brownies", 4, Some(16), 3, 126, false, How::Open),
    ("Hugo Martin", 4, "trays of focaccia", 5, Some(12), 2, 88, true, How::Open),
    ("Aisha Khan", 80, "cookie favours", 8, Some(9), 6, 240, true, How::Moved),
    ("Little Acorns Nursery", 12, "gingerbread houses", 9, Some(15), 6, 300, false, How::Open),
    ("Wei Chen", 1, "signed baking book with a video", 12, None, 2, 90, true, How::Open),
    ("Hotel Miramar", 200, "canapés", 11, Some(14), 12, 640, false, How::Open),
    ("Noor Haddad", 1, "birthday cake, dinosaur", 7, Some(13), 3, 95, true, How::Open),
    ("Maria Silva", 1, "pavlova", -4, Some(15), 2, 48, true, How::Delivered),
    ("Hannah Okafor", 12, "macarons", -6, Some(12), 1, 30, true, How::Delivered),
    ("Corner Café", 40, "croissants", -1, Some(7), 1, 96, true, How::Delivered),
    ("Corner Café", 40, "croissants", -2, Some(7), 1, 96, true, How::Delivered),
    ("The Fig & Fork", 18, "sourdough loaves", -5, Some(9), 3, 212, true, How::Late(1)),
    ("Ridgeway Dental", 24, "muffins", -9, Some(10), 2, 60, true, How::Delivered),
];

/// Loads the made-up shop.
pub(crate) async fn look_around(kept: &Kept, _: Nothing) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    if kept.shop().made_up {
        return Err(Failure::new(Code::Invalid, "The made-up shop is here already."));
    }
    let now = kept.now();
    let settings = kept.settings();
    let said = "Loaded the made-up shop".to_owned();
    let mut changes = Changes::new(said.clone(), None);
    let mut customers: BTreeMap<&str, CustomerId> = BTreeMap::new();
    for line in LINES {
        customers.entry(line.0).or_insert_with(|| {
            let customer = customer(line.0, &now);
            let id = customer.id;
            changes.customer(None, customer);
            id
        });
    }
    put_promises(&mut changes, &customers, &settings, &now);
    menu::put(&mut changes, settings.currency);
    let cafe = customers.get("Corner Café").copied();
    if let Some(series) = cafe.map(|customer| menu::deliveries(customer, settings.currency, &now)) {
        series::record_ahead(kept, series, &now, &mut changes).await?;
    }
    for chore in menu::chores(now.today) {
        changes.put(None, Record::Chore(chore));
    }
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

/// The promises, those that lie behind it too, with all that was said and done about them.
fn put_promises(
    changes: &mut Changes,
    customers: &BTreeMap<&str, CustomerId>,
    settings: &Settings,
    now: &Now,
) {
    let (calendar, currency) = (&settings.calendar, settings.currency);
    let id_of = |name: &str| customers.get(name).copied().unwrap_or_else(|| CustomerId::new(Uuid::nil()));
    // Ids sort by age: what lies behind it is made first, the oldest of it first of all.
    let mut promises = past::promises(id_of, calendar, currency, now);
    promises.extend(LINES.iter().map(|line| promise(line, id_of(line.0), calendar, currency, now)));
    care::Shop { changes, promises: &mut promises, calendar, currency, now }.put();
    for it in promises {
        changes.commitment(None, it);
    }
}

/// Removes every record of the made-up shop, also what was changed in it since.
pub(crate) async fn remove_made_up(kept: &Kept, _: Nothing) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let said = "Removed the made-up shop".to_owned();
    let mut changes = Changes::new(said.clone(), None);
    let keys: Vec<Key> =
        rows_of(&kept.0.store, b"y").await?.iter().map(|row| row.key[1..].to_vec()).collect();
    for row in kept.0.store.get(&keys).await?.into_iter().flatten() {
        changes.remove(record_of(&row)?);
    }
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: None })
}

fn customer(name: &str, now: &Now) -> Customer {
    let handle: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    Customer {
        contacts: vec![Contact::Email { address: format!("{handle}@made-up.example") }],
        made_up: true,
        ..Customer::new(CustomerId::new(Uuid::now_v7()), name, now.stamp)
    }
}

fn promise(
    line: &Line,
    customer: CustomerId,
    calendar: &WorkingCalendar,
    currency: Currency,
    now: &Now,
) -> Commitment {
    let &(_, quantity, what, days, hour, hours_of_work, price, paid, how) = line;
    let day = calendar.working_day(now.today, days);
    let due = hour.and_then(|hour| TimeOfDay::new(hour, 0)).map_or(Due::on(day), |time| Due::at(day, time));
    let total = Money::new(price * 10_i64.pow(currency.digits()), currency);
    let part = PartDraft {
        what: what.to_owned(),
        quantity,
        effort_left: Some(hours_of_work * 60),
        ..PartDraft::default()
    };
    let placed = Now { stamp: now.stamp.plus_minutes(-(14 + days.min(0).abs()) * 24 * 60), ..*now };
    let draft = PromiseDraft {
        parts: vec![part],
        due: Some(due),
        total: Some(total),
        received: paid.then_some(total),
        on_account: !paid,
        words: Some(Words {
            said: format!("{what}, as we talked about"),
            how: Some("by phone".to_owned()),
            by: None,
        }),
        ..PromiseDraft::default()
    };
    let mut it = draft.into_commitment(CommitmentId::new(Uuid::now_v7()), customer, &placed, || {
        DeliverableId::new(Uuid::now_v7())
    });
    it.made_up = true;
    it.notes.push(Note { at: placed.stamp, text: "Made up, to look around.".to_owned() });
    let yesterday = now.stamp.plus_minutes(-24 * 60);
    match how {
        How::Open => {}
        How::Begun => begin(&mut it, Stage::InProgress, yesterday),
        How::Ready => begin(&mut it, Stage::Ready, yesterday),
        How::Delivered => deliver(&mut it, calendar.deadline(&due).plus_minutes(-60)),
        How::Late(days) => deliver(&mut it, calendar.deadline(&due).plus_minutes(days * 24 * 60)),
        How::Moved => {
            let day = calendar.working_day(day, 2);
            let moved = fulfil::reschedule(&it, Due { day, ..due }, Party::Us, now);
            it.reschedules.push(moved);
        }
    }
    it
}

fn begin(it: &mut Commitment, stage: Stage, at: Stamp) {
    it.started_at = Some(at);
    it.worked_at = Some(at);
    for part in &mut it.deliverables {
        part.stage = stage;
    }
}

fn deliver(it: &mut Commitment, at: Stamp) {
    begin(it, Stage::Ready, at);
    let handovers = it.deliverables.iter().map(|part| Handover {
        deliverable: part.id,
        quantity: part.quantity,
        at,
        channel: Some("picked up".to_owned()),
        evidence: None,
        tracking: None,
        links: Vec::new(),
        note: None,
        files: Vec::new(),
    });
    it.handovers = handovers.collect();
}
