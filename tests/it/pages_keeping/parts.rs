//! Each part of a strategy process has a form of its own that loses nothing: steps, findings, measures.

use super::processes::begun;
use crate::pages_work::{EVIL, led, path_of, read, revision, send};
use crate::support::TestApp;

/// Adds a measure by its form, and gives the path of that.
async fn measure(app: &TestApp, path: &str, title: &str, status: &str) -> String {
    let form = format!("{path}/new-measure");
    let pairs = [("title", title), ("status", status), ("budget", "12.000")];
    let made = send(app, &app.neighbour, &form, &pairs).await;
    assert_eq!((made.status.as_u16(), path_of(&led(&made))), (303, path), "{}", made.text);
    let page = read(app, &app.neighbour, path).await;
    let (before, _) = page.text.split_once(&format!("\">{title}</a>")).expect("it is listed");
    let (_, link) = before.rsplit_once("href=\"").expect("a link");
    link.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_set_and_what_is_wrong_with_it_comes_back() {
    let app = TestApp::start().await;
    let path = begun(&app).await;
    let form = format!("{path}/workshop");
    let page = read(&app, &app.neighbour, &form).await;
    assert!(page.text.contains("value=\"PLANNED\" selected"), "{}", page.text);
    let wrong = [
        ("state", "DONE"),
        ("date", "14.9.2023"),
        ("ends", "irgendwann"),
        ("note", EVIL),
        ("participation.0.formats", "Bürgerwerkstatt"),
        ("participation.0.people", "viele"),
    ];
    let back = send(&app, &app.neighbour, &form, &wrong).await;
    assert_eq!(back.status, 422, "{}", back.text);
    for id in ["f-ends", "f-participation-0-people"] {
        assert!(back.text.contains(&format!("href=\"#{id}\"")), "{id}: {}", back.text);
        assert!(back.text.contains(&format!("id=\"{id}-error\"")), "{id}: {}", back.text);
    }
    for typed in ["14.9.2023", "irgendwann", "مرحبا", "Bürgerwerkstatt", "viele"] {
        assert!(back.text.contains(typed), "{typed}: {}", back.text);
    }
    assert!(!back.text.contains("<script>alert"));

    let before = [("state", "DONE"), ("date", "14.9.2023"), ("ends", "1.9.2023")];
    let told = send(&app, &app.neighbour, &form, &before).await;
    assert_eq!(told.status, 422, "{}", told.text);
    assert!(told.text.contains("href=\"#f-ends\""), "{}", told.text);

    let right = [
        ("state", "DONE"),
        ("date", "14.9.2023"),
        ("note", EVIL),
        ("source", "Beschluss 12/2023"),
        ("participation.0.formats", "Bürgerwerkstatt"),
        ("participation.0.people", "120"),
    ];
    let set = send(&app, &app.neighbour, &form, &right).await;
    assert_eq!((set.status.as_u16(), path_of(&led(&set))), (303, path.as_str()), "{}", set.text);
    let page = read(&app, &app.neighbour, &path).await;
    assert!(page.text.contains("abgeschlossen, 14.9.2023"), "{}", page.text);
    assert!(page.text.contains("Beschluss 12/2023") && page.text.contains("مرحبا"));
    assert!(page.text.contains("20 %") && !page.text.contains("<script>alert"), "{}", page.text);
    let page = read(&app, &app.neighbour, &form).await;
    for stored in ["value=\"DONE\" selected", "value=\"14.9.2023\"", "value=\"120\""] {
        assert!(page.text.contains(stored), "{stored}: {}", page.text);
    }
    let number = revision(&page);
    let number = [("expectedRevision", number.as_str())];
    let removed = send(&app, &app.neighbour, &format!("{form}/remove"), &number).await;
    assert_eq!(removed.status, 303, "{}", removed.text);
    let page = read(&app, &app.neighbour, &path).await;
    assert!(!page.text.contains("14.9.2023"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_slower_sees_both_and_loses_nothing() {
    let app = TestApp::start().await;
    let path = begun(&app).await;
    let form = format!("{path}/kick_off");
    let old = revision(&read(&app, &app.neighbour, &form).await);
    let with = |note: &'static str, revision: &str| {
        vec![
            ("state", "DONE".to_owned()),
            ("note", note.to_owned()),
            ("expectedRevision", revision.to_owned()),
        ]
    };
    let save = async |pairs: Vec<(&'static str, String)>| {
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, it)| (*name, it.as_str())).collect();
        send(&app, &app.neighbour, &form, &pairs).await
    };
    assert_eq!(save(with("Alle kamen.", &old)).await.status, 303);
    let late = save(with("Wenige kamen.", &old)).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(late.text.contains("Alle kamen.") && late.text.contains("Wenige kamen."));
    assert_eq!(save(with("Wenige kamen.", &revision(&late))).await.status, 303);
    let page = read(&app, &app.neighbour, &path).await;
    assert!(page.text.contains("Wenige kamen.") && !page.text.contains("Alle kamen."));

    // What is taken away on an old look is not.
    let late = [("expectedRevision", old.as_str())];
    let late = send(&app, &app.neighbour, &format!("{form}/remove"), &late).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(late.text.contains("role=\"alert\"") && late.text.contains("Wenige kamen."));
    // A new measure is not lost either.
    let pairs = [("title", "Dorfladen"), ("status", "PLANNED"), ("expectedRevision", old.as_str())];
    let late = send(&app, &app.neighbour, &format!("{path}/new-measure"), &pairs).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(late.text.contains("value=\"Dorfladen\""), "{}", late.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_and_priorities_are_kept_as_a_whole() {
    let app = TestApp::start().await;
    let path = begun(&app).await;
    let form = format!("{path}/outline");
    let more = [("do", "add:priorities"), ("priorities.0.title", "Busse bis abends")];
    let more = send(&app, &app.neighbour, &form, &more).await;
    assert_eq!(more.status, 200, "{}", more.text);
    assert!(more.text.contains("name=\"priorities.1.title\""), "{}", more.text);
    assert!(more.text.contains("value=\"Busse bis abends\""), "{}", more.text);

    let wrong = [("priorities.0.title", "Busse bis abends"), ("starts", "2025"), ("ends", "2023")];
    let wrong = send(&app, &app.neighbour, &form, &wrong).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    assert!(wrong.text.contains("href=\"#f-priorities-0-topic\""), "{}", wrong.text);

    let right = [
        ("starts", "2023"),
        ("swot.strengths", "Vereine\r\nSchule"),
        ("swot.threats", "Wegzug"),
        ("priorities.0.title", "Busse bis abends"),
        ("priorities.0.topic", "Topic:mobility"),
        ("review.reached", "Rufbus"),
    ];
    let right = send(&app, &app.neighbour, &form, &right).await;
    assert_eq!(right.status, 303, "{}", right.text);
    let page = read(&app, &app.neighbour, &path).await;
    for said in
        ["<li dir=\"auto\">Vereine</li>", "<li dir=\"auto\">Schule</li>", "Wegzug", "Rufbus"]
    {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(page.text.contains("Busse bis abends (Mobilität"), "{}", page.text);
    let again = read(&app, &app.neighbour, &form).await;
    assert!(again.text.contains("\nVereine\nSchule</textarea>"), "{}", again.text);
    assert!(again.text.contains("value=\"Topic:mobility\" selected"), "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_measure_is_changed_and_becomes_a_solution_when_it_is_done() {
    let app = TestApp::start().await;
    let path = begun(&app).await;
    let empty = [("title", ""), ("status", "PLANNED"), ("owner", "Bauamt")];
    let empty = send(&app, &app.neighbour, &format!("{path}/new-measure"), &empty).await;
    assert_eq!(empty.status, 422, "{}", empty.text);
    assert!(empty.text.contains("href=\"#f-title\"") && empty.text.contains("value=\"Bauamt\""));

    let form = measure(&app, &path, "Rufbus Nord", "RUNNING").await;
    let page = read(&app, &app.neighbour, &path).await;
    assert!(page.text.contains("12.000 €") && !page.text.contains("/solution\""), "{}", page.text);
    let early = send(&app, &app.neighbour, &format!("{form}/solution"), &[]).await;
    assert_eq!(early.status, 422, "{}", early.text);
    assert!(early.text.contains("role=\"alert\"") && early.text.contains("Rufbus Nord"));

    let done = [("title", "Rufbus Nord"), ("status", "DONE"), ("owner", "Bauamt")];
    assert_eq!(send(&app, &app.neighbour, &form, &done).await.status, 303);
    let page = read(&app, &app.neighbour, &path).await;
    assert!(page.text.contains(&format!("action=\"{form}/solution\"")), "{}", page.text);
    let made = send(&app, &app.neighbour, &format!("{form}/solution"), &[]).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let solution = led(&made);
    assert!(solution.starts_with("/work/solutions/Solution:"), "{solution}");
    let draft = read(&app, &app.neighbour, &solution).await;
    assert!(draft.text.contains("value=\"Rufbus Nord\""), "{}", draft.text);
    let page = read(&app, &app.neighbour, &path).await;
    assert!(page.text.contains(&format!("href=\"{}\"", path_of(&solution))), "{}", page.text);
    assert!(!page.text.contains(&format!("action=\"{form}/solution\"")), "{}", page.text);

    let removed = send(&app, &app.neighbour, &format!("{form}/remove"), &[]).await;
    assert_eq!(removed.status, 303, "{}", removed.text);
    assert_eq!(read(&app, &app.neighbour, &form).await.status, 404);
    // What is typed into the form of a measure that is gone is still there.
    let gone = send(&app, &app.neighbour, &form, &done).await;
    assert_eq!(gone.status, 422, "{}", gone.text);
    assert!(gone.text.contains("value=\"Rufbus Nord\""), "{}", gone.text);
}
