//! Follows the links that readers are shown, and keeps what they led to.

mod collect;

use chrono::TimeDelta;
use futures_util::StreamExt;

use super::{Error, Services};
use crate::domain::{
    Actor, Event, Finding, LinkCheck, LinkId, LinkStatus, MunicipalityId, NodeId, SolutionId,
    Subject, Viewer,
};
use crate::live::Progress;
use crate::outbound::Prober;
use crate::store::{self, Change, Lease};
use collect::{Links, Shown};

/// What the lease is on.
const WORK: &str = "links";
/// How long the work rests when whoever had it is gone. Hosts are asked slowly, so results may be far
/// between.
const SPAN: TimeDelta = TimeDelta::minutes(10);
/// How many results are written together.
const BATCH: usize = 50;

/// Which links are followed; all if nothing is said.
#[derive(Debug, Clone, Default)]
pub struct LinkSelection {
    /// Only those of this municipality's records.
    pub municipality: Option<MunicipalityId>,
    /// Only those of this solution and its documents.
    pub solution: Option<SolutionId>,
}

/// A link that was followed.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedLink {
    /// What is known of it now.
    pub check: LinkCheck,
    /// The records that show it.
    pub shown_by: Vec<NodeId>,
}

/// What came of following links.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkReport {
    /// Each link, by its address.
    pub links: Vec<CheckedLink>,
}

impl LinkReport {
    /// Those with a result.
    pub fn with(&self, status: LinkStatus) -> impl Iterator<Item = &CheckedLink> {
        self.links.iter().filter(move |link| link.check.status == status)
    }
}

impl Services {
    /// Follows the links of what is public, and keeps what they led to. Municipalities hear of links
    /// that broke, or work again, by the journal. Nothing if somebody else is at it: two at once would
    /// tell everything twice.
    ///
    /// # Errors
    /// What the database says; what was kept until then stays.
    pub async fn check_links(
        &self,
        selection: &LinkSelection,
        prober: &Prober,
        progress: &mut dyn Progress,
    ) -> Result<Option<LinkReport>, Error> {
        let owner = self.ids.fresh().to_string();
        let Some(lease) = self.store.acquire(WORK, &owner, self.clock.now(), SPAN).await? else {
            return Ok(None);
        };
        let done = Box::pin(self.follow_links(selection, prober, progress, lease.clone())).await;
        if let Err(error) = self.store.give_back(&lease, self.clock.now()).await {
            tracing::warn!(%error, "others have to wait until this check's turn has ended by itself");
        }
        done.map(Some)
    }

    async fn follow_links(
        &self,
        selection: &LinkSelection,
        prober: &Prober,
        progress: &mut dyn Progress,
        mut lease: Lease,
    ) -> Result<LinkReport, Error> {
        let links = self.links(selection).await?;
        progress.expect(links.len());
        let mut report = LinkReport::default();
        let found = prober.follow_all(links.keys().cloned().collect());
        let mut batches = Box::pin(found.ready_chunks(BATCH));
        while let Some(batch) = batches.next().await {
            progress.advance("links", batch.len());
            let renewed = self.store.renew(&lease, self.clock.now(), SPAN).await?;
            lease = renewed.ok_or(store::Error::Overtaken)?;
            let checks = Box::pin(self.keep_findings(&links, batch, &lease)).await?;
            report.links.extend(checks.into_iter().map(|check| {
                let shown_by = links.get(&check.url).into_iter().flatten();
                CheckedLink { shown_by: shown_by.map(|it| it.by.clone()).collect(), check }
            }));
        }
        report.links.sort_by(|left, right| left.check.url.cmp(&right.check.url));
        Ok(report)
    }

    /// Keeps what was found, and writes into the journal what is news.
    async fn keep_findings(
        &self,
        links: &Links,
        found: Vec<(String, Finding)>,
        lease: &Lease,
    ) -> Result<Vec<LinkCheck>, Error> {
        let now = self.clock.now();
        let ids: Vec<LinkId> = found.iter().map(|(url, _)| LinkId::of(url)).collect();
        let known = self.store.get_many::<LinkCheck>(&ids).await?;
        let mut checks = Vec::new();
        let mut events = Vec::new();
        for (url, finding) in found {
            let before = known.get(&LinkId::of(&url));
            let check = LinkCheck::seen(&url, finding, before, now);
            if let Some(kind) = check.news(before) {
                let shown = links.get(&url).into_iter().flatten();
                events.extend(shown.map(|it: &Shown| Event {
                    seq: 0,
                    kind,
                    subject: Subject(it.by.clone()),
                    municipalities: it.municipalities.clone(),
                    public: false,
                    actor: Actor::Hub,
                    at: now,
                    title: Some(it.title.clone()),
                    erases: false,
                }));
            }
            checks.push(check);
        }
        if events.is_empty() {
            self.store.keep_link_checks(&checks).await?;
        } else {
            let mut change = Change::default();
            for check in &checks {
                change = change.put(check)?;
            }
            self.store.commit_all(change.under(lease), &events).await?;
        }
        Ok(checks)
    }

    /// The municipality and the solution that an operator names; the first thing that is not there is
    /// told by its name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn select_links(
        &self,
        municipality: Option<&str>,
        solution: Option<&str>,
    ) -> Result<Result<LinkSelection, String>, Error> {
        let mut selection = LinkSelection::default();
        if let Some(slug) = municipality {
            let tables = self.directory.tables();
            let Some(place) = tables.by_slug(slug) else {
                return Ok(Err(format!("there is no municipality \"{slug}\"")));
            };
            selection.municipality = Some(place.municipality.id.clone());
        }
        if let Some(name) = solution {
            let missing = || format!("there is no solution \"{name}\"");
            let found = match name.parse::<SolutionId>() {
                Ok(id) => self.read::<crate::domain::Solution>(&Viewer::Hub, &id).await?,
                Err(_) => self.store.solution_by_slug(name).await?,
            };
            let Some(found) = found else { return Ok(Err(missing())) };
            selection.solution = Some(found.id);
        }
        Ok(Ok(selection))
    }
}
