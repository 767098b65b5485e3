//! The way of a question from asking to what stays of it.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::{altdorf, answered, asked, input, seen, told};
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_sent_to_those_alike_and_to_authors_with_the_reason_of_each() {
    let app = TestApp::start().await;
    let fields = "question {
        title text language status revision municipality { slug } topics { id } contact { role }
        routedTo { municipality { slug } percentile solutions { title } }
        answers { id } acceptedAnswer { id } alsoInterested { slug }
    }";
    let mut input = input(&app).await;
    let contacts =
        "{ municipality(by: {slug: \"musterdorf\"}) { contacts { edges { node { id } } } } }";
    let contacts = app.query(contacts).await;
    let contacts = &contacts["data"]["municipality"]["contacts"]["edges"];
    input["contact"] = contacts[0]["node"]["id"].clone();
    let payload = app.mutate(Some(&app.editor), "askQuestion", input, fields).await;
    assert_json_snapshot!(payload, @r#"
    {
      "question": {
        "title": "Wie findet man einen Hausarzt?",
        "text": "Unserer geht in den Ruhestand, die Praxis steht bald leer.",
        "language": "de",
        "status": "OPEN",
        "revision": 1,
        "municipality": {
          "slug": "musterdorf"
        },
        "topics": [
          {
            "id": "Topic:health_care"
          }
        ],
        "contact": {
          "role": "Gemeindeentwicklung"
        },
        "routedTo": [
          {
            "municipality": {
              "slug": "altdorf"
            },
            "percentile": 99.35,
            "solutions": [
              {
                "title": "Dorfarzt gefunden"
              }
            ]
          },
          {
            "municipality": {
              "slug": "neustadt"
            },
            "percentile": 2.227,
            "solutions": []
          }
        ],
        "answers": [],
        "acceptedAnswer": null,
        "alsoInterested": []
      },
      "userErrors": []
    }
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_finds_its_way_into_lists_inboxes_and_searches() {
    let app = TestApp::start().await;
    let id = asked(&app).await;
    let document = "query($own: ID!) {
        questions(search: \"Arztpraxis\", filter: {topics: [\"Topic:health_care\"], statuses: [OPEN],
            askedBy: [$own], states: [\"DE-SN\"], languages: [\"de\"]}) {
            totalCount edges { node { id } highlights { field } }
            facets(fields: [QUESTION_STATUS, STATE]) { field values { value label count } }
        }
        answered: questions(filter: {statuses: [ANSWERED]}) { totalCount }
        other: questions(filter: {topics: [\"Topic:mobility\"]}) { totalCount }
        asker: municipality(by: {slug: \"musterdorf\"}) {
            asked: questions(role: ASKED) { totalCount } questions { totalCount }
        }
        author: municipality(by: {slug: \"altdorf\"}) {
            asked: questions(role: ASKED) { totalCount }
            questions(search: \"Hausarzt\", filter: {statuses: [OPEN]}) { edges { node { id } } }
        }
        search(text: \"Hausarzt\") {
            edges { node { __typename } } facets(fields: [KIND]) { values { value count } }
        }
        only: search(text: \"Hausarzt\", kinds: [QUESTION]) { edges { node { id } } }
    }";
    let variables = json!({ "own": app.municipality("musterdorf").await });
    let answer = app.run(None, document, variables).await;
    assert_json_snapshot!(answer, { ".**.id" => "[id]" }, @r#"
    {
      "data": {
        "questions": {
          "totalCount": 1,
          "edges": [
            {
              "node": {
                "id": "[id]"
              },
              "highlights": [
                {
                  "field": "title"
                },
                {
                  "field": "problem"
                }
              ]
            }
          ],
          "facets": [
            {
              "field": "STATE",
              "values": [
                {
                  "value": "DE-SN",
                  "label": "Saxony",
                  "count": 1
                }
              ]
            },
            {
              "field": "QUESTION_STATUS",
              "values": [
                {
                  "value": "OPEN",
                  "label": "Open",
                  "count": 1
                }
              ]
            }
          ]
        },
        "answered": {
          "totalCount": 0
        },
        "other": {
          "totalCount": 0
        },
        "asker": {
          "asked": {
            "totalCount": 1
          },
          "questions": {
            "totalCount": 0
          }
        },
        "author": {
          "asked": {
            "totalCount": 0
          },
          "questions": {
            "edges": [
              {
                "node": {
                  "id": "[id]"
                }
              }
            ]
          }
        },
        "search": {
          "edges": [
            {
              "node": {
                "__typename": "Question"
              }
            },
            {
              "node": {
                "__typename": "Solution"
              }
            }
          ],
          "facets": [
            {
              "values": [
                {
                  "value": "QUESTION",
                  "count": 1
                },
                {
                  "value": "SOLUTION",
                  "count": 1
                }
              ]
            }
          ]
        },
        "only": {
          "edges": [
            {
              "node": {
                "id": "[id]"
              }
            }
          ]
        }
      }
    }
    "#);
    assert_eq!(answer["data"]["only"]["edges"][0]["node"]["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_answer_stays_findable() {
    let app = TestApp::start().await;
    let (id, altdorf) = (asked(&app).await, altdorf(&app).await);
    let first = answered(&app, &altdorf, &id, "Wir warben mit einem Stipendium.").await;
    let second = answered(&app, &altdorf, &id, "Oder mit einer Genossenschaft.").await;
    let found = async |text: &str| {
        app.settle().await;
        let question = "query($text: String!) {
            questions(search: $text, strict: true) { edges { highlights { field } } }
        }";
        let question = question.replace(", strict: true", "");
        let answer = app.run(None, &question, json!({ "text": text })).await;
        answer["data"]["questions"]["edges"][0]["highlights"][0]["field"].clone()
    };
    assert_eq!(found("Stipendium").await, "text");
    let accept = async |answer: &Value| {
        let input = json!({ "id": id, "answer": answer });
        let fields =
            "question { status acceptedAnswer { id text isAccepted solutions { title } } }";
        app.mutate(Some(&app.editor), "acceptAnswer", input, fields).await
    };
    let payload = accept(&first).await;
    assert_eq!(
        payload["question"],
        json!({ "status": "ANSWERED", "acceptedAnswer": {
            "id": first, "text": "Wir warben mit einem Stipendium.", "isAccepted": true,
            "solutions": [{ "title": "Dorfarzt gefunden" }],
        } })
    );
    assert_eq!(found("Stipendium").await, "approach");
    assert_eq!(accept(&second).await["question"]["acceptedAnswer"]["id"], second);

    let close = json!({ "id": id });
    app.mutate(Some(&app.editor), "closeQuestion", close, "").await;
    assert_eq!(found("Genossenschaft").await, "approach");
    assert_eq!(seen(&app, None, &id, "status").await["status"], "CLOSED");
    assert_eq!(
        told(&app, &id).await,
        [
            "QUESTION_ASKED",
            "QUESTION_ANSWERED",
            "QUESTION_ANSWERED",
            "ANSWER_ACCEPTED",
            "ANSWER_ACCEPTED",
            "QUESTION_CLOSED"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_accepted_answer_a_question_is_open_again() {
    let app = TestApp::start().await;
    let (id, altdorf) = (asked(&app).await, altdorf(&app).await);
    let answer = answered(&app, &altdorf, &id, "Mit einem Stipendium.").await;
    let which = json!({ "id": id, "answer": answer });
    app.mutate(Some(&app.editor), "acceptAnswer", which.clone(), "").await;
    let change = json!({ "id": id, "answer": answer, "text": "Mit zweien.", "solutions": null });
    let fields = "question { answers { text solutions { id } isAccepted } }";
    let payload = app.mutate(Some(&altdorf), "updateAnswer", change, fields).await;
    let changed = json!([{ "text": "Mit zweien.", "solutions": [], "isAccepted": true }]);
    assert_eq!(payload["question"]["answers"], changed);
    let fields = "question { status acceptedAnswer { id } answers { id } }";
    let payload = app.mutate(Some(&altdorf), "withdrawAnswer", which, fields).await;
    let open = json!({ "status": "OPEN", "acceptedAnswer": null, "answers": [] });
    assert_eq!(payload["question"], open);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_say_that_they_have_the_same_question() {
    let app = TestApp::start().await;
    let id = asked(&app).await;
    let input = json!({ "id": id, "municipality": app.municipality("neustadt").await });
    let fields = "question { revision alsoInterested { slug } }";
    let joined = json!({ "revision": 2, "alsoInterested": [{ "slug": "neustadt" }] });
    for _ in 0..2 {
        let payload = app.mutate(Some(&app.neighbour), "joinQuestion", input.clone(), fields).await;
        assert_eq!(payload["question"], joined, "twice is once");
    }
    let payload = app.mutate(Some(&app.neighbour), "leaveQuestion", input, fields).await;
    assert_eq!(payload["question"], json!({ "revision": 3, "alsoInterested": [] }));
    assert_eq!(told(&app, &id).await, ["QUESTION_ASKED", "QUESTION_JOINED", "QUESTION_LEFT"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_changed_and_taken_back() {
    let app = TestApp::start().await;
    let id = asked(&app).await;
    let change = json!({
        "id": id, "expectedRevision": 1, "title": "Wie findet man eine Hebamme?", "topics": null,
    });
    let fields = "question { title topics { id } revision routedTo { municipality { slug } } }";
    let payload = app.mutate(Some(&app.editor), "updateQuestion", change.clone(), fields).await;
    assert_eq!(payload["question"]["title"], "Wie findet man eine Hebamme?");
    assert_eq!(payload["question"]["topics"], json!([]));
    assert!(!payload["question"]["routedTo"].as_array().expect("a list").is_empty());
    let stale = app.refused(Some(&app.editor), "updateQuestion", change).await;
    assert_eq!(stale, "STALE expectedRevision");

    let which = json!({ "id": id });
    app.mutate(Some(&app.editor), "withdrawQuestion", which.clone(), "").await;
    app.settle().await;
    let again = app.refused(Some(&app.editor), "withdrawQuestion", which).await;
    assert_eq!(again, "WRONG_STATE id");
    let count = async |token: Option<&str>| {
        let question = "{ questions { totalCount } search(text: \"Hebamme\") { totalCount } }";
        let answer = app.run(token, question, json!({})).await;
        let data = &answer["data"];
        (data["questions"]["totalCount"].clone(), data["search"]["totalCount"].clone())
    };
    for other in [None, Some(app.neighbour.as_str()), Some(app.reader.as_str())] {
        assert_eq!(seen(&app, other, &id, "title").await, Value::Null);
        assert_eq!(count(other).await, (json!(0), json!(0)));
    }
    assert_eq!(seen(&app, Some(&app.editor), &id, "status").await["status"], "WITHDRAWN");
    assert_eq!(count(Some(&app.editor)).await.0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_whom_it_was_sent_to_and_those_who_joined_hear_of_it() {
    let app = TestApp::start().await;
    let (id, altdorf) = (asked(&app).await, altdorf(&app).await);
    let join = json!({ "id": id, "municipality": app.municipality("neustadt").await });
    app.mutate(Some(&app.neighbour), "joinQuestion", join, "").await;
    answered(&app, &altdorf, &id, "So.").await;
    app.settle().await;
    let question = "{ events(last: 3) { edges { node { kind municipalities { slug } } } } }";
    let answer = app.query(question).await;
    for edge in answer["data"]["events"]["edges"].as_array().expect("a list") {
        let places = edge["node"]["municipalities"].as_array().expect("a list").iter();
        let places: Vec<&str> = places.filter_map(|it| it["slug"].as_str()).collect();
        assert_eq!(places, ["musterdorf", "altdorf", "neustadt"], "{edge}");
    }
}
