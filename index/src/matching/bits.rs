//! Sets of the documents of a segment.

use tantivy::DocId;

/// One bit for each document of a segment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
    /// How many documents there are.
    count: u32,
}

impl Bits {
    /// No document.
    pub(crate) fn none(count: u32) -> Self {
        Self { words: vec![0; count.div_ceil(64) as usize], count }
    }

    /// All documents.
    pub(crate) fn all(count: u32) -> Self {
        Self::none(count).complement()
    }

    /// Adds a document; whether it is new.
    #[inline]
    pub(crate) fn insert(&mut self, doc: DocId) -> bool {
        let Some(word) = self.words.get_mut(doc as usize / 64) else { return false };
        let bit = 1 << (doc % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Whether a document is among them.
    pub(crate) fn contains(&self, doc: DocId) -> bool {
        self.words.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    /// Removes all documents.
    pub(crate) fn clear(&mut self) {
        self.words.fill(0);
    }

    /// All others.
    pub(crate) fn complement(mut self) -> Self {
        self.words.iter_mut().for_each(|word| *word = !*word);
        let beyond = self.words.len() as u32 * 64 - self.count;
        if let Some(last) = self.words.last_mut() {
            // Bits beyond the last document stay empty.
            *last &= u64::MAX >> beyond;
        }
        self
    }

    /// Those that are in both.
    pub(crate) fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(one, two)| *one &= two);
    }

    /// How many are in both.
    pub(crate) fn shared(&self, other: &Self) -> u64 {
        let words = self.words.iter().zip(&other.words);
        words.map(|(one, two)| u64::from((one & two).count_ones())).sum()
    }

    /// Those of both, as a set of their own.
    pub(crate) fn common(&self, other: &Self) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(one, two)| one & two);
        Self { words: words.collect(), count: self.count }
    }

    /// Those that are in either.
    pub(crate) fn or(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(one, two)| *one |= two);
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Keeps those for which something holds.
    pub(crate) fn retain(&mut self, holds: impl Fn(DocId) -> bool) {
        for (start, word) in (0..self.count).step_by(64).zip(&mut self.words) {
            let mut rest = *word;
            while rest != 0 {
                let place = rest.trailing_zeros();
                if !holds(start + place) {
                    *word &= !(1 << place);
                }
                rest &= rest - 1;
            }
        }
    }

    /// How many.
    pub(crate) fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Does something with each document, in ascending order.
    #[inline]
    pub(crate) fn for_each(&self, mut work: impl FnMut(DocId)) {
        for (start, word) in (0..self.count).step_by(64).zip(&self.words) {
            let mut rest = *word;
            while rest != 0 {
                work(start + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }

    /// The documents in ascending order; slower than [`Self::for_each`].
    pub(crate) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        (0..self.count).step_by(64).zip(&self.words).flat_map(|(start, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let next = (rest != 0).then(|| start + rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(next)
            })
        })
    }

    /// How much memory they take, in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.words.len() as u64 * 8
    }
}

/// How many of several sets hold each document: a binary number for each, whose digits are sets.
#[derive(Debug)]
pub(super) struct Tally {
    /// The lowest digits first.
    digits: Vec<Bits>,
    count: u32,
}

impl Tally {
    pub(super) fn new(count: u32) -> Self {
        Self { digits: Vec::new(), count }
    }

    /// Counts one more for the documents of a set.
    pub(super) fn add(&mut self, set: &Bits) {
        let mut carried = set.clone();
        for digit in &mut self.digits {
            for (digit, carry) in digit.words.iter_mut().zip(&mut carried.words) {
                (*digit, *carry) = (*digit ^ *carry, *digit & *carry);
            }
        }
        if !carried.is_empty() {
            self.digits.push(carried);
        }
    }

    /// The documents that so many sets hold, or more.
    pub(super) fn at_least(&self, least: usize) -> Bits {
        if least >> self.digits.len() != 0 {
            return Bits::none(self.count);
        }
        let mut enough = Bits::all(self.count);
        for (place, digit) in self.digits.iter().enumerate() {
            if least >> place & 1 == 1 {
                enough.and(digit);
            } else {
                enough.or(digit);
            }
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_counts_as_one_counts_by_hand() {
        let count = 200;
        let mut tally = Tally::new(count);
        let mut by_hand = vec![0; count as usize];
        for divisor in 1..=24 {
            let mut set = Bits::none(count);
            for doc in (0..count).filter(|doc| doc % divisor == 0) {
                set.insert(doc);
                by_hand[doc as usize] += 1;
            }
            tally.add(&set);
        }
        for least in 0..40 {
            let found: Vec<DocId> = tally.at_least(least).iter().collect();
            let expected = (0..count).filter(|doc| by_hand[*doc as usize] >= least);
            assert_eq!(found, expected.collect::<Vec<_>>(), "{least}");
        }
    }
}
