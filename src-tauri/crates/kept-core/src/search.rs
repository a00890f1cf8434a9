//! Search that forgives case and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in the form in which it is searched: lower case, without accents.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// The words of a search, folded.
pub fn words_of(search: &str) -> Vec<String> {
    folded(search).split_whitespace().map(str::to_owned).collect()
}

/// Whether a folded text holds all words.
pub fn holds(folded: &str, words: &[String]) -> bool {
    words.iter().all(|word| folded.contains(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_are_forgiven() {
        let text = folded("Gâteau à la crème for ZOË Müller");
        for (search, found) in
            [("creme", true), ("zoe MULLER", true), ("muller gateau", true), ("cake", false), ("", true)]
        {
            assert_eq!(holds(&text, &words_of(search)), found, "{search}");
        }
    }
}
