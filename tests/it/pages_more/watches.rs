//! Pages about saved searches.

use allmende::domain::Role;
use serde_json::json;

use super::{location, read, read_as, send};
use crate::support::TestApp;

const OWN: &str = "https://hub.example.org";
/// The password of whoever signs in.
const PASSWORD: &str = "ein langes Kennwort";
const FEED: &str = "name=Busse&way=feed";

/// Somebody who is signed in.
async fn member(app: &TestApp) -> String {
    let admin = app.token(Role::Admin, "musterdorf").await;
    let email = "kim@example.org";
    let input = json!({ "email": email, "password": PASSWORD, "name": "Kim", "grants": [] });
    let made = app.mutate(Some(&admin), "createAccount", input, "account { id }").await;
    assert_eq!(made["userErrors"], json!([]), "{made}");
    app.sign_in(email, PASSWORD).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_leads_to_watching_it() {
    let app = TestApp::start().await;
    let list = read(&app, "/solutions?q=Bus&topic=mobility&sort=newest").await;
    assert!(list.text.contains("Diese Suche beobachten"), "{}", list.text);
    let page = read(&app, "/watch?q=Bus&topic=mobility&state=DE-SN").await;
    assert_eq!(page.status, 200, "{}", page.text);
    for part in ["„Bus“", "Mobilität", "Sachsen", "/feeds/topics/mobility.atom", "/sign-in?back="]
    {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("method=\"post\""), "nothing can be saved yet: {}", page.text);
    let all = read(&app, "/watch").await;
    assert!(all.text.contains("/feeds/solutions.atom") && all.text.contains("Alle Lösungen."));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_signed_in_is_led_there_and_back() {
    let app = TestApp::start().await;
    assert_eq!(location(&read(&app, "/watches").await), "/sign-in?back=%2Fwatches");
    // What was filled in goes along with signing in.
    let sent = send(&app, "", "/watch?q=Bus", FEED, OWN).await;
    assert_eq!(sent.status, 401, "{}", sent.text);
    for part in ["name=\"name\" value=\"Busse\"", "value=\"/watch?q=Bus\"", "type=\"password\""] {
        assert!(sent.text.contains(part), "{part}: {}", sent.text);
    }
    let sent = send(&app, "", "/watches", "do=delete&id=Watch:01J5Z3NDEKTSV4RRFFQ69G5FAV", OWN);
    assert_eq!(sent.await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_sees_what_would_have_come_and_saves_it() {
    let app = TestApp::start().await;
    app.published(&app.neighbour, app.complete("neustadt", "Rufbus").await).await;
    app.settle().await;
    let cookie = member(&app).await;
    let page = read_as(&app, &cookie, "/watch?q=Rufbus&topic=mobility").await;
    assert_eq!(page.headers["cache-control"], "private, no-store");
    assert!(page.text.contains("<strong>1 Lösung</strong>"), "{}", page.text);
    assert!(page.text.contains("href=\"/solutions/rufbus\""), "{}", page.text);
    let saved = send(&app, &cookie, "/watch?q=Rufbus&topic=mobility", FEED, OWN).await;
    assert_eq!(saved.status, 201, "{}", saved.text);
    let start = saved.text.find("/feeds/watches/").expect("the address of the feed");
    let feed: String = saved.text[start..].chars().take_while(|it| !"\"<".contains(*it)).collect();
    assert!(read(&app, &feed).await.text.contains("Rufbus"), "{feed}");
    let list = read_as(&app, &cookie, "/watches").await;
    for part in
        ["Busse", "„Rufbus“", "Mobilität", "Anhalten", "/solutions?q=Rufbus&#38;topic=mobility"]
    {
        assert!(list.text.contains(part), "{part}: {}", list.text);
    }
    assert!(!list.text.contains("/feeds/watches/"), "the address is shown once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_at_its_field_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let cookie = member(&app).await;
    let page = send(&app, &cookie, "/watch?q=Bus", "name=+&way=feed", OWN).await;
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(page.text.contains("aria-describedby=\"name-error\""), "{}", page.text);
    assert!(page.text.contains("value=\"feed\" checked"), "{}", page.text);
    // This hub sends no mail, and says so beside what was filled in.
    let page = send(&app, &cookie, "/watch?q=Bus", "name=Busse&way=at_once", OWN).await;
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(page.text.contains("value=\"at_once\" checked"), "{}", page.text);
    assert!(page.text.contains("value=\"Busse\"") && page.text.contains("Mail"), "{}", page.text);
    // What can never be found cannot be watched.
    let page = read_as(&app, &cookie, "/watch?q=einwohner:viele").await;
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(page.text.contains("Bitte prüfen Sie"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_rests_goes_on_and_goes_away() {
    let app = TestApp::start().await;
    let cookie = member(&app).await;
    assert!(read_as(&app, &cookie, "/watches").await.text.contains("Sie beobachten noch keine"));
    send(&app, &cookie, "/watch?q=Bus", FEED, OWN).await;
    let list = read_as(&app, &cookie, "/watches").await.text;
    let start = list.find("Watch:").expect("an id");
    let id: String = list[start..].chars().take_while(|it| *it != '"').collect();
    let press = async |button: &str| {
        send(&app, &cookie, "/watches", &format!("id={id}&do={button}"), OWN).await
    };
    assert_eq!(location(&press("pause").await), "/watches");
    assert!(read_as(&app, &cookie, "/watches").await.text.contains("<strong>ruht</strong>"));
    assert_eq!(location(&press("resume").await), "/watches");
    assert!(!read_as(&app, &cookie, "/watches").await.text.contains("<strong>ruht</strong>"));
    assert_eq!(press("explode").await.status, 400);
    assert_eq!(location(&press("delete").await), "/watches");
    assert!(!read_as(&app, &cookie, "/watches").await.text.contains(&id));
    // Pressed twice, it says so.
    assert_eq!(press("delete").await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_others_save_and_change_nothing() {
    let app = TestApp::start().await;
    let cookie = member(&app).await;
    for (path, form) in [("/watch?q=Bus", FEED), ("/watches", "do=delete&id=Watch:x")] {
        let sent = send(&app, &cookie, path, form, "https://elsewhere.example.org").await;
        assert_eq!(sent.status, 403, "{path}: {}", sent.text);
    }
    assert!(read_as(&app, &cookie, "/watches").await.text.contains("Sie beobachten noch keine"));
}
