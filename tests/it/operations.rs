//! The documents of `schema/operations` fit the schema and work; the schema explains itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use allmende::domain::{Language, Role, Viewer};
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
    documents().collect::<Vec<_>>().join("\n")
}

/// The files of operations, in the order of their names.
fn documents() -> impl Iterator<Item = String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/operations");
    let files = fs::read_dir(directory).expect("the operations").flatten();
    let names: BTreeSet<_> = files.map(|file| file.file_name()).collect();
    names.into_iter().map(|name| read(&format!("operations/{}", name.display())))
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
        "StartPage" => json!({}),
        "LikenessReasons" => {
            let focus = app.municipality("musterdorf").await;
            json!({ "focus": focus, "ids": [app.municipality("neustadt").await] })
        }
        "CompareMunicipalities" => json!({ "ids": [
            app.municipality("musterdorf").await, app.municipality("neustadt").await,
        ] }),
        "Municipalities" => json!({ "search": "dorf", "first": 5 }),
        "Contacts" | "Documents" => json!({ "search": "", "first": 5 }),
        "CreateSolution" => json!({ "input": app.complete("musterdorf", "Neu").await }),
        "UpdateSolution" => json!({ "input": { "id": draft().await, "title": "Anders" } }),
        "PublishSolution" => json!({ "input": { "id": draft().await } }),
        "WorkSolution" => json!({ "id": draft().await }),
        "WorkChoices" => json!({}),
        "WorkDocument" => json!({ "id": document(app).await }),
        "PublishDocument" => json!({ "input": { "id": document(app).await } }),
        "CreateDocument" => json!({ "input": {
            "municipality": app.municipality("musterdorf").await, "title": "Satzung", "kind": "PLAN",
        } }),
        "CreateContact" => json!({ "input": {
            "municipality": app.municipality("musterdorf").await, "role": "Bauhof",
        } }),
        "WorkContact" => json!({ "id": contact(app).await }),
        "UpdateContact" => json!({ "input": { "id": contact(app).await, "role": "Bauamt" } }),
        "ConfirmContact" => {
            let id = contact(app).await;
            app.mutate(Some(&app.editor), "publishContact", json!({ "id": id }), "").await;
            json!({ "input": { "id": id } })
        }
        "PublishContact" => json!({ "input": { "id": contact(app).await } }),
        "Work" => json!({
            "own": [app.municipality("musterdorf").await], "works": true, "reviews": true,
            "soon": "2026-03-01",
        }),
        "SubmitSolution" | "ArchiveSolution" => json!({ "input": { "id": draft().await } }),
        "WithdrawSolution" | "StartSolutionReview" => {
            let id = draft().await;
            app.mutate(Some(&app.editor), "submitSolution", json!({ "id": id }), "").await;
            json!({ "input": { "id": id } })
        }
        "ApproveSolution" | "RequestSolutionChanges" | "RejectSolution" => {
            let id = draft().await;
            let approver = app.token(Role::Approver, "musterdorf").await;
            app.mutate(Some(&app.editor), "submitSolution", json!({ "id": id }), "").await;
            app.mutate(Some(&approver), "startSolutionReview", json!({ "id": id }), "").await;
            json!({ "input": { "id": id, "reason": "Die Kosten fehlen." } })
        }
        "ConfirmSolution" => {
            let input = app.complete("musterdorf", "Gilt noch").await;
            json!({ "input": { "id": app.published(&app.editor, input).await } })
        }
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
        "DraftSolutionFromMeasure" => json!({ "input": measure(app).await }),
        "WorkProcesses" => json!({ "own": [app.municipality("musterdorf").await] }),
        "WorkProcess" => json!({ "id": process(app).await }),
        "CreateStrategyProcess" => {
            json!({ "input": { "municipality": app.municipality("musterdorf").await } })
        }
        "UpdateStrategyProcess" => json!({ "input": {
            "id": process(app).await, "swot": { "strengths": ["Vereine"] },
            "priorities": [{ "topic": "Topic:mobility", "title": "Busse" }],
        } }),
        "PublishStrategyProcess" | "ArchiveStrategyProcess" => {
            // One can be done where the other was.
            let (other, input) = (
                match operation {
                    "PublishStrategyProcess" => "archiveStrategyProcess",
                    _ => "publishStrategyProcess",
                },
                json!({ "id": process(app).await }),
            );
            app.mutate(Some(&app.editor), other, input.clone(), "").await;
            json!({ "input": input })
        }
        "RemoveProcessStep" => {
            let input = json!({ "id": process(app).await, "step": "PLAN" });
            app.mutate(Some(&app.editor), "setProcessStep", input.clone(), "").await;
            json!({ "input": input })
        }
        "AddMeasure" => json!({ "input": { "id": process(app).await, "title": "Dorfladen" } }),
        "UpdateMeasure" => {
            let mut input = measure(app).await;
            input["owner"] = json!("Bauamt");
            json!({ "input": input })
        }
        "RemoveMeasure" => json!({ "input": measure(app).await }),
        "Questions" => json!({ "search": "Arzt", "filter": { "statuses": ["OPEN"] } }),
        "QuestionInbox" => json!({ "by": { "slug": "musterdorf" } }),
        "AskQuestion" => json!({ "input": question(app).await }),
        "AnswerQuestion" => json!({ "input": {
            "id": asked(app, &app.editor, "musterdorf").await,
            "municipality": app.municipality("musterdorf").await, "text": "So.",
        } }),
        "QuestionPage" => json!({ "id": asked(app, &app.editor, "musterdorf").await }),
        "CitableSolutions" => json!({
            "own": [app.municipality("musterdorf").await], "search": "Bürgerbus", "finds": true,
            "chosen": [app.solution("T1").await],
        }),
        "AcceptAnswer" | "WithdrawAnswer" => json!({ "input": answered(app).await }),
        "JoinQuestion" | "LeaveQuestion" => json!({ "input": {
            "id": asked(app, &app.neighbour, "neustadt").await,
            "municipality": app.municipality("musterdorf").await,
        } }),
        "CloseQuestion" | "WithdrawQuestion" => {
            json!({ "input": { "id": asked(app, &app.editor, "musterdorf").await } })
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
        "SaveWatch" => json!({ "input": busses() }),
        "PauseWatch" | "ResumeWatch" | "DeleteWatch" => {
            let made = app.mutate(Some(&app.editor), "createWatch", busses(), "watch { id }").await;
            json!({ "input": { "id": made["watch"]["id"] } })
        }
        "Names" => json!({ "ids": ["Topic:mobility", "TargetGroup:older_people"] }),
        "SolutionVersions" => json!({ "by": { "externalKey": "T2" } }),
        "VersionDifferences" => {
            let question = "{ solution(by: {externalKey: \"T2\"}) { versions { id } } }";
            let answer = app.query(question).await;
            let id = &answer["data"]["solution"]["versions"][0]["id"];
            json!({ "id": id, "since": id })
        }
        other => panic!("tell this test what to ask with {other}"),
    }
}

/// A search that somebody saves.
fn busses() -> Value {
    json!({ "name": "Busse", "selection": { "search": "Bus" }, "channel": "FEED" })
}

/// The strategy process of the fixture.
async fn process(app: &TestApp) -> Value {
    let question = "{ municipality(by: {slug: \"musterdorf\"}) {
        processes { edges { node { id } } }
    } }";
    let answer = app.edit(question, json!({})).await;
    answer["data"]["municipality"]["processes"]["edges"][0]["node"]["id"].clone()
}

/// A finished measure of that process, as mutations name it.
async fn measure(app: &TestApp) -> Value {
    let id = process(app).await;
    let input = json!({ "id": id, "title": "Rufbus", "status": "DONE" });
    let fields = "strategyProcess { measures { id } }";
    let payload = app.mutate(Some(&app.editor), "addMeasure", input, fields).await;
    let measures = payload["strategyProcess"]["measures"].as_array().expect("measures");
    json!({ "id": id, "measure": measures.last().expect("ours")["id"] })
}

/// A contact that could be brought out.
async fn contact(app: &TestApp) -> Value {
    let input = json!({
        "municipality": app.municipality("musterdorf").await, "role": "Bauhof",
        "email": "bauhof@musterdorf.example.org",
    });
    let made = app.mutate(Some(&app.editor), "createContact", input, "contact { id }").await;
    made["contact"]["id"].clone()
}

/// A document that could be brought out.
async fn document(app: &TestApp) -> Value {
    let input = json!({
        "municipality": app.municipality("musterdorf").await, "title": "Satzung", "kind": "PLAN",
        "url": "https://musterdorf.example.org/satzung",
    });
    let made = app.mutate(Some(&app.editor), "createDocument", input, "document { id }").await;
    made["document"]["id"].clone()
}

/// What somebody may ask.
async fn question(app: &TestApp) -> Value {
    let municipality = app.municipality("musterdorf").await;
    json!({ "municipality": municipality, "title": "Wer weiß es?", "text": "Wir nicht." })
}

/// A question that somebody asks in the name of a municipality, and its id.
async fn asked(app: &TestApp, token: &str, slug: &str) -> Value {
    let mut input = question(app).await;
    input["municipality"] = json!(app.municipality(slug).await);
    let asked = app.mutate(Some(token), "askQuestion", input, "question { id }").await;
    asked["question"]["id"].clone()
}

/// An answer to a question of one's own, as mutations name it.
async fn answered(app: &TestApp) -> Value {
    let id = asked(app, &app.editor, "musterdorf").await;
    let municipality = app.municipality("musterdorf").await;
    let input = json!({ "id": id, "municipality": municipality, "text": "So." });
    let fields = "question { answers { id } }";
    let payload = app.mutate(Some(&app.editor), "answerQuestion", input, fields).await;
    json!({ "id": id, "answer": payload["question"]["answers"][0]["id"] })
}

/// The answer of a query or mutation, as the editor of `musterdorf`; of a review, as who approves there.
async fn answer(app: &TestApp, document: &str, operation: &str) -> Value {
    let variables = variables(app, operation).await;
    let reviews =
        ["StartSolutionReview", "ApproveSolution", "RequestSolutionChanges", "RejectSolution"];
    let token = match reviews.contains(&operation) {
        true => app.token(Role::Approver, "musterdorf").await,
        false => app.editor.clone(),
    };
    let body = json!({ "query": document, "operationName": operation, "variables": variables });
    let request = axum::http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(body.to_string()));
    app.send(request.expect("a request")).await.json()
}

/// The file of a subscription, with the fragments that it uses: all files together would be longer than
/// what may stay in memory.
fn file_of(subscription: &str) -> String {
    let texts: Vec<String> = documents().collect();
    let begins = [format!("subscription {subscription}("), format!("subscription {subscription} ")];
    let own = texts.iter().find(|text| begins.iter().any(|it| text.contains(it)));
    let own = own.expect("a subscription");
    let used = texts.iter().filter(|text| {
        let fragments = text.split("fragment ").skip(1).filter_map(|it| it.split(' ').next());
        *text != own && fragments.into_iter().any(|it| own.contains(&format!("...{it}")))
    });
    used.fold(own.clone(), |text, other| text + "\n" + other)
}

/// The first answer of a subscription.
async fn told(app: &TestApp, operation: &str) -> Value {
    let document = file_of(operation);
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
            true => told(&app, name).await,
            false => answer(&app, &text, name).await,
        };
        assert_eq!(answer.get("errors"), None, "{name}: {answer}");
        for (field, value) in answer["data"].as_object().expect("data") {
            assert!(value.is_object() || value.is_array(), "{name}: {field} is empty: {answer}");
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
