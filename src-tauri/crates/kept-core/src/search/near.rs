//! One typing error: a letter too many, too few or wrong, or two that changed places.

/// Words with fewer letters are taken as they were typed: nearly any other short word is one error away.
const FORGIVEN_FROM: usize = 4;

/// Whether a typed word may hold a typing error: it is long enough and not a number, which is right or wrong.
pub(super) fn is_forgiven(typed: &str) -> bool {
    typed.chars().count() >= FORGIVEN_FROM && typed.chars().all(char::is_alphabetic)
}

/// Whether a typed word could be meant for a word or for its beginning, with at most one typing error; both folded.
pub fn is_near(typed: &str, word: &str) -> bool {
    if is_forgiven(typed) { begins_nearly(typed, word) } else { word.starts_with(typed) }
}

/// Whether a word begins with what was typed, but for one error. Where both part for the first time the error must
/// lie, and the rest has to be the same: so a whole vocabulary is gone through in the time that a distance would take
/// for a few words.
pub(super) fn begins_nearly(typed: &str, word: &str) -> bool {
    let (typed, word) = from_first_difference(typed, word);
    let mut typed_letters = typed.chars();
    let mut word_letters = word.chars();
    let (Some(typed_first), word_first) = (typed_letters.next(), word_letters.next()) else { return true };
    let (typed_rest, word_rest) = (typed_letters.as_str(), word_letters.as_str());
    let mut swapped = || {
        word_first.is_some()
            && typed_letters.next() == word_first
            && word_letters.next() == Some(typed_first)
            && word_letters.as_str().starts_with(typed_letters.as_str())
    };
    let too_many = word.starts_with(typed_rest);
    let missing = word_rest.starts_with(typed);
    let wrong = word_first.is_some() && word_rest.starts_with(typed_rest);
    too_many || missing || wrong || swapped()
}

/// Both from the first letter on in which they differ.
fn from_first_difference<'a>(typed: &'a str, word: &'a str) -> (&'a str, &'a str) {
    let same = typed.chars().zip(word.chars()).take_while(|(one, other)| one == other);
    let length = same.map(|(letter, _)| letter.len_utf8()).sum::<usize>();
    (&typed[length..], &word[length..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_error_in_a_word_of_four_letters_or_more_is_forgiven() {
        for (typed, word, near) in [
            ("cupcakes", "cupcakes", true),
            ("cupcaks", "cupcakes", true),
            ("cupckaes", "cupcakes", true),
            ("cuupcakes", "cupcakes", true),
            ("cupcalkes", "cupcakes", true),
            ("xupcakes", "cupcakes", true),
            ("cupcke", "cupcakes", true),
            ("cupks", "cupcakes", false),
            ("hanah", "hannah", true),
            ("mueller", "muller", true),
            ("silv", "silva", true),
            ("silvan", "silva", true),
            ("sxlx", "silva", false),
            ("sgn", "sign", false),
            ("sig", "sign", true),
            ("1001", "1002", false),
            ("100", "1002", true),
            ("żółw", "żółty", true),
            ("łóża", "żółty", false),
        ] {
            assert_eq!(is_near(typed, word), near, "{typed} for {word}");
        }
    }

    proptest! {
        /// It is what the distance of Damerau and Levenshtein says of the word's beginnings.
        #[test]
        fn it_is_a_distance_of_one(typed in "[a-cä]{4,8}", word in "[a-cä]{0,10}") {
            let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
            let near = ends.map(|end| &word[..end]).any(|beginning| strsim::osa_distance(&typed, beginning) <= 1);
            prop_assert_eq!(is_near(&typed, &word), near, "{} for {}", typed, word);
        }
    }
}
