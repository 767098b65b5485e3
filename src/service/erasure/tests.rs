use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::app::{App, Silent, in_memory};
use crate::domain::{Clock, Contact, ContactChange, Ids, Patch, Viewer};
use crate::service::Seed;

const FIXTURE: &str = include_str!("../../../tests/it/support/fixture.toml");

#[tokio::test(flavor = "multi_thread")]
async fn who_is_searched_for_while_the_index_still_finds_them_is_forgotten_too() {
    let clock = Clock::from_fn(|| DateTime::UNIX_EPOCH);
    let counter = AtomicU64::new(1);
    let ids = Ids::from_fn(clock.clone(), move || {
        let mut bytes = [0; 20];
        bytes[12..].copy_from_slice(&counter.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        bytes
    });
    let app = App::start(in_memory(), clock, ids, &mut Silent).await.expect("a hub");
    let services = app.services();
    let mut seed = Seed::default();
    seed.read("fixture.toml", FIXTURE).expect("a sound fixture");
    services.import(seed, &mut Silent).await.expect("the fixture fits the rules");
    let found = services.store.of_external_key::<Contact>("contact-musterdorf").await;
    let id = found.expect("an answer").pop().expect("a contact of the fixture").id;
    let named = ContactChange {
        person: Patch::Set("Kim Quixbart".to_owned()),
        consent_at: Patch::Set(DateTime::UNIX_EPOCH.date_naive()),
        ..ContactChange::default()
    };
    let named = services.update::<Contact>(&Viewer::Operator, &id, None, named).await;
    named.expect("a sound change");

    // Somebody searches for the person again and again until the index has passed the erasure.
    let (until, day) = (services.newest() + 1, DateTime::UNIX_EPOCH.date_naive());
    let (log, searcher) = (services.search_log.clone(), services.searcher.clone());
    let searching = tokio::spawn(async move {
        while searcher.cursor() < until {
            log.searched("Quixbart", 0, day);
            tokio::task::yield_now().await;
        }
    });
    while services.search_log.write().await.is_ok() {
        let counted = services.store.searches_without_hits(day).await.expect("an answer");
        if !counted.is_empty() {
            break;
        }
    }
    let withdrawn = services.withdraw_consent(&Viewer::Operator, &id, None).await;
    assert!(!withdrawn.expect("it is theirs to do").pending);
    searching.await.expect("no panic");
    services.search_log.write().await.expect("an answer");
    let left = services.store.searches_without_hits(day).await.expect("an answer");
    assert!(left.is_empty(), "{left:?}");
    app.stop().await;
}
