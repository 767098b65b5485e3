//! Versions of a solution: what readers saw before, and what they will see.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lifecycle::Lifecycle;
use super::record::Solution;
use crate::domain::key::{SolutionId, VersionId};
use crate::domain::text::camel_case;

/// A version of a solution other than the one that readers see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SolutionVersion {
    /// Its key.
    pub id: VersionId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Which solution.
    pub solution: SolutionId,
    /// Its number, from 1.
    pub number: u32,
    /// The record as it was, or as it will be.
    pub content: Solution,
    /// When it gave way to the next one; absent while it is being worked on.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl SolutionVersion {
    /// The version that readers see, as it gives way to the next one.
    #[must_use]
    pub fn superseded(solution: &Solution, now: DateTime<Utc>) -> Self {
        Self::of(solution.clone(), solution.version, Some(now))
    }

    /// A next version with this text, which readers do not see yet.
    #[must_use]
    pub fn in_work(content: Solution) -> Self {
        let number = content.version + 1;
        Self::of(content, number, None)
    }

    fn of(content: Solution, number: u32, superseded_at: Option<DateTime<Utc>>) -> Self {
        let solution = content.id.clone();
        let id = VersionId::of(&solution, number);
        Self { id, revision: 1, solution, number, content, superseded_at }
    }
}

impl Solution {
    /// The key of the version that is being worked on, if there is one.
    #[must_use]
    pub fn version_in_work(&self) -> Option<VersionId> {
        self.working.map(|_| VersionId::of(&self.id, self.version + 1))
    }

    /// Whether two records differ in nothing but their links to others.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let linked = Self { related: self.related.clone(), ..other.clone() };
        differences(self, &linked).is_ok_and(|found| found.is_empty())
    }

    /// This record as the text of a next version: it starts as a draft.
    #[must_use]
    pub fn as_next_version(mut self) -> Self {
        self.lifecycle = Lifecycle::Draft;
        self.working = None;
        self.written_by.clear();
        self
    }

    /// With the key in another system that this text has: it is no part of what is reviewed, and whoever
    /// chooses one learns at once whether it is free.
    #[must_use]
    pub fn keyed_like(self, text: &Self) -> Self {
        Self {
            external_key: text.external_key.clone(),
            external_key_of: text.external_key_of.clone(),
            ..self
        }
    }

    /// This text in the place of what readers see of `public`.
    #[must_use]
    pub fn in_place_of(self, public: &Self) -> Self {
        Self {
            revision: public.revision,
            slug: public.slug.clone(),
            external_key: public.external_key.clone(),
            external_key_of: public.external_key_of.clone(),
            lifecycle: public.lifecycle,
            version: public.version,
            quality: public.quality,
            working: public.working,
            merged_into: public.merged_into.clone(),
            created_at: public.created_at,
            published_at: public.published_at,
            // What was confirmed while the text was being worked on stays so.
            last_checked: self.last_checked.max(public.last_checked),
            confirmed_on: self.confirmed_on.max(public.confirmed_on),
            review_by: public.review_by,
            review_due: public.review_due,
            ..self
        }
    }
}

/// What differs between two versions in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: field names from outside in, as the API has them; entries of lists by their position.
    pub path: Vec<String>,
    /// What stood there before.
    pub before: Option<String>,
    /// What stands there after.
    pub after: Option<String>,
}

/// Fields that tell about the record and not about the municipality's work.
const TECHNICAL: [&str; 17] = [
    "id",
    "revision",
    "slug",
    "external_key",
    "external_key_of",
    "lifecycle",
    "quality",
    "version",
    "written_by",
    "working",
    "merged_into",
    "created_at",
    "updated_at",
    "published_at",
    "confirmed_on",
    "review_by",
    "review_due",
];

/// What differs between two texts, in the order of the fields.
///
/// # Errors
/// None that a record could cause: all its fields have a serde form.
pub fn differences(
    before: &Solution,
    after: &Solution,
) -> Result<Vec<Difference>, serde_json::Error> {
    let fields = |solution| {
        let mut value = serde_json::to_value(solution)?;
        if let Some(fields) = value.as_object_mut() {
            fields.retain(|name, _| !TECHNICAL.contains(&name.as_str()));
        }
        Ok::<_, serde_json::Error>(value)
    };
    let mut found = Vec::new();
    compare(Some(&fields(before)?), Some(&fields(after)?), &mut Vec::new(), &mut found);
    Ok(found)
}

fn compare(
    before: Option<&Value>,
    after: Option<&Value>,
    path: &mut Vec<String>,
    found: &mut Vec<Difference>,
) {
    let said = |value: Option<&Value>| match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()).filter(|text| !text.is_empty()),
        Some(other) => Some(other.to_string()),
    };
    let steps = steps(before, after);
    if steps.is_empty() {
        let (before, after) = (said(before), said(after));
        let empty = |value: &Option<String>| {
            value.as_deref().is_none_or(|value| matches!(value, "[]" | "{}"))
        };
        if before != after && !(empty(&before) && empty(&after)) {
            found.push(Difference { path: path.clone(), before, after });
        }
        return;
    }
    for step in steps {
        let inner = |value: Option<&'_ Value>| match value {
            Some(Value::Object(fields)) => fields.get(&step).cloned(),
            Some(Value::Array(items)) => {
                step.parse::<usize>().ok().and_then(|place| items.get(place)).cloned()
            }
            _ => None,
        };
        path.push(camel_case(&step));
        compare(inner(before).as_ref(), inner(after).as_ref(), path, found);
        path.pop();
    }
}

/// The names or positions below two values, of which at least one has parts.
fn steps(before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for value in [before, after].into_iter().flatten() {
        let names: Vec<String> = match value {
            Value::Object(fields) => fields.keys().cloned().collect(),
            Value::Array(items) => (0..items.len()).map(|place| place.to_string()).collect(),
            _ => Vec::new(),
        };
        for name in names {
            if !steps.contains(&name) {
                steps.push(name);
            }
        }
    }
    steps
}
