//! A German word: its stem, and the words inside of it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use quick_cache::sync::Cache;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, TokenStream};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::compound::split;
use crate::lexicon::lexicon;
use crate::tokens::LONGEST_WORD;

/// How people write what their keyboard or their address book does not have.
const SPELLINGS: [(&str, &str); 4] = [("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("ss", "ß")];
/// Parts of words with an old and a new spelling that are both right.
const SPELLED_TWICE: [(&str, &str); 6] = [
    ("graph", "graf"),
    ("phon", "fon"),
    ("photo", "foto"),
    ("delphin", "delfin"),
    ("ential", "enzial"),
    ("entiell", "enziell"),
];
/// In words with more of them all are taken to be meant so, or none.
const MOST_SPELLINGS: u32 = 4;
/// What stands for the other one in `Vor- und Nachmittag`.
const PREFIXES: [&str; 17] = [
    "vor", "nach", "ein", "aus", "an", "ab", "auf", "zu", "hin", "her", "rück", "innen", "außen",
    "ober", "unter", "über", "be",
];
/// The two dots of ä, ö and ü.
const DIAERESIS: char = '\u{308}';
/// How many words are remembered: more than a town hall uses.
const REMEMBERED: usize = 100_000;

/// What the analysis makes of a word in lower case.
#[derive(Debug)]
pub(crate) struct Word {
    /// Its stem.
    pub(crate) stem: String,
    /// The words inside of it, from left to right; none if it is no compound.
    pub(crate) parts: Vec<Part>,
}

/// A word inside of a word: one of its finest parts, or neighbouring ones together, as
/// `nahverkehr` in `nahverkehrsangebot`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its stem.
    pub(crate) stem: String,
    /// The first of the finest parts that it holds, from 0.
    pub(crate) from: usize,
    /// The one behind the last.
    pub(crate) to: usize,
}

impl Word {
    /// The stems of its finest parts.
    pub(crate) fn finest(&self) -> impl Iterator<Item = &String> + Clone {
        self.parts.iter().filter(|part| part.from + 1 == part.to).map(|part| &part.stem)
    }

    /// The stems of what is more than one part and less than the word.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &String> {
        self.parts.iter().filter(|part| part.from + 1 < part.to).map(|part| &part.stem)
    }

    /// How many words it is made of, at least one.
    pub(crate) fn length(&self) -> usize {
        self.parts.last().map_or(1, |last| last.to)
    }
}

/// What the analysis makes of a word in lower case; the same words come again and again.
pub(crate) fn word(text: &str) -> Arc<Word> {
    static WORDS: LazyLock<Cache<String, Arc<Word>>> = LazyLock::new(|| Cache::new(REMEMBERED));
    if text.len() > LONGEST_WORD {
        // No index holds it, and nothing is worth remembering of it.
        return Arc::new(Word { stem: text.to_owned(), parts: Vec::new() });
    }
    if let Some(known) = WORDS.get(text) {
        return known;
    }
    let folded = without_accents(text);
    let meant = one_spelling(meant(&folded));
    let mut places = split(&meant);
    let lemma = lemma(&meant, &places);
    // Landkreise has as few parts as Landkreis.
    if *lemma != *meant && split(&lemma).is_empty() {
        places.clear();
    }
    let made = Arc::new(Word { stem: snowball(&lemma), parts: parts(&meant, &places) });
    WORDS.insert(text.to_owned(), Arc::clone(&made));
    made
}

/// The stem of a word, and the stems of the words inside of it; a group of several parts follows
/// its first one.
///
/// For explanations and evaluations.
#[must_use]
pub fn stems(written: &str) -> (String, Vec<String>) {
    let word = word(&crate::analysis::lower(&crate::analysis::nfc(written.to_owned())));
    (word.stem.clone(), word.parts.iter().map(|part| part.stem.clone()).collect())
}

/// The word that a first part stands for before a word that is written out: `jugendhilfe` for `jugend`
/// before `kinderhilfe`, `einpendler` for `ein` before `auspendler`; nothing if the second word
/// cannot be taken apart.
pub(crate) fn completed(front: &str, word: &str) -> Option<String> {
    if PREFIXES.contains(&front)
        && let Some(rest) = PREFIXES.iter().find_map(|prefix| word.strip_prefix(prefix))
    {
        return Some(format!("{front}{rest}"));
    }
    let places = split(word);
    let ends = || places.iter().skip(1).filter_map(|place| word.get(place.start..));
    let whole = |end: &str| format!("{front}{end}");
    let known = |word: &String| lexicon().entry(word).is_some() || !split(word).is_empty();
    ends().map(whole).find(known).or_else(|| ends().next_back().map(whole))
}

/// é as e, but ä stays what it is.
fn without_accents(word: &str) -> Cow<'_, str> {
    if word.chars().all(|char| char.is_ascii() || matches!(char, 'ä' | 'ö' | 'ü' | 'ß')) {
        return Cow::Borrowed(word);
    }
    let mut letter = ' ';
    let plain = word.nfd().filter(|char| {
        if is_combining_mark(*char) {
            return *char == DIAERESIS && matches!(letter, 'a' | 'o' | 'u');
        }
        letter = *char;
        true
    });
    Cow::Owned(plain.nfc().collect())
}

/// The word that is meant: as it stands if the dictionaries know it or can take it apart, else with
/// some of ae, oe, ue and ss replaced if they know that, else as it stands.
fn meant(word: &str) -> Cow<'_, str> {
    let known = |word: &str| lexicon().entry(word).is_some() || !split(word).is_empty();
    if !SPELLINGS.iter().any(|(written, _)| word.contains(written)) || known(word) {
        return Cow::Borrowed(word);
    }
    let found = spellings(word).find(|spelt| known(spelt));
    found.map_or(Cow::Borrowed(word), Cow::Owned)
}

/// One of the two spellings that the rules of 1996 allow for a word, whichever was typed: the new one
/// if the dictionaries know it or know neither, else the old one.
fn one_spelling(word: Cow<'_, str>) -> Cow<'_, str> {
    if !SPELLED_TWICE.iter().any(|(old, new)| word.contains(old) || word.contains(new)) {
        return word;
    }
    let known = |word: &str| lexicon().entry(word).is_some() || !split(word).is_empty();
    let spelt = |to_new: bool| {
        SPELLED_TWICE.iter().fold(word.to_string(), |word, (old, new)| match to_new {
            true => word.replace(old, new),
            false => word.replace(new, old),
        })
    };
    let (new, old) = (spelt(true), spelt(false));
    Cow::Owned(if known(&new) || !known(&old) { new } else { old })
}

/// A beginning of a word with umlauts in place of all ae, oe and ue; nothing if it has none.
pub(crate) fn with_umlauts(beginning: &str) -> Option<String> {
    let pairs = SPELLINGS.iter().filter(|(written, _)| *written != "ss");
    let spelt = pairs.fold(beginning.to_owned(), |it, (written, meant)| it.replace(written, meant));
    (spelt != beginning).then_some(spelt)
}

/// All ways to read ae, oe, ue and ss in a word, the one with all of them replaced first.
fn spellings(word: &str) -> impl Iterator<Item = String> {
    let mut sites: Vec<(usize, &str)> = SPELLINGS
        .iter()
        .flat_map(|(written, meant)| word.match_indices(written).map(|(at, _)| (at, *meant)))
        .collect();
    sites.sort_unstable();
    let count = u32::try_from(sites.len()).unwrap_or(u32::MAX);
    let (first, last) = match count {
        ..=MOST_SPELLINGS => ((1_u32 << count) - 1, 1),
        _ => (u32::MAX, u32::MAX),
    };
    let spelt = move |chosen: u32| {
        let mut spelt = String::with_capacity(word.len());
        let mut done = 0;
        for (number, (at, meant)) in sites.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            if chosen.checked_shr(number).unwrap_or(1) & 1 == 1 && *at >= done {
                spelt.push_str(word.get(done..*at).unwrap_or_default());
                spelt.push_str(meant);
                done = at + 2;
            }
        }
        spelt + word.get(done..).unwrap_or_default()
    };
    (last..=first).rev().map(spelt)
}

/// The lemma of a word; of a compound the lemma of its last part with all that stands in front.
/// Words that nobody knows stay as they are.
fn lemma(word: &str, places: &[Range<usize>]) -> String {
    let of_compound = || {
        let last = places.last()?;
        let (front, head) = (word.get(..last.start)?, word.get(last.clone())?);
        Some(format!("{front}{}", lexicon().lemma(head)?))
    };
    lexicon().lemma(word).or_else(of_compound).unwrap_or_else(|| word.to_owned())
}

fn parts(word: &str, places: &[Range<usize>]) -> Vec<Part> {
    let count = places.len();
    let part = |from: usize, to: usize| {
        let (first, last) = (places.get(from)?, places.get(to - 1)?);
        let text = word.get(first.start..last.end)?;
        let stem = if to == count {
            snowball(&lemma(text, &split(text)))
        } else {
            snowball(&link_lemma(text, last.start - first.start)?)
        };
        Some(Part { stem, from, to })
    };
    let ranges = (0..count).flat_map(|from| (from + 1..=count).map(move |to| (from, to)));
    ranges.filter(|(from, to)| to - from < count).filter_map(|(from, to)| part(from, to)).collect()
}

/// The lemma of what stands in front of other parts; its own last part begins at a place.
fn link_lemma(text: &str, last: usize) -> Option<String> {
    let (front, part) = (text.get(..last)?, text.get(last..)?);
    let lemma = lexicon().link_lemma(part).unwrap_or_else(|| part.to_owned());
    Some(format!("{front}{lemma}"))
}

fn snowball(word: &str) -> String {
    static SNOWBALL: LazyLock<TextAnalyzer> = LazyLock::new(|| {
        TextAnalyzer::builder(RawTokenizer::default())
            .filter(Stemmer::new(Language::German))
            .build()
    });
    let mut analyzer = SNOWBALL.clone();
    let mut stream = analyzer.token_stream(word);
    if stream.advance() { stream.token().text.clone() } else { word.to_owned() }
}
