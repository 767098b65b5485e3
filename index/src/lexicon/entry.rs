//! What the lexicon says of a word, packed into the number that the FST keeps for it.

/// How a word can stand in front of another one in a compound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// Not at all.
    #[default]
    None,
    /// As a noun in a form that nouns have there: `Dorf`, `Kinder`, `Verkehrs`.
    Noun,
    /// As the stem of a verb, or as an adjective: `Wohn`, `Regional`.
    Stem,
    /// In a form that is guessed from others: `Schul` of `Schule`, `Arbeits` of `Arbeit`.
    Guess,
}

/// What the lexicon says of a form of a word, in lower case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Which ending turns the form into its lemma; absent if it is no word by itself.
    pub lemma: Option<u16>,
    /// Whether it is a noun, which can end a compound.
    pub noun: bool,
    /// Whether it must not be taken apart: a name, or a word that only looks like a compound.
    pub whole: bool,
    /// How frequent it is, from 1 (most frequent) to 6; 0 if it was never met.
    pub band: u8,
    /// Whether it may well be a part of a compound; most words of three letters are met by chance.
    pub usual: bool,
    /// How it stands in front of other words.
    pub link: Link,
    /// Which ending turns the form in front of other words into its lemma.
    pub link_lemma: u16,
}

impl Entry {
    /// As a number.
    #[must_use]
    pub fn pack(self) -> u64 {
        let link = match self.link {
            Link::None => 0,
            Link::Noun => 1,
            Link::Stem => 2,
            Link::Guess => 3,
        };
        self.lemma.map_or(0, |lemma| u64::from(lemma) + 1)
            | u64::from(self.noun) << 17
            | u64::from(self.whole) << 18
            | u64::from(self.band) << 19
            | link << 22
            | u64::from(self.link_lemma) << 24
            | u64::from(self.usual) << 40
    }

    /// From a number that [`Entry::pack`] made.
    #[must_use]
    pub fn unpack(packed: u64) -> Self {
        let bits = |from: u32, count: u32| packed >> from & ((1 << count) - 1);
        let ending = |bits: u64| u16::try_from(bits).unwrap_or_default();
        Self {
            lemma: bits(0, 17).checked_sub(1).map(ending),
            noun: bits(17, 1) == 1,
            whole: bits(18, 1) == 1,
            band: u8::try_from(bits(19, 3)).unwrap_or_default(),
            link: match bits(22, 2) {
                0 => Link::None,
                1 => Link::Noun,
                2 => Link::Stem,
                _ => Link::Guess,
            },
            link_lemma: ending(bits(24, 16)),
            usual: bits(40, 1) == 1,
        }
    }
}

/// Turns a form into its lemma: how many characters go from its end, and what comes instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ending {
    /// How many characters go.
    pub drop: usize,
    /// What comes instead.
    pub add: String,
}

impl Ending {
    /// The ending that leads from a form to its lemma.
    #[must_use]
    pub fn between(form: &str, lemma: &str) -> Self {
        let same = form.chars().zip(lemma.chars()).take_while(|(one, two)| one == two).count();
        Self { drop: form.chars().count() - same, add: lemma.chars().skip(same).collect() }
    }

    /// The lemma of a form.
    #[must_use]
    pub fn apply(&self, form: &str) -> String {
        let kept = form.chars().count().saturating_sub(self.drop);
        form.chars().take(kept).chain(self.add.chars()).collect()
    }
}
