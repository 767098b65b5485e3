//! Pages for developers.

use std::fs;

use allmende::http::{Front, FrontError, FrontPlaces, Limits, TrustedProxies, router_with};
use tokio_util::sync::CancellationToken;

use super::read;
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_every_document_and_where_it_can_be_tried() {
    let app = TestApp::start().await;
    let page = read(&app, "/developers?lang=en").await;
    assert_eq!(page.status, 200, "{}", page.text);
    for part in [
        "<h1>For developers</h1>",
        "mutation SaveWatch(",
        "subscription SolutionPublished(",
        "fragment SolutionCard on Solution",
        "The page of one solution.",
        "href=\"/schema.graphql\"",
        "/developers/run?operation=SearchSolutions",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("/developers/run?operation=SaveWatch"), "it writes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_run_and_its_answer_shown() {
    let app = TestApp::start().await;
    let there = "/developers/run?operation=SearchSolutions&variables=";
    let page = read(&app, &format!("{there}%7B%22search%22%3A%22Dorfarzt%22%7D")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("Dorfarzt gefunden"), "{}", page.text);
    assert!(page.text.contains("<option selected>SearchSolutions</option>"), "{}", page.text);
    assert!(page.text.contains("fragment SolutionCard on Solution"), "what was sent is shown");
    // Nothing is run before something is chosen, and an example is ready.
    let fresh = read(&app, "/developers/run").await;
    assert_eq!(fresh.status, 200, "{}", fresh.text);
    assert!(!fresh.text.contains("id=\"answer\""), "{}", fresh.text);
    // What the API says of a mistake is an answer, too.
    let wrong = read(&app, &format!("{there}%7B%22first%22%3A-1%7D")).await;
    assert_eq!(wrong.status, 200, "{}", wrong.text);
    assert!(wrong.text.contains("BAD_USER_INPUT"), "{}", wrong.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_run_is_said_at_its_field_and_stays_as_it_was_typed() {
    let app = TestApp::start().await;
    for (query, field, typed) in [
        ("operation=CreateSolution&variables=%7B%7D", "operation", "{}"),
        ("operation=SolutionPublished", "operation", "{}"),
        ("operation=Nothing", "operation", "{}"),
        ("operation=StartPage&variables=%7Bnonsense", "variables", "{nonsense"),
        ("operation=StartPage&variables=%5B1%5D", "variables", "[1]"),
    ] {
        let page = read(&app, &format!("/developers/run?{query}")).await;
        assert_eq!(page.status, 400, "{query}: {}", page.text);
        let error = format!("aria-invalid=\"true\" aria-describedby=\"{field}-error\"");
        assert!(page.text.contains(&error), "{query}: {}", page.text);
        assert!(page.text.contains(&format!("<a href=\"#{field}\">")), "{query}: {}", page.text);
        assert!(page.text.contains(&format!(">{typed}</textarea>")), "{query}: {}", page.text);
        assert!(!page.text.contains("id=\"answer\""), "{query}: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_comes_back_becomes_a_part_of_the_page() {
    let app = TestApp::start().await;
    let there = "/developers/run?operation=SearchSolutions&variables=";
    let page = read(&app, &format!("{there}%7B%22search%22%3A%22%3Cscript%3Ex%22%7D")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(!page.text.contains("<script>"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn graphiql_is_there_once_it_was_fetched() {
    let app = TestApp::start().await;
    let without = read(&app, "/developers/graphiql").await;
    assert!(without.text.contains("tools/graphiql.sh"), "{}", without.text);
    let policy = |page: &crate::support::test_app::Answer| {
        page.headers["content-security-policy"].to_str().expect("text").to_owned()
    };
    assert!(!policy(&without).contains("unsafe"));
    assert_eq!(read(&app, "/developers/graphiql/files/graphiql.min.js").await.status, 404);

    let directory = tempfile::tempdir().expect("a directory");
    let places =
        FrontPlaces { graphiql: Some(directory.path().to_owned()), ..FrontPlaces::default() };
    assert!(matches!(Front::read(&places), Err(FrontError::Missing(_))));
    for name in [
        "graphiql.min.css",
        "graphiql.min.js",
        "react.production.min.js",
        "react-dom.production.min.js",
    ] {
        fs::write(directory.path().join(name), format!("/* {name} */")).expect("a file");
    }
    fs::write(directory.path().join("secret"), "secret").expect("a file");
    let front = Front::read(&places).expect("all files are there");
    let (limits, proxies) = (Limits::default(), TrustedProxies::default());
    let api = app.app.api().clone();
    let router = router_with(api, limits, proxies, front, CancellationToken::new());
    let app = TestApp { router, ..app };
    let page = read(&app, "/developers/graphiql").await;
    assert!(page.text.contains("/developers/graphiql/files/graphiql.min.js?"), "{}", page.text);
    assert!(page.text.contains("data-read-only="), "{}", page.text);
    let policy = policy(&page);
    assert!(policy.contains("script-src 'self';") && !policy.contains("http"), "{policy}");
    let script = read(&app, "/developers/graphiql/files/graphiql.min.js").await;
    assert_eq!(script.text, "/* graphiql.min.js */");
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
    for other in ["secret", "..%2Fsecret", "LICENSE.react"] {
        let answer = read(&app, &format!("/developers/graphiql/files/{other}")).await;
        assert_eq!(answer.status, 404, "{other}");
    }
}
