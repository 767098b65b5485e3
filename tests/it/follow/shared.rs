//! What many want to hear is worked out once, and nobody waits for anybody.

use std::sync::Arc;

use allmende::graphql::{HubState, Told};
use serde_json::{Value, json};

use super::{ACTIVITY, EACH, PUBLISHED, Subscriber, WRITERS, publishers};
use crate::support::TestApp;

const KINDS: &str = "subscription($after: String) {
    activity(after: $after, kinds: [CONTACT_CREATED]) { cursor }
}";

fn state(app: &TestApp) -> HubState {
    app.app.api().hub_state()
}

/// Lets something happen so many times, and gives the cursors.
async fn contacts(app: &TestApp, count: usize) -> Vec<u64> {
    let own = app.municipality("musterdorf").await;
    let mut cursors = Vec::new();
    for _ in 0..count {
        let input = json!({ "municipality": own, "role": "Bauamt" });
        app.mutate(Some(&app.editor), "createContact", input, "contact { id }").await;
        cursors.push(app.head().await);
    }
    cursors
}

async fn cursors(subscriber: &mut Subscriber, count: usize) -> Vec<u64> {
    let mut cursors = Vec::new();
    for _ in 0..count {
        let told = subscriber.next().await;
        cursors.push(told["cursor"].as_str().expect("a cursor").parse().expect("a number"));
    }
    cursors
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_want_the_same_share_one_run_whatever_their_cursor() {
    let app = TestApp::start().await;
    let listen = async |token: Option<&str>, document: &str, variables: Value| {
        Subscriber::new(&app, token, document, variables).await
    };
    let editor = Some(app.editor.as_str());
    let mut one = listen(None, PUBLISHED, json!({})).await;
    let mut other = listen(None, PUBLISHED, json!({ "after": "3" })).await;
    assert_eq!(state(&app), HubState { channels: 1, subscribers: 2, ..HubState::default() });
    let member = listen(editor, PUBLISHED, json!({})).await;
    assert_eq!(state(&app).channels, 2, "a member may know more");
    let words = "subscription($search: String) { solutionPublished(search: $search) { cursor } }";
    let different = listen(None, words, json!({ "search": "Bus" })).await;
    let words = listen(None, words, json!({ "search": "Arzt" })).await;
    assert_eq!(state(&app).channels, 4);
    let padded = listen(None, PUBLISHED, json!({ "nobody": "asks for this" })).await;
    assert_eq!(state(&app).channels, 4, "what a document does not declare makes no difference");
    drop(padded);

    // What was missed is told to the one who missed it.
    other.ids(2).await;
    let id = app.published(&app.editor, app.complete("musterdorf", "Neu").await).await;
    assert_eq!(one.ids(1).await, other.ids(1).await);
    assert_eq!(one.ids(0).await.len(), 0, "{id}");
    drop((one, other, member, different, words));
    assert_eq!((state(&app).channels, state(&app).subscribers), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_too_slow_is_sent_away_with_the_last_cursor_and_misses_nothing() {
    let app = TestApp::start().await;
    let editor = Some(app.editor.as_str());
    let mut slow = Subscriber::new(&app, editor, KINDS, json!({})).await;
    let mut quick = Subscriber::new(&app, editor, KINDS, json!({})).await;
    let mut all = contacts(&app, 1).await;
    assert_eq!(cursors(&mut slow, 1).await, all);
    assert_eq!(cursors(&mut quick, 1).await, all);
    for _ in 0..3 {
        let next = contacts(&app, 100).await;
        assert_eq!(cursors(&mut quick, 100).await, next, "nobody waits for the slow one");
        all.extend(next);
    }
    let mut taken = 1;
    let last = loop {
        match slow.told().await.expect("it is told why") {
            Told::Next(message) => {
                assert_eq!(message.cursor, Some(all[taken]));
                taken += 1;
            }
            Told::Resume(cursor) => break cursor,
            Told::Failed(errors) => panic!("{errors}"),
        }
    };
    assert_eq!(Some(&last), all.get(taken - 1));
    assert!(taken < 200, "{taken} messages were kept for one who takes none");
    assert_eq!(slow.told().await, None);
    assert_eq!(state(&app).cut_off, 1);

    let mut again =
        Subscriber::new(&app, editor, KINDS, json!({ "after": last.to_string() })).await;
    let rest = all.len() - taken;
    assert_eq!(cursors(&mut again, rest).await, all[taken..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_anywhere_while_others_write_hears_everything_once_and_in_order() {
    let app = Arc::new(TestApp::start().await);
    let input = app.complete("musterdorf", "Versuch").await;
    let head = app.head().await;
    // One who is always there keeps the run of all others alive.
    let mut witness = Subscriber::new(&app, Some(&app.editor), ACTIVITY, json!({})).await;
    let mut publishers = publishers(&app, &input);
    let expected = WRITERS * EACH * 2;
    let mut restless = tokio::task::JoinSet::new();
    for pace in 1..=6 {
        let app = Arc::clone(&app);
        restless.spawn(async move {
            let (mut heard, mut after) = (Vec::new(), head.to_string());
            // Comes and goes: each time it takes a few and lets the rest be.
            while heard.len() < expected {
                let variables = json!({ "after": after });
                let mut subscriber =
                    Subscriber::new(&app, Some(&app.editor), ACTIVITY, variables).await;
                let count = pace.min(expected - heard.len());
                heard.extend(cursors(&mut subscriber, count).await);
                after = heard.last().map_or(after, u64::to_string);
            }
            heard
        });
    }
    while let Some(ids) = publishers.join_next().await {
        ids.expect("a publisher ends well");
    }
    let all = cursors(&mut witness, expected).await;
    assert!(all.is_sorted_by(|one, two| one < two), "{all:?}");
    while let Some(heard) = restless.join_next().await {
        assert_eq!(heard.expect("it ends well"), all);
    }
    assert_eq!(state(&app).channels, 1);
}
