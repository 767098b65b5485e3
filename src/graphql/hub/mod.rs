//! Tells subscribers what happens: what many want to hear in the same words is worked out once.
//!
//! A subscription – document, variables, who asks – runs once, as a [`Channel`] that keeps its last
//! messages in a bounded ring. Subscribers pull from the ring with cursors of their own, so nobody
//! waits for anybody and a slow one costs nothing. Who comes back with an older cursor is caught up
//! by a run of its own that ends exactly where the ring begins; from there on both are the same
//! loop, so there is no seam at which a message could be lost or doubled.

mod channel;
mod figures;
mod resumption;
mod ring;
mod subscriber;

pub use figures::HubState;
pub use ring::Message;
pub(crate) use subscriber::resume_at;
pub use subscriber::{RESUME, Subscriber, Told};

use std::sync::{Arc, PoisonError, Weak};

use async_graphql::{Request, Variables};

use super::context::{Asker, Place};
use super::{Api, cursor};
use channel::{Channel, Channels};
use figures::Figures;
use resumption::Resumption;

/// The channels that run. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Hub {
    channels: Arc<Channels>,
    figures: Figures,
}

/// What makes two subscriptions the same.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    document: String,
    operation: Option<String>,
    /// As JSON text, without the cursor.
    variables: String,
    asker: Asker,
}

/// A request that can be run again and again.
#[derive(Clone)]
struct Template {
    document: String,
    operation: Option<String>,
    variables: Variables,
    asker: Asker,
}

impl Template {
    fn request(&self) -> Request {
        let mut request = Request::new(&self.document).variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation);
        request
    }
}

impl Api {
    /// Listens to a subscription that was checked, behind the cursor that the transport brings or
    /// that the document says; without one to what happens from now on.
    pub async fn subscribe(
        &self,
        mut request: Request,
        asker: Asker,
        resume: Option<String>,
    ) -> Subscriber {
        let newest = self.services.newest();
        let resumption = Resumption::of(&mut request);
        let after = resume.clone().or(resumption.after);
        let place = cursor::parse(after.as_deref(), &self.services).await;
        let template = Template {
            document: request.query,
            operation: request.operation_name,
            variables: request.variables,
            asker,
        };
        match place {
            Ok(place) => {
                let key = template.key(resumption.variable.as_deref());
                let channel = self.channel(key, template, newest);
                self.hub.subscriber(self.clone(), channel, place.unwrap_or(newest))
            }
            // The run itself says what is wrong with the cursor, in the form of the document.
            Err(_) => {
                let channel = Arc::new(self.run(template, newest, Place::resuming(resume), None));
                self.hub.subscriber(self.clone(), channel, newest)
            }
        }
    }

    /// How much the hub has to do.
    #[must_use]
    pub fn hub_state(&self) -> HubState {
        self.hub
            .figures
            .state(self.hub.channels.lock().unwrap_or_else(PoisonError::into_inner).len())
    }

    /// The channel of a subscription; a new one tells what follows a place.
    fn channel(&self, key: Key, template: Template, newest: u64) -> Arc<Channel> {
        let mut channels = self.hub.channels.lock().unwrap_or_else(PoisonError::into_inner);
        let known = channels.get(&key).and_then(Weak::upgrade);
        if let Some(channel) = known {
            if !channel.is_over() {
                return channel;
            }
            // Letting go of it takes the lock.
            drop(channels);
            drop(channel);
            channels = self.hub.channels.lock().unwrap_or_else(PoisonError::into_inner);
        }
        let place = Place::resuming(Some(newest.to_string()));
        let channel = Arc::new(self.run(template, newest, place, Some(key.clone())));
        channels.insert(key, Arc::downgrade(&channel));
        channel
    }

    fn run(&self, template: Template, after: u64, place: Place, key: Option<Key>) -> Channel {
        let answers =
            self.execute_stream(template.request(), template.asker.clone(), place.clone());
        let registered = key.map(|key| (Arc::downgrade(&self.hub.channels), key));
        Channel::begin(after, answers, place, template, registered)
    }
}

impl Template {
    fn key(&self, cursor: Option<&str>) -> Key {
        let mut variables = self.variables.clone();
        if let Some(cursor) = cursor {
            variables.remove(&async_graphql::Name::new(cursor));
        }
        let variables = super::wire::json(&variables);
        let Self { document, operation, asker, .. } = self.clone();
        Key { document, operation, variables, asker }
    }
}
