//! What the two sides say to each other.

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value, json};

/// The longest name of an operation, in bytes.
const LONGEST_ID: usize = 100;

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    ConnectionInit { payload: Option<Map<String, Value>> },
    Ping {},
    Pong {},
    Subscribe { id: Id, payload: Map<String, Value> },
    Complete { id: Id },
}

/// The name that a client gives to an operation. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Id(Arc<str>);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        match id.len() {
            1..=LONGEST_ID => Ok(Self(id.into())),
            _ => Err("an id has from 1 to 100 bytes"),
        }
    }
}

/// The client may begin.
pub(super) fn acknowledged() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

/// Are you there?
pub(super) fn ping() -> String {
    json!({ "type": "ping" }).to_string()
}

/// I am here.
pub(super) fn pong() -> String {
    json!({ "type": "pong" }).to_string()
}

/// An answer.
pub(super) fn next(id: &Id, answer: &impl Serialize) -> String {
    json!({ "type": "next", "id": id, "payload": answer }).to_string()
}

/// What stands around the answers of one subscription. It is the same for all of them, and there are
/// many.
pub(super) struct Envelope {
    begins: String,
}

impl Envelope {
    /// The envelope of an operation's answers.
    pub(super) fn of(id: &Id) -> Self {
        Self { begins: format!(r#"{{"type":"next","id":{},"payload":"#, json!(id)) }
    }

    /// An answer that is JSON text already.
    pub(super) fn around(&self, answer: &str) -> String {
        let mut message = String::with_capacity(self.begins.len() + answer.len() + 1);
        message.push_str(&self.begins);
        message.push_str(answer);
        message.push('}');
        message
    }
}

/// An operation has failed, with a list of errors that is JSON text already.
pub(super) fn failed(id: &Id, errors: &str) -> String {
    format!(r#"{{"type":"error","id":{},"payload":{errors}}}"#, json!(id))
}

/// An operation has ended.
pub(super) fn complete(id: &Id) -> String {
    json!({ "type": "complete", "id": id }).to_string()
}

/// An operation was refused or has failed, and has ended.
pub(super) fn error(id: &Id, errors: &impl Serialize) -> String {
    json!({ "type": "error", "id": id, "payload": errors }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_the_same_whoever_writes_it() {
        let id = Id::try_from("a\"b".to_owned()).expect("an id");
        let answer = json!({ "data": { "cursor": "1" } });
        let around = Envelope::of(&id).around(&answer.to_string());
        let expected: Value = serde_json::from_str(&next(&id, &answer)).expect("JSON");
        assert_eq!(serde_json::from_str::<Value>(&around).expect("JSON"), expected);
    }

    #[test]
    fn an_id_is_neither_empty_nor_long() {
        let subscribe = |id: &str| json!({ "type": "subscribe", "id": id, "payload": {} });
        let is_read = |id: &str| serde_json::from_value::<Said>(subscribe(id)).is_ok();
        assert!(is_read("1") && is_read(&"a".repeat(LONGEST_ID)));
        assert!(!is_read("") && !is_read(&"a".repeat(LONGEST_ID + 1)));
    }
}
