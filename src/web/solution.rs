//! The page of one solution, in the order in which readers ask.

use askama::Template;
use serde::Deserialize;

use super::address::Address;
use super::cards::{
    Connection, ContactCard, DocumentCard, Edge, Named, PlaceName, SolutionCard, Titled,
};
use super::kind::Kind;
use super::site::Site;
use super::written::{day, decimal, euros, grouped, paragraphs, partial_date};
use crate::domain::{
    AdoptionStatus, EffortBand, FundingLevel, Lifecycle, ParticipationLevel, PartnerRole,
    QualityLevel,
};

/// What the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    /// Nothing if there is none, or none that the reader may see.
    pub(crate) solution: Option<Solution>,
}

/// A solution.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Solution {
    #[serde(flatten)]
    pub(crate) card: SolutionCard,
    version: u32,
    lifecycle: Kind<Lifecycle>,
    quality: Kind<QualityLevel>,
    effort: Option<Kind<EffortBand>>,
    licence: Option<String>,
    citation: Option<String>,
    published_at: Option<chrono::DateTime<chrono::Utc>>,
    updated_at: chrono::DateTime<chrono::Utc>,
    problem: String,
    approach: String,
    steps: Option<String>,
    place: Option<String>,
    keywords: Vec<String>,
    period: Option<Period>,
    results: Option<Results>,
    costs: Option<Costs>,
    staff: Option<Staff>,
    funding: Vec<Funding>,
    partners: Vec<Partner>,
    participation: Option<Participation>,
    transferability: Option<Transferability>,
    prerequisites: Option<String>,
    legal_basis: Option<String>,
    digital_tools: Vec<Link>,
    months_to_effect: Option<u32>,
    lessons: Option<String>,
    difficulties: Option<String>,
    would_change: Option<String>,
    sustaining: Option<String>,
    target_groups: Vec<Named>,
    contacts: Option<Vec<ContactCard>>,
    documents: Option<Vec<DocumentCard>>,
    adoptions: Option<Connection<Edge<Adoption>>>,
    related: Option<Vec<Titled>>,
    similar: Option<Connection<Edge<SolutionCard>>>,
    versions: Option<Vec<Version>>,
    sources: Vec<Source>,
    broken_links: Option<Vec<Broken>>,
    /// The one that took its place.
    pub(crate) merged_into: Option<Slug>,
}

/// The name of another page.
#[derive(Debug, Deserialize)]
pub(crate) struct Slug {
    pub(crate) slug: String,
}

#[derive(Debug, Deserialize)]
struct Period {
    starts: Option<String>,
    ends: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Results {
    summary: Option<String>,
    indicators: Vec<Indicator>,
}

#[derive(Debug, Deserialize)]
struct Indicator {
    name: String,
    value: f64,
    unit: Option<String>,
    date: Option<String>,
}

impl Indicator {
    fn written(&self, site: &Site) -> String {
        let language = &site.language;
        let value = decimal(self.value, language);
        let unit = self.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
        let date = self.date.as_ref().map(|date| format!(" ({})", partial_date(date, language)));
        format!("{value}{unit}{}", date.unwrap_or_default())
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Costs {
    one_off: Option<Money>,
    yearly: Option<Money>,
    year: Option<u16>,
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Money {
    from: i64,
    to: i64,
}

impl Money {
    fn written(&self, site: &Site) -> String {
        let euros = |amount| euros(amount, &site.language);
        match self.from == self.to {
            true => euros(self.from),
            false => format!("{} – {}", euros(self.from), euros(self.to)),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Staff {
    roles: Option<String>,
    full_time_equivalents: Option<f64>,
    volunteer_hours: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Funding {
    programme: String,
    level: Option<Kind<FundingLevel>>,
    amount: Option<i64>,
    period: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Partner {
    name: Option<String>,
    role: Option<Kind<PartnerRole>>,
    organisation: Option<Named>,
}

impl Partner {
    fn called(&self) -> &str {
        let organisation = self.organisation.as_ref().map(|it| it.name.as_str());
        organisation.or(self.name.as_deref()).unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
struct Participation {
    level: Option<Kind<ParticipationLevel>>,
    formats: Option<String>,
    people: Option<i64>,
    missed: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Transferability {
    copyable: Option<String>,
    local: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Link {
    name: String,
    url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Adoption {
    status: Kind<AdoptionStatus>,
    since: Option<String>,
    changes: Option<String>,
    result: Option<String>,
    municipality: Option<PlaceName>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    number: u32,
    updated_at: chrono::DateTime<chrono::Utc>,
}

#[derive(Debug, Deserialize)]
struct Source {
    title: String,
    url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Broken {
    url: String,
}

/// A heading with what stands below it.
pub(crate) struct Section {
    /// Its name within the page.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) parts: Vec<Part>,
    /// Whether costs and work follow.
    pub(crate) is_before_costs: bool,
}

/// A text, with its own heading where a section has several.
pub(crate) struct Part {
    pub(crate) heading: Option<&'static str>,
    pub(crate) text: String,
}

impl Part {
    fn paragraphs(&self) -> Vec<&str> {
        paragraphs(&self.text)
    }
}

/// The page of one solution.
#[derive(Template)]
#[template(path = "solution.html")]
pub(crate) struct SolutionPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) solution: Solution,
    /// Where it is written, if readers do not see it yet as it stands here.
    pub(crate) draft: Option<String>,
}

impl SolutionPage<'_> {
    fn card(&self) -> &SolutionCard {
        &self.solution.card
    }

    fn is_outdated(&self) -> bool {
        self.solution.lifecycle.0 == Lifecycle::NeedsUpdate
    }

    /// The texts, in the order in which readers ask. What nobody has written is left out, except the
    /// two questions whose silence says something too.
    fn sections(&self) -> Vec<Section> {
        let (t, it) = (self.site.t(), &self.solution);
        let plain = |text: &Option<String>| part(None, text);
        let transferability = it.transferability.as_ref();
        let results = it.results.as_ref();
        let all = [
            ("problem", t.problem, vec![part(None, &Some(it.problem.clone()))]),
            ("approach", t.approach, vec![part(None, &Some(it.approach.clone()))]),
            ("steps", t.steps, vec![plain(&it.steps)]),
            ("results", t.results, vec![results.and_then(|it| part(None, &it.summary))]),
            (
                "failed",
                t.failed,
                vec![
                    part(Some(t.difficulties), &it.difficulties),
                    part(Some(t.lessons), &it.lessons),
                    part(Some(t.would_change), &it.would_change),
                ],
            ),
            (
                "conditions",
                t.conditions,
                vec![
                    part(Some(t.prerequisites), &it.prerequisites),
                    part(Some(t.legal_basis), &it.legal_basis),
                    part(Some(t.copyable), &transferability.and_then(|it| it.copyable.clone())),
                    part(Some(t.local), &transferability.and_then(|it| it.local.clone())),
                    part(Some(t.sustaining), &it.sustaining),
                ],
            ),
        ];
        let sections = all.into_iter().map(|(id, title, parts)| {
            let parts: Vec<Part> = parts.into_iter().flatten().collect();
            Section { id, title, parts, is_before_costs: id == "results" }
        });
        sections
            .filter(|it| !it.parts.is_empty() || matches!(it.id, "results" | "failed"))
            .collect()
    }

    fn indicators(&self) -> &[Indicator] {
        self.solution.results.as_ref().map_or(&[], |results| &results.indicators)
    }

    /// Costs and work, line by line: what it is, and how much.
    fn costs(&self) -> Vec<(&'static str, String)> {
        let (t, site, it) = (self.site.t(), self.site, &self.solution);
        let mut lines = Vec::new();
        if let Some(costs) = &it.costs {
            let priced = |money: &Money| match costs.year {
                Some(year) => format!("{} ({} {year})", money.written(site), t.prices_of),
                None => money.written(site),
            };
            lines.extend(costs.one_off.as_ref().map(|money| (t.one_off, priced(money))));
            lines.extend(costs.yearly.as_ref().map(|money| (t.yearly, priced(money))));
            lines.extend(costs.note.clone().map(|note| ("", note)));
        }
        if let Some(staff) = &it.staff {
            lines.extend(staff.roles.clone().map(|roles| (t.staff, roles)));
            let counted = [
                (staff.full_time_equivalents, t.full_time),
                (staff.volunteer_hours, t.volunteer_hours),
            ];
            lines.extend(counted.into_iter().filter_map(|(number, unit)| {
                Some(("", format!("{} {unit}", decimal(number?, &site.language))))
            }));
        }
        lines.extend(it.funding.iter().map(|funding| (t.funding, self.funding(funding))));
        if !it.partners.is_empty() {
            let partner = |partner: &Partner| match partner.role {
                Some(role) => format!("{} ({})", partner.called(), role.label(&site.language)),
                None => partner.called().to_owned(),
            };
            lines
                .push((t.partners, it.partners.iter().map(partner).collect::<Vec<_>>().join("; ")));
        }
        lines
    }

    fn funding(&self, funding: &Funding) -> String {
        let language = &self.site.language;
        let about = [
            funding.level.map(|level| level.label(language).to_owned()),
            funding.amount.map(|amount| euros(amount, language)),
            funding.period.clone(),
        ];
        let about: Vec<String> = about.into_iter().flatten().collect();
        match about.is_empty() {
            true => funding.programme.clone(),
            false => format!("{} ({})", funding.programme, about.join(", ")),
        }
    }

    fn participation(&self) -> Option<String> {
        let it = self.solution.participation.as_ref()?;
        let language = &self.site.language;
        let parts = [
            it.level.map(|level| level.label(language).to_owned()),
            it.formats.clone(),
            it.people.map(|people| grouped(people, language)),
            it.missed.clone(),
        ];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
    }

    fn period(&self) -> Option<String> {
        let period = self.solution.period.as_ref()?;
        let written = |date: &Option<String>| {
            date.as_deref().map(|date| partial_date(date, &self.site.language))
        };
        let t = self.site.t();
        match (written(&period.starts), written(&period.ends)) {
            (Some(starts), Some(ends)) if starts == ends => Some(starts),
            (Some(starts), Some(ends)) => Some(format!("{starts} – {ends}")),
            (Some(starts), None) => Some(format!("{} {starts}", t.since)),
            (None, Some(ends)) => Some(format!("{} {ends}", t.until)),
            (None, None) => None,
        }
    }

    fn published(&self) -> Option<String> {
        self.solution.published_at.as_ref().map(|at| day(at, &self.site.language))
    }

    /// The versions beside the one that is shown, the newest first.
    fn versions(&self) -> Vec<(u32, String)> {
        let others = self.solution.versions.iter().flatten().rev();
        let others = others.filter(|version| version.number != self.solution.version);
        others.map(|it| (it.number, day(&it.updated_at, &self.site.language))).collect()
    }

    fn compare_versions(&self) -> String {
        self.site.link(&format!("{}/versions", self.card().path()))
    }

    fn updated(&self) -> String {
        day(&self.solution.updated_at, &self.site.language)
    }

    fn of_topic(&self, topic: &Named) -> String {
        let key = topic.id.rsplit_once(':').map_or(topic.id.as_str(), |(_, key)| key);
        self.site.carried(Address::at("/solutions").with("topic", key)).to_string()
    }

    fn of_word(&self, word: &str) -> String {
        self.site.carried(Address::at("/solutions").with("q", word)).to_string()
    }

    fn is_broken(&self, url: &str) -> bool {
        self.solution.broken_links.iter().flatten().any(|broken| broken.url == url)
    }

    fn adoptions(&self) -> impl Iterator<Item = &Adoption> {
        self.solution.adoptions.iter().flat_map(Connection::nodes)
    }

    fn similar(&self) -> impl Iterator<Item = &SolutionCard> {
        self.solution.similar.iter().flat_map(Connection::nodes)
    }
}

/// A text with its heading, if there is one.
fn part(heading: Option<&'static str>, text: &Option<String>) -> Option<Part> {
    let text = text.clone().filter(|text| !text.trim().is_empty())?;
    Some(Part { heading, text })
}
