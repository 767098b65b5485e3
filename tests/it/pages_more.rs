//! Pages beside those for reading: for developers, about saved searches, about versions, and texts of
//! whoever runs the hub.

mod developers;
mod texts;
mod versions;
mod watches;

use axum::body::Body;
use axum::http::Request;

use crate::support::TestApp;
use crate::support::test_app::Answer;

/// What a browser gets.
async fn read(app: &TestApp, path: &str) -> Answer {
    read_as(app, "", path).await
}

/// What a browser gets of which somebody is signed in.
async fn read_as(app: &TestApp, cookie: &str, path: &str) -> Answer {
    let request = Request::get(path).header("accept", "text/html").header("cookie", cookie);
    app.send(request.body(Body::empty()).expect("a request")).await
}

/// What a browser gets that sends a form, from a page of the hub's own or of another one.
async fn send(app: &TestApp, cookie: &str, path: &str, form: &str, origin: &str) -> Answer {
    let request = Request::post(path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "hub.example.org")
        .header("origin", origin)
        .header("cookie", cookie);
    app.send(request.body(Body::from(form.to_owned())).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_whole_in_both_languages_and_takes_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    for path in [
        "/developers",
        "/developers/run",
        "/developers/graphiql",
        "/watch",
        "/solutions/dorfarzt-gefunden/versions",
    ] {
        for lang in ["de", "en"] {
            let page = read(&app, &format!("{path}?lang={lang}")).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
            assert!(page.text.contains(&format!("<html lang=\"{lang}\">")), "{path}");
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
            let policy = page.headers["content-security-policy"].to_str().expect("text");
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
            assert!(!page.headers.contains_key("set-cookie"), "{path}");
            for part in [" style=", "<style", "<script>", " onclick=", "src=\"http"] {
                assert!(!page.text.contains(part), "{path}: {part}");
            }
        }
    }
}

/// Where somebody is led.
fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.headers["location"].to_str().expect("text")
}
