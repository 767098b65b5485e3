//! Contacts, documents and profiles go the same way as solutions.

use serde_json::{Value, json};

use crate::support::TestApp;

/// A kind of record: its name in mutations, its field in payloads, what makes one, one change.
struct Kind {
    name: &'static str,
    field: &'static str,
    input: Value,
    change: (&'static str, Value),
}

async fn kinds(app: &TestApp) -> [Kind; 3] {
    let municipality = app.municipality("musterdorf").await;
    [
        Kind {
            name: "Contact",
            field: "contact",
            input: json!({ "municipality": municipality, "role": "Jugendbüro", "office": "Zi. 7" }),
            change: ("office", json!("Zimmer 8")),
        },
        Kind {
            name: "Document",
            field: "document",
            input: json!({
                "municipality": municipality, "title": "Satzung", "kind": "CONTRACT",
                "url": "https://musterdorf.example.org/satzung.pdf",
            }),
            change: ("description", json!("Wie alles geregelt ist.")),
        },
        Kind {
            name: "Profile",
            field: "profile",
            input: json!({
                "municipality": municipality, "referenceDate": "2024-12-31", "population": 999,
            }),
            change: ("population", json!(998)),
        },
    ]
}

impl Kind {
    /// Runs one of the mutations of this kind, and gives the record after it.
    async fn after(&self, app: &TestApp, action: &str, input: Value) -> Value {
        let Self { name, field, change: (changed, _), .. } = self;
        let mutation = format!(
            "mutation($input: {}{name}Input!) {{
                payload: {action}{name}(input: $input) {{
                    record: {field} {{ id revision publication changed: {changed} }}
                    userErrors {{ code path }}
                }}
            }}",
            action[..1].to_uppercase() + &action[1..],
        );
        let answer = app.edit(&mutation, json!({ "input": input })).await;
        let payload = &answer["data"]["payload"];
        assert_eq!(payload["userErrors"], json!([]), "{answer}");
        payload["record"].clone()
    }
}

async fn shown(app: &TestApp, id: &Value) -> bool {
    let answer =
        app.run(None, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
    answer["data"]["node"]["id"] == *id
}

#[tokio::test(flavor = "multi_thread")]
async fn other_records_are_drafted_changed_published_and_put_away_too() {
    let app = TestApp::start().await;
    for kind in kinds(&app).await {
        let record = kind.after(&app, "create", kind.input.clone()).await;
        let id = &record["id"];
        let (changed, value) = &kind.change;
        assert_eq!((&record["publication"], shown(&app, id).await), (&json!("DRAFT"), false));

        let change = json!({ "id": id, *changed: value, "expectedRevision": 1 });
        let record = kind.after(&app, "update", change).await;
        assert_eq!((&record["revision"], &record["changed"]), (&json!(2), value));
        assert!(!shown(&app, id).await);

        let record = kind.after(&app, "publish", json!({ "id": id })).await;
        assert_eq!((&record["publication"], shown(&app, id).await), (&json!("PUBLISHED"), true));

        let change = json!({ "id": id, *changed: null });
        let record = kind.after(&app, "update", change).await;
        assert_eq!((&record["revision"], &record["changed"]), (&json!(4), &Value::Null));

        let record = kind.after(&app, "archive", json!({ "id": id })).await;
        assert_eq!((&record["publication"], shown(&app, id).await), (&json!("ARCHIVED"), false));
    }
}

/// How large `musterdorf` is, on its own page and as its solutions are counted.
async fn size(app: &TestApp) -> Value {
    app.settle().await;
    let answer = app
        .query(
            "{ municipality(by: {slug: \"musterdorf\"}) {
                 population sizeBand
                 solutions { facets(fields: [SIZE_BAND]) { values { value count } } }
             } }",
        )
        .await;
    let place = &answer["data"]["municipality"];
    json!([
        place["population"],
        place["sizeBand"],
        place["solutions"]["facets"][0]["values"][0]["value"]
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_profile_changes_the_municipality_and_the_facets_of_its_solutions() {
    let app = TestApp::start().await;
    app.published(&app.editor, app.complete("musterdorf", "Wachstum").await).await;
    let [_, _, profiles] = kinds(&app).await;
    assert_eq!(size(&app).await, json!([1200, "FROM_1K", "FROM_1K"]));

    let input = json!({
        "municipality": app.municipality("musterdorf").await,
        "referenceDate": "2024-12-31", "population": 12_000,
    });
    let profile = profiles.after(&app, "create", input).await;
    assert_eq!(size(&app).await, json!([1200, "FROM_1K", "FROM_1K"]), "a draft changes nothing");

    profiles.after(&app, "publish", json!({ "id": profile["id"] })).await;
    assert_eq!(size(&app).await, json!([12_000, "FROM_10K", "FROM_10K"]));

    profiles.after(&app, "archive", json!({ "id": profile["id"] })).await;
    assert_eq!(size(&app).await, json!([1200, "FROM_1K", "FROM_1K"]), "the older one holds again");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_a_profile_reads_the_municipality_changed() {
    let app = TestApp::start().await;
    let municipality = app.query(
        "{ municipality(by: {slug: \"musterdorf\"}) { profiles { edges { node { id } } } } }",
    );
    let municipality = municipality.await;
    let id = &municipality["data"]["municipality"]["profiles"]["edges"][0]["node"]["id"];
    let mutation = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) {
        profile { municipality { population } }
        query { municipality(by: {slug: \"musterdorf\"}) { population } }
    } }";
    let answer = app.edit(mutation, json!({ "input": { "id": id, "population": 1_300 } })).await;
    let payload = &answer["data"]["updateProfile"];
    assert_eq!(payload["profile"]["municipality"]["population"], 1_300, "{answer}");
    assert_eq!(payload["query"]["municipality"]["population"], 1_300, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_named_only_with_consent() {
    let app = TestApp::start().await;
    let municipality = app.municipality("musterdorf").await;
    let input = json!({ "municipality": municipality, "role": "Kasse", "person": "Kim Beispiel" });
    let mutation = "mutation($input: CreateContactInput!) {
        createContact(input: $input) { contact { id } userErrors { code path } }
    }";
    let answer = app.edit(mutation, json!({ "input": input })).await;
    assert_eq!(
        answer["data"]["createContact"],
        json!({ "contact": null, "userErrors": [{ "code": "REQUIRED", "path": ["consentAt"] }] })
    );
}
