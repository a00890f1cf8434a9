//! Telling customers: a message written from the state of a promise, and taking down what they were told and answered.
//! Kept sends nothing itself: the owner's own mail program does, the telephone, or the post.

use crate::commit::Writing;
use crate::failure::Failure;
use crate::records::Changes;
use crate::takes::Nothing;
use crate::takes::tell::{LogAnswer, LogTold, MessageOf, SetTemplate, TheMessage};
use crate::{Kept, care, settings, work};
use kept_core::channel::Channel;
use kept_core::commitment::Commitment;
use kept_core::customer::{Contact, Customer};
use kept_core::day::{Now, Stamp};
use kept_core::id::CommitmentId;
use kept_core::settings::Settings;
use kept_core::tell::{self, TellKind, Told, consent, consent_words, fitting};
use kept_core::template::{self, Message, PLACEHOLDERS, email_of, lacks, mailto, message, usual};
use kept_core::urgency::standing;
use kept_core::views::Done;
use kept_core::views::tell::{
    ConsentView, Letter, MailAddress, MessageDraft, PlaceholderView, TemplateView, Templates, ToldView,
};

/// A message about a promise as it stands.
pub(crate) async fn message_draft(kept: &Kept, takes: MessageOf) -> Result<MessageDraft, Failure> {
    let now = kept.now();
    let known = kept.commitment(takes.promise).await?;
    let customer = kept.customer(known.it.customer).await?;
    let fitting = fitting_of(kept, &known.it, &now);
    let settings = kept.settings();
    let kind = takes.kind.unwrap_or(fitting);
    let own_words = kept.shop().few.care.recovery_of(takes.promise).and_then(|known| known.it.words.clone());
    let draft = message(kind, &known.it, &customer.it, own_words.as_deref(), &settings, &now);
    let email = email_of(&customer.it);
    Ok(MessageDraft {
        promise: takes.promise,
        kind,
        fitting,
        mailto: mailto(email, &draft),
        subject: draft.subject,
        text: draft.text,
        customer: customer.it.name.clone(),
        email: email.map(str::to_owned),
        phone: phone_of(&customer.it),
        lacks: lacks(kind, &known.it, &settings, &now).map(str::to_owned),
        consent: consent_view(&known.it, &settings, &now),
    })
}

/// What opens the mail program with a message as the owner has changed it.
pub(crate) async fn mail_address(kept: &Kept, takes: TheMessage) -> Result<MailAddress, Failure> {
    let known = kept.commitment(takes.promise).await?;
    let customer = kept.customer(known.it.customer).await?;
    let message = Message { subject: takes.subject, text: takes.text };
    Ok(MailAddress { mailto: mailto(email_of(&customer.it), &message) })
}

/// A message as a letter, to be printed.
pub(crate) async fn letter(kept: &Kept, takes: TheMessage) -> Result<Letter, Failure> {
    let known = kept.commitment(takes.promise).await?;
    let customer = kept.customer(known.it.customer).await?;
    let paragraphs = takes.text.split("\n\n").map(|paragraph| paragraph.trim().to_owned());
    Ok(Letter {
        business: kept.settings().business,
        day_words: kept.now().today.date().format("%-d %B %Y").to_string(),
        customer: customer.it.name.clone(),
        address: customer.it.address.clone(),
        subject: takes.subject.trim().to_owned(),
        paragraphs: paragraphs.filter(|paragraph| !paragraph.is_empty()).collect(),
    })
}

/// A customer was told something. A sorry that was said is a step done of the recovery that planned it.
pub(crate) async fn log_told(kept: &Kept, takes: LogTold) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let (now, settings) = (kept.now(), kept.settings());
    let LogTold { promise, version, kind, channel, on, words, answer } = takes;
    let known = kept.commitment(promise).await?;
    known.must_be(version)?;
    let customer = kept.customer(known.it.customer).await?.it.name.clone();
    let at = on.map_or(now.stamp, |day| tell::moment_on(&known.it, day, settings.calendar.zone, &now));
    let words = work::trimmed(words);
    let mut after = known.it.clone();
    tell::log_told(&mut after, Told { at, kind, channel, words, answer }, &now).map_err(Failure::invalid)?;
    let said = format!("Told {customer} {}, {}", kind.words(), channel.words());
    let mut changes = Changes::new(said.clone(), promise);
    changes.commitment(Some(&known), after);
    if kind == TellKind::Sorry {
        apologised(kept, promise, channel, at, &mut changes);
    }
    write(&writing, changes, said, promise).await
}

/// A customer answered to what they were told.
pub(crate) async fn log_answer(kept: &Kept, takes: LogAnswer) -> Result<Done, Failure> {
    let LogAnswer { promise, version, told_at, answer } = takes;
    let agreed = answer.agreed;
    let deed = |it: &mut Commitment, _: &Now| tell::log_answer(it, told_at, answer);
    work::change(kept, promise, version, deed, |said| match agreed {
        Some(true) => format!("{} agreed to the new date of {}", said.customer, said.title()),
        Some(false) => format!("{} did not agree to the new date of {}", said.customer, said.title()),
        None => format!("Took down what {} answered", said.customer),
    })
    .await
}

/// The templates of the messages.
pub(crate) async fn templates(kept: &Kept, _: Nothing) -> Result<Templates, Failure> {
    let settings = kept.settings();
    let view = |kind: TellKind| TemplateView {
        kind,
        template: template::template(kind, &settings),
        usual: usual(kind),
        own: settings.messages.contains_key(&kind),
    };
    let placeholder = |(name, stands_for): &(&str, &str)| PlaceholderView {
        name: format!("{{{name}}}"),
        stands_for: (*stands_for).to_owned(),
    };
    Ok(Templates {
        templates: TellKind::ALL.into_iter().map(view).collect(),
        placeholders: PLACEHOLDERS.iter().map(placeholder).collect(),
    })
}

/// A message in the owner's own words, or the usual one again.
pub(crate) async fn set_template(kept: &Kept, takes: SetTemplate) -> Result<Done, Failure> {
    let writing = kept.writing().await;
    let mut settings = kept.settings();
    let said = match takes.template {
        // Whoever writes what Kept says anyway goes on with Kept when it says it better one day.
        Some(template) if template != usual(takes.kind) => {
            settings.messages.insert(takes.kind, template);
            "Changed a message"
        }
        Some(_) | None => {
            settings.messages.remove(&takes.kind);
            "Took the usual message again"
        }
    };
    let written = settings::write(kept, &writing, settings, said.to_owned()).await;
    written.map_err(of_one_template)
}

/// What was told of a promise, newest first.
pub(crate) fn told(it: &Commitment) -> Vec<ToldView> {
    let view = |told: &Told| ToldView {
        at: told.at,
        kind: told.kind,
        channel: told.channel,
        said: format!("Told {}, {}", told.kind.words(), told.channel.words()),
        words: told.words.clone(),
        answer: told.answer.clone(),
    };
    it.told.iter().rev().map(view).collect()
}

/// Whether the customer has to agree to the last delay of a promise.
pub(crate) fn consent_view(it: &Commitment, settings: &Settings, now: &Now) -> Option<ConsentView> {
    let consent = consent(it, settings).filter(|_| it.is_open())?;
    let moved = it.reschedules.last()?;
    Some(ConsentView {
        consent,
        words: consent_words(consent, it, now.today),
        running: moved.told_at.is_some() && moved.agreed.is_none(),
    })
}

/// Which message fits the state of a promise best.
pub(crate) fn fitting_of(kept: &Kept, it: &Commitment, now: &Now) -> TellKind {
    let shop = kept.shop();
    fitting(it, &standing(it, &shop.settings.it, &shop.around(now), now))
}

fn apologised(kept: &Kept, promise: CommitmentId, channel: Channel, at: Stamp, changes: &mut Changes) {
    let Some(recovery) = kept.shop().few.care.recovery_of(promise).cloned() else { return };
    let mut after = recovery.it.clone();
    after.apologised(channel, at);
    if after != recovery.it {
        care::put(changes, Some(&recovery), after);
    }
}

async fn write(
    writing: &Writing<'_>,
    changes: Changes,
    said: String,
    promise: CommitmentId,
) -> Result<Done, Failure> {
    let change = writing.commit(changes).await?;
    Ok(Done { change, said, promise: Some(promise) })
}

/// The form of one template knows its fields by their own names.
fn of_one_template(mut failure: Failure) -> Failure {
    for problem in &mut failure.problems {
        if let Some((_, field)) =
            problem.field.strip_prefix("messages.").and_then(|rest| rest.split_once('.'))
        {
            problem.field = format!("template.{field}");
        }
    }
    failure
}

fn phone_of(customer: &Customer) -> Option<String> {
    customer.contacts.iter().find_map(|contact| match contact {
        Contact::Phone { number } => Some(number.clone()),
        Contact::Email { .. } | Contact::Other { .. } => None,
    })
}
