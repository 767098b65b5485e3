//! Strategy processes: kept by their municipality, step by step and measure by measure.

use chrono::{DateTime, Utc};

use super::managed::{Events, MOST_REPEATS, Managed, Showing, Shown};
use super::questions::not_found;
use super::references::References;
use super::steps::{expected as expect, may};
use super::{Error, Services};
use crate::domain::{
    DocumentId, Event, EventKind, Facilitation, Measure, MeasureChange, MeasureId, MeasureStep,
    MunicipalityId, NodeId, Organisation, Patch, Problem, ProcessChange, ProcessId,
    ProjectDocument, Solution, SolutionId, StrategyProcess, Subject, TopicId, Viewer, What,
};
use crate::store::{self, Change};

impl Managed for StrategyProcess {
    type Change = ProcessChange;
    const EVENTS: Events =
        Events { created: EventKind::ProcessCreated, updated: EventKind::ProcessUpdated };

    fn owner_path(_: usize) -> Vec<String> {
        vec!["municipality".to_owned()]
    }

    fn owners(&self) -> &[MunicipalityId] {
        std::slice::from_ref(&self.municipality)
    }

    fn title(&self) -> Option<String> {
        None
    }

    fn node(&self) -> NodeId {
        self.id.clone().into()
    }

    fn revision(&mut self) -> &mut u32 {
        &mut self.revision
    }

    fn is_public(&self) -> bool {
        self.publication.is_public()
    }

    /// What its parts refer to is checked as each change names it.
    fn references(&self) -> References<'_> {
        References { municipalities: self.owners(), ..References::default() }
    }

    fn changed(self, change: ProcessChange, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
        Self::changed(self, change, now)
    }

    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

impl Shown for StrategyProcess {
    const SHOWING: Showing =
        Showing { published: EventKind::ProcessPublished, archived: EventKind::ProcessArchived };

    fn published(mut self, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
        self.publication = self.publication.publish().map_err(|problem| vec![problem])?;
        self.updated_at = now;
        Ok(self)
    }

    fn archived(mut self, now: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
        self.publication = self.publication.archive().map_err(|problem| vec![problem])?;
        self.updated_at = now;
        Ok(self)
    }
}

impl Services {
    /// Begins a strategy process as a draft.
    ///
    /// # Errors
    /// Others act for the municipality, it has one in this programme, or what is wrong with it.
    pub async fn create_process(
        &self,
        viewer: &Viewer,
        municipality: MunicipalityId,
        change: ProcessChange,
    ) -> Result<StrategyProcess, Error> {
        self.acts_for(viewer, &municipality)?;
        self.check_process(viewer, None, &change).await?;
        let id = self.ids.fresh().into();
        let draft = StrategyProcess::draft(id, municipality, self.clock.now());
        self.create(viewer, draft, change).await
    }

    /// Changes a strategy process: the whole, one step, or one measure.
    ///
    /// # Errors
    /// Others act for the municipality, or what would be wrong with it.
    pub async fn update_process(
        &self,
        viewer: &Viewer,
        id: &ProcessId,
        expected: Option<u32>,
        change: ProcessChange,
    ) -> Result<StrategyProcess, Error> {
        if viewer.is_known()
            && let Some(before) = self.read::<StrategyProcess>(viewer, id).await?
            && viewer.edits(&before.municipality)
        {
            self.check_process(viewer, Some(&before), &change).await?;
        }
        self.update(viewer, id, expected, change).await
    }

    /// Writes a finished measure up as a draft of a solution; the measure leads to it from then on.
    ///
    /// # Errors
    /// Others act for the municipality, there is no such measure, it is not finished, or a solution
    /// came of it already.
    pub async fn draft_from_measure(
        &self,
        viewer: &Viewer,
        id: &ProcessId,
        key: &MeasureId,
        expected: Option<u32>,
    ) -> Result<(StrategyProcess, Solution), Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        for _ in 0..MOST_REPEATS {
            let found = self.read::<StrategyProcess>(viewer, id).await?;
            let process = found.ok_or_else(|| Problem::at("id", What::NotFound))?;
            may(viewer.edits(&process.municipality))?;
            expect(process.revision, expected)?;
            let measure = process.measure(key);
            let measure = measure.ok_or_else(|| Problem::at("measure", What::NotFound))?;
            let now = self.clock.now();
            let fresh: SolutionId = self.ids.fresh().into();
            let mut solution = measure.solution(fresh, &process.municipality, now)?;
            // Who draws it up cannot be the second pair of eyes on it.
            solution.wrote(viewer.actor().ok_or(Error::Unauthenticated)?);
            let led = MeasureChange {
                solution: Patch::Set(solution.id.clone()),
                ..MeasureChange::default()
            };
            let led = MeasureStep::Update(key.clone(), led);
            let change = ProcessChange { measure: Some(led), ..ProcessChange::default() };
            let was_public = process.is_public();
            let mut changed = process.changed(change, now)?;
            changed.revision += 1;
            match self.write_both(viewer, was_public, &changed, &solution).await {
                Err(Error::Store(store::Error::Stale)) => {}
                other => return other.map(|()| (changed, solution)),
            }
        }
        Err(Problem::at("id", What::Stale).into())
    }

    /// Writes a process and the draft that came of it, each with its entry.
    async fn write_both(
        &self,
        viewer: &Viewer,
        was_public: bool,
        process: &StrategyProcess,
        solution: &Solution,
    ) -> Result<(), Error> {
        let actor = viewer.actor().ok_or(Error::Unauthenticated)?;
        let entry = |kind, subject: NodeId, public, title| Event {
            seq: 0,
            kind,
            subject: Subject(subject),
            municipalities: vec![process.municipality.clone()],
            public,
            actor: actor.clone(),
            at: process.updated_at,
            title,
            erases: false,
        };
        let events = [
            entry(EventKind::SolutionCreated, solution.node(), false, solution.title()),
            entry(EventKind::ProcessUpdated, process.node(), was_public, None),
        ];
        let change = Change::default().create(solution)?.replace(process)?;
        Ok(self.store.commit_all(change, &events).await.map(|_| ())?)
    }

    /// Checks what a change refers to, as the change names it. What the process referred to before may
    /// have been put away since.
    async fn check_process(
        &self,
        viewer: &Viewer,
        before: Option<&StrategyProcess>,
        change: &ProcessChange,
    ) -> Result<(), Error> {
        let mut missing = Vec::new();
        if let Patch::Set(programme) = &change.programme
            && !self.directory.tables().programmes.contains_key(programme)
        {
            missing.push(Problem::at("programme", What::NotFound));
        }
        if let Patch::Set(priorities) = &change.priorities {
            let topics: Vec<TopicId> = priorities.iter().map(|it| it.topic.clone()).collect();
            let known = before.map(|it| it.priorities.as_slice()).unwrap_or_default();
            let known: Vec<TopicId> = known.iter().map(|it| it.topic.clone()).collect();
            let unknown = self.missing_topics(&topics, &known).into_iter();
            missing.extend(unknown.map(|problem| inside(problem, "priorities", "topic")));
        }
        if let Patch::Set(given) = &change.facilitations {
            let known = before.map(|it| it.facilitations.as_slice()).unwrap_or_default();
            missing.extend(self.missing_organisations(given, known).await?);
        }
        if let Some((kind, Some(step))) = &change.step
            && let Patch::Set(documents) = &step.documents
        {
            let known = before.and_then(|it| it.steps.iter().find(|step| step.step == *kind));
            let known = known.map(|step| step.documents.as_slice()).unwrap_or_default();
            missing.extend(self.missing_documents(viewer, documents, known).await?);
        }
        match &change.measure {
            Some(MeasureStep::Add(_, measure)) => {
                missing.extend(self.missing_of_measure(viewer, None, measure).await?);
            }
            Some(MeasureStep::Update(key, measure)) => {
                let known = before.and_then(|it| it.measure(key));
                missing.extend(self.missing_of_measure(viewer, known, measure).await?);
            }
            Some(MeasureStep::Remove(_)) | None => {}
        }
        if missing.is_empty() { Ok(()) } else { Err(missing.into()) }
    }

    async fn missing_organisations(
        &self,
        given: &[Facilitation],
        known: &[Facilitation],
    ) -> Result<Vec<Problem>, Error> {
        let ids: Vec<_> = given.iter().map(|it| it.organisation.clone()).collect();
        let found = self.store.get_many::<Organisation>(&ids).await?;
        let is_there = |it: &Facilitation| {
            let known = known.iter().any(|known| known.organisation == it.organisation);
            known || found.get(&it.organisation).is_some_and(Organisation::is_public)
        };
        let missing = given.iter().enumerate().filter(|(_, it)| !is_there(it));
        let problem = |place: usize| not_found("facilitations", place);
        let missing = missing.map(|(place, _)| problem(place));
        Ok(missing.map(|it| inside(it, "facilitations", "organisation")).collect())
    }

    async fn missing_documents(
        &self,
        viewer: &Viewer,
        given: &[DocumentId],
        known: &[DocumentId],
    ) -> Result<Vec<Problem>, Error> {
        let found = self.visible::<ProjectDocument>(viewer, given).await?;
        let missing = given.iter().enumerate();
        let missing = missing.filter(|(_, id)| !known.contains(id) && !found.contains_key(*id));
        Ok(missing.map(|(place, _)| not_found("documents", place)).collect())
    }

    async fn missing_of_measure(
        &self,
        viewer: &Viewer,
        known: Option<&Measure>,
        change: &MeasureChange,
    ) -> Result<Vec<Problem>, Error> {
        let mut missing = Vec::new();
        if let Patch::Set(topics) = &change.topics {
            let known = known.map(|it| it.topics.as_slice()).unwrap_or_default();
            missing.extend(self.missing_topics(topics, known));
        }
        if let Patch::Set(groups) = &change.target_groups {
            let tables = self.directory.tables();
            let known = known.map(|it| it.target_groups.as_slice()).unwrap_or_default();
            let unknown = groups
                .iter()
                .enumerate()
                .filter(|(_, id)| !known.contains(id) && !tables.target_groups.contains_key(*id));
            missing.extend(unknown.map(|(place, _)| not_found("targetGroups", place)));
        }
        if let Patch::Set(solution) = &change.solution {
            let known = known.and_then(|it| it.solution.as_ref()) == Some(solution);
            if !known && self.read::<Solution>(viewer, solution).await?.is_none() {
                missing.push(Problem::at("solution", What::NotFound));
            }
        }
        Ok(missing)
    }
}

/// A problem of a list's entry as one of a field of that entry: `topics.0` becomes
/// `priorities.0.topic`.
fn inside(mut problem: Problem, list: &str, field: &str) -> Problem {
    if let Some(first) = problem.path.first_mut() {
        list.clone_into(first);
    }
    problem.path.push(field.to_owned());
    problem
}
