//! What follows the journal ends where building anew would.

use std::time::Duration;

use allmende::app::{App, Silent, in_memory};
use allmende::domain::{AdoptionChange, Patch, QuestionChange, Viewer};
use allmende::live::rebuild;
use allmende::service::{Listing, Seed};
use allmende_index::{Direction, Facet, Hits, Number, Order, OrderBy, Page, Query, Root};

use super::{FIXTURE, filled, start};
use crate::support::test_app::determined;

/// What becomes of the fixture, one after the other: what it says and what it says then.
const CHANGES: [(&str, &str); 7] = [
    ("name = \"Neustadt\"", "name = \"Seeburg\""),
    ("DE-BY", "DE-HE"),
    ("population = 48000", "population = 900"),
    ("Zukunftswerkstatt", "Ideenschmiede"),
    ("Mobilität", "Fortbewegung"),
    ("Ältere Menschen", "Ruheständler"),
    ("Hochschule Musterland", "Akademie Musterland"),
];

/// Words that are found now, and words that are not any more.
const WORDS: [&str; 9] = [
    "",
    "Neustadt",
    "Seeburg",
    "Zukunftswerkstatt",
    "Ideenschmiede",
    "Mobilität",
    "Fortbewegung",
    "Ruheständler",
    "Akademie",
];

fn queries() -> impl Iterator<Item = Query> {
    let orders = [OrderBy::Title, OrderBy::Number(Number::Population)];
    let page = Page { size: 100, ..Page::default() };
    WORDS.iter().flat_map(move |word| {
        let page = page.clone();
        orders.map(move |by| Query {
            text: Some((*word).to_owned()),
            order: Order { by, descending: false },
            page: page.clone(),
            ..Query::default()
        })
    })
}

fn ids(hits: &Hits) -> Vec<&str> {
    hits.hits.iter().map(|hit| hit.id.as_str()).collect()
}

async fn import(app: &App, text: &str) {
    let mut seed = Seed::default();
    seed.read("text.toml", text).expect("sound records");
    app.services().import(seed, &mut Silent).await.expect("they fit the rules");
    tokio::time::timeout(Duration::from_secs(60), app.settle())
        .await
        .expect("the index follows")
        .expect("the database answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_that_followed_is_the_one_that_is_built_anew() {
    let (clock, keys) = determined();
    let app = App::start(in_memory(), clock, keys, &mut Silent).await.expect("a hub in memory");
    let mut text = FIXTURE.to_owned();
    import(&app, &text).await;
    ask(&app).await;
    take_over(&app).await;
    for (before, after) in CHANGES {
        assert!(text.contains(before), "{before}");
        text = text.replace(before, after);
        import(&app, &text).await;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let root = Root::new(directory.path());
    let built = rebuild(app.services().store(), &root, &mut Silent).await;
    let (built, _writer) = built.expect("an index");
    let followed = app.services().searcher();
    for query in queries() {
        let live = followed.search(query.clone()).await.expect("the index answers");
        let anew = built.search(&query).expect("the index answers");
        assert_eq!(ids(&live), ids(&anew), "{query:?}");
        let live = followed.facets(query.clone(), Facet::ALL.to_vec()).await.expect("counts");
        let anew = built.facets(&query, Facet::ALL).expect("counts");
        assert_eq!(live, anew, "{query:?}");
    }
    let of_seeburg = Query { text: Some("Seeburg".to_owned()), ..Query::default() };
    // The place itself, its profile, contact, document, solution, question, adoption and feedback.
    assert_eq!(built.count(&of_seeburg).expect("a number"), 8);
}

/// Takes a solution over for Neustadt, and praises it.
async fn take_over(app: &App) {
    let services = app.services();
    let place = services.directory().tables().by_slug("neustadt").cloned();
    let place = place.expect("a municipality of the fixture").municipality.id.clone();
    let listing = Listing { kinds: vec!["Solution"], ..Listing::default() };
    let listed = services.list(&Viewer::Anonymous, listing).expect("a list");
    let page = services.page(&listed, 9, Direction::Forward, None, None).await.expect("a page");
    let mut taken = 0;
    for hit in page.hits {
        let id = hit.id.parse().expect("an id");
        let change = AdoptionChange::default();
        let adopted =
            services.declare_adoption(&Viewer::Operator, &id, place.clone(), change).await;
        // One of them is its own.
        if adopted.is_ok() {
            let said =
                services.give_feedback(&Viewer::Operator, &id, place.clone(), "Passte.").await;
            said.expect("sound feedback");
            taken += 1;
        }
    }
    assert_eq!(taken, 1);
}

/// Asks a question for Neustadt.
async fn ask(app: &App) {
    let place = app.services().directory().tables().by_slug("neustadt").cloned();
    let change = QuestionChange {
        title: Patch::Set("Wer fährt abends?".to_owned()),
        text: Patch::Set("Abends fährt kein Bus.".to_owned()),
        topics: Patch::Set(vec!["Topic:mobility".parse().expect("an id")]),
        ..QuestionChange::default()
    };
    let place = place.expect("a municipality of the fixture").municipality.id.clone();
    app.services().ask(&Viewer::Operator, place, change).await.expect("a sound question");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_read_does_not_hold_up_the_others() {
    let (directory, documents) = filled().await;
    break_a_record(&directory.path().join("database")).await;
    let (app, _) = start(directory.path()).await;
    // The broken solution belongs to this place, so it would be indexed anew.
    let renamed = "[[municipality]]\nslug = \"neustadt\"\nname = \"Seeburg\"\nkind = \"stadt\"\n\
                   states = [\"DE-BY\"]\nags = \"09000001\"\n";
    import(&app, renamed).await;
    assert_eq!(app.services().searcher().documents(), documents - 1);
    let of_seeburg = Query { text: Some("Seeburg".to_owned()), ..Query::default() };
    let found = app.services().searcher().search(of_seeburg).await.expect("the index answers");
    assert_eq!(found.total, 4);
    app.stop().await;
}

/// Gives a solution a state that there is not.
async fn break_a_record(path: &std::path::Path) {
    let url = format!("rocksdb://{}", path.display());
    let database = loop {
        match surrealdb::engine::any::connect(url.as_str()).await {
            Ok(database) => break database,
            // The hub closes its files a moment after its end.
            Err(error) if error.to_string().to_lowercase().contains("lock") => {
                tokio::task::yield_now().await;
            }
            Err(error) => panic!("{error}"),
        }
    };
    database.use_ns("allmende").use_db("allmende").await.expect("the hub's database");
    let broken = "UPDATE solution SET lifecycle = 'nonsense' WHERE external_key = 'T2' RETURN NONE";
    let done = database.query(broken).await.expect("the database answers");
    done.check().expect("a broken record");
}
