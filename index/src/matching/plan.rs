//! What a text asks for: its words, and all the ways in which a document may have them.

use tantivy::Term;
use tantivy::query::{PhraseQuery, Query as EngineQuery};

use super::audience::Audience;
use super::bm25::Postings;
use super::typing::{self, Nearly};
use crate::schema;
use crate::synonyms::{Alternative, Synonyms};
use crate::text::Text;
use crate::word::{self, Word};

/// Weight of words inside of words.
const PARTS_BOOST: f32 = 0.75;
/// Weight of the word as it was written.
const WRITTEN_BOOST: f32 = 0.5;
/// Score of an id or external key.
const KEY_SCORE: f32 = 50.0;
/// So many can never be had.
const NEVER: u8 = u8::MAX;

/// What a text asks for.
#[derive(Default)]
pub(super) struct Plan {
    /// Its words; those together that have a synonym together.
    pub(super) units: Vec<Unit>,
    /// Its phrases, all of which must occur.
    pub(super) phrases: Vec<Box<dyn EngineQuery>>,
    /// What must not occur.
    pub(super) excluded: Vec<Way>,
    /// The documents that have the whole text as their id or key.
    pub(super) key: Option<Postings>,
    /// Words that stand nowhere.
    pub(super) corrections: Vec<Nearly>,
    /// Documents are compared with another one: so many of its words are enough, and it is no
    /// hit itself.
    pub(super) enough: Option<usize>,
}

/// A word, and the ways in which a document may have it; the best one counts most.
pub(super) struct Unit(pub(super) Vec<Way>);

/// A way in which a document may have a word.
pub(super) enum Way {
    /// Some of several things, each of which may be said in several words.
    Words {
        /// The things.
        members: Vec<Vec<Postings>>,
        /// How many of them it takes.
        least: u8,
        /// How many it takes if there is hardly anything else.
        half: u8,
    },
    /// Words that follow each other, and what they are worth.
    Phrase(Box<dyn EngineQuery>, f32),
}

/// Makes plans.
pub(super) struct Planner<'a> {
    pub(super) audience: &'a Audience<'a>,
    pub(super) synonyms: &'a Synonyms,
}

impl Planner<'_> {
    /// The plan for a text. Typing errors are looked for if little is enough; the last word may go
    /// on if somebody is still typing.
    pub(super) fn plan(
        &self,
        text: &Text,
        lenient: bool,
        unfinished: bool,
    ) -> tantivy::Result<Plan> {
        let mut plan = Plan::default();
        if lenient {
            plan.corrections = typing::corrections(self.audience, &text.words)?;
        }
        let last = text.words.last().filter(|_| unfinished);
        for words in self.synonyms.units(&text.words) {
            let mut ways = match words {
                [word] => self.word(word, last == Some(word), &plan.corrections)?,
                words => vec![self.all_of(words)?],
            };
            for other in self.synonyms.of_words(words) {
                ways.push(self.alternative(other)?);
            }
            plan.units.push(Unit(ways));
        }
        plan.phrases = text.phrases.iter().map(|phrase| phrase_of(phrase)).collect();
        for words in &text.excluded {
            plan.excluded.extend(match words.as_slice() {
                [word] => single(self.stem(word)?),
                words => Some(Way::Phrase(phrase_of(words), 0.0)),
            });
        }
        if !text.key.is_empty() {
            plan.key = Postings::worth(self.audience.searcher, schema::KEY, &text.key, KEY_SCORE)?;
        }
        Ok(plan)
    }

    fn word(
        &self,
        written: &str,
        unfinished: bool,
        corrections: &[Nearly],
    ) -> tantivy::Result<Vec<Way>> {
        let word = word::word(written);
        let searcher = self.audience.searcher;
        let mut ways: Vec<Way> = Vec::new();
        ways.extend(single(Postings::scored(searcher, schema::STEMS, &word.stem, 1.0)?));
        ways.extend(single(self.part(&word.stem, 1.0)?));
        let as_written = Postings::scored(searcher, schema::WRITTEN, written, WRITTEN_BOOST)?;
        ways.extend(single(as_written));
        ways.extend(single(Postings::worth(searcher, schema::KEY, written, KEY_SCORE)?));
        ways.extend(self.inside(&word)?);
        for nearly in corrections.iter().filter(|nearly| nearly.typed == written) {
            let mut members = Vec::new();
            for stem in nearly.stems() {
                members.extend(Postings::scored(searcher, schema::STEMS, &stem, nearly.boost)?);
            }
            ways.push(Way::Words { members: vec![members], least: NEVER, half: 1 });
        }
        if unfinished {
            let members = typing::completed(searcher, written)?;
            ways.push(Way::Words { members: vec![members], least: 1, half: 1 });
        }
        Ok(ways)
    }

    /// What a word is made of: all of it; or, if there is hardly anything, half of it or what some
    /// of it makes together.
    fn inside(&self, word: &Word) -> tantivy::Result<Vec<Way>> {
        let mut ways = Vec::new();
        for group in word.groups() {
            let members = self.part(group, 1.0)?.into_iter().collect();
            ways.push(Way::Words { members: vec![members], least: NEVER, half: 1 });
        }
        let count = word.length();
        if count > 1 {
            let members = word.finest().map(|stem| self.part_or_synonyms(stem));
            ways.push(Way::Words {
                members: members.collect::<Result<_, _>>()?,
                least: u8::try_from(count).unwrap_or(NEVER),
                half: u8::try_from(count.div_ceil(2)).unwrap_or(NEVER),
            });
        }
        Ok(ways)
    }

    fn stem(&self, written: &str) -> tantivy::Result<Option<Postings>> {
        Postings::scored(self.audience.searcher, schema::STEMS, &word::word(written).stem, 1.0)
    }

    fn part(&self, stem: &str, boost: f32) -> tantivy::Result<Option<Postings>> {
        Postings::scored(self.audience.searcher, schema::PARTS, stem, PARTS_BOOST * boost)
    }

    /// A part of a word, or another word for it.
    fn part_or_synonyms(&self, stem: &String) -> tantivy::Result<Vec<Postings>> {
        let mut found: Vec<Postings> = self.part(stem, 1.0)?.into_iter().collect();
        for other in self.synonyms.of(std::slice::from_ref(stem)) {
            if let [word] = other.words.as_slice() {
                found.extend(self.part(&word::word(word).stem, other.weight)?);
            }
        }
        Ok(found)
    }

    /// Several words, each in any of its forms.
    fn all_of(&self, words: &[String]) -> tantivy::Result<Way> {
        let members = words.iter().map(|written| self.forms(written, 1.0));
        let members = members.collect::<Result<Vec<_>, _>>()?;
        let count = u8::try_from(members.len()).unwrap_or(NEVER);
        Ok(Way::Words { members, least: count, half: count.div_ceil(2) })
    }

    /// Another way to say something.
    fn alternative(&self, other: &Alternative) -> tantivy::Result<Way> {
        let [single] = other.words.as_slice() else {
            // The engine adds up what the words of a phrase are worth; here they say one thing.
            let weight = other.weight / other.words.len() as f32;
            return Ok(Way::Phrase(phrase_of(&other.words), weight));
        };
        Ok(Way::Words { members: vec![self.forms(single, other.weight)?], least: 1, half: 1 })
    }

    /// A word in any of its forms, alone or inside of others.
    fn forms(&self, written: &str, boost: f32) -> tantivy::Result<Vec<Postings>> {
        let stem = &word::word(written).stem;
        let alone = Postings::scored(self.audience.searcher, schema::STEMS, stem, boost)?;
        Ok([alone, self.part(stem, boost)?].into_iter().flatten().collect())
    }
}

fn single(postings: Option<Postings>) -> Option<Way> {
    Some(Way::Words { members: vec![vec![postings?]], least: 1, half: 1 })
}

/// Words that follow each other; a single one must occur as it is written.
///
/// Compounds are the sequence of what they are made of, so `"Kita Plätze"` also finds `Kitaplätze`.
fn phrase_of(words: &[String]) -> Box<dyn EngineQuery> {
    if let [word] = words {
        let term = Term::from_field_text(schema::WRITTEN, word);
        let option = tantivy::schema::IndexRecordOption::WithFreqs;
        return Box::new(tantivy::query::TermQuery::new(term, option));
    }
    let mut stems: Vec<String> = Vec::new();
    for word in words.iter().map(|written| word::word(written)) {
        match word.length() {
            1 => stems.push(word.stem.clone()),
            _ => stems.extend(word.finest().cloned()),
        }
    }
    let terms = stems.iter().map(|stem| Term::from_field_text(schema::PARTS, stem));
    Box::new(PhraseQuery::new(terms.collect()))
}
