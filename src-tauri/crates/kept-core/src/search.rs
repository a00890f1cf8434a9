//! Search that forgives case and accents and, where nothing is spelled as it was typed, one typing error per word.

mod index;
mod near;

pub use index::{Found, Index};
pub use near::is_near;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in the form in which it is searched: lower case, without accents.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    for letter in letters {
        match without_stroke(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded
}

/// Letters that Unicode does not take apart, as those type them who have no such key.
const fn without_stroke(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'þ' => "th",
        _ => return None,
    })
}

/// The words of a search, folded.
pub fn words_of(search: &str) -> Vec<String> {
    words_in(&folded(search)).map(str::to_owned).collect()
}

/// The words of a folded text, without the punctuation around them.
pub fn words_in(folded: &str) -> impl Iterator<Item = &str> {
    let around = |letter: char| !letter.is_alphanumeric();
    folded.split_whitespace().map(move |word| word.trim_matches(around)).filter(|word| !word.is_empty())
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
        let text = folded("Gâteau à la crème for ZOË Müller and Søren Großmann");
        for (search, found) in [
            ("creme", true),
            ("zoe MULLER", true),
            ("muller gateau", true),
            ("soren", true),
            ("GROSSMANN", true),
            ("cake", false),
            ("", true),
        ] {
            assert_eq!(holds(&text, &words_of(search)), found, "{search}");
        }
    }

    #[test]
    fn words_come_without_what_stands_around_them() {
        let words = |text: &str| words_of(text);
        assert_eq!(words("  “Oak sign”, (for) #1001!"), ["oak", "sign", "for", "1001"]);
        assert_eq!(words("o'neil 12-inch maria@silva.pt"), ["o'neil", "12-inch", "maria@silva.pt"]);
        assert!(words("& - …").is_empty());
    }
}
