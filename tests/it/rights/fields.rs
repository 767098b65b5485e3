//! Every field that not everybody sees, looked at by everybody.

use allmende::domain::Role;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{draft, input, mutate};
use crate::support::TestApp;

/// What each look asks for, with `$id` where a record is needed, and where the answer stands.
const LOOKS: &[(&str, &str, &str)] = &[
    ("accounts", "{ accounts { id } }", "/accounts"),
    ("searches without hits", "{ searchesWithoutHits { text } }", "/searchesWithoutHits"),
    ("own access tokens", "{ viewer { accessTokens { id } } }", "/viewer/accessTokens"),
    ("own webhooks", "{ viewer { webhooks { id } } }", "/viewer/webhooks/0"),
    ("a webhook", "query($webhook: ID!) { node(id: $webhook) { id } }", "/node"),
    ("its message", "query($delivery: ID!) { node(id: $delivery) { id } }", "/node"),
    ("a draft", "query($draft: ID!) { node(id: $draft) { id } }", "/node"),
    (
        "its transitions",
        "query($draft: ID!) { solution(by: {id: $draft}) { transitions { action } } }",
        "/solution/transitions",
    ),
    ("what was handed over", "query($submitted: ID!) { node(id: $submitted) { id } }", "/node"),
    (
        "the next version",
        "query($next: ID!) { solution(by: {id: $next}) { nextVersion { id } } }",
        "/solution/nextVersion",
    ),
    (
        "who brought it on",
        "query($next: ID!) { solution(by: {id: $next}) { transitions { actor } } }",
        "/solution/transitions/0/actor",
    ),
    ("a hidden contact", "query($hidden: ID!) { node(id: $hidden) { id } }", "/node"),
    (
        "a contact for all",
        "query($public: ID!) { node(id: $public) { ... on Contact { email } } }",
        "/node/email",
    ),
    (
        "a contact for members",
        "query($members: ID!) { node(id: $members) { ... on Contact { email } } }",
        "/node/email",
    ),
    (
        "a contact on request",
        "query($onRequest: ID!) { node(id: $onRequest) { ... on Contact { email } } }",
        "/node/email",
    ),
    (
        "its person",
        "query($onRequest: ID!) { node(id: $onRequest) { ... on Contact { person } } }",
        "/node/person",
    ),
    ("a hidden document", "query($document: ID!) { node(id: $document) { id } }", "/node"),
    ("a hidden profile", "query($profile: ID!) { node(id: $profile) { id } }", "/node"),
    ("a suggested adoption", "query($adoption: ID!) { node(id: $adoption) { id } }", "/node"),
    ("a saved search", "query($watch: ID!) { node(id: $watch) { id } }", "/node"),
    ("own saved searches", "{ viewer { watches { id } } }", "/viewer/watches"),
    (
        "who wrote in the journal",
        "query($public: ID!) { events(filter: {subject: $public}, last: 1) { edges { node { actor } } } }",
        "/events/edges/0/node/actor",
    ),
    (
        "accounts in the journal",
        "{ events(filter: {kinds: [TOKEN_CREATED]}, first: 1) { edges { node { kind } } } }",
        "/events/edges/0",
    ),
];

/// The records of `musterdorf` that are looked at.
async fn records(app: &TestApp) -> Value {
    let own = app.municipality("musterdorf").await;
    let contact = async |visibility: &str| {
        let input = json!({
            "municipality": own, "role": "Amt", "visibility": visibility, "person": "Kim",
            "email": "amt@musterdorf.example.org", "consentAt": "2026-01-01",
        });
        let made = mutate(app, Some(&app.editor), "create", "Contact", input).await;
        let id = made["data"]["payload"]["record"]["id"].clone();
        mutate(app, Some(&app.editor), "publish", "Contact", json!({ "id": id })).await;
        id
    };
    let submitted = app.draft(&app.editor, app.complete("musterdorf", "Eingereicht").await).await;
    app.mutate(Some(&app.editor), "submitSolution", json!({ "id": submitted }), "").await;
    let next = app.published(&app.editor, app.complete("musterdorf", "Weiter").await).await;
    // Where one person does all the work, a change goes out at once; so two are to look at it.
    let admin = app.token(Role::Admin, "altdorf").await;
    let two = json!({ "municipality": own, "onePerson": false });
    app.mutate(Some(&admin), "setOnePerson", two, "").await;
    app.update(&app.editor, json!({ "id": next, "lessons": "Früh anfangen." })).await;
    let suggested = json!({
        "municipality": own, "solution": app.solution("T2").await, "status": "IN_USE",
    });
    let made =
        app.mutate(Some(&app.neighbour), "suggestAdoption", suggested, "adoption { id }").await;
    let url = json!({ "url": "https://receiver.example.org/hook" });
    let webhook = app.mutate(Some(&app.editor), "createWebhook", url, "webhook { id }").await;
    let webhook = &webhook["webhook"]["id"];
    let test = json!({ "id": webhook });
    let delivery = app.mutate(Some(&app.editor), "testWebhook", test, "delivery { id }").await;
    let saved = json!({ "name": "Busse", "selection": {}, "channel": "FEED" });
    let watch = app.mutate(Some(&app.editor), "createWatch", saved, "watch { id }").await;
    json!({
        "webhook": webhook, "delivery": delivery["delivery"]["id"],
        "watch": watch["watch"]["id"],
        "draft": app.draft(&app.editor, input("Solution", &own)).await,
        "submitted": submitted, "next": next, "hidden": draft(app, "Contact").await,
        "public": contact("PUBLIC").await, "members": contact("MEMBERS").await,
        "onRequest": contact("ON_REQUEST").await, "document": draft(app, "Document").await,
        "profile": draft(app, "Profile").await, "adoption": made["adoption"]["id"],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_what_is_meant_for_them_and_nothing_else() {
    let app = TestApp::start().await;
    let records = records(&app).await;
    app.settle().await;
    let all = [
        ("anonymous", None),
        ("reader", Some(app.reader.clone())),
        ("editor", Some(app.editor.clone())),
        ("approver", Some(app.token(Role::Approver, "musterdorf").await)),
        ("editor elsewhere", Some(app.neighbour.clone())),
        ("approver elsewhere", Some(app.token(Role::Approver, "altdorf").await)),
        ("moderator", Some(app.token(Role::Moderator, "altdorf").await)),
        ("admin", Some(app.token(Role::Admin, "altdorf").await)),
    ];
    let mut table = String::new();
    for (look, question, pointer) in LOOKS {
        table.push_str(&format!("{look}\n"));
        for (name, token) in &all {
            let answer = app.run(token.as_deref(), question, records.clone()).await;
            let seen = match answer["errors"][0]["extensions"]["code"].as_str() {
                Some(code) => code,
                None if answer["data"].pointer(pointer).is_some_and(|it| !it.is_null()) => "seen",
                None => "-",
            };
            table.push_str(&format!("    {name:<20}{seen}\n"));
        }
    }
    assert_snapshot!(table);
}
