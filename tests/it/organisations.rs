//! Organisations and experts: entered, found, put away.

use allmende::domain::Role;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::TestApp;

const NOTHING: &str = "01J5Z3NDEKTSV4RRFFQ69G5FAV";

async fn input(app: &TestApp) -> Value {
    json!({
        "enteredBy": app.municipality("musterdorf").await,
        "name": "Büro für Beteiligung",
        "kind": "EXPERT",
        "description": "Moderiert Werkstätten auf dem Land.",
        "website": "https://beteiligung.example.org",
        "mailbox": "buero@beteiligung.example.org",
        "topics": ["Topic:mobility"],
        "states": ["DE-TH"],
        "municipalities": [app.municipality("altdorf").await],
    })
}

async fn entered(app: &TestApp) -> Value {
    let input = input(app).await;
    let fields = "organisation { id }";
    let payload = app.mutate(Some(&app.editor), "createOrganisation", input, fields).await;
    app.settle().await;
    payload["organisation"]["id"].clone()
}

/// The names that a list of organisations has.
async fn names(app: &TestApp, token: Option<&str>, arguments: &str) -> Vec<String> {
    app.settle().await;
    let question = format!("{{ organisations{arguments} {{ edges {{ node {{ name }} }} }} }}");
    let answer = app.run(token, &question, json!({})).await;
    let edges = answer["data"]["organisations"]["edges"].as_array();
    let edges = edges.unwrap_or_else(|| panic!("{answer}"));
    edges.iter().map(|it| it["node"]["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn experts_are_entered_with_what_they_know_and_where_they_work() {
    let app = TestApp::start().await;
    let fields = "organisation {
        slug name kind description website mailbox topics { id } states municipalities { slug }
        enteredBy { slug } publication revision
    }";
    let sound = input(&app).await;
    let payload = app.mutate(Some(&app.editor), "createOrganisation", sound.clone(), fields).await;
    assert_json_snapshot!(payload, @r#"
    {
      "organisation": {
        "slug": "buero-fuer-beteiligung",
        "name": "Büro für Beteiligung",
        "kind": "EXPERT",
        "description": "Moderiert Werkstätten auf dem Land.",
        "website": "https://beteiligung.example.org",
        "mailbox": "buero@beteiligung.example.org",
        "topics": [
          {
            "id": "Topic:mobility"
          }
        ],
        "states": [
          "DE-TH"
        ],
        "municipalities": [
          {
            "slug": "altdorf"
          }
        ],
        "enteredBy": {
          "slug": "musterdorf"
        },
        "publication": "PUBLISHED",
        "revision": 1
      },
      "userErrors": []
    }
    "#);
    let fields = "organisation { slug }";
    let second = app.mutate(Some(&app.editor), "createOrganisation", sound, fields).await;
    let slug = second["organisation"]["slug"].as_str().expect("another slug");
    assert!(slug.starts_with("buero-fuer-beteiligung-"), "{slug}");
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_found_by_topic_region_and_kind() {
    let app = TestApp::start().await;
    entered(&app).await;
    let (bureau, university) = ("Büro für Beteiligung", "Hochschule Musterland");
    let altdorf = app.municipality("altdorf").await;
    let neustadt = app.municipality("neustadt").await;
    for (arguments, expected) in [
        ("", vec![bureau, university]),
        ("(filter: {kinds: [EXPERT]})", vec![bureau]),
        ("(filter: {kinds: [UNIVERSITY, FIRM]})", vec![university]),
        ("(filter: {topics: [\"Topic:mobility\"]})", vec![bureau]),
        ("(filter: {topics: [\"Topic:health_care\"]})", vec![]),
        ("(filter: {states: [\"DE-TH\"]})", vec![bureau]),
        ("(filter: {states: [\"DE-SN\"]})", vec![bureau]),
        ("(filter: {states: [\"DE-BY\"]})", vec![]),
        ("(search: \"Werkstatt\")", vec![bureau]),
    ] {
        assert_eq!(names(&app, None, arguments).await, expected, "{arguments}");
    }
    for (place, expected) in [(altdorf, vec![bureau]), (neustadt, vec![])] {
        let arguments = format!("(filter: {{municipalities: [\"{place}\"]}})");
        assert_eq!(names(&app, None, &arguments).await, expected);
    }
    let question = "{ organisations { facets(fields: [ORGANISATION_KIND]) {
        values { value label count }
    } } }";
    let answer = app.query(question).await;
    assert_eq!(
        answer["data"]["organisations"]["facets"][0]["values"],
        json!([
            { "value": "EXPERT", "label": "Experts", "count": 1 },
            { "value": "UNIVERSITY", "label": "University", "count": 1 },
        ])
    );
    let wrong = app.query("{ organisations(filter: {states: [\"SN\"]}) { totalCount } }").await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_changed_put_away_and_shown_again() {
    let app = TestApp::start().await;
    let id = entered(&app).await;
    let change = json!({
        "id": id, "expectedRevision": 1, "mailbox": null, "states": ["DE-BY"], "kind": "FACILITATOR",
    });
    let fields = "organisation { mailbox states kind name revision }";
    let payload = app.mutate(Some(&app.editor), "updateOrganisation", change.clone(), fields).await;
    assert_eq!(
        payload["organisation"],
        json!({
            "mailbox": null, "states": ["DE-BY"], "kind": "FACILITATOR",
            "name": "Büro für Beteiligung", "revision": 2,
        })
    );
    let stale = app.refused(Some(&app.editor), "updateOrganisation", change).await;
    assert_eq!(stale, "STALE expectedRevision");
    let which = json!({ "id": id });
    app.mutate(Some(&app.editor), "archiveOrganisation", which.clone(), "").await;
    let again = app.refused(Some(&app.editor), "archiveOrganisation", which.clone()).await;
    assert_eq!(again, "WRONG_STATE id");
    let altdorf = app.token(Role::Editor, "altdorf").await;
    let kinds = "(filter: {kinds: [FACILITATOR]})";
    for other in [None, Some(app.neighbour.as_str()), Some(altdorf.as_str())] {
        assert!(names(&app, other, kinds).await.is_empty());
        let question = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(app.run(other, question, which.clone()).await["data"]["node"], Value::Null);
    }
    for id in [&id, &json!(format!("Organisation:{NOTHING}"))] {
        let input = json!({ "id": id });
        let refused = app.refused(Some(&app.neighbour), "publishOrganisation", input).await;
        assert_eq!(refused, "NOT_FOUND id");
    }
    assert_eq!(names(&app, Some(&app.editor), kinds).await.len(), 1);
    app.mutate(Some(&app.editor), "publishOrganisation", which, "").await;
    assert_eq!(names(&app, None, kinds).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn moderators_and_those_who_entered_one_may_change_it() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let id = entered(&app).await;
    let before = app.head().await;
    for (mutation, input) in [
        ("createOrganisation", input(&app).await),
        ("updateOrganisation", json!({ "id": id, "name": "Anders" })),
        ("archiveOrganisation", json!({ "id": id })),
        ("publishOrganisation", json!({ "id": id })),
    ] {
        assert_eq!(app.refused(None, mutation, input.clone()).await, "UNAUTHENTICATED");
        for other in [&app.reader, &app.neighbour] {
            assert_eq!(
                app.refused(Some(other), mutation, input.clone()).await,
                "FORBIDDEN",
                "{mutation}"
            );
        }
    }
    let mut of_nobody = input(&app).await;
    of_nobody["enteredBy"] = Value::Null;
    let refused = app.refused(Some(&app.editor), "createOrganisation", of_nobody.clone()).await;
    assert_eq!(refused, "FORBIDDEN");
    assert_eq!(app.head().await, before);
    let change = json!({ "id": id, "name": "Anders" });
    assert_eq!(app.refused(Some(&moderator), "updateOrganisation", change).await, "");
    assert_eq!(app.refused(Some(&moderator), "createOrganisation", of_nobody).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_organisation_is_told() {
    let app = TestApp::start().await;
    let before = app.head().await;
    let nothing = format!("Municipality:{NOTHING}");
    for (field, value, expected) in [
        ("enteredBy", json!(nothing), "NOT_FOUND municipality"),
        ("name", json!(""), "REQUIRED name"),
        ("website", json!("javascript:alert(1)"), "INVALID website"),
        ("mailbox", json!("kein Postfach"), "INVALID mailbox"),
        ("states", json!(["DE-SN", "SN"]), "INVALID states.1"),
        ("topics", json!(["Topic:nothing"]), "NOT_FOUND topics.0"),
        ("municipalities", json!([nothing]), "NOT_FOUND municipalities.0"),
        ("kind", json!("CLUB"), "BAD_USER_INPUT"),
    ] {
        let mut input = input(&app).await;
        input[field] = value;
        let refused = app.refused(Some(&app.editor), "createOrganisation", input).await;
        assert_eq!(refused, expected);
    }
    assert_eq!(app.head().await, before);
}
