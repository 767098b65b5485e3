//! Changes to profiles.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{UserError, patch, payload, sorted};
use crate::domain::{self, MunicipalityId, Patch, ProfileChange, ProfileId};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{Date, DemographicType};
use crate::graphql::objects::Profile;
use crate::graphql::query::Query;
use crate::graphql::whole::Whole;

/// Changes to profiles.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Profiles;

/// What makes a profile. It starts as a draft that only its editors see.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateProfileInput {
    /// Whose profile it is.
    municipality: MunicipalityId,
    /// The day that the figures describe.
    reference_date: Date,
    /// The rest of the record.
    #[graphql(flatten)]
    details: ProfileDetails,
}

/// A change to a profile. What is absent stays, what is null is emptied.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateProfileInput {
    /// Which profile.
    id: ProfileId,
    /// The revision that the change was made on; if the record has another one meanwhile, nothing is changed.
    expected_revision: Option<Whole<u32>>,
    /// The day that the figures describe.
    reference_date: MaybeUndefined<Date>,
    /// The rest of the record.
    #[graphql(flatten)]
    details: ProfileDetails,
}

/// The fields of a profile that may be absent.
#[derive(InputObject)]
pub(in crate::graphql) struct ProfileDetails {
    /// Inhabitants.
    population: MaybeUndefined<Whole<u32>>,
    /// Area in square kilometres.
    area_km2: MaybeUndefined<f64>,
    /// Change of population over five years, in percent.
    #[graphql(name = "populationChange5y")]
    population_change_5y: MaybeUndefined<f64>,
    /// Change of population over ten years, in percent.
    #[graphql(name = "populationChange10y")]
    population_change_10y: MaybeUndefined<f64>,
    /// Share of people under 18, in percent.
    #[graphql(name = "shareUnder18")]
    share_under_18: MaybeUndefined<f64>,
    /// Share of people of 65 and over, in percent.
    #[graphql(name = "share65Plus")]
    share_65_plus: MaybeUndefined<f64>,
    /// Share of people of 80 and over, in percent.
    #[graphql(name = "share80Plus")]
    share_80_plus: MaybeUndefined<f64>,
    /// Share of people without a German passport, in percent.
    share_foreign: MaybeUndefined<f64>,
    /// Yearly net migration of people from 18 to 25, per 1,000 of that age.
    #[graphql(name = "netMigration18To25")]
    net_migration_18_25: MaybeUndefined<f64>,
    /// Tax power per inhabitant, in euros.
    tax_power: MaybeUndefined<f64>,
    /// Unemployed people in percent of those of working age.
    unemployment: MaybeUndefined<f64>,
    /// Class in RegioStaR 17, 111 to 225.
    regiostar17: MaybeUndefined<Whole<u16>>,
    /// Its type after the Wegweiser Kommune.
    demographic_type: MaybeUndefined<DemographicType>,
    /// Where the figures come from.
    source: MaybeUndefined<String>,
}

impl From<ProfileDetails> for ProfileChange {
    fn from(details: ProfileDetails) -> Self {
        Self {
            population: patch(details.population).map(Into::into),
            area_km2: patch(details.area_km2),
            population_change_5y: patch(details.population_change_5y),
            population_change_10y: patch(details.population_change_10y),
            share_under_18: patch(details.share_under_18),
            share_65_plus: patch(details.share_65_plus),
            share_80_plus: patch(details.share_80_plus),
            share_foreign: patch(details.share_foreign),
            net_migration_18_25: patch(details.net_migration_18_25),
            tax_power: patch(details.tax_power),
            unemployment: patch(details.unemployment),
            regiostar17: patch(details.regiostar17).map(Into::into),
            demographic_type: patch(details.demographic_type).map(|it| it.0),
            source: patch(details.source),
            ..Self::default()
        }
    }
}

/// Which profile to publish.
#[derive(InputObject)]
pub(in crate::graphql) struct PublishProfileInput {
    /// Which profile.
    id: ProfileId,
}

/// Which profile to archive.
#[derive(InputObject)]
pub(in crate::graphql) struct ArchiveProfileInput {
    /// Which profile.
    id: ProfileId,
}

payload! {
    /// What came of making a profile.
    CreateProfilePayload {
        /// The profile after the change.
        profile: Profile
    }
}

payload! {
    /// What came of changing a profile.
    UpdateProfilePayload {
        /// The profile after the change.
        profile: Profile
    }
}

payload! {
    /// What came of publishing a profile.
    PublishProfilePayload {
        /// The profile after the change.
        profile: Profile
    }
}

payload! {
    /// What came of archiving a profile.
    ArchiveProfilePayload {
        /// The profile after the change.
        profile: Profile
    }
}

/// Changes to profiles.
#[Object]
impl Profiles {
    /// Makes a profile as a draft.
    async fn create_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What makes it.")] input: CreateProfileInput,
    ) -> Option<Result<CreateProfilePayload>> {
        let services = ctx.services();
        let draft = domain::Profile::draft(
            services.ids.fresh().into(),
            input.municipality,
            input.reference_date.0,
            services.clock.now(),
        );
        let change = ProfileChange {
            reference_date: Patch::Set(input.reference_date.0),
            ..input.details.into()
        };
        CreateProfilePayload::new(ctx, services.create(ctx.viewer(), draft, change).await)
    }

    /// Changes a profile.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateProfileInput,
    ) -> Option<Result<UpdateProfilePayload>> {
        let change = ProfileChange {
            reference_date: patch(input.reference_date).map(|date| date.0),
            ..input.details.into()
        };
        let outcome = ctx
            .services()
            .update(ctx.viewer(), &input.id, input.expected_revision.map(Into::into), change)
            .await;
        UpdateProfilePayload::new(ctx, outcome)
    }

    /// Brings a profile out in the open.
    async fn publish_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PublishProfileInput,
    ) -> Option<Result<PublishProfilePayload>> {
        PublishProfilePayload::new(ctx, ctx.services().publish(ctx.viewer(), &input.id).await)
    }

    /// Puts a profile away; it can be published again.
    async fn archive_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ArchiveProfileInput,
    ) -> Option<Result<ArchiveProfilePayload>> {
        ArchiveProfilePayload::new(ctx, ctx.services().archive(ctx.viewer(), &input.id).await)
    }
}
