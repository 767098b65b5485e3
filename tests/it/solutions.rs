//! The life of a solution: drafted, changed, published, found, put away.

mod races;
mod records;

use axum::body::Body;
use axum::http::Request;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::TestApp;

const UPDATE: &str = "mutation($input: UpdateSolutionInput!) {
    updateSolution(input: $input) {
        solution { revision title teaser lessons keywords lifecycle }
        userErrors { code message path }
    }
}";
const PUBLISH: &str = "mutation($id: ID!) {
    publishSolution(input: {id: $id}) {
        solution { lifecycle } userErrors { code message path }
    }
}";
const CREATE: &str = "mutation($input: CreateSolutionInput!) {
    createSolution(input: $input) {
        solution { lifecycle } userErrors { code message path }
    }
}";

/// Where somebody meets a solution: by id, in a search, on the list of its municipality.
async fn met(app: &TestApp, token: Option<&str>, id: &str, word: &str) -> Value {
    app.settle().await;
    let question = "query($id: ID!, $word: String) {
        node(id: $id) { ... on Solution { lifecycle } }
        solutions(search: $word) { edges { node { title } } }
        municipality(by: {slug: \"musterdorf\"}) { solutions { edges { node { title } } } }
    }";
    let answer = app.run(token, question, json!({ "id": id, "word": word })).await;
    let titles = |list: &Value| {
        let titles = list["edges"].as_array().expect("a list").iter();
        titles.map(|edge| edge["node"]["title"].clone()).collect::<Vec<_>>()
    };
    let data = &answer["data"];
    json!({
        "node": data["node"]["lifecycle"],
        "found": titles(&data["solutions"]),
        "listed": titles(&data["municipality"]["solutions"]),
    })
}

fn nowhere() -> Value {
    json!({ "node": null, "found": [], "listed": [] })
}

fn everywhere(lifecycle: &str, title: &str) -> Value {
    json!({ "node": lifecycle, "found": [title], "listed": [title] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solution_is_everybodys_from_its_publication_until_it_is_put_away() {
    let app = TestApp::start().await;
    let id = app
        .draft(&app.editor, app.complete("musterdorf", "Sprechstunden auf dem Anger").await)
        .await;
    let everybody = [None, Some(app.reader.as_str()), Some(app.neighbour.as_str())];
    let steps = [("DRAFT", false), ("PUBLISHED", true), ("ARCHIVED", false), ("PUBLISHED", true)];
    for (lifecycle, open) in steps {
        match lifecycle {
            "PUBLISHED" => app.publish(&app.editor, &id).await,
            "ARCHIVED" => app.archive(&app.editor, &id).await,
            _ => {}
        }
        let here = everywhere(lifecycle, "Sprechstunden auf dem Anger");
        assert_eq!(met(&app, Some(&app.editor), &id, "Sprechstunde").await, here);
        for other in everybody {
            let expected = if open { here.clone() } else { nowhere() };
            assert_eq!(met(&app, other, &id, "Sprechstunde").await, expected, "while {lifecycle}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_leaves_what_is_absent_and_empties_what_is_null() {
    let app = TestApp::start().await;
    let mut input = app.complete("musterdorf", "Alt").await;
    input["lessons"] = json!("Früh anfangen.");
    input["keywords"] = json!(["Bus"]);
    let id = app.draft(&app.editor, input).await;
    let change = json!({ "id": id, "title": "Neu", "lessons": null, "expectedRevision": 1 });
    let answer = app.edit(UPDATE, json!({ "input": change })).await;
    assert_json_snapshot!(answer["data"]["updateSolution"], @r#"
    {
      "solution": {
        "revision": 2,
        "title": "Neu",
        "teaser": "Ein Satz, der neugierig macht.",
        "lessons": null,
        "keywords": [
          "Bus"
        ],
        "lifecycle": "DRAFT"
      },
      "userErrors": []
    }
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_made_on_an_older_revision_is_refused() {
    let app = TestApp::start().await;
    let id = app.draft(&app.editor, app.complete("musterdorf", "Alt").await).await;
    app.update(&app.editor, json!({ "id": id, "teaser": "Schneller." })).await;
    let change = json!({ "id": id, "title": "Zu spät", "expectedRevision": 1 });
    let before = app.head().await;
    let answer = app.edit(UPDATE, json!({ "input": change })).await;
    assert_json_snapshot!(answer["data"]["updateSolution"], @r#"
    {
      "solution": null,
      "userErrors": [
        {
          "code": "STALE",
          "message": "The entry was changed meanwhile: load it again and repeat your change.",
          "path": [
            "expectedRevision"
          ]
        }
      ]
    }
    "#);
    assert_eq!(app.head().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn publication_names_everything_that_is_missing() {
    let app = TestApp::start().await;
    let municipality = app.municipality("musterdorf").await;
    let id =
        app.draft(&app.editor, json!({ "title": "Leer", "municipalities": [municipality] })).await;
    let answer = app.edit(PUBLISH, json!({ "id": id })).await;
    let payload = &answer["data"]["publishSolution"];
    assert_eq!(payload["solution"], Value::Null);
    let errors = payload["userErrors"].as_array().expect("a list");
    let missing = ["teaser", "topics", "problem", "approach", "status", "contacts"];
    let named: Vec<_> = errors.iter().map(|error| (&error["code"], &error["path"][0])).collect();
    assert_eq!(named.len(), missing.len(), "{errors:?}");
    assert!(missing.iter().all(|field| named.contains(&(&json!("REQUIRED"), &json!(field)))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_cannot_lose_what_publication_asks_for() {
    let app = TestApp::start().await;
    let id = app.published(&app.editor, app.complete("musterdorf", "Voll").await).await;
    let change = json!({ "id": id, "topics": [], "status": null });
    let answer = app.edit(UPDATE, json!({ "input": change })).await;
    let errors = &answer["data"]["updateSolution"]["userErrors"];
    assert_eq!(errors[0]["path"], json!(["topics"]), "{answer}");
    assert_eq!(errors[1]["path"], json!(["status"]), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_keeps_a_contact_that_readers_can_see() {
    let app = TestApp::start().await;
    let input = app.complete("musterdorf", "Erreichbar").await;
    let id = app.published(&app.editor, input.clone()).await;
    let draft = json!({ "municipality": input["municipalities"][0], "role": "Niemand" });
    let create = "mutation($input: CreateContactInput!) {
        createContact(input: $input) { contact { id } userErrors { code path } }
    }";
    let hidden = app.edit(create, json!({ "input": draft })).await;
    let hidden = &hidden["data"]["createContact"]["contact"]["id"];
    assert!(hidden.is_string(), "{hidden}");
    let only_hidden = json!({ "input": { "id": id, "contacts": [hidden] } });
    let answer = app.edit(UPDATE, only_hidden).await;
    let errors = &answer["data"]["updateSolution"]["userErrors"];
    assert_eq!(errors[0]["code"], "REQUIRED", "{answer}");
    assert_eq!(errors[0]["path"], json!(["contacts"]), "{answer}");
    let both = json!({ "id": id, "contacts": [hidden, input["contacts"][0]] });
    app.update(&app.editor, both).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_public_cannot_be_published_again() {
    let app = TestApp::start().await;
    let id = app.published(&app.editor, app.complete("musterdorf", "Einmal").await).await;
    let before = app.head().await;
    let answer = app.edit(PUBLISH, json!({ "id": id })).await;
    let error = &answer["data"]["publishSolution"]["userErrors"][0];
    assert_eq!((&error["code"], &error["path"]), (&json!("WRONG_STATE"), &json!(["id"])));
    assert_eq!(app.head().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn solutions_of_the_same_title_have_addresses_of_their_own() {
    let app = TestApp::start().await;
    let mut slugs = Vec::new();
    for _ in 0..3 {
        let input = app.complete("musterdorf", "Bürgerbus").await;
        let id = app.published(&app.editor, input).await;
        let question = "query($id: ID!) { solution(by: {id: $id}) { slug } }";
        let answer = app.run(None, question, json!({ "id": id })).await;
        let slug = answer["data"]["solution"]["slug"].as_str().expect("a slug").to_owned();
        let question = "query($slug: String!) { solution(by: {slug: $slug}) { id } }";
        let answer = app.run(None, question, json!({ "slug": slug })).await;
        assert_eq!(answer["data"]["solution"]["id"], json!(id));
        assert!(slug.starts_with("buergerbus") && !slugs.contains(&slug), "{slug}: {slugs:?}");
        slugs.push(slug);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_in_any_letters_has_an_address() {
    let app = TestApp::start().await;
    for title in ["Миска супу", "?!"] {
        let input = app.complete("musterdorf", title).await;
        let id = app.published(&app.editor, input).await;
        let question = "query($id: ID!) { solution(by: {id: $id}) { slug title } }";
        let answer = app.run(None, question, json!({ "id": id })).await;
        let solution = &answer["data"]["solution"];
        assert_eq!(solution["title"], title);
        assert!(solution["slug"].as_str().is_some_and(|slug| !slug.is_empty()), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_key_belongs_to_one_solution_of_a_municipality() {
    let app = TestApp::start().await;
    let mut input = app.complete("musterdorf", "Erster").await;
    // Another municipality has a solution with this key.
    input["externalKey"] = json!("T1");
    app.draft(&app.editor, input.clone()).await;
    input["title"] = json!("Zweiter");
    let before = app.head().await;
    let created = app.edit(CREATE, json!({ "input": input })).await;
    assert_eq!(app.head().await, before);
    let id = app.draft(&app.editor, app.complete("musterdorf", "Dritter").await).await;
    let change = json!({ "id": id, "externalKey": "T1" });
    let updated = app.edit(UPDATE, json!({ "input": change })).await;
    for payload in [&created["data"]["createSolution"], &updated["data"]["updateSolution"]] {
        let error = &payload["userErrors"][0];
        let found = (&error["code"], &error["path"]);
        assert_eq!(found, (&json!("TAKEN"), &json!(["externalKey"])));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn user_errors_speak_german_unless_english_is_asked_for() {
    let app = TestApp::start().await;
    let municipality = app.municipality("musterdorf").await;
    let input = json!({ "title": " ", "municipalities": [municipality] });
    let body = json!({ "query": CREATE, "variables": { "input": input } }).to_string();
    let message = async |language: Option<&str>| {
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", app.editor));
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        let answer = app.send(request.body(Body::from(body.clone())).expect("a request")).await;
        answer.json()["data"]["createSolution"]["userErrors"][0]["message"].clone()
    };
    let (german, english) =
        ("„title“ fehlt: Bitte angeben.", "\"title\" is missing: please give it.");
    assert_eq!(message(None).await, german);
    assert_eq!(message(Some("fr-FR")).await, german);
    assert_eq!(message(Some("en-GB,de;q=0.8")).await, english);
    assert_eq!(message(Some("en;q=0.2,de")).await, german);
}
