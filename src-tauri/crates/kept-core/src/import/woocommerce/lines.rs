//! The lines of an order that stand in one cell.

use crate::draft::QUANTITY_MOST;

/// A line of an order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    pub what: &'t str,
    /// None if nothing is owed.
    pub quantity: Option<u32>,
    pub sku: &'t str,
    pub total: Option<&'t str>,
}

/// The lines of a cell: `name:Sourdough loaf|product_id:12|sku:SD-1|quantity:2|total:19.00`, several with `;` between
/// them, or `Sourdough loaf x 2`.
pub(super) fn in_cell(text: &str) -> Vec<Line<'_>> {
    if text.is_empty() {
        return Vec::new();
    }
    let named = |part: &str| part.starts_with("name:") || part.contains("|name:");
    if !named(text) {
        return vec![counted(text)];
    }
    let mut lines = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(';') {
        // A semicolon within a name is no end of a line.
        let next = &text[at + 1..];
        if named(next.split(';').next().unwrap_or_default()) {
            lines.push(pairs(&text[from..at]));
            from = at + 1;
        }
    }
    lines.push(pairs(&text[from..]));
    lines
}

/// The products of the analytics: `2× Sourdough loaf, 1× Bun`.
pub(super) fn in_analytics(text: &str) -> Vec<Line<'_>> {
    let begins = |part: &str| {
        let digits = part.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
        part.trim_start().starts_with(|c: char| c.is_ascii_digit())
            && digits.trim_start().starts_with(['×', 'x', 'X'])
    };
    let mut lines = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(", ") {
        if begins(&text[at + 2..]) {
            lines.push(counted_before(&text[from..at]));
            from = at + 2;
        }
    }
    if !text[from..].trim().is_empty() {
        lines.push(counted_before(&text[from..]));
    }
    lines
}

fn pairs(text: &str) -> Line<'_> {
    let mut line = Line { what: "", quantity: Some(1), sku: "", total: None };
    for pair in text.split('|') {
        let (name, value) = pair.split_once(':').unwrap_or((pair, ""));
        match name.trim() {
            "name" => line.what = value.trim(),
            "quantity" | "qty" => line.quantity = owed(value),
            "sku" => line.sku = value.trim(),
            "total" => line.total = Some(value.trim()),
            _ => {}
        }
    }
    line
}

/// `Sourdough loaf x 2`, `Sourdough loaf × 2`.
fn counted(text: &str) -> Line<'_> {
    let split = [" x ", " × ", " x", " ×"].iter().find_map(|times| {
        let (what, count) = text.rsplit_once(times)?;
        count
            .trim()
            .bytes()
            .all(|digit| digit.is_ascii_digit())
            .then_some((what, count))
            .filter(|(_, count)| !count.trim().is_empty())
    });
    let (what, count) = split.unwrap_or((text, "1"));
    Line { what: what.trim(), quantity: owed(count), sku: "", total: None }
}

fn counted_before(text: &str) -> Line<'_> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let (count, rest) = text.split_at(end);
    match rest.trim_start().strip_prefix(['×', 'x', 'X']) {
        Some(what) if !count.is_empty() => {
            Line { what: what.trim(), quantity: owed(count), sku: "", total: None }
        }
        Some(_) | None => Line { what: text, quantity: Some(1), sku: "", total: None },
    }
}

/// A quantity; one that cannot be read is one rather than lost.
fn owed(text: &str) -> Option<u32> {
    match text.trim().parse::<u32>() {
        Ok(0) => None,
        Ok(quantity) if quantity <= QUANTITY_MOST => Some(quantity),
        Ok(_) | Err(_) => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[Line<'_>], words: &[&str]) {
        let shown: Vec<String> = lines
            .iter()
            .map(|line| {
                format!("{:?} {} [{}] {:?}", line.quantity.unwrap_or(0), line.what, line.sku, line.total)
            })
            .collect();
        assert_eq!(shown, words);
    }

    #[test]
    fn lines_in_a_cell_are_taken_apart() {
        check(
            &in_cell("name:Sourdough loaf|product_id:12|sku:SD-1|quantity:2|total:19.00|meta:Cut=no"),
            &["2 Sourdough loaf [SD-1] Some(\"19.00\")"],
        );
        check(
            &in_cell("id:1|name:Loaf; sliced|quantity:2;id:2|name:Bun|quantity:6"),
            &["2 Loaf; sliced [] None", "6 Bun [] None"],
        );
        check(&in_cell("Sourdough loaf x 2"), &["2 Sourdough loaf [] None"]);
        check(&in_cell("Box × 12"), &["12 Box [] None"]);
        check(&in_cell("Plain"), &["1 Plain [] None"]);
        check(&in_cell("name:Nothing|quantity:0"), &["0 Nothing [] None"]);
        check(&in_cell(""), &[]);
    }

    #[test]
    fn products_of_the_analytics_are_taken_apart() {
        check(
            &in_analytics("2× Sourdough loaf, sliced, 12× Bun"),
            &["2 Sourdough loaf, sliced [] None", "12 Bun [] None"],
        );
        check(&in_analytics("1x Cake"), &["1 Cake [] None"]);
        check(&in_analytics("Cake"), &["1 Cake [] None"]);
        check(&in_analytics(""), &[]);
    }
}
