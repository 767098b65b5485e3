//! Municipalities are asked whether solutions still hold; readers see which ones nobody confirmed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use allmende::app::{App, Silent};
use allmende::domain::{Clock, ReviewRules, Role};
use allmende::service::Seed;
use chrono::{DateTime, TimeDelta};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::test_app::{determined, places};

/// A hub whose clock a test moves, in days from the first of January 2026.
async fn hub() -> (TestApp, Arc<AtomicI64>) {
    let day = Arc::new(AtomicI64::new(0));
    let moved = Arc::clone(&day);
    let start = DateTime::from_timestamp(1_767_225_600, 0).expect("the first of January 2026");
    let clock = Clock::from_fn(move || start + TimeDelta::days(moved.load(Ordering::SeqCst)));
    let (_, ids) = determined();
    let app = App::start(places(), clock, ids, &mut Silent).await.expect("a hub in memory");
    let mut seed = Seed::default();
    seed.read("fixture.toml", include_str!("support/fixture.toml")).expect("a sound fixture");
    app.services().import(seed, &mut Silent).await.expect("the fixture fits the rules");
    app.settle().await.expect("the database answers");
    (TestApp::around(app), day)
}

const SEEN: &str = "query($id: ID!) { solution(by: {id: $id}) {
    lifecycle lastChecked reviewBy
    transitions { action reason reasonCode actor }
} }";
const CONFIRM: &str = "mutation($input: ConfirmSolutionInput!) { confirmSolution(input: $input) {
    solution { lifecycle lastChecked reviewBy } userErrors { code path }
} }";

async fn seen(app: &TestApp, token: Option<&str>, id: &str) -> Value {
    app.run(token, SEEN, json!({ "id": id })).await["data"]["solution"].clone()
}

async fn look(app: &TestApp) {
    let looked = app.app.services().review(&ReviewRules::default()).await;
    looked.expect("the database answers").expect("nobody else is at it");
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_confirms_readers_see_it_and_a_confirmation_mends_it() {
    let (app, day) = hub().await;
    let id = app.solution("T2").await;
    let editor = app.token(Role::Editor, "neustadt").await;
    let fresh = seen(&app, None, &id).await;
    assert_eq!(fresh["reviewBy"], "2027-01-01");
    assert_eq!(fresh["lastChecked"], Value::Null, "nobody has looked since");
    for today in [340, 400] {
        day.store(today, Ordering::SeqCst);
        look(&app).await;
    }
    let marked = seen(&app, None, &id).await;
    assert_eq!(marked["lifecycle"], "NEEDS_UPDATE");
    assert_eq!(marked["transitions"], json!([]), "why is for those who work on it");
    let step = seen(&app, Some(&editor), &id).await["transitions"][0].clone();
    assert_eq!(
        (&step["action"], &step["reasonCode"], &step["actor"]),
        (&json!("MARK_OUTDATED"), &json!("NOT_CONFIRMED"), &json!("hub"))
    );
    assert!(step["reason"].as_str().is_some_and(|it| it.starts_with("Even after")), "{step}");
    let still = app.query("{ solutions(search: \"Bürgerbus\") { edges { node { id } } } }").await;
    assert_eq!(
        still["data"]["solutions"]["edges"][0]["node"]["id"],
        json!(id),
        "it stays readable"
    );

    let confirmed = app.run(Some(&editor), CONFIRM, json!({ "input": { "id": id } })).await;
    assert_eq!(
        confirmed["data"]["confirmSolution"],
        json!({
            "solution":
                { "lifecycle": "PUBLISHED", "lastChecked": "2027-02-05", "reviewBy": "2028-02-05" },
            "userErrors": [],
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_sets_the_day_and_no_impossible_one() {
    let (app, _) = hub().await;
    let id = app.solution("T2").await;
    let editor = app.token(Role::Editor, "neustadt").await;
    let confirm = async |day: &str| {
        let input = json!({ "input": { "id": id, "reviewBy": day } });
        app.run(Some(&editor), CONFIRM, input).await["data"]["confirmSolution"].clone()
    };
    for day in ["2026-01-01", "2029-01-02"] {
        let refused = confirm(day).await;
        let expected = json!([{ "code": "OUT_OF_RANGE", "path": ["reviewBy"] }]);
        assert_eq!(refused["userErrors"], expected, "{day}");
    }
    let confirmed = confirm("2026-03-01").await;
    assert_eq!(confirmed["solution"]["reviewBy"], "2026-03-01");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_town_hall_lists_what_is_to_be_confirmed_first() {
    let (app, day) = hub().await;
    let editor = app.token(Role::Editor, "neustadt").await;
    let (first, second) = (app.solution("T2").await, app.solution("T1").await);
    let early = json!({ "input": { "id": first, "reviewBy": "2026-03-01" } });
    app.run(Some(&editor), CONFIRM, early).await;
    app.settle().await;
    let list = "query($before: Date) {
        solutions(filter: {reviewDueBefore: $before}, orderBy: REVIEW_DUE) {
            edges { node { id reviewBy } }
        }
    }";
    let listed = async |before: Option<&str>| {
        let found = app.run(None, list, json!({ "before": before })).await;
        let edges = found["data"]["solutions"]["edges"].as_array().expect("a list").clone();
        edges.iter().map(|edge| edge["node"]["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed(Some("2026-03-01")).await, Vec::<Value>::new(), "before means before");
    assert_eq!(listed(Some("2026-03-02")).await, [json!(first)]);
    assert_eq!(listed(None).await, [json!(first), json!(second)]);
    // What was marked already is still to be confirmed.
    for today in [40, 100] {
        day.store(today, Ordering::SeqCst);
        look(&app).await;
    }
    assert_eq!(seen(&app, None, first.as_str()).await["lifecycle"], "NEEDS_UPDATE");
    assert_eq!(listed(Some("2026-03-02")).await, [json!(first)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reminder_reaches_the_municipality_by_list_and_by_subscription_and_nobody_else() {
    let (app, day) = hub().await;
    let editor = app.token(Role::Editor, "neustadt").await;
    let neighbour = app.token(Role::Editor, "musterdorf").await;
    let (id, place) = (app.solution("T2").await, app.municipality("neustadt").await);
    day.store(340, Ordering::SeqCst);
    look(&app).await;
    let list = "query($place: ID!) {
        events(filter: {kinds: [SOLUTION_REVIEW_DUE], municipalities: [$place]}, last: 5) {
            edges { node { kind subjectId occurredAt } }
        }
    }";
    let listed = async |token: Option<&str>| {
        let found = app.run(token, list, json!({ "place": place })).await;
        found["data"]["events"]["edges"].clone()
    };
    let told = listed(Some(&editor)).await;
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told[0]["node"]["subjectId"], json!(id));
    assert_eq!(listed(Some(&neighbour)).await, json!([]));
    assert_eq!(listed(None).await, json!([]));

    // A subscriber that was away hears of it, too.
    let subscribe = "subscription($place: ID!) {
        activity(kinds: [SOLUTION_REVIEW_DUE], municipality: $place, after: \"0\") { subjectId }
    }";
    let body = json!({ "query": subscribe, "variables": { "place": place } }).to_string();
    let request = axum::http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .header("authorization", format!("Bearer {editor}"))
        .body(axum::body::Body::from(body))
        .expect("a request");
    let answer = tower::ServiceExt::oneshot(app.router.clone(), request).await.expect("an answer");
    let mut pieces = answer.into_body().into_data_stream();
    let mut heard = String::new();
    while !heard.contains(&id) {
        let piece = pieces.next().await.expect("it goes on").expect("it arrives");
        heard.push_str(&String::from_utf8_lossy(&piece));
    }
}
