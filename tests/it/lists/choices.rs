//! Filters, and the counts that say what they would find.

use axum::body::Body;
use axum::http::Request;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::data;
use crate::support::TestApp;

/// Three solutions beside those of the fixture.
async fn filled() -> TestApp {
    let app = TestApp::start().await;
    for (title, topics, status, effort) in [
        ("Eins", json!(["Topic:mobility"]), "RUNNING", "LOW"),
        ("Zwei", json!(["Topic:mobility", "Topic:health_care"]), "PLANNED", "HIGH"),
        ("Drei", json!(["Topic:health_care"]), "RUNNING", "HIGH"),
    ] {
        let mut input = app.complete("musterdorf", title).await;
        input["topics"] = topics;
        input["status"] = json!(status);
        input["effort"] = json!(effort);
        input["instruments"] = json!(["NETWORK"]);
        input["evidence"] = json!("SELF_REPORT");
        input["targetGroups"] = json!(["TargetGroup:older_people"]);
        app.published(&app.editor, input).await;
    }
    app.settle().await;
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_keeps_what_holds_in_every_field_and_for_one_value_of_each() {
    let app = filled().await;
    let neustadt = app.municipality("neustadt").await;
    let hochschule = data(
        &app,
        "{ search(text: \"Hochschule\", kinds: [ORGANISATION]) { edges { node { id } } } }",
        json!({}),
    );
    let hochschule = hochschule.await["search"]["edges"][0]["node"]["id"].clone();
    for (filter, titles) in [
        (json!({ "topics": [] }), "Bürgerbus Dorfarzt gefunden Drei Eins Zwei"),
        (json!({ "topics": ["Topic:mobility"] }), "Bürgerbus Eins Zwei"),
        (json!({ "topics": ["Topic:mobility"], "statuses": ["RUNNING"] }), "Eins"),
        (json!({ "statuses": ["PLANNED", "PERMANENT"] }), "Bürgerbus Zwei"),
        (json!({ "efforts": ["HIGH"] }), "Drei Zwei"),
        (json!({ "efforts": ["MEDIUM"] }), ""),
        (json!({ "instruments": ["NETWORK"], "evidence": ["SELF_REPORT"] }), "Drei Eins Zwei"),
        (json!({ "targetGroups": ["TargetGroup:older_people"], "efforts": ["LOW"] }), "Eins"),
        (json!({ "municipalities": [neustadt] }), "Bürgerbus"),
        (json!({ "organisations": [hochschule] }), "Bürgerbus"),
        (json!({ "states": ["DE-BY"] }), "Bürgerbus"),
        (
            json!({ "states": ["DE-SN"], "sizeBands": ["FROM_1K"], "topics": ["Topic:health_care"] }),
            "Dorfarzt gefunden Drei Zwei",
        ),
        (json!({ "municipalityKinds": ["STADT"] }), "Bürgerbus"),
        (json!({ "municipalityKinds": ["STADT"], "states": ["DE-SN"] }), ""),
    ] {
        let question = "query($filter: SolutionFilter) {
            solutions(filter: $filter, orderBy: TITLE) { totalCount edges { node { title } } }
        }";
        let found = data(&app, question, json!({ "filter": filter })).await["solutions"].clone();
        let found_titles = super::nodes(&found, "title");
        assert_eq!(found_titles.join(" "), titles, "{filter}");
        assert_eq!(found["totalCount"], json!(found_titles.len()));
    }
}

/// The counts of some facets, each as `value (label): count`.
async fn counts(app: &TestApp, filter: Value, language: &str) -> Vec<String> {
    let question = "query($filter: SolutionFilter) {
        solutions(filter: $filter) {
            facets(fields: [TOPIC, STATUS, STATE]) { field values { value label count } }
        }
    }";
    let body = json!({ "query": question, "variables": { "filter": filter } }).to_string();
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept-language", language)
        .body(Body::from(body));
    let answer = app.send(request.expect("a request")).await.json();
    let facets = answer["data"]["solutions"]["facets"].as_array().expect("facets").iter();
    let values = facets.flat_map(|facet| facet["values"].as_array().expect("values"));
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let line =
        |it: &Value| format!("{} ({}): {}", text(&it["value"]), text(&it["label"]), it["count"]);
    values.map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn facets_are_counted_over_the_whole_list_and_labelled_in_both_languages() {
    let app = filled().await;
    assert_json_snapshot!(counts(&app, json!({}), "de").await, @r#"
    [
      "Topic:health_care (Gesundheit): 3",
      "Topic:mobility (Mobilität): 3",
      "DE-SN (Sachsen): 4",
      "DE-BY (Bayern): 1",
      "RUNNING (läuft): 3",
      "PERMANENT (dauerhaft): 1",
      "PLANNED (geplant): 1"
    ]
    "#);
    assert_json_snapshot!(counts(&app, json!({}), "en").await, @r#"
    [
      "Topic:health_care (Health): 3",
      "Topic:mobility (Mobility): 3",
      "DE-SN (Saxony): 4",
      "DE-BY (Bavaria): 1",
      "RUNNING (Running): 3",
      "PERMANENT (Permanent): 1",
      "PLANNED (Planned): 1"
    ]
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_in_a_field_narrows_the_counts_of_the_others_only() {
    let app = filled().await;
    let filter = json!({ "topics": ["Topic:mobility"], "statuses": ["RUNNING"] });
    assert_json_snapshot!(counts(&app, filter, "en").await, @r#"
    [
      "Topic:health_care (Health): 2",
      "Topic:mobility (Mobility): 1",
      "DE-SN (Saxony): 1",
      "PERMANENT (Permanent): 1",
      "PLANNED (Planned): 1",
      "RUNNING (Running): 1"
    ]
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_count_of_a_value_is_what_a_filter_on_it_finds() {
    let app = filled().await;
    let question = "{ solutions { facets { field values { value count } } } }";
    let facets = data(&app, question, json!({})).await["solutions"]["facets"].clone();
    let mut checked = 0;
    for facet in facets.as_array().expect("facets") {
        let field = match facet["field"].as_str().expect("a field") {
            "TOPIC" => "topics",
            "TARGET_GROUP" => "targetGroups",
            "STATE" => "states",
            "MUNICIPALITY_KIND" => "municipalityKinds",
            "SIZE_BAND" => "sizeBands",
            "STATUS" => "statuses",
            "EFFORT" => "efforts",
            "EVIDENCE" => "evidence",
            "INSTRUMENT" => "instruments",
            "MUNICIPALITY" => "municipalities",
            "QUALITY" => "quality",
            "STRUCTURAL_WEAKNESS" => "structuralWeakness",
            "SETTLEMENT_TYPE" => "settlementTypes",
            "LANGUAGE" => "languages",
            "YEAR" => "years",
            // There are only solutions in this list.
            "KIND" => continue,
            other => panic!("no filter for {other}"),
        };
        for value in facet["values"].as_array().expect("values") {
            let question =
                "query($filter: SolutionFilter) { solutions(filter: $filter) { totalCount } }";
            let wanted = match field {
                "years" => {
                    let year: i32 = value["value"].as_str().expect("a year").parse().expect("one");
                    json!({ "min": year, "max": year })
                }
                _ => json!([value["value"]]),
            };
            let filter = json!({ "filter": { field: wanted } });
            let found = data(&app, question, filter).await;
            assert_eq!(found["solutions"]["totalCount"], value["count"], "{field} {value}");
            checked += 1;
        }
    }
    assert!(checked >= 15, "only {checked} values");
}
