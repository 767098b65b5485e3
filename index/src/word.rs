//! A German word: its lemma, its stem, and the words inside of it.

use std::sync::{Arc, LazyLock};

use quick_cache::sync::Cache;
use tantivy::tokenizer::{
    Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenFilter, TokenStream, Tokenizer,
};

use crate::compound::split;
use crate::lexicon::lexicon;

/// How people write what their keyboard or their address book does not have.
const SPELLINGS: [(&str, &str); 4] = [("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("ss", "ß")];

/// How many words are remembered: more than a town hall uses.
const REMEMBERED: usize = 100_000;

/// What the analysis makes of a word in lower case.
#[derive(Debug)]
pub(crate) struct Word {
    /// Its lemma.
    pub(crate) lemma: String,
    /// Its stem.
    pub(crate) stem: String,
    /// The words inside of it.
    pub(crate) inside: Inside,
}

/// What the analysis makes of a word in lower case; the same words come again and again.
pub(crate) fn word(text: &str) -> Arc<Word> {
    static WORDS: LazyLock<Cache<String, Arc<Word>>> = LazyLock::new(|| Cache::new(REMEMBERED));
    if let Some(known) = WORDS.get(text) {
        return known;
    }
    let lemma = lemma(text);
    let made = Arc::new(Word { stem: snowball(&lemma), lemma, inside: inside(text) });
    WORDS.insert(text.to_owned(), Arc::clone(&made));
    made
}

/// The lemma of a word; of a compound the lemma of its last part with all that stands in front.
/// Words that nobody knows stay as they are.
fn lemma(word: &str) -> String {
    if let Some(lemma) = lexicon().lemma(word) {
        return lemma;
    }
    if let Some(lemma) = compound_lemma(word) {
        return lemma;
    }
    let spelt = SPELLINGS
        .iter()
        .filter(|(written, _)| word.contains(written))
        .fold(word.to_owned(), |word, (written, meant)| word.replace(written, meant));
    if spelt == word {
        return spelt;
    }
    lexicon().lemma(&spelt).or_else(|| compound_lemma(&spelt)).unwrap_or_else(|| word.to_owned())
}

fn compound_lemma(word: &str) -> Option<String> {
    let last = split(word).pop()?;
    let (front, head) = (word.get(..last.start)?, word.get(last)?);
    Some(format!("{front}{}", lexicon().lemma(head)?))
}

/// The stems of the words inside of a compound; none if it is no compound.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Inside {
    /// Of its finest parts, from left to right.
    pub(crate) finest: Vec<String>,
    /// Of neighbouring parts together: `nahverkehr` in `nahverkehrsangebot`.
    pub(crate) groups: Vec<String>,
}

fn inside(word: &str) -> Inside {
    let mut parts = split(word);
    let spelt;
    let mut word = word;
    if parts.is_empty() && SPELLINGS.iter().any(|(written, _)| word.contains(written)) {
        spelt = SPELLINGS
            .iter()
            .fold(word.to_owned(), |word, (written, meant)| word.replace(written, meant));
        parts = split(&spelt);
        word = &spelt;
    }
    let count = parts.len();
    let stem_of = |from: usize, to: usize| {
        let (first, last) = (parts.get(from)?, parts.get(to)?);
        let text = word.get(first.start..last.end)?;
        Some(if to + 1 == count {
            snowball(&lemma(text))
        } else {
            snowball(&link_lemma(text, last.start - first.start)?)
        })
    };
    let finest = (0..count).filter_map(|at| stem_of(at, at)).collect();
    let pairs = (0..count).flat_map(|from| (from + 1..count).map(move |to| (from, to)));
    let groups = pairs
        .filter(|(from, to)| to - from + 1 < count)
        .filter_map(|(from, to)| stem_of(from, to))
        .collect();
    Inside { finest, groups }
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

/// Replaces each token, in lower case, by its lemma.
#[derive(Clone)]
pub(crate) struct Lemmatizer;

impl TokenFilter for Lemmatizer {
    type Tokenizer<T: Tokenizer> = Lemmatized<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Lemmatized<T> {
        Lemmatized(tokenizer)
    }
}

/// A tokenizer whose tokens are lemmas.
#[derive(Clone)]
pub(crate) struct Lemmatized<T>(T);

impl<T: Tokenizer> Tokenizer for Lemmatized<T> {
    type TokenStream<'a> = Lemmas<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        Lemmas(self.0.token_stream(text))
    }
}

/// Tokens that are lemmas.
pub(crate) struct Lemmas<S>(S);

impl<S: TokenStream> TokenStream for Lemmas<S> {
    fn advance(&mut self) -> bool {
        if !self.0.advance() {
            return false;
        }
        let token = self.0.token_mut();
        token.text.clone_from(&word(&token.text).lemma);
        true
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}
