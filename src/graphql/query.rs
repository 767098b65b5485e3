//! The root of all questions.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::choices::{
    EventFilterInput, OrganisationFilterInput, QuestionFilterInput, QuestionOrder,
};
use super::connection::{Connection, Paging};
use super::context::ContextExt;
use super::failure::{Code, failure, from_service};
use super::ids::Date;
use super::input::{
    MunicipalityBy, MunicipalityFilterInput, MunicipalityOrder, NearPoint, SearchKind, SolutionBy,
    SolutionFilterInput, SolutionOrder, check_states, said,
};
use super::objects::{
    Account, CurrentViewer, EventConnection, Municipality, Node, Organisation, Programme, Question,
    Solution, TargetGroup, Thesaurus, Topic, WatchPreview, load_nodes,
};
use super::suggest::{SearchedText, Suggestions};
use super::watching::WatchSelectionInput;
use crate::domain::{EventKind, Lens, MunicipalityId, NodeId, Viewer};
use crate::service::{Alike, Listing, MunicipalityFilter};

/// The root of all questions.
#[derive(Clone, Copy)]
pub struct Query;

/// The root of all questions.
#[Object]
impl Query {
    /// Anything by its global id; null if it does not exist or the viewer may not see it.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id.")] id: NodeId,
    ) -> Option<Result<Node>> {
        match load_nodes(ctx, vec![id]).await {
            Ok(nodes) => nodes.into_values().next().map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Several things by their global ids, at most 100, in the order of the ids.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids.", validator(max_items = 100))] ids: Vec<NodeId>,
    ) -> Option<Result<Vec<Option<Node>>>> {
        let nodes = match load_nodes(ctx, ids.clone()).await {
            Ok(nodes) => nodes,
            Err(error) => return Some(Err(error)),
        };
        Some(Ok(ids.iter().map(|id| nodes.get(id).cloned()).collect()))
    }

    /// Who asks; null without an access token.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<CurrentViewer> {
        match ctx.viewer() {
            Viewer::Member(member) => Some(CurrentViewer(member.clone())),
            Viewer::Anonymous | Viewer::Operator | Viewer::Hub => None,
        }
    }

    /// One municipality.
    async fn municipality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it.")] by: MunicipalityBy,
    ) -> Option<Municipality> {
        let tables = ctx.tables();
        let place = match by {
            MunicipalityBy::Id(id) => tables.place(&id),
            MunicipalityBy::Slug(slug) => tables.by_slug(&slug),
            MunicipalityBy::Ags(ags) => tables.by_ags(&ags),
            MunicipalityBy::Ars(ars) => tables.by_ars(&ars),
        };
        place.cloned().map(Municipality)
    }

    /// Municipalities.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn municipalities(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Words to be found; \"phrases\", -without and conditions like `topic:mobility`, `land:Sachsen`, `einwohner:<5000` are understood. At most 1,000 characters."
        )]
        search: Option<String>,
        #[graphql(
            desc = "Only what matches the text: all of two words, three quarters of more, each in any of its forms or with all that it is made of. Otherwise, if that is little, entries that match less follow, and `reading` says so.",
            default
        )]
        strict: bool,
        #[graphql(desc = "What must hold.")] filter: Option<MunicipalityFilterInput>,
        #[graphql(desc = "The order: by relevance with a search, else by name.")] order_by: Option<
            MunicipalityOrder,
        >,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Municipality>>> {
        let filter = filter.unwrap_or_default();
        let states = check_states(filter.states.as_deref());
        let near = states.and_then(|()| filter.near.map(NearPoint::checked).transpose());
        let near = match near {
            Ok(near) => near,
            Err(error) => return Some(Err(error)),
        };
        let filters = MunicipalityFilter::from(filter).conditions();
        let search = said(search);
        let order = MunicipalityOrder::order(order_by, search.as_deref());
        let listing = Listing {
            kinds: vec!["Municipality"],
            search,
            strict,
            filters,
            near,
            order,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// All accounts, in the order in which they were made; for admins.
    async fn accounts(&self, ctx: &Context<'_>) -> Option<Result<Vec<Account>>> {
        let found = ctx.services().accounts(ctx.viewer()).await.map_err(from_service);
        Some(found.map(|accounts| accounts.into_iter().map(Into::into).collect()))
    }

    /// One solution.
    async fn solution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names it.")] by: SolutionBy,
    ) -> Option<Result<Solution>> {
        let (services, viewer) = (ctx.services(), ctx.viewer());
        let found = match by {
            SolutionBy::Id(id) => return Solution::find(ctx, id).await.transpose(),
            SolutionBy::Slug(slug) => services.solution_by_slug(viewer, &slug).await,
            SolutionBy::ExternalKey(key) => services.solution_by_external_key(viewer, &key).await,
        };
        let found = found.map(|found| found.map(Solution::from));
        found.map_err(from_service).transpose()
    }

    /// Solutions.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn solutions(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Words to be found; \"phrases\", -without and conditions like `topic:mobility`, `land:Sachsen`, `einwohner:<5000` are understood. At most 1,000 characters."
        )]
        search: Option<String>,
        #[graphql(
            desc = "Only what matches the text: all of two words, three quarters of more, each in any of its forms or with all that it is made of. Otherwise, if that is little, entries that match less follow, and `reading` says so.",
            default
        )]
        strict: bool,
        #[graphql(desc = "What must hold.")] filter: Option<SolutionFilterInput>,
        #[graphql(desc = "Solutions of places like this municipality are ranked higher.")]
        like_municipality: Option<MunicipalityId>,
        #[graphql(
            desc = "What the comparison with that municipality is about.",
            default_with = "Lens::General"
        )]
        lens: Lens,
        #[graphql(
            desc = "The order: by relevance with a search, by likeness with `likeMunicipality`, else newest first."
        )]
        order_by: Option<SolutionOrder>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Solution>>> {
        let alike =
            like_municipality.map(|municipality| Alike { lens, ..Alike::general(municipality) });
        let listing = match SolutionOrder::listing(search, filter, alike, order_by) {
            Ok(listing) => Listing { strict, ..listing },
            Err(error) => return Some(Err(error)),
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// Questions that municipalities ask each other.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn questions(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Words to be found in questions and answers; \"phrases\", -without and conditions like `topic:mobility`, `land:Sachsen` are understood. At most 1,000 characters."
        )]
        search: Option<String>,
        #[graphql(desc = "What must hold.")] filter: Option<QuestionFilterInput>,
        #[graphql(desc = "Questions of places like this municipality are ranked higher.")]
        like_municipality: Option<MunicipalityId>,
        #[graphql(desc = "The order: by relevance with a search, else newest first.")]
        order_by: Option<QuestionOrder>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Question>>> {
        let alike = like_municipality.map(Alike::general);
        let listing = match QuestionOrder::listing(search, filter, alike, order_by) {
            Ok(listing) => listing,
            Err(error) => return Some(Err(error)),
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// Organisations and experts, by name.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words to be found; the best match comes first.")] search: Option<String>,
        #[graphql(desc = "What must hold.")] filter: Option<OrganisationFilterInput>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Organisation>>> {
        let listing = match OrganisationFilterInput::listing(filter, search) {
            Ok(listing) => listing,
            Err(error) => return Some(Err(error)),
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// A search over everything.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Words to be found; \"phrases\", -without and conditions like `topic:mobility`, `land:Sachsen`, `einwohner:<5000` are understood. At most 1,000 characters."
        )]
        text: String,
        #[graphql(
            desc = "Only what matches the text: all of two words, three quarters of more, each in any of its forms or with all that it is made of. Otherwise, if that is little, entries that match less follow, and `reading` says so.",
            default
        )]
        strict: bool,
        #[graphql(desc = "The last word may go on: somebody is still typing.", default)]
        unfinished: bool,
        #[graphql(desc = "Kinds of things; all if absent.")] kinds: Option<Vec<SearchKind>>,
        #[graphql(desc = "Entries of places like this municipality are ranked higher.")]
        like_municipality: Option<MunicipalityId>,
        #[graphql(
            desc = "What the comparison with that municipality is about.",
            default_with = "Lens::General"
        )]
        lens: Lens,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Node>>> {
        let listing = Listing {
            kinds: SearchKind::names(kinds),
            search: Some(text),
            strict,
            unfinished,
            alike: like_municipality
                .map(|municipality| Alike { lens, ..Alike::general(municipality) }),
            order: Listing::RELEVANCE,
            ..Listing::default()
        };
        Some(Connection::read(ctx, listing, Paging::new(first, after, last, before)).await)
    }

    /// What somebody may want who is typing; nothing before the first letter.
    async fn suggest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed so far, at most 100 characters.")] text: String,
        #[graphql(desc = "Of each kind the first so many, 1 to 20.", default = 5)] first: i32,
    ) -> Option<Result<Suggestions>> {
        let size = match usize::try_from(first) {
            Ok(size) if (1..=20).contains(&size) => size,
            _ => {
                let message = format!("first must be from 1 to 20, not {first}");
                return Some(Err(failure(Code::BadUserInput, message)));
            }
        };
        let found = ctx.services().suggest(ctx.viewer(), &text, size).await;
        Some(found.map(Suggestions::from).map_err(from_service))
    }

    /// All topics.
    async fn topics(&self, ctx: &Context<'_>) -> Option<Vec<Topic>> {
        let mut topics: Vec<_> = ctx.tables().topics.values().cloned().collect();
        topics.sort_by_key(|topic| topic.position);
        Some(topics.into_iter().map(Topic).collect())
    }

    /// All target groups.
    async fn target_groups(&self, ctx: &Context<'_>) -> Option<Vec<TargetGroup>> {
        let mut groups: Vec<_> = ctx.tables().target_groups.values().cloned().collect();
        groups.sort_by_key(|group| group.position);
        Some(groups.into_iter().map(TargetGroup).collect())
    }

    /// All programmes.
    async fn programmes(&self, ctx: &Context<'_>) -> Option<Vec<Programme>> {
        let mut programmes: Vec<_> = ctx.tables().programmes.values().cloned().collect();
        programmes.sort_by_key(|programme| programme.position);
        Some(programmes.into_iter().map(Programme).collect())
    }

    /// The words that mean the same in town halls.
    async fn thesaurus(&self, ctx: &Context<'_>) -> Option<Thesaurus> {
        let known = Arc::clone(&ctx.tables().thesaurus);
        (known.revision > 0).then_some(Thesaurus(known))
    }

    /// What people searched for, more than once, that nothing matched in full, the most frequent
    /// first; for moderators. Nothing says who searched.
    async fn searches_without_hits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only since this day.")] since: Option<Date>,
        #[graphql(desc = "The first so many, 1 to 1000.", default = 50)] first: i32,
    ) -> Option<Result<Vec<SearchedText>>> {
        let Some(size) = usize::try_from(first).ok().filter(|_| (1..=1_000).contains(&first))
        else {
            let message = format!("first must be from 1 to 1000, not {first}");
            return Some(Err(failure(Code::BadUserInput, message)));
        };
        let since = since.map(|since| since.0);
        let found = ctx.services().searches_without_hits(ctx.viewer(), since, size).await;
        let texts = |found: Vec<_>| found.into_iter().map(SearchedText::from).collect();
        Some(found.map(texts).map_err(from_service))
    }

    /// What a watch would have told of lately, before it is saved; for who is signed in or has an
    /// access token.
    async fn watch_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which solutions it finds.")] selection: WatchSelectionInput,
        #[graphql(desc = "Of which events of solutions it tells; of publications if absent.")]
        kinds: Option<Vec<EventKind>>,
    ) -> Option<Result<WatchPreview>> {
        let selection = match selection.checked(ctx) {
            Ok(selection) => selection,
            Err(error) => return Some(Err(error)),
        };
        let foreseen = Box::pin(ctx.services().foresee_watch(ctx.viewer(), selection, kinds)).await;
        Some(foreseen.map(WatchPreview::from).map_err(from_service))
    }

    /// What happened, oldest first: the entries of the journal that the viewer may know of. With
    /// `last` the newest ones are read, and backwards from there.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What must hold.")] filter: Option<EventFilterInput>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Option<Result<EventConnection>> {
        let paging = Paging::new(first, after, last, before);
        Some(EventConnection::read(ctx, filter.unwrap_or_default(), paging).await)
    }
}
