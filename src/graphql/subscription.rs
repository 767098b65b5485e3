//! The root of everything that is told as it happens.
//!
//! A subscriber is a follower of the journal with a cursor of its own. What it missed and what
//! happens now come out of the same loop; see [`crate::live::Feed`].

use std::collections::VecDeque;
use std::sync::Arc;

use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use futures_util::Stream;
use futures_util::stream;

use super::context::{ContextExt, Place};
use super::cursor;
use super::failure::{Code, failure, from_list, from_service};
use super::input::{SolutionFilterInput, SolutionOrder};
use super::objects::{Event, Solution};
use crate::domain::{self, EventKind, MunicipalityId, NodeId, SolutionId, Viewer};
use crate::live::{Age, Entry};
use crate::service::{Alike, Listing, Services};

/// A solution went out in the open.
#[derive(SimpleObject)]
pub(super) struct SolutionPublishedEvent {
    /// The number of the journal entry.
    #[graphql(skip)]
    seq: u64,
    /// The place of the event in the journal: hand it back as `after` to receive what follows.
    cursor: String,
    /// When it happened.
    occurred_at: DateTime<Utc>,
    /// The solution's id.
    solution_id: ID,
    /// The solution as it is now; null if it was put away meanwhile.
    solution: Option<Solution>,
}

/// The root of everything that is told as it happens.
#[derive(Clone, Copy)]
pub struct Subscription;

/// The root of everything that is told as it happens.
#[Subscription]
impl Subscription {
    /// Solutions that go out in the open, as soon as a search finds them. The arguments select
    /// exactly what the same arguments of `solutions` would with `strict: true`.
    async fn solution_published(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What must hold.")] filter: Option<SolutionFilterInput>,
        #[graphql(desc = "Words that must be found.")] search: Option<String>,
        #[graphql(desc = "The municipality to compare places with.")] like_municipality: Option<
            MunicipalityId,
        >,
        #[graphql(desc = "Only places at least so alike, from 0 to 1; needs `likeMunicipality`.")]
        min_likeness: Option<f64>,
        #[graphql(desc = "Begin behind this cursor: what was missed comes first.")] after: Option<
            String,
        >,
    ) -> Result<impl Stream<Item = Result<SolutionPublishedEvent>>> {
        let alike = alike(like_municipality, min_likeness)?;
        let listing = SolutionOrder::listing(search, filter, alike, None)?;
        let services = ctx.services().clone();
        // Wrong arguments are refused at once, not with the first event.
        let listed = services.list(ctx.viewer(), listing.clone()).map_err(from_list)?;
        if let Some(hint) = listed.hints().first() {
            // Nobody would ever learn that something else is waited for.
            return Err(failure(Code::BadUserInput, hint.message(ctx.language())));
        }
        let follower =
            Follower::new(ctx, after, |event| event.kind == EventKind::SolutionPublished);
        let publications =
            Publications { follower: follower.await?, listing, held: VecDeque::new() };
        // A stream that failed ends; its subscriber comes back with the last cursor.
        Ok(stream::unfold(Some(publications), |publications| async {
            let mut publications = publications?;
            match publications.next().await {
                Ok(published) => Some((Ok(published?), Some(publications))),
                Err(error) => Some((Err(error), None)),
            }
        }))
    }

    /// Everything that happens and that the viewer may know of.
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these kinds of events.")] kinds: Option<Vec<EventKind>>,
        #[graphql(desc = "Only what concerns this municipality.")] municipality: Option<
            MunicipalityId,
        >,
        #[graphql(desc = "Begin behind this cursor: what was missed comes first.")] after: Option<
            String,
        >,
    ) -> Result<impl Stream<Item = Result<Event>>> {
        let follower = Follower::new(ctx, after, move |event| {
            kinds.as_ref().is_none_or(|kinds| kinds.contains(&event.kind))
                && municipality.as_ref().is_none_or(|place| event.municipalities.contains(place))
        });
        let state = Some((follower.await?, VecDeque::new()));
        Ok(stream::unfold(state, |state| async {
            let (mut follower, mut waiting) = state?;
            loop {
                if let Some(event) = waiting.pop_front() {
                    let event: Arc<domain::Event> = event;
                    follower.place.tell(event.seq);
                    return Some((Ok(Event(event)), Some((follower, waiting))));
                }
                match follower.batch().await {
                    Ok(batch) => waiting = batch?.into(),
                    Err(error) => return Some((Err(error), None)),
                }
            }
        }))
    }
}

/// What a list is compared with.
pub(super) fn alike(
    municipality: Option<MunicipalityId>,
    minimum: Option<f64>,
) -> Result<Option<Alike>> {
    match (municipality, minimum) {
        (None, Some(_)) => Err(failure(Code::BadUserInput, "minLikeness needs likeMunicipality")),
        (_, Some(minimum)) if !(0.0..=1.0).contains(&minimum) => Err(failure(
            Code::BadUserInput,
            format!("minLikeness must be from 0 to 1, not {minimum}"),
        )),
        #[expect(clippy::cast_possible_truncation, reason = "a likeness from 0 to 1")]
        (municipality, minimum) => Ok(municipality.map(|municipality| Alike {
            minimum: minimum.map(|minimum| minimum as f32),
            ..Alike::general(municipality)
        })),
    }
}

/// A subscriber's way through the journal.
struct Follower {
    services: Services,
    viewer: Viewer,
    place: Place,
    after: u64,
    wanted: Box<dyn Fn(&domain::Event) -> bool + Send + Sync>,
}

impl Follower {
    async fn new(
        ctx: &Context<'_>,
        after: Option<String>,
        wanted: impl Fn(&domain::Event) -> bool + Send + Sync + 'static,
    ) -> Result<Self> {
        let services = ctx.services().clone();
        let newest = services.newest();
        let place = ctx.data_opt::<Place>().cloned().unwrap_or_default();
        let after = place.resume.clone().or(after);
        let after = cursor::parse(after.as_deref(), &services).await?.unwrap_or(newest);
        let viewer = ctx.viewer().clone();
        Ok(Self { services, viewer, place, after, wanted: Box::new(wanted) })
    }

    /// The next events that are wanted and may be known of, at least one; nothing once all is told
    /// that was asked for.
    async fn batch(&mut self) -> Result<Option<Vec<Arc<domain::Event>>>> {
        let until = self.place.until.unwrap_or(u64::MAX);
        while self.after < until {
            let events = self.services.feed().next(self.after).await;
            let mut events = events.map_err(|error| from_service(error.into()))?;
            events.retain(|event| event.seq <= until);
            // What lies beyond the end was not asked for.
            self.after = events.last().map_or(until, |event| event.seq);
            events.retain(|event| (self.wanted)(event) && event.visible_to(&self.viewer));
            if !events.is_empty() {
                return Ok(Some(events));
            }
        }
        Ok(None)
    }
}

/// The publications that a list holds.
struct Publications {
    follower: Follower,
    listing: Listing,
    held: VecDeque<SolutionPublishedEvent>,
}

impl Publications {
    async fn next(&mut self) -> Result<Option<SolutionPublishedEvent>> {
        loop {
            if let Some(published) = self.held.pop_front() {
                self.follower.place.tell(published.seq);
                return Ok(Some(published));
            }
            let Some(events) = self.follower.batch().await? else { return Ok(None) };
            self.held = self.select(&events).await?.into();
        }
    }

    /// Those of some events whose solutions the list holds, with the solutions.
    async fn select(&self, events: &[Arc<domain::Event>]) -> Result<Vec<SolutionPublishedEvent>> {
        let Follower { services, viewer, place, .. } = &self.follower;
        // The list is made anew each time: figures that likeness goes by may have changed.
        let listed = services.list(viewer, self.listing.clone()).map_err(from_list)?;
        let entry =
            |event: &Arc<domain::Event>| Entry { seq: event.seq, subject: event.subject.0.clone() };
        let entries: Vec<Entry> = events.iter().map(entry).collect();
        let age = if place.until.is_some() { Age::Missed } else { Age::New };
        let held = services.held(&listed, &entries, age).await.map_err(from_service)?;
        let held = events.iter().filter(|event| held.contains(&event.seq));
        let held: Vec<_> = held.filter_map(|event| Some((event, solution_of(event)?))).collect();
        let ids: Vec<SolutionId> = held.iter().map(|(_, id)| (*id).clone()).collect();
        let solutions = services.solutions(viewer, &ids).await.map_err(from_service)?;
        let published = |(event, id): (&Arc<domain::Event>, &SolutionId)| SolutionPublishedEvent {
            seq: event.seq,
            cursor: event.seq.to_string(),
            occurred_at: event.at,
            solution_id: ID::from(id),
            solution: solutions.get(id).map(|solution| Solution::from(Arc::clone(solution))),
        };
        Ok(held.into_iter().map(published).collect())
    }
}

fn solution_of(event: &domain::Event) -> Option<&SolutionId> {
    match &event.subject.0 {
        NodeId::Solution(id) => Some(id),
        _ => None,
    }
}
