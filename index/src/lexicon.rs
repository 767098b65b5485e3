//! What is known of German words: their lemmas, and how they stand in compounds.
//!
//! The data lies in `index/lexicon`, with its sources and licences beside it.

use std::sync::LazyLock;

use fst::Map;
use fst::raw::Output;

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

    /// What is known of all forms that a text in lower case begins with, and their lengths.
    pub(crate) fn beginnings<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (usize, Entry)> + 'a {
        let fst = self.words.as_ref().map(Map::as_fst);
        let mut at = fst.map(|fst| (fst.root(), Output::zero()));
        let steps = text.bytes().zip(1..).map_while(move |(byte, length)| {
            let (node, so_far) = at.take()?;
            let transition = node.transition(node.find_input(byte)?);
            let (next, so_far) = (fst?.node(transition.addr), so_far.cat(transition.out));
            at = Some((next, so_far));
            Some(
                next.is_final()
                    .then(|| (length, Entry::unpack(so_far.cat(next.final_output()).value()))),
            )
        });
        steps.flatten()
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
