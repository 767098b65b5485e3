//! The desk of those who write or review: what waits for them, and what they are working on.

use askama::Template;
use serde::Deserialize;

use crate::domain::{Action, Lifecycle, Role};
use crate::web::cards::{Connection, Edge, Named};
use crate::web::kind::Kind;
use crate::web::site::Site;
use crate::web::written::{day, partial_date};

/// What the API answers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    viewer: Option<Who>,
    to_change: Option<Connection<Edge<Card>>>,
    in_work: Option<Connection<Edge<Card>>>,
    to_confirm: Option<Connection<Edge<Card>>>,
    to_review: Option<Connection<Edge<Card>>>,
}

#[derive(Debug, Deserialize)]
struct Who {
    grants: Vec<Grant>,
    watches: Option<Vec<Watch>>,
}

#[derive(Debug, Deserialize)]
struct Grant {
    role: Kind<Role>,
    municipality: Option<Place>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    name: String,
    contacts_to_review: Option<Vec<Contact>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    id: String,
    role: String,
    review_by: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Watch {
    name: String,
    paused: bool,
}

/// A solution on the desk.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Card {
    id: String,
    title: String,
    lifecycle: Kind<Lifecycle>,
    updated_at: chrono::DateTime<chrono::Utc>,
    review_by: Option<String>,
    municipalities: Vec<Named>,
    next_version: Option<Next>,
    transitions: Option<Vec<Past>>,
}

#[derive(Debug, Deserialize)]
struct Next {
    lifecycle: Kind<Lifecycle>,
    content: Titled,
}

#[derive(Debug, Deserialize)]
struct Titled {
    title: String,
}

#[derive(Debug, Deserialize)]
struct Past {
    action: Kind<Action>,
    at: chrono::DateTime<chrono::Utc>,
    reason: Option<String>,
}

impl Card {
    fn path(&self, room: &str) -> String {
        format!("/work/solutions/{}{room}", self.id)
    }

    fn title(&self) -> &str {
        self.next_version.as_ref().map_or(&self.title, |next| &next.content.title)
    }

    fn state(&self) -> Kind<Lifecycle> {
        self.next_version.as_ref().map_or(self.lifecycle, |next| next.lifecycle)
    }

    fn places(&self) -> String {
        let names = self.municipalities.iter().map(|place| place.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }

    fn changed(&self, site: &Site) -> String {
        day(&self.updated_at, &site.language)
    }

    fn due(&self, site: &Site) -> Option<String> {
        self.review_by.as_deref().map(|date| partial_date(date, &site.language))
    }

    /// Why it came back.
    fn reason(&self) -> Option<&str> {
        let past = self.transitions.iter().flatten();
        let back = past.filter(|it| matches!(it.action.0, Action::RequestChanges | Action::Reject));
        back.max_by_key(|step| step.at).and_then(|step| step.reason.as_deref())
    }
}

/// The desk.
#[derive(Template)]
#[template(path = "desk.html")]
pub(crate) struct DeskPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) found: Found,
    /// Whether somebody writes for a municipality.
    pub(crate) writes: bool,
    /// Whether somebody reviews.
    pub(crate) reviews: bool,
    /// Whether something was made a moment ago.
    pub(crate) is_saved: bool,
}

impl DeskPage<'_> {
    fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.found.viewer.iter().flat_map(|viewer| &viewer.grants)
    }

    fn watches(&self) -> impl Iterator<Item = &Watch> {
        self.found.viewer.iter().flat_map(|viewer| viewer.watches.iter().flatten())
    }

    fn contacts(&self) -> Vec<(&Contact, &str)> {
        let mut all: Vec<(&Contact, &str)> = Vec::new();
        let places = self.grants().filter_map(|grant| grant.municipality.as_ref());
        for place in places {
            if all.iter().any(|(_, name)| *name == place.name) {
                continue;
            }
            let contacts = place.contacts_to_review.iter().flatten();
            all.extend(contacts.map(|contact| (contact, place.name.as_str())));
        }
        all
    }

    fn to_change(&self) -> Vec<&Card> {
        listed(&self.found.to_change)
    }

    fn in_work(&self) -> Vec<&Card> {
        listed(&self.found.in_work)
    }

    fn to_confirm(&self) -> Vec<&Card> {
        listed(&self.found.to_confirm)
    }

    fn to_review(&self) -> Vec<&Card> {
        listed(&self.found.to_review)
    }
}

impl Contact {
    fn path(&self) -> String {
        format!("/work/contacts/{}", self.id)
    }

    fn due(&self, site: &Site) -> Option<String> {
        self.review_by.as_deref().map(|date| partial_date(date, &site.language))
    }
}

fn listed(list: &Option<Connection<Edge<Card>>>) -> Vec<&Card> {
    list.iter().flat_map(Connection::nodes).collect()
}
