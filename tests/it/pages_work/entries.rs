//! Contacts, questions and documents, each made on a page of its own.

use axum::body::Body;
use axum::http::Request;

use super::{EVIL, HOST, ORIGIN, known, led, lent, path_of, read, revision, send, send_with};
use crate::support::TestApp;
use crate::support::test_app::Answer;

const BOUNDARY: &str = "----boundary";

/// A form with a file, as a browser sends it.
async fn upload(app: &TestApp, who: &str, path: &str, name: &str, file: &str) -> Answer {
    let body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n"
    );
    let request = known(Request::post(path), who)
        .header("host", HOST)
        .header("origin", ORIGIN)
        .header("accept", "text/html")
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    app.send(request.body(Body::from(body)).expect("a request")).await
}

/// Makes a document, and gives the path of its page.
async fn document(app: &TestApp) -> String {
    let town = app.municipality("musterdorf").await;
    let pairs =
        [("municipality", town.as_str()), ("title", "Satzung des Bürgerbusses"), ("kind", "PLAN")];
    let made = send(app, &app.editor, "/work/documents/new", &pairs).await;
    assert_eq!(made.status, 303, "{}", made.text);
    path_of(&led(&made)).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_form_is_there_for_those_who_write_and_for_nobody_else() {
    let app = TestApp::start().await;
    for sort in ["contacts", "questions", "documents"] {
        let path = format!("/work/{sort}/new");
        assert_eq!(read(&app, "", &path).await.status, 303, "{path}");
        let page = read(&app, &app.editor, &path).await;
        assert_eq!((page.status.as_u16(), page.text.matches("<h1").count()), (200, 1), "{path}");
        // Whoever writes for one municipality need not choose it.
        let town = app.municipality("musterdorf").await;
        assert!(page.text.contains(&format!("value=\"{town}\" selected")), "{path}: {}", page.text);
        let reader = read(&app, &app.reader, &path).await;
        assert!(reader.text.contains("Sie schreiben für keine Kommune"), "{}", reader.text);
        let refused =
            send(&app, &app.reader, &path, &[("municipality", &town), ("title", "x")]).await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_made_and_brought_out_and_a_person_only_with_a_date() {
    let app = TestApp::start().await;
    let town = app.municipality("musterdorf").await;
    let with = |more: &[(&'static str, &'static str)]| {
        let mut pairs = vec![
            ("municipality", town.as_str()),
            ("role", "Bauhof"),
            ("email", "bauhof@musterdorf.example.org"),
            ("visibility", "PUBLIC"),
            ("willing[]", "MAIL"),
        ];
        pairs.extend_from_slice(more);
        pairs
    };
    let path = "/work/contacts/new";
    let unasked = send(&app, &app.editor, path, &with(&[("person", "Jemand")])).await;
    assert_eq!(unasked.status, 422);
    assert!(unasked.text.contains("href=\"#f-consentAt\""), "{}", unasked.text);
    assert!(
        unasked.text.contains("value=\"Jemand\"")
            && unasked.text.contains("value=\"MAIL\" checked")
    );
    let made = send(&app, &app.editor, path, &with(&[])).await;
    assert_eq!(made.status, 303, "{}", made.text);
    app.settle().await;
    let list = read(&app, "", "/contacts?q=Bauhof").await;
    assert!(list.text.contains("bauhof@musterdorf.example.org"), "{}", list.text);
    a_contact_is_looked_after(&app, path_of(&led(&made))).await;
}

/// Its page changes it, says when somebody else was faster, and keeps others out.
async fn a_contact_is_looked_after(app: &TestApp, path: &str) {
    let page = read(app, &app.editor, path).await;
    let old = revision(&page);
    assert!(page.text.contains("value=\"MAIL\" checked"), "{}", page.text);
    let change = |office: &str| {
        vec![
            ("role", "Bauhof".to_owned()),
            ("visibility", "PUBLIC".to_owned()),
            ("office", office.to_owned()),
            ("expectedRevision", old.clone()),
        ]
    };
    let first = send(app, &app.editor, path, &lent(&change("Amt 60"))).await;
    assert_eq!(first.status, 303, "{}", first.text);
    let second = send(app, &app.editor, path, &lent(&change("Amt 61"))).await;
    assert_eq!(second.status, 409, "{}", second.text);
    assert!(second.text.contains("Amt 60") && second.text.contains("Amt 61"), "{}", second.text);
    let confirmed = send(app, &app.editor, &format!("{path}/confirm"), &[]).await;
    assert_eq!(confirmed.status, 303, "{}", confirmed.text);
    assert_eq!(send(app, &app.neighbour, path, &lent(&change("Amt 62"))).await.status, 422);
    assert_eq!(read(app, &app.editor, "/work/contacts/nobody").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_asked_and_is_only_text() {
    let app = TestApp::start().await;
    let town = app.municipality("musterdorf").await;
    let pairs = [("municipality", town.as_str()), ("title", "Wer weiß es?"), ("text", "")];
    let empty = send(&app, &app.editor, "/work/questions/new", &pairs).await;
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("href=\"#f-text\"") && empty.text.contains("Wer weiß es?"));
    let pairs = [("municipality", town.as_str()), ("title", "Wer weiß es?"), ("text", EVIL)];
    let asked = send(&app, &app.editor, "/work/questions/new", &pairs).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    app.settle().await;
    let list = read(&app, "", "/questions").await;
    assert!(list.text.contains("Wer weiß es?") && list.text.contains("مرحبا"), "{}", list.text);
    assert!(!list.text.contains("<script>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_gets_its_file_by_a_form_and_is_brought_out() {
    let app = TestApp::start().await;
    let path = document(&app).await;
    let early = send(&app, &app.editor, &format!("{path}/publish"), &[]).await;
    assert_eq!(early.status, 422, "{}", early.text);

    let none = upload(&app, &app.editor, &format!("{path}/file"), "", "").await;
    assert_eq!(none.status, 422, "{}", none.text);
    assert!(none.text.contains("role=\"alert\""));
    let unfit = upload(&app, &app.editor, &format!("{path}/file"), "a.exe", "MZ\u{1}\u{2}").await;
    assert_eq!(unfit.status, 415, "{}", unfit.text);
    assert!(unfit.text.contains("<h1"));

    let given = upload(&app, &app.editor, &format!("{path}/file"), "satzung.txt", "Der Bus.").await;
    assert_eq!(given.status, 303, "{}", given.text);
    let page = read(&app, &app.editor, &path).await;
    assert!(page.text.contains("satzung.txt"), "{}", page.text);
    let out = send(&app, &app.editor, &format!("{path}/publish"), &[]).await;
    assert_eq!(out.status, 303, "{}", out.text);
    app.settle().await;
    let list = read(&app, "", "/documents?q=Satzung").await;
    assert!(list.text.contains("Satzung des Bürgerbusses"), "{}", list.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_gives_a_document_a_file() {
    let app = TestApp::start().await;
    let path = format!("{}/file", document(&app).await);
    let foreign = upload(&app, &app.neighbour, &path, "x.txt", "fremd").await;
    assert!(foreign.status.is_client_error(), "{}", foreign.text);
    let media = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("accept", "text/html"), ("content-type", media.as_str())];
    let silent = send_with(&app, &app.editor, &path, &[], &headers).await;
    assert_eq!(silent.status, 403, "{}", silent.text);
}
