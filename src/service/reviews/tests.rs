use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::app::{App, Places, Silent, in_memory};
use crate::domain::{Clock, Event, Ids, Lifecycle, Subject};
use crate::service::{Deed, Seed};
use crate::store::{Location, Store};

const FIXTURE: &str = include_str!("../../../tests/it/support/fixture.toml");

/// A hub whose clock a test moves, in days.
struct Hub {
    app: App,
    day: Arc<AtomicI64>,
}

fn outside(day: &Arc<AtomicI64>, salt: u8) -> (Clock, Ids) {
    let start = DateTime::from_timestamp(1_767_225_600, 0).expect("the first of January 2026");
    let day = Arc::clone(day);
    let clock = Clock::from_fn(move || start + TimeDelta::days(day.load(Ordering::Relaxed)));
    let counter = AtomicU64::new(1);
    let ids = Ids::from_fn(clock.clone(), move || {
        let mut bytes = [salt; 20];
        bytes[12..].copy_from_slice(&counter.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        bytes
    });
    (clock, ids)
}

impl Hub {
    async fn start(places: Places, day: i64) -> Self {
        let day = Arc::new(AtomicI64::new(day));
        let (clock, ids) = outside(&day, u8::try_from(day.load(Ordering::Relaxed) % 200).unwrap());
        let app = App::start(places, clock, ids, &mut Silent).await.expect("a hub");
        Self { app, day }
    }

    /// With the fixture, whose two solutions were published on day 0.
    async fn filled(places: Places) -> Self {
        let hub = Self::start(places, 0).await;
        let mut seed = Seed::default();
        seed.read("fixture.toml", FIXTURE).expect("a sound fixture");
        hub.services().import(seed, &mut Silent).await.expect("the fixture fits the rules");
        hub
    }

    fn services(&self) -> &Services {
        self.app.services()
    }

    /// Moves the clock and looks; how many were asked about, marked, and wait.
    async fn look(&self, day: i64) -> (usize, usize, usize) {
        self.day.store(day, Ordering::Relaxed);
        let looked = Box::pin(self.services().review(&ReviewRules { grace: 30 })).await;
        let looked = looked.expect("an answer").expect("nobody else is at it");
        (looked.reminded.len(), looked.outdated.len(), looked.waiting)
    }

    async fn solution(&self, key: &str) -> Solution {
        let found = self.services().store.of_external_key::<Solution>(key).await;
        found.expect("an answer").pop().expect("a solution of the fixture")
    }

    async fn confirm(&self, key: &str) {
        let deed = Deed::plain(Action::Confirm);
        let id = self.solution(key).await.id;
        self.services().advance(&Viewer::Operator, &id, &deed).await.expect("it holds");
    }

    /// The journal's entries of a kind.
    async fn told(&self, kind: EventKind) -> Vec<Event> {
        let journal = self.services().store.journal(0, 10_000).await.expect("an answer");
        journal.into_iter().filter(|event| event.kind == kind).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_after_publication_the_hub_asks_and_then_marks_what_nobody_confirms() {
    let hub = Hub::filled(in_memory()).await;
    assert_eq!(hub.look(334).await, (0, 0, 0));
    assert_eq!(hub.look(335).await, (2, 0, 0), "thirty days before the year is over");
    assert_eq!(hub.look(335).await, (0, 0, 2), "once");
    assert_eq!(hub.look(370).await, (0, 0, 2));
    hub.confirm("T1").await;
    assert_eq!(hub.look(395).await, (0, 0, 1));
    assert_eq!(hub.look(396).await, (0, 1, 0), "thirty days after the year is over");
    assert_eq!(hub.look(397).await, (0, 0, 0));

    let (confirmed, marked) = (hub.solution("T1").await, hub.solution("T2").await);
    assert_eq!(confirmed.lifecycle, Lifecycle::Published);
    assert_eq!(marked.lifecycle, Lifecycle::NeedsUpdate);
    let reminders = hub.told(EventKind::SolutionReviewDue).await;
    assert_eq!(reminders.len(), 2);
    assert!(reminders.iter().all(|it| it.actor == Actor::Hub && !it.public));
    assert!(reminders.iter().all(|it| !it.municipalities.is_empty()));
    let told = hub.told(EventKind::SolutionOutdated).await;
    assert_eq!(told.first().map(|it| &it.subject), Some(&Subject(marked.id.clone().into())));
    let steps = hub.services().store.transitions_of(&marked.id).await.expect("an answer");
    let step = steps.first().expect("it was marked");
    assert_eq!((step.code, &step.actor), (Some(ReasonCode::NotConfirmed), &Actor::Hub));

    // Once it is confirmed, another year begins.
    hub.confirm("T2").await;
    assert_eq!(hub.solution("T2").await.lifecycle, Lifecycle::Published);
    assert_eq!(hub.look(398).await, (0, 0, 0));
    assert_eq!(hub.look(397 + 335).await, (2, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_doubles_nothing_and_marks_nobody_without_asking() {
    let hub = Hub::filled(in_memory()).await;
    assert_eq!(hub.look(2_000).await, (2, 0, 0), "a hub that slept asks first");
    assert_eq!(hub.look(340).await, (0, 0, 2));
    assert_eq!(hub.look(0).await, (0, 0, 0));
    assert_eq!(hub.look(2_030).await, (0, 0, 2));
    assert_eq!(hub.look(2_031).await, (0, 2, 0));
    assert_eq!(hub.look(340).await, (0, 0, 0));
    assert_eq!(hub.told(EventKind::SolutionReviewDue).await.len(), 2);
    assert_eq!(hub.told(EventKind::SolutionOutdated).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_known_after_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let places = || Places {
        database: Location::Directory(directory.path().join("database")),
        ..in_memory()
    };
    let hub = Hub::filled(places()).await;
    assert_eq!(hub.look(340).await, (2, 0, 0));
    hub.app.stop().await;
    let hub = Hub::reopened(places(), 341).await;
    assert_eq!(hub.look(341).await, (0, 0, 2));
    assert_eq!(hub.look(396).await, (0, 2, 0));
    hub.app.stop().await;
    let hub = Hub::reopened(places(), 397).await;
    assert_eq!(hub.look(397).await, (0, 0, 0));
    assert_eq!(hub.told(EventKind::SolutionReviewDue).await.len(), 2);
    assert_eq!(hub.told(EventKind::SolutionOutdated).await.len(), 2);
}

impl Hub {
    /// The same hub in a next process; RocksDB lets go of its directory a moment after it is closed.
    async fn reopened(places: Places, day: i64) -> Self {
        let store = loop {
            match Store::open(&places.database).await {
                Err(store::Error::Locked(_)) => tokio::time::sleep(Duration::from_millis(25)).await,
                opened => break opened.expect("a database"),
            }
        };
        let day = Arc::new(AtomicI64::new(day));
        let (clock, ids) = outside(&day, u8::try_from(day.load(Ordering::Relaxed) % 200).unwrap());
        let files = places.files.open().expect("a place for files");
        let app = App::on(store, files, places, clock, ids, &mut Silent).await.expect("a hub");
        Self { app, day }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_one_acts_and_what_it_left_undone_the_other_does() {
    let hub = Hub::filled(in_memory()).await;
    let day = Arc::clone(&hub.day);
    let (clock, ids) = outside(&day, 201);
    let other = Services { clock, ids, ..hub.services().clone() };
    day.store(340, Ordering::Relaxed);
    let rules = ReviewRules { grace: 30 };

    // One node is at it, and silent: the other one waits until its lease has ended.
    let now = other.clock.now();
    let held = hub.services().store.acquire(WORK, "asleep", now, SPAN).await;
    let held = held.expect("an answer").expect("nobody has it");
    assert_eq!(other.review(&rules).await.expect("an answer"), None);
    day.store(341, Ordering::Relaxed);
    let looked = other.review(&rules).await.expect("an answer").expect("it took over");
    assert_eq!(looked.reminded.len(), 2);
    // The first one wakes up in the middle of its work: it cannot write any more.
    let late = Box::pin(hub.services().review_under(held.clone(), &rules)).await;
    assert!(late.is_ok_and(|it| it.reminded.is_empty()), "there is nothing left to do");
    day.store(420, Ordering::Relaxed);
    let late = Box::pin(hub.services().review_under(held, &rules)).await;
    assert!(matches!(late, Err(Error::Store(store::Error::Overtaken))));
    assert_eq!(hub.told(EventKind::SolutionOutdated).await.len(), 0);

    // Both at once.
    let both = tokio::join!(hub.services().review(&rules), other.review(&rules));
    let marked = |looked: Result<Option<Looked>, Error>| {
        looked.expect("an answer").map_or(0, |it| it.outdated.len())
    };
    assert_eq!(marked(both.0) + marked(both.1), 2);
    assert_eq!(hub.told(EventKind::SolutionReviewDue).await.len(), 2);
    assert_eq!(hub.told(EventKind::SolutionOutdated).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_the_same_and_does_nothing() {
    let hub = Hub::filled(in_memory()).await;
    hub.day.store(340, Ordering::Relaxed);
    let rules = ReviewRules { grace: 30 };
    let foreseen = hub.services().foresee_review(&rules).await.expect("an answer");
    assert_eq!(foreseen.reminded.len(), 2);
    assert_eq!(hub.told(EventKind::SolutionReviewDue).await.len(), 0);
    let done = hub.services().review(&rules).await.expect("an answer");
    assert_eq!(done, Some(foreseen));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_finds_what_is_due_by_its_index() {
    let hub = Hub::filled(in_memory()).await;
    let plan = hub.services().store.plan_of_due().await.expect("a plan");
    assert!(plan.contains("solution_review_due"), "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_about_what_was_confirmed_a_moment_ago() {
    let hub = Hub::filled(in_memory()).await;
    hub.day.store(340, Ordering::Relaxed);
    let services = hub.services();
    let tasks = services.review_tasks(&ReviewRules { grace: 30 }, &mut 0).await.expect("tasks");
    let of = |key: &str| tasks.iter().find(|it| it.solution.external_key.as_deref() == Some(key));
    let now = services.clock.now();
    let lease = services.store.acquire(WORK, "test", now, SPAN).await.expect("an answer");
    let lease = lease.expect("nobody else is at it");
    // Between the look and the question somebody confirms one of the two.
    hub.confirm("T1").await;
    let asked = async |key: &str| {
        let asked = services.remind(of(key).expect("it is due"), &lease).await;
        asked.expect("an answer")
    };
    assert!(!asked("T1").await);
    assert!(asked("T2").await);
    assert!(!asked("T2").await, "once is enough");
}
