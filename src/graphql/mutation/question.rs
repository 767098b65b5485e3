//! Changes to questions and their answers.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, payload, sorted};
use crate::domain::{
    AnswerChange, AnswerId, ContactId, DocumentId, MunicipalityId, Patch, QuestionChange,
    QuestionId, SolutionId, TopicId,
};
use crate::graphql::context::ContextExt;
use crate::graphql::objects::Question;
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to questions and their answers.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Questions;

/// What makes a question.
#[derive(InputObject)]
pub(in crate::graphql) struct AskQuestionInput {
    /// In whose name.
    municipality: MunicipalityId,
    /// The question in one line; at most 150 characters.
    title: String,
    /// The question with what one needs to know of it.
    text: String,
    /// What it is about: up to four topics, by which it finds those who know.
    topics: Option<Vec<TopicId>>,
    /// The language of its texts, BCP 47; German if absent.
    language: Option<String>,
    /// Whom to call: a contact of the municipality.
    contact: Option<ContactId>,
}

/// A change to a question. What is absent stays, what is null is emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateQuestionInput {
    /// Which question.
    id: QuestionId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// The question in one line; at most 150 characters.
    title: MaybeUndefined<String>,
    /// The question with what one needs to know of it.
    text: MaybeUndefined<String>,
    /// What it is about: up to four topics. Whom it was sent to stays.
    topics: MaybeUndefined<Vec<TopicId>>,
    /// The language of its texts, BCP 47.
    language: MaybeUndefined<String>,
    /// Whom to call: a contact of the municipality.
    contact: MaybeUndefined<ContactId>,
}

/// What makes an answer.
#[derive(InputObject)]
pub(in crate::graphql) struct AnswerQuestionInput {
    /// Which question.
    id: QuestionId,
    /// In whose name.
    municipality: MunicipalityId,
    /// What they say.
    text: String,
    /// Solutions that show it.
    solutions: Option<Vec<SolutionId>>,
    /// Documents that show it.
    documents: Option<Vec<DocumentId>>,
}

/// A change to an answer. What is absent stays, what is null is emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateAnswerInput {
    /// Which question.
    id: QuestionId,
    /// Which of its answers.
    answer: AnswerId,
    /// What they say.
    text: MaybeUndefined<String>,
    /// Solutions that show it.
    solutions: MaybeUndefined<Vec<SolutionId>>,
    /// Documents that show it.
    documents: MaybeUndefined<Vec<DocumentId>>,
}

/// Which answer to take back.
#[derive(InputObject)]
pub(in crate::graphql) struct WithdrawAnswerInput {
    /// Which question.
    id: QuestionId,
    /// Which of its answers.
    answer: AnswerId,
}

/// Which answer helped.
#[derive(InputObject)]
pub(in crate::graphql) struct AcceptAnswerInput {
    /// Which question.
    id: QuestionId,
    /// Which of its answers.
    answer: AnswerId,
}

/// Which question to close.
#[derive(InputObject)]
pub(in crate::graphql) struct CloseQuestionInput {
    /// Which question.
    id: QuestionId,
}

/// Which question to take back.
#[derive(InputObject)]
pub(in crate::graphql) struct WithdrawQuestionInput {
    /// Which question.
    id: QuestionId,
}

/// Who has the same question.
#[derive(InputObject)]
pub(in crate::graphql) struct JoinQuestionInput {
    /// Which question.
    id: QuestionId,
    /// Who.
    municipality: MunicipalityId,
}

/// Who has the same question no more.
#[derive(InputObject)]
pub(in crate::graphql) struct LeaveQuestionInput {
    /// Which question.
    id: QuestionId,
    /// Who.
    municipality: MunicipalityId,
}

/// Declares the payloads that hold the question after a change.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        payload! {
            $(#[$doc])*
            $name {
                /// The question after the change.
                question: Question
            }
        }
    )*};
}

payloads! {
    /// What came of asking a question.
    AskQuestionPayload;
    /// What came of changing a question.
    UpdateQuestionPayload;
    /// What came of answering a question.
    AnswerQuestionPayload;
    /// What came of changing an answer.
    UpdateAnswerPayload;
    /// What came of taking an answer back.
    WithdrawAnswerPayload;
    /// What came of accepting an answer.
    AcceptAnswerPayload;
    /// What came of closing a question.
    CloseQuestionPayload;
    /// What came of taking a question back.
    WithdrawQuestionPayload;
    /// What came of joining a question.
    JoinQuestionPayload;
    /// What came of leaving a question.
    LeaveQuestionPayload;
}

/// Changes to questions and their answers.
#[Object]
impl Questions {
    /// Asks a question in the open. It is sent to the municipalities most like the one that asks, and
    /// to those whose solutions match it: they find it in their `questions` and in `activity`.
    async fn ask_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: AskQuestionInput,
    ) -> Option<Result<AskQuestionPayload>> {
        let given = |language: Option<String>| language.map_or(Patch::Keep, Patch::Set);
        let change = QuestionChange {
            title: Patch::Set(input.title),
            text: Patch::Set(input.text),
            topics: Patch::from(input.topics),
            language: given(input.language),
            contact: Patch::from(input.contact),
        };
        let outcome = ctx.services().ask(ctx.viewer(), input.municipality, change).await;
        AskQuestionPayload::new(ctx, outcome)
    }

    /// Changes a question that is not over.
    async fn update_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateQuestionInput,
    ) -> Option<Result<UpdateQuestionPayload>> {
        let change = QuestionChange {
            title: patch(input.title),
            text: patch(input.text),
            topics: patch(input.topics),
            language: patch(input.language),
            contact: patch(input.contact),
        };
        let expected = input.expected_revision.map(Into::into);
        let outcome =
            ctx.services().update_question(ctx.viewer(), &input.id, expected, change).await;
        UpdateQuestionPayload::new(ctx, outcome)
    }

    /// Answers a question that is not over. Any municipality may, asked or not.
    async fn answer_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: AnswerQuestionInput,
    ) -> Option<Result<AnswerQuestionPayload>> {
        let cited = (input.solutions.unwrap_or_default(), input.documents.unwrap_or_default());
        let said = (input.text, cited.0, cited.1);
        let outcome =
            ctx.services().answer_question(ctx.viewer(), &input.id, input.municipality, said);
        AnswerQuestionPayload::new(ctx, outcome.await)
    }

    /// Changes an answer to a question that is not over.
    async fn update_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateAnswerInput,
    ) -> Option<Result<UpdateAnswerPayload>> {
        let change = AnswerChange {
            text: patch(input.text),
            solutions: patch(input.solutions),
            documents: patch(input.documents),
        };
        let outcome = ctx.services().update_answer(ctx.viewer(), &input.id, &input.answer, change);
        UpdateAnswerPayload::new(ctx, outcome.await)
    }

    /// Takes an answer back, for those who gave it and for moderators. Without the accepted answer a
    /// question is open again.
    async fn withdraw_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: WithdrawAnswerInput,
    ) -> Option<Result<WithdrawAnswerPayload>> {
        let outcome = ctx.services().withdraw_answer(ctx.viewer(), &input.id, &input.answer).await;
        WithdrawAnswerPayload::new(ctx, outcome)
    }

    /// Says which answer helped, for those who asked; searches find it from then on.
    async fn accept_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: AcceptAnswerInput,
    ) -> Option<Result<AcceptAnswerPayload>> {
        let outcome = ctx.services().accept_answer(ctx.viewer(), &input.id, &input.answer).await;
        AcceptAnswerPayload::new(ctx, outcome)
    }

    /// Ends a question, for those who asked and for moderators. It stays findable with its answers.
    async fn close_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CloseQuestionInput,
    ) -> Option<Result<CloseQuestionPayload>> {
        CloseQuestionPayload::new(ctx, ctx.services().close_question(ctx.viewer(), &input.id).await)
    }

    /// Takes a question back, for those who asked and for moderators. Others do not see it any more.
    async fn withdraw_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: WithdrawQuestionInput,
    ) -> Option<Result<WithdrawQuestionPayload>> {
        let outcome = ctx.services().withdraw_question(ctx.viewer(), &input.id).await;
        WithdrawQuestionPayload::new(ctx, outcome)
    }

    /// Says that a municipality has the same question; once is enough.
    async fn join_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and which.")] input: JoinQuestionInput,
    ) -> Option<Result<JoinQuestionPayload>> {
        let JoinQuestionInput { id, municipality } = input;
        let outcome = ctx.services().join_question(ctx.viewer(), &id, &municipality, true).await;
        JoinQuestionPayload::new(ctx, outcome)
    }

    /// Says that a municipality has the same question no more.
    async fn leave_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and which.")] input: LeaveQuestionInput,
    ) -> Option<Result<LeaveQuestionPayload>> {
        let LeaveQuestionInput { id, municipality } = input;
        let outcome = ctx.services().join_question(ctx.viewer(), &id, &municipality, false).await;
        LeaveQuestionPayload::new(ctx, outcome)
    }
}
