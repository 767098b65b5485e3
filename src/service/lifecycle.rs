//! The way of a solution to its readers: written, handed over, reviewed, published, kept up to date.
//!
//! Readers see the record of the solution. While its municipality works on a next version, that one
//! lies beside it, and takes its place when it is published. The solution's revision guards both.

use std::future::Future;

use chrono::NaiveDate;

use super::managed::{MOST_REPEATS, camel_taken, own_ground};
use super::{Error, Note, Services};
use crate::domain::{
    Action, Actor, EventKind, Lifecycle, MunicipalityId, Problem, Reviewed, Solution,
    SolutionChange, SolutionId, SolutionVersion, Step, Transition, Verdict, VersionId, Viewer,
    What, Words,
};
use crate::store::{self, Change};

/// What somebody wants to do with a solution.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    /// What.
    pub(crate) action: Action,
    /// Why.
    pub(crate) reason: Option<String>,
    /// What a reviewer looked at.
    pub(crate) checklist: Vec<Reviewed>,
    /// The revision that it was decided on.
    pub(crate) expected_revision: Option<u32>,
    /// For [`Action::Merge`]: the solution that takes its place.
    pub(crate) into: Option<SolutionId>,
    /// For [`Action::Publish`] and [`Action::Confirm`]: the day by which to look again.
    pub(crate) review_by: Option<NaiveDate>,
}

impl Deed {
    /// A deed of which nothing more is to be said.
    pub(crate) fn plain(action: Action) -> Self {
        let (reason, checklist, expected_revision) = (None, Vec::new(), None);
        Self { action, reason, checklist, expected_revision, into: None, review_by: None }
    }
}

/// A solution, and the next version of it that is being worked on.
pub(super) struct Work {
    pub(super) solution: Solution,
    next: Option<SolutionVersion>,
    pub(super) one_person: bool,
}

/// What is to be written.
pub(super) struct Written {
    pub(super) solution: Solution,
    pub(super) change: Change,
    pub(super) kind: EventKind,
    /// Whether readers notice.
    pub(super) public: bool,
    /// What else the journal is told: of records that change together with the solution.
    pub(super) also: Vec<Note>,
}

impl Work {
    /// The text that editors work on.
    fn text(&self) -> &Solution {
        self.next.as_ref().map_or(&self.solution, |next| &next.content)
    }

    fn allow(&self, viewer: &Viewer, state: Lifecycle, action: Action) -> Result<(), Error> {
        let owners = &self.solution.municipalities;
        match viewer.verdict(owners, self.one_person, state, action) {
            Verdict::Allowed => Ok(()),
            Verdict::WrongState => Err(state.forbids(action).into()),
            Verdict::Forbidden => Err(Error::Forbidden),
        }
    }

    fn expect(&self, revision: Option<u32>) -> Result<(), Error> {
        if revision.is_some_and(|expected| expected != self.solution.revision) {
            return Err(Problem::at("expectedRevision", What::Stale).into());
        }
        Ok(())
    }

    /// The record with its revision raised: whoever looked at the one before is too late.
    pub(super) fn raised(&self, mut solution: Solution) -> Solution {
        solution.revision = self.solution.revision + 1;
        solution.review_due = solution.review_date();
        solution
    }
}

/// That there is work which a restored version would overwrite.
const IN_WORK: Words = Words {
    de: "An einer nächsten Fassung wird gearbeitet, und ihr Text ginge verloren: Veröffentlichen oder verwerfen Sie sie zuerst (discardNextVersion).",
    en: "A next version is being worked on, and its text would be lost: publish or discard it first (discardNextVersion).",
};
/// That there is nothing to throw away.
const NONE: Words =
    Words { de: "Es gibt keine nächste Fassung.", en: "There is no next version." };

impl Services {
    /// Changes a solution. What readers see stays as it is until the change has been approved, unless
    /// the municipality works without a second pair of eyes.
    pub(crate) async fn update_solution(
        &self,
        viewer: &Viewer,
        id: &SolutionId,
        expected_revision: Option<u32>,
        change: SolutionChange,
    ) -> Result<Solution, Error> {
        let apply = |text: Solution| text.changed(change.clone(), self.clock.now());
        self.rewrite(viewer, id, expected_revision, apply).await
    }

    /// Takes the text of an older version up again, as a next one.
    pub(crate) async fn restore_version(
        &self,
        viewer: &Viewer,
        version: &VersionId,
        expected_revision: Option<u32>,
    ) -> Result<Solution, Error> {
        let found = self.version(viewer, version).await?;
        let found = found.ok_or_else(|| Problem::at("id", What::NotFound))?;
        let old = found.content;
        let apply = |text: Solution| Ok(old.clone().in_place_of(&text));
        let decide = async |work: Work, actor: Actor| {
            // What somebody is working on is in no version yet, and would be gone.
            if work.next.is_some() {
                return Err(Problem::at("id", What::Rule(IN_WORK)).into());
            }
            self.decide_text(viewer, work, actor, expected_revision, apply).await
        };
        Box::pin(self.repeated(viewer, &old.id, decide)).await
    }

    /// Throws the next version away. What readers see stays as it is.
    ///
    /// # Errors
    /// There is none, it lies with those who review, or the viewer may not change it.
    pub(crate) async fn discard_next_version(
        &self,
        viewer: &Viewer,
        id: &SolutionId,
        expected_revision: Option<u32>,
    ) -> Result<Solution, Error> {
        let decide = async |work: Work, _: Actor| {
            work.allow(viewer, work.text().footing(), Action::Edit)?;
            work.expect(expected_revision)?;
            let next = work.next.as_ref().ok_or_else(|| Problem::at("id", What::Rule(NONE)))?;
            let mut solution = work.raised(work.solution.clone());
            solution.working = None;
            let change = Change::default().replace(&solution)?;
            let change = change.delete::<SolutionVersion>(&next.id);
            let (kind, also) = (EventKind::SolutionUpdated, Vec::new());
            Ok(Written { solution, change, kind, public: false, also })
        };
        Box::pin(self.repeated(viewer, id, decide)).await
    }

    async fn rewrite(
        &self,
        viewer: &Viewer,
        id: &SolutionId,
        expected_revision: Option<u32>,
        apply: impl Fn(Solution) -> Result<Solution, Vec<Problem>>,
    ) -> Result<Solution, Error> {
        // Boxed: unoptimised, these futures would not fit on a thread's stack one in the other.
        let decide = async |work: Work, actor: Actor| {
            self.decide_text(viewer, work, actor, expected_revision, &apply).await
        };
        Box::pin(self.repeated(viewer, id, decide)).await
    }

    async fn decide_text(
        &self,
        viewer: &Viewer,
        work: Work,
        actor: Actor,
        expected_revision: Option<u32>,
        apply: impl Fn(Solution) -> Result<Solution, Vec<Problem>>,
    ) -> Result<Written, Error> {
        work.allow(viewer, work.text().footing(), Action::Edit)?;
        work.expect(expected_revision)?;
        let text = work.text();
        let mut after = apply(text.clone())?;
        own_ground::<Solution>(viewer, &text.municipalities, &after.municipalities)?;
        self.resolve(viewer, Some(text), &after).await?;
        after.keyed_by(viewer, text.external_key.as_deref());
        after.wrote(actor);
        self.rewritten(viewer, &work, after).await
    }

    async fn rewritten(
        &self,
        viewer: &Viewer,
        work: &Work,
        mut after: Solution,
    ) -> Result<Written, Error> {
        let public = &work.solution;
        let kind = EventKind::SolutionUpdated;
        if work.next.is_none() && !public.lifecycle.is_public() {
            let solution = work.raised(after);
            let change = Change::default().replace(&solution)?;
            return Ok(Written { solution, change, kind, public: false, also: Vec::new() });
        }
        if work.next.is_none() && (work.one_person || viewer.is_operator()) {
            if public.contacts != after.contacts {
                self.check_reachable(&after).await?;
            }
            if public.says_the_same_as(&after) {
                let solution = work.raised(Solution { written_by: Vec::new(), ..after });
                let change = Change::default().replace(&solution)?;
                return Ok(Written { solution, change, kind, public: true, also: Vec::new() });
            }
            let now = self.clock.now();
            let before = SolutionVersion::superseded(public, now);
            after.quality = after.quality.of_new_version(false);
            after.becomes_new_version(now);
            let solution = work.raised(after);
            let change = Change::default().replace(&solution)?.put(&before)?;
            return Ok(Written { solution, change, kind, public: true, also: Vec::new() });
        }
        if work.next.is_none() && public.says_the_same_as(&after) && public.related == after.related
        {
            // Nothing to look at for a second pair of eyes.
            let solution = work.raised(public.clone().keyed_like(&after));
            let change = Change::default().replace(&solution)?;
            return Ok(Written { solution, change, kind, public: false, also: Vec::new() });
        }
        let content =
            if work.next.is_some() { after } else { with_writers(after.as_next_version(), viewer) };
        self.with_next(work, content, kind)
    }

    /// The solution beside which the next version has this text now.
    fn with_next(&self, work: &Work, content: Solution, kind: EventKind) -> Result<Written, Error> {
        let mut solution = work.raised(work.solution.clone().keyed_like(&content));
        solution.working = Some(content.lifecycle);
        let next = SolutionVersion::in_work(content);
        let change = Change::default().replace(&solution)?.put(&next)?;
        Ok(Written { solution, change, kind, public: false, also: Vec::new() })
    }

    /// Leads a solution, or the next version of it, on to another state.
    pub(crate) async fn advance(
        &self,
        viewer: &Viewer,
        id: &SolutionId,
        deed: &Deed,
    ) -> Result<Solution, Error> {
        // Boxed: unoptimised, these futures would not fit on a thread's stack one in the other.
        let decide = async |work: Work, actor: Actor| {
            let editorial = deed.action.is_editorial();
            let text = if editorial { work.text() } else { &work.solution };
            work.allow(viewer, text.footing(), deed.action)?;
            work.expect(deed.expected_revision)?;
            let step = Step {
                action: deed.action,
                actor,
                reason: deed.reason.clone().filter(|reason| !reason.trim().is_empty()),
                code: None,
                checklist: deed.checklist.clone(),
                review_by: deed.review_by,
                one_person: work.one_person || viewer.is_operator(),
                at: self.clock.now(),
            };
            let mut after = text.clone().after(&step)?;
            let target = match deed.action {
                Action::Merge => Some(self.target(viewer, id, deed).await?),
                _ => None,
            };
            if let Some(target) = &target {
                after.merged_into = Some(target.id.clone());
            }
            if deed.action == Action::Publish {
                self.check_reachable(&after).await?;
            }
            if after.lifecycle.is_public() && text.published_at.is_none() {
                after.slug = self.free_slug(&after).await?;
            }
            let transition = self.transition(&step, text, &after);
            let written = if editorial && work.next.is_some() {
                self.advanced(&work, after, &step)?
            } else {
                let public = work.solution.lifecycle.is_public() || after.lifecycle.is_public();
                let solution = work.raised(after);
                let change = Change::default().replace(&solution)?;
                Written { solution, change, kind: told(deed.action), public, also: Vec::new() }
            };
            let written = Written { change: written.change.create(&transition)?, ..written };
            match target {
                Some(target) => self.with_reuse_of(&work.solution.id, &target, written).await,
                None => Ok(written),
            }
        };
        Box::pin(self.repeated(viewer, id, decide)).await
    }

    /// The name in URLs under which a solution goes out: plain, unless another one has it.
    async fn free_slug(&self, solution: &Solution) -> Result<String, Error> {
        let plain = match solution.plain_slug() {
            Some(plain) if self.store.solution_by_slug(&plain).await?.is_none() => Some(plain),
            _ => None,
        };
        Ok(plain.unwrap_or_else(|| solution.slug.clone()))
    }

    /// The next version after a step; a published one takes the place of what readers saw.
    fn advanced(&self, work: &Work, after: Solution, step: &Step) -> Result<Written, Error> {
        if step.action != Action::Publish {
            return self.with_next(work, after, told(step.action));
        }
        let public = &work.solution;
        let before = SolutionVersion::superseded(public, step.at);
        let quality = public.quality.of_new_version(work.text().lifecycle == Lifecycle::Approved);
        let mut solution = after.in_place_of(public);
        solution.review_by = step.review_by;
        solution.quality = quality;
        solution.lifecycle = Lifecycle::Published;
        solution.working = None;
        solution.updated_at = step.at;
        solution.becomes_new_version(step.at);
        let solution = work.raised(solution);
        let change = Change::default().replace(&solution)?.put(&before)?;
        let change = match public.version_in_work() {
            Some(next) => change.delete::<SolutionVersion>(&next),
            None => change,
        };
        let kind = EventKind::SolutionUpdated;
        Ok(Written { solution, change, kind, public: true, also: Vec::new() })
    }

    /// The solution that takes the place of a duplicate.
    async fn target(
        &self,
        viewer: &Viewer,
        id: &SolutionId,
        deed: &Deed,
    ) -> Result<Solution, Error> {
        let into = deed.into.as_ref().ok_or_else(|| Problem::at("into", What::Required))?;
        let found = self.read::<Solution>(viewer, into).await?;
        let fits = found.filter(|it| it.id != *id && it.lifecycle.is_public());
        Ok(fits.ok_or_else(|| Problem::at("into", What::NotFound))?)
    }

    pub(super) fn transition(
        &self,
        step: &Step,
        before: &Solution,
        after: &Solution,
    ) -> Transition {
        Transition {
            id: self.ids.fresh().into(),
            revision: 1,
            solution: after.id.clone(),
            version: after.version.max(before.version + u32::from(step.action.is_editorial())),
            action: step.action,
            before: before.lifecycle,
            after: after.lifecycle,
            reason: step.reason.clone(),
            code: step.code,
            checklist: step.checklist.clone(),
            actor: step.actor.clone(),
            at: step.at,
        }
    }

    /// Reads, decides, writes; again if somebody else was faster.
    pub(super) async fn repeated<F>(
        &self,
        viewer: &Viewer,
        id: &SolutionId,
        decide: impl Fn(Work, Actor) -> F,
    ) -> Result<Solution, Error>
    where
        F: Future<Output = Result<Written, Error>>,
    {
        let actor = viewer.actor().ok_or(Error::Unauthenticated)?;
        for _ in 0..MOST_REPEATS {
            let found = self.read::<Solution>(viewer, id).await?;
            let solution = found.ok_or_else(|| Problem::at("id", What::NotFound))?;
            let next = match solution.version_in_work() {
                Some(next) => self.store.get::<SolutionVersion>(&next).await?,
                None => None,
            };
            // What was rejected is done with: the next change begins with what readers see. And while
            // they see nothing, the next version rests.
            let next = next.filter(|next| {
                next.content.lifecycle != Lifecycle::Rejected && solution.lifecycle.is_public()
            });
            let one_person = self.works_alone(&solution.municipalities);
            let work = Work { solution, next, one_person };
            let Written { solution, change, kind, public, also } =
                Box::pin(decide(work, actor.clone())).await?;
            let note = Note {
                kind,
                subject: solution.id.clone().into(),
                municipalities: solution.municipalities.clone(),
                public,
                title: Some(solution.title.clone()),
            };
            let several = !also.is_empty();
            let notes = std::iter::once(note).chain(also).collect();
            match Box::pin(self.commit_all(viewer, change, notes)).await {
                Err(Error::Store(store::Error::Stale)) => {}
                // Somebody wrote the first record between two others, which moving meets now.
                Err(Error::Store(store::Error::Taken { .. })) if several => {}
                // Another one went out under the same name a moment ago.
                Err(Error::Store(store::Error::Taken { field })) if field == "slug" => {}
                Err(Error::Store(store::Error::Taken { field })) => {
                    return Err(camel_taken(&field));
                }
                other => return other.map(|_| solution),
            }
        }
        Err(Problem::at("id", What::Stale).into())
    }

    /// Whether those who answer for a solution work without a second pair of eyes: all of them, or
    /// one that has it could look.
    pub(crate) fn works_alone(&self, owners: &[MunicipalityId]) -> bool {
        let tables = self.directory.tables();
        let alone = |owner| tables.place(owner).is_some_and(|it| it.municipality.one_person);
        !owners.is_empty() && owners.iter().all(alone)
    }
}

/// A next version is written by those who change it, not by those who wrote the one before.
fn with_writers(mut content: Solution, viewer: &Viewer) -> Solution {
    if let Some(actor) = viewer.actor() {
        content.wrote(actor);
    }
    content
}

/// What the journal is told of an action.
const fn told(action: Action) -> EventKind {
    match action {
        Action::Read | Action::Edit => EventKind::SolutionUpdated,
        Action::Submit => EventKind::SolutionSubmitted,
        Action::StartReview => EventKind::SolutionInReview,
        Action::RequestChanges => EventKind::SolutionChangesRequested,
        Action::Approve => EventKind::SolutionApproved,
        Action::Publish => EventKind::SolutionPublished,
        Action::MarkOutdated => EventKind::SolutionOutdated,
        Action::Confirm => EventKind::SolutionConfirmed,
        Action::Validate => EventKind::SolutionValidated,
        Action::Archive => EventKind::SolutionArchived,
        Action::Reject => EventKind::SolutionRejected,
        Action::Withdraw => EventKind::SolutionWithdrawn,
        Action::Merge => EventKind::SolutionMerged,
    }
}
