//! A person who withdraws consent is gone, and only those who may can do it.

use allmende::domain::Role;
use serde_json::{Value, json};

use super::{contact, seen};
use crate::support::TestApp;

const DETAILS: &str = "role office person email phone consentAt";

async fn withdraw(app: &TestApp, token: Option<&str>, id: &str) -> Value {
    let input = json!({ "id": id, "reason": "REQUEST" });
    app.mutate(token, "withdrawConsent", input, "pending contact { person email }").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_withdraws_is_nowhere_to_be_seen() {
    let app = TestApp::start().await;
    let id = contact(&app, json!({})).await;
    app.settle().await;
    let found = "{ search(text: \"Quixbart\", kinds: [CONTACT], strict: true) { totalCount } }";
    assert_eq!(app.query(found).await["data"]["search"]["totalCount"], 1);

    let done = withdraw(&app, Some(&app.editor), &id).await;
    let expected = json!({
        "pending": false, "contact": { "person": null, "email": null }, "userErrors": [],
    });
    assert_eq!(done, expected);
    let left = json!({
        "role": "Stabsstelle", "office": "Rathaus",
        "person": null, "email": null, "phone": null, "consentAt": null,
    });
    assert_eq!(seen(&app, Some(&app.editor), &id, DETAILS).await, left);
    assert_eq!(app.query(found).await["data"]["search"]["totalCount"], 0);
    let trace = "consentWithdrawnAt withdrawalReason";
    let own = seen(&app, Some(&app.editor), &id, trace).await;
    assert_eq!(own["withdrawalReason"], "REQUEST");
    assert!(own["consentWithdrawnAt"].is_string());
    let others = seen(&app, Some(&app.neighbour), &id, trace).await;
    assert_eq!(others, json!({ "consentWithdrawnAt": null, "withdrawalReason": null }));

    // That somebody withdrew is between them and their town hall.
    let told = "{ events(filter: {kinds: [CONTACT_CONSENT_WITHDRAWN]}, first: 9) {
        edges { node { subjectId } }
    } }";
    let told = async |token: Option<&str>| {
        app.run(token, told, json!({})).await["data"]["events"]["edges"].clone()
    };
    assert_eq!(told(Some(&app.editor)).await, json!([{ "node": { "subjectId": id } }]));
    assert_eq!((told(None).await, told(Some(&app.neighbour)).await), (json!([]), json!([])));

    let head = app.head().await;
    let journal = app.app.services().store().journal(0, 1_000).await.expect("the journal");
    let told = format!("{journal:?}");
    assert!(told.contains("ContactConsentWithdrawn"));
    assert!(!told.contains("Quixbart") && !told.contains("quixbart"), "{told}");
    // Who asks again gets the same answer, and nothing happens.
    assert_eq!(withdraw(&app, Some(&app.editor), &id).await, expected);
    assert_eq!(app.head().await, head);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_out_by_a_change_is_forgotten_as_well() {
    let app = TestApp::start().await;
    // Before there is such a contact, so that nothing is found.
    for text in ["Quixbart", "0000-4711", "Turmuhr"].into_iter().cycle().take(6) {
        let search = "query($text: String!) { search(text: $text, strict: true) { totalCount } }";
        let answer = app.run(None, search, json!({ "text": text })).await;
        assert_eq!(answer["data"]["search"]["totalCount"], 0, "{answer}");
    }
    let id = contact(&app, json!({})).await;
    let moderator = app.token(Role::Moderator, "musterdorf").await;
    let searched = async || {
        let log = "{ searchesWithoutHits { text } }";
        let texts = app.run(Some(&moderator), log, json!({})).await;
        texts["data"]["searchesWithoutHits"].clone()
    };
    let texts = json!([{ "text": "0000-4711" }, { "text": "quixbart" }, { "text": "turmuhr" }]);
    assert_eq!(searched().await, texts);
    let input = json!({ "id": id, "person": null, "email": null, "phone": null });
    app.mutate(Some(&app.editor), "updateContact", input, "contact { id }").await;
    assert_eq!(searched().await, json!([{ "text": "turmuhr" }]));
    let journal = app.app.services().store().journal(0, 1_000).await.expect("the journal");
    assert!(journal.last().expect("an entry").erases, "views are told that something has to go");
    // What says nothing of a person erases nothing.
    let input = json!({ "id": id, "office": "Neues Rathaus" });
    app.mutate(Some(&app.editor), "updateContact", input, "contact { id }").await;
    let journal = app.app.services().store().journal(0, 1_000).await.expect("the journal");
    assert!(!journal.last().expect("an entry").erases);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_is_the_roles_stays() {
    let app = TestApp::start().await;
    let more = json!({ "email": "amt@musterdorf.example.org", "addressIsPersonal": false });
    let id = contact(&app, more).await;
    withdraw(&app, Some(&app.editor), &id).await;
    let left = json!({
        "role": "Stabsstelle", "office": "Rathaus", "person": null, "consentAt": null,
        "email": "amt@musterdorf.example.org", "phone": "0000 4711",
    });
    assert_eq!(seen(&app, Some(&app.editor), &id, DETAILS).await, left);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_editors_of_the_municipality_and_moderators_withdraw() {
    let app = TestApp::start().await;
    let id = contact(&app, json!({})).await;
    let approver = app.token(Role::Approver, "musterdorf").await;
    let admin = app.token(Role::Admin, "musterdorf").await;
    let moderator = app.token(Role::Moderator, "musterdorf").await;
    let head = app.head().await;
    for (token, code) in [
        (None, "UNAUTHENTICATED"),
        (Some(&app.reader), "FORBIDDEN"),
        (Some(&app.neighbour), "FORBIDDEN"),
        (Some(&approver), "FORBIDDEN"),
    ] {
        assert_eq!(withdraw(&app, token.map(String::as_str), &id).await, code);
    }
    assert_eq!(app.head().await, head);
    assert_eq!(withdraw(&app, Some(&moderator), &id).await["pending"], false);
    // Also what is put away and hidden from them: the person need not know where it stands.
    for token in [&moderator, &admin] {
        let id = contact(&app, json!({})).await;
        let input = json!({ "id": id });
        app.mutate(Some(&app.editor), "archiveContact", input, "contact { id }").await;
        assert_eq!(
            withdraw(&app, Some(&app.neighbour), &id).await["userErrors"][0]["code"],
            "NOT_FOUND"
        );
        assert_eq!(withdraw(&app, Some(token), &id).await["pending"], false);
    }
}
