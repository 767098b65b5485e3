//! Municipalities in the wide sense: from a village to a county, and what they form together.

use serde::{Deserialize, Serialize};

use super::check::{Checks, LONGEST_LINE, MOST_ENTRIES};
use super::coordinates::Coordinates;
use super::key::{MunicipalityId, ProgrammeId};
use super::kinds::kinds;
use super::likeness::Level;
use super::problem::{Problem, What};
use super::text::token_is_slug;

kinds! {
    /// What sort of territory a municipality is, after the official text codes and two more
    /// that take part in programmes without having a key.
    MunicipalityKind {
        Gemeinde = "gemeinde", "Gemeinde", "Municipality";
        Markt = "markt", "Markt", "Market town";
        Stadt = "stadt", "Stadt", "Town";
        KreisfreieStadt = "kreisfreie_stadt", "Kreisfreie Stadt", "City with county rights";
        Samtgemeinde = "samtgemeinde", "Samtgemeinde", "Joint municipality (Lower Saxony)";
        Verbandsgemeinde = "verbandsgemeinde", "Verbandsgemeinde", "Joint municipality";
        Amt = "amt", "Amt", "Joint administration";
        Kreis = "kreis", "Kreis", "County";
        Regionalverband = "regionalverband", "Regionalverband", "Regional association";
        Association = "association", "Verbund von Kommunen", "Association of municipalities";
        Quarter = "quarter", "Stadtquartier", "City quarter";
    }
}

impl MunicipalityKind {
    /// The level on which a municipality is compared: a village never with a county.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Gemeinde | Self::Markt | Self::Stadt | Self::KreisfreieStadt => {
                Level::Municipality
            }
            Self::Samtgemeinde | Self::Verbandsgemeinde | Self::Amt | Self::Association => {
                Level::Association
            }
            Self::Kreis | Self::Regionalverband => Level::County,
            Self::Quarter => Level::Quarter,
        }
    }
}

kinds! {
    /// Size by number of inhabitants.
    SizeBand {
        Under1k = "under_1k", "unter 1.000", "under 1,000";
        From1k = "from_1k", "1.000 bis 4.999", "1,000 to 4,999";
        From5k = "from_5k", "5.000 bis 9.999", "5,000 to 9,999";
        From10k = "from_10k", "10.000 bis 19.999", "10,000 to 19,999";
        From20k = "from_20k", "20.000 bis 49.999", "20,000 to 49,999";
        From50k = "from_50k", "50.000 bis 99.999", "50,000 to 99,999";
        From100k = "from_100k", "100.000 bis 499.999", "100,000 to 499,999";
        From500k = "from_500k", "ab 500.000", "500,000 and more";
    }
}

impl SizeBand {
    /// The band of a number of inhabitants.
    #[must_use]
    pub const fn of(population: u32) -> Self {
        match population {
            0..1_000 => Self::Under1k,
            1_000..5_000 => Self::From1k,
            5_000..10_000 => Self::From5k,
            10_000..20_000 => Self::From10k,
            20_000..50_000 => Self::From20k,
            50_000..100_000 => Self::From50k,
            100_000..500_000 => Self::From100k,
            500_000.. => Self::From500k,
        }
    }
}

kinds! {
    /// The seven kinds of settlement of the regional statistical typology RegioStaR of the federal
    /// ministry of transport.
    SettlementType {
        Metropolis = "metropolis", "Stadtregion: Metropole", "City region: metropolis";
        LargeCity = "large_city", "Stadtregion: Regiopole und Großstadt", "City region: regiopolis and large city";
        UrbanBelt = "urban_belt", "Stadtregion: Mittelstadt, städtischer Raum", "City region: medium town, urban area";
        VillageBelt = "village_belt", "Stadtregion: kleinstädtischer, dörflicher Raum", "City region: small towns and villages";
        RuralCentre = "rural_centre", "Ländliche Region: zentrale Stadt", "Rural region: central town";
        RuralTown = "rural_town", "Ländliche Region: städtischer Raum", "Rural region: urban area";
        RuralVillage = "rural_village", "Ländliche Region: kleinstädtischer, dörflicher Raum", "Rural region: small towns and villages";
    }
}

impl SettlementType {
    /// The kind of settlement of a class of RegioStaR 17.
    #[must_use]
    pub const fn of_regiostar17(class: u16) -> Option<Self> {
        Some(match class {
            111 => Self::Metropolis,
            112 | 121 => Self::LargeCity,
            113 | 114 | 123 | 124 => Self::UrbanBelt,
            115 | 125 => Self::VillageBelt,
            211 | 221 => Self::RuralCentre,
            213 | 214 | 223 | 224 => Self::RuralTown,
            215 | 225 => Self::RuralVillage,
            _ => return None,
        })
    }
}

kinds! {
    /// How a municipality takes part in a programme.
    ParticipationRole {
        Model = "model", "Modellkommune", "Model municipality";
        Associated = "associated", "Assoziierte Kommune", "Associated municipality";
    }
}

kinds! {
    /// The regional groups of the model project.
    Cluster {
        West = "west", "West", "West";
        NordOst = "nord_ost", "Nord-Ost", "North-east";
        Sued = "sued", "Süd/Süd-Ost", "South and south-east";
    }
}

/// One participation in a programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participation {
    /// The programme.
    pub programme: ProgrammeId,
    /// In which role.
    pub role: ParticipationRole,
    /// The regional group, if the programme had any and it is known.
    #[serde(default)]
    pub cluster: Option<Cluster>,
    /// The group follows from circumstances only; no source states it.
    #[serde(default)]
    pub cluster_inferred: bool,
    /// Where the participation is evidenced.
    #[serde(default)]
    pub source: Option<String>,
}

impl Participation {
    fn check(&self, checks: &mut Checks) {
        checks.lines([("source", &self.source)]);
    }
}

kinds! {
    /// Support area of the joint task "Improvement of the Regional Economic Structure" (GRW).
    SupportClass {
        C = "c", "C-Fördergebiet", "C area";
        D = "d", "D-Fördergebiet", "D area";
        COrD = "c_or_d", "C- oder D-Fördergebiet", "C or D area";
        None = "none", "kein Fördergebiet", "no support area";
        Mixed = "mixed", "gemischt", "mixed";
        Unclear = "unclear", "ungeklärt", "unclear";
    }
}

kinds! {
    /// How sure a statement is.
    Confidence {
        Sourced = "sourced", "belegt", "sourced";
        High = "high", "hoch", "high";
        Medium = "medium", "mittel", "medium";
        Low = "low", "gering", "low";
    }
}

/// Whether a place is structurally weak, as the GRW support map sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StructuralWeakness {
    /// The class of support area.
    pub class: SupportClass,
    /// The period of the map, for instance `2022-2027`.
    pub period: String,
    /// How sure the class is.
    pub confidence: Confidence,
    /// Where it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

impl StructuralWeakness {
    fn check(&self, checks: &mut Checks) {
        checks.name("period", &self.period, LONGEST_LINE);
        checks.lines([("source", &self.source)]);
    }
}

/// The most members of an association: the largest German county has some 240 municipalities.
const MOST_MEMBERS: usize = 500;

/// A municipality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Municipality {
    /// Its key.
    pub id: MunicipalityId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Its name in URLs; never changes.
    pub slug: String,
    /// Its name without titles such as "Stadt".
    pub name: String,
    /// What it is.
    pub kind: MunicipalityKind,
    /// The states it lies in, ISO 3166-2, for instance `DE-SN`; associations may have several.
    pub states: Vec<String>,
    /// Official municipality key, 8 digits.
    pub ags: Option<String>,
    /// Official regional key: 12 digits, 9 for joint municipalities, 5 for counties.
    pub ars: Option<String>,
    /// Official keys that it, or what it was merged of, had before; in ascending order.
    #[serde(default)]
    pub former_keys: Vec<String>,
    /// The county, city or association it lies in.
    pub parent: Option<MunicipalityId>,
    /// The municipalities that form it, if it is an association.
    pub members: Vec<MunicipalityId>,
    /// Its web address.
    pub website: Option<String>,
    /// Where it lies.
    pub coordinates: Option<Coordinates>,
    /// Whether one person does all the work there, so that nobody else can look at what is published.
    #[serde(default)]
    pub one_person: bool,
    /// What else is worth knowing, in German.
    pub note: Option<String>,
    /// The programmes it took part in.
    pub participations: Vec<Participation>,
    /// Whether it is structurally weak, where that is known.
    pub structural_weakness: Option<StructuralWeakness>,
}

impl Municipality {
    /// Its official keys that are in force.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        [&self.ags, &self.ars].into_iter().flatten()
    }

    /// Checks a record before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let digits = |text: &Option<String>, lengths: &[usize]| {
            text.as_ref().is_none_or(|text| {
                lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let state = |state: &String| {
            state.strip_prefix("DE-").is_some_and(|code| {
                code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
            })
        };
        let mut checks = Checks::default();
        checks.name("name", &self.name, LONGEST_LINE);
        checks.ensure(token_is_slug(&self.slug), "slug", What::Invalid { expected: "a-z, 0-9, -" });
        checks.ensure(!self.states.is_empty(), "states", What::Required);
        checks.entries("states", &self.states, MOST_ENTRIES, |checks, number, code| {
            checks.ensure(state(code), number, What::Invalid { expected: "DE-SN" });
        });
        checks.ensure(digits(&self.ags, &[8]), "ags", What::Invalid { expected: "8 digits" });
        checks.ensure(
            digits(&self.ars, &[5, 9, 12]),
            "ars",
            What::Invalid { expected: "5, 9 or 12 digits" },
        );
        checks.count("formerKeys", self.former_keys.len(), MOST_MEMBERS);
        checks.optional_url("website", &self.website);
        checks.texts([("note", &self.note)]);
        checks.count("members", self.members.len(), MOST_MEMBERS);
        checks.each("participations", &self.participations, Participation::check);
        checks.part("coordinates", &self.coordinates, Coordinates::check);
        checks.part("structuralWeakness", &self.structural_weakness, StructuralWeakness::check);
        checks.finish()
    }
}

#[cfg(test)]
mod tests;
