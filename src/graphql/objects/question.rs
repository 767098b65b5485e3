//! Questions and their answers.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};

use super::solution::ordered;
use super::{Contact, Municipality, Node, ProjectDocument, Solution, Topic};
use crate::domain::{self, QuestionStatus};
use crate::graphql::context::ContextExt;

/// What a municipality wants to know of others.
#[derive(Clone)]
pub(in crate::graphql) struct Question(pub(in crate::graphql) Arc<domain::Question>);

/// What a municipality wants to know of others.
#[Object]
impl Question {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1; for `expectedRevision`.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// Who asks.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.0.municipality)
    }

    /// The question in one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The question with what one needs to know of it.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// What it is about.
    async fn topics(&self, ctx: &Context<'_>) -> Vec<Topic> {
        let tables = ctx.tables();
        self.0.topics.iter().filter_map(|id| tables.topics.get(id)).cloned().map(Topic).collect()
    }

    /// The language of its texts, BCP 47.
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// Whom of those who ask to call.
    async fn contact(&self, ctx: &Context<'_>) -> Option<Result<Contact>> {
        let id = self.0.contact.clone()?;
        Contact::find(ctx, id).await.transpose()
    }

    /// Where it stands.
    async fn status(&self) -> QuestionStatus {
        self.0.status
    }

    /// Whom it was sent to when it was asked, and why: the most alike first, then authors of
    /// solutions.
    async fn routed_to(&self) -> Vec<Addressee> {
        self.0.routed_to.iter().cloned().map(Addressee).collect()
    }

    /// What was answered, oldest first; at most 100.
    async fn answers(&self) -> Vec<Answer> {
        self.0.answers.iter().cloned().map(|answer| Answer::of(&self.0, answer)).collect()
    }

    /// The answer that helped.
    async fn accepted_answer(&self) -> Option<Answer> {
        self.0.accepted_answer().cloned().map(|answer| Answer::of(&self.0, answer))
    }

    /// Others who have the same question, in the order in which they joined; at most 100.
    async fn also_interested(&self, ctx: &Context<'_>) -> Vec<Municipality> {
        self.0.interested.iter().filter_map(|id| Municipality::find(ctx, id)).collect()
    }

    /// When it was asked.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed, answered or joined.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Somebody whom a question was sent to, and why.
pub(in crate::graphql) struct Addressee(domain::Addressee);

/// Somebody whom a question was sent to, and why.
#[Object]
impl Addressee {
    /// Who.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.0.municipality)
    }

    /// Because it is so alike: the share of all German municipalities of the level that are less
    /// like the one that asks, in percent. Null if likeness was not the reason, or nobody counts
    /// that level.
    async fn percentile(&self) -> Option<f64> {
        self.0.percentile
    }

    /// Because of these solutions of theirs, which match the question; the best first.
    async fn solutions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Solution>>> {
        Some(Solution::many(ctx, &self.0.solutions).await)
    }
}

/// An answer to a question.
pub(in crate::graphql) struct Answer {
    answer: domain::Answer,
    is_accepted: bool,
}

impl Answer {
    fn of(question: &domain::Question, answer: domain::Answer) -> Self {
        let is_accepted = question.accepted.as_ref() == Some(&answer.key);
        Self { answer, is_accepted }
    }
}

/// An answer to a question. It lives with its question.
#[Object]
impl Answer {
    /// What names it in changes.
    async fn id(&self) -> ID {
        ID::from(&self.answer.key)
    }

    /// Who answers.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.answer.municipality)
    }

    /// What they say.
    async fn text(&self) -> &str {
        &self.answer.text
    }

    /// Solutions that show it.
    async fn solutions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Solution>>> {
        Some(Solution::many(ctx, &self.answer.solutions).await)
    }

    /// Documents that show it.
    async fn documents(&self, ctx: &Context<'_>) -> Option<Result<Vec<ProjectDocument>>> {
        let pick =
            |node| if let Node::ProjectDocument(document) = node { Some(document) } else { None };
        Some(ordered(ctx, &self.answer.documents, pick).await)
    }

    /// Whether it is the one that helped.
    async fn is_accepted(&self) -> bool {
        self.is_accepted
    }

    /// When it was given.
    async fn created_at(&self) -> DateTime<Utc> {
        self.answer.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.answer.updated_at
    }
}
