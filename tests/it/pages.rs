//! Pages: what people read in a browser, without any script.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::support::TestApp;
use crate::support::test_app::Answer;

/// What a browser gets.
async fn read(app: &TestApp, path: &str) -> Answer {
    read_with(app, path, &[]).await
}

async fn read_with(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path).header("accept", "text/html,application/xhtml+xml");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).expect("a request")).await
}

/// Every page that needs no record.
const PAGES: [&str; 11] = [
    "/",
    "/solutions",
    "/municipalities",
    "/questions",
    "/contacts",
    "/documents",
    "/compare",
    "/imprint",
    "/privacy",
    "/accessibility",
    "/plain-language",
];

/// Where something stands in a text that must stand there.
fn place(text: &str, part: &str) -> usize {
    text.find(part).unwrap_or_else(|| panic!("{part} is not in {text}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_whole_in_both_languages_and_takes_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    for path in PAGES.into_iter().chain(["/municipalities/musterdorf"]) {
        for (asks, lang) in [("de", "de"), ("en", "en"), ("fr", "de")] {
            let page = read_with(&app, path, &[("accept-language", asks)]).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
            assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
            assert!(page.text.contains(&format!("<html lang=\"{lang}\">")), "{path}");
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
            assert!(page.text.ends_with("</html>\n") || page.text.ends_with("</html>"), "{path}");
            let policy = page.headers["content-security-policy"].to_str().expect("text");
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
            assert!(!page.headers.contains_key("set-cookie"), "{path}");
            for part in [" style=", "<style", "<script>", " onclick=", "src=\"http", "cdn"] {
                assert!(!page.text.contains(part), "{path}: {part}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_and_a_municipality_that_were_chosen_go_along() {
    let app = TestApp::start().await;
    let page = read(&app, "/?lang=en&for=musterdorf").await;
    assert!(page.text.contains("<html lang=\"en\">"));
    let link = "href=\"/solutions?for=musterdorf&#38;lang=en\"";
    assert!(
        page.text.contains(link) || page.text.contains(&link.replace("&#38;", "&amp;")),
        "{}",
        page.text
    );
    assert!(page.text.contains("<input type=\"hidden\" name=\"for\" value=\"musterdorf\">"));
    assert!(page.text.contains("lang=de"), "the way back to German");
    // Whoever says a name is taken there; what is no name of any leads to a choice.
    let chosen = read(&app, "/choose?place=Musterdorf&back=%2Fsolutions%3Fq%3DBus").await;
    assert_eq!(chosen.status, 303);
    assert_eq!(chosen.headers["location"], "/solutions?q=Bus&for=musterdorf");
    let unknown = read(&app, "/choose?place=Must&back=https://example.org/").await;
    assert_eq!(unknown.headers["location"], "/municipalities?q=Must");
    let away = read(&app, "/choose?place=Musterdorf&back=//example.org/").await;
    assert_eq!(away.headers["location"], "/?for=musterdorf");
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_narrowed_down_by_links_and_stay_at_their_address() {
    let app = TestApp::start().await;
    app.published(&app.neighbour, app.complete("neustadt", "Rufbus").await).await;
    app.published(&app.editor, app.complete("musterdorf", "Mitfahrbank").await).await;
    app.settle().await;
    let all = read(&app, "/solutions?sort=newest&for=musterdorf").await;
    assert!(all.text.contains("Rufbus") && all.text.contains("Mitfahrbank"), "{}", all.text);
    assert!(all.text.contains("state=DE-BY"), "{}", all.text);
    let some = read(&app, "/solutions?sort=newest&state=DE-BY").await;
    assert!(some.text.contains("Rufbus") && !some.text.contains("Mitfahrbank"), "{}", some.text);
    assert!(some.text.contains("Filter entfernen:") && some.text.contains("Bayern"));
    let found = read(&app, "/solutions?q=Rufbus").await;
    assert!(found.text.contains("Lösungen zu „Rufbus“"), "{}", found.text);
    let nothing = read(&app, "/solutions?q=Quantenkristallzucht").await;
    assert_eq!(nothing.status, 200);
    assert!(nothing.text.contains("Dazu gibt es noch keine Lösung."), "{}", nothing.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_stands_in_an_address_breaks_nothing() {
    let app = TestApp::start().await;
    let long = "x".repeat(5_000);
    for (path, status) in [
        ("/solutions?topic=%22%3E&size=huge&state=XX&sort=up&nothing=1&q", 200),
        ("/solutions?q=%FF%FE&q=%00&topic", 200),
        ("/solutions?after=nonsense", 400),
        ("/solutions?topic=nobody", 200),
        ("/compare?m=nowhere&m=musterdorf&m=musterdorf&add=nobody", 200),
        ("/municipalities/nowhere", 404),
        ("/solutions/nothing", 404),
        ("/nothing", 404),
        ("/?for=nowhere&lang=xx", 200),
    ] {
        let page = read(&app, path).await;
        assert_eq!(page.status, status, "{path}: {}", page.text);
        assert!(
            page.text.contains("<h1>") && page.text.contains("name=\"q\"") || status == 200,
            "{path}"
        );
    }
    let page = read(&app, &format!("/solutions?q={long}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    // Programs are told in their own way.
    let request = Request::get("/nothing").body(Body::empty()).expect("a request");
    let answer = app.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.text.contains("<html")), (404, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solution_is_told_in_the_order_in_which_people_ask() {
    let app = TestApp::start().await;
    let mut input = app.complete("neustadt", "Rufbus").await;
    for (field, text) in [
        ("steps", "Erst fragen, dann fahren."),
        ("difficulties", "Der erste Fahrplan war falsch."),
        ("prerequisites", "Jemand fährt."),
    ] {
        input[field] = json!(text);
    }
    input["results"] = json!({ "summary": "Alle kommen an." });
    input["costs"] = json!({ "oneOff": { "from": 5_000, "to": 12_000 }, "year": 2024 });
    app.published(&app.neighbour, input).await;
    app.settle().await;
    let page = read(&app, "/solutions/rufbus").await;
    let order = [
        "Es fehlt an allem.",
        "Alle packen an.",
        "Erst fragen, dann fahren.",
        "Alle kommen an.",
        "5.000 € – 12.000 €",
        "Der erste Fahrplan war falsch.",
        "Jemand fährt.",
    ];
    let places: Vec<usize> = order.iter().map(|part| place(&page.text, part)).collect();
    assert!(places.is_sorted(), "{places:?}");
    // For programs it is what it was.
    let request = Request::get("/solutions/rufbus").body(Body::empty()).expect("a request");
    assert_eq!(app.send(request).await.json()["title"], "Rufbus");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_people_write_becomes_a_part_of_the_page() {
    let app = TestApp::start().await;
    let evil = "<script>alert(1)</script>\" onmouseover=\"x \u{202e}rtl";
    let mut input = app.complete("neustadt", &format!("Rufbus {evil}")).await;
    for field in ["teaser", "problem", "approach", "lessons"] {
        input[field] = json!(format!("{field} {evil}"));
    }
    input["keywords"] = json!([evil]);
    app.published(&app.neighbour, input).await;
    app.settle().await;
    let list = read(&app, "/solutions?q=Rufbus").await;
    let start = list.text.find("/solutions/rufbus").expect("the link");
    let slug: String = list.text[start..].chars().take_while(|it| !"?\"".contains(*it)).collect();
    for path in ["/".to_owned(), format!("/solutions?q={}", "%3Cscript%3E"), slug] {
        let page = read(&app, &path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text.contains("<script>") && !page.text.contains("\" onmouseover"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_page_already_gets_nothing_and_what_somebody_sees_is_kept_by_nobody() {
    let app = TestApp::start().await;
    let page = read(&app, "/solutions").await;
    let etag = page.headers["etag"].to_str().expect("a tag").to_owned();
    assert_eq!(page.headers["cache-control"], "public, no-cache");
    let again = read_with(&app, "/solutions", &[("if-none-match", &etag)]).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    app.published(&app.neighbour, app.complete("neustadt", "Rufbus").await).await;
    app.settle().await;
    let newer = read_with(&app, "/solutions", &[("if-none-match", &etag)]).await;
    assert_eq!(newer.status, 200);
    let token = format!("Bearer {}", app.editor);
    let own = read_with(&app, "/solutions", &[("authorization", &token)]).await;
    assert_eq!(own.headers["cache-control"], "private, no-store");
    let styles = read(&app, "/static/allmende.css").await;
    assert_eq!(styles.headers["content-type"], "text/css; charset=utf-8");
    assert!(styles.headers["cache-control"].to_str().expect("text").contains("immutable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn municipalities_stand_side_by_side() {
    let app = TestApp::start().await;
    let added = read(&app, "/compare?m=musterdorf&add=Neustadt").await;
    assert_eq!(added.headers["location"], "/compare?m=musterdorf&m=neustadt");
    let page = read(&app, "/compare?m=musterdorf&m=neustadt").await;
    assert!(page.text.contains("1.200") && page.text.contains("48.000"), "{}", page.text);
    assert_eq!(page.text.matches("<th scope=\"col\">").count(), 2);
    let unknown = read(&app, "/compare?m=musterdorf&add=Nirgendwo").await;
    assert!(unknown.text.contains("Diese Kommune ist nicht bekannt: Nirgendwo"));
}
