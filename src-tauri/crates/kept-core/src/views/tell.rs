//! What is shown of messages to customers.

use crate::channel::Channel;
use crate::day::Stamp;
use crate::id::CommitmentId;
use crate::tell::{Answer, Consent, TellKind};
use crate::template::MessageTemplate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

views! {
    /// A message to a customer, written from the state of a promise; the owner changes it as she likes.
    pub struct MessageDraft {
        /// About which promise.
        pub promise: CommitmentId,
        /// What it says.
        pub kind: TellKind,
        /// What fits the state of the promise best.
        pub fitting: TellKind,
        /// The line above it.
        pub subject: String,
        /// What it says.
        pub text: String,
        /// The customer’s name.
        pub customer: String,
        /// Their e-mail address.
        pub email: Option<String>,
        /// Their telephone number, as it is dialled.
        pub phone: Option<String>,
        /// What opens the mail program with this message in it.
        pub mailto: String,
        /// What it cannot say yet, and what to do about it.
        pub lacks: Option<String>,
        /// Whether they have to agree to a delay.
        pub consent: Option<ConsentView>,
    }

    /// Whether a customer has to agree to a delay. The words are help, and no legal advice.
    pub struct ConsentView {
        /// The rule.
        pub consent: Consent,
        /// The same in words.
        pub words: String,
        /// They know of the delay, and have not answered.
        pub running: bool,
    }

    /// Something that a customer was told.
    pub struct ToldView {
        /// When.
        pub at: Stamp,
        /// What.
        pub kind: TellKind,
        /// How.
        pub channel: Channel,
        /// In words: `Told that it will be late, by phone`.
        pub said: String,
        /// The words of the message.
        pub words: Option<String>,
        /// What they answered.
        pub answer: Option<Answer>,
    }

    /// What opens the mail program with a message in it.
    pub struct MailAddress {
        /// The address.
        pub mailto: String,
    }

    /// A letter, to be printed.
    pub struct Letter {
        /// The name of the business.
        pub business: String,
        /// The day, in words.
        pub day_words: String,
        /// To whom.
        pub customer: String,
        /// Where to, line by line.
        pub address: Vec<String>,
        /// The line above it.
        pub subject: String,
        /// What it says, paragraph by paragraph.
        pub paragraphs: Vec<String>,
    }

    /// The templates of the messages, with what can stand in them.
    pub struct Templates {
        /// One for each kind, in the order of a promise’s life.
        pub templates: Vec<TemplateView>,
        /// What can stand in braces.
        pub placeholders: Vec<PlaceholderView>,
    }

    /// One template.
    pub struct TemplateView {
        /// Of which message.
        pub kind: TellKind,
        /// What holds now.
        pub template: MessageTemplate,
        /// What Kept says of itself.
        pub usual: MessageTemplate,
        /// The owner has written their own.
        pub own: bool,
    }

    /// What can stand in braces in a template.
    pub struct PlaceholderView {
        /// With its braces.
        pub name: String,
        /// What it stands for.
        pub stands_for: String,
    }
}
