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
            solutions(search: \"Rufbus\", strict: true, likeMunicipality: $like) {
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
async fn what_lies_near_a_point_is_found_and_a_point_that_is_none_refused() {
    let app = filled().await;
    let question = "query($near: Near!) {
        municipalities(filter: {near: $near}) { edges { node { slug coordinates { latitude } } } }
        solutions(filter: {near: $near}, first: 100) {
            edges { node { municipalities { slug } } } facets(fields: [MUNICIPALITY]) { values { count } }
        }
    }";
    let near = |kilometres: f64| json!({ "near": { "latitude": 50.6, "longitude": 12.5, "kilometres": kilometres } });
    let found = data(&app, question, near(20.0)).await;
    assert_eq!(
        found["municipalities"]["edges"],
        json!([{ "node": { "slug": "musterdorf", "coordinates": { "latitude": 50.7 } } }])
    );
    let solutions = edges(&found["solutions"]);
    assert!(!solutions.is_empty());
    assert!(solutions.iter().all(|it| it["node"]["municipalities"][0]["slug"] == "musterdorf"));
    let counts = found["solutions"]["facets"][0]["values"].as_array().expect("values");
    assert_eq!(counts.len(), 1, "the counts of municipalities keep to what is near");
    let farther = data(&app, question, near(90.0)).await;
    assert_eq!(nodes(&farther["municipalities"], "slug"), ["musterdorf", "neustadt"]);
    assert!(edges(&data(&app, question, near(1.0)).await["solutions"]).is_empty());
    let nowhere = json!({ "near": { "latitude": 91, "longitude": 0, "kilometres": 1 } });
    let answer = app.run(None, question, nowhere).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
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

/// How a search of solutions was understood, and what it found.
async fn understood(app: &TestApp, search: &str) -> Value {
    let question = "query($search: String) { solutions(search: $search, first: 100) {
        totalCount edges { node { title } }
        reading { relaxed { required words } corrections { typed nearly }
            didYouMean { text totalCount } hints }
    } }";
    data(app, question, json!({ "search": search })).await["solutions"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_says_what_was_enough_and_what_was_probably_meant() {
    let app = filled().await;
    let list = understood(&app, "öffentlicher").await;
    assert_eq!(list["totalCount"], 2);
    assert_eq!(
        list["reading"],
        json!({
            "relaxed": null, "corrections": [], "didYouMean": null, "hints": []
        })
    );
    let list = understood(&app, "Rufbuss Bus").await;
    assert_eq!(list["reading"]["corrections"][0]["typed"], "rufbuss");
    let meant = &list["reading"]["didYouMean"];
    assert_eq!(meant["text"], "Rufbus Bus");
    let strict = "{ solutions(search: \"Rufbus Bus\", strict: true) { totalCount } }";
    let strict = data(&app, strict, json!({})).await["solutions"].clone();
    assert_eq!(meant["totalCount"], strict["totalCount"]);
    let list = understood(&app, "Rufbus Turmuhr").await;
    assert_eq!(list["reading"]["relaxed"], json!({ "required": 1, "words": 2 }));
    let question = "{ solutions(search: \"Rufbus Turmuhr\", strict: true) { totalCount } }";
    assert_eq!(data(&app, question, json!({})).await["solutions"]["totalCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_is_understood_by_the_beginning_of_its_value_or_says_what_there_is() {
    let app = filled().await;
    let exactly = understood(&app, "thema:mobility").await["totalCount"].clone();
    assert!(exactly.as_i64() > Some(0));
    for typed in ["thema:Mobil", "topic:mob", "thema:Mobilität"] {
        let list = understood(&app, typed).await;
        assert_eq!(
            (&list["totalCount"], &list["reading"]["hints"]),
            (&exactly, &json!([])),
            "{typed}"
        );
    }
    let list = understood(&app, "thema:Turmuhr").await;
    let hint = list["reading"]["hints"][0].as_str().expect("a hint");
    assert!(hint.ends_with("There are: Health; Mobility."), "{hint}");
    assert_eq!(list["totalCount"], 0, "the name of a condition is no word of the search");
    let question = "{ solutions(filter: {states: [\"SN\"]}) { totalCount } }";
    let answer = app.query(question).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    let question = "{ search(text: \"Bus einwohner:<\", unfinished: true) { totalCount } }";
    assert!(data(&app, question, json!({})).await["search"]["totalCount"].as_i64() > Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_between_the_words_are_the_same_as_filters() {
    let app = filled().await;
    let all = understood(&app, "").await["totalCount"].as_i64().expect("a count");
    let filtered = "{ solutions(filter: {topics: [\"Topic:mobility\"]}) { totalCount } }";
    let mobility = data(&app, filtered, json!({})).await["solutions"]["totalCount"].clone();
    for typed in ["topic:mobility", "thema:Mobilität", "Thema:\"Mobilität\"", "topic:MOBILITY"] {
        let list = understood(&app, typed).await;
        assert_eq!(list["totalCount"], mobility, "{typed}");
        assert_eq!(list["reading"]["hints"], json!([]), "{typed}");
    }
    let others = understood(&app, "-thema:mobility").await["totalCount"].as_i64();
    assert_eq!(others, mobility.as_i64().map(|mobility| all - mobility));
    for (typed, range) in [
        ("einwohner:<10.000", json!({ "max": 9_999 })),
        ("population:10000..", json!({ "min": 10_000 })),
        ("Einwohner:1.000-5.000", json!({ "min": 1_000, "max": 5_000 })),
    ] {
        let filtered =
            "query($in: IntRange) { solutions(filter: {population: $in}) { totalCount } }";
        let filtered = data(&app, filtered, json!({ "in": range })).await["solutions"].clone();
        assert_eq!(understood(&app, typed).await["totalCount"], filtered["totalCount"], "{typed}");
    }
    let of_place = understood(&app, "ort:Musterdorf land:Sachsen").await;
    let in_state = understood(&app, "kommune:musterdorf state:SN").await;
    assert_eq!(of_place["totalCount"], in_state["totalCount"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_condition_is_looked_for_as_words_with_a_hint() {
    let app = filled().await;
    for (typed, hint) in [
        ("farbe:Rufbus", "\"farbe:\" is no condition"),
        ("Rufbus topic:quantum", "\"topic:quantum\" names nothing"),
    ] {
        let list = understood(&app, typed).await;
        let said = list["reading"]["hints"][0].as_str().expect("a hint");
        assert!(said.starts_with(hint), "{said}");
        assert!(list["totalCount"].as_i64() > Some(0), "{typed}");
    }
    for (typed, refusal) in [
        ("einwohner:viele", "\"einwohner:viele\" names no range of numbers"),
        (&"Bus ".repeat(2_500), "at most 1000 characters"),
    ] {
        let question = "query($search: String) { solutions(search: $search) { totalCount } }";
        let answer = app.run(None, question, json!({ "search": typed })).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
        assert!(error["message"].as_str().is_some_and(|it| it.contains(refusal)), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_without_a_word_lists_the_newest_first() {
    let app = filled().await;
    let question =
        "{ search(text: \" - \", kinds: [SOLUTION], first: 100) { edges { node { id } } }
        solutions(first: 100) { edges { node { id } } } }";
    let found = data(&app, question, json!({})).await;
    assert_eq!(nodes(&found["search"], "id"), nodes(&found["solutions"], "id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_counted_by_kind() {
    let app = filled().await;
    let question = "{ search(text: \"Musterdorf\") {
        totalCount facets(fields: [KIND]) { values { value label count } }
    } }";
    let found = data(&app, question, json!({})).await["search"].clone();
    let kinds = found["facets"][0]["values"].as_array().expect("values");
    let sum: i64 = kinds.iter().filter_map(|kind| kind["count"].as_i64()).sum();
    assert_eq!(Some(sum), found["totalCount"].as_i64());
    assert!(kinds.iter().any(|kind| kind["value"] == "MUNICIPALITY"), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_name_topics_places_titles_and_words() {
    let app = filled().await;
    let question = "query($text: String!) { suggest(text: $text) {
        texts topics { slug } municipalities { slug } solutions { id title }
    } }";
    let found = data(&app, question, json!({ "text": "Ruf" })).await["suggest"].clone();
    assert_eq!(found["texts"][0], "Rufbus");
    let titles = found["solutions"].as_array().expect("titles");
    assert!(
        !titles.is_empty() && titles.iter().all(|it| it["title"].to_string().contains("Rufbus"))
    );
    let found = data(&app, question, json!({ "text": "mobi" })).await["suggest"].clone();
    assert_eq!(found["topics"][0]["slug"], "mobility");
    let found = data(&app, question, json!({ "text": "muster" })).await["suggest"].clone();
    assert_eq!(found["municipalities"][0]["slug"], "musterdorf");
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_suggested_to_nobody_else() {
    let app = TestApp::start().await;
    let input = app.complete("musterdorf", "Zeppelinlinie").await;
    app.edit("mutation($input: CreateSolutionInput!) { createSolution(input: $input) { userErrors { code } } }",
        json!({ "input": input })).await;
    app.settle().await;
    let question = "{ suggest(text: \"Zeppel\") { texts solutions { title } } }";
    let nothing = json!({ "texts": [], "solutions": [] });
    assert_eq!(data(&app, question, json!({})).await["suggest"], nothing);
    let own = app.edit(question, json!({})).await;
    assert_eq!(own["data"]["suggest"]["solutions"][0]["title"], "Zeppelinlinie");
}

#[tokio::test(flavor = "multi_thread")]
async fn moderators_look_after_the_thesaurus_and_searches_follow_at_once() {
    let app = filled().await;
    let moderator = app.token(allmende::domain::Role::Moderator, "musterdorf").await;
    let set = "mutation($input: SetSynonymsInput!) { setSynonyms(input: $input) {
        thesaurus { revision groups { terms weight } } userErrors { code path }
    } }";
    let taxi = json!({ "input": { "terms": ["Rufbus", "Zukunftstaxi"], "weight": 0.7 } });
    for token in [None, Some(app.editor.as_str()), Some(app.reader.as_str())] {
        let answer = app.run(token, set, taxi.clone()).await;
        let code = if token.is_some() { "FORBIDDEN" } else { "UNAUTHENTICATED" };
        assert_eq!(answer["errors"][0]["extensions"]["code"], code);
    }
    assert_eq!(understood(&app, "Zukunftstaxi").await["totalCount"], 0);
    let answer = app.run(Some(&moderator), set, taxi.clone()).await;
    assert_eq!(answer["data"]["setSynonyms"]["userErrors"], json!([]));
    app.settle().await;
    assert_eq!(understood(&app, "Zukunftstaxi").await["totalCount"], 2);
    let again = app.run(Some(&moderator), set, taxi).await;
    let errors = &again["data"]["setSynonyms"]["userErrors"];
    assert_eq!(errors[0], json!({ "code": "TAKEN", "path": ["terms", "0"] }));
    let remove = "mutation { removeSynonyms(input: {term: \"RUFBUS\"}) { userErrors { code } } }";
    app.run(Some(&moderator), remove, json!({})).await;
    app.settle().await;
    assert_eq!(understood(&app, "Zukunftstaxi").await["totalCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn similar_solutions_share_what_tells_most() {
    let app = filled().await;
    let question = "{ solutions(search: \"Rufbus\", first: 1) { edges { node { id title
        similar { edges { node { id title } } } } } } }";
    let list = data(&app, question, json!({})).await["solutions"].clone();
    let solution = &edges(&list)[0]["node"];
    let similar = nodes(&solution["similar"], "id");
    assert!(!similar.is_empty());
    assert!(similar.iter().all(|other| solution["id"] != *other), "{similar:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn moderators_see_what_nobody_found_and_nobody_else_does() {
    let app = filled().await;
    let moderator = app.token(allmende::domain::Role::Moderator, "musterdorf").await;
    for typed in ["Windkraftanlage", "windkraftanlage ", "Turmuhr", "öffentlicher", "a@example.org"]
    {
        understood(&app, typed).await;
        understood(&app, &format!("{typed} land:Sachsen")).await;
    }
    let opened = "mutation { noteOpened(input: {search: \"Windkraftanlage\"}) { counted } }";
    assert_eq!(data(&app, opened, json!({})).await["noteOpened"]["counted"], true);
    let question = "{ searchesWithoutHits { text asked opened lastDay } }";
    for token in [None, Some(app.editor.as_str())] {
        let answer = app.run(token, question, json!({})).await;
        assert!(answer["data"]["searchesWithoutHits"].is_null(), "{answer}");
    }
    understood(&app, "Windkraftanlage").await;
    let answer = app.run(Some(&moderator), question, json!({})).await;
    let expected = json!([
        { "text": "windkraftanlage", "asked": 3, "opened": 1, "lastDay": "2026-01-01" }
    ]);
    assert_eq!(answer["data"]["searchesWithoutHits"], expected, "{answer}");
}
