//! The texts of letters to those who watch: made when they are delivered, for who may read them then.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::matching::{Happening, Looking};
use crate::domain::{
    Account, Actor, Channel, Event, Label, Language, LinkPurpose, Message, PublicUrl, Rhythm,
    Solution, SolutionId, Viewer, Watch, WatchId, escaped,
};
use crate::mail::Letter;
use crate::service::{Error, Services};

/// What stands in a letter of one solution.
struct Line {
    what: &'static str,
    title: String,
    places: String,
    teaser: Option<String>,
    address: Option<String>,
    at: DateTime<Utc>,
}

impl Services {
    /// The letter of a watch about some entries of the journal; nothing if nobody is to be told any
    /// more, or of nothing.
    pub(crate) async fn news_letter(
        &self,
        message: &Message,
        watch: &WatchId,
        events: &[u64],
        more: usize,
    ) -> Result<Option<Letter>, Error> {
        let found = self.store.get::<Watch>(watch).await?.filter(Watch::is_live);
        let looking = self.looking(found.into_iter().collect()).await?.pop();
        let (Some(look), Some(hub)) = (looking, &self.public_url) else { return Ok(None) };
        let Some(address) = look.watch.channel.address() else { return Ok(None) };
        let mut events = self.store.journal_entries(events).await?;
        events.retain(|event| event.visible_to(&look.viewer));
        events.sort_by_key(|event| std::cmp::Reverse(event.seq));
        let lines = self.lines(&look, self.happenings(events).await?).await?;
        if lines.is_empty() {
            return Ok(None);
        }
        let proof = self.store.link_key().await?.proof(LinkPurpose::Unsubscribe, &look.watch);
        let unsubscribe = link(hub, LinkPurpose::Unsubscribe, &look.watch, &proof);
        let count = lines.len() + more;
        let news =
            if count == 1 { "1 Neuigkeit".to_owned() } else { format!("{count} Neuigkeiten") };
        Ok(Some(Letter {
            id: message.id.key(),
            to: address.to_owned(),
            reply_to: None,
            subject: format!("[Allmende] {}: {news}", look.watch.name),
            text: plain(&look.watch, &news, &lines, more, &unsubscribe),
            html: Some(html(&look.watch, &news, &lines, more, &unsubscribe)),
            unsubscribe: Some(unsubscribe),
            automatic: true,
            date: message.created_at,
        }))
    }

    /// The letter that asks whether an address wants others; nothing if that is settled.
    pub(crate) async fn confirmation_letter(
        &self,
        message: &Message,
        watch: &WatchId,
    ) -> Result<Option<Letter>, Error> {
        let Some(watch) = self.store.get::<Watch>(watch).await? else { return Ok(None) };
        let (Channel::Mail { address, confirmed_at: None, .. }, Some(hub), false) =
            (&watch.channel, &self.public_url, watch.paused)
        else {
            return Ok(None);
        };
        let name = match &watch.owner {
            Actor::Account(id) => self.store.get::<Account>(id).await?.and_then(|it| it.name),
            _ => None,
        };
        // Nobody is to be led anywhere by what somebody calls oneself.
        let name = name.filter(|name| !name.contains(['.', '/', ':', '@']));
        let proof = self.store.link_key().await?.proof(LinkPurpose::Confirm, &watch);
        let confirm = link(hub, LinkPurpose::Confirm, &watch, &proof);
        let (de, en) = match &name {
            Some(name) => (name.as_str(), name.as_str()),
            None => ("Jemand", "Somebody"),
        };
        let (hub, day) = (hub.page(""), message.created_at.format("%d.%m.%Y"));
        let text = format!(
            "{de} möchte, dass Allmende ({hub}) an diese Adresse schreibt, wenn dort etwas\n\
             Neues steht. Sind Sie einverstanden? Dann bestätigen Sie es bitte hier:\n\n\
             {confirm}\n\n\
             Wenn nicht, brauchen Sie nichts zu tun: Es kommt keine weitere Mail. Der Link\n\
             gilt sieben Tage.\n\n\
             {en} wants Allmende ({hub}) to write to this address when there is something\n\
             new. If you agree, please confirm it with the link above, within seven days. If\n\
             not, there is nothing to do, and no further mail will come.\n\n\
             -- \nAngefragt am {day}.\n"
        );
        Ok(Some(Letter {
            id: message.id.key(),
            to: address.clone(),
            reply_to: None,
            subject: "[Allmende] Bitte bestätigen / Please confirm".to_owned(),
            html: None,
            text,
            unsubscribe: None,
            automatic: true,
            date: message.created_at,
        }))
    }

    async fn lines(&self, look: &Looking, happened: Vec<Happening>) -> Result<Vec<Line>, Error> {
        let ids: Vec<SolutionId> = happened.iter().map(|it| it.solution.clone()).collect();
        let solutions = self.solutions(&look.viewer, &ids).await?;
        let line = |it: &Happening| {
            self.line(&look.viewer, &it.event, solutions.get(&it.solution).map(Arc::as_ref))
        };
        Ok(happened.iter().map(line).collect())
    }

    fn line(&self, viewer: &Viewer, event: &Event, solution: Option<&Solution>) -> Line {
        let tables = self.directory.tables();
        let title = solution.map(|it| it.title.as_str()).or_else(|| event.title_for(viewer));
        let owners = solution.map_or(&event.municipalities, |it| &it.municipalities);
        let places = owners.iter().filter_map(|id| tables.place(id));
        let places: Vec<&str> = places.map(|place| place.municipality.name.as_str()).collect();
        let public = solution.filter(|it| it.lifecycle.is_public());
        let address = public.zip(self.public_url.as_ref());
        Line {
            what: event.kind.label(Language::German),
            title: title.unwrap_or("Eine Lösung").to_owned(),
            places: places.join(", "),
            teaser: solution.map(|it| it.teaser.clone()).filter(|teaser| !teaser.is_empty()),
            address: address.map(|(it, hub)| hub.page(&it.path())),
            at: event.at,
        }
    }
}

/// The address of a link that needs no sign-in. What proves it stands behind the `?`, which no log
/// keeps.
fn link(hub: &PublicUrl, purpose: LinkPurpose, watch: &Watch, proof: &str) -> String {
    hub.page(&format!("/watches/{}/{}?proof={proof}", watch.id.key(), purpose.name()))
}

fn why(watch: &Watch) -> &'static str {
    match watch.rhythm {
        Rhythm::AtOnce => "Sie bekommen solche Mails, sobald etwas geschieht.",
        Rhythm::Daily => "Sie bekommen solche Mails einmal am Tag, wenn etwas geschehen ist.",
        Rhythm::Weekly => {
            "Sie bekommen solche Mails einmal in der Woche, wenn etwas geschehen ist."
        }
    }
}

fn and_more(more: usize) -> Option<String> {
    (more > 0).then(|| format!("… und {more} weitere."))
}

fn plain(watch: &Watch, news: &str, lines: &[Line], more: usize, unsubscribe: &str) -> String {
    let mut text = format!("{}: {news}\n", watch.name);
    for line in lines {
        let Line { what, title, places, teaser, address, at } = line;
        text.push_str(&format!("\n* {title} ({places})\n  {what}, {}\n", at.format("%d.%m.%Y")));
        let details = [teaser, address];
        details.into_iter().flatten().for_each(|it| text.push_str(&format!("  {it}\n")));
    }
    text.extend(and_more(more).map(|more| format!("\n{more}\n")));
    text.push_str(&format!("\n-- \n{} Abbestellen / Unsubscribe:\n{unsubscribe}\n", why(watch)));
    text
}

fn html(watch: &Watch, news: &str, lines: &[Line], more: usize, unsubscribe: &str) -> String {
    let mut text = format!(
        "<!DOCTYPE html>\n<html lang=\"de\">\n<head><meta charset=\"utf-8\"><title>{name}</title></head>\n\
         <body>\n<h1>{name}: {news}</h1>\n<ul>\n",
        name = escaped(&watch.name),
    );
    for Line { what, title, places, teaser, address, at } in lines {
        let title = escaped(title);
        let title = match address {
            Some(address) => format!("<a href=\"{}\">{title}</a>", escaped(address)),
            None => title,
        };
        text.push_str(&format!(
            "<li><strong>{title}</strong> ({})<br>{what}, {}",
            escaped(places),
            at.format("%d.%m.%Y")
        ));
        text.extend(teaser.as_ref().map(|teaser| format!("<br>{}", escaped(teaser))));
        text.push_str("</li>\n");
    }
    text.push_str("</ul>\n");
    text.extend(and_more(more).map(|more| format!("<p>{more}</p>\n")));
    text.push_str(&format!(
        "<hr>\n<p>{} <a href=\"{}\">Abbestellen / Unsubscribe</a></p>\n</body>\n</html>\n",
        why(watch),
        escaped(unsubscribe)
    ));
    text
}
