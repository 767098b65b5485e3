//! German words: how text becomes terms.
//!
//! Text is brought into NFC before it is indexed or searched, so offsets fit the stored text.

use std::sync::LazyLock;

use tantivy::tokenizer::{
    Language, RawTokenizer, StopWordFilter, TextAnalyzer, TokenStream, Tokenizer, TokenizerManager,
};
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::lexicon;
use crate::tokens::{German, Terms};

/// Name of the analyzer that gives [`Terms::Written`].
pub(crate) const WRITTEN: &str = "allmende_written";
/// Name of the analyzer that gives [`Terms::Stems`].
pub(crate) const STEMS: &str = "allmende_stems";

/// Longer titles are ordered by their beginning.
const LONGEST_KEY: usize = 200;

/// Raised when a change of the analysis does not show in [`PROBES`].
const VERSION: u32 = 5;
/// Words whose stems tell one stemmer from another.
const PROBES: &str = "Häuser Haeuser Straße Strasse Bürgerinnen Förderung gefördert förderte Städte \
    Gemeinden Nahverkehrsangebot Ärzte aktuell neue Läden Kindertagesstätten Mobilität Wärmeplanung";

/// What the terms of an index depend on; an index with another one must be built anew.
pub(crate) fn fingerprint() -> &'static str {
    static FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
        let stems = terms(Terms::Stems, PROBES).join(" ");
        let [words, endings] = lexicon::contents();
        let seen = [stems.as_bytes(), words, endings].into_iter().flatten();
        format!("{VERSION}-{:016x}", fnv(seen.copied()))
    });
    &FINGERPRINT
}

/// The analyzers by the names that the schema uses.
pub(crate) fn analyzers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(WRITTEN, TextAnalyzer::from(German::new(Terms::Written)));
    manager.register(STEMS, TextAnalyzer::from(German::new(Terms::Stems)));
    manager
}

/// The terms of a text.
pub(crate) fn terms(terms: Terms, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    German::new(terms).token_stream(text).process(&mut |token| found.push(token.text.clone()));
    found
}

/// Composed characters, as all indexed and searched text has them.
pub(crate) fn nfc(text: String) -> String {
    if is_nfc(&text) { text } else { text.nfc().collect() }
}

/// Lower case, character by character like the analyzers do it.
pub(crate) fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Whether a lower-case word says nothing by itself.
pub(crate) fn is_stop_word(word: &str) -> bool {
    static KEPT: LazyLock<Option<TextAnalyzer>> = LazyLock::new(|| {
        let filter = StopWordFilter::new(Language::German)?;
        Some(TextAnalyzer::builder(RawTokenizer::default()).filter(filter).build())
    });
    KEPT.clone().is_some_and(|mut analyzer| !analyzer.token_stream(word).advance())
}

/// The key by which a German dictionary orders titles: ä as a, ß as ss, no case, from the first letter or digit on.
pub(crate) fn title_key(title: &str) -> Option<String> {
    let folded: String = title
        .nfkd()
        .filter(|char| !is_combining_mark(*char))
        .flat_map(char::to_lowercase)
        .skip_while(|char| !char.is_alphanumeric())
        .take(LONGEST_KEY)
        .collect();
    let key = folded.replace('ß', "ss");
    let words: Vec<&str> =
        key.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// FNV-1a: the same on every machine and in every version of Rust.
fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
