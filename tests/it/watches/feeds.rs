//! Atom feeds, for everybody and for one.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{create, published};
use crate::support::TestApp;
use crate::support::test_app::Answer;

async fn read(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).expect("a request")).await
}

/// What the fixture has of buses.
const FIXTURE: &str = "Lösung veröffentlicht: Bürgerbus";

/// The titles of the entries.
fn titles(answer: &Answer) -> Vec<String> {
    let entries = answer.text.split("<entry>").skip(1);
    let title = |entry: &str| entry.split("<title>").nth(1)?.split('<').next().map(str::to_owned);
    entries.filter_map(title).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_in_feeds_the_newest_first() {
    let app = TestApp::start().await;
    published(&app, "Rufbus & Bahn").await;
    let id = published(&app, "Mitfahrbank").await;
    app.draft(&app.neighbour, app.complete("neustadt", "Noch geheim").await).await;
    app.settle().await;
    let all = read(&app, "/feeds/solutions.atom", &[]).await;
    assert_eq!(all.status, 200);
    assert_eq!(all.headers["content-type"], "application/atom+xml; charset=utf-8");
    assert_eq!(titles(&all)[..2], ["Mitfahrbank", "Rufbus &amp; Bahn"], "{}", all.text);
    assert!(!all.text.contains("Noch geheim"));
    assert!(all.text.contains("href=\"/solutions/mitfahrbank\""), "{}", all.text);
    for (path, expected) in [
        ("/feeds/topics/mobility.atom", true),
        ("/feeds/municipalities/neustadt.atom", true),
        ("/feeds/municipalities/musterdorf.atom", false),
    ] {
        let feed = read(&app, path, &[]).await;
        assert_eq!(titles(&feed).contains(&"Mitfahrbank".to_owned()), expected, "{path}");
    }
    for path in ["topics/nichts.atom", "topics/mobility", "municipalities/nirgends.atom", "x.atom"]
    {
        assert_eq!(read(&app, &format!("/feeds/{path}"), &[]).await.status, 404, "{path}");
    }
    let solution = read(&app, "/solutions/mitfahrbank", &[]).await;
    assert_eq!(solution.json()["title"], "Mitfahrbank", "{}", solution.text);
    assert_eq!(read(&app, "/solutions/noch-geheim", &[]).await.status, 404);
    app.archive(&app.neighbour, &id).await;
    app.settle().await;
    let less = read(&app, "/feeds/solutions.atom", &[]).await;
    assert!(!titles(&less).contains(&"Mitfahrbank".to_owned()), "{}", less.text);
    assert_ne!(less.headers["etag"], all.headers["etag"]);
    // Who knows only the day must not keep what was withdrawn.
    let modified = all.headers["last-modified"].to_str().expect("a day").to_owned();
    assert_eq!(
        read(&app, "/feeds/solutions.atom", &[("if-modified-since", &modified)]).await.status,
        200
    );
    assert_eq!(read(&app, "/solutions/mitfahrbank", &[]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_feed_already_gets_nothing() {
    let app = TestApp::start().await;
    let path = "/feeds/solutions.atom";
    let feed = read(&app, path, &[]).await;
    let header = |name: &str| feed.headers[name].to_str().expect("text").to_owned();
    let (etag, modified) = (header("etag"), header("last-modified"));
    for known in [("if-none-match", etag.as_str()), ("if-modified-since", modified.as_str())] {
        let again = read(&app, path, &[known]).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{known:?}");
    }
    let old = ("if-modified-since", "Thu, 01 Jan 1998 00:00:00 GMT");
    assert_eq!(read(&app, path, &[old]).await.status, 200);
    assert_eq!(read(&app, path, &[("if-none-match", "\"x\""), old]).await.status, 200);
    // What is no business of the feed leaves it as it is.
    app.draft(&app.neighbour, app.complete("neustadt", "Noch geheim").await).await;
    app.settle().await;
    assert_eq!(read(&app, path, &[("if-none-match", &etag)]).await.status, 304);
    published(&app, "Rufbus").await;
    app.settle().await;
    assert_eq!(read(&app, path, &[("if-none-match", &etag)]).await.status, 200);
    let head = Request::head(path).body(Body::empty()).expect("a request");
    let head = app.send(head).await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
    assert!(head.headers.contains_key("etag"));
    let english = read(&app, path, &[("accept-language", "en")]).await;
    assert!(english.text.contains("xml:lang=\"en\""), "{}", english.text);
    assert_ne!(english.headers["etag"], feed.headers["etag"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_has_a_feed_that_only_who_knows_its_address_reads() {
    let app = TestApp::start().await;
    let kinds = json!(["SOLUTION_PUBLISHED", "SOLUTION_ARCHIVED"]);
    let input = json!({ "name": "Busse", "selection": { "search": "Bus" }, "channel": "FEED", "kinds": kinds });
    let gone = published(&app, "Alter Bus").await;
    let made = create(&app, &app.editor, input, json!({})).await;
    let path = made["feedUrl"].as_str().expect("an address").to_owned();
    app.published(&app.editor, app.complete("musterdorf", "Eigener Bus").await).await;
    published(&app, "Neuer Bus").await;
    published(&app, "Dorfladen").await;
    app.archive(&app.neighbour, &gone).await;
    app.settle().await;
    let feed = read(&app, &path, &[]).await;
    assert_eq!(feed.status, 200, "{}", feed.text);
    assert_eq!(titles(&feed), ["Lösung archiviert", "Lösung veröffentlicht: Neuer Bus", FIXTURE]);
    assert_eq!(feed.headers["cache-control"], "private, no-cache");
    assert_eq!(feed.headers["x-robots-tag"], "noindex");
    let id = made["watch"]["id"].clone();
    let question = "query($id: ID!) { node(id: $id) { ... on Watch { address } } }";
    let told = app.run(Some(&app.editor), question, json!({ "id": id })).await.to_string();
    let secret = path.split('/').next_back().expect("a name").trim_end_matches(".atom").to_owned();
    assert!(!told.contains(&secret));
    let renewed = app
        .mutate(Some(&app.editor), "renewWatchFeed", json!({ "id": id }), "feedUrl watch { id }")
        .await;
    let other = renewed["feedUrl"].as_str().expect("an address").to_owned();
    assert_eq!(read(&app, &path, &[]).await.status, 404);
    assert_eq!(titles(&read(&app, &other, &[]).await).len(), 3);
    // At rest there is nothing, and afterwards what happens from then on.
    app.mutate(Some(&app.editor), "pauseWatch", json!({ "id": id }), "watch { id }").await;
    assert_eq!(titles(&read(&app, &other, &[]).await), Vec::<String>::new());
    published(&app, "Bus der Pause").await;
    app.mutate(Some(&app.editor), "resumeWatch", json!({ "id": id }), "watch { id }").await;
    published(&app, "Bus danach").await;
    app.settle().await;
    assert_eq!(titles(&read(&app, &other, &[]).await), ["Lösung veröffentlicht: Bus danach"]);
    app.mutate(Some(&app.editor), "deleteWatch", json!({ "id": id }), "").await;
    assert_eq!(read(&app, &other, &[]).await.status, 404);
    assert_ne!(renewed["watch"]["id"], Value::Null);
}
