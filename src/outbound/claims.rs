//! What a provider says of somebody, after its word was checked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::domain::Identity;

/// What a provider says of somebody.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Who it is.
    pub identity: Identity,
    /// An address for which the provider vouches.
    pub email: Option<String>,
    /// Everything that it says.
    pub claims: Value,
}

impl Claimed {
    pub(super) fn new(identity: Identity, claims: Map<String, Value>) -> Self {
        // Some providers write the truth as a text.
        let verified = claims
            .get("email_verified")
            .is_some_and(|it| *it == Value::Bool(true) || it.as_str() == Some("true"));
        let email = claims.get("email").and_then(Value::as_str).filter(|_| verified);
        Self { identity, email: email.map(str::to_owned), claims: Value::Object(claims) }
    }
}

/// The claims of an ID token whose signature was checked, all of them.
pub(super) fn of_token(token: &str) -> Option<Map<String, Value>> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Adds what only the other source says.
pub(super) fn complete(claims: &mut Map<String, Value>, further: Map<String, Value>) {
    for (name, claim) in further {
        claims.entry(name).or_insert(claim);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claimed(claims: Value) -> Claimed {
        let identity = Identity { issuer: "x".to_owned(), subject: "y".to_owned() };
        let Value::Object(claims) = claims else { panic!("an object") };
        Claimed::new(identity, claims)
    }

    #[test]
    fn an_address_counts_only_if_the_provider_vouches_for_it() {
        let email = |verified: Value| {
            claimed(json!({ "email": "a@example.org", "email_verified": verified })).email
        };
        assert_eq!(email(json!(true)).as_deref(), Some("a@example.org"));
        assert_eq!(email(json!("true")).as_deref(), Some("a@example.org"));
        assert_eq!(email(json!(false)), None);
        assert_eq!(email(json!("yes")), None);
        assert_eq!(claimed(json!({ "email": "a@example.org" })).email, None);
    }

    #[test]
    fn what_the_token_says_goes_before_what_is_said_besides() {
        let Value::Object(mut claims) = json!({ "a": 1 }) else { panic!("an object") };
        let Value::Object(further) = json!({ "a": 2, "b": 3 }) else { panic!("an object") };
        complete(&mut claims, further);
        assert_eq!(Value::Object(claims), json!({ "a": 1, "b": 3 }));
    }
}
