//! What a text asks for: its words, and all the ways in which a document may have them.

use super::audience::Audience;
use super::bm25::Postings;
use super::phrase::Phrase;
use super::typing::{self, Nearly};
use crate::schema;
use crate::synonyms::{Alternative, Synonyms};
use crate::text::Text;
use crate::word::{self, Word};

/// Weight of words inside of words.
const PARTS_BOOST: f32 = 0.65;
/// Weight of the word as it was written.
const WRITTEN_BOOST: f32 = 0.5;
/// Weight of a phrase that was typed.
const PHRASE_BOOST: f32 = 1.5;
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
    pub(super) phrases: Vec<Way>,
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

/// A word.
#[derive(Default)]
pub(super) struct Unit {
    /// The ways in which a document may have it; the best one counts most.
    pub(super) ways: Vec<Way>,
    /// The word itself, alone and inside of others, to tell how near it is to its neighbours.
    pub(super) forms: Vec<Postings>,
}

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
    /// Words that follow each other.
    Phrase(Phrase),
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
        if let Some(last) = last
            && typing::begins_known(self.audience, last)?
        {
            // Who is still typing has made no error yet.
            plan.corrections.retain(|nearly| nearly.typed != *last);
        }
        for words in self.synonyms.units(&text.words) {
            let mut unit = match words {
                [word] => self.word(word, last == Some(word), &plan.corrections)?,
                words => Unit { ways: vec![self.all_of(words)?], forms: Vec::new() },
            };
            for other in self.synonyms.of_words(words) {
                unit.ways.push(self.alternative(other)?);
            }
            plan.units.push(unit);
        }
        for phrase in &text.phrases {
            plan.phrases.push(self.phrase(phrase, PHRASE_BOOST)?);
        }
        for words in &text.excluded {
            plan.excluded.extend(match words.as_slice() {
                [word] => self.alone(&word::word(word).stem, 1.0)?.map(single),
                words => Some(self.phrase(words, 1.0)?),
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
    ) -> tantivy::Result<Unit> {
        let word = word::word(written);
        let searcher = self.audience.searcher;
        let forms = self.forms(&word.stem, 1.0)?;
        let mut ways: Vec<Way> = forms.iter().cloned().map(single).collect();
        let as_written = Postings::scored(searcher, schema::WRITTEN, written, WRITTEN_BOOST)?;
        ways.extend(as_written.map(single));
        ways.extend(Postings::worth(searcher, schema::KEY, written, KEY_SCORE)?.map(single));
        ways.extend(self.inside(&word)?);
        for nearly in corrections.iter().filter(|nearly| nearly.typed == written) {
            let mut members = Vec::new();
            for stem in nearly.stems() {
                members.extend(self.alone(&stem, nearly.boost)?);
            }
            ways.push(Way::Words { members: vec![members], least: NEVER, half: 1 });
        }
        if unfinished {
            let members = typing::completed(searcher, written)?;
            ways.push(Way::Words { members: vec![members], least: 1, half: 1 });
        }
        Ok(Unit { ways, forms })
    }

    /// What a word is made of: all of it; or, if there is hardly anything, half of it or what some
    /// of it makes together.
    fn inside(&self, word: &Word) -> tantivy::Result<Vec<Way>> {
        let mut ways = Vec::new();
        for group in word.groups() {
            let members = self.part(group, 1.0)?;
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

    /// A word that stands alone.
    fn alone(&self, stem: &str, boost: f32) -> tantivy::Result<Option<Postings>> {
        Postings::scored(self.audience.searcher, schema::STEMS, stem, boost)
    }

    /// A word alone, and inside of others.
    fn forms(&self, stem: &str, boost: f32) -> tantivy::Result<Vec<Postings>> {
        Postings::forms(self.audience.searcher, stem, [boost, PARTS_BOOST * boost])
    }

    /// What is a part of the word that was typed: alone it is no better than inside of others.
    fn part(&self, stem: &str, boost: f32) -> tantivy::Result<Vec<Postings>> {
        Postings::forms(self.audience.searcher, stem, [PARTS_BOOST * boost; 2])
    }

    /// A part of a word, or another word for it.
    fn part_or_synonyms(&self, stem: &String) -> tantivy::Result<Vec<Postings>> {
        let mut found = self.part(stem, 1.0)?;
        for other in self.synonyms.of(std::slice::from_ref(stem)) {
            if let [word] = other.words.as_slice() {
                found.extend(self.part(&word::word(word).stem, other.weight)?);
            }
        }
        Ok(found)
    }

    /// Several words, each in any of its forms.
    fn all_of(&self, words: &[String]) -> tantivy::Result<Way> {
        let members = words.iter().map(|written| self.forms(&word::word(written).stem, 1.0));
        let members = members.collect::<Result<Vec<_>, _>>()?;
        let count = u8::try_from(members.len()).unwrap_or(NEVER);
        Ok(Way::Words { members, least: count, half: count.div_ceil(2) })
    }

    /// Another way to say something.
    fn alternative(&self, other: &Alternative) -> tantivy::Result<Way> {
        let [single] = other.words.as_slice() else {
            // A phrase is worth what its words are worth together; here they say one thing.
            return self.phrase(&other.words, other.weight / other.words.len() as f32);
        };
        let members = vec![self.forms(&word::word(single).stem, other.weight)?];
        Ok(Way::Words { members, least: 1, half: 1 })
    }

    /// Words that follow each other; a single one must occur as it is written.
    ///
    /// Compounds are the sequence of what they are made of, so `"Kita Plätze"` also finds
    /// `Kitaplätze`.
    fn phrase(&self, words: &[String], boost: f32) -> tantivy::Result<Way> {
        if let [word] = words {
            let written = Postings::scored(self.audience.searcher, schema::WRITTEN, word, boost)?;
            let members = vec![written.into_iter().collect()];
            return Ok(Way::Words { members, least: 1, half: 1 });
        }
        let mut forms = Vec::new();
        for word in words.iter().map(|written| word::word(written)) {
            match word.length() {
                1 => forms.push(self.part(&word.stem, 1.0)?),
                _ => {
                    for stem in word.finest() {
                        forms.push(self.part(stem, 1.0)?);
                    }
                }
            }
        }
        Ok(Way::Phrase(Phrase::new(forms, boost)))
    }
}

fn single(postings: Postings) -> Way {
    Way::Words { members: vec![vec![postings]], least: 1, half: 1 }
}
