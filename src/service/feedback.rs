//! Feedback: why solutions were helpful to others.

use super::steps::may;
use super::{Error, Services};
use crate::domain::{
    EventKind, Feedback, FeedbackId, MunicipalityId, Solution, SolutionId, Viewer,
};

impl Services {
    /// Says why a solution was helpful to a municipality, in place of what it said before.
    ///
    /// # Errors
    /// Others act for the municipality, it is its own solution, or what is wrong with the text.
    pub async fn give_feedback(
        &self,
        viewer: &Viewer,
        solution: &SolutionId,
        municipality: MunicipalityId,
        text: &str,
    ) -> Result<Feedback, Error> {
        self.acts_for(viewer, &municipality)?;
        let solution = self.solution_of_others(viewer, solution, &municipality).await?;
        let owners = &solution.municipalities;
        if let Some(known) = self.store.feedback(&solution.id, &municipality).await? {
            let apply = |feedback: Feedback| Ok(feedback.saying(text, self.clock.now())?);
            return self.step(viewer, &known.id, (EventKind::FeedbackUpdated, owners), apply).await;
        }
        let now = self.clock.now();
        let empty = Feedback::empty(self.ids.fresh().into(), solution.id, municipality, now);
        let feedback = empty.saying(text, now)?;
        self.first(viewer, feedback, (EventKind::FeedbackGiven, owners), "solution").await
    }

    /// Takes feedback back: by those who gave it, or by a moderator.
    ///
    /// # Errors
    /// The viewer may not, or it was taken back already.
    pub async fn withdraw_feedback(
        &self,
        viewer: &Viewer,
        id: &FeedbackId,
    ) -> Result<Feedback, Error> {
        let solution = match self.store.get::<Feedback>(id).await? {
            Some(feedback) => self.store.get::<Solution>(&feedback.solution).await?,
            None => None,
        };
        let owners = solution.map(|solution| solution.municipalities).unwrap_or_default();
        self.step(viewer, id, (EventKind::FeedbackWithdrawn, &owners), |feedback: Feedback| {
            may(viewer.edits(&feedback.municipality) || viewer.moderates())?;
            Ok(feedback.withdrawn(self.clock.now())?)
        })
        .await
    }
}
