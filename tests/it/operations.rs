//! The documents of `schema/operations` fit the schema and work; the schema explains itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use allmende::domain::{Language, Viewer};
use allmende::graphql::{Asker, Place};
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};
use async_graphql::{Request, Variables};
use axum::body::Body;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::support::TestApp;

fn read(place: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(place);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn schema() -> Valid<Schema> {
    Schema::parse_and_validate(read("schema.graphql"), "schema.graphql").expect("a sound schema")
}

/// All documents as one, since they share fragments.
fn operations() -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/operations");
    let files = fs::read_dir(directory).expect("the operations").flatten();
    let names: BTreeSet<_> = files.map(|file| file.file_name()).collect();
    let texts = names.iter().map(|name| read(&format!("operations/{}", name.display())));
    texts.collect::<Vec<_>>().join("\n")
}

/// What somebody would plausibly ask with an operation.
async fn variables(app: &TestApp, operation: &str) -> Value {
    let draft = async || app.draft(&app.editor, app.complete("musterdorf", "Entwurf").await).await;
    match operation {
        "Activity" => json!({ "after": "0", "municipality": app.municipality("neustadt").await }),
        "SolutionPublished" => json!({ "after": "0", "search": "Bürgerbus" }),
        "MunicipalityPage" => json!({ "by": { "slug": "musterdorf" } }),
        "SolutionPage" => json!({ "by": { "externalKey": "T2" } }),
        "SearchSolutions" => json!({
            "search": "Dorf", "filter": { "states": ["DE-SN"] }, "first": 5,
            "likeMunicipality": app.municipality("musterdorf").await,
        }),
        "CreateSolution" => json!({ "input": app.complete("musterdorf", "Neu").await }),
        "UpdateSolution" => json!({ "input": { "id": draft().await, "title": "Anders" } }),
        "PublishSolution" => json!({ "input": { "id": draft().await } }),
        "SolutionReuse" => json!({ "by": { "externalKey": "T1" } }),
        "DeclareAdoption" => json!({ "input": {
            "solution": app.solution("T1").await,
            "municipality": app.municipality("musterdorf").await, "status": "INTERESTED",
        } }),
        "GiveFeedback" => json!({ "input": {
            "solution": app.solution("T1").await,
            "municipality": app.municipality("musterdorf").await, "text": "Die Satzung passte.",
        } }),
        "ProcessPage" => json!({ "id": process(app).await }),
        "Experts" => json!({ "filter": { "kinds": ["UNIVERSITY", "EXPERT"] } }),
        "SetProcessStep" => json!({ "input": { "id": process(app).await, "step": "PLAN" } }),
        "DraftSolutionFromMeasure" => {
            let id = process(app).await;
            let input = json!({ "id": id, "title": "Rufbus", "status": "DONE" });
            let fields = "strategyProcess { measures { id } }";
            let payload = app.mutate(Some(&app.editor), "addMeasure", input, fields).await;
            let measure = &payload["strategyProcess"]["measures"][0]["id"];
            json!({ "input": { "id": id, "measure": measure } })
        }
        "Questions" => json!({ "search": "Arzt", "filter": { "statuses": ["OPEN"] } }),
        "QuestionInbox" => json!({ "by": { "slug": "musterdorf" } }),
        "AskQuestion" => json!({ "input": question(app).await }),
        "AnswerQuestion" => {
            let asked = app.mutate(
                Some(&app.editor),
                "askQuestion",
                question(app).await,
                "question { id }",
            );
            json!({ "input": {
                "id": asked.await["question"]["id"],
                "municipality": app.municipality("musterdorf").await, "text": "So.",
            } })
        }
        "CreateWebhook" => json!({ "input": { "url": "https://receiver.example.org/hook" } }),
        "TestWebhook" => {
            let url = json!({ "url": "https://receiver.example.org/hook" });
            let made = app.mutate(Some(&app.editor), "createWebhook", url, "webhook { id }").await;
            json!({ "input": { "id": made["webhook"]["id"] } })
        }
        "Webhooks" => json!({ "state": "DELIVERED", "first": 5 }),
        "Watches" => json!({}),
        "PreviewWatch" => json!({ "selection": { "filter": { "topics": ["Topic:mobility"] } } }),
        "SaveWatch" => json!({ "input": {
            "name": "Busse", "selection": { "search": "Bus" }, "channel": "FEED",
        } }),
        other => panic!("tell this test what to ask with {other}"),
    }
}

/// The strategy process of the fixture.
async fn process(app: &TestApp) -> Value {
    let question = "{ municipality(by: {slug: \"musterdorf\"}) {
        processes { edges { node { id } } }
    } }";
    let answer = app.query(question).await;
    answer["data"]["municipality"]["processes"]["edges"][0]["node"]["id"].clone()
}

/// What somebody may ask.
async fn question(app: &TestApp) -> Value {
    let municipality = app.municipality("musterdorf").await;
    json!({ "municipality": municipality, "title": "Wer weiß es?", "text": "Wir nicht." })
}

/// The answer of a query or mutation, as the editor of `musterdorf`.
async fn answer(app: &TestApp, document: &str, operation: &str) -> Value {
    let variables = variables(app, operation).await;
    let body = json!({ "query": document, "operationName": operation, "variables": variables });
    let request = axum::http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", app.editor))
        .body(Body::from(body.to_string()));
    app.send(request.expect("a request")).await.json()
}

/// The first answer of a subscription.
async fn told(app: &TestApp, document: &str, operation: &str) -> Value {
    let variables = Variables::from_json(variables(app, operation).await);
    let mut request = Request::new(document).operation_name(operation).variables(variables);
    app.app.api().check(&mut request).expect("a sound document");
    let asker = Asker { viewer: Viewer::Anonymous, language: Language::German };
    let mut stream = app.app.api().execute_stream(request, asker, Place::default());
    serde_json::to_value(stream.next().await.expect("an answer")).expect("an answer is JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_fits_the_schema_and_works() {
    let text = operations();
    let schema = schema();
    let document = ExecutableDocument::parse_and_validate(&schema, &text, "operations.graphql");
    let document = document.unwrap_or_else(|error| panic!("{}", error.errors));
    let app = TestApp::start().await;
    for (name, operation) in &document.operations.named {
        let answer = match operation.is_subscription() {
            true => told(&app, &text, name).await,
            false => answer(&app, &text, name).await,
        };
        assert_eq!(answer.get("errors"), None, "{name}: {answer}");
        for (field, value) in answer["data"].as_object().expect("data") {
            assert!(value.is_object(), "{name}: {field} is empty: {answer}");
            let problems = value.get("userErrors").and_then(Value::as_array);
            assert!(problems.is_none_or(Vec::is_empty), "{name}: {answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_for_a_page_finds_something_to_show() {
    let app = TestApp::start().await;
    let answer = answer(&app, &operations(), "SearchSolutions").await;
    let edge = &answer["data"]["solutions"]["edges"][0];
    assert_eq!(edge["node"]["title"], "Dorfarzt gefunden", "{answer}");
    assert!(edge["score"].is_number() && edge["likeness"]["score"].is_number(), "{edge}");
    assert!(edge["highlights"][0]["fragments"].is_array(), "{edge}");
}

/// Collects the names of what has no description.
struct Undescribed(Vec<String>);

impl Undescribed {
    fn check(&mut self, name: String, description: Option<&Node<str>>) {
        if description.is_none_or(|text| text.trim().is_empty()) {
            self.0.push(name);
        }
    }

    fn inputs(&mut self, owner: &str, inputs: &[Node<InputValueDefinition>]) {
        for input in inputs {
            self.check(format!("{owner}.{}", input.name), input.description.as_ref());
        }
    }

    fn fields<'a>(&mut self, owner: &str, fields: impl Iterator<Item = &'a Node<FieldDefinition>>) {
        for field in fields {
            let name = format!("{owner}.{}", field.name);
            self.inputs(&name, &field.arguments);
            self.check(name, field.description.as_ref());
        }
    }
}

#[test]
fn everything_in_the_schema_is_described() {
    let schema = schema();
    let mut undescribed = Undescribed(Vec::new());
    for (name, definition) in schema.types.iter().filter(|(_, it)| !it.is_built_in()) {
        undescribed.check(name.to_string(), definition.description());
        match definition {
            ExtendedType::Object(object) => undescribed.fields(name, object.fields.values()),
            ExtendedType::Interface(it) => undescribed.fields(name, it.fields.values()),
            ExtendedType::InputObject(input) => {
                undescribed.inputs(name, &input.fields.values().cloned().collect::<Vec<_>>());
            }
            ExtendedType::Enum(choice) => {
                for (value, definition) in &choice.values {
                    undescribed.check(format!("{name}.{value}"), definition.description.as_ref());
                }
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }
    assert!(undescribed.0.is_empty(), "without a description: {:#?}", undescribed.0);
}
