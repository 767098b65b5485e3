//! Whom to call.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};

use super::solution::ordered;
use super::{Municipality, Node};
use crate::domain::{
    self, ContactId, ContactVisibility, Publication, Willingness, WithdrawalReason,
};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::Date;

/// Whom to call: a role first, a person only with consent.
#[derive(Clone)]
pub(in crate::graphql) struct Contact(pub(in crate::graphql) Arc<domain::Contact>);

impl Contact {
    /// The contact of a key, if the viewer may read it.
    pub(super) async fn find(ctx: &Context<'_>, id: ContactId) -> Result<Option<Self>> {
        let pick = |node| if let Node::Contact(contact) = node { Some(contact) } else { None };
        Ok(ordered(ctx, &[id], pick).await?.pop())
    }

    /// Whether the viewer works for its municipality.
    fn is_own(&self, ctx: &Context<'_>) -> bool {
        ctx.viewer().works_for(&self.0.municipality)
    }

    /// A detail that only those may see for whom the contact is meant.
    fn shown<'a>(&'a self, ctx: &Context<'_>, detail: &'a Option<String>) -> Option<&'a str> {
        detail.as_deref().filter(|_| ctx.viewer().reaches(&self.0))
    }
}

/// Whom to call: a role first, a person only with consent.
#[Object]
impl Contact {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often the record was changed, from 1; for `expectedRevision`.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// Its key in the system that it was imported from.
    async fn external_key(&self) -> Option<&str> {
        self.0.external_key.as_deref()
    }

    /// Whose contact it is.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<Municipality> {
        Municipality::find(ctx, &self.0.municipality)
    }

    /// The role.
    async fn role(&self) -> &str {
        &self.0.role
    }

    /// The person, for those who may see it.
    async fn person(&self, ctx: &Context<'_>) -> Option<&str> {
        self.shown(ctx, &self.0.person)
    }

    /// The office.
    async fn office(&self) -> Option<&str> {
        self.0.office.as_deref()
    }

    /// Mail address, for those who may see it.
    async fn email(&self, ctx: &Context<'_>) -> Option<&str> {
        self.shown(ctx, &self.0.email)
    }

    /// Telephone number, for those who may see it.
    async fn phone(&self, ctx: &Context<'_>) -> Option<&str> {
        self.shown(ctx, &self.0.phone)
    }

    /// Whether mail address and telephone number belong to the person, so that they are erased when
    /// the person withdraws consent.
    async fn address_is_personal(&self) -> bool {
        self.0.address_is_personal
    }

    /// Whether `requestContact` takes messages for it; its address need not be known for that.
    async fn accepts_requests(&self, ctx: &Context<'_>) -> bool {
        self.0.takes_messages() && ctx.services().outbox().is_open()
    }

    /// Whether it is uncertain that it can still be reached: messages came back.
    async fn reachability_uncertain(&self) -> bool {
        self.0.bounced_at.is_some()
    }

    /// Since when messages come back, for those who work for its municipality.
    async fn bounced_at(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        self.0.bounced_at.filter(|_| self.is_own(ctx))
    }

    /// Who may see how it is reached.
    async fn visibility(&self) -> ContactVisibility {
        self.0.visibility
    }

    /// Languages spoken, BCP 47.
    async fn languages(&self) -> &[String] {
        &self.0.languages
    }

    /// What it is ready to do.
    async fn willing(&self) -> &[Willingness] {
        &self.0.willing
    }

    /// When the person agreed to be named, for those who may see the person.
    async fn consent_at(&self, ctx: &Context<'_>) -> Option<Date> {
        self.0.consent_at.filter(|_| ctx.viewer().reaches(&self.0)).map(Date)
    }

    /// When a person's consent was withdrawn, the last time, for those who work for its municipality.
    async fn consent_withdrawn_at(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        self.0.consent_withdrawn_at.filter(|_| self.is_own(ctx))
    }

    /// Why it was withdrawn, for those who work for its municipality.
    async fn withdrawal_reason(&self, ctx: &Context<'_>) -> Option<WithdrawalReason> {
        self.0.withdrawal_reason.filter(|_| self.is_own(ctx))
    }

    /// Whether somebody should look at it: its date has come, or it cannot be reached.
    async fn needs_review(&self, ctx: &Context<'_>) -> bool {
        self.0.needs_review(ctx.services().clock.now().date_naive())
    }

    /// By when somebody should check whether it still holds.
    async fn review_by(&self) -> Option<Date> {
        self.0.review_by.map(Date)
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
