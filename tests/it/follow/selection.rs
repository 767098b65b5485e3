//! A subscriber is told what it asked for, and only what it may know.

use serde_json::{Value, json};

use super::{ACTIVITY, PUBLISHED, Subscriber};
use crate::support::TestApp;

const WANTED: &str = "subscription(
    $after: String, $search: String, $filter: SolutionFilter, $like: ID, $least: Float
) {
    solutionPublished(
        after: $after, search: $search, filter: $filter, likeMunicipality: $like, minLikeness: $least
    ) { solutionId }
}";
const LISTED: &str = "query($search: String, $filter: SolutionFilter, $like: ID) {
    solutions(search: $search, strict: true, filter: $filter, likeMunicipality: $like, first: 100) {
        edges { likeness { score } node { id publishedAt } }
    }
}";

/// Solutions of three places, of two topics, with and without a bus.
async fn fill(app: &TestApp) {
    for (token, place) in [(&app.editor, "musterdorf"), (&app.neighbour, "neustadt")] {
        for (title, topic, status) in [
            ("Rufbus am Abend", "Topic:mobility", "RUNNING"),
            ("Gesundheitsbus", "Topic:health_care", "PLANNED"),
            ("Mitfahrbank", "Topic:mobility", "ENDED"),
            ("Sprechstunde im Rathaus", "Topic:health_care", "RUNNING"),
        ] {
            let mut input = app.complete(place, title).await;
            input["topics"] = json!([topic]);
            input["status"] = json!(status);
            app.published(token, input).await;
        }
    }
    app.settle().await;
}

/// What a list with these arguments holds, in the order of publication.
async fn listed(app: &TestApp, variables: &Value) -> Vec<Value> {
    let answer = app.run(None, LISTED, variables.clone()).await;
    let least = variables["least"].as_f64().unwrap_or_default();
    let edges = answer["data"]["solutions"]["edges"].as_array().expect("a list").iter();
    let alike =
        |edge: &&Value| edge["likeness"]["score"].as_f64().is_none_or(|likeness| likeness >= least);
    let mut nodes: Vec<_> = edges.filter(alike).map(|edge| edge["node"].clone()).collect();
    nodes.sort_by_key(|node| node["publishedAt"].to_string());
    nodes.into_iter().map(|node| node["id"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_is_told_exactly_what_the_same_list_holds() {
    let app = TestApp::start().await;
    fill(&app).await;
    let musterdorf = app.municipality("musterdorf").await;
    let mobility = json!({ "topics": ["Topic:mobility"] });
    for (arguments, count) in [
        (json!({}), 10),
        (json!({ "search": "Rufbus" }), 2),
        (json!({ "search": "\"Rufbus am Abend\"" }), 2),
        (json!({ "search": "Rathaus -Rufbus" }), 2),
        (json!({ "filter": mobility }), 5),
        (json!({ "filter": { "states": ["DE-SN"], "statuses": ["RUNNING"] } }), 3),
        (json!({ "filter": mobility, "search": "Rufbus" }), 2),
        (json!({ "like": musterdorf }), 10),
        (json!({ "like": musterdorf, "least": 0.9 }), 5),
        (json!({ "like": musterdorf, "least": 0.9, "filter": mobility, "search": "Rufbus" }), 1),
    ] {
        let expected = listed(&app, &arguments).await;
        assert_eq!(expected.len(), count, "{arguments}");
        let mut variables = arguments.clone();
        variables["after"] = json!("0");
        let mut subscriber = Subscriber::new(&app, None, WANTED, variables).await;
        assert_eq!(json!(subscriber.ids(count).await), json!(expected), "{arguments}");

        // What is published now comes next, if the list holds it, so nothing else came before.
        let without_bus = arguments["search"] == "Rathaus -Rufbus";
        let title = if without_bus { "Rathaus" } else { "Rufbus am Abend" };
        let id = app.published(&app.editor, app.complete("musterdorf", title).await).await;
        assert_eq!(subscriber.ids(1).await, std::slice::from_ref(&id), "{arguments}");
        app.archive(&app.editor, &id).await;
        app.settle().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_away_meanwhile_is_not_told_any_more() {
    let app = TestApp::start().await;
    let head = app.head().await.to_string();
    let gone = app.published(&app.editor, app.complete("musterdorf", "Fort").await).await;
    app.archive(&app.editor, &gone).await;
    let here = app.published(&app.editor, app.complete("musterdorf", "Da").await).await;
    app.settle().await;
    let mut subscriber = Subscriber::new(&app, None, PUBLISHED, json!({ "after": head })).await;
    assert_eq!(subscriber.ids(1).await, [here]);
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_told_to_their_editors_only() {
    let app = TestApp::start().await;
    let after = json!({ "after": app.head().await.to_string() });
    let id = app.draft(&app.editor, app.complete("musterdorf", "Geheim").await).await;
    app.update(&app.editor, json!({ "id": id, "teaser": "Noch geheim." })).await;
    app.publish(&app.editor, &id).await;
    let all = ["SOLUTION_CREATED", "SOLUTION_UPDATED", "SOLUTION_PUBLISHED"];
    for (viewer, kinds) in [
        (None, &all[2..]),
        (Some(&app.reader), &all[2..]),
        (Some(&app.neighbour), &all[2..]),
        (Some(&app.editor), &all[..]),
    ] {
        let viewer = viewer.map(String::as_str);
        let mut subscriber = Subscriber::new(&app, viewer, ACTIVITY, after.clone()).await;
        for kind in kinds {
            let told = subscriber.next().await;
            assert_eq!((&told["kind"], &told["subjectId"]), (&json!(kind), &json!(id)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn activity_keeps_to_its_kinds_and_its_municipality() {
    let app = TestApp::start().await;
    let head = app.head().await.to_string();
    let theirs = app.published(&app.neighbour, app.complete("neustadt", "Dort").await).await;
    let ours = app.published(&app.editor, app.complete("musterdorf", "Hier").await).await;
    app.archive(&app.editor, &ours).await;
    let own = app.municipality("musterdorf").await;
    let published = ("SOLUTION_PUBLISHED", &theirs);
    let here = [("SOLUTION_PUBLISHED", &ours), ("SOLUTION_ARCHIVED", &ours)];
    for (variables, expected) in [
        (json!({}), vec![published, here[0], here[1]]),
        (json!({ "kinds": ["SOLUTION_PUBLISHED"] }), vec![published, here[0]]),
        (json!({ "municipality": own }), here.to_vec()),
        (json!({ "kinds": ["SOLUTION_ARCHIVED"], "municipality": own }), vec![here[1]]),
    ] {
        let mut arguments = variables.clone();
        arguments["after"] = json!(head);
        let mut subscriber = Subscriber::new(&app, None, ACTIVITY, arguments).await;
        for (kind, id) in expected {
            let told = subscriber.next().await;
            assert_eq!(
                (&told["kind"], &told["subjectId"]),
                (&json!(kind), &json!(id)),
                "{variables}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn access_tokens_are_never_told() {
    let app = TestApp::start().await;
    let kinds = json!({ "after": "0", "kinds": ["TOKEN_CREATED", "SOLUTION_PUBLISHED"] });
    app.published(&app.editor, app.complete("musterdorf", "Nach den Schlüsseln").await).await;
    for viewer in [None, Some(&app.reader), Some(&app.editor)] {
        let viewer = viewer.map(String::as_str);
        let mut subscriber = Subscriber::new(&app, viewer, ACTIVITY, kinds.clone()).await;
        // Two of the fixture come before the tokens of the test, one behind them.
        for _ in 0..3 {
            assert_eq!(subscriber.next().await["kind"], "SOLUTION_PUBLISHED");
        }
    }
}
