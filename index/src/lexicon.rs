//! What is known of German words: their lemmas, and how they stand in compounds.
//!
//! The data lies in `index/lexicon`, with its sources and licences beside it.

use std::sync::LazyLock;

use fst::Map;

mod entry;

pub use entry::{Ending, Entry, Link};

static WORDS: &[u8] = include_bytes!("../lexicon/words.fst");
static ENDINGS: &str = include_str!("../lexicon/endings.tsv");

/// The lexicon, read from the program itself.
pub(crate) struct Lexicon {
    words: Option<Map<&'static [u8]>>,
    endings: Vec<Ending>,
}

/// The one lexicon.
pub(crate) fn lexicon() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
        let ending = |line: &str| {
            let (drop, add) = line.split_once('\t')?;
            Some(Ending { drop: drop.parse().ok()?, add: add.to_owned() })
        };
        // A broken file would show in every test of this crate.
        Lexicon {
            words: Map::new(WORDS).ok(),
            endings: ENDINGS.lines().filter_map(ending).collect(),
        }
    });
    &LEXICON
}

/// What tells this lexicon from another one.
pub(crate) fn contents() -> [&'static [u8]; 2] {
    [WORDS, ENDINGS.as_bytes()]
}

impl Lexicon {
    /// What is known of a form in lower case.
    pub(crate) fn entry(&self, form: &str) -> Option<Entry> {
        self.words.as_ref()?.get(form).map(Entry::unpack)
    }

    /// The lemma of a word that stands by itself or ends a compound.
    pub(crate) fn lemma(&self, form: &str) -> Option<String> {
        let ending = self.entry(form)?.lemma?;
        Some(self.endings.get(usize::from(ending))?.apply(form))
    }

    /// The lemma of a word that stands in front of others: `schule` of `schul`.
    pub(crate) fn link_lemma(&self, form: &str) -> Option<String> {
        let entry = self.entry(form).filter(|entry| entry.link != Link::None)?;
        Some(self.endings.get(usize::from(entry.link_lemma))?.apply(form))
    }
}
