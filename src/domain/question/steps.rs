//! What can be done with a question, and when.
//!
//! A question is open until an answer is accepted; it may be answered further, and another answer
//! accepted, until it is closed. Who withdraws the accepted answer opens the question again.

use chrono::{DateTime, Utc};

use super::answer::{Answer, AnswerChange};
use super::record::{Question, QuestionChange, QuestionStatus};
use crate::domain::check::Checks;
use crate::domain::key::{AnswerId, MunicipalityId};
use crate::domain::problem::{Problem, What, Words};

/// The most answers to one question.
const MOST_ANSWERS: usize = 100;
/// The most municipalities that join in one question.
const MOST_INTERESTED: usize = 100;

type Changed = Result<Question, Vec<Problem>>;

impl Question {
    /// The question with a change applied. Whom it was sent to stays.
    ///
    /// # Errors
    /// It is closed or withdrawn, or everything that would be wrong with it.
    pub fn changed(mut self, change: QuestionChange, now: DateTime<Utc>) -> Changed {
        self.ensure_going_on(Words { de: "ändern", en: "change" })?;
        let mut checks = Checks::default();
        checks.kept("title", change.title.apply_required(&mut self.title));
        checks.kept("text", change.text.apply_required(&mut self.text));
        checks.kept("language", change.language.apply_required(&mut self.language));
        checks.finish()?;
        change.topics.apply_or_default(&mut self.topics);
        change.contact.apply(&mut self.contact);
        self.check()?;
        Ok(self.touched(now))
    }

    /// The question with a further answer.
    ///
    /// # Errors
    /// It is closed or withdrawn, there are too many answers, or what is wrong with this one.
    pub fn answered(mut self, answer: Answer, now: DateTime<Utc>) -> Changed {
        self.ensure_going_on(Words { de: "antworten", en: "answer" })?;
        answer.check()?;
        self.answers.push(answer);
        let mut checks = Checks::default();
        checks.count("answers", self.answers.len(), MOST_ANSWERS);
        checks.finish()?;
        Ok(self.touched(now))
    }

    /// The question with one of its answers changed.
    ///
    /// # Errors
    /// It is closed or withdrawn, there is no such answer, or what would be wrong with it.
    pub fn with_answer_changed(
        mut self,
        key: &AnswerId,
        change: AnswerChange,
        now: DateTime<Utc>,
    ) -> Changed {
        self.ensure_going_on(Words { de: "Antwort ändern", en: "change an answer" })?;
        let found = self.answers.iter_mut().find(|answer| answer.key == *key);
        let answer = found.ok_or_else(|| vec![Problem::at("answer", What::NotFound)])?;
        *answer = answer.clone().changed(change, now)?;
        Ok(self.touched(now))
    }

    /// The question without one of its answers; without the accepted one it is open again, unless
    /// it was closed.
    ///
    /// # Errors
    /// It is withdrawn, or there is no such answer.
    pub fn without_answer(mut self, key: &AnswerId, now: DateTime<Utc>) -> Changed {
        if self.status == QuestionStatus::Withdrawn {
            return Err(self.wrong(Words { de: "Antwort zurückziehen", en: "withdraw an answer" }));
        }
        self.answer(key).ok_or_else(|| vec![Problem::at("answer", What::NotFound)])?;
        self.answers.retain(|answer| answer.key != *key);
        if self.accepted.as_ref() == Some(key) {
            self.accepted = None;
            if self.status == QuestionStatus::Answered {
                self.status = QuestionStatus::Open;
            }
        }
        Ok(self.touched(now))
    }

    /// The question answered by one of its answers, in place of another that was accepted before.
    ///
    /// # Errors
    /// It is closed or withdrawn, there is no such answer, or it is the accepted one.
    pub fn accepting(mut self, key: &AnswerId, now: DateTime<Utc>) -> Changed {
        self.ensure_going_on(Words { de: "Antwort annehmen", en: "accept an answer" })?;
        self.answer(key).ok_or_else(|| vec![Problem::at("answer", What::NotFound)])?;
        if self.accepted.as_ref() == Some(key) {
            return Err(vec![Problem::at("answer", What::Taken)]);
        }
        self.accepted = Some(key.clone());
        self.status = QuestionStatus::Answered;
        Ok(self.touched(now))
    }

    /// The question with no further answers wanted; an accepted answer stays.
    ///
    /// # Errors
    /// It is closed or withdrawn.
    pub fn closed(mut self, now: DateTime<Utc>) -> Changed {
        self.ensure_going_on(Words { de: "schließen", en: "close" })?;
        self.status = QuestionStatus::Closed;
        Ok(self.touched(now))
    }

    /// The question taken back: only those who asked still see it.
    ///
    /// # Errors
    /// It is withdrawn.
    pub fn withdrawn(mut self, now: DateTime<Utc>) -> Changed {
        if self.status == QuestionStatus::Withdrawn {
            return Err(self.wrong(Words { de: "zurückziehen", en: "withdraw" }));
        }
        self.status = QuestionStatus::Withdrawn;
        Ok(self.touched(now))
    }

    /// The question with another municipality that wants to know the same; who asks and who has
    /// joined already change nothing by it.
    ///
    /// # Errors
    /// It is closed or withdrawn, or too many have joined.
    pub fn joined(mut self, municipality: &MunicipalityId, now: DateTime<Utc>) -> Changed {
        self.ensure_going_on(Words { de: "sich anschließen", en: "join" })?;
        if *municipality == self.municipality || self.interested.contains(municipality) {
            return Ok(self);
        }
        self.interested.push(municipality.clone());
        let mut checks = Checks::default();
        checks.count("municipality", self.interested.len(), MOST_INTERESTED);
        checks.finish()?;
        Ok(self.touched(now))
    }

    /// The question without a municipality that had joined; who had not changes nothing by it.
    #[must_use]
    pub fn left(mut self, municipality: &MunicipalityId, now: DateTime<Utc>) -> Self {
        if !self.interested.contains(municipality) {
            return self;
        }
        self.interested.retain(|joined| joined != municipality);
        self.touched(now)
    }

    fn ensure_going_on(&self, action: Words) -> Result<(), Vec<Problem>> {
        match self.status {
            QuestionStatus::Open | QuestionStatus::Answered => Ok(()),
            QuestionStatus::Closed | QuestionStatus::Withdrawn => Err(self.wrong(action)),
        }
    }

    fn wrong(&self, action: Words) -> Vec<Problem> {
        vec![Problem::at("id", What::WrongState { action, state: Words::of(self.status) })]
    }

    fn touched(mut self, now: DateTime<Utc>) -> Self {
        self.updated_at = now;
        self
    }
}
