//! Contacts are looked at once a year.

use serde_json::json;

use super::{contact, seen};
use crate::support::TestApp;

const DUE: &str = "{ municipality(by: {slug: \"musterdorf\"}) { contactsToReview { id } } }";

#[tokio::test(flavor = "multi_thread")]
async fn who_works_for_a_municipality_sees_what_is_due_and_confirms_it() {
    let app = TestApp::start().await;
    let due = contact(&app, json!({ "reviewBy": "2025-12-31" })).await;
    let later = contact(&app, json!({ "reviewBy": "2026-12-31" })).await;
    assert_eq!(seen(&app, None, &due, "needsReview").await["needsReview"], true);
    assert_eq!(seen(&app, None, &later, "needsReview").await["needsReview"], false);
    let listed = app.edit(DUE, json!({})).await;
    assert_eq!(listed["data"]["municipality"]["contactsToReview"], json!([{ "id": due }]));
    for token in [None, Some(app.reader.as_str()), Some(app.neighbour.as_str())] {
        let listed = app.run(token, DUE, json!({})).await;
        assert_eq!(listed["data"]["municipality"]["contactsToReview"], json!(null));
    }

    let confirm = async |token: &str, input| {
        app.mutate(Some(token), "confirmContact", input, "contact { reviewBy needsReview }").await
    };
    assert_eq!(confirm(&app.neighbour, json!({ "id": due })).await, "FORBIDDEN");
    let stale = confirm(&app.editor, json!({ "id": due, "expectedRevision": 1 })).await;
    assert_eq!(stale["userErrors"][0]["code"], "STALE");
    let done = confirm(&app.editor, json!({ "id": due })).await;
    assert_eq!(done["contact"], json!({ "reviewBy": "2027-01-01", "needsReview": false }));
    let day = json!({ "id": due, "reviewBy": "2026-03-01" });
    assert_eq!(confirm(&app.editor, day).await["contact"]["reviewBy"], "2026-03-01");
    let listed = app.edit(DUE, json!({})).await;
    assert_eq!(listed["data"]["municipality"]["contactsToReview"], json!([]));
}
