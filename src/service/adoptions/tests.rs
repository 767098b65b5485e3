use allmende_index::{Facet, Filter};

use crate::app::{App, Silent, in_memory};
use crate::domain::{
    Adoption, AdoptionChange, AdoptionStatus, Clock, EventKind, Ids, Label, Patch, QualityLevel,
    Solution, Viewer,
};
use crate::service::{Listing, Note, Seed, Services};
use crate::store::Change;

const FIXTURE: &str = include_str!("../../../tests/it/support/fixture.toml");

async fn hub() -> App {
    let now = chrono::DateTime::from_timestamp(1_767_225_600, 0).expect("a moment");
    let clock = Clock::from_fn(move || now);
    let counter = std::sync::atomic::AtomicU64::new(1);
    let ids = Ids::from_fn(clock.clone(), move || {
        let mut bytes = [0; 20];
        let count = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        bytes[12..].copy_from_slice(&count.to_be_bytes());
        bytes
    });
    let app = App::start(in_memory(), clock, ids, &mut Silent).await.expect("a hub in memory");
    let mut seed = Seed::default();
    seed.read("fixture.toml", FIXTURE).expect("a sound fixture");
    app.services().import(seed, &mut Silent).await.expect("the fixture fits the rules");
    app
}

/// The solution T1 of the fixture, once somebody has checked it.
async fn checked(services: &Services) -> Solution {
    let found = services.store.of_external_key::<Solution>("T1").await.expect("an answer");
    let mut solution = found.into_iter().next().expect("a solution of the fixture");
    solution.quality = QualityLevel::Checked;
    solution.revision += 1;
    let change = Change::default().replace(&solution).expect("a change");
    let note = Note {
        kind: EventKind::SolutionUpdated,
        subject: solution.id.clone().into(),
        municipalities: solution.municipalities.clone(),
        public: true,
        title: None,
    };
    services.commit(&Viewer::Operator, change, note).await.expect("it is written");
    solution
}

/// How far checked solutions say they are, and what lists find.
async fn level(app: &App, solution: &Solution) -> (QualityLevel, Vec<String>) {
    app.settle().await.expect("the index follows");
    let services = app.services();
    let level = solution.quality.proven_by(services.directory.tables().adoptions(&solution.id));
    let mut found = Vec::new();
    for quality in QualityLevel::ALL {
        let filters = vec![
            Filter::AnyOf(Facet::Quality, vec![quality.name().to_owned()]),
            Filter::Id(vec![solution.id.to_string()]),
        ];
        let listing = Listing { kinds: vec!["Solution"], filters, ..Listing::default() };
        let listed = services.list(&Viewer::Anonymous, listing).expect("a list");
        let forward = allmende_index::Direction::Forward;
        let page = services.page(&listed, 1, forward, None, None).await.expect("a page");
        if page.total == 1 {
            found.push(quality.name().to_owned());
        }
    }
    (level, found)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checked_solution_is_replicated_as_long_as_others_use_it() {
    let app = hub().await;
    let services = app.services();
    let solution = checked(services).await;
    let place = services.directory.tables().by_slug("musterdorf").cloned().expect("a place");
    let status =
        |status| AdoptionChange { status: Patch::Set(status), ..AdoptionChange::default() };
    let planned = services.declare_adoption(
        &Viewer::Operator,
        &solution.id,
        place.municipality.id.clone(),
        status(AdoptionStatus::Planning),
    );
    let adoption: Adoption = planned.await.expect("a sound adoption");
    assert_eq!(level(&app, &solution).await, (QualityLevel::Checked, vec!["checked".to_owned()]));
    for (next, expected) in [
        (AdoptionStatus::InUse, QualityLevel::Replicated),
        (AdoptionStatus::Dropped, QualityLevel::Checked),
        (AdoptionStatus::InUse, QualityLevel::Replicated),
    ] {
        let changed =
            services.update_adoption(&Viewer::Operator, &adoption.id, None, status(next)).await;
        changed.expect("a sound change");
        assert_eq!(level(&app, &solution).await, (expected, vec![expected.name().to_owned()]));
    }
    let withdrawn = services.withdraw_adoption(&Viewer::Operator, &adoption.id).await;
    withdrawn.expect("it is confirmed");
    assert_eq!(level(&app, &solution).await.0, QualityLevel::Checked);
}
