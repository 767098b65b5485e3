//! A solution as those see it who write or review it.

use serde::Deserialize;
use serde_json::Value;

use super::step::{STEPS, StepForm, StepKind};
use crate::domain::{Action, Lifecycle, MunicipalityId, Verdict, Viewer};
use crate::web::kind::Kind;
use crate::web::site::Site;
use crate::web::written::day;

/// A solution with its next version, if there is one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) revision: u32,
    version: u32,
    lifecycle: Kind<Lifecycle>,
    municipalities: Vec<Owner>,
    next_version: Option<Next>,
    transitions: Option<Vec<Past>>,
    /// The answer itself, in which the text is.
    #[serde(skip)]
    own: Value,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    id: String,
    one_person: bool,
}

#[derive(Debug, Deserialize)]
struct Next {
    lifecycle: Kind<Lifecycle>,
    content: Value,
}

/// A step that was taken.
#[derive(Debug, Deserialize)]
pub(crate) struct Past {
    pub(crate) after: Kind<Lifecycle>,
    at: chrono::DateTime<chrono::Utc>,
    pub(crate) reason: Option<String>,
}

impl Past {
    /// When it was taken.
    pub(crate) fn day(&self, site: &Site) -> String {
        day(&self.at, &site.language)
    }
}

impl Record {
    /// Reads the answer of the API.
    ///
    /// # Errors
    /// It is not what the document asks for.
    pub(crate) fn read(answer: Value) -> Result<Self, serde_json::Error> {
        let mut record = Self::deserialize(&answer)?;
        record.own = answer;
        Ok(record)
    }

    /// The next version that is being worked on. What was rejected is done with, and while readers
    /// see nothing the next version rests.
    fn next(&self) -> Option<&Next> {
        let next = self.next_version.as_ref();
        next.filter(|next| next.lifecycle.0 != Lifecycle::Rejected && self.is_public())
    }

    /// Whether readers see it.
    pub(crate) const fn is_public(&self) -> bool {
        self.lifecycle.0.is_public()
    }

    /// Whether there is a text beside the one that readers see.
    pub(crate) fn has_next(&self) -> bool {
        self.next().is_some()
    }

    /// The text that is being worked on.
    pub(crate) fn text(&self) -> &Value {
        self.next().map_or(&self.own, |next| &next.content)
    }

    /// The text that readers see, if they see any.
    pub(crate) fn readers_text(&self) -> Option<&Value> {
        self.is_public().then_some(&self.own)
    }

    /// What it is called.
    pub(crate) fn title(&self) -> &str {
        self.text().get("title").and_then(Value::as_str).unwrap_or_default()
    }

    /// Where the text that is being worked on stands.
    pub(crate) fn state(&self) -> Kind<Lifecycle> {
        self.next().map_or(self.lifecycle, |next| next.lifecycle)
    }

    /// The steps that were taken, the newest first.
    pub(crate) fn past(&self) -> Vec<&Past> {
        let mut past: Vec<&Past> = self.transitions.iter().flatten().collect();
        past.sort_by_key(|step| std::cmp::Reverse(step.at));
        past
    }

    /// Whether those who answer for it work without a second pair of eyes.
    pub(crate) fn is_alone(&self) -> bool {
        !self.municipalities.is_empty() && self.municipalities.iter().all(|it| it.one_person)
    }

    /// Whether readers see at once what is saved.
    pub(crate) fn is_written_in_public(&self) -> bool {
        self.is_public() && !self.has_next()
    }

    /// Whether somebody may do this now.
    pub(crate) fn allows(&self, viewer: &Viewer, action: Action) -> bool {
        let owners = self.municipalities.iter().filter_map(|owner| owner.id.parse().ok());
        let owners: Vec<MunicipalityId> = owners.collect();
        let state = if action.is_editorial() { self.state().0 } else { self.lifecycle.0 };
        // What was put away before anybody read it is a draft as before.
        let footing = match state {
            Lifecycle::Archived if self.version == 0 => Lifecycle::Draft,
            state => state,
        };
        viewer.verdict(&owners, self.is_alone(), footing, action) == Verdict::Allowed
    }

    /// The steps that somebody may take now, of those that belong to a page.
    pub(crate) fn steps(
        &self,
        viewer: &Viewer,
        site: &Site,
        belongs: impl Fn(&StepKind) -> bool,
    ) -> Vec<StepForm> {
        let possible = STEPS.iter().filter(|step| belongs(step));
        let possible = possible.filter(|step| self.allows(viewer, step.action));
        possible.map(|step| StepForm::new(step, self, site)).collect()
    }

    /// Where it is written.
    pub(crate) fn path(&self) -> String {
        format!("/work/solutions/{}", self.id)
    }
}
