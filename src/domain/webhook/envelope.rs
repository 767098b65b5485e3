//! What is sent: CloudEvents 1.0 in their JSON form.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::domain::event::{Event, EventKind};
use crate::domain::key::{DeliveryId, WatchId, WebhookId};
use crate::domain::kinds::Label;
use crate::domain::rights::Viewer;
use crate::domain::web::PublicUrl;

/// What stands in front of every type: the project's name, read backwards.
const NAMESPACE: &str = "org.allmende";
/// The type of a message that only tries a webhook out.
pub const PING: &str = "org.allmende.webhook.ping";

/// A message, before it has an id.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// What happened, as receivers know it.
    pub kind: String,
    /// Which hub tells it.
    source: String,
    /// To what.
    subject: String,
    /// When.
    at: DateTime<Utc>,
    /// The rest.
    data: Map<String, Value>,
}

impl Envelope {
    /// The media type of the message.
    pub const MEDIA_TYPE: &'static str = "application/cloudevents+json; charset=utf-8";

    /// Tells of an entry of the journal. It says what everybody may read of it and nothing more: who
    /// may know that it happened is for others to decide, and the rest is asked for with one's rights.
    /// It also says which watch of the receiver's found it: two watches are told of the same entry twice.
    #[must_use]
    pub fn of_event(
        event: &Event,
        watch: Option<&WatchId>,
        source: String,
        hub: Option<&PublicUrl>,
    ) -> Self {
        let subject = event.subject.0.to_string();
        let title = event.title_for(&Viewer::Anonymous).filter(|_| event.public);
        let mut data = Map::new();
        data.insert("cursor".to_owned(), event.seq.to_string().into());
        data.insert("kind".to_owned(), event.kind.name().to_uppercase().into());
        data.insert("subject".to_owned(), subject.clone().into());
        data.insert("title".to_owned(), title.map_or(Value::Null, Value::from));
        let url = hub.map(|hub| hub.question_about(&event.subject.0));
        data.insert("url".to_owned(), url.map_or(Value::Null, Value::from));
        let watch = watch.map(ToString::to_string);
        data.insert("watch".to_owned(), watch.map_or(Value::Null, Value::from));
        Self { kind: kind_of(event.kind), source, subject, at: event.at, data }
    }

    /// Tries a webhook out.
    #[must_use]
    pub fn ping(webhook: &WebhookId, source: String, now: DateTime<Utc>) -> Self {
        let mut data = Map::new();
        data.insert("webhook".to_owned(), webhook.to_string().into());
        Self { kind: PING.to_owned(), source, subject: webhook.to_string(), at: now, data }
    }

    /// The text that is sent and signed.
    #[must_use]
    pub(super) fn body(&self, id: &DeliveryId) -> String {
        json!({
            "specversion": "1.0",
            "id": id.to_string(),
            "source": self.source,
            "type": self.kind,
            "subject": self.subject,
            "time": self.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "datacontenttype": "application/json",
            "data": self.data,
        })
        .to_string()
    }
}

/// `solution_published` is `org.allmende.solution.published`.
fn kind_of(kind: EventKind) -> String {
    format!("{NAMESPACE}.{}", kind.name().replacen('_', ".", 1))
}
