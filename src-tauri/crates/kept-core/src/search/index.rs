//! Which entries hold which words. A hundred thousand entries share far fewer words, and those lie in one long text
//! that is read through in well under a millisecond.

use super::near::{begins_nearly, is_forgiven};
use super::words_in;
use fixedbitset::FixedBitSet;
use memchr::memmem::Finder;
use smallvec::SmallVec;
use std::collections::HashMap;

/// Stands between the words: it occurs in none of them.
const BETWEEN: char = '\n';

/// Entries, by number, and the words that each of them holds.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// All words that were ever seen, each once.
    text: String,
    /// Where each word begins in the text.
    starts: Vec<usize>,
    /// The entries that hold each word.
    holders: Vec<Holders>,
    /// The word's number, by the word.
    numbers: HashMap<Box<str>, u32>,
    /// The numbers of the words of each entry, in order.
    entries: Vec<Box<[u32]>>,
    /// The entries that hold each letter and digit of ASCII: one letter occurs in so many words that to go through them
    /// would take longer than all other searches.
    letters: Vec<FixedBitSet>,
}

/// The entries that hold a word. Most words are held by one or two, some by nearly all; a search for two letters walks
/// very many of the former, which therefore lie in one piece, and joins the latter as sets.
#[derive(Clone, Debug)]
enum Holders {
    Few(SmallVec<[u32; 4]>),
    Many(FixedBitSet),
}

/// How many letters, digits and signs ASCII has.
const ASCII: usize = 128;

/// From so many on, entries are kept as a set.
const MANY: usize = 1_000;

/// What a search has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The entries, by number.
    pub entries: FixedBitSet,
    /// Nothing is spelled as it was typed: these come close.
    pub forgiven: bool,
}

impl Index {
    /// The entry holds the words of this folded text, and none that it held before.
    pub fn put(&mut self, entry: u32, folded: &str) {
        let mut words: Vec<u32> = words_in(folded).map(|word| self.number(word)).collect();
        words.sort_unstable();
        words.dedup();
        let at = entry as usize;
        if self.entries.len() <= at {
            self.entries.resize_with(at + 1, Box::default);
        }
        let before = std::mem::replace(&mut self.entries[at], words.into_boxed_slice());
        let after = &self.entries[at];
        let (held, holds) = (self.letters_of(&before), self.letters_of(after));
        for word in before.iter().filter(|word| after.binary_search(word).is_err()) {
            self.holders[*word as usize].remove(entry);
        }
        for word in after.iter().filter(|word| before.binary_search(word).is_err()) {
            self.holders[*word as usize].insert(entry);
        }
        self.letters.resize_with(ASCII, FixedBitSet::new);
        for (letter, entries) in self.letters.iter_mut().enumerate() {
            let bit = 1 << letter;
            if (held ^ holds) & bit != 0 {
                entries.grow(at + 1);
                entries.set(at, holds & bit != 0);
            }
        }
    }

    /// The letters of ASCII that occur in words, a bit each.
    fn letters_of(&self, words: &[u32]) -> u128 {
        let bytes = words.iter().flat_map(|number| self.word(*number as usize).bytes());
        bytes.filter(u8::is_ascii).fold(0, |letters, byte| letters | 1 << byte)
    }

    /// The entries that hold every word, each spelled as it was typed or, if there are none, with one error at most.
    pub fn find(&self, words: &[String]) -> Found {
        let entries = self.all_of(words, Self::spelled);
        if entries.is_clear() && words.iter().any(|word| is_forgiven(word)) {
            let entries = self.all_of(words, |index, word| {
                let mut numbers = index.spelled(word);
                numbers.extend(index.nearly(word));
                numbers
            });
            return Found { forgiven: !entries.is_clear(), entries };
        }
        Found { entries, forgiven: false }
    }

    fn all_of(&self, words: &[String], numbers: impl Fn(&Self, &str) -> Vec<u32>) -> FixedBitSet {
        let mut all = FixedBitSet::with_capacity(self.entries.len());
        all.insert_range(..);
        for word in words {
            if let Some(holders) = self.holders_of_letter(word) {
                all.intersect_with(holders);
                continue;
            }
            let mut some = FixedBitSet::with_capacity(self.entries.len());
            for number in numbers(self, word) {
                self.holders[number as usize].join(&mut some);
            }
            all.intersect_with(&some);
        }
        all
    }

    /// The entries in which a letter of ASCII occurs, if it is one.
    fn holders_of_letter(&self, typed: &str) -> Option<&FixedBitSet> {
        let [byte] = typed.as_bytes() else { return None };
        self.letters.get(usize::from(*byte))
    }

    /// The words in which what was typed occurs.
    fn spelled(&self, typed: &str) -> Vec<u32> {
        self.words_at(Finder::new(typed).find_iter(self.text.as_bytes()))
    }

    /// The words that stand at these places of the text, which are in order.
    fn words_at(&self, places: impl Iterator<Item = usize>) -> Vec<u32> {
        let mut numbers = Vec::new();
        let mut next = 0;
        for place in places {
            // A word that holds it once more is found already.
            if self.starts.get(next).is_none_or(|start| *start > place) {
                continue;
            }
            while self.starts.get(next).is_some_and(|start| *start <= place) {
                next += 1;
            }
            numbers.push(as_number(next - 1));
        }
        numbers
    }

    /// The words that begin with what was typed but for one error. They are among those in which one half of it occurs,
    /// for there is one error only; unless that swaps the letters where the halves meet.
    fn nearly(&self, typed: &str) -> Vec<u32> {
        if !is_forgiven(typed) {
            return Vec::new();
        }
        let (half, other, swapped) = halves(typed);
        let mut numbers = self.spelled(half);
        numbers.extend(self.spelled(other));
        numbers.extend(self.spelled(&swapped));
        numbers.sort_unstable();
        numbers.dedup();
        numbers.retain(|number| begins_nearly(typed, self.word(*number as usize)));
        numbers
    }

    fn word(&self, number: usize) -> &str {
        let end = self.starts.get(number + 1).map_or(self.text.len(), |next| *next);
        &self.text[self.starts[number]..end - BETWEEN.len_utf8()]
    }

    /// The number of a word, which it keeps.
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = as_number(self.starts.len());
        self.starts.push(self.text.len());
        self.text.push_str(word);
        self.text.push(BETWEEN);
        self.holders.push(Holders::Few(SmallVec::new()));
        self.numbers.insert(word.into(), number);
        number
    }
}

impl Holders {
    fn insert(&mut self, entry: u32) {
        match self {
            Self::Few(few) if few.len() < MANY => few.push(entry),
            Self::Few(few) => {
                let many = few.iter().map(|entry| *entry as usize).chain([entry as usize]);
                *self = Self::Many(many.collect());
            }
            Self::Many(many) => {
                many.grow(entry as usize + 1);
                many.insert(entry as usize);
            }
        }
    }

    fn remove(&mut self, entry: u32) {
        match self {
            Self::Few(few) => few.retain(|holder| *holder != entry),
            Self::Many(many) => many.set(entry as usize, false),
        }
    }

    /// Adds the entries to others.
    fn join(&self, others: &mut FixedBitSet) {
        match self {
            Self::Few(few) => few.iter().for_each(|entry| others.insert(*entry as usize)),
            Self::Many(many) => others.union_with(many),
        }
    }
}

/// Both halves of a word of several letters, and the word with the letters swapped where they meet.
fn halves(word: &str) -> (&str, &str, String) {
    let middle = word.chars().count() / 2;
    let at = word.char_indices().nth(middle).map_or(word.len(), |(at, _)| at);
    let mut letters: Vec<char> = word.chars().collect();
    if middle > 0 && middle < letters.len() {
        letters.swap(middle - 1, middle);
    }
    (&word[..at], &word[at..], letters.into_iter().collect())
}

/// There are never four thousand million words.
fn as_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::{folded, holds, words_of};
    use super::*;
    use proptest::prelude::*;

    fn index(texts: &[&str]) -> Index {
        let mut index = Index::default();
        for (entry, text) in texts.iter().enumerate() {
            index.put(as_number(entry), &folded(text));
        }
        index
    }

    fn check(index: &Index, search: &str, entries: &[usize], forgiven: bool) {
        let found = index.find(&words_of(search));
        assert_eq!(
            (found.entries.ones().collect::<Vec<_>>(), found.forgiven),
            (entries.to_vec(), forgiven),
            "{search}"
        );
    }

    #[test]
    fn every_word_has_to_occur_somewhere() {
        let index = index(&["12 cupcakes Zoë Müller", "Oak sign Maria Silva", "Cupcakes and a sign, Maria"]);
        check(&index, "", &[0, 1, 2], false);
        check(&index, "cup", &[0, 2], false);
        check(&index, "MARIA sign", &[1, 2], false);
        check(&index, "muller cakes", &[0], false);
        check(&index, "muller sign", &[], false);
    }

    #[test]
    fn errors_are_forgiven_only_where_nothing_is_spelled_like_this() {
        let index = index(&["cake Hanna", "lake Hannah", "Maria"]);
        check(&index, "hannah", &[1], false);
        check(&index, "hamnah", &[1], true);
        check(&index, "hanba", &[0, 1], true);
        check(&index, "caek hanna", &[0], true);
        check(&index, "caek maria", &[], false);
        check(&index, "mar", &[2], false);
        check(&index, "mrx", &[], false);
    }

    #[test]
    fn an_entry_forgets_the_words_that_it_held() {
        let mut index = index(&["cake for Maria", "cake for Zoe"]);
        index.put(0, "sign for maria");
        check(&index, "cake", &[1], false);
        check(&index, "sign", &[0], false);
        check(&index, "k", &[1], false);
        check(&index, "m", &[0], false);
        index.put(0, "");
        check(&index, "m", &[], false);
        check(&index, "maria", &[], false);
    }

    #[test]
    fn a_word_that_very_many_hold_is_found_and_forgotten_like_any_other() {
        let mut index = Index::default();
        let most = as_number(MANY) + 2;
        for entry in 0..most {
            index.put(entry, "cake");
        }
        assert_eq!(index.find(&words_of("cake")).entries.count_ones(..), MANY + 2);
        for entry in 1..most {
            index.put(entry, "sign");
        }
        check(&index, "cake", &[0], false);
    }

    proptest! {
        /// The index finds what reading every text would find.
        #[test]
        fn it_finds_what_reading_all_texts_would(
            texts in prop::collection::vec("[a-c]{1,4}( [a-c]{1,4}){0,3}", 1..20),
            search in "[a-c]{1,3}( [a-c]{1,2})?",
        ) {
            let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
            let index = index(&borrowed);
            let words = words_of(&search);
            let read: Vec<usize> =
                texts.iter().enumerate().filter(|(_, text)| holds(text, &words)).map(|(entry, _)| entry).collect();
            prop_assert_eq!(index.find(&words).entries.ones().collect::<Vec<_>>(), read);
        }

        /// The words that are near are those that a look at every word finds.
        #[test]
        fn what_is_near_is_what_a_look_at_every_word_finds(
            texts in prop::collection::vec("[a-cä]{1,9}", 1..40),
            typed in "[a-cä]{4,8}",
        ) {
            let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
            let index = index(&borrowed);
            let near = (0..index.starts.len()).filter(|number| begins_nearly(&typed, index.word(*number)));
            prop_assert_eq!(index.nearly(&typed), near.map(as_number).collect::<Vec<_>>());
        }
    }
}
