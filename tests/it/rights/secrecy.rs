//! What is not shown to somebody looks exactly like what does not exist.

use serde_json::{Value, json};

use super::{KINDS, draft, input, mutate};
use crate::support::TestApp;

/// An id of the same kind that stands for nothing.
fn unknown(id: &str) -> String {
    let (kind, _) = id.split_once(':').expect("a global id");
    format!("{kind}:01J5Z3NDEKTSV4RRFFQ69G5FAV")
}

/// Those to whom a draft of `musterdorf` does not exist.
fn others(app: &TestApp) -> [Option<&str>; 3] {
    [None, Some(&app.reader), Some(&app.neighbour)]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_question_tells_a_draft_from_nothing() {
    let app = TestApp::start().await;
    for kind in KINDS {
        let id = draft(&app, kind).await;
        for other in others(&app) {
            let ask = async |id: &str| {
                let question = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }";
                app.run(other, question, json!({ "id": id })).await
            };
            let nothing = json!({ "data": { "node": null, "nodes": [null] } });
            assert_eq!((ask(&id).await, ask(&unknown(&id)).await), (nothing.clone(), nothing));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_of_a_solution_tells_a_draft_from_nothing() {
    let app = TestApp::start().await;
    let mut input = app.complete("musterdorf", "Noch geheim").await;
    input["externalKey"] = json!("G1");
    let id = app.draft(&app.editor, input).await;
    let slug = slug_of(&app, &app.editor, &id).await;
    app.settle().await;
    for other in others(&app) {
        let question = "query($id: ID!, $slug: String!) {
            id: solution(by: {id: $id}) { id }
            plain: solution(by: {slug: \"noch-geheim\"}) { id }
            slug: solution(by: {slug: $slug}) { id }
            externalKey: solution(by: {externalKey: \"G1\"}) { id }
            solutions(search: \"geheim\") { totalCount facets { field } }
            search(text: \"geheim\") { totalCount edges { node { id } } }
        }";
        let answer = app.run(other, question, json!({ "id": id, "slug": slug })).await;
        let nothing = json!({
            "id": null, "plain": null, "slug": null, "externalKey": null,
            "solutions": { "totalCount": 0, "facets": [] },
            "search": { "totalCount": 0, "edges": [] },
        });
        assert_eq!(answer["data"], nothing);
    }
}

/// The name in URLs of a solution.
async fn slug_of(app: &TestApp, token: &str, id: &str) -> String {
    let question = "query($id: ID!) { solution(by: {id: $id}) { slug } }";
    let answer = app.run(Some(token), question, json!({ "id": id })).await;
    let slug = answer["data"]["solution"]["slug"].as_str().map(str::to_owned);
    slug.unwrap_or_else(|| panic!("no slug in {answer}"))
}

/// Makes a draft of a kind with a key in another system, and gives its id.
async fn keyed(app: &TestApp, token: &str, kind: &str, place: &str, key: &str) -> String {
    let place = app.municipality(place).await;
    let mut input = input(kind, &place);
    input["externalKey"] = json!(key);
    let answer = mutate(app, Some(token), "create", kind, input).await;
    let id = answer["data"]["payload"]["record"]["id"].as_str().map(str::to_owned);
    id.unwrap_or_else(|| panic!("the {kind} was refused: {answer}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_chooses_a_title_or_a_key_does_not_learn_that_a_draft_has_it() {
    let app = TestApp::start().await;
    for kind in ["Solution", "Contact", "Document"] {
        keyed(&app, &app.editor, kind, "musterdorf", "K1").await;
        let id = keyed(&app, &app.neighbour, kind, "neustadt", "K1").await;
        // Nor whoever changes one, nor by what it is called afterwards.
        let change = async |key: &str| {
            let change = json!({ "id": id, "externalKey": key });
            mutate(&app, Some(&app.neighbour), "update", kind, change).await
        };
        for key in ["K2", "K1"] {
            let answer = change(key).await;
            assert_eq!(answer["data"]["payload"]["userErrors"], json!([]), "{answer}");
        }
        if kind == "Solution" {
            let end = id.to_lowercase().split_off(id.len() - 8);
            assert_eq!(slug_of(&app, &app.neighbour, &id).await, format!("neu-{end}"));
            let question = "{ solution(by: {externalKey: \"K1\"}) { id } }";
            let answer = app.run(Some(&app.neighbour), question, json!({})).await;
            assert_eq!(answer["data"]["solution"]["id"], id.as_str());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_out_first_has_the_plain_name() {
    let app = TestApp::start().await;
    let [first, second] = ["musterdorf", "neustadt"];
    let hidden = app.complete(first, "Gleicher Titel").await;
    let hidden = app.draft(&app.editor, hidden).await;
    let shown = app.complete(second, "Gleicher Titel").await;
    let shown = app.published(&app.neighbour, shown).await;
    assert_eq!(slug_of(&app, &app.neighbour, &shown).await, "gleicher-titel");
    let before = slug_of(&app, &app.editor, &hidden).await;
    app.publish(&app.editor, &hidden).await;
    assert_eq!(slug_of(&app, &app.editor, &hidden).await, before, "the plain name is taken");
    assert!(before.starts_with("gleicher-titel-"), "{before}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_tells_a_draft_from_nothing() {
    let app = TestApp::start().await;
    for kind in KINDS {
        let id = draft(&app, kind).await;
        for other in [&app.reader, &app.neighbour] {
            for action in ["update", "publish", "archive"] {
                let change = async |id: &str| {
                    mutate(&app, Some(other), action, kind, json!({ "id": id })).await
                };
                let (hidden, missing) = (change(&id).await, change(&unknown(&id)).await);
                assert_eq!(hidden, missing, "{action}{kind}");
                let errors = &hidden["data"]["payload"]["userErrors"];
                assert_eq!(errors[0]["code"], "NOT_FOUND", "{hidden}");
                assert_eq!(errors[0]["path"], json!(["id"]), "{hidden}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reference_tells_a_draft_from_nothing() {
    let app = TestApp::start().await;
    let own = app.municipality("neustadt").await;
    for (kind, field) in
        [("Contact", "contacts"), ("Document", "documents"), ("Solution", "related")]
    {
        let id = draft(&app, kind).await;
        let refer = async |id: &str| {
            let input = json!({ "title": "Verweis", "municipalities": [own], field: [id] });
            mutate(&app, Some(&app.neighbour), "create", "Solution", input).await
        };
        let (hidden, missing) = (refer(&id).await, refer(&unknown(&id)).await);
        assert_eq!(hidden, missing);
        let error = &hidden["data"]["payload"]["userErrors"][0];
        let expected = (&json!("NOT_FOUND"), &json!([field, "0"]));
        assert_eq!((&error["code"], &error["path"]), expected, "{hidden}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_solution_refers_to_stays_hidden_while_it_is_a_draft() {
    let app = TestApp::start().await;
    let mut input = app.complete("musterdorf", "Mit Anhang").await;
    for (kind, field) in
        [("Contact", "contacts"), ("Document", "documents"), ("Solution", "related")]
    {
        let mut all = input[field].as_array().cloned().unwrap_or_default();
        all.push(json!(draft(&app, kind).await));
        input[field] = json!(all);
    }
    let id = app.published(&app.editor, input).await;
    let seen = async |token: Option<&str>| {
        let question = "query($id: ID!) {
            solution(by: {id: $id}) { contacts { id } documents { id } related { id } }
        }";
        let answer = app.run(token, question, json!({ "id": id })).await;
        let solution = answer["data"]["solution"].clone();
        ["contacts", "documents", "related"]
            .map(|field| solution[field].as_array().expect("a list").len())
    };
    // One contact is everybody's: nothing goes out without.
    assert_eq!(seen(Some(&app.editor)).await, [2, 1, 1]);
    for other in others(&app) {
        assert_eq!(seen(other).await, [1, 0, 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_reached_by_those_for_whom_it_is_meant() {
    let app = TestApp::start().await;
    let own = app.municipality("musterdorf").await;
    for (visibility, reached) in [
        ("PUBLIC", [true, true, true, true]),
        ("MEMBERS", [false, true, true, true]),
        ("ON_REQUEST", [false, false, false, true]),
    ] {
        let input = json!({
            "municipality": own, "role": "Amt", "visibility": visibility, "phone": "0000 1",
            "email": "amt@musterdorf.example.org", "person": "Kim", "consentAt": "2026-01-01",
        });
        let made = mutate(&app, Some(&app.editor), "create", "Contact", input).await;
        let id = made["data"]["payload"]["record"]["id"].clone();
        mutate(&app, Some(&app.editor), "publish", "Contact", json!({ "id": id })).await;
        let viewers = [None, Some(&app.reader), Some(&app.neighbour), Some(&app.editor)];
        for (viewer, reached) in viewers.into_iter().zip(reached) {
            let question = "query($id: ID!) {
                node(id: $id) { ... on Contact { role person email phone } }
            }";
            let answer = app.run(viewer.map(String::as_str), question, json!({ "id": id })).await;
            let detail = |text: &str| if reached { json!(text) } else { Value::Null };
            let expected = json!({
                "role": "Amt", "person": detail("Kim"), "phone": detail("0000 1"),
                "email": detail("amt@musterdorf.example.org"),
            });
            assert_eq!(answer["data"]["node"], expected, "{visibility}");
        }
        app.settle().await;
        let found = app.query("{ search(text: \"Kim\", kinds: [CONTACT]) { totalCount } }").await;
        assert_eq!(
            found["data"]["search"]["totalCount"], 1,
            "only the public one is found by name"
        );
    }
}
