//! Figures, each against a reference of the same run, as a table and as JSON.

use std::fmt::Write as _;

const COLUMNS: [&str; 7] = ["name", "value", "unit", "reference", "ratio", "aim", "ok"];

/// One figure: for each column a JSON value, as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Figure([String; 7]);

impl Figure {
    /// A value that is to be at most `aim` times its reference.
    pub(crate) fn against(name: &str, unit: &str, value: f64, reference: f64, aim: f64) -> Self {
        let ratio = value / reference;
        Self([
            format!("\"{name}\""),
            format!("{value:.1}"),
            format!("\"{unit}\""),
            format!("{reference:.1}"),
            format!("{ratio:.2}"),
            format!("{aim}"),
            (ratio <= aim).to_string(),
        ])
    }

    /// Whether it has this name.
    pub(crate) fn is(&self, name: &str) -> bool {
        plain(&self.0[0]) == name
    }
}

/// The figures as one JSON array.
pub(crate) fn json(figures: &[Figure]) -> String {
    let objects = figures.iter().map(|Figure(cells)| {
        let fields = COLUMNS.iter().zip(cells).map(|(column, cell)| format!("\"{column}\": {cell}"));
        format!("  {{ {} }}", fields.collect::<Vec<_>>().join(", "))
    });
    format!("[\n{}\n]", objects.collect::<Vec<_>>().join(",\n"))
}

/// The figures as a table for people.
pub(crate) fn table(figures: &[Figure]) -> String {
    let head = COLUMNS.map(str::to_owned);
    let rows: Vec<[String; 7]> =
        figures.iter().map(|Figure(cells)| cells.clone().map(|cell| plain(&cell))).collect();
    let mut widths = [0; 7];
    for row in std::iter::once(&head).chain(&rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut table = String::new();
    for row in std::iter::once(&head).chain(&rows) {
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(table, "{cell:<width$}  ");
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    table
}

/// Reads a JSON array of figures: objects of texts, numbers, booleans and nothing deeper.
pub(crate) fn read(text: &str) -> Option<Vec<Figure>> {
    let mut rest = text.trim().strip_prefix('[')?.trim_start();
    let mut figures = Vec::new();
    while let Some(object) = rest.strip_prefix('{') {
        let mut cells: [String; 7] = std::array::from_fn(|_| "null".to_owned());
        rest = object.trim_start();
        while !rest.starts_with('}') {
            let (column, after) = value(rest)?;
            let (cell, after) = value(after.trim_start().strip_prefix(':')?.trim_start())?;
            if let Some(at) = COLUMNS.iter().position(|known| *known == plain(column)) {
                cell.clone_into(&mut cells[at]);
            }
            rest = after.trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        figures.push(Figure(cells));
        rest = rest.strip_prefix('}')?.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    (rest == "]").then_some(figures)
}

/// The value that a text begins with, as it is written, and what follows it.
fn value(text: &str) -> Option<(&str, &str)> {
    let end = if let Some(inside) = text.strip_prefix('"') {
        let mut escaped = false;
        let closes = |(_, letter): &(usize, char)| {
            let closes = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            closes
        };
        inside.char_indices().find(closes)?.0 + 2
    } else {
        text.find([',', '}', ':', ' ', '\n'])?
    };
    (end > 0).then(|| text.split_at(end))
}

/// A JSON value as one shows it: texts without their quotes, nothing for null.
fn plain(cell: &str) -> String {
    match cell {
        "null" => String::new(),
        "true" => "yes".to_owned(),
        "false" => "NO".to_owned(),
        text => text.trim_matches('"').replace("\\\"", "\""),
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, json, read, table};

    #[test]
    fn what_is_written_is_read_again() {
        let figures = vec![
            Figure::against("start_100k", "ms", 1_100.0, 1_000.0, 1.25),
            Figure::against("memory_100k", "MiB", 280.0, 200.0, 1.3),
        ];
        assert_eq!(read(&json(&figures)), Some(figures));
    }

    #[test]
    fn other_spellings_of_the_same_json_are_read() {
        let read =
            read(r#"[{"ok":true,"name":"a \"b\", {c}","value":1.5,"reference":null,"more":"x"}]"#).unwrap();
        assert_eq!(table(&read).lines().nth(1).unwrap().split_whitespace().last(), Some("yes"));
        assert!(table(&read).contains("a \"b\", {c}"));
    }

    #[test]
    fn what_is_no_array_of_figures_is_refused() {
        for text in ["", "{}", "[{]", "[{\"a\" 1}]", "nonsense"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_figure_beyond_its_aim_says_no() {
        assert!(table(&[Figure::against("x", "ms", 2.0, 1.0, 1.5)]).trim_end().ends_with("NO"));
    }
}
