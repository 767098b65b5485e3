//! Who is like a municipality, and why, through the API.

use serde_json::{Value, json};

use crate::lists::{data, edges, filled};
use crate::support::TestApp;

/// The slugs of the nodes of a list.
fn slugs(list: &Value) -> Vec<&str> {
    edges(list).iter().filter_map(|edge| edge["node"]["slug"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_come_with_reasons_in_both_languages() {
    let app = TestApp::start().await;
    let question = "{ municipality(by: {slug: \"musterdorf\"}) { peers {
        totalCount lens weights { feature weight } reference { level size date source }
        edges { node { slug } sharedTopics { slug } likeness {
            score percentile rank coverage weakBasis
            agreements { feature sentenceDe sentenceEn focus { text date } other { text source } }
            differences { feature sentenceDe share }
            contributions { feature difference weight share }
        } }
    } } }";
    let peers = data(&app, question, json!({})).await["municipality"]["peers"].clone();
    assert_eq!(slugs(&peers)[0], "altdorf", "{peers}");
    assert_eq!(peers["lens"], "GENERAL");
    let weights = peers["weights"].as_array().expect("weights");
    let sum: f64 = weights.iter().filter_map(|weight| weight["weight"].as_f64()).sum();
    assert!((sum - 1.0).abs() < 1e-5);
    assert_eq!(
        (&peers["reference"]["level"], &peers["reference"]["size"], &peers["reference"]["date"]),
        (&json!("MUNICIPALITY"), &json!(10_775), &json!("2022-12-31"))
    );
    let scores: Vec<f64> =
        edges(&peers).iter().filter_map(|edge| edge["likeness"]["score"].as_f64()).collect();
    assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
    for (place, edge) in edges(&peers).iter().enumerate() {
        let likeness = &edge["likeness"];
        assert_eq!(likeness["rank"], json!(place + 1));
        assert_eq!(likeness["weakBasis"], true, "inhabitants and area alone are little");
        let shares = likeness["contributions"].as_array().expect("contributions").iter();
        let sum: f64 = shares.filter_map(|it| it["share"].as_f64()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{likeness}");
    }
    let last = &edges(&peers)[edges(&peers).len() - 1]["likeness"];
    assert!(last["percentile"].as_f64() < Some(40.0), "{last}");
    let told = &last["differences"][0]["sentenceDe"];
    assert!(told.as_str().is_some_and(|it| it.contains("50 gegenüber 800")), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_are_paged_filtered_and_weighed() {
    let app = TestApp::start().await;
    let question = "query($first: Int, $after: String, $filter: MunicipalityFilter,
        $weights: [FeatureWeightInput!], $lens: Lens! = GENERAL) {
        municipality(by: {slug: \"musterdorf\"}) {
            peers(first: $first, after: $after, filter: $filter, weights: $weights, lens: $lens) {
                totalCount lens pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { slug } }
            }
        }
    }";
    let peers = |variables: Value| {
        let app = &app;
        async move { data(app, question, variables).await["municipality"]["peers"].clone() }
    };
    let all = peers(json!({})).await;
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = peers(json!({ "first": 1, "after": after })).await;
        assert_eq!(page["totalCount"], all["totalCount"]);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !seen.is_empty());
        seen.extend(slugs(&page).into_iter().map(str::to_owned));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, slugs(&all));
    let bavarian = peers(json!({ "filter": { "states": ["DE-BY"] } })).await;
    assert_eq!(slugs(&bavarian), ["neustadt"]);
    let own = peers(json!({ "weights": [{ "feature": "STATE", "weight": 1 }] })).await;
    assert_eq!(own["lens"], Value::Null);
    assert_ne!(slugs(&own)[0], "neustadt", "of the same state");
    for (wrong, message) in [
        (json!({ "weights": [{ "feature": "STATE", "weight": -1 }] }), "from 0 to 1000"),
        (json!({ "weights": [{ "feature": "STATE", "weight": 0 }] }), "at least one weight"),
        (json!({ "weights": [] }), "at least one weight"),
        (json!({ "first": 0 }), "first must be"),
        (json!({ "after": "nonsense" }), "cursor"),
        (json!({ "after": after, "lens": "CARE" }), "cursor"),
        (json!({ "lens": "NONE" }), "NONE"),
    ] {
        let answer = app.run(None, question, wrong.clone()).await;
        let told = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(told.contains(message), "{wrong}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_municipality_without_figures_has_no_peers_and_is_none() {
    let app = TestApp::start().await;
    let question = "{ municipality(by: {slug: \"musterkreis\"}) { peers { totalCount } figures { feature } } }";
    let answer = app.query(question).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    let told = answer["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(told.contains("no published profile"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn those_with_the_same_challenges_are_told_from_those_most_alike() {
    let app = filled().await;
    let question = "{ municipality(by: {slug: \"musterdorf\"}) {
        problemPeers(maxDistance: 1) { edges { node { slug } sharedTopics { slug } } }
        close: problemPeers(maxDistance: 0.0001) { totalCount }
        contrasts(minDistance: 0.3) { edges { node { slug } sharedTopics { slug } likeness { score } } }
        wrong: contrasts(minDistance: 2) { totalCount }
    } }";
    let answer = app.query(question).await;
    let told = &answer["errors"][0];
    assert_eq!(
        (&told["path"][1], &told["extensions"]["code"]),
        (&json!("wrong"), &json!("BAD_USER_INPUT"))
    );
    let found = &answer["data"]["municipality"];
    for edge in edges(&found["problemPeers"]).iter().chain(edges(&found["contrasts"])) {
        assert!(!edge["sharedTopics"].as_array().expect("topics").is_empty(), "{edge}");
    }
    assert_eq!(found["close"]["totalCount"], 0);
    assert!(slugs(&found["problemPeers"]).contains(&"neustadt"), "{found}");
    for edge in edges(&found["contrasts"]) {
        assert!(edge["likeness"]["score"].as_f64() <= Some(0.7), "{edge}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_come_with_their_place_among_all() {
    let app = TestApp::start().await;
    let question = "{ municipality(by: {slug: \"musterdorf\"}) { figures {
        feature label value text unit date percentile distribution { p25 median p75 size }
    } } }";
    let figures = data(&app, question, json!({})).await["municipality"]["figures"].clone();
    let of = |name: &str| {
        let all = figures.as_array().expect("figures").iter();
        all.clone().find(|it| it["feature"] == name).cloned().unwrap_or_default()
    };
    let people = of("POPULATION");
    assert_eq!((&people["value"], &people["date"]), (&json!(1200.0), &json!("2022-12-31")));
    assert!((35.0..45.0).contains(&people["percentile"].as_f64().expect("known")), "{people}");
    assert_eq!(people["distribution"]["size"], 10_775);
    assert_eq!(of("DENSITY")["value"], 50.0);
    assert_eq!((&of("KIND")["value"], &of("KIND")["percentile"]), (&Value::Null, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_published_tells_nothing_of_challenges() {
    let app = TestApp::start().await;
    let question = "{ municipality(by: {slug: \"musterdorf\"}) {
        problemPeers(maxDistance: 1) { edges { node { slug } sharedTopics { slug } } }
    } }";
    for (token, place) in [(&app.editor, "musterdorf"), (&app.neighbour, "neustadt")] {
        app.draft(token, app.complete(place, "Noch ein Entwurf").await).await;
    }
    app.settle().await;
    let shared = data(&app, question, json!({})).await["municipality"]["problemPeers"].clone();
    assert_eq!(edges(&shared).len(), 0, "{shared}");
    for (token, place) in [(&app.editor, "musterdorf"), (&app.neighbour, "neustadt")] {
        app.published(token, app.complete(place, "Jetzt für alle").await).await;
    }
    app.settle().await;
    let shared = data(&app, question, json!({})).await["municipality"]["problemPeers"].clone();
    assert_eq!(slugs(&shared), ["neustadt"]);
    assert_eq!(edges(&shared)[0]["sharedTopics"], json!([{ "slug": "mobility" }]));
}
