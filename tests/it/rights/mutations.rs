//! Every change that the API offers, tried by everybody.
//!
//! The ways of a solution from state to state have a walk of their own, in [`super::matrix`].

mod inputs;

use std::collections::BTreeSet;

use allmende::domain::{Action, Label, Role};
use inputs::sound;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::matrix::mutation;
use crate::support::TestApp;

const PASSWORD: &str = "ein langes Kennwort";

/// The changes of the API that are no step of a solution.
const CHANGES: &[&str] = &[
    "acceptAnswer",
    "addMeasure",
    "answerQuestion",
    "archiveContact",
    "archiveDocument",
    "archiveOrganisation",
    "archiveProfile",
    "archiveStrategyProcess",
    "askQuestion",
    "changePassword",
    "closeQuestion",
    "confirmAdoption",
    "confirmContact",
    "createAccessToken",
    "createAccount",
    "createContact",
    "createDocument",
    "createOrganisation",
    "createProfile",
    "createSolution",
    "createStrategyProcess",
    "createWatch",
    "createWebhook",
    "declareAdoption",
    "deleteWatch",
    "deleteWebhook",
    "disableWebhook",
    "discardNextVersion",
    "draftSolutionFromMeasure",
    "enableWebhook",
    "eraseAccount",
    "giveFeedback",
    "joinQuestion",
    "leaveQuestion",
    "noteOpened",
    "pauseWatch",
    "publishContact",
    "publishDocument",
    "publishOrganisation",
    "publishProfile",
    "publishStrategyProcess",
    "removeDocumentFile",
    "removeMeasure",
    "removeProcessStep",
    "removeSynonyms",
    "renewWatchFeed",
    "replayDelivery",
    "replayFailedDeliveries",
    "requestContact",
    "restoreSolutionVersion",
    "resumeWatch",
    "revokeAccessToken",
    "rotateWebhookSecret",
    "setOnePerson",
    "setProcessStep",
    "setSynonyms",
    "suggestAdoption",
    "testWebhook",
    "updateAccount",
    "updateAdoption",
    "updateAnswer",
    "updateContact",
    "updateDocument",
    "updateMeasure",
    "updateOrganisation",
    "updateProfile",
    "updateQuestion",
    "updateStrategyProcess",
    "updateWatch",
    "updateWebhook",
    "uploadDocumentFile",
    "withdrawAdoption",
    "withdrawAnswer",
    "withdrawConsent",
    "withdrawFeedback",
    "withdrawQuestion",
];

/// Those who try, around records of `musterdorf`.
struct Cast {
    admin: String,
    altdorf: String,
    organisation: Value,
    all: Vec<(&'static str, Option<String>)>,
}

impl Cast {
    async fn gather(app: &TestApp) -> Self {
        let admin = app.token(Role::Admin, "musterdorf").await;
        let altdorf = app.token(Role::Editor, "altdorf").await;
        let entered = json!({ "name": "Verein", "kind": "NGO", "enteredBy": app.municipality("altdorf").await });
        let fields = "organisation { id }";
        let made = app.mutate(Some(&altdorf), "createOrganisation", entered, fields).await;
        let organisation = made["organisation"]["id"].clone();
        let grants = json!([{ "role": "EDITOR", "organisation": organisation }]);
        account(app, &admin, "verein@example.org", grants).await;
        let of_organisation = app.sign_in("verein@example.org", PASSWORD).await;
        let all = vec![
            ("anonymous", None),
            ("reader", Some(app.reader.clone())),
            ("editor", Some(app.editor.clone())),
            ("approver", Some(app.token(Role::Approver, "musterdorf").await)),
            ("editor elsewhere", Some(app.neighbour.clone())),
            ("approver elsewhere", Some(app.token(Role::Approver, "neustadt").await)),
            ("editor of organisation", Some(of_organisation)),
            ("moderator", Some(app.token(Role::Moderator, "neustadt").await)),
            ("admin", Some(admin.clone())),
        ];
        Self { admin, altdorf, organisation, all }
    }
}

/// Makes an account, and gives its id.
async fn account(app: &TestApp, admin: &str, email: &str, grants: Value) -> Value {
    let input = json!({ "email": email, "password": PASSWORD, "grants": grants });
    let made = app.mutate(Some(admin), "createAccount", input, "account { id }").await;
    assert_eq!(made["userErrors"], json!([]), "{made}");
    made["account"]["id"].clone()
}

/// What came of a change: `ok`, or the code that says why not.
async fn outcome(app: &TestApp, token: Option<&str>, change: &str, input: Value) -> String {
    if change == "uploadDocumentFile" {
        let id = input["id"].as_str().expect("an id");
        let request = axum::http::Request::put(format!("/documents/{id}/file?name=plan.txt"));
        let request = match token {
            Some(cookie) if cookie.contains('=') => {
                request.header("cookie", cookie).header("sec-fetch-site", "same-origin")
            }
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        let answer = app.send(request.body("Ein Plan.".into()).expect("a request")).await;
        return match answer.status.as_u16() {
            200 => "ok".to_owned(),
            _ => answer.json()["code"].as_str().unwrap_or(&answer.text).to_owned(),
        };
    }
    if change == "noteOpened" {
        // It has nothing that could go wrong for anybody, so its payload has no errors.
        let note = "mutation($input: NoteOpenedInput!) { noteOpened(input: $input) { counted } }";
        let answer = app.run(token, note, json!({ "input": input })).await;
        return match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => code.to_owned(),
            None => "ok".to_owned(),
        };
    }
    match app.refused(token, change, input).await {
        sound if sound.is_empty() => "ok".to_owned(),
        code => code,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_names_every_change_of_the_api() {
    let app = TestApp::start().await;
    let question = "{ __schema { mutationType { fields { name } } } }";
    let answer = app.query(question).await;
    let fields = answer["data"]["__schema"]["mutationType"]["fields"].as_array().expect("a list");
    let offered: BTreeSet<&str> =
        fields.iter().filter_map(|field| field["name"].as_str()).collect();
    let steps = Action::ALL.iter().map(|action| mutation(*action, "").0);
    let known: BTreeSet<&str> =
        steps.filter(|name| !name.is_empty()).chain(CHANGES.iter().copied()).collect();
    assert_eq!(offered, known);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_changes_what_they_may_and_nothing_else() {
    let app = TestApp::start().await;
    let cast = Cast::gather(&app).await;
    let mut table = String::new();
    for change in CHANGES {
        table.push_str(&format!("{change}\n"));
        for (nth, (name, token)) in cast.all.iter().enumerate() {
            let input = sound(&app, &cast, change, nth).await;
            let before = app.head().await;
            let outcome = outcome(&app, token.as_deref(), change, input).await;
            let written = app.head().await > before;
            assert!(
                outcome == "ok" || !written,
                "{change} by {name}: {outcome}, but it was written"
            );
            table.push_str(&format!("    {name:<24}{outcome}\n"));
        }
    }
    assert_snapshot!(table);
    assert_ne!(cast.organisation, Value::Null);
}
