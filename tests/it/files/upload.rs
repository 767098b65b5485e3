//! A file goes to a document, is read, and is found.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::samples::{letter, odt, pdf};
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn the_text_of_a_file_is_found_with_its_page_as_long_as_it_is_shown() {
    let app = TestApp::start().await;
    let id = app.document("Konzept Mobilität").await;
    let file = pdf(&["Deckblatt", "Das Lastenrad kostet wenig.", "Anhang"]);
    let told = app.give(&id, "konzept.pdf", file.clone()).await;
    assert_eq!(told["file"]["mediaType"], "application/pdf", "{told}");
    assert_eq!((&told["file"]["pages"], &told["file"]["textState"]), (&json!(3), &json!("READ")));
    assert_eq!(told["file"]["size"], file.len());

    let found = json!([["Konzept Mobilität", 2, "Das <mark>Lastenrad</mark> kostet wenig."]]);
    assert_eq!(app.found(None, "Lastenräder").await, json!([]), "a draft");
    let own = app.found(Some(&app.editor), "Lastenräder").await;
    assert_eq!(own, found);
    app.on_document("publishDocument", "PublishDocumentInput", json!({ "id": id })).await;
    assert_eq!(app.found(None, "Lastenräder").await, found);

    app.give(&id, "neu.pdf", pdf(&["Ein Ruftaxi"])).await;
    assert_eq!(app.found(None, "Lastenrad").await, json!([]), "the file was replaced");
    assert_eq!(app.found(None, "Ruftaxi").await[0][1], 1);
    app.on_document("archiveDocument", "ArchiveDocumentInput", json!({ "id": id })).await;
    assert_eq!(app.found(None, "Ruftaxi").await, json!([]), "it was put away");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_text_is_read() {
    let app = TestApp::start().await;
    let id = app.document("Papier").await;
    let cases: [(&str, Vec<u8>, &str, Value, &str); 7] = [
        ("a.docx", letter(&["Vorne", "|Der Wortschatz"]), "DOCX", json!(2), "Wortschatz"),
        ("a.odt", odt(&["Der Sprachschatz"]), "ODT", json!(null), "Sprachschatz"),
        ("a.html", b"<html><p>Ein Netz&shy;schatz".to_vec(), "HTML", json!(null), "Netzschatz"),
        ("a.txt", "Grüner Goldschatz".into(), "TEXT", json!(null), "Goldschatz"),
        ("b.txt", b"Gr\xfcner Silberschatz".to_vec(), "TEXT", json!(null), "grün Silberschatz"),
        ("a.csv", b"a;b\n1;2\n3;Tabellenschatz\n".to_vec(), "CSV", json!(null), "Tabellenschatz"),
        ("a.pdf", pdf(&["Ein Dombauschatz"]), "PDF", json!(1), "Dombauschatz"),
    ];
    for (name, content, kind, pages, word) in cases {
        app.give(&id, name, content).await;
        let query = "query($id: ID!) { node(id: $id) { ... on ProjectDocument { file { kind pages textState name } } } }";
        let answer = app.edit(query, json!({ "id": id })).await;
        let expected = json!({ "kind": kind, "pages": pages, "textState": "READ", "name": name });
        assert_eq!(answer["data"]["node"]["file"], expected, "{name}");
        assert_eq!(app.found(Some(&app.editor), word).await[0][0], "Papier", "{name}");
    }
    // What has no text is kept all the same.
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    let told = app.give(&id, "bild", picture).await;
    assert_eq!(told["file"]["textState"], "NONE");
    assert_eq!(told["file"]["name"], "bild.png");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_edits_the_document_gives_it_a_file() {
    let app = TestApp::start().await;
    let id = app.document("Papier").await;
    let status = async |token: &str, id: &str| app.put(token, id, "a.txt", "Text").await.status;
    assert_eq!(status(&app.neighbour, &id).await, StatusCode::NOT_FOUND);
    assert_eq!(status(&app.reader, &id).await, StatusCode::NOT_FOUND);
    assert_eq!(status("nobody", &id).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        status(&app.editor, "ProjectDocument:00000000000000000000000000").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(status(&app.editor, "Unsinn").await, StatusCode::NOT_FOUND);
    let unsigned = Request::put(format!("/documents/{id}/file")).body(Body::from("Text"));
    assert_eq!(app.send(unsigned.expect("a request")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&app.editor, &id).await, StatusCode::OK);
    app.on_document("publishDocument", "PublishDocumentInput", json!({ "id": id })).await;
    assert_eq!(status(&app.neighbour, &id).await, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_that_has_passed_changes_nothing() {
    let app = TestApp::start().await;
    let id = app.document("Papier").await;
    let send = async |tag: &str| {
        let request = Request::put(format!("/documents/{id}/file"))
            .header("authorization", format!("Bearer {}", app.editor))
            .header("if-match", tag);
        app.send(request.body(Body::from("Text")).expect("a request")).await
    };
    assert_eq!(send("\"2\"").await.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(send("zwei").await.status, StatusCode::BAD_REQUEST);
    let told = send("\"1\"").await;
    assert_eq!((told.status, &told.json()["revision"]), (StatusCode::OK, &json!(2)));
    assert_eq!(send("\"1\"").await.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_lies_somewhere_before_it_goes_out() {
    let app = TestApp::start().await;
    let id = app.document("Papier").await;
    let publish = async || {
        app.on_document("publishDocument", "PublishDocumentInput", json!({ "id": id })).await
    };
    let remove = async || {
        let input = json!({ "id": id });
        app.on_document("removeDocumentFile", "RemoveDocumentFileInput", input).await
    };
    assert_eq!(remove().await["userErrors"][0]["code"], "NOT_FOUND", "there is no file");
    assert_eq!(publish().await["userErrors"][0]["path"], json!(["url"]));
    app.give(&id, "a.txt", "Text").await;
    assert_eq!(publish().await["userErrors"], json!([]));
    assert_eq!(remove().await["userErrors"][0]["code"], "REQUIRED");
    let input = json!({ "id": id, "url": "https://example.org/papier" });
    app.on_document("updateDocument", "UpdateDocumentInput", input).await;
    let removed = remove().await;
    assert_eq!(removed["document"]["file"], json!(null), "{removed}");
    assert_eq!(app.fetch(None, &id, &[]).await.status, StatusCode::NOT_FOUND);
}
