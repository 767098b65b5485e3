//! The way of a solution to its readers: handed over, reviewed, published, kept up to date.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::{UserError, payload, sorted};
use crate::domain::{self, Action, ReviewPoint, SolutionId, VersionId};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::Date;
use crate::graphql::objects::Solution;
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;
use crate::service::Deed;

/// The way of a solution to its readers.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Lifecycles;

/// What a reviewer found on one point.
#[derive(InputObject)]
pub(in crate::graphql) struct ReviewedInput {
    /// The point.
    point: ReviewPoint,
    /// Whether it is as it should be.
    met: bool,
}

/// Declares the inputs and payloads of steps: what each asks for beside the solution.
macro_rules! steps {
    ($($action:ident: $input:ident, $payload:ident, $what:literal, $came:literal, {
        $($(#[$doc:meta])* $field:ident: $type:ty,)*
    }, |$it:ident| $deed:expr;)*) => {$(
        #[doc = $what]
        #[derive(InputObject)]
        pub(in crate::graphql) struct $input {
            /// Which solution.
            id: SolutionId,
            /// The revision that it was decided on; if the record has another one meanwhile, nothing happens.
            expected_revision: Option<Whole<u32>>,
            $($(#[$doc])* $field: $type,)*
        }

        impl From<$input> for (SolutionId, Deed) {
            fn from($it: $input) -> Self {
                let expected_revision = $it.expected_revision.map(Into::into);
                let id = $it.id.clone();
                let deed: Deed = $deed;
                (id, Deed { expected_revision, action: Action::$action, ..deed })
            }
        }

        payload! {
            #[doc = $came]
            $payload {
                /// The solution after the step.
                solution: Solution
            }
        }
    )*};
}

fn nothing_more() -> Deed {
    Deed::plain(Action::Submit)
}

fn because(reason: Option<String>) -> Deed {
    Deed { reason, ..nothing_more() }
}

fn until(day: Option<Date>) -> Deed {
    Deed { review_by: day.map(|day| day.0), ..nothing_more() }
}

fn reviewed(reason: Option<String>, checklist: Option<Vec<ReviewedInput>>) -> Deed {
    let checklist = checklist.unwrap_or_default().into_iter();
    let checklist = checklist.map(|it| domain::Reviewed { point: it.point, met: it.met }).collect();
    Deed { checklist, ..because(reason) }
}

steps! {
    Submit: SubmitSolutionInput, SubmitSolutionPayload,
        "Which solution to hand over for review.", "What came of handing a solution over.", {
            /// What the reviewer should know.
            reason: Option<String>,
        }, |it| because(it.reason);
    StartReview: StartSolutionReviewInput, StartSolutionReviewPayload,
        "Which solution to review.", "What came of beginning a review.", {}, |it| nothing_more();
    RequestChanges: RequestSolutionChangesInput, RequestSolutionChangesPayload,
        "What should be changed in a solution.", "What came of asking for changes.", {
            /// What should be changed, and why.
            reason: String,
            /// What was looked at.
            checklist: Option<Vec<ReviewedInput>>,
        }, |it| reviewed(Some(it.reason), it.checklist);
    Approve: ApproveSolutionInput, ApproveSolutionPayload,
        "Which solution may be published.", "What came of approving a solution.", {
            /// What the authors should know.
            reason: Option<String>,
            /// What was looked at.
            checklist: Option<Vec<ReviewedInput>>,
        }, |it| reviewed(it.reason, it.checklist);
    Reject: RejectSolutionInput, RejectSolutionPayload,
        "Which solution will not be published.", "What came of rejecting a solution.", {
            /// Why.
            reason: String,
            /// What was looked at.
            checklist: Option<Vec<ReviewedInput>>,
        }, |it| reviewed(Some(it.reason), it.checklist);
    Withdraw: WithdrawSolutionInput, WithdrawSolutionPayload,
        "Which solution to take back from review.", "What came of taking a solution back.", {
            /// Why.
            reason: Option<String>,
        }, |it| because(it.reason);
    Publish: PublishSolutionInput, PublishSolutionPayload,
        "Which solution to publish.", "What came of publishing a solution.", {
            /// The day by which to look whether it still holds, at most three years ahead; a year
            /// after the publication if absent.
            review_by: Option<Date>,
        }, |it| until(it.review_by);
    MarkOutdated: MarkSolutionOutdatedInput, MarkSolutionOutdatedPayload,
        "Which solution does not hold any more as it stands.", "What came of marking a solution as outdated.", {
            /// What does not hold any more.
            reason: String,
        }, |it| because(Some(it.reason));
    Confirm: ConfirmSolutionInput, ConfirmSolutionPayload,
        "Which solution still holds.", "What came of confirming a solution.", {
            /// The day by which to look again, at most three years ahead; in a year if absent.
            review_by: Option<Date>,
        }, |it| until(it.review_by);
    Validate: ValidateSolutionInput, ValidateSolutionPayload,
        "Which solution an expert found sound.", "What came of validating a solution.", {
            /// Who looked at what: the office, never a name.
            reason: String,
        }, |it| because(Some(it.reason));
    Archive: ArchiveSolutionInput, ArchiveSolutionPayload,
        "Which solution to archive.", "What came of archiving a solution.", {
            /// Why.
            reason: Option<String>,
        }, |it| because(it.reason);
    Merge: MergeSolutionInput, MergeSolutionPayload,
        "Which solution tells the same as another one.", "What came of merging a solution.", {
            /// The solution that takes its place.
            into: SolutionId,
            /// Why.
            reason: String,
        }, |it| Deed { into: Some(it.into), ..because(Some(it.reason)) };
}

/// Which version to take up again.
#[derive(InputObject)]
pub(in crate::graphql) struct RestoreSolutionVersionInput {
    /// Which version.
    id: VersionId,
    /// The revision of the solution that it was decided on.
    expected_revision: Option<Whole<u32>>,
}

payload! {
    /// What came of taking a version up again.
    RestoreSolutionVersionPayload {
        /// The solution after the change.
        solution: Solution
    }
}

/// Which next version to throw away.
#[derive(InputObject)]
pub(in crate::graphql) struct DiscardNextVersionInput {
    /// Of which solution.
    id: SolutionId,
    /// The revision of the solution that it was decided on.
    expected_revision: Option<Whole<u32>>,
}

payload! {
    /// What came of throwing a next version away.
    DiscardNextVersionPayload {
        /// The solution without it.
        solution: Solution
    }
}

/// Runs a step.
macro_rules! step {
    ($payload:ident, $ctx:ident, $input:ident) => {{
        let (id, deed) = $input.into();
        $payload::new($ctx, $ctx.services().advance($ctx.viewer(), &id, &deed).await)
    }};
}

/// The way of a solution to its readers. Who may do what in which state stands in README.md.
#[Object]
impl Lifecycles {
    /// Hands a solution, or the next version of it, over for review.
    async fn submit_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: SubmitSolutionInput,
    ) -> Option<Result<SubmitSolutionPayload>> {
        step!(SubmitSolutionPayload, ctx, input)
    }

    /// Takes a submitted solution up for review.
    async fn start_solution_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: StartSolutionReviewInput,
    ) -> Option<Result<StartSolutionReviewPayload>> {
        step!(StartSolutionReviewPayload, ctx, input)
    }

    /// Hands a solution back to its authors, with what should be changed.
    async fn request_solution_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and what.")] input: RequestSolutionChangesInput,
    ) -> Option<Result<RequestSolutionChangesPayload>> {
        step!(RequestSolutionChangesPayload, ctx, input)
    }

    /// Says that a solution may be published. Who wrote it cannot.
    async fn approve_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ApproveSolutionInput,
    ) -> Option<Result<ApproveSolutionPayload>> {
        step!(ApproveSolutionPayload, ctx, input)
    }

    /// Says that a solution will not be published, and why.
    async fn reject_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: RejectSolutionInput,
    ) -> Option<Result<RejectSolutionPayload>> {
        step!(RejectSolutionPayload, ctx, input)
    }

    /// Takes a solution back from review.
    async fn withdraw_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: WithdrawSolutionInput,
    ) -> Option<Result<WithdrawSolutionPayload>> {
        step!(WithdrawSolutionPayload, ctx, input)
    }

    /// Brings a solution out in the open, and tells everybody who asked for it. It must have been
    /// approved, unless its municipality works without a second pair of eyes. An approved next version
    /// takes the place of the one that readers saw.
    async fn publish_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PublishSolutionInput,
    ) -> Option<Result<PublishSolutionPayload>> {
        step!(PublishSolutionPayload, ctx, input)
    }

    /// Says that a solution does not hold any more as it stands; readers see that.
    async fn mark_solution_outdated(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: MarkSolutionOutdatedInput,
    ) -> Option<Result<MarkSolutionOutdatedPayload>> {
        step!(MarkSolutionOutdatedPayload, ctx, input)
    }

    /// Says that a solution still holds today: readers see when that was last checked, and its
    /// municipality is not asked again before `reviewBy`.
    async fn confirm_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ConfirmSolutionInput,
    ) -> Option<Result<ConfirmSolutionPayload>> {
        step!(ConfirmSolutionPayload, ctx, input)
    }

    /// Says that an expert found a published solution sound.
    async fn validate_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and who looked at what.")] input: ValidateSolutionInput,
    ) -> Option<Result<ValidateSolutionPayload>> {
        step!(ValidateSolutionPayload, ctx, input)
    }

    /// Puts a solution away; it can be published again.
    async fn archive_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ArchiveSolutionInput,
    ) -> Option<Result<ArchiveSolutionPayload>> {
        step!(ArchiveSolutionPayload, ctx, input)
    }

    /// Puts a duplicate away: whoever comes to it is led on to the other one.
    async fn merge_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, into which, and why.")] input: MergeSolutionInput,
    ) -> Option<Result<MergeSolutionPayload>> {
        step!(MergeSolutionPayload, ctx, input)
    }

    /// Takes the text of an older version up again. It takes the way of every change.
    async fn restore_solution_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: RestoreSolutionVersionInput,
    ) -> Option<Result<RestoreSolutionVersionPayload>> {
        let expected = input.expected_revision.map(Into::into);
        let services = ctx.services();
        let restored = services.restore_version(ctx.viewer(), &input.id, expected).await;
        RestoreSolutionVersionPayload::new(ctx, restored)
    }

    /// Throws away what is being worked on beside a published solution. Readers notice nothing.
    async fn discard_next_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which solution.")] input: DiscardNextVersionInput,
    ) -> Option<Result<DiscardNextVersionPayload>> {
        let expected = input.expected_revision.map(Into::into);
        let services = ctx.services();
        let discarded = services.discard_next_version(ctx.viewer(), &input.id, expected).await;
        DiscardNextVersionPayload::new(ctx, discarded)
    }
}
