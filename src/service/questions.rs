//! Questions: asked by one municipality, answered by others.

use super::steps::{expected, may};
use super::{Error, Services};
use crate::domain::{
    Answer, AnswerChange, AnswerId, Contact, ContactId, DocumentId, EventKind, MunicipalityId,
    Patch, Problem, ProjectDocument, Question, QuestionChange, QuestionId, Solution, SolutionId,
    TopicId, Viewer, What,
};

impl Services {
    /// Asks a question in the name of a municipality, and sends it to those who may know.
    ///
    /// # Errors
    /// Others act for the municipality, or what is wrong with the question.
    pub async fn ask(
        &self,
        viewer: &Viewer,
        municipality: MunicipalityId,
        change: QuestionChange,
    ) -> Result<Question, Error> {
        self.acts_for(viewer, &municipality)?;
        let now = self.clock.now();
        let empty = Question::empty(self.ids.fresh().into(), municipality, now);
        let mut question = empty.changed(change, now)?;
        self.check_question(viewer, None, &question).await?;
        question.routed_to = self.route(&question).await?;
        self.begin(viewer, question, (EventKind::QuestionAsked, &[])).await
    }

    /// Changes a question.
    ///
    /// # Errors
    /// The viewer does not act for those who asked, or what would be wrong with it.
    pub async fn update_question(
        &self,
        viewer: &Viewer,
        id: &QuestionId,
        expected_revision: Option<u32>,
        change: QuestionChange,
    ) -> Result<Question, Error> {
        let apply = |question: Question| {
            may(viewer.edits(&question.municipality))?;
            expected(question.revision, expected_revision)?;
            Ok(question.changed(change.clone(), self.clock.now())?)
        };
        if viewer.is_known() {
            let before = self.found::<Question>(viewer, id).await?;
            let after = apply(before.clone())?;
            self.check_question(viewer, Some(&before), &after).await?;
        }
        self.step(viewer, id, (EventKind::QuestionUpdated, &[]), apply).await
    }

    /// Answers a question in the name of a municipality.
    ///
    /// # Errors
    /// Others act for the municipality, the question takes no answers, or what is wrong with it.
    pub async fn answer_question(
        &self,
        viewer: &Viewer,
        id: &QuestionId,
        municipality: MunicipalityId,
        (text, solutions, documents): (String, Vec<SolutionId>, Vec<DocumentId>),
    ) -> Result<Question, Error> {
        self.acts_for(viewer, &municipality)?;
        let now = self.clock.now();
        let answer = Answer {
            key: self.ids.fresh().into(),
            municipality,
            text,
            solutions,
            documents,
            created_at: now,
            updated_at: now,
        };
        self.check_cited(viewer, (&answer.solutions, &answer.documents), None).await?;
        let apply = |question: Question| Ok(question.answered(answer.clone(), now)?);
        self.step(viewer, id, (EventKind::QuestionAnswered, &[]), apply).await
    }

    /// Changes an answer.
    ///
    /// # Errors
    /// The viewer does not act for those who gave it, or what would be wrong with it.
    pub async fn update_answer(
        &self,
        viewer: &Viewer,
        id: &QuestionId,
        key: &AnswerId,
        change: AnswerChange,
    ) -> Result<Question, Error> {
        let apply = |question: Question| {
            may(viewer.edits(&answer_of(&question, key)?.municipality))?;
            Ok(question.with_answer_changed(key, change.clone(), self.clock.now())?)
        };
        if viewer.is_known() {
            let before = self.found::<Question>(viewer, id).await?;
            apply(before.clone())?;
            let solutions = set(&change.solutions);
            self.check_cited(viewer, (solutions, set(&change.documents)), before.answer(key))
                .await?;
        }
        self.step(viewer, id, (EventKind::AnswerUpdated, &[]), apply).await
    }

    /// Takes an answer back: by those who gave it, or by a moderator.
    ///
    /// # Errors
    /// The viewer may not, or there is no such answer.
    pub async fn withdraw_answer(
        &self,
        viewer: &Viewer,
        id: &QuestionId,
        key: &AnswerId,
    ) -> Result<Question, Error> {
        self.step(viewer, id, (EventKind::AnswerWithdrawn, &[]), |question: Question| {
            let answer = answer_of(&question, key)?;
            may(viewer.edits(&answer.municipality) || viewer.moderates())?;
            Ok(question.without_answer(key, self.clock.now())?)
        })
        .await
    }

    /// Says which answer helped.
    ///
    /// # Errors
    /// The viewer does not act for those who asked, or there is no such answer.
    pub async fn accept_answer(
        &self,
        viewer: &Viewer,
        id: &QuestionId,
        key: &AnswerId,
    ) -> Result<Question, Error> {
        self.step(viewer, id, (EventKind::AnswerAccepted, &[]), |question: Question| {
            may(viewer.edits(&question.municipality))?;
            Ok(question.accepting(key, self.clock.now())?)
        })
        .await
    }

    /// Ends a question: by those who asked, or by a moderator.
    ///
    /// # Errors
    /// The viewer may not, or it is over already.
    pub async fn close_question(
        &self,
        viewer: &Viewer,
        id: &QuestionId,
    ) -> Result<Question, Error> {
        self.step(viewer, id, (EventKind::QuestionClosed, &[]), |question: Question| {
            may(viewer.edits(&question.municipality) || viewer.moderates())?;
            Ok(question.closed(self.clock.now())?)
        })
        .await
    }

    /// Takes a question back: by those who asked, or by a moderator.
    ///
    /// # Errors
    /// The viewer may not, or it is withdrawn already.
    pub async fn withdraw_question(
        &self,
        viewer: &Viewer,
        id: &QuestionId,
    ) -> Result<Question, Error> {
        self.step(viewer, id, (EventKind::QuestionWithdrawn, &[]), |question: Question| {
            may(viewer.edits(&question.municipality) || viewer.moderates())?;
            Ok(question.withdrawn(self.clock.now())?)
        })
        .await
    }

    /// Says that a municipality has the same question, or has it no more.
    ///
    /// # Errors
    /// Others act for the municipality, or the question is over.
    pub async fn join_question(
        &self,
        viewer: &Viewer,
        id: &QuestionId,
        municipality: &MunicipalityId,
        joins: bool,
    ) -> Result<Question, Error> {
        self.acts_for(viewer, municipality)?;
        let kind = if joins { EventKind::QuestionJoined } else { EventKind::QuestionLeft };
        self.step(viewer, id, (kind, &[]), |question: Question| match joins {
            true => Ok(question.joined(municipality, self.clock.now())?),
            false => Ok(question.left(municipality, self.clock.now())),
        })
        .await
    }

    /// Checks what a question refers to: its topics, and a contact of those who ask.
    async fn check_question(
        &self,
        viewer: &Viewer,
        before: Option<&Question>,
        after: &Question,
    ) -> Result<(), Error> {
        let known = before.map(|question| question.topics.as_slice()).unwrap_or_default();
        let mut problems = self.missing_topics(&after.topics, known);
        let contact = after.contact.as_ref();
        if let Some(contact) =
            contact.filter(|_| before.and_then(|it| it.contact.as_ref()) != contact)
        {
            problems.extend(self.wrong_contact(viewer, contact, &after.municipality).await?);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
    }

    /// Topics that there are not, where others were known before.
    pub(super) fn missing_topics(&self, topics: &[TopicId], known: &[TopicId]) -> Vec<Problem> {
        let tables = self.directory.tables();
        let places = topics.iter().enumerate();
        let missing =
            places.filter(|(_, id)| !known.contains(id) && !tables.topics.contains_key(*id));
        missing.map(|(place, _)| not_found("topics", place)).collect()
    }

    /// What is wrong with a contact that should be one of a municipality.
    pub(super) async fn wrong_contact(
        &self,
        viewer: &Viewer,
        id: &ContactId,
        municipality: &MunicipalityId,
    ) -> Result<Option<Problem>, Error> {
        let found = self.visible::<Contact>(viewer, std::slice::from_ref(id)).await?;
        Ok(match found.get(id) {
            None => Some(Problem::at("contact", What::NotFound)),
            Some(contact) if contact.municipality != *municipality => {
                Some(Problem::at("contact", What::NotAllowed))
            }
            Some(_) => None,
        })
    }

    /// Checks that what an answer cites is there for who answers. What it cited before may have been
    /// put away since.
    async fn check_cited(
        &self,
        viewer: &Viewer,
        (solutions, documents): (&[SolutionId], &[DocumentId]),
        before: Option<&Answer>,
    ) -> Result<(), Error> {
        let known_solutions = self.visible::<Solution>(viewer, solutions).await?;
        let known_documents = self.visible::<ProjectDocument>(viewer, documents).await?;
        let cited = |id: &SolutionId| before.is_some_and(|it| it.solutions.contains(id));
        let attached = |id: &DocumentId| before.is_some_and(|it| it.documents.contains(id));
        let missing = solutions.iter().enumerate();
        let missing = missing.filter(|(_, id)| !cited(id) && !known_solutions.contains_key(*id));
        let mut problems: Vec<Problem> =
            missing.map(|(place, _)| not_found("solutions", place)).collect();
        let missing = documents.iter().enumerate();
        let missing = missing.filter(|(_, id)| !attached(id) && !known_documents.contains_key(*id));
        problems.extend(missing.map(|(place, _)| not_found("documents", place)));
        if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
    }
}

/// An entry of a list that names nothing.
pub(super) fn not_found(field: &str, place: usize) -> Problem {
    Problem { path: vec![field.to_owned(), place.to_string()], what: What::NotFound }
}

fn answer_of<'a>(question: &'a Question, key: &AnswerId) -> Result<&'a Answer, Error> {
    question.answer(key).ok_or_else(|| Problem::at("answer", What::NotFound).into())
}

/// The new entries of a list.
fn set<T>(patch: &Patch<Vec<T>>) -> &[T] {
    match patch {
        Patch::Set(entries) => entries,
        Patch::Keep | Patch::Clear => &[],
    }
}
