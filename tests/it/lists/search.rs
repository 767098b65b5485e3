//! What a search finds, and how it says why.

use serde_json::{Value, json};

use super::{data, edges, filled, nodes};
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn the_place_most_alike_comes_first_and_says_how_alike_it_is() {
    let app = filled().await;
    let question = "query($like: ID!) {
        municipality(by: {id: $like}) { id }
        solutions(likeMunicipality: $like, first: 100) {
            edges { likeness { score } node { municipalities { slug likeness(to: $like) { score } } } }
        }
    }";
    let like = app.municipality("musterdorf").await;
    let list = data(&app, question, json!({ "like": like })).await["solutions"].clone();
    let places: Vec<_> =
        edges(&list).iter().map(|edge| edge["node"]["municipalities"][0]["slug"].clone()).collect();
    assert_eq!(places[0], "musterdorf");
    assert_eq!(places[6], "altdorf", "a village of 1,500 before a town of 48,000");
    assert!(places[7..].iter().all(|place| place == "neustadt"), "{places:?}");
    for edge in edges(&list) {
        let on_edge = edge["likeness"]["score"].as_f64().expect("a likeness");
        let of_places = &edge["node"]["municipalities"][0]["likeness"]["score"];
        assert!((on_edge - of_places.as_f64().expect("a likeness")).abs() < 1e-6, "{edge}");
    }
    let plain = data(&app, "{ solutions { edges { likeness { score } } } }", json!({})).await;
    assert!(edges(&plain["solutions"]).iter().all(|edge| edge["likeness"].is_null()));
}

#[tokio::test(flavor = "multi_thread")]
async fn likeness_raises_a_match() {
    let app = filled().await;
    for (place, first) in [("musterdorf", "musterdorf"), ("neustadt", "neustadt")] {
        let question = "query($like: ID!) {
            solutions(search: \"Rufbus\", likeMunicipality: $like) {
                edges { node { title municipalities { slug } } }
            }
        }";
        let like = app.municipality(place).await;
        let list = data(&app, question, json!({ "like": like })).await["solutions"].clone();
        assert_eq!(edges(&list).len(), 2);
        assert_eq!(edges(&list)[0]["node"]["municipalities"][0]["slug"], first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn highlights_show_where_the_words_stand() {
    let app = TestApp::start().await;
    let question = "{ solutions(search: \"Kleinbus fahren\") {
        edges { highlights { field fragments { text matched } } node { approach teaser } }
    } }";
    let list = data(&app, question, json!({})).await["solutions"].clone();
    let edge = &edges(&list)[0];
    for (field, word) in [("approach", "Kleinbus"), ("teaser", "fahren")] {
        let highlights = edge["highlights"].as_array().expect("highlights").iter();
        let highlight = highlights.clone().find(|highlight| highlight["field"] == field);
        let fragments = highlight.expect("a highlight")["fragments"].as_array().expect("fragments");
        let text = |fragment: &Value| fragment["text"].as_str().expect("text").to_owned();
        let matched: Vec<_> =
            fragments.iter().filter(|it| it["matched"] == true).map(text).collect();
        assert!(matched.contains(&word.to_owned()), "{matched:?}");
        let passage: String = fragments.iter().map(text).collect();
        assert!(edge["node"][field].as_str().expect("text").contains(&passage), "{passage}");
    }
    let plain = data(&app, "{ solutions { edges { highlights { field } } } }", json!({})).await;
    assert!(edges(&plain["solutions"]).iter().all(|edge| edge["highlights"] == json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_over_everything_finds_every_kind_and_keeps_to_those_asked_for() {
    let app = TestApp::start().await;
    let question = "query($text: String!, $kinds: [SearchKind!]) {
        search(text: $text, kinds: $kinds, first: 50) {
            totalCount edges { node { kind: __typename } }
        }
    }";
    let ask = async |text: &str, kinds: Value| {
        let found = data(&app, question, json!({ "text": text, "kinds": kinds })).await;
        let mut kinds = nodes(&found["search"], "kind");
        assert_eq!(found["search"]["totalCount"], json!(kinds.len()));
        kinds.sort();
        kinds.join(" ")
    };
    assert_eq!(ask("Bürgerbus", Value::Null).await, "ProjectDocument Solution");
    assert_eq!(ask("Bürgerbus", json!(["SOLUTION"])).await, "Solution");
    assert_eq!(ask("Bürgerbus", json!(["CONTACT"])).await, "");
    assert_eq!(ask("Musterdorf", Value::Null).await, "Contact Municipality StrategyProcess");
    assert_eq!(ask("Musterdorf", json!(["MUNICIPALITY", "CONTACT"])).await, "Contact Municipality");
    assert_eq!(ask("Hochschule", Value::Null).await, "Organisation");
}

#[tokio::test(flavor = "multi_thread")]
async fn municipalities_come_by_name_by_size_and_by_match() {
    let app = TestApp::start().await;
    for (arguments, slugs) in [
        ("", "altdorf musterdorf musterkreis neustadt"),
        ("orderBy: LARGEST", "neustadt altdorf musterdorf musterkreis"),
        ("orderBy: SMALLEST", "musterdorf altdorf neustadt musterkreis"),
        ("filter: {states: [\"DE-SN\"]}", "altdorf musterdorf musterkreis"),
        ("filter: {kinds: [GEMEINDE], sizeBands: [FROM_1K]}", "altdorf musterdorf"),
        ("filter: {programmes: [\"Programme:zwk\"]}", "musterdorf"),
        ("search: \"Musterkreis\"", "musterkreis"),
        ("search: \"14000001\"", "musterdorf"),
    ] {
        let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        let question = format!("{{ municipalities{arguments} {{ edges {{ node {{ slug }} }} }} }}");
        let list = data(&app, &question, json!({})).await["municipalities"].clone();
        assert_eq!(nodes(&list, "slug").join(" "), slugs, "{arguments}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_come_in_the_order_of_their_ids_with_gaps_for_what_is_not_there() {
    let app = TestApp::start().await;
    let (t1, t2) = (app.solution("T1").await, app.solution("T2").await);
    let municipality = app.municipality("altdorf").await;
    let nowhere = "Solution:01J5Z3NDEKTSV4RRFFQ69G5FAV";
    let ids = json!([t2, "Topic:mobility", nowhere, municipality, t1, t2, "Event:1"]);
    let question = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let found = data(&app, question, json!({ "ids": ids })).await["nodes"].clone();
    let expected = ids.as_array().expect("ids").iter();
    let expected: Vec<_> =
        expected.map(|id| if id == nowhere { Value::Null } else { json!({ "id": id }) }).collect();
    assert_eq!(found, json!(expected));
    for id in expected.iter().filter_map(|node| node["id"].as_str()) {
        let question = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(data(&app, question, json!({ "id": id })).await["node"]["id"], json!(id));
    }
}
