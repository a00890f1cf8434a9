//! What the columns of a table can mean.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a column means.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Meaning {
    /// To whom it is promised.
    Customer,
    /// Their e-mail address.
    Email,
    /// Their telephone number.
    Phone,
    /// A line of their address.
    Address,
    /// What is promised.
    What,
    /// How many.
    Quantity,
    /// When it is due.
    Due,
    /// When it was promised.
    Placed,
    /// What it costs.
    Price,
    /// What was paid, or whether.
    Paid,
    /// How far it has come.
    Status,
    /// A note.
    Notes,
    /// The number of the order; rows with the same one are one promise.
    Order,
    /// The number of the article.
    Sku,
}

/// What the columns of a table mean. A column that is not named is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Mapping {
    /// The columns, by their place in the file from 0, and what they mean.
    pub columns: Vec<Mapped>,
}

/// A column and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Mapped {
    /// Its place in the file, from 0.
    pub column: u32,
    /// What it means.
    pub means: Meaning,
}

impl Mapping {
    /// Whether it says enough to make promises: what, or to whom.
    pub fn is_enough(&self) -> bool {
        self.places(Meaning::What).next().is_some() || self.places(Meaning::Customer).next().is_some()
    }

    /// The places of the columns that mean something.
    pub(in crate::import) fn places(&self, meaning: Meaning) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter().filter(move |mapped| mapped.means == meaning);
        columns.filter_map(|mapped| usize::try_from(mapped.column).ok())
    }
}

impl Meaning {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 14] = [
        Self::Customer,
        Self::What,
        Self::Quantity,
        Self::Due,
        Self::Placed,
        Self::Price,
        Self::Paid,
        Self::Status,
        Self::Order,
        Self::Notes,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::Sku,
    ];

    /// In a word, as it is offered.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Email => "E-mail",
            Self::Phone => "Telephone",
            Self::Address => "Address",
            Self::What => "What",
            Self::Quantity => "Quantity",
            Self::Due => "Due date",
            Self::Placed => "Order date",
            Self::Price => "Price",
            Self::Paid => "Paid",
            Self::Status => "Status",
            Self::Notes => "Notes",
            Self::Order => "Order number",
            Self::Sku => "Article number",
        }
    }

    /// By its word, as the command line names it: `due`, `order`.
    pub fn by_name(name: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(name.trim().to_lowercase())).ok()
    }

    /// Whether several columns may mean it, and are put together.
    pub(super) const fn may_repeat(self) -> bool {
        matches!(self, Self::Address | Self::What | Self::Notes)
    }

    /// What a column could mean by its name, in the languages that the exports are in.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase().replace(['_', '-', '*'], " ");
        let name = name.trim();
        let is = |words: &[&str]| words.contains(&name);
        let holds = |words: &[&str]| words.iter().any(|word| name.contains(word));
        Some(match () {
            () if holds(&["e mail", "email", "courriel"]) => Self::Email,
            () if holds(&["phone", "telefon", "téléphone", "mobile", "handy"]) => Self::Phone,
            () if holds(&[
                "order date",
                "ordered",
                "bestelldatum",
                "date de commande",
                "created",
                "placed",
            ]) =>
            {
                Self::Placed
            }
            () if holds(&[
                "due",
                "deadline",
                "pickup",
                "pick up",
                "deliver",
                "promised",
                "needed",
                "fällig",
                "liefer",
                "abholung",
                "échéance",
                "livraison",
                "retrait",
            ]) =>
            {
                Self::Due
            }
            () if holds(&["customer", "client", "kunde", "buyer", "ordered by"])
                || is(&["name", "nom", "who", "for", "full name"]) =>
            {
                Self::Customer
            }
            () if holds(&["quantity", "menge", "anzahl", "quantité", "stück"])
                || is(&["qty", "count", "pieces", "how many"]) =>
            {
                Self::Quantity
            }
            () if holds(&["article no", "artikelnummer"]) || is(&["sku"]) => Self::Sku,
            () if holds(&[
                "order no",
                "order id",
                "order number",
                "order #",
                "bestellnummer",
                "auftragsnummer",
                "numéro",
                "invoice",
            ]) || is(&["order", "id", "number", "no", "no.", "#"]) =>
            {
                Self::Order
            }
            () if holds(&["paid", "bezahlt", "payé", "deposit", "anzahlung", "acompte", "received"]) => {
                Self::Paid
            }
            () if holds(&["price", "total", "amount", "preis", "betrag", "prix", "montant", "cost"]) => {
                Self::Price
            }
            () if holds(&["note", "comment", "bemerkung", "notiz", "remarque", "message", "details"]) => {
                Self::Notes
            }
            () if holds(&[
                "address", "street", "city", "zip", "postal", "adresse", "ort", "plz", "ville",
            ]) =>
            {
                Self::Address
            }
            () if holds(&["status", "state", "état"]) => Self::Status,
            () if holds(&[
                "item",
                "product",
                "what",
                "description",
                "artikel",
                "produkt",
                "produit",
                "article",
                "title",
                "task",
            ]) =>
            {
                Self::What
            }
            () if is(&["date", "datum"]) => Self::Due,
            () => return None,
        })
    }
}
