//! Everything with a global id.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Result};

use super::{
    Adoption, Contact, Delivery, Event, Feedback, Municipality, Organisation, Profile, Programme,
    ProjectDocument, Question, Solution, SolutionVersion, StrategyProcess, TargetGroup, Thesaurus,
    Topic, Watch, Webhook,
};
use crate::domain::{self, NodeId};
use crate::graphql::connection::Listable;
use crate::graphql::context::ContextExt;
use crate::graphql::failure::{fault, from_service};
use crate::graphql::loaders::Loaders;

/// Something with a global id.
#[derive(Interface, Clone)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id, for instance `Solution:01J…`."))]
pub(in crate::graphql) enum Node {
    /// A municipality.
    Municipality(Municipality),
    /// A profile.
    Profile(Profile),
    /// A solution.
    Solution(Solution),
    /// A contact.
    Contact(Contact),
    /// A project document.
    ProjectDocument(ProjectDocument),
    /// An organisation.
    Organisation(Organisation),
    /// A strategy process.
    StrategyProcess(StrategyProcess),
    /// A topic.
    Topic(Topic),
    /// A target group.
    TargetGroup(TargetGroup),
    /// A programme.
    Programme(Programme),
    /// The words that mean the same.
    Thesaurus(Thesaurus),
    /// A version of a solution.
    SolutionVersion(SolutionVersion),
    /// An entry of the journal.
    Event(Event),
    /// A question.
    Question(Question),
    /// That a municipality took a solution over.
    Adoption(Adoption),
    /// Why a solution was helpful to a municipality.
    Feedback(Feedback),
    /// A webhook.
    Webhook(Webhook),
    /// A message to a webhook.
    Delivery(Delivery),
    /// A search that somebody saved.
    Watch(Watch),
}

/// The records of these ids that the viewer may read; what is unknown or hidden is absent.
pub(in crate::graphql) async fn load_nodes(
    ctx: &Context<'_>,
    ids: Vec<NodeId>,
) -> Result<HashMap<NodeId, Node>> {
    let tables = ctx.tables();
    let mut nodes = HashMap::new();
    let (mut solutions, mut contacts, mut documents) = (Vec::new(), Vec::new(), Vec::new());
    let (mut profiles, mut organisations, mut processes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut questions, mut adoptions, mut feedback) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids {
        match &id {
            NodeId::Municipality(key) => {
                let place = tables
                    .place(key)
                    .map(|place| Node::Municipality(Municipality(Arc::clone(place))));
                nodes.extend(place.map(|node| (id, node)));
            }
            NodeId::Topic(key) => nodes.extend(
                tables.topics.get(key).map(|topic| (id, Node::Topic(Topic(Arc::clone(topic))))),
            ),
            NodeId::TargetGroup(key) => {
                let group = tables
                    .target_groups
                    .get(key)
                    .map(|group| Node::TargetGroup(TargetGroup(Arc::clone(group))));
                nodes.extend(group.map(|node| (id, node)));
            }
            NodeId::Programme(key) => {
                let programme = tables
                    .programmes
                    .get(key)
                    .map(|programme| Node::Programme(Programme(Arc::clone(programme))));
                nodes.extend(programme.map(|node| (id, node)));
            }
            NodeId::Solution(key) => solutions.push(key.clone()),
            NodeId::Contact(key) => contacts.push(key.clone()),
            NodeId::ProjectDocument(key) => documents.push(key.clone()),
            NodeId::Profile(key) => profiles.push(key.clone()),
            NodeId::Organisation(key) => organisations.push(key.clone()),
            NodeId::StrategyProcess(key) => processes.push(key.clone()),
            NodeId::Event(key) => {
                let event = ctx.services().event(ctx.viewer(), key).await.map_err(from_service)?;
                nodes.extend(event.map(|event| (id, Node::Event(Event(Arc::new(event))))));
            }
            NodeId::Thesaurus(_) => {
                let known = Arc::clone(&tables.thesaurus);
                if known.revision > 0 && NodeId::from(known.id.clone()) == id {
                    nodes.insert(id, Node::Thesaurus(Thesaurus(known)));
                }
            }
            NodeId::SolutionVersion(key) => {
                let found =
                    ctx.services().version(ctx.viewer(), key).await.map_err(from_service)?;
                nodes.extend(found.map(|it| (id, Node::SolutionVersion(it.into()))));
            }
            // Who looks after them asks for them as a whole.
            NodeId::AccessToken(_) | NodeId::Account(_) | NodeId::Transition(_) => {}
            NodeId::Question(key) => questions.push(key.clone()),
            NodeId::Adoption(key) => adoptions.push(key.clone()),
            NodeId::Feedback(key) => feedback.push(key.clone()),
            NodeId::Webhook(key) => {
                let found =
                    ctx.services().webhook(ctx.viewer(), key).await.map_err(from_service)?;
                nodes.extend(found.map(|it| (id, Node::Webhook(it.into()))));
            }
            NodeId::Delivery(key) => {
                let found =
                    ctx.services().delivery(ctx.viewer(), key).await.map_err(from_service)?;
                nodes.extend(found.map(|it| (id, Node::Delivery(it.into()))));
            }
            NodeId::Watch(key) => {
                let found = ctx.services().watch(ctx.viewer(), key).await.map_err(from_service)?;
                nodes.extend(found.map(|it| (id, Node::Watch(it.into()))));
            }
        }
    }
    let viewer = ctx.viewer();
    let readable = load(ctx, solutions)
        .await?
        .into_values()
        .filter(|solution| viewer.reads_solution(solution));
    nodes.extend(readable.map(|record| (record.id.clone().into(), Node::Solution(record.into()))));
    let readable = load(ctx, contacts)
        .await?
        .into_values()
        .filter(|it| viewer.reads(it.publication, &it.municipality));
    nodes.extend(readable.map(|record| (record.id.clone().into(), Node::Contact(Contact(record)))));
    let readable = load(ctx, documents)
        .await?
        .into_values()
        .filter(|it| viewer.reads(it.publication, &it.municipality));
    nodes.extend(
        readable.map(|record| {
            (record.id.clone().into(), Node::ProjectDocument(ProjectDocument(record)))
        }),
    );
    let readable = load(ctx, profiles)
        .await?
        .into_values()
        .filter(|it| viewer.reads(it.publication, &it.municipality));
    nodes.extend(readable.map(|record| (record.id.clone().into(), Node::Profile(Profile(record)))));
    let found =
        load(ctx, organisations).await?.into_values().filter(|it| it.is_readable_by(viewer));
    nodes.extend(
        found.map(|record| (record.id.clone().into(), Node::Organisation(Organisation(record)))),
    );
    let found = load(ctx, processes)
        .await?
        .into_values()
        .filter(|it| viewer.reads(it.publication, &it.municipality));
    nodes.extend(
        found.map(|record| {
            (record.id.clone().into(), Node::StrategyProcess(StrategyProcess(record)))
        }),
    );
    let readable = load(ctx, questions).await?.into_values().filter(|it| it.is_readable_by(viewer));
    nodes.extend(
        readable.map(|record| (record.id.clone().into(), Node::Question(Question(record)))),
    );
    let readable = load(ctx, adoptions).await?.into_values().filter(|it| it.is_readable_by(viewer));
    nodes.extend(
        readable.map(|record| (record.id.clone().into(), Node::Adoption(Adoption(record)))),
    );
    let readable = load(ctx, feedback).await?.into_values().filter(|it| it.is_readable_by(viewer));
    nodes.extend(
        readable.map(|record| (record.id.clone().into(), Node::Feedback(Feedback(record)))),
    );
    Ok(nodes)
}

/// The ids that the index gave.
fn parsed(ids: &[String]) -> Vec<NodeId> {
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

async fn load<K, V>(ctx: &Context<'_>, keys: Vec<K>) -> Result<HashMap<K, V>>
where
    K: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    Loaders: async_graphql::dataloader::Loader<K, Value = V, Error = Arc<crate::store::Error>>,
{
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    ctx.loaders().load_many(keys).await.map_err(|error| fault(error.as_ref()))
}

/// Lists of one kind: what the index names, as that kind.
macro_rules! listable {
    ($($type:ident,)*) => {$(
        impl Listable for $type {
            const NAME: &'static str = stringify!($type);

            async fn load(ctx: &Context<'_>, ids: &[String]) -> Result<HashMap<String, Self>> {
                let nodes = load_nodes(ctx, parsed(ids)).await?;
                let kind = |(id, node): (NodeId, Node)| match node {
                    Node::$type(node) => Some((id.to_string(), node)),
                    _ => None,
                };
                Ok(nodes.into_iter().filter_map(kind).collect())
            }
        }
    )*};
}

listable! { Municipality, Profile, Solution, Contact, ProjectDocument, Organisation, StrategyProcess, Question, Adoption, Feedback, }

/// Records as objects of the API.
macro_rules! objects {
    ($($type:ident,)*) => {$(
        impl From<domain::$type> for $type {
            fn from(record: domain::$type) -> Self {
                Self(Arc::new(record))
            }
        }
    )*};
}

objects! {
    Contact, Profile, ProjectDocument, Thesaurus, SolutionVersion, Organisation, StrategyProcess, Question, Adoption,
    Feedback, Watch,
}

impl Listable for Node {
    const NAME: &'static str = "SearchResult";

    async fn load(ctx: &Context<'_>, ids: &[String]) -> Result<HashMap<String, Self>> {
        let nodes = load_nodes(ctx, parsed(ids)).await?;
        Ok(nodes.into_iter().map(|(id, node)| (id.to_string(), node)).collect())
    }
}
