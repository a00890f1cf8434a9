//! The address of an order, as cells tell it and as an envelope wants it.

use super::table::{Column, Row};
use super::values::without_apostrophe;

/// The columns of one address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) name: Column,
    pub(super) company: Column,
    pub(super) address_1: Column,
    pub(super) address_2: Column,
    /// Both lines in one cell, where there are no columns for each.
    pub(super) street: Column,
    pub(super) city: Column,
    pub(super) zip: Column,
    pub(super) province: Column,
    pub(super) country: Column,
}

impl Place {
    /// The address of a row, line by line, and its postal code; none if the row has none.
    ///
    /// The customer's own name is not repeated; another one is where a present goes.
    pub(super) fn read(&self, row: &Row, customer: &str) -> Option<(Vec<String>, String)> {
        let text = |column: Column| row.text(column);
        let street = [text(self.address_1), text(self.address_2)];
        let street = if street.iter().all(|line| line.is_empty()) { [text(self.street), ""] } else { street };
        let (city, zip, province) =
            (text(self.city), without_apostrophe(text(self.zip)), text(self.province));
        if street[0].is_empty() && city.is_empty() && zip.is_empty() {
            return None;
        }
        let country = text(self.country);
        // The post of these countries puts the code behind the place.
        let code_last = matches!(country, "US" | "CA" | "AU" | "GB" | "IE" | "NZ" | "IN")
            || matches!(country, "United States" | "Canada" | "Australia" | "United Kingdom" | "Ireland");
        let place = if code_last { [city, province, zip] } else { [zip, city, province] };
        let place = place.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let name = Some(text(self.name)).filter(|name| *name != customer).unwrap_or_default();
        let company = Some(text(self.company)).filter(|company| *company != customer).unwrap_or_default();
        let lines = [name, company, street[0], street[1], &place, country];
        Some((
            lines.iter().filter(|line| !line.is_empty()).map(|line| (*line).to_owned()).collect(),
            zip.to_owned(),
        ))
    }
}
