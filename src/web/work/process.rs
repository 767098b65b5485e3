//! A strategy process for those who keep it: all of it on a page, each part with a way to its form.

use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use super::edit::Lists;
use crate::domain::{Label, MeasureStatus, MunicipalityId, Publication, Viewer};
use crate::web::cards::{Named, PlaceName};
use crate::web::form::{Choices, Summed};
use crate::web::kind::Kind;
use crate::web::process::{Moment, Points, Review, Step, Swot, moments, percent, period};
use crate::web::site::Site;
use crate::web::written::euros;

/// A strategy process.
#[derive(Debug, Deserialize)]
pub(crate) struct Process {
    pub(crate) id: String,
    pub(crate) revision: u32,
    publication: Kind<Publication>,
    progress: f64,
    municipality: Option<PlaceName>,
    programme: Option<Named>,
    starts: Option<String>,
    ends: Option<String>,
    swot: Option<Swot>,
    priorities: Vec<Priority>,
    steps: Vec<Step>,
    measures: Vec<Measure>,
    review: Option<Review>,
    /// The answer itself, in which the text is.
    #[serde(skip)]
    own: Value,
    /// The programmes that it can belong to.
    #[serde(skip)]
    programmes: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct Priority {
    title: String,
    topic: Option<Named>,
}

#[derive(Debug, Deserialize)]
struct Measure {
    id: String,
    title: String,
    status: Kind<MeasureStatus>,
    owner: Option<String>,
    period: Option<String>,
    starts: Option<String>,
    ends: Option<String>,
    budget: Option<i64>,
    solution: Option<Written>,
}

/// The solution that a measure became.
#[derive(Debug, Deserialize)]
struct Written {
    id: String,
    title: String,
}

impl Process {
    /// Reads the answer of the API; nothing if there is no such process.
    ///
    /// # Errors
    /// It is not what the document asks for.
    pub(crate) fn read(mut answer: Value) -> Result<Option<Self>, serde_json::Error> {
        let node = answer.get_mut("node").map(Value::take).filter(Value::is_object);
        let Some(own) = node else { return Ok(None) };
        let mut process = Self::deserialize(&own)?;
        process.own = own;
        let programmes = answer.get("programmes").and_then(Value::as_array);
        process.programmes = programmes.cloned().unwrap_or_default();
        Ok(Some(process))
    }

    /// Whether somebody keeps it.
    pub(crate) fn is_kept_by(&self, viewer: &Viewer) -> bool {
        let owner = self.municipality.as_ref().and_then(|place| place.id.as_ref()?.parse().ok());
        owner.is_some_and(|owner: MunicipalityId| viewer.edits(&owner))
    }

    /// Where it is kept.
    pub(crate) fn path(&self) -> String {
        format!("/work/processes/{}", self.id)
    }

    /// Whose it is.
    pub(crate) fn place(&self) -> &str {
        self.municipality.as_ref().map_or("", |place| place.name.as_str())
    }

    /// The whole as the API gives it.
    pub(crate) const fn whole(&self) -> &Value {
        &self.own
    }

    /// A step as the API gives it; nothing if nothing is known of it.
    pub(crate) fn step(&self, name: &str) -> Option<&Value> {
        self.entry("steps", "step", &name.to_uppercase())
    }

    /// A measure as the API gives it.
    pub(crate) fn measure(&self, id: &str) -> Option<&Value> {
        self.entry("measures", "id", id)
    }

    fn entry(&self, list: &str, key: &str, wanted: &str) -> Option<&Value> {
        let entries = self.own.get(list).and_then(Value::as_array)?;
        entries.iter().find(|entry| entry.get(key).and_then(Value::as_str) == Some(wanted))
    }

    /// What its forms choose from; together with what it says already.
    pub(crate) fn choices(&self, lists: &Lists) -> Choices {
        let parts = |name: &str| self.own.get(name).and_then(Value::as_array).into_iter().flatten();
        let records: Vec<&Value> = parts("steps").chain(parts("measures")).collect();
        let mut choices = lists.choices(&records);
        choices.add("programmes", &self.programmes);
        choices.add("topics", parts("priorities").filter_map(|it| it.get("topic")));
        choices
    }
}

impl Measure {
    /// Who, when and for how much, in a line.
    fn about(&self, site: &Site) -> String {
        let dates = period(&self.starts, &self.ends, site);
        let parts = [
            Some(self.status.label(&site.language).to_owned()),
            self.owner.clone(),
            self.period.clone().or(Some(dates).filter(|dates| !dates.is_empty())),
            self.budget.map(|budget| euros(budget, &site.language)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Whether it can be written up: it is done, and no solution came of it yet.
    fn can_be_written_up(&self) -> bool {
        self.status.0 == MeasureStatus::Done && self.solution.is_none()
    }
}

impl Written {
    fn path(&self) -> String {
        format!("/work/solutions/{}", self.id)
    }
}

/// The page of a process for those who keep it.
#[derive(Template)]
#[template(path = "process.html")]
pub(crate) struct ProcessPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) process: Process,
    /// What kept a step from being taken.
    pub(crate) troubles: Vec<Summed>,
    /// Whether it was changed a moment ago.
    pub(crate) is_saved: bool,
}

impl ProcessPage<'_> {
    /// Where a part is changed, or something is done with the process.
    fn to(&self, part: &str) -> String {
        self.site.link(&format!("{}/{part}", self.process.path()))
    }

    fn public_page(&self) -> Option<String> {
        let place = self.process.municipality.as_ref().filter(|_| self.is_public())?;
        Some(self.site.link(&format!("/municipalities/{}", place.slug)))
    }

    fn moments(&self) -> Vec<Moment> {
        moments(&self.process.steps, self.site)
    }

    fn percent(&self) -> i64 {
        percent(self.process.progress)
    }

    fn period(&self) -> String {
        period(&self.process.starts, &self.process.ends, self.site)
    }

    fn swot(&self) -> Vec<Points<'_>> {
        self.process.swot.as_ref().map(|swot| swot.points(self.site)).unwrap_or_default()
    }

    fn review(&self) -> Vec<Points<'_>> {
        self.process.review.as_ref().map(|review| review.points(self.site)).unwrap_or_default()
    }

    /// How many measures stand where.
    fn counts(&self) -> Vec<(&'static str, usize)> {
        let count = |status: &MeasureStatus| {
            let measures = self.process.measures.iter();
            let count = measures.filter(|measure| measure.status.0 == *status).count();
            (status.label(self.site.language), count)
        };
        MeasureStatus::ALL.iter().map(count).filter(|(_, count)| *count > 0).collect()
    }

    fn is_public(&self) -> bool {
        self.process.publication.0.is_public()
    }

    fn is_archived(&self) -> bool {
        self.process.publication.0 == Publication::Archived
    }
}
