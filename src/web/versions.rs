//! Two versions of a solution side by side: the fields that differ, word by word.

use std::time::Duration;

use askama::Template;
use serde::Deserialize;
use similar::{ChangeTag, TextDiff};

use super::kind::Kind;
use super::phrases::Phrases;
use super::site::Site;
use super::written::day;
use crate::domain::Lifecycle;

/// How long the words of one field are compared, at most; then what is left counts as changed.
const LONGEST: Duration = Duration::from_millis(200);

/// What the API answers of the versions.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    /// Nothing if there is none, or none that the reader may see.
    pub(crate) solution: Option<Solution>,
}

/// A solution with its versions.
#[derive(Debug, Deserialize)]
pub(crate) struct Solution {
    slug: String,
    title: String,
    /// The newest first.
    versions: Option<Vec<Version>>,
}

/// A version.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Version {
    /// Its id.
    pub(crate) id: String,
    /// Its number, from 1.
    pub(crate) number: u32,
    lifecycle: Kind<Lifecycle>,
    updated_at: chrono::DateTime<chrono::Utc>,
}

impl Version {
    fn about(&self, site: &Site) -> String {
        let state = self.lifecycle.label(&site.language);
        format!("{} ({}, {state})", self.number, day(&self.updated_at, &site.language))
    }
}

impl Solution {
    /// The versions that the reader may see, the newest first.
    pub(crate) fn versions(&self) -> &[Version] {
        self.versions.as_deref().unwrap_or_default()
    }

    /// The version of a number; the one in this place from the newest if no number is said. Nothing if
    /// there is no such version.
    pub(crate) fn version(&self, said: Option<&str>, place: usize) -> Option<&Version> {
        match said {
            Some(number) => {
                let number: u32 = number.parse().ok()?;
                self.versions().iter().find(|version| version.number == number)
            }
            None => self.versions().get(place).or_else(|| self.versions().last()),
        }
    }
}

/// What the API answers of what differs.
#[derive(Debug, Deserialize)]
pub(crate) struct Compared {
    node: Option<Differing>,
}

#[derive(Debug, Deserialize)]
struct Differing {
    differences: Option<Vec<Difference>>,
}

#[derive(Debug, Deserialize)]
struct Difference {
    path: Vec<String>,
    before: Option<String>,
    after: Option<String>,
}

impl Compared {
    /// What differs, word by word. It takes a while where texts are long.
    pub(crate) fn told(self) -> Vec<Told> {
        let differences = self.node.and_then(|node| node.differences).unwrap_or_default();
        let told = |Difference { path, before, after }: Difference| {
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            Told { path, pieces: pieces(&before, &after) }
        };
        differences.into_iter().map(told).collect()
    }
}

/// What differs in one field.
#[derive(Debug)]
pub(crate) struct Told {
    path: Vec<String>,
    pieces: Vec<Piece>,
}

/// A piece of a text: what stayed, what went, what came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// It is in both.
    Same(String),
    /// It is only in the older one.
    Gone(String),
    /// It is only in the newer one.
    New(String),
}

/// What stayed, went and came between two texts.
fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let compared = TextDiff::configure().timeout(LONGEST).diff_words(before, after);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in compared.iter_all_changes() {
        let word = change.value();
        match (change.tag(), pieces.last_mut()) {
            (ChangeTag::Equal, Some(Piece::Same(text)))
            | (ChangeTag::Delete, Some(Piece::Gone(text)))
            | (ChangeTag::Insert, Some(Piece::New(text))) => text.push_str(word),
            (ChangeTag::Equal, _) => pieces.push(Piece::Same(word.to_owned())),
            (ChangeTag::Delete, _) => pieces.push(Piece::Gone(word.to_owned())),
            (ChangeTag::Insert, _) => pieces.push(Piece::New(word.to_owned())),
        }
    }
    pieces
}

impl Told {
    /// What the field is called, and where in it.
    fn label(&self, site: &Site) -> String {
        let Some((field, within)) = self.path.split_first() else { return String::new() };
        let label = label(field, site.t()).unwrap_or(field);
        // Entries of lists count from 1 for people.
        let counted = |step: &String| match step.parse::<usize>() {
            Ok(place) => (place + 1).to_string(),
            Err(_) => step.clone(),
        };
        let steps = std::iter::once(label.to_owned()).chain(within.iter().map(counted));
        steps.collect::<Vec<_>>().join(" › ")
    }
}

/// What the page of a solution calls a field.
fn label(field: &str, t: &'static Phrases) -> Option<&'static str> {
    Some(match field {
        "title" => t.title,
        "teaser" => t.teaser,
        "problem" => t.problem,
        "approach" => t.approach,
        "steps" => t.steps,
        "results" => t.results,
        "costs" => t.costs,
        "staff" => t.staff,
        "funding" => t.funding,
        "partners" => t.partners,
        "participation" => t.participation,
        "transferability" => t.conditions,
        "prerequisites" => t.prerequisites,
        "legalBasis" => t.legal_basis,
        "digitalTools" => t.digital_tools,
        "lessons" => t.lessons,
        "difficulties" => t.difficulties,
        "wouldChange" => t.would_change,
        "sustaining" => t.sustaining,
        "monthsToEffect" => t.months_to_effect,
        "topics" => t.topics,
        "targetGroups" => t.target_groups,
        "municipalities" => t.municipalities,
        "contacts" => t.contacts,
        "documents" => t.documents,
        "related" => t.related,
        "sources" => t.sources,
        "keywords" => t.keywords,
        "status" => t.status,
        "period" => t.period,
        "effort" => t.effort,
        "evidence" => t.evidence,
        "licence" => t.licence,
        _ => return None,
    })
}

/// Two versions side by side.
#[derive(Template)]
#[template(path = "versions.html")]
pub(crate) struct VersionsPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) solution: &'a Solution,
    /// The numbers of the two; nothing if there are not two.
    pub(crate) chosen: Option<(u32, u32)>,
    pub(crate) told: Vec<Told>,
}

impl VersionsPage<'_> {
    fn back(&self) -> String {
        self.site.link(&self.path(""))
    }

    fn is_old(&self, version: &Version) -> bool {
        self.chosen.is_some_and(|(old, _)| old == version.number)
    }

    fn is_new(&self, version: &Version) -> bool {
        self.chosen.is_some_and(|(_, new)| new == version.number)
    }

    fn path(&self, below: &str) -> String {
        format!("/solutions/{}{below}", self.solution.slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_went_and_came_are_told_apart() {
        let found = pieces("Der Bus fährt selten.", "Der Rufbus fährt oft.");
        let expected = [
            Piece::Same("Der ".to_owned()),
            Piece::Gone("Bus".to_owned()),
            Piece::New("Rufbus".to_owned()),
            Piece::Same(" fährt ".to_owned()),
            Piece::Gone("selten.".to_owned()),
            Piece::New("oft.".to_owned()),
        ];
        assert_eq!(found, expected);
        assert_eq!(pieces("", "Neu"), [Piece::New("Neu".to_owned())]);
        assert_eq!(pieces("", ""), []);
    }
}
