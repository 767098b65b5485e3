//! The journal as a list.

use serde_json::{Value, json};

use super::{data, edges};
use crate::support::TestApp;

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String) {
    events(first: $first, after: $after, last: $last, before: $before) {
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { cursor } }
    }
}";

async fn page(app: &TestApp, variables: Value) -> (Vec<u64>, Value) {
    let page = data(app, PAGE, variables).await["events"].clone();
    let number = |edge: &Value| {
        assert_eq!(edge["cursor"], edge["node"]["cursor"]);
        edge["cursor"].as_str().expect("a cursor").parse().expect("a number")
    };
    (edges(&page).iter().map(number).collect(), page["pageInfo"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_read_forwards_and_backwards_each_entry_once() {
    let app = TestApp::start().await;
    let (all, info) = page(&app, json!({ "first": 100 })).await;
    assert!(all.len() > 10 && all.is_sorted_by(|one, two| one < two), "{all:?}");
    assert_eq!(info["hasNextPage"], false);
    for size in [1, 4, 7] {
        let (mut forwards, mut after) = (Vec::new(), Value::Null);
        loop {
            let (cursors, info) = page(&app, json!({ "first": size, "after": after })).await;
            assert!(cursors.len() <= size);
            forwards.extend(cursors);
            after = info["endCursor"].clone();
            if info["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(forwards, all, "forwards by {size}");

        let (mut backwards, mut before) = (Vec::new(), Value::Null);
        loop {
            let (cursors, info) = page(&app, json!({ "last": size, "before": before })).await;
            backwards.splice(0..0, cursors);
            before = info["startCursor"].clone();
            if info["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!(backwards, all, "backwards by {size}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_journal_keeps_between_its_cursors() {
    let app = TestApp::start().await;
    let (all, _) = page(&app, json!({ "first": 100 })).await;
    let (after, before) = (all[2].to_string(), all[7].to_string());
    for (size, expected) in [("first", &all[3..6]), ("last", &all[4..7])] {
        let (cursors, _) = page(&app, json!({ size: 3, "after": after, "before": before })).await;
        assert_eq!(cursors, expected);
    }
}
