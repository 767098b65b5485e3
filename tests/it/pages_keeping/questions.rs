//! A question has a page: it is read by everybody, and answered, joined and ended by who may.

use allmende::domain::Role;
use serde_json::json;

use crate::pages_work::{EVIL, led, path_of, read, send};
use crate::support::TestApp;

/// A question of `musterdorf`, asked by its form; gives the path of its page.
async fn asked(app: &TestApp) -> String {
    let town = app.municipality("musterdorf").await;
    let pairs = [
        ("municipality", town.as_str()),
        ("title", "Wie findet man einen Hausarzt?"),
        ("text", EVIL),
        ("topics[]", "Topic:health_care"),
    ];
    let made = send(app, &app.editor, "/work/questions/new", &pairs).await;
    assert_eq!(made.status, 303, "{}", made.text);
    path_of(&led(&made)).to_owned()
}

/// An answer of `neustadt` with a solution, given by the form.
async fn answered(app: &TestApp, path: &str) {
    let (town, solution) = (app.municipality("neustadt").await, app.solution("T1").await);
    let pairs = [
        ("do", "answer"),
        ("municipality", town.as_str()),
        ("text", "Mit einem Stipendium."),
        ("solutions[]", solution.as_str()),
    ];
    let given = send(app, &app.neighbour, &format!("{path}/answer"), &pairs).await;
    assert_eq!((given.status.as_u16(), path_of(&led(&given))), (303, path), "{}", given.text);
}

/// The id of the answer that a page names first in a form.
fn answer(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"answer\" value=\"").expect("a form");
    rest.split('"').next().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_a_question_and_who_wants_to_answer_is_led_to_sign_in() {
    let app = TestApp::start().await;
    let path = asked(&app).await;
    app.settle().await;
    let list = read(&app, "", "/questions").await;
    assert!(list.text.contains(&format!("href=\"{path}\"")), "{}", list.text);
    let page = read(&app, "", &path).await;
    assert_eq!((page.status.as_u16(), page.text.matches("<h1").count()), (200, 1), "{}", page.text);
    for part in ["Wie findet man einen Hausarzt?", "مرحبا", "Musterdorf", "/sign-in?back="] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("<script>alert") && !page.text.contains("name=\"text\""));
    // The id without its kind leads there, too.
    let (_, key) = path.split_once("Question:").expect("an id");
    assert_eq!(read(&app, "", &format!("/questions/{key}")).await.status, 200);
    for path in ["/questions/nothing", "/questions/Question:01J5Z3NDEKTSV4RRFFQ69G5FAV"] {
        assert_eq!(read(&app, "", path).await.status, 404, "{path}");
    }
    let sent = send(&app, "", &format!("{path}/join"), &[]).await;
    assert_eq!(sent.status, 401, "{}", sent.text);
    assert_eq!(led(&read(&app, "", &format!("{path}/join")).await), path);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_written_with_solutions_that_were_searched_for() {
    let app = TestApp::start().await;
    let path = asked(&app).await;
    let (form, town) = (format!("{path}/answer"), app.municipality("neustadt").await);
    let (own, other) = (app.solution("T2").await, app.solution("T1").await);
    let page = read(&app, &app.neighbour, &path).await;
    assert!(page.text.contains(&format!("value=\"{town}\" selected")), "{}", page.text);
    assert!(page.text.contains(&format!("value=\"{own}\"")), "one's own: {}", page.text);
    assert!(!page.text.contains(&format!("value=\"{other}\"")), "{}", page.text);

    let pairs = [
        ("do", "find"),
        ("find", "Dorfarzt"),
        ("text", "Noch nicht fertig"),
        ("solutions[]", own.as_str()),
    ];
    let found = send(&app, &app.neighbour, &form, &pairs).await;
    assert_eq!(found.status, 200, "{}", found.text);
    assert!(found.text.contains(&format!("value=\"{own}\" checked")), "{}", found.text);
    assert!(found.text.contains(&format!("value=\"{other}\">")), "{}", found.text);
    assert!(found.text.contains("Noch nicht fertig") && found.text.contains("value=\"Dorfarzt\""));
    let pairs = [("do", "find"), ("find", "Quastenflosser"), ("solutions[]", "kein Schlüssel")];
    let none = send(&app, &app.neighbour, &form, &pairs).await;
    assert_eq!(none.status, 200, "{}", none.text);
    assert!(none.text.contains("keine Lösung gefunden"), "{}", none.text);
    // Only the button gives an answer, and not what a script puts back.
    assert_eq!(
        send(&app, &app.neighbour, &form, &[("do", "add:"), ("text", "x")]).await.status,
        200
    );

    let empty = [("do", "answer"), ("municipality", ""), ("solutions[]", other.as_str())];
    let empty = send(&app, &app.neighbour, &form, &empty).await;
    assert_eq!(empty.status, 422, "{}", empty.text);
    assert!(empty.text.contains("href=\"#f-municipality\""), "{}", empty.text);
    assert!(empty.text.contains(&format!("value=\"{other}\" checked")), "{}", empty.text);

    answered(&app, &path).await;
    let page = read(&app, "", &path).await;
    assert!(page.text.contains("Mit einem Stipendium."), "{}", page.text);
    assert!(page.text.contains(">Dorfarzt gefunden</a>"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_says_what_helped_and_ends_the_question() {
    let app = TestApp::start().await;
    let path = asked(&app).await;
    answered(&app, &path).await;
    let page = read(&app, &app.editor, &path).await;
    assert!(page.text.contains("Diese Antwort hat geholfen"), "{}", page.text);
    let other = read(&app, &app.neighbour, &path).await;
    assert!(!other.text.contains("Diese Antwort hat geholfen"), "{}", other.text);
    assert!(!other.text.contains(&format!("action=\"{path}/close\"")), "{}", other.text);
    let id = answer(&page.text);
    let pairs = [("answer", id.as_str())];
    let foreign = send(&app, &app.neighbour, &format!("{path}/accept"), &pairs).await;
    assert_eq!(foreign.status, 422, "{}", foreign.text);
    assert!(foreign.text.contains("role=\"alert\""), "{}", foreign.text);
    let accepted = send(&app, &app.editor, &format!("{path}/accept"), &pairs).await;
    assert_eq!(accepted.status, 303, "{}", accepted.text);
    assert!(read(&app, "", &path).await.text.contains("Angenommene Antwort"));

    assert_eq!(send(&app, &app.editor, &format!("{path}/close"), &[]).await.status, 303);
    let closed = read(&app, &app.neighbour, &path).await;
    assert!(!closed.text.contains("name=\"text\""), "{}", closed.text);
    // Whoever was writing meanwhile hears of it, and does not lose the text.
    let town = app.municipality("neustadt").await;
    let late =
        [("do", "answer"), ("municipality", town.as_str()), ("text", "Gerade fertig geworden.")];
    let late = send(&app, &app.neighbour, &format!("{path}/answer"), &late).await;
    assert_eq!(late.status, 422, "{}", late.text);
    assert!(late.text.contains("Gerade fertig geworden."), "{}", late.text);

    assert_eq!(send(&app, &app.editor, &format!("{path}/take-back"), &[]).await.status, 303);
    assert_eq!(read(&app, "", &path).await.status, 404);
    assert_eq!(send(&app, &app.editor, &format!("{path}/nothing"), &[]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_taken_back_by_who_gave_it_or_by_who_looks_after_all() {
    let app = TestApp::start().await;
    let path = asked(&app).await;
    for who in [app.neighbour.clone(), app.token(Role::Moderator, "neustadt").await] {
        answered(&app, &path).await;
        let reader = read(&app, &app.reader, &path).await;
        assert!(!reader.text.contains("Antwort zurückziehen"), "{}", reader.text);
        let page = read(&app, &who, &path).await;
        assert!(page.text.contains("Antwort zurückziehen"), "{}", page.text);
        let id = answer(&page.text);
        let taken = send(&app, &who, &format!("{path}/take-back-answer"), &[("answer", &id)]).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        assert!(!read(&app, "", &path).await.text.contains("Mit einem Stipendium."));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_same_question_joins_and_leaves() {
    let app = TestApp::start().await;
    let path = asked(&app).await;
    let town = app.municipality("neustadt").await;
    let pairs = [("municipality", town.as_str())];
    let own = read(&app, &app.editor, &path).await;
    assert!(!own.text.contains(&format!("action=\"{path}/join\"")), "{}", own.text);
    let page = read(&app, &app.neighbour, &path).await;
    assert!(page.text.contains(&format!("action=\"{path}/join\"")), "{}", page.text);
    assert_eq!(send(&app, &app.neighbour, &format!("{path}/join"), &pairs).await.status, 303);
    let page = read(&app, &app.neighbour, &path).await;
    assert!(page.text.contains(&format!("action=\"{path}/leave\"")), "{}", page.text);
    let public = read(&app, "", &path).await;
    assert!(public.text.contains("href=\"/municipalities/neustadt\""), "{}", public.text);
    let foreign = send(&app, &app.editor, &format!("{path}/leave"), &pairs).await;
    assert_eq!(foreign.status, 422, "{}", foreign.text);
    assert_eq!(send(&app, &app.neighbour, &format!("{path}/leave"), &pairs).await.status, 303);
    let question =
        "query($id: ID!) { node(id: $id) { ... on Question { alsoInterested { id } } } }";
    let id = path.trim_start_matches("/questions/");
    let left = app.run(None, question, json!({ "id": id })).await;
    assert_eq!(left["data"]["node"]["alsoInterested"], json!([]));
}
