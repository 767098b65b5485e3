//! Pages of a list, in every order and from both ends.

use serde_json::{Value, json};

use super::{data, edges, filled, nodes};
use crate::support::TestApp;

const PAGE: &str = "query(
    $order: SolutionOrder, $search: String, $like: ID,
    $first: Int, $after: String, $last: Int, $before: String
) {
    solutions(
        orderBy: $order, search: $search, likeMunicipality: $like,
        first: $first, after: $after, last: $last, before: $before
    ) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges {
            cursor score likeness { score }
            node { id title publishedAt updatedAt completeness }
        }
    }
}";

/// Reads a list to its end in pages of `size`, from the front or from the back.
async fn walk(app: &TestApp, arguments: &Value, size: usize, forward: bool) -> Vec<String> {
    let (count, place, end, more) = if forward {
        ("first", "after", "endCursor", "hasNextPage")
    } else {
        ("last", "before", "startCursor", "hasPreviousPage")
    };
    let mut variables = arguments.clone();
    variables[count] = json!(size);
    let mut walked: Vec<String> = Vec::new();
    loop {
        let page = data(app, PAGE, variables.clone()).await["solutions"].clone();
        let (ids, info) = (nodes(&page, "id"), &page["pageInfo"]);
        assert_eq!(info["startCursor"], edges(&page)[0]["cursor"]);
        assert_eq!(info["endCursor"], edges(&page)[ids.len() - 1]["cursor"]);
        let back = if forward { "hasPreviousPage" } else { "hasNextPage" };
        assert_eq!(info[back], json!(!walked.is_empty()), "{arguments}");
        let position = if forward { walked.len() } else { 0 };
        walked.splice(position..position, ids);
        if info[more] == json!(false) {
            return walked;
        }
        variables[place] = info[end].clone();
    }
}

/// Whether each entry may stand behind the one before it.
fn in_order(order: &str, list: &[Value]) -> bool {
    let number = |value: &Value| value.as_f64().expect("a number");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    // As a German dictionary has it: ä as a, ö as o.
    let letters = |edge: &Value| {
        text(&edge["node"]["title"]).to_lowercase().replace('ä', "a").replace('ö', "o")
    };
    match order {
        "NEWEST" => list.is_sorted_by_key(|it| std::cmp::Reverse(text(&it["node"]["publishedAt"]))),
        "UPDATED" => list.is_sorted_by_key(|it| std::cmp::Reverse(text(&it["node"]["updatedAt"]))),
        "TITLE" => list.is_sorted_by_key(letters),
        "COMPLETENESS" => list.is_sorted_by_key(|it| -number(&it["node"]["completeness"])),
        "LIKENESS" => list.is_sorted_by_key(|it| -number(&it["likeness"]["score"])),
        _ => list.is_sorted_by_key(|it| -number(&it["score"])),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_give_each_solution_once_and_in_order_from_both_ends() {
    let app = filled().await;
    let like = app.municipality("musterdorf").await;
    for (order, arguments, count) in [
        ("NEWEST", json!({}), 14),
        ("UPDATED", json!({}), 14),
        ("TITLE", json!({}), 14),
        ("COMPLETENESS", json!({}), 14),
        ("LIKENESS", json!({ "like": like }), 14),
        ("RELEVANCE", json!({ "search": "Bus" }), 13),
        ("RELEVANCE", json!({ "search": "Bus", "like": like }), 13),
    ] {
        let mut arguments = arguments;
        arguments["order"] = json!(order);
        let mut whole = arguments.clone();
        whole["first"] = json!(100);
        let whole = data(&app, PAGE, whole).await["solutions"].clone();
        assert_eq!((&whole["totalCount"], edges(&whole).len()), (&json!(count), count), "{order}");
        assert!(in_order(order, edges(&whole)), "{order}: {whole:#}");
        let ids = nodes(&whole, "id");
        for size in [1, 4, 14] {
            assert_eq!(walk(&app, &arguments, size, true).await, ids, "{order} by {size}");
            assert_eq!(walk(&app, &arguments, size, false).await, ids, "{order} by {size}, back");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_between_two_cursors_holds_what_lies_between() {
    let app = filled().await;
    let whole = data(&app, PAGE, json!({ "order": "TITLE" })).await["solutions"].clone();
    let (after, before) = (&edges(&whole)[2]["cursor"], &edges(&whole)[8]["cursor"]);
    let between = &nodes(&whole, "title")[3..8];
    for (size, held) in [("first", &between[..3]), ("last", &between[2..])] {
        let variables = json!({ "order": "TITLE", "after": after, "before": before, size: 3 });
        let page = data(&app, PAGE, variables).await["solutions"].clone();
        assert_eq!(nodes(&page, "title"), held);
        assert_eq!(page["totalCount"], whole["totalCount"], "the whole list is counted");
        assert_eq!(page["pageInfo"]["hasNextPage"], true);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_goes_on_where_it_ended_though_others_publish_meanwhile() {
    let app = filled().await;
    let whole = data(&app, PAGE, json!({ "order": "NEWEST" })).await["solutions"].clone();
    let (ids, cursor) = (nodes(&whole, "id"), &edges(&whole)[4]["cursor"]);
    app.published(&app.editor, app.complete("musterdorf", "Dazwischen").await).await;
    app.archive(&app.editor, &ids[5]).await;
    app.settle().await;
    let next = json!({ "order": "NEWEST", "after": cursor });
    let next = data(&app, PAGE, next).await["solutions"].clone();
    assert_eq!(nodes(&next, "id"), ids[6..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_order_the_question_decides() {
    let app = filled().await;
    let like = app.municipality("musterdorf").await;
    for (arguments, order) in [
        (json!({}), "NEWEST"),
        (json!({ "search": "Bus" }), "RELEVANCE"),
        (json!({ "like": like }), "LIKENESS"),
        (json!({ "like": like, "search": "Bus" }), "RELEVANCE"),
    ] {
        let mut ordered = arguments.clone();
        ordered["order"] = json!(order);
        let (plain, ordered) = (data(&app, PAGE, arguments).await, data(&app, PAGE, ordered).await);
        assert_eq!(plain, ordered, "{order}");
    }
}
