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
use super::failure::{Code, failure, fault, from_list, from_service};
use super::input::{SolutionFilterInput, SolutionOrder};
use super::objects::{Event, Solution};
use crate::domain::{self, EventKind, MunicipalityId, NodeId, Viewer};
use crate::service::{Alike, EventSelection, Listing, Services};

/// A solution went out in the open.
#[derive(SimpleObject)]
pub(super) struct SolutionPublishedEvent {
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
        let follower = Follower::new(ctx, after).await?;
        let wanted = move |event: &domain::Event| event.kind == EventKind::SolutionPublished;
        Ok(stream::unfold(Some((follower, listing)), move |state| async move {
            let (mut follower, listing) = state?;
            match follower.next_published(wanted, &listing).await {
                Ok(event) => Some((Ok(event), Some((follower, listing)))),
                // A stream that failed ends; its subscriber comes back with the last cursor.
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
        let follower = Follower::new(ctx, after).await?;
        let selection = EventSelection { kinds, municipality };
        let wanted = Arc::new(move |event: &domain::Event| selection.holds(event));
        Ok(stream::unfold(Some(follower), move |state| {
            let wanted = Arc::clone(&wanted);
            async move {
                let mut follower = state?;
                match follower.next(wanted.as_ref()).await {
                    Ok(event) => {
                        follower.place.tell(event.seq);
                        Some((Ok(Event(event)), Some(follower)))
                    }
                    Err(error) => Some((Err(error), None)),
                }
            }
        }))
    }
}

fn alike(municipality: Option<MunicipalityId>, minimum: Option<f64>) -> Result<Option<Alike>> {
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
    waiting: VecDeque<Arc<domain::Event>>,
}

impl Follower {
    async fn new(ctx: &Context<'_>, after: Option<String>) -> Result<Self> {
        let services = ctx.services().clone();
        let newest = services.newest();
        let place = ctx.data_opt::<Place>().cloned().unwrap_or_default();
        let after = place.resume.clone().or(after);
        let after = cursor::parse(after.as_deref(), &services).await?.unwrap_or(newest);
        Ok(Self { services, viewer: ctx.viewer().clone(), place, after, waiting: VecDeque::new() })
    }

    /// The next event that is wanted and may be known of.
    async fn next(
        &mut self,
        wanted: &(dyn Fn(&domain::Event) -> bool + Send + Sync),
    ) -> Result<Arc<domain::Event>> {
        loop {
            while let Some(event) = self.waiting.pop_front() {
                self.after = event.seq;
                if wanted(&event) && event.visible_to(&self.viewer) {
                    return Ok(event);
                }
            }
            self.waiting =
                self.services.feed().next(self.after).await.map_err(|error| fault(&error))?.into();
        }
    }

    /// The next publication that the list holds.
    async fn next_published(
        &mut self,
        wanted: impl Fn(&domain::Event) -> bool + Send + Sync,
        listing: &Listing,
    ) -> Result<SolutionPublishedEvent> {
        loop {
            let event = self.next(&wanted).await?;
            let NodeId::Solution(id) = &event.subject.0 else { continue };
            let listed = self.services.list(&self.viewer, listing.clone()).map_err(from_list)?;
            let held = self
                .services
                .holds(&listed, &id.to_string(), event.seq)
                .await
                .map_err(from_service)?;
            if held {
                let solution = self
                    .services
                    .read::<domain::Solution>(&self.viewer, id)
                    .await
                    .map_err(from_service)?;
                self.place.tell(event.seq);
                return Ok(SolutionPublishedEvent {
                    cursor: event.seq.to_string(),
                    occurred_at: event.at,
                    solution_id: ID::from(id),
                    solution: solution.map(Solution::from),
                });
            }
        }
    }
}
