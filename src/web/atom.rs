//! Atom (RFC 4287).

use chrono::{DateTime, SecondsFormat, Utc};

use crate::domain::{Language, PublicUrl, escaped};
use crate::service::{FeedEntry, FeedPage};

/// A feed as XML. `path` is where it is read; without a public address of the hub, links lead from
/// there on.
pub(crate) fn written(
    page: &FeedPage,
    path: &str,
    hub: Option<&PublicUrl>,
    language: Language,
) -> String {
    let lang = match language {
        Language::German => "de",
        Language::English => "en",
    };
    let address = |path: &str| escaped(&hub.map_or(path.to_owned(), |hub| hub.page(path)));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">\n\
         <id>{}</id>\n\
         <title>{}</title>\n\
         <updated>{}</updated>\n\
         <author><name>Allmende</name></author>\n\
         <generator>Allmende</generator>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n",
        page.id,
        escaped(&page.title),
        moment(page.updated),
        address(path),
    );
    for entry in &page.entries {
        text.push_str(&entry_text(entry, address));
    }
    text.push_str("</feed>\n");
    text
}

fn entry_text(entry: &FeedEntry, address: impl Fn(&str) -> String) -> String {
    let FeedEntry { id, title, published, updated, authors, topics, summary, path } = entry;
    let mut text = format!(
        "<entry>\n<id>{id}</id>\n<title>{}</title>\n<published>{}</published>\n<updated>{}</updated>\n",
        escaped(title),
        moment(*published),
        moment(*updated),
    );
    for author in authors {
        text.push_str(&format!("<author><name>{}</name></author>\n", escaped(author)));
    }
    for (key, name) in topics {
        let (key, name) = (escaped(key), escaped(name));
        text.push_str(&format!("<category term=\"{key}\" label=\"{name}\"/>\n"));
    }
    if let Some(path) = path {
        text.push_str(&format!("<link rel=\"alternate\" href=\"{}\"/>\n", address(path)));
    }
    // Without a page to lead to, an entry is complete only with its content.
    text.push_str(&format!("<content type=\"text\">{}</content>\n</entry>\n", escaped(summary)));
    text
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_a_title_is_text() {
        let title = "Bus & <b>Bahn</b> \"]]>\" \u{1}\u{FFFE}🚌".to_owned();
        let entry = FeedEntry {
            id: "urn:uuid:1".to_owned(),
            title: title.clone(),
            published: DateTime::UNIX_EPOCH,
            updated: DateTime::UNIX_EPOCH,
            authors: vec![title.clone()],
            topics: vec![("mobility".to_owned(), title.clone())],
            summary: title.clone(),
            path: Some("/solutions/bus".to_owned()),
        };
        let (id, updated) = ("urn:uuid:2".to_owned(), DateTime::UNIX_EPOCH);
        let page = FeedPage { id, title, updated, entries: vec![entry] };
        let hub = "https://hub.example.org".parse().ok();
        let text = written(&page, "/feeds/solutions.atom", hub.as_ref(), Language::German);
        assert!(!text.contains("<b>") && !text.contains('\u{1}') && !text.contains('\u{FFFE}'));
        assert!(text.contains("Bus &amp; &lt;b&gt;Bahn"), "{text}");
        assert!(text.contains("href=\"https://hub.example.org/feeds/solutions.atom\""), "{text}");
        assert!(text.contains("href=\"https://hub.example.org/solutions/bus\""), "{text}");
        let here = written(&page, "/feeds/solutions.atom", None, Language::English);
        assert!(here.contains("href=\"/solutions/bus\"") && here.contains("lang=\"en\""), "{here}");
    }
}
