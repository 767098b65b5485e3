//! Which entries of the journal somebody asks for.

use chrono::{DateTime, Utc};

use super::{Actor, Event, EventKind};
use crate::domain::key::{MunicipalityId, NodeId};
use crate::domain::rights::Viewer;

/// Which entries of the journal. All that is named must hold; of a list, one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// What happened.
    pub kinds: Vec<EventKind>,
    /// To what.
    pub subject: Option<NodeId>,
    /// Who did it.
    pub actor: Option<Actor>,
    /// The municipalities it concerns.
    pub municipalities: Vec<MunicipalityId>,
    /// Not before.
    pub since: Option<DateTime<Utc>>,
    /// Not after.
    pub until: Option<DateTime<Utc>>,
}

impl EventFilter {
    /// Whether an entry is meant that the viewer may know of. Who did it can be asked only of
    /// entries that tell it to the viewer: the question must not give away what the answer hides.
    #[must_use]
    pub fn selects(&self, event: &Event, viewer: &Viewer) -> bool {
        let concerns = |place: &MunicipalityId| event.municipalities.contains(place);
        (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && self.subject.as_ref().is_none_or(|subject| *subject == event.subject.0)
            && (self.municipalities.is_empty() || self.municipalities.iter().any(concerns))
            && self.since.is_none_or(|since| event.at >= since)
            && self.until.is_none_or(|until| event.at <= until)
            && self
                .actor
                .as_ref()
                .is_none_or(|actor| *actor == event.actor && event.names_actor_to(viewer))
            && event.visible_to(viewer)
    }
}
