//! Marks of erasures and claims of messages.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use super::super::*;
use super::{event, organisation, store};
use crate::domain::testing::longest_account;
use crate::domain::{Account, Event, Inquiry, Matter, Message, MessageState, Subject};

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_700_000_000_123).unwrap()
}

/// Opens a directory as soon as the store that had it has let go of it.
async fn open(directory: &Path) -> Store {
    let location = Location::Directory(directory.to_owned());
    loop {
        match Store::open(&location).await {
            Err(Error::Locked(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
            other => return other.unwrap(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_is_due_until_the_files_were_rewritten_whoever_does_it() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("archive")).unwrap();
    std::fs::write(directory.path().join("archive/000001.log"), "old").unwrap();
    let store = open(directory.path()).await;
    assert!(!directory.path().join("archive").exists());
    let (now, later) = (moment(), moment() + TimeDelta::minutes(2));
    let made = organisation(1, "a");
    let change = Change::default().create(&made).unwrap().erases(&[now, later]);
    store.commit(change, event(&made)).await.unwrap();
    // As if the process had ended here.
    drop(store);
    let store = open(directory.path()).await;
    let before = store.due_erasures(now - TimeDelta::milliseconds(1)).await.unwrap();
    assert!(before.is_empty());
    let due = store.due_erasures(now).await.unwrap();
    assert!(!due.is_empty());
    assert!(store.finish_erasures(due).await.unwrap());
    assert!(store.due_erasures(now).await.unwrap().is_empty());
    assert!(!store.due_erasures(later).await.unwrap().is_empty());
    assert!(!directory.path().join("archive").exists());
}

/// The names of the files in which the database keeps long values.
fn long_values(directory: &Path) -> Vec<String> {
    let files = std::fs::read_dir(directory).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".blob")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_account_lies_where_an_erasure_reaches_it() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).await;
    let write = async |account: &Account| {
        let change = Change::default().create(account).unwrap().erases(&[moment()]);
        let subject = Subject(account.id.clone().into());
        store.commit(change, Event { subject, ..event(&organisation(1, "a")) }).await.unwrap();
        let due = store.due_erasures(moment()).await.unwrap();
        assert!(store.finish_erasures(due).await.unwrap());
    };
    write(&longest_account("ü")).await;
    assert_eq!(long_values(directory.path()), [""; 0]);
    // The same method finds what is too long.
    let mut longer = Account {
        id: Ulid::from_parts(1, 1).into(),
        email: None,
        identity: None,
        ..longest_account("ü")
    };
    let as_many = longer.grants.clone();
    longer.grants.extend(as_many);
    write(&longer).await;
    assert_ne!(long_values(directory.path()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_cannot_rewrite_its_files_says_so_once() {
    let store = Store { keeps_files: true, ..store().await };
    let made = organisation(1, "a");
    let change = Change::default().create(&made).unwrap().erases(&[moment()]);
    store.commit(change, event(&made)).await.unwrap();
    let due = store.due_erasures(moment()).await.unwrap();
    assert!(!store.finish_erasures(due).await.unwrap());
    assert!(store.due_erasures(moment()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_delivered_by_who_claimed_it_last() {
    let store = store().await;
    let key = |n| Ulid::from_parts(1, n);
    let inquiry = Inquiry {
        subject: None,
        text: "Was hat er gekostet?".to_owned(),
        reply_to: "amt@example.org".to_owned(),
        name: None,
        about: None,
        places: vec!["Neustadt".to_owned()],
    };
    let now = moment();
    let matter = Matter::Inquiry { contact: key(2).into(), inquiry: Some(inquiry) };
    let message = Message::new(key(1).into(), matter, now);
    store.commit_silently(Change::default().create(&message).unwrap()).await.unwrap();
    assert_eq!(store.due_messages(now, 10).await.unwrap(), std::slice::from_ref(&message));
    let until = Message::claim_until(now);
    let first = store.claim_message(&message, now, until).await.unwrap().unwrap();
    assert_eq!(store.claim_message(&message, now, until).await.unwrap(), None);
    assert_eq!(store.due_messages(now, 10).await.unwrap(), []);
    // It took too long.
    assert_eq!(store.due_messages(until, 10).await.unwrap(), std::slice::from_ref(&first));
    let later = Message::claim_until(until);
    let second = store.claim_message(&first, until, later).await.unwrap().unwrap();
    let ended = |message: Message| message.ended(MessageState::Delivered, until);
    let write = async |message: Message| {
        store.commit_silently(Change::default().replace(&ended(message)).unwrap()).await
    };
    assert!(matches!(write(first).await, Err(Error::Stale)));
    write(second.clone()).await.unwrap();
    assert_eq!(store.get(&message.id).await.unwrap(), Some(ended(second)));
    assert_eq!(store.due_messages(later, 10).await.unwrap(), []);
}
