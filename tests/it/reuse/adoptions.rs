//! Adoptions: declared, suggested and confirmed, changed, taken back.

use allmende::domain::Role;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::{altdorf, nothing, of_solution, told};
use crate::support::TestApp;

/// That `musterdorf` uses the solution of `altdorf`.
async fn input(app: &TestApp) -> Value {
    json!({
        "solution": app.solution("T1").await,
        "municipality": app.municipality("musterdorf").await,
        "status": "PLANNING",
        "since": "2025-03",
        "changes": "Mit einer Genossenschaft.",
    })
}

async fn declared(app: &TestApp) -> Value {
    let input = input(app).await;
    let payload = app.mutate(Some(&app.editor), "declareAdoption", input, "adoption { id }").await;
    payload["adoption"]["id"].clone()
}

/// What `altdorf` says of `musterdorf`.
async fn suggested(app: &TestApp, token: &str) -> Value {
    let input = input(app).await;
    let payload = app.mutate(Some(token), "suggestAdoption", input, "adoption { id }").await;
    assert_eq!(payload["userErrors"], json!([]));
    payload["adoption"]["id"].clone()
}

async fn seen(app: &TestApp, token: Option<&str>, id: &Value) -> Value {
    let question = "query($id: ID!) { node(id: $id) { ... on Adoption { state } } }";
    app.run(token, question, json!({ "id": id })).await["data"]["node"]["state"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_municipality_says_what_it_took_over_and_how_far_it_is() {
    let app = TestApp::start().await;
    let mut sound = input(&app).await;
    let contacts =
        "{ municipality(by: {slug: \"musterdorf\"}) { contacts { edges { node { id } } } } }";
    let contacts = app.query(contacts).await;
    let contacts = &contacts["data"]["municipality"]["contacts"]["edges"];
    sound["contact"] = contacts[0]["node"]["id"].clone();
    let fields = "adoption { id state }";
    let payload = app.mutate(Some(&app.editor), "declareAdoption", sound, fields).await;
    assert_eq!(payload["adoption"]["state"], "CONFIRMED", "{payload}");
    let id = &payload["adoption"]["id"];
    let change = json!({
        "id": id, "expectedRevision": 1, "status": "IN_USE", "since": "2026",
        "result": "Eine Ärztin kam.",
    });
    let fields = "adoption {
        revision state status since changes result suggestedBy { slug } municipality { slug }
        solution { title } contact { role } trail { status since }
    }";
    let payload = app.mutate(Some(&app.editor), "updateAdoption", change.clone(), fields).await;
    assert_json_snapshot!(payload, @r#"
    {
      "adoption": {
        "revision": 2,
        "state": "CONFIRMED",
        "status": "IN_USE",
        "since": "2026",
        "changes": "Mit einer Genossenschaft.",
        "result": "Eine Ärztin kam.",
        "suggestedBy": null,
        "municipality": {
          "slug": "musterdorf"
        },
        "solution": {
          "title": "Dorfarzt gefunden"
        },
        "contact": {
          "role": "Gemeindeentwicklung"
        },
        "trail": [
          {
            "status": "PLANNING",
            "since": "2025-03"
          },
          {
            "status": "IN_USE",
            "since": "2026"
          }
        ]
      },
      "userErrors": []
    }
    "#);
    let stale = app.refused(Some(&app.editor), "updateAdoption", change).await;
    assert_eq!(stale, "STALE expectedRevision");
    assert_eq!(told(&app, None, id).await, ["ADOPTION_DECLARED", "ADOPTION_UPDATED"]);

    let counts = "adoptionCounts { interested planning inUse dropped }";
    assert_eq!(
        of_solution(&app, None, counts).await,
        json!({ "interested": 0, "planning": 0, "inUse": 1, "dropped": 0 })
    );
    let list = "adoptions(statuses: [IN_USE]) { totalCount edges { node { id } }
        facets(fields: [ADOPTION_STATUS, STATE]) { values { value count } } }";
    let expected = json!({
        "totalCount": 1, "edges": [{ "node": { "id": id } }],
        "facets": [
            { "values": [{ "value": "DE-SN", "count": 1 }] },
            { "values": [{ "value": "IN_USE", "count": 1 }] },
        ],
    });
    assert_eq!(of_solution(&app, None, list).await, expected);
    assert_eq!(
        of_solution(&app, None, "adoptions(statuses: [DROPPED]) { totalCount }").await["totalCount"],
        0
    );
    let question = "{ own: municipality(by: {slug: \"musterdorf\"}) { adoptions { totalCount } }
        other: municipality(by: {slug: \"altdorf\"}) { adoptions { totalCount } } }";
    let answer = app.query(question).await;
    assert_eq!(answer["data"]["own"]["adoptions"]["totalCount"], 1);
    assert_eq!(answer["data"]["other"]["adoptions"]["totalCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_suggest_counts_once_it_is_confirmed() {
    let app = TestApp::start().await;
    let altdorf = altdorf(&app).await;
    let id = suggested(&app, &altdorf).await;
    let everybody =
        [None, Some(&app.reader), Some(&app.neighbour), Some(&app.editor), Some(&altdorf)];
    let everybody = everybody.map(|token| token.map(String::as_str));
    let suggestions = "adoptions(state: SUGGESTED) { totalCount }";
    let states = ["", "", "", "SUGGESTED", "SUGGESTED"];
    for (viewer, state) in everybody.into_iter().zip(states) {
        assert_eq!(seen(&app, viewer, &id).await.as_str().unwrap_or_default(), state);
        let count = if state.is_empty() { 0 } else { 1 };
        assert_eq!(of_solution(&app, viewer, suggestions).await["totalCount"], count);
        assert_eq!(told(&app, viewer, &id).await.len(), count);
    }
    assert_eq!(of_solution(&app, None, "adoptionCounts { planning }").await["planning"], 0);
    assert_eq!(
        of_solution(&app, Some(&app.editor), "adoptions { totalCount }").await["totalCount"],
        0
    );

    let fields = "adoption { state suggestedBy { slug } trail { status } }";
    let which = json!({ "id": id });
    let payload = app.mutate(Some(&app.editor), "confirmAdoption", which.clone(), fields).await;
    assert_eq!(
        payload["adoption"],
        json!({
            "state": "CONFIRMED", "suggestedBy": { "slug": "altdorf" },
            "trail": [{ "status": "PLANNING" }],
        })
    );
    assert_eq!(seen(&app, None, &id).await, "CONFIRMED");
    assert_eq!(of_solution(&app, None, "adoptionCounts { planning }").await["planning"], 1);
    let again = app.refused(Some(&app.editor), "confirmAdoption", which).await;
    assert_eq!(again, "WRONG_STATE id");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_twice_and_who_declined_may_still_declare() {
    let app = TestApp::start().await;
    let altdorf = altdorf(&app).await;
    let id = suggested(&app, &altdorf).await;
    let which = json!({ "id": id });
    app.mutate(Some(&app.editor), "withdrawAdoption", which.clone(), "").await;
    assert_eq!(seen(&app, Some(&app.editor), &id).await, "WITHDRAWN");
    let again = app.refused(Some(&app.editor), "withdrawAdoption", which).await;
    assert_eq!(again, "WRONG_STATE id");
    let again = app.refused(Some(&altdorf), "suggestAdoption", input(&app).await).await;
    assert_eq!(again, "TAKEN municipality");
    assert_eq!(declared(&app).await, id, "there is one of them");
    assert_eq!(seen(&app, None, &id).await, "CONFIRMED");
    let again = app.refused(Some(&app.editor), "declareAdoption", input(&app).await).await;
    assert_eq!(again, "TAKEN solution");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_suggested_may_correct_it_until_it_is_confirmed() {
    let app = TestApp::start().await;
    let altdorf = altdorf(&app).await;
    let id = suggested(&app, &altdorf).await;
    let change = json!({ "id": id, "status": "IN_USE" });
    // The adopting municipality first says that it did at all.
    let refused = app.refused(Some(&app.editor), "updateAdoption", change.clone()).await;
    assert_eq!(refused, "FORBIDDEN");
    assert_eq!(app.refused(Some(&altdorf), "updateAdoption", change.clone()).await, "");
    assert_eq!(
        app.refused(Some(&altdorf), "confirmAdoption", json!({ "id": id })).await,
        "FORBIDDEN"
    );
    assert_eq!(app.refused(Some(&app.editor), "confirmAdoption", json!({ "id": id })).await, "");
    assert_eq!(app.refused(Some(&altdorf), "updateAdoption", change).await, "FORBIDDEN");
    assert_eq!(
        app.refused(Some(&altdorf), "withdrawAdoption", json!({ "id": id })).await,
        "FORBIDDEN"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_what() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let id = declared(&app).await;
    let before = app.head().await;
    let of_neustadt = json!({
        "solution": app.solution("T1").await, "status": "IN_USE",
        "municipality": app.municipality("altdorf").await,
    });
    for (mutation, input) in [
        ("declareAdoption", input(&app).await),
        ("confirmAdoption", json!({ "id": id })),
        ("updateAdoption", json!({ "id": id, "status": "DROPPED" })),
        ("withdrawAdoption", json!({ "id": id })),
        ("suggestAdoption", input(&app).await),
    ] {
        assert_eq!(
            app.refused(None, mutation, input.clone()).await,
            "UNAUTHENTICATED",
            "{mutation}"
        );
        for other in [&app.reader, &app.neighbour] {
            assert_eq!(
                app.refused(Some(other), mutation, input.clone()).await,
                "FORBIDDEN",
                "{mutation}"
            );
        }
        if mutation != "withdrawAdoption" {
            assert_eq!(
                app.refused(Some(&moderator), mutation, input).await,
                "FORBIDDEN",
                "{mutation}"
            );
        }
    }
    let own = app.refused(Some(&altdorf(&app).await), "declareAdoption", of_neustadt).await;
    assert_eq!(own, "NOT_ALLOWED municipality", "nobody is an example to themselves");
    assert_eq!(app.head().await, before + 1, "but for the token, nothing was written");
    assert_eq!(app.refused(Some(&moderator), "withdrawAdoption", json!({ "id": id })).await, "");
    assert_eq!(of_solution(&app, None, "adoptionCounts { planning }").await["planning"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_adoption_is_told() {
    let app = TestApp::start().await;
    let draft = app.draft(&app.neighbour, app.complete("neustadt", "Entwurf").await).await;
    let contacts =
        "{ municipality(by: {slug: \"neustadt\"}) { contacts { edges { node { id } } } } }";
    let contacts = app.query(contacts).await;
    let foreign = contacts["data"]["municipality"]["contacts"]["edges"][0]["node"]["id"].clone();
    for (field, value, expected) in [
        ("solution", nothing("Solution"), "NOT_FOUND solution"),
        ("solution", json!(draft), "NOT_FOUND solution"),
        ("municipality", nothing("Municipality"), "NOT_FOUND municipality"),
        ("since", json!("0001"), "OUT_OF_RANGE since"),
        ("changes", json!("x".repeat(20_001)), "TOO_LONG changes"),
        ("result", json!("\u{0}"), "INVALID result"),
        ("contact", nothing("Contact"), "NOT_FOUND contact"),
        ("contact", foreign, "NOT_ALLOWED contact"),
        ("status", json!("FINISHED"), "BAD_USER_INPUT"),
        ("since", json!("bald"), "BAD_USER_INPUT"),
    ] {
        let mut input = input(&app).await;
        input[field] = value;
        let refused = app.refused(Some(&app.editor), "declareAdoption", input).await;
        assert_eq!(refused, expected);
    }
    let id = declared(&app).await;
    let change = json!({ "id": id, "status": null });
    assert_eq!(app.refused(Some(&app.editor), "updateAdoption", change).await, "REQUIRED status");
    for mutation in ["confirmAdoption", "updateAdoption", "withdrawAdoption"] {
        let input = json!({ "id": nothing("Adoption") });
        assert_eq!(app.refused(Some(&app.editor), mutation, input).await, "NOT_FOUND id");
    }
    let altdorf = altdorf(&app).await;
    let own = json!({
        "solution": app.solution("T1").await, "status": "IN_USE",
        "municipality": app.municipality("altdorf").await,
    });
    let refused = app.refused(Some(&altdorf), "suggestAdoption", own).await;
    assert_eq!(refused, "NOT_ALLOWED municipality");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_looks_like_nothing_to_others() {
    let app = TestApp::start().await;
    let id = suggested(&app, &altdorf(&app).await).await;
    for mutation in ["confirmAdoption", "updateAdoption", "withdrawAdoption"] {
        for id in [&id, &nothing("Adoption")] {
            let input = json!({ "id": id });
            assert_eq!(app.refused(Some(&app.neighbour), mutation, input).await, "NOT_FOUND id");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_whose_solution_it_is_hear_of_it() {
    let app = TestApp::start().await;
    declared(&app).await;
    app.settle().await;
    let question = "{ events(last: 1) { edges { node { kind municipalities { slug } } } } }";
    let answer = app.query(question).await;
    let expected = json!({
        "kind": "ADOPTION_DECLARED", "municipalities": [{ "slug": "musterdorf" }, { "slug": "altdorf" }],
    });
    assert_eq!(answer["data"]["events"]["edges"][0]["node"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_one_day_is_no_adoption_of_today() {
    let app = TestApp::start().await;
    let mut input = input(&app).await;
    input["status"] = json!("IN_USE");
    for (since, expected) in [("2026-02", "NOT_ALLOWED since"), ("2026", "")] {
        input["since"] = json!(since);
        let refused = app.refused(Some(&app.editor), "declareAdoption", input.clone()).await;
        assert_eq!(refused, expected, "{since}");
    }
}
