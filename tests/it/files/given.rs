//! Files are given out to those who may read them, in whole or in part.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use super::samples::pdf;
use crate::support::TestApp;

const TEXT: &str = "0123456789";

/// A published document with a text as its file.
async fn published(app: &TestApp) -> String {
    let id = app.document("Papier").await;
    app.give(&id, "%C3%9Cber%20uns.txt", TEXT).await;
    app.on_document("publishDocument", "PublishDocumentInput", json!({ "id": id })).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_safe_and_says_what_it_is() {
    let app = TestApp::start().await;
    let id = published(&app).await;
    let answer = app.fetch(None, &id, &[]).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, TEXT));
    let header = |name: &str| answer.headers[name].to_str().expect("text").to_owned();
    let hash = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882";
    assert_eq!(header("etag"), format!("\"{hash}\""));
    assert_eq!(header("content-type"), "text/plain");
    assert_eq!(header("content-length"), "10");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(header("cache-control"), "public, no-cache");
    assert_eq!(header("accept-ranges"), "bytes");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"_ber uns.txt\"; filename*=UTF-8''%C3%9Cber%20uns.txt"
    );
    let head = Request::head(format!("/documents/{id}/file")).body(Body::empty());
    let head = app.send(head.expect("a request")).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
    assert_eq!(head.headers["content-length"], "10");
    assert_eq!(head.headers["etag"], answer.headers["etag"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_given_and_what_is_known_is_not_sent_again() {
    let app = TestApp::start().await;
    let id = published(&app).await;
    let etag = app.fetch(None, &id, &[]).await.headers["etag"].to_str().expect("text").to_owned();
    let check = async |headers: &[(&str, &str)], status: u16, text: &str, range: Option<&str>| {
        let answer = app.fetch(None, &id, headers).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (status, text), "{headers:?}");
        let told = answer.headers.get("content-range").map(|it| it.to_str().expect("text"));
        assert_eq!(told, range, "{headers:?}");
    };
    check(&[("range", "bytes=2-4")], 206, "234", Some("bytes 2-4/10")).await;
    check(&[("range", "bytes=-3")], 206, "789", Some("bytes 7-9/10")).await;
    check(&[("range", "bytes=7-")], 206, "789", Some("bytes 7-9/10")).await;
    check(&[("range", "bytes=10-")], 416, "", Some("bytes */10")).await;
    check(&[("range", "bytes=0-1,4-5")], 200, TEXT, None).await;
    check(&[("range", "bytes=2-4"), ("if-range", &etag)], 206, "234", Some("bytes 2-4/10")).await;
    check(&[("range", "bytes=2-4"), ("if-range", "\"other\"")], 200, TEXT, None).await;
    check(&[("if-none-match", &etag)], 304, "", None).await;
    check(&[("if-none-match", &format!("\"x\", W/{etag}"))], 304, "", None).await;
    check(&[("if-none-match", "\"x\"")], 200, TEXT, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_shown_is_not_there() {
    let app = TestApp::start().await;
    let id = app.document("Papier").await;
    assert_eq!(app.fetch(Some(&app.editor), &id, &[]).await.status, StatusCode::NOT_FOUND);
    app.give(&id, "a.pdf", pdf(&["Geheim"])).await;
    let editor = app.fetch(Some(&app.editor), &id, &[]).await;
    assert_eq!(editor.status, StatusCode::OK);
    assert_eq!(editor.headers["cache-control"], "private, no-store");
    let unknown = app.fetch(None, "ProjectDocument:00000000000000000000000000", &[]).await;
    for token in [None, Some(&app.neighbour), Some(&app.reader)] {
        let answer = app.fetch(token.map(String::as_str), &id, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.text, unknown.text, "nobody learns that it exists");
        assert_eq!(answer.headers.len(), unknown.headers.len());
    }
    app.on_document("publishDocument", "PublishDocumentInput", json!({ "id": id })).await;
    assert_eq!(app.fetch(None, &id, &[]).await.status, StatusCode::OK);
    app.on_document("archiveDocument", "ArchiveDocumentInput", json!({ "id": id })).await;
    assert_eq!(app.fetch(None, &id, &[]).await.status, StatusCode::NOT_FOUND);
}
