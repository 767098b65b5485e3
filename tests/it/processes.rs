//! Municipalities keep their strategy processes with the five steps.

mod measures;
mod rights;

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::TestApp;

const NOTHING: &str = "01J5Z3NDEKTSV4RRFFQ69G5FAV";

/// The id of the university of the fixture.
async fn university(app: &TestApp) -> Value {
    let question = "{ organisations(filter: {kinds: [UNIVERSITY]}) { edges { node { id } } } }";
    let answer = app.query(question).await;
    answer["data"]["organisations"]["edges"][0]["node"]["id"].clone()
}

/// A process of `neustadt`, which has none yet.
async fn input(app: &TestApp) -> Value {
    json!({
        "municipality": app.municipality("neustadt").await,
        "programme": "Programme:zwk",
        "starts": "2024-01",
        "swot": { "strengths": ["Vereine"], "threats": ["Wegzug"] },
        "priorities": [{ "topic": "Topic:mobility", "title": "Busse bis abends" }],
        "facilitations": [{
            "organisation": university(app).await, "role": "Moderation", "starts": "2024",
        }],
        "review": { "date": "2025-06", "reached": ["Rufbus"], "notReached": ["Radweg"] },
    })
}

async fn begun(app: &TestApp) -> Value {
    let input = input(app).await;
    let fields = "strategyProcess { id }";
    let payload = app.mutate(Some(&app.neighbour), "createStrategyProcess", input, fields).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload["strategyProcess"]["id"].clone()
}

/// Runs a mutation as the editor of `neustadt` that must succeed, and gives the process.
async fn change(app: &TestApp, mutation: &str, input: Value, fields: &str) -> Value {
    let fields = format!("strategyProcess {{ {fields} }}");
    let payload = app.mutate(Some(&app.neighbour), mutation, input, &fields).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload["strategyProcess"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_begun_in_private_and_shown_when_it_is_ready() {
    let app = TestApp::start().await;
    let fields = "strategyProcess {
        revision publication programme { name } starts ends progress municipality { slug }
        swot { strengths weaknesses opportunities threats } priorities { title topic { id } }
        facilitations { organisation { name } role starts ends }
        review { date reached notReached changed } steps { step } measures { id }
        measureProgress { planned running done stopped share } stepProgress { step progress }
    }";
    let sound = input(&app).await;
    let payload = app.mutate(Some(&app.neighbour), "createStrategyProcess", sound.clone(), fields);
    assert_json_snapshot!(payload.await, @r#"
    {
      "strategyProcess": {
        "revision": 1,
        "publication": "DRAFT",
        "programme": {
          "name": "Future workshop"
        },
        "starts": "2024-01",
        "ends": null,
        "progress": 0.0,
        "municipality": {
          "slug": "neustadt"
        },
        "swot": {
          "strengths": [
            "Vereine"
          ],
          "weaknesses": [],
          "opportunities": [],
          "threats": [
            "Wegzug"
          ]
        },
        "priorities": [
          {
            "title": "Busse bis abends",
            "topic": {
              "id": "Topic:mobility"
            }
          }
        ],
        "facilitations": [
          {
            "organisation": {
              "name": "Hochschule Musterland"
            },
            "role": "Moderation",
            "starts": "2024",
            "ends": null
          }
        ],
        "review": {
          "date": "2025-06",
          "reached": [
            "Rufbus"
          ],
          "notReached": [
            "Radweg"
          ],
          "changed": []
        },
        "steps": [],
        "measures": [],
        "measureProgress": {
          "planned": 0,
          "running": 0,
          "done": 0,
          "stopped": 0,
          "share": null
        },
        "stepProgress": [
          {
            "step": "KICK_OFF",
            "progress": 0.0
          },
          {
            "step": "PROFILE",
            "progress": 0.0
          },
          {
            "step": "WORKSHOP",
            "progress": 0.0
          },
          {
            "step": "PLAN",
            "progress": 0.0
          },
          {
            "step": "REVIEW",
            "progress": 0.0
          }
        ]
      },
      "userErrors": []
    }
    "#);
    let again = app.refused(Some(&app.neighbour), "createStrategyProcess", sound).await;
    assert_eq!(again, "TAKEN programme", "one of each programme");

    let count = async |token: Option<&str>| {
        app.settle().await;
        let question = "{ municipality(by: {slug: \"neustadt\"}) {
            processes { totalCount edges { node { id } } }
        } }";
        let answer = app.run(token, question, json!({})).await;
        answer["data"]["municipality"]["processes"].clone()
    };
    assert_eq!(count(None).await["totalCount"], 0);
    let own = count(Some(&app.neighbour)).await;
    let id = own["edges"][0]["node"]["id"].clone();
    let which = json!({ "id": id });
    let shown = change(&app, "publishStrategyProcess", which.clone(), "publication").await;
    assert_eq!(shown["publication"], "PUBLISHED");
    assert_eq!(count(None).await["totalCount"], 1);
    let question = "{ organisations(filter: {kinds: [UNIVERSITY]}) { edges { node {
        processes { edges { node { id } } }
    } } } }";
    let answer = app.query(question).await;
    let accompanied = &answer["data"]["organisations"]["edges"][0]["node"]["processes"];
    assert_eq!(accompanied["edges"][0]["node"]["id"], id, "{answer}");
    let found = app.query("{ search(text: \"Radweg\") { edges { node { id } } } }").await;
    assert_eq!(found["data"]["search"]["edges"][0]["node"]["id"], id, "its review is found");
    change(&app, "archiveStrategyProcess", which, "id").await;
    assert_eq!(count(None).await["totalCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_are_kept_one_at_a_time_with_participation_and_papers() {
    let app = TestApp::start().await;
    let id = begun(&app).await;
    let question =
        "{ search(text: \"Leitfaden\", kinds: [PROJECT_DOCUMENT]) { edges { node { id } } } }";
    let paper = app.query(question).await;
    let paper = &paper["data"]["search"]["edges"][0]["node"]["id"];
    let fields =
        "progress steps { step state date ends note participation { level formats people missed }
        documents { title } } stepProgress { progress }";
    let step = json!({
        "id": id, "step": "WORKSHOP", "state": "DONE", "date": "2024-05-03", "ends": "2024-05-04",
        "note": "Zwei Tage in der Schule.", "documents": [paper],
        "participation": [
            { "level": "CONSULTATION", "formats": "Weltcafé", "people": 80, "missed": "Jugend" },
            { "level": "INFORMATION", "formats": "Bürgerbrief" },
        ],
    });
    change(&app, "setProcessStep", step, "id").await;
    let begun = json!({ "id": id, "step": "KICK_OFF" });
    change(&app, "setProcessStep", begun, "id").await;
    let begun = json!({ "id": id, "step": "KICK_OFF", "state": "RUNNING", "expectedRevision": 3 });
    let process = change(&app, "setProcessStep", begun, fields).await;
    assert_json_snapshot!(process, @r#"
    {
      "progress": 0.2,
      "steps": [
        {
          "step": "KICK_OFF",
          "state": "RUNNING",
          "date": null,
          "ends": null,
          "note": null,
          "participation": [],
          "documents": []
        },
        {
          "step": "WORKSHOP",
          "state": "DONE",
          "date": "2024-05-03",
          "ends": "2024-05-04",
          "note": "Zwei Tage in der Schule.",
          "participation": [
            {
              "level": "CONSULTATION",
              "formats": "Weltcafé",
              "people": 80,
              "missed": "Jugend"
            },
            {
              "level": "INFORMATION",
              "formats": "Bürgerbrief",
              "people": null,
              "missed": null
            }
          ],
          "documents": [
            {
              "title": "Leitfaden Bürgerbus"
            }
          ]
        }
      ],
      "stepProgress": [
        {
          "progress": 0.5
        },
        {
          "progress": 0.0
        },
        {
          "progress": 1.0
        },
        {
          "progress": 0.0
        },
        {
          "progress": 0.0
        }
      ]
    }
    "#);
    let emptied = json!({ "id": id, "step": "WORKSHOP", "documents": null, "ends": null });
    let process =
        change(&app, "setProcessStep", emptied, "steps { ends note documents { id } }").await;
    let workshop = json!({ "ends": null, "note": "Zwei Tage in der Schule.", "documents": [] });
    assert_eq!(process["steps"][1], workshop);
    let gone = json!({ "id": id, "step": "KICK_OFF" });
    let process = change(&app, "removeProcessStep", gone.clone(), "steps { step }").await;
    assert_eq!(process["steps"], json!([{ "step": "WORKSHOP" }]));
    let refused = app.refused(Some(&app.neighbour), "removeProcessStep", gone).await;
    assert_eq!(refused, "NOT_FOUND step");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_leaves_alone_what_was_kept_since() {
    let app = TestApp::start().await;
    let question = "{ municipality(by: {slug: \"musterdorf\"}) {
        processes { edges { node { id review { reached } starts } } }
    } }";
    let of_musterdorf = async || {
        app.settle().await;
        let answer = app.query(question).await;
        answer["data"]["municipality"]["processes"]["edges"][0]["node"].clone()
    };
    let id = of_musterdorf().await["id"].clone();
    let input = json!({ "id": id, "starts": "2020", "review": { "reached": ["Viel"] } });
    app.mutate(Some(&app.editor), "updateStrategyProcess", input, "").await;
    let moderator = app.token(allmende::domain::Role::Moderator, "musterdorf").await;
    let input = json!({ "id": university(&app).await, "name": "Akademie" });
    app.mutate(Some(&moderator), "updateOrganisation", input, "").await;
    let mut seed = allmende::service::Seed::default();
    let fixture = include_str!("support/fixture.toml");
    seed.read("fixture.toml", fixture).expect("a sound fixture");
    let imported = app.app.services().import(seed, &mut allmende::app::Silent).await;
    assert_eq!(imported.expect("the fixture fits the rules").left, 2);
    let kept = json!({ "id": id, "starts": "2020", "review": { "reached": ["Viel"] } });
    assert_eq!(of_musterdorf().await, kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_the_swot_is_changed_while_the_others_stay() {
    let app = TestApp::start().await;
    let id = begun(&app).await;
    let fields = "swot { strengths weaknesses opportunities threats }";
    let update = json!({ "id": id, "swot": { "weaknesses": ["Wenig Busse"], "threats": null } });
    let process = change(&app, "updateStrategyProcess", update, fields).await;
    assert_eq!(
        process["swot"],
        json!({
            "strengths": ["Vereine"], "weaknesses": ["Wenig Busse"],
            "opportunities": [], "threats": [],
        })
    );
    let nothing = json!({ "id": id, "swot": null });
    let process = change(&app, "updateStrategyProcess", nothing, fields).await;
    assert_eq!(process["swot"], Value::Null);
}
