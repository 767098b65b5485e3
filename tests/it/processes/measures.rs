//! Measures: changed alone, counted, and written up when they are done.

use serde_json::{Value, json};

use super::{NOTHING, begun, change};
use crate::support::TestApp;

/// Adds a measure, and gives its id.
async fn added(app: &TestApp, process: &Value, title: &str, status: &str) -> Value {
    let input = json!({
        "id": process, "title": title, "status": status, "owner": "Bauamt", "period": "zwei Jahre",
        "starts": "2023-02", "ends": "2024", "budget": 12_000, "topics": ["Topic:mobility"],
        "targetGroups": ["TargetGroup:older_people"],
    });
    let process = change(app, "addMeasure", input, "measures { id }").await;
    process["measures"].as_array().expect("measures").last().expect("ours")["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_measure_is_changed_while_the_others_stay_as_they_are() {
    let app = TestApp::start().await;
    let id = begun(&app).await;
    let first = added(&app, &id, "Rufbus", "RUNNING").await;
    let second = added(&app, &id, "Radweg", "STOPPED").await;
    let update = json!({ "id": id, "measure": first, "status": "DONE", "budget": null });
    let fields = "measures { id title status owner period starts ends budget topics { id }
        targetGroups { id } solution { id } } measureProgress { done stopped share }";
    let process = change(&app, "updateMeasure", update, fields).await;
    let measure = |id: &Value, title: &str, status: &str, budget: Value| {
        json!({
            "id": id, "title": title, "status": status, "owner": "Bauamt", "period": "zwei Jahre",
            "starts": "2023-02", "ends": "2024", "budget": budget, "solution": null,
            "topics": [{ "id": "Topic:mobility" }],
            "targetGroups": [{ "id": "TargetGroup:older_people" }],
        })
    };
    let expected = [
        measure(&first, "Rufbus", "DONE", Value::Null),
        measure(&second, "Radweg", "STOPPED", json!(12_000)),
    ];
    assert_eq!(process["measures"], json!(expected));
    assert_eq!(process["measureProgress"], json!({ "done": 1, "stopped": 1, "share": 1.0 }));
    let remove = json!({ "id": id, "measure": first });
    let process = change(&app, "removeMeasure", remove.clone(), "measures { id }").await;
    assert_eq!(process["measures"], json!([{ "id": second }]));
    for mutation in ["removeMeasure", "updateMeasure", "draftSolutionFromMeasure"] {
        let refused = app.refused(Some(&app.neighbour), mutation, remove.clone()).await;
        assert_eq!(refused, "NOT_FOUND measure", "{mutation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_measure_becomes_a_draft_that_leads_back_to_it() {
    let app = TestApp::start().await;
    let id = begun(&app).await;
    let running = added(&app, &id, "Radweg", "RUNNING").await;
    let done = added(&app, &id, "Bürgerbus", "DONE").await;
    let input = json!({ "id": id, "measure": running });
    let before = app.head().await;
    let refused = app.refused(Some(&app.neighbour), "draftSolutionFromMeasure", input).await;
    assert_eq!(refused, "WRONG_STATE measure");
    assert_eq!(app.head().await, before);

    let input = json!({ "id": id, "measure": done });
    let fields = "solution {
        id slug title lifecycle municipalities { slug } topics { id } targetGroups { id }
        period { starts ends } costs { oneOff { from to } }
    } strategyProcess { measures { id solution { id } } }";
    let payload =
        app.mutate(Some(&app.neighbour), "draftSolutionFromMeasure", input.clone(), fields).await;
    let solution = &payload["solution"];
    let measures = &payload["strategyProcess"]["measures"];
    assert_eq!(measures[1], json!({ "id": done, "solution": { "id": solution["id"] } }));
    assert_eq!(measures[0]["solution"], Value::Null);
    // The fixture has a solution of this title already.
    let slug = solution["slug"].as_str().expect("a slug");
    assert!(slug.starts_with("buergerbus-"), "{slug}");
    let expected = json!({
        "id": solution["id"], "slug": slug, "title": "Bürgerbus", "lifecycle": "DRAFT",
        "municipalities": [{ "slug": "neustadt" }], "topics": [{ "id": "Topic:mobility" }],
        "targetGroups": [{ "id": "TargetGroup:older_people" }],
        "period": { "starts": "2023-02", "ends": "2024" },
        "costs": { "oneOff": { "from": 12_000, "to": 12_000 } },
    });
    assert_eq!(*solution, expected);
    let again = app.refused(Some(&app.neighbour), "draftSolutionFromMeasure", input).await;
    assert_eq!(again, "TAKEN measure");

    app.settle().await;
    let question =
        "query($id: ID!) { solution(by: {id: $id}) { processes { edges { node { id } } } } }";
    let variables = json!({ "id": solution["id"] });
    let back = app.run(Some(&app.neighbour), question, variables.clone()).await;
    assert_eq!(back["data"]["solution"]["processes"]["edges"][0]["node"]["id"], id);
    assert_eq!(app.run(None, question, variables).await["data"]["solution"], Value::Null);
    let question = "{ events(last: 2) { edges { node { kind } } } }";
    let told = app.run(Some(&app.neighbour), question, json!({})).await;
    assert_eq!(
        told["data"]["events"]["edges"],
        json!([
            { "node": { "kind": "SOLUTION_CREATED" } }, { "node": { "kind": "PROCESS_UPDATED" } },
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_measure_is_told() {
    let app = TestApp::start().await;
    let id = begun(&app).await;
    let measure = added(&app, &id, "Rufbus", "PLANNED").await;
    let before = app.head().await;
    for (field, value, expected) in [
        ("title", json!(" "), "REQUIRED title"),
        ("title", json!("x".repeat(201)), "TOO_LONG title"),
        ("owner", json!("x".repeat(201)), "TOO_LONG owner"),
        ("budget", json!(-1), "OUT_OF_RANGE budget"),
        ("ends", json!("0001"), "OUT_OF_RANGE ends"),
        ("topics", json!(["Topic:nothing"]), "NOT_FOUND topics.0"),
        ("targetGroups", json!(["TargetGroup:nobody"]), "NOT_FOUND targetGroups.0"),
        ("solution", json!(format!("Solution:{NOTHING}")), "NOT_FOUND solution"),
        ("expectedRevision", json!(99), "STALE expectedRevision"),
    ] {
        let mut new = json!({ "id": id, "title": "Neu" });
        new[field] = value.clone();
        let refused = app.refused(Some(&app.neighbour), "addMeasure", new).await;
        assert_eq!(refused, expected);
        let mut change = json!({ "id": id, "measure": measure });
        change[field] = value;
        let refused = app.refused(Some(&app.neighbour), "updateMeasure", change).await;
        assert_eq!(refused, expected);
    }
    assert_eq!(app.head().await, before);
}
