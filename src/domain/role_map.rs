//! What roles follow from what an identity provider says of somebody.

use std::str::FromStr;

use serde_json::Value;

use super::kinds::Label;
use super::rights::Role;

/// One line: a value of a claim, and the role that it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    value: String,
    role: Role,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// The hub as a whole.
    Everywhere,
    /// A municipality, by its name in addresses or its key.
    Named(String),
    /// The municipality that stands in the value in place of the `*`.
    InValue,
}

/// A role that somebody has by a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedRole {
    /// The role.
    pub role: Role,
    /// For which municipality: its slug or its ARS.
    pub place: Option<String>,
}

/// Why a line cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleRuleError {
    /// There is no value or no role.
    #[error("\"{0}\" must read value = role or value = role@municipality")]
    Form(String),
    /// There is no such role.
    #[error("\"{0}\" is no role: write reader, editor, approver, moderator or admin")]
    Role(String),
    /// Editors and approvers work for somebody.
    #[error("{0} is held for a municipality: write {0}@slug or {0}@ARS")]
    NoPlace(&'static str),
    /// A `*` must say which municipality is meant.
    #[error("\"{0}\": one * in the value goes together with @* behind the role")]
    Star(String),
}

impl FromStr for RoleRule {
    type Err = RoleRuleError;

    fn from_str(line: &str) -> Result<Self, RoleRuleError> {
        let form = || RoleRuleError::Form(line.to_owned());
        // A value may hold the sign itself, as names in an LDAP directory do.
        let (value, held) = line.rsplit_once('=').ok_or_else(form)?;
        let (value, held) = (value.trim(), held.trim());
        if value.is_empty() || held.is_empty() {
            return Err(form());
        }
        let (name, place) = match held.split_once('@') {
            None => (held, Place::Everywhere),
            Some((name, "*")) => (name, Place::InValue),
            Some((_, "")) => return Err(form()),
            Some((name, place)) => (name, Place::Named(place.trim().to_owned())),
        };
        let name = name.trim();
        let role = Role::from_name(name).ok_or_else(|| RoleRuleError::Role(name.to_owned()))?;
        if role.needs_place() && place == Place::Everywhere {
            return Err(RoleRuleError::NoPlace(role.name()));
        }
        if value.matches('*').count() != usize::from(place == Place::InValue) {
            return Err(RoleRuleError::Star(line.to_owned()));
        }
        Ok(Self { value: value.to_owned(), role, place })
    }
}

impl RoleRule {
    /// The role that a value gives by this line.
    fn role_of(&self, given: &str) -> Option<ClaimedRole> {
        let role = self.role;
        let place = match &self.place {
            Place::InValue => {
                let (before, after) = self.value.split_once('*')?;
                let place = given.strip_prefix(before)?.strip_suffix(after)?;
                return (!place.is_empty())
                    .then(|| ClaimedRole { role, place: Some(place.to_owned()) });
            }
            Place::Named(place) => Some(place.clone()),
            Place::Everywhere => None,
        };
        (given == self.value).then_some(ClaimedRole { role, place })
    }
}

/// Which claim says the roles, and what its values stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleMap {
    /// The claim: its name, or the way to it, as in `realm_access.roles`.
    pub claim: String,
    /// The lines.
    pub rules: Vec<RoleRule>,
}

impl RoleMap {
    /// Whether somebody was told of the claim at all.
    #[must_use]
    pub fn is_in(&self, claims: &Value) -> bool {
        find(claims, &self.claim).is_some()
    }

    /// The roles that somebody has by these claims, each once. What no line names gives nothing.
    #[must_use]
    pub fn roles(&self, claims: &Value) -> Vec<ClaimedRole> {
        let mut roles = Vec::new();
        for value in find(claims, &self.claim).map(texts).unwrap_or_default() {
            for role in self.rules.iter().filter_map(|rule| rule.role_of(value)) {
                if !roles.contains(&role) {
                    roles.push(role);
                }
            }
        }
        roles
    }
}

/// What lies at the end of a way. Names of claims may hold dots themselves.
fn find<'a>(claims: &'a Value, way: &str) -> Option<&'a Value> {
    let fields = claims.as_object()?;
    fields.get(way).or_else(|| {
        let mut forks = way.match_indices('.');
        forks.find_map(|(dot, _)| {
            let (step, rest) = (way.get(..dot)?, way.get(dot + 1..)?);
            find(fields.get(step)?, rest)
        })
    })
}

/// The texts of a claim, which is one or a list.
fn texts(claim: &Value) -> Vec<&str> {
    match claim {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(claim: &str, lines: &[&str]) -> RoleMap {
        let rules = lines.iter().map(|line| line.parse().expect("a sound line")).collect();
        RoleMap { claim: claim.to_owned(), rules }
    }

    fn told(roles: &[ClaimedRole]) -> String {
        let told = roles.iter().map(|role| match &role.place {
            Some(place) => format!("{}@{place}", role.role.name()),
            None => role.role.name().to_owned(),
        });
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn values_give_the_roles_of_their_lines() {
        let lines = [
            "allmende-editor:* = editor@*",
            "CN=Bauamt,OU=Rathaus = approver@musterdorf",
            "staff = reader",
            "staff = editor@140000000001",
        ];
        let check = |claims: Value, expected: &str| {
            assert_eq!(told(&map("groups", &lines).roles(&claims)), expected, "{claims}");
        };
        check(json!({ "groups": ["allmende-editor:neustadt"] }), "editor@neustadt");
        check(json!({ "groups": "CN=Bauamt,OU=Rathaus" }), "approver@musterdorf");
        check(json!({ "groups": ["staff", "staff"] }), "reader editor@140000000001");
        check(json!({ "groups": ["allmende-editor:", "Staff", "admin", 7, null] }), "");
        check(json!({ "groups": { "staff": true } }), "");
        check(json!({}), "");
    }

    #[test]
    fn a_claim_may_lie_deep_and_its_name_may_hold_dots() {
        let check = |claim: &str, claims: Value| {
            let map = map(claim, &["chef = admin"]);
            assert!(map.is_in(&claims));
            assert_eq!(told(&map.roles(&claims)), "admin", "{claim}");
        };
        check("realm_access.roles", json!({ "realm_access": { "roles": ["chef"] } }));
        check(
            "https://idp.example.org/roles",
            json!({ "https://idp.example.org/roles": ["chef"] }),
        );
        check(
            "resource_access.hub.example.org.roles",
            json!({ "resource_access": { "hub.example.org": { "roles": ["chef"] } } }),
        );
        assert!(!map("a.b", &[]).is_in(&json!({ "a": { "c": 1 } })));
    }

    #[test]
    fn wrong_lines_say_what_is_wrong() {
        let check = |line: &str, expected: &str| {
            let error = line.parse::<RoleRule>().expect_err("a wrong line").to_string();
            assert!(error.contains(expected), "{line}: {error}");
        };
        check("editor@musterdorf", "value = role");
        check(" = editor@musterdorf", "value = role");
        check("x = editor@", "value = role");
        check("x = chef", "\"chef\" is no role");
        check("x = editor", "editor@slug");
        check("x:* = reader", "@*");
        check("x = editor@*", "@*");
        check("*x* = editor@*", "@*");
    }
}
