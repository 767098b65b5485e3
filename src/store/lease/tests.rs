use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use crate::domain::{Actor, Event, EventKind, Organisation, Subject};
use crate::store::{Change, Error, Lease, Location, Store};

const WORK: &str = "review";

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).expect("a moment") + TimeDelta::minutes(minute)
}

async fn store() -> Store {
    Store::open(&Location::Memory).await.expect("a database in memory")
}

async fn acquire(store: &Store, owner: &str, minute: i64) -> Option<Lease> {
    let span = TimeDelta::minutes(5);
    store.acquire(WORK, owner, at(minute), span).await.expect("an answer")
}

fn organisation(n: u128) -> (Organisation, Event) {
    let empty = Organisation::empty(Ulid::from_parts(1, n).into(), format!("o-{n}"));
    let it = Organisation { name: format!("Verein {n}"), ..empty };
    let event = Event {
        seq: 0,
        kind: EventKind::OrganisationCreated,
        subject: Subject(it.id.clone().into()),
        municipalities: Vec::new(),
        public: true,
        actor: Actor::Hub,
        at: at(0),
        title: None,
        erases: false,
    };
    (it, event)
}

async fn write_under(store: &Store, lease: &Lease, n: u128) -> Result<Event, Error> {
    let (organisation, event) = organisation(n);
    store.commit(Change::default().create(&organisation)?.under(lease), event).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_owner_at_a_time_and_each_change_of_owner_raises_the_number() {
    let store = store().await;
    let first = acquire(&store, "a", 0).await.expect("nobody has it");
    assert_eq!(first.number(), 1);
    assert_eq!(acquire(&store, "b", 4).await, None);
    let again = acquire(&store, "a", 4).await.expect("its own");
    assert_eq!((again.number(), again.expires_at()), (1, at(9)));
    assert_eq!(acquire(&store, "b", 8).await, None, "it was lengthened");
    let second = acquire(&store, "b", 9).await.expect("it has ended");
    assert_eq!(second.number(), 2);
    let span = TimeDelta::minutes(5);
    assert_eq!(store.renew(&again, at(10), span).await.expect("an answer"), None);
    let renewed = store.renew(&second, at(10), span).await.expect("an answer");
    assert_eq!(renewed.map(|it| (it.number(), it.expires_at())), Some((2, at(15))));
    store.give_back(&again, at(11)).await.expect("what is not its own is left alone");
    assert_eq!(acquire(&store, "a", 11).await, None);
    store.give_back(&second, at(11)).await.expect("an answer");
    assert_eq!(acquire(&store, "a", 11).await.map(|it| it.number()), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_goes_back_gives_nobody_a_second_owner() {
    let store = store().await;
    assert!(acquire(&store, "a", 100).await.is_some());
    assert_eq!(acquire(&store, "b", 0).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_overtaken_cannot_write_any_more() {
    let store = store().await;
    let first = acquire(&store, "a", 0).await.expect("nobody has it");
    write_under(&store, &first, 1).await.expect("its own");
    let second = acquire(&store, "b", 6).await.expect("it has ended");
    assert!(matches!(write_under(&store, &first, 2).await, Err(Error::Overtaken)));
    write_under(&store, &second, 3).await.expect("its own");
    let journal = store.journal(0, 10).await.expect("an answer");
    assert_eq!(journal.len(), 2, "nothing of the second change is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ask_at_once_one_gets_it() {
    let store = store().await;
    let mut asking = tokio::task::JoinSet::new();
    for owner in 0..8 {
        let store = store.clone();
        asking.spawn(async move { acquire(&store, &format!("owner-{owner}"), 0).await });
    }
    let got = asking.join_all().await.into_iter().flatten().count();
    assert_eq!(got, 1);
}
