//! Words that mean the same in town halls; a search for one finds the others.

use serde::{Deserialize, Serialize};

use super::check::{Checks, LONGEST_LINE};
use super::key::ThesaurusId;
use super::problem::{Problem, What};

/// The most groups.
const MOST_GROUPS: usize = 5_000;
/// The fewest and the most terms of a group.
const TERMS: std::ops::RangeInclusive<usize> = 2..=20;

/// Words that stand for each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SynonymGroup {
    /// Words, or fixed phrases.
    pub terms: Vec<String>,
    /// What a document with another of the terms is worth, above 0 up to 1.
    pub weight: f64,
}

/// All groups of a hub. One record: it is read as a whole and changed by few.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thesaurus {
    /// Its key; there is one thesaurus.
    pub id: ThesaurusId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// The groups; no term stands in two of them.
    pub groups: Vec<SynonymGroup>,
}

impl Default for Thesaurus {
    fn default() -> Self {
        Self { id: ThesaurusId::the_one(), revision: 0, groups: Vec::new() }
    }
}

impl Thesaurus {
    /// The group that holds a term, whatever its case.
    #[must_use]
    pub fn group_of(&self, term: &str) -> Option<&SynonymGroup> {
        self.groups.iter().find(|group| group.holds(term))
    }

    /// With a further group, or with one in place of the group that holds a term.
    ///
    /// # Errors
    /// The group is not sound, a term stands in another group, or there is no group to replace.
    pub fn with(
        mut self,
        group: SynonymGroup,
        in_place_of: Option<&str>,
    ) -> Result<Self, Vec<Problem>> {
        if let Some(term) = in_place_of {
            self =
                self.without(term).map_err(|_| vec![Problem::at("inPlaceOf", What::NotFound)])?;
        }
        let group = group.trimmed();
        let mut checks = Checks::default();
        group.check(&mut checks);
        checks.ensure(
            self.groups.len() < MOST_GROUPS,
            "terms",
            What::TooMany { most: MOST_GROUPS },
        );
        let taken = |(number, term): (usize, &String)| {
            let path = vec!["terms".to_owned(), number.to_string()];
            self.group_of(term).map(|_| Problem { path, what: What::Taken })
        };
        let taken: Vec<Problem> = group.terms.iter().enumerate().filter_map(taken).collect();
        checks.finish()?;
        if !taken.is_empty() {
            return Err(taken);
        }
        self.groups.push(group);
        Ok(self)
    }

    /// Without the group that holds a term.
    ///
    /// # Errors
    /// No group does.
    pub fn without(mut self, term: &str) -> Result<Self, Vec<Problem>> {
        let count = self.groups.len();
        self.groups.retain(|group| !group.holds(term));
        if self.groups.len() == count {
            return Err(vec![Problem::at("term", What::NotFound)]);
        }
        Ok(self)
    }
}

impl SynonymGroup {
    fn holds(&self, term: &str) -> bool {
        let term = term.trim().to_lowercase();
        self.terms.iter().any(|known| known.to_lowercase() == term)
    }

    fn trimmed(mut self) -> Self {
        self.terms.iter_mut().for_each(|term| *term = term.trim().to_owned());
        self
    }

    fn check(&self, checks: &mut Checks) {
        let expected = "2 to 20 terms";
        checks.ensure(TERMS.contains(&self.terms.len()), "terms", What::Invalid { expected });
        for term in &self.terms {
            checks.name("terms", term, LONGEST_LINE);
            let has_letter = term.chars().any(char::is_alphanumeric);
            checks.ensure(has_letter, "terms", What::Invalid { expected: "a word or some" });
            let same = |other: &&String| other.to_lowercase() == term.to_lowercase();
            let expected = "each term once";
            let once = self.terms.iter().filter(same).count() == 1;
            checks.ensure(once, "terms", What::Invalid { expected });
        }
        let range = "0.1 to 1".to_owned();
        let fits = (0.1..=1.0).contains(&self.weight);
        checks.ensure(fits, "weight", What::OutOfRange { range });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(terms: &[&str], weight: f64) -> SynonymGroup {
        SynonymGroup { terms: terms.iter().map(|term| (*term).to_owned()).collect(), weight }
    }

    #[test]
    fn groups_come_and_go_by_their_terms() {
        let known = Thesaurus::default().with(group(&["Kita", " Kindergarten "], 0.8), None);
        let known = known.expect("a sound group");
        assert_eq!(known.group_of("kindergarten"), known.groups.first());
        let other = known.clone().with(group(&["Hort", "KITA"], 0.8), None).unwrap_err();
        assert_eq!(other, [Problem { path: vec!["terms".into(), "1".into()], what: What::Taken }]);
        let changed = known.clone().with(group(&["Hort", "KITA"], 0.8), Some("kita"));
        assert!(changed.expect("it is replaced").group_of("Kindergarten").is_none());
        assert!(known.clone().without("Kita").expect("it is there").groups.is_empty());
        assert!(known.without("Schule").is_err());
    }

    #[test]
    fn unsound_groups_are_refused() {
        for unsound in [
            group(&["Kita"], 0.8),
            group(&["Kita", "kita"], 0.8),
            group(&["Kita", "--"], 0.8),
            group(&["Kita", ""], 0.8),
            group(&["Kita", "Hort"], 1.5),
            group(&["Kita", "Hort"], f64::NAN),
        ] {
            assert!(Thesaurus::default().with(unsound.clone(), None).is_err(), "{unsound:?}");
        }
    }
}
