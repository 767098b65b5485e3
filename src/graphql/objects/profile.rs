//! Dated figures of a municipality.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};

use super::Municipality;
use crate::domain::{self, Publication};
use crate::graphql::ids::{Date, DemographicType};

/// The figures of a municipality at one date. What is not known is null, never zero.
#[derive(Clone)]
pub(in crate::graphql) struct Profile(pub(in crate::graphql) Arc<domain::Profile>);

/// The figures of a municipality at one date. What is not known is null, never zero.
#[Object]
impl Profile {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1; for `expectedRevision`.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// Whose figures these are.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.0.municipality)
    }

    /// The day that the figures describe.
    async fn reference_date(&self) -> Date {
        Date(self.0.reference_date)
    }

    /// Inhabitants.
    async fn population(&self) -> Option<u32> {
        self.0.population
    }

    /// Area in square kilometres.
    async fn area_km2(&self) -> Option<f64> {
        self.0.area_km2
    }

    /// Inhabitants per square kilometre.
    async fn density(&self) -> Option<f64> {
        self.0.density()
    }

    /// Change of population over five years, in percent.
    #[graphql(name = "populationChange5y")]
    async fn population_change_5y(&self) -> Option<f64> {
        self.0.population_change_5y
    }

    /// Change of population over ten years, in percent.
    #[graphql(name = "populationChange10y")]
    async fn population_change_10y(&self) -> Option<f64> {
        self.0.population_change_10y
    }

    /// Share of people under 18, in percent.
    #[graphql(name = "shareUnder18")]
    async fn share_under_18(&self) -> Option<f64> {
        self.0.share_under_18
    }

    /// Share of people of 65 and over, in percent.
    #[graphql(name = "share65Plus")]
    async fn share_65_plus(&self) -> Option<f64> {
        self.0.share_65_plus
    }

    /// Share of people of 80 and over, in percent.
    #[graphql(name = "share80Plus")]
    async fn share_80_plus(&self) -> Option<f64> {
        self.0.share_80_plus
    }

    /// Share of people without a German passport, in percent.
    async fn share_foreign(&self) -> Option<f64> {
        self.0.share_foreign
    }

    /// Yearly net migration of people from 18 to 25, per 1,000 of that age.
    #[graphql(name = "netMigration18To25")]
    async fn net_migration_18_25(&self) -> Option<f64> {
        self.0.net_migration_18_25
    }

    /// Tax power per inhabitant, in euros.
    async fn tax_power(&self) -> Option<f64> {
        self.0.tax_power
    }

    /// Unemployed people in percent of those of working age.
    async fn unemployment(&self) -> Option<f64> {
        self.0.unemployment
    }

    /// Class in RegioStaR 17, 111 to 225.
    #[graphql(name = "regiostar17")]
    async fn regiostar17(&self) -> Option<u16> {
        self.0.regiostar17
    }

    /// Its type among German municipalities after the Wegweiser Kommune.
    async fn demographic_type(&self) -> Option<DemographicType> {
        self.0.demographic_type.map(DemographicType)
    }

    /// Where the figures come from.
    async fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    /// Whether it is shown.
    async fn publication(&self) -> Publication {
        self.0.publication
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}
