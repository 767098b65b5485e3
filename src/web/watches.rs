//! The searches that somebody has saved.

use askama::Template;
use serde::Deserialize;

use super::address::Address;
use super::cards::Named;
use super::form::Trouble;
use super::kind::Kind;
use super::results::{Asked, Names};
use super::site::Site;
use super::written::day;
use crate::domain::{ChannelKind, Rhythm};

/// So many records are looked up by name at once: the API takes no more.
const MOST_NAMED: usize = 100;

/// What came of a change.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changed {
    /// What is wrong.
    pub(crate) user_errors: Vec<Trouble>,
}

/// What the API answers of somebody's watches.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    viewer: Option<Owner>,
}

#[derive(Debug, Deserialize)]
struct Owner {
    watches: Option<Vec<Entry>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    name: String,
    selection: Selection,
    channel: Kind<ChannelKind>,
    address: Option<String>,
    awaits_confirmation: bool,
    rhythm: Kind<Rhythm>,
    paused: bool,
    next_letter_at: Option<chrono::DateTime<chrono::Utc>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    filter: Option<String>,
    search: Option<String>,
    like_municipality: Option<Named>,
}

impl Selection {
    fn asked(&self) -> (Asked, bool) {
        Asked::saved(self.search.as_deref(), self.filter.as_deref())
    }
}

impl Entry {
    fn is_letter(&self) -> bool {
        self.channel.0 == ChannelKind::Mail
    }

    /// Its name within the page.
    fn anchor(&self) -> &str {
        self.id.rsplit_once(':').map_or(self.id.as_str(), |(_, key)| key)
    }

    fn next(&self, site: &Site) -> Option<String> {
        self.next_letter_at.as_ref().map(|at| day(at, &site.language))
    }
}

impl Found {
    fn entries(&self) -> &[Entry] {
        let watches = self.viewer.as_ref().and_then(|owner| owner.watches.as_deref());
        watches.unwrap_or_default()
    }

    /// The records that they name, by their ids, without doubles.
    pub(crate) fn records(&self) -> Vec<String> {
        let all = self.entries().iter().flat_map(|entry| entry.selection.asked().0.records());
        let mut ids: Vec<String> = all.collect();
        ids.sort_unstable();
        ids.dedup();
        ids.truncate(MOST_NAMED);
        ids
    }
}

/// The searches that somebody has saved.
#[derive(Template)]
#[template(path = "watches.html")]
pub(crate) struct WatchesPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) found: Found,
    pub(crate) names: Names,
    pub(crate) complaints: Vec<Trouble>,
}

impl WatchesPage<'_> {
    fn entries(&self) -> &[Entry] {
        self.found.entries()
    }

    fn words(&self, entry: &Entry) -> Vec<(&'static str, String)> {
        let (asked, is_whole) = entry.selection.asked();
        let (mut lines, t) = (asked.words(self.site, &self.names), self.site.t());
        let alike = entry.selection.like_municipality.as_ref();
        lines.extend(alike.map(|place| (t.alike, place.name.clone())));
        if !is_whole {
            lines.push((t.more_values, t.more_conditions.to_owned()));
        }
        lines
    }

    fn results(&self, entry: &Entry) -> String {
        entry.selection.asked().0.address(self.site).to_string()
    }

    fn action(&self) -> String {
        self.site.carried(Address::at("/watches")).to_string()
    }
}
