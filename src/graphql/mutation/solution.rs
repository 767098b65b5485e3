//! Changes to solutions.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, patch_list, payload, sorted};
use crate::domain::{
    self, ContactId, DocumentId, EffortBand, EvidenceLevel, Instrument, MunicipalityId, Patch,
    SizeBand, SolutionChange, SolutionId, SolutionStatus, TargetGroupId, TopicId,
};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::Date;
use crate::graphql::objects::{
    CostsInput, DigitalToolInput, FundingInput, ImageInput, ParticipationInput, PartnerInput,
    PeriodInput, ResultsInput, Solution, SourceInput, StaffInput, TransferabilityInput,
};
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to solutions.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Solutions;

/// What makes a solution. It starts as a draft that only its editors see.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateSolutionInput {
    /// What it is called; at most 100 characters.
    title: String,
    /// Whose it is; the first one answers for it.
    municipalities: Vec<MunicipalityId>,
    /// The rest of the record.
    #[graphql(flatten)]
    details: SolutionDetails,
}

/// A change to a solution. What is absent stays, what is null is emptied; a list or a part such as
/// `costs` is replaced as a whole.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateSolutionInput {
    /// Which solution.
    id: SolutionId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// What it is called; at most 100 characters.
    title: MaybeUndefined<String>,
    /// Whose it is; the first one answers for it.
    municipalities: MaybeUndefined<Vec<MunicipalityId>>,
    /// The rest of the record.
    #[graphql(flatten)]
    details: SolutionDetails,
}

/// The fields of a solution that may be absent. Publication asks for teaser, topics, problem,
/// approach, status and contacts.
#[derive(InputObject)]
pub(in crate::graphql) struct SolutionDetails {
    /// Its key in the system that it comes from.
    external_key: MaybeUndefined<String>,
    /// The language of its texts, BCP 47; German if absent.
    language: MaybeUndefined<String>,
    /// One sentence that makes one want to read on; at most 200 characters.
    teaser: MaybeUndefined<String>,
    /// The starting point.
    problem: MaybeUndefined<String>,
    /// What was done.
    approach: MaybeUndefined<String>,
    /// What it is about: one to four topics.
    topics: MaybeUndefined<Vec<TopicId>>,
    /// Whom it is for.
    target_groups: MaybeUndefined<Vec<TargetGroupId>>,
    /// Where the work itself stands.
    status: MaybeUndefined<SolutionStatus>,
    /// Whom to call.
    contacts: MaybeUndefined<Vec<ContactId>>,
    /// Papers that others can adapt.
    documents: MaybeUndefined<Vec<DocumentId>>,
    /// Where exactly.
    place: MaybeUndefined<String>,
    /// When.
    period: MaybeUndefined<PeriodInput>,
    /// Steps and dates.
    steps: MaybeUndefined<String>,
    /// How citizens took part.
    participation: MaybeUndefined<ParticipationInput>,
    /// Who worked along.
    partners: MaybeUndefined<Vec<PartnerInput>>,
    /// What came out of it.
    results: MaybeUndefined<ResultsInput>,
    /// How well the result is known.
    evidence: MaybeUndefined<EvidenceLevel>,
    /// What it costs.
    costs: MaybeUndefined<CostsInput>,
    /// Where the money came from.
    funding: MaybeUndefined<Vec<FundingInput>>,
    /// Who does the work.
    staff: MaybeUndefined<StaffInput>,
    /// Law or council decision that it rests on.
    legal_basis: MaybeUndefined<String>,
    /// What must be there first.
    prerequisites: MaybeUndefined<String>,
    /// What others can take over.
    transferability: MaybeUndefined<TransferabilityInput>,
    /// What was learned.
    lessons: MaybeUndefined<String>,
    /// What was hard, what failed.
    difficulties: MaybeUndefined<String>,
    /// What they would do differently.
    would_change: MaybeUndefined<String>,
    /// How it goes on after the funding.
    sustaining: MaybeUndefined<String>,
    /// Software and data in use.
    digital_tools: MaybeUndefined<Vec<DigitalToolInput>>,
    /// Words that people look for.
    keywords: MaybeUndefined<Vec<String>>,
    /// By what means it works.
    instruments: MaybeUndefined<Vec<Instrument>>,
    /// What it takes to start.
    effort: MaybeUndefined<EffortBand>,
    /// Months to the first effect.
    months_to_effect: MaybeUndefined<Whole<u16>>,
    /// Sizes of places where it worked.
    size_bands: MaybeUndefined<Vec<SizeBand>>,
    /// Pictures.
    images: MaybeUndefined<Vec<ImageInput>>,
    /// Solutions that go with it.
    related: MaybeUndefined<Vec<SolutionId>>,
    /// Where the facts come from.
    sources: MaybeUndefined<Vec<SourceInput>>,
    /// Licence of the text.
    licence: MaybeUndefined<String>,
    /// How to quote it.
    citation: MaybeUndefined<String>,
    /// When somebody last looked whether it still holds.
    last_checked: MaybeUndefined<Date>,
}

impl From<SolutionDetails> for SolutionChange {
    fn from(details: SolutionDetails) -> Self {
        Self {
            title: Patch::Keep,
            municipalities: Patch::Keep,
            external_key: patch(details.external_key),
            language: patch(details.language),
            teaser: patch(details.teaser),
            problem: patch(details.problem),
            approach: patch(details.approach),
            topics: patch(details.topics),
            target_groups: patch(details.target_groups),
            status: patch(details.status),
            contacts: patch(details.contacts),
            documents: patch(details.documents),
            place: patch(details.place),
            period: patch(details.period).map(Into::into),
            steps: patch(details.steps),
            participation: patch(details.participation).map(Into::into),
            partners: patch_list(details.partners),
            results: patch(details.results).map(Into::into),
            evidence: patch(details.evidence),
            costs: patch(details.costs).map(Into::into),
            funding: patch_list(details.funding),
            staff: patch(details.staff).map(Into::into),
            legal_basis: patch(details.legal_basis),
            prerequisites: patch(details.prerequisites),
            transferability: patch(details.transferability).map(Into::into),
            lessons: patch(details.lessons),
            difficulties: patch(details.difficulties),
            would_change: patch(details.would_change),
            sustaining: patch(details.sustaining),
            digital_tools: patch_list(details.digital_tools),
            keywords: patch(details.keywords),
            instruments: patch(details.instruments),
            effort: patch(details.effort),
            months_to_effect: patch(details.months_to_effect).map(Into::into),
            size_bands: patch(details.size_bands),
            images: patch_list(details.images),
            related: patch(details.related),
            sources: patch_list(details.sources),
            licence: patch(details.licence),
            citation: patch(details.citation),
            last_checked: patch(details.last_checked).map(|date| date.0),
        }
    }
}

payload! {
    /// What came of making a solution.
    CreateSolutionPayload {
        /// The solution after the change.
        solution: Solution
    }
}

payload! {
    /// What came of changing a solution.
    UpdateSolutionPayload {
        /// The solution after the change.
        solution: Solution
    }
}

/// Changes to solutions.
#[Object]
impl Solutions {
    /// Makes a solution as a draft.
    async fn create_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateSolutionInput,
    ) -> Option<Result<CreateSolutionPayload>> {
        let services = ctx.services();
        let draft = domain::Solution::draft(
            services.ids.fresh().into(),
            &input.title,
            services.clock.now(),
        );
        let change = SolutionChange {
            title: Patch::Set(input.title),
            municipalities: Patch::Set(input.municipalities),
            ..input.details.into()
        };
        CreateSolutionPayload::new(ctx, services.create(ctx.viewer(), draft, change).await)
    }

    /// Changes a solution. What readers see stays as it is until the change was approved and published
    /// (`nextVersion`), unless the municipality works without a second pair of eyes.
    async fn update_solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateSolutionInput,
    ) -> Option<Result<UpdateSolutionPayload>> {
        let change = SolutionChange {
            title: patch(input.title),
            municipalities: patch(input.municipalities),
            ..input.details.into()
        };
        let outcome = ctx
            .services()
            .update_solution(
                ctx.viewer(),
                &input.id,
                input.expected_revision.map(Into::into),
                change,
            )
            .await;
        UpdateSolutionPayload::new(ctx, outcome)
    }
}
