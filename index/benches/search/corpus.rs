//! Documents that are made up, the same in every run.

use allmende_index::{Document, Facet, Number};

/// From the most to the least frequent.
const USUAL: &str = "die der und in zu den das mit von für auf ist im des ein eine nicht werden sich \
    dem auch als an es aus bei wird oder nach sind hat wie einer wurde über einen können um so noch \
    bis nur durch mehr zum zur sie wir alle vor kann neue neuen Gemeinde Angebote Bürger Jahr Menschen";
/// What stands in front of other words.
const FRONTS: &str = "Bürger Nahverkehrs Schul Pflege Senioren Jugend Wohn Energie Verwaltungs Kultur \
    Sport Wasser Feuerwehr Klima Verkehrs Gesundheits Familien Kinder Bildungs Wirtschafts Tourismus \
    Straßen Wald Garten Dorf Stadt Kreis Regional Nachbarschafts Ehrenamts Daten Medien Vereins Arzt \
    Frauen Arbeits Ausbildungs Markt Friedhofs Umwelt Natur Museums Theater Musik Bibliotheks Rad";
/// What ends words.
const HEADS: &str = "angebot planung konzept haus platz bus beratung förderung projekt netz zentrum \
    verein treff fest tag plan rat amt beirat stelle gruppe arbeit hilfe dienst betreuung raum weg \
    schutz entwicklung beteiligung versorgung werkstatt börse karte messe akademie verbund fonds \
    manager lotse bericht programm strategie analyse umfrage satzung gebühr halle park laden";
/// Words that stand alone.
const SINGLE: &str = "Wohnen Gewerbe Radweg Jugend Bibliothek Ehrenamt Bürgerbus Dorfladen Leerstand \
    Digitalisierung Haushalt Beleuchtung Photovoltaik Wärme Straße Schule Kindergarten Nahverkehr";

/// Words as frequent as in texts: the one of rank n comes once in n times.
pub(crate) struct Words {
    state: u64,
    all: Vec<String>,
}

impl Words {
    pub(crate) fn new(seed: u64) -> Self {
        let mut all: Vec<String> = USUAL.split_whitespace().map(str::to_owned).collect();
        all.extend(SINGLE.split_whitespace().map(str::to_owned));
        let mut words = Self { state: 1, all: Vec::new() };
        let mut compounds: Vec<(usize, String)> = Vec::new();
        for front in FRONTS.split_whitespace() {
            for head in HEADS.split_whitespace() {
                compounds.push((words.below(1 << 20), format!("{front}{head}")));
            }
        }
        // Names and numbers: words that stand in a few documents each.
        let rare = (0..30_000).map(|number| (words.below(1 << 20), format!("Ort{number}")));
        compounds.extend(rare);
        compounds.sort_unstable();
        all.extend(compounds.into_iter().map(|(_, word)| word));
        Self { state: seed, all }
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap_or_default() % limit
    }

    /// A word; not one of the most frequent ones that many.
    pub(crate) fn word(&mut self, without: usize) -> String {
        let share = self.below(1 << 20) as f64 / f64::from(1 << 20);
        let rank = ((self.all.len() - without) as f64).powf(share);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
        let rank = rank as usize - 1;
        self.all.get(rank + without).cloned().unwrap_or_default()
    }

    pub(crate) fn text(&mut self, length: usize) -> String {
        let words: Vec<String> = (0..length).map(|_| self.word(0)).collect();
        words.join(" ")
    }

    /// What somebody searches for: one to four words that say something.
    pub(crate) fn query(&mut self) -> String {
        let count = 1 + self.below(2) + self.below(3) / 2 * self.below(2);
        let words: Vec<String> =
            (0..count).map(|_| self.word(USUAL.split_whitespace().count() - 6)).collect();
        words.join(" ")
    }
}

pub(crate) fn document(number: usize, words: &mut Words) -> Document {
    let time = 1_700_000_000_000 + i64::try_from(number).unwrap_or_default() * 60_000;
    Document {
        id: format!("Solution:{number:026}"),
        kind: "Solution".to_owned(),
        title: words.text(6),
        teaser: words.text(15),
        topics: words.text(4),
        problem: words.text(35),
        approach: words.text(50),
        results: words.text(35),
        text: words.text(40),
        places: format!("Gemeinde{}", number % 5_000),
        facets: vec![
            (Facet::Topic, format!("topic-{}", words.below(30))),
            (Facet::Topic, format!("topic-{}", words.below(30))),
            (Facet::State, format!("state-{}", words.below(16))),
            (Facet::Status, format!("status-{}", words.below(4))),
            (Facet::Lifecycle, "published".to_owned()),
            (Facet::Municipality, format!("m{}", number % 5_000)),
        ],
        numbers: vec![
            (Number::Published, time),
            (Number::Quality, i64::try_from(words.below(4)).unwrap_or_default()),
        ],
    }
}
