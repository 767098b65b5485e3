//! Topics, target groups, programmes.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use crate::domain;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::ContextExt;
use crate::graphql::failure::{Code, failure};
use crate::graphql::ids::PartialDate;
use crate::graphql::objects::{Municipality, Solution};
use crate::service::{Listing, MunicipalityFilter, SolutionFilter};

/// What a solution can be about.
#[derive(Clone)]
pub(in crate::graphql) struct Topic(pub(in crate::graphql) Arc<domain::Topic>);

/// What a solution can be about.
#[Object]
impl Topic {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// The slug, which never changes.
    async fn slug(&self) -> String {
        self.0.id.key()
    }

    /// The name, in the language of the request.
    async fn name(&self, ctx: &Context<'_>) -> &str {
        self.0.name.in_language(ctx.language())
    }

    /// What belongs to it, in the language of the request.
    async fn description(&self, ctx: &Context<'_>) -> &str {
        self.0.description.in_language(ctx.language())
    }

    /// The topics of the model project's toolbox that it takes in.
    async fn zwk_topics(&self) -> &[String] {
        &self.0.zwk_topics
    }

    /// The United Nations' sustainable development goals that it serves, 1 to 17.
    async fn sustainable_development_goals(&self) -> &[u8] {
        &self.0.sdg
    }

    /// Its solutions, newest first.
    async fn solutions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Solution>>> {
        let filters =
            SolutionFilter { topics: vec![self.0.id.clone()], ..SolutionFilter::default() }
                .conditions();
        let listing = Listing {
            kinds: vec!["Solution"],
            filters,
            order: Listing::NEWEST,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }
}

/// Whom a solution can be for.
#[derive(Clone)]
pub(in crate::graphql) struct TargetGroup(pub(in crate::graphql) Arc<domain::TargetGroup>);

/// Whom a solution can be for.
#[Object]
impl TargetGroup {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// The slug, which never changes.
    async fn slug(&self) -> String {
        self.0.id.key()
    }

    /// The name, in the language of the request.
    async fn name(&self, ctx: &Context<'_>) -> &str {
        self.0.name.in_language(ctx.language())
    }
}

/// A programme that municipalities took part in.
#[derive(Clone)]
pub(in crate::graphql) struct Programme(pub(in crate::graphql) Arc<domain::Programme>);

/// A programme that municipalities took part in.
#[Object]
impl Programme {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// The slug, which never changes.
    async fn slug(&self) -> String {
        self.0.id.key()
    }

    /// The name, in the language of the request.
    async fn name(&self, ctx: &Context<'_>) -> &str {
        self.0.name.in_language(ctx.language())
    }

    /// What it was for, in the language of the request.
    async fn description(&self, ctx: &Context<'_>) -> &str {
        self.0.description.in_language(ctx.language())
    }

    /// Its beginning.
    async fn starts(&self) -> Option<PartialDate> {
        self.0.starts.clone().map(PartialDate)
    }

    /// Its end.
    async fn ends(&self) -> Option<PartialDate> {
        self.0.ends.clone().map(PartialDate)
    }

    /// Its web address.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// The municipalities that took part, by name.
    async fn municipalities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Municipality>>> {
        let filter = MunicipalityFilter {
            programmes: vec![self.0.id.clone()],
            ..MunicipalityFilter::default()
        };
        let filters = filter.conditions();
        let listing = Listing {
            kinds: vec!["Municipality"],
            filters,
            order: Listing::TITLE,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }
}

/// Words that mean the same in town halls: a search for one finds the others.
#[derive(Clone)]
pub(in crate::graphql) struct Thesaurus(pub(in crate::graphql) Arc<domain::Thesaurus>);

/// Words that mean the same in town halls: a search for one finds the others.
#[Object]
impl Thesaurus {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        ID::from(&self.0.id)
    }

    /// How often it was changed.
    async fn revision(&self) -> u32 {
        self.0.revision
    }

    /// How many groups it has.
    async fn group_count(&self) -> usize {
        self.0.groups.len()
    }

    /// Its groups.
    async fn groups(
        &self,
        #[graphql(desc = "Only those with a term that contains this.")] containing: Option<String>,
        #[graphql(desc = "The first so many, 1 to 1000.", default = 100)] first: i32,
    ) -> Result<Vec<SynonymGroup>> {
        let Some(size) = usize::try_from(first).ok().filter(|_| (1..=1_000).contains(&first))
        else {
            let message = format!("first must be from 1 to 1000, not {first}");
            return Err(failure(Code::BadUserInput, message));
        };
        let part = containing.unwrap_or_default().to_lowercase();
        let contains = |group: &&domain::SynonymGroup| {
            group.terms.iter().any(|term| term.to_lowercase().contains(&part))
        };
        Ok(self.0.groups.iter().filter(contains).take(size).map(SynonymGroup::from).collect())
    }
}

/// Words that stand for each other.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SynonymGroup {
    /// Words or fixed phrases.
    terms: Vec<String>,
    /// What an entry with another of the terms is worth, above 0 up to 1.
    weight: f64,
}

impl From<&domain::SynonymGroup> for SynonymGroup {
    fn from(group: &domain::SynonymGroup) -> Self {
        Self { terms: group.terms.clone(), weight: group.weight }
    }
}
