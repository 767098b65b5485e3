//! Versions of a solution side by side.

use allmende::domain::Role;
use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use super::read;
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_told_word_by_word() {
    let app = TestApp::start().await;
    let id = app.published(&app.neighbour, app.complete("neustadt", "Rufbus").await).await;
    let one = read(&app, "/solutions/rufbus/versions").await;
    assert_eq!(one.status, 200, "{}", one.text);
    assert!(one.text.contains("Bitte wählen Sie zwei verschiedene Fassungen."), "{}", one.text);

    // Where one person works alone, a change is out at once.
    let change = json!({ "id": id, "problem": "Es fehlt <b>fast</b> an allem." });
    app.update(&app.neighbour, change).await;
    let page = read(&app, "/solutions/rufbus/versions?old=1&new=2").await;
    assert_eq!(page.status, 200, "{}", page.text);
    // Once in the explanation, once in the text.
    assert_eq!(page.text.matches("<ins>").count(), 2, "{}", page.text);
    assert!(page.text.contains("&#60;b&#62;fast&#60;/b&#62;"), "{}", page.text);
    assert!(page.text.contains("Worum ging es?"), "{}", page.text);
    let newest = read(&app, "/solutions/rufbus/versions").await;
    assert_eq!(newest.text.matches("<ins>").count(), 2, "the two newest: {}", newest.text);
    let back = read(&app, "/solutions/rufbus/versions?old=2&new=1").await;
    let (gone, came) = (back.text.matches("<del>").count(), back.text.matches("<ins>").count());
    assert_eq!((gone, came), (2, 1), "{}", back.text);
    let solution = read(&app, "/solutions/rufbus").await;
    assert!(solution.text.contains("href=\"/solutions/rufbus/versions\""), "{}", solution.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_worked_on_is_for_those_who_do() {
    let app = TestApp::start().await;
    let editor = app.token(Role::Editor, "altdorf").await;
    let id = app.solution("T1").await;
    app.update(&editor, json!({ "id": id, "title": "Landarzt gefunden" })).await;
    let path = "/solutions/dorfarzt-gefunden/versions?old=1&new=2";
    assert_eq!(read(&app, path).await.status, 404);
    let request = Request::get(path).header("accept", "text/html");
    let request = request.header("authorization", format!("Bearer {editor}"));
    let own = app.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(own.status, 200, "{}", own.text);
    assert!(own.text.contains("<ins>Landarzt</ins>"), "{}", own.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told_helpfully() {
    let app = TestApp::start().await;
    app.published(&app.neighbour, app.complete("neustadt", "Rufbus").await).await;
    for path in [
        "/solutions/nothing/versions",
        "/solutions/rufbus/versions?old=1&new=7",
        "/solutions/rufbus/versions?old=nonsense",
    ] {
        let page = read(&app, path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.text);
        assert!(page.text.contains("Diese Seite gibt es nicht"), "{path}: {}", page.text);
        assert!(page.text.contains("name=\"q\""), "{path}: one can search on");
    }
}
