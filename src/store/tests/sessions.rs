//! Sessions, and what ends them.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;
use ulid::Ulid;

use super::super::*;
use super::{event, organisation, store};
use crate::domain::{Account, AccountId, Event, EventKind, Secret, Session, Subject};

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_700_000_000_123).unwrap()
}

fn account(n: u128, password: &str) -> Account {
    Account {
        id: Ulid::from_parts(1, n).into(),
        revision: 1,
        email: Some(format!("amt{n}@example.org")),
        name: None,
        password: Some(password.to_owned()),
        identity: None,
        grants: Vec::new(),
        disabled: false,
        created_at: moment(),
        updated_at: moment(),
    }
}

fn about(account: &AccountId) -> Event {
    Event {
        kind: EventKind::AccountUpdated,
        subject: Subject(account.clone().into()),
        ..event(&organisation(1, "a"))
    }
}

fn session(n: u8, account: &Account, now: DateTime<Utc>) -> Session {
    Session::begin(Secret::from_random([n; 20]).hash(), account.id.clone(), now)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_sign_in_at_once_do_not_stumble_over_sessions_that_are_over() {
    let store = store().await;
    let account = account(1, "a");
    store.commit(Change::default().create(&account).unwrap(), about(&account.id)).await.unwrap();
    let mut now = moment();
    for round in 0..3 {
        for n in 0..12 {
            store.keep_session(&session(n, &account, now), &account).await.unwrap();
        }
        now += TimeDelta::days(1);
        let mut all = JoinSet::new();
        for n in 100..108 {
            let (store, account) = (store.clone(), account.clone());
            let session = session(n, &account, now);
            all.spawn(async move { store.keep_session(&session, &account).await });
        }
        for kept in all.join_all().await {
            kept.unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
    }
    assert_eq!(store.count::<Session>().await.unwrap(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_with_the_change_that_ends_them_or_not_at_all() {
    let store = store().await;
    let (mine, other) = (account(1, "a"), account(2, "a"));
    for account in [&mine, &other] {
        let change = Change::default().create(account).unwrap();
        store.commit(change, about(&account.id)).await.unwrap();
    }
    store.keep_session(&session(1, &mine, moment()), &mine).await.unwrap();
    store.keep_session(&session(2, &other, moment()), &other).await.unwrap();
    let change = |revision| {
        let changed = Account { revision, password: Some("b".to_owned()), ..mine.clone() };
        Change::default().replace(&changed).unwrap().ends_sessions(&mine.id)
    };
    let stale = store.commit(change(7), about(&mine.id)).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    assert_eq!(store.count::<Session>().await.unwrap(), 2);
    store.commit(change(2), about(&mine.id)).await.unwrap();
    let left = store.all::<Session>().await.unwrap();
    assert_eq!(left.iter().map(|it| &it.account).collect::<Vec<_>>(), [&other.id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_of_an_old_password_is_left_however_the_two_meet() {
    let store = store().await;
    let mut known = account(1, "0");
    store.commit(Change::default().create(&known).unwrap(), about(&known.id)).await.unwrap();
    for round in 1..40_u8 {
        let changed = Account {
            revision: known.revision + 1,
            password: Some(round.to_string()),
            ..known.clone()
        };
        let change = Change::default().replace(&changed).unwrap().ends_sessions(&known.id);
        let (signing, changing) = (store.clone(), store.clone());
        let (begun, verified) = (session(round, &known, moment()), known.clone());
        let signing = tokio::spawn(async move { signing.keep_session(&begun, &verified).await });
        let told = about(&known.id);
        let changing = tokio::spawn(async move { changing.commit(change, told).await });
        match signing.await.unwrap() {
            Ok(()) | Err(Error::Stale) => {}
            Err(error) => panic!("round {round}: {error}"),
        }
        changing.await.unwrap().unwrap();
        assert_eq!(store.all::<Session>().await.unwrap(), [], "round {round}");
        known = changed;
    }
}
