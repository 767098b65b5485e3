//! Keeps solutions fresh: asks municipalities whether they still hold, and shows readers which ones
//! nobody has confirmed.
//!
//! Of several nodes one at a time does it, under a lease. What it did stands in the database, in the
//! same transaction as the entry that tells of it: nothing is done twice, after a crash, on a second
//! node, or when a clock goes back.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use tokio_util::sync::CancellationToken;

use super::lifecycle::{Work, Written};
use super::{Error, Note, Services};
use crate::domain::{
    Action, Actor, EventKind, ReasonCode, Reminder, ReminderId, ReviewRules, ReviewStep, Solution,
    SolutionId, Step, Viewer,
};
use crate::store::{self, Change, Lease};

/// The name of the lease.
const WORK: &str = "review";
/// How long a node may be silent before another one takes over. Each step renews it.
const SPAN: TimeDelta = TimeDelta::minutes(5);
/// How many solutions are looked at together.
const BATCH: usize = 200;
/// How often the hub looks. Dates are days, but somebody may set one that is near.
const PACE: Duration = Duration::from_secs(600);

/// A solution about which something was done, or is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// Which one.
    pub id: SolutionId,
    /// What it is called.
    pub title: String,
    /// By when somebody was to confirm it.
    pub due: NaiveDate,
}

/// What came of a look at all solutions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// Whose municipalities were asked whether they still hold.
    pub reminded: Vec<Reviewed>,
    /// Which were marked as outdated.
    pub outdated: Vec<Reviewed>,
    /// How many are due and have been asked about, and may still be confirmed.
    pub waiting: usize,
}

/// One solution about which something is to be done.
struct Task {
    step: ReviewStep,
    due: NaiveDate,
    solution: Solution,
}

impl Task {
    fn told(&self) -> Reviewed {
        let Solution { id, title, .. } = &self.solution;
        Reviewed { id: id.clone(), title: title.clone(), due: self.due }
    }
}

impl Services {
    /// Asks and marks whatever is due today. Nothing if another node is at it.
    ///
    /// # Errors
    /// What the database says; what was done until then stays done.
    pub async fn review(&self, rules: &ReviewRules) -> Result<Option<Looked>, Error> {
        let owner = self.ids.fresh().to_string();
        let now = self.clock.now();
        let Some(lease) = self.store.acquire(WORK, &owner, now, SPAN).await? else {
            return Ok(None);
        };
        let done = Box::pin(self.review_under(lease.clone(), rules)).await;
        if let Err(error) = self.store.give_back(&lease, self.clock.now()).await {
            tracing::warn!(%error, "others have to wait until this one's turn has ended by itself");
        }
        match done {
            Err(Error::Store(store::Error::Overtaken)) => Ok(None),
            other => other.map(Some),
        }
    }

    /// What [`Self::review`] would do today.
    ///
    /// # Errors
    /// What the database says.
    pub async fn foresee_review(&self, rules: &ReviewRules) -> Result<Looked, Error> {
        let mut looked = Looked::default();
        for task in self.review_tasks(rules, &mut looked.waiting).await? {
            match task.step {
                ReviewStep::Remind => looked.reminded.push(task.told()),
                ReviewStep::MarkOutdated => looked.outdated.push(task.told()),
            }
        }
        Ok(looked)
    }

    /// Asks and marks, again and again until the end of the program.
    pub async fn keep_fresh(self, rules: ReviewRules, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            match Box::pin(self.review(&rules)).await {
                Ok(Some(Looked { reminded, outdated, .. })) => {
                    let (reminded, outdated) = (reminded.len(), outdated.len());
                    if reminded + outdated > 0 {
                        tracing::info!(reminded, outdated, "looked which solutions still hold");
                    }
                }
                Ok(None) => tracing::debug!("another node looks which solutions still hold"),
                Err(error) => tracing::error!(%error, "cannot look which solutions still hold"),
            }
            let _end = shutdown.run_until_cancelled(tokio::time::sleep(PACE)).await.is_none();
        }
    }

    async fn review_under(&self, mut lease: Lease, rules: &ReviewRules) -> Result<Looked, Error> {
        let mut looked = Looked::default();
        for task in self.review_tasks(rules, &mut looked.waiting).await? {
            lease = self.renewed(lease, SPAN).await?;
            match task.step {
                ReviewStep::Remind if self.remind(&task, &lease).await? => {
                    looked.reminded.push(task.told());
                }
                ReviewStep::MarkOutdated if self.mark_outdated(&task, rules, &lease).await? => {
                    looked.outdated.push(task.told());
                }
                // Somebody has confirmed it meanwhile.
                ReviewStep::Remind | ReviewStep::MarkOutdated => {}
            }
        }
        Ok(looked)
    }

    /// What is to be done today, the oldest date first; counts those that wait.
    async fn review_tasks(
        &self,
        rules: &ReviewRules,
        waiting: &mut usize,
    ) -> Result<Vec<Task>, Error> {
        let today = self.clock.now().date_naive();
        let Some(horizon) = rules.horizon(today) else { return Ok(Vec::new()) };
        let due = self.store.due_for_review(horizon).await?;
        let mut tasks = Vec::new();
        for batch in due.chunks(BATCH) {
            let keys: Vec<_> =
                batch.iter().map(|it| ReminderId::of(&it.id, it.review_due)).collect();
            let reminders = self.store.get_many::<Reminder>(&keys).await?;
            let mut steps: HashMap<SolutionId, (ReviewStep, NaiveDate)> = HashMap::new();
            for (key, it) in keys.iter().zip(batch) {
                let reminded = reminders.get(key).map(|reminder| reminder.reminded_on);
                match rules.step(it.review_due, reminded, today) {
                    Some(step) => drop(steps.insert(it.id.clone(), (step, it.review_due))),
                    None => *waiting += 1,
                }
            }
            let ids: Vec<SolutionId> = steps.keys().cloned().collect();
            let mut solutions = self.store.get_many::<Solution>(&ids).await?;
            tasks.extend(batch.iter().filter_map(|it| {
                let (step, due) = *steps.get(&it.id)?;
                Some(Task { step, due, solution: solutions.remove(&it.id)? })
            }));
        }
        Ok(tasks)
    }

    /// Asks a municipality; false if it was asked about this date before, or somebody has confirmed
    /// or put away the solution since the look.
    async fn remind(&self, task: &Task, lease: &Lease) -> Result<bool, Error> {
        let Task { due, solution, .. } = task;
        let now = self.store.get::<Solution>(&solution.id).await?;
        if now.and_then(|solution| solution.review_due) != Some(*due) {
            return Ok(false);
        }
        let today = self.clock.now().date_naive();
        let reminder = Reminder::new(solution.id.clone(), *due, today);
        let change = Change::default().create(&reminder)?.under(lease);
        let note = Note {
            kind: EventKind::SolutionReviewDue,
            subject: solution.id.clone().into(),
            municipalities: solution.municipalities.clone(),
            public: false,
            title: Some(solution.title.clone()),
        };
        match Box::pin(self.commit(&Viewer::Hub, change, note)).await {
            Ok(_) => Ok(true),
            Err(Error::Store(store::Error::Taken { .. })) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Shows readers that nobody has confirmed it; false if somebody did meanwhile.
    async fn mark_outdated(
        &self,
        task: &Task,
        rules: &ReviewRules,
        lease: &Lease,
    ) -> Result<bool, Error> {
        let id = &task.solution.id;
        let reminder = self.store.get::<Reminder>(&ReminderId::of(id, task.due)).await?;
        let reminded = reminder.map(|reminder| reminder.reminded_on);
        let decide = async |work: Work, actor: Actor| {
            let now = self.clock.now();
            let solution = &work.solution;
            let due = solution.review_date().filter(|due| *due == task.due);
            let due = due.filter(|_| solution.is_watched());
            let step = due.and_then(|due| rules.step(due, reminded, now.date_naive()));
            if step != Some(ReviewStep::MarkOutdated) {
                return Err(solution.lifecycle.forbids(Action::MarkOutdated).into());
            }
            let step = Step {
                action: Action::MarkOutdated,
                actor,
                reason: None,
                code: Some(ReasonCode::NotConfirmed),
                checklist: Vec::new(),
                review_by: None,
                one_person: work.one_person,
                at: now,
            };
            let after = solution.clone().after(&step)?;
            let transition = self.transition(&step, solution, &after);
            let solution = work.raised(after);
            let change = Change::default().replace(&solution)?.create(&transition)?.under(lease);
            let (kind, also) = (EventKind::SolutionOutdated, Vec::new());
            Ok(Written { solution, change, kind, public: true, also })
        };
        match Box::pin(self.repeated(&Viewer::Hub, id, decide)).await {
            Ok(_) => Ok(true),
            Err(Error::Problems(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
