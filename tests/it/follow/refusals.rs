//! A subscription with something wrong in it is refused at once.

use allmende::graphql::Operation;
use async_graphql::{Request, Variables};
use serde_json::json;

use super::Subscriber;
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_with_a_wrong_argument_is_refused_at_once_and_ends() {
    let app = TestApp::start().await;
    let own = app.municipality("musterdorf").await;
    let without_figures = app.municipality("musterkreis").await;
    let alike = |municipality: &str, least: &str| {
        format!(
            "solutionPublished(likeMunicipality: {municipality:?}, minLikeness: {least}) {{ cursor }}"
        )
    };
    for field in [
        "solutionPublished(after: \"soon\") { cursor }".to_owned(),
        "solutionPublished(after: \"\") { cursor }".to_owned(),
        "solutionPublished(after: \"-1\") { cursor }".to_owned(),
        "solutionPublished(after: \"1000000\") { cursor }".to_owned(),
        "solutionPublished(after: \"99999999999999999999\") { cursor }".to_owned(),
        "activity(after: \"soon\") { cursor }".to_owned(),
        "activity(after: \"1000000\") { cursor }".to_owned(),
        "activity(municipality: \"Topic:mobility\") { cursor }".to_owned(),
        "solutionPublished(minLikeness: 0.5) { cursor }".to_owned(),
        "solutionPublished(filter: {topics: [\"mobility\"]}) { cursor }".to_owned(),
        "solutionPublished(search: \"thema:nichts\") { cursor }".to_owned(),
        alike(&own, "2"),
        alike(&own, "-0.1"),
        alike("Municipality:01J5Z3NDEKTSV4RRFFQ69G5FAV", "0.5"),
        alike(&without_figures, "0.5"),
    ] {
        let document = format!("subscription {{ {field} }}");
        let mut subscriber = Subscriber::new(&app, None, &document, json!({})).await;
        let refusal = subscriber.answer().await.expect("a refusal");
        assert_eq!(refusal["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{refusal}");
        assert_eq!(subscriber.answer().await, None, "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_as_long_as_somebody_listens_is_not_long() {
    let app = TestApp::start().await;
    let document =
        "subscription($search: String) { solutionPublished(search: $search) { cursor } }";
    let check = |bytes: usize| {
        let variables = Variables::from_json(json!({ "search": "x".repeat(bytes) }));
        app.app.api().check(&mut Request::new(document).variables(variables))
    };
    assert_eq!(check(19_000).expect("a sound document"), Operation::Subscription);
    let errors = check(20_000).expect_err("too long");
    let told = serde_json::to_value(&errors).expect("JSON");
    assert_eq!(told[0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{told}");
}
