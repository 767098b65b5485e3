//! The example content loads by the ordinary way, as often as one likes.

use allmende::app::{App, Silent, in_memory};
use allmende::cli::seed_content;
use allmende::service::{Imported, Seed, Sheet, SheetOrder};
use allmende_index::{Facet, Query};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::test_app::determined;

/// The records that every test app holds, to be taken in once more.
fn fixture() -> Seed {
    let mut seed = Seed::default();
    seed.read("fixture.toml", include_str!("support/fixture.toml")).expect("a sound fixture");
    seed
}

/// Imports until the next entry of the journal, as if the process was killed right after it.
/// Gives the result if it came to its end.
async fn import_one_step(app: &App) -> Option<Imported> {
    let services = app.services();
    let mut head = services.store().watch_head();
    let before = *head.borrow();
    let mut progress = Silent;
    tokio::select! {
        biased;
        _ = head.wait_for(|head| *head > before) => None,
        imported = services.import(fixture(), &mut progress) => Some(imported.expect("a fixture")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_dies_after_every_change_still_brings_everything_out() {
    let (clock, ids) = determined();
    let app = App::start(in_memory(), clock, ids, &mut Silent).await.expect("a hub in memory");
    let mut deaths = 0;
    while import_one_step(&app).await.is_none() {
        deaths += 1;
    }
    assert!(deaths > 20, "{deaths}");
    app.settle().await.expect("the database answers");
    let facets = app.services().searcher().facets(Query::default(), vec![Facet::Lifecycle]).await;
    let states = facets.expect("the index answers").remove(0).values;
    let states: Vec<&str> = states.iter().map(|state| state.value.as_str()).collect();
    assert_eq!(states, ["published"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_put_away_is_not_brought_back() {
    let app = TestApp::start().await;
    let id = app.solution("T2").await;
    app.archive(&app.neighbour, &id).await;
    let imported = app.app.services().import(fixture(), &mut Silent).await.expect("a fixture");
    assert_eq!((imported.created, imported.changed), (0, 0));
    app.settle().await;
    let answer = app.query("{ solution(by: {externalKey: \"T2\"}) { id } }").await;
    assert_eq!(answer["data"]["solution"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_content_is_complete_and_loads_twice_without_a_change() {
    let (clock, ids) = determined();
    let app = App::start(in_memory(), clock, ids, &mut Silent).await.expect("a hub in memory");
    let services = app.services();
    let first = services
        .import(seed_content().expect("sound files"), &mut Silent)
        .await
        .expect("records that fit the rules");
    assert_eq!((first.changed, first.unchanged), (0, 0));
    let head = services.store().refresh_head().await.expect("the database answers");

    let second = services
        .import(seed_content().expect("sound files"), &mut Silent)
        .await
        .expect("records that fit the rules");
    assert_eq!((second.created, second.changed, second.unchanged), (0, 0, first.created));
    assert_eq!(services.store().refresh_head().await.expect("the database answers"), head);
    app.settle().await.expect("the database answers");

    // The documentation's examples are taken in as they stand there.
    for example in [
        include_str!("../../docs/examples/solutions.csv"),
        include_str!("../../docs/examples/solutions.ndjson"),
    ] {
        let (services, order) = (app.services().clone(), SheetOrder::default());
        let sheet = Sheet::read(example.as_bytes()).expect("a sound file");
        let taken =
            tokio::spawn(async move { services.import_sheet(sheet, &order, &mut Silent).await });
        let taken = taken.await.expect("no panic").expect("sound rows");
        assert!(taken.imported.created > 0 && taken.bad.is_empty());
    }

    let test = TestApp::around(app);
    let counts = test
        .query(
            "{ solutions { totalCount }
               members: municipalities(filter: {programmes: [\"Programme:zwk\"]}) { totalCount }
               topics { slug } targetGroups { slug } }",
        )
        .await;
    assert_eq!(counts["data"]["solutions"]["totalCount"], 76);
    assert_eq!(counts["data"]["members"]["totalCount"], 39);
    assert_eq!(counts["data"]["topics"].as_array().map(Vec::len), Some(19));

    for number in 1..=76 {
        let answer = test
            .query(&format!(
                "{{ solution(by: {{externalKey: \"P{number:02}\"}}) {{
                    title teaser problem approach status topics {{ slug }} municipalities {{ name }} contacts {{ email }}
                }} }}"
            ))
            .await;
        check_publishable(&answer["data"]["solution"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_editor_changed_is_left_to_the_editor() {
    let app = TestApp::start().await;
    let id = app.solution("T2").await;
    let change = json!({ "id": id, "teaser": "Im Amt geändert.", "lessons": "Früher anfangen." });
    app.update(&app.neighbour, change).await;
    let imported = app.app.services().import(fixture(), &mut Silent).await.expect("a fixture");
    assert_eq!((imported.created, imported.changed, imported.left), (0, 0, 1));
    let answer = app.query("{ solution(by: {externalKey: \"T2\"}) { teaser lessons } }").await;
    let solution = &answer["data"]["solution"];
    assert_eq!(solution["teaser"], "Im Amt geändert.");
    assert_eq!(solution["lessons"], "Früher anfangen.");
}

/// A published record says what publication asks for, and its mailbox is no real one.
fn check_publishable(solution: &Value) {
    for field in ["title", "teaser", "problem", "approach", "status"] {
        assert!(
            solution[field].as_str().is_some_and(|text| !text.is_empty()),
            "{field}: {solution}"
        );
    }
    for field in ["topics", "municipalities", "contacts"] {
        assert!(
            solution[field].as_array().is_some_and(|list| !list.is_empty()),
            "{field}: {solution}"
        );
    }
    for contact in solution["contacts"].as_array().into_iter().flatten() {
        let email = &contact["email"];
        assert!(
            email.is_null() || email.as_str().is_some_and(|email| email.ends_with("@example.org")),
            "{email}"
        );
    }
}
