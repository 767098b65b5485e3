//! Who may do what with questions, and what is refused.

use allmende::domain::Role;
use serde_json::{Value, json};

use super::{altdorf, answered, asked, input, seen};
use crate::support::TestApp;

/// Each mutation of a question with an input that is in order.
async fn mutations(app: &TestApp, question: &Value, answer: &Value) -> Vec<(&'static str, Value)> {
    let own = app.municipality("musterdorf").await;
    let author = app.municipality("altdorf").await;
    vec![
        ("askQuestion", input(app).await),
        ("updateQuestion", json!({ "id": question, "title": "Anders" })),
        ("closeQuestion", json!({ "id": question })),
        ("withdrawQuestion", json!({ "id": question })),
        ("acceptAnswer", json!({ "id": question, "answer": answer })),
        ("joinQuestion", json!({ "id": question, "municipality": own })),
        ("leaveQuestion", json!({ "id": question, "municipality": own })),
        ("answerQuestion", json!({ "id": question, "municipality": author, "text": "So." })),
        ("updateAnswer", json!({ "id": question, "answer": answer, "text": "Anders." })),
        ("withdrawAnswer", json!({ "id": question, "answer": answer })),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_acts_for_a_municipality_speaks_for_it() {
    let app = TestApp::start().await;
    let (id, altdorf) = (asked(&app).await, altdorf(&app).await);
    let answer = answered(&app, &altdorf, &id, "Mit einem Stipendium.").await;
    let before = app.head().await;
    for (mutation, input) in mutations(&app, &id, &answer).await {
        let code = app.refused(None, mutation, input.clone()).await;
        assert_eq!(code, "UNAUTHENTICATED", "{mutation}");
        for other in [&app.reader, &app.neighbour] {
            let code = app.refused(Some(other), mutation, input.clone()).await;
            assert_eq!(code, "FORBIDDEN", "{mutation}");
        }
    }
    for (mutation, code) in [("updateAnswer", "FORBIDDEN"), ("withdrawAnswer", "FORBIDDEN")] {
        // Who asks does not put words into the mouths of others.
        let input = json!({ "id": id, "answer": answer });
        assert_eq!(app.refused(Some(&app.editor), mutation, input).await, code, "{mutation}");
    }
    assert_eq!(app.head().await, before, "a refused change was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn moderators_end_and_take_away_but_do_not_speak_for_others() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let (id, altdorf) = (asked(&app).await, altdorf(&app).await);
    let answer = answered(&app, &altdorf, &id, "Werbung.").await;
    for (mutation, input) in mutations(&app, &id, &answer).await {
        if !["closeQuestion", "withdrawQuestion", "withdrawAnswer"].contains(&mutation) {
            assert_eq!(
                app.refused(Some(&moderator), mutation, input).await,
                "FORBIDDEN",
                "{mutation}"
            );
        }
    }
    let which = json!({ "id": id, "answer": answer });
    assert_eq!(app.refused(Some(&moderator), "withdrawAnswer", which).await, "");
    let which = json!({ "id": id });
    assert_eq!(app.refused(Some(&moderator), "closeQuestion", which.clone()).await, "");
    assert_eq!(app.refused(Some(&moderator), "withdrawQuestion", which).await, "");
    assert_eq!(seen(&app, Some(&moderator), &id, "status").await["status"], "WITHDRAWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_question_is_told() {
    let app = TestApp::start().await;
    let sound = input(&app).await;
    let contacts =
        "{ municipality(by: {slug: \"neustadt\"}) { contacts { edges { node { id } } } } }";
    let contacts = app.query(contacts).await;
    let foreign = contacts["data"]["municipality"]["contacts"]["edges"][0]["node"]["id"].clone();
    let before = app.head().await;
    for (field, value, expected) in [
        (
            "municipality",
            json!("Municipality:01J5Z3NDEKTSV4RRFFQ69G5FAV"),
            "NOT_FOUND municipality",
        ),
        ("title", json!(""), "REQUIRED title"),
        ("title", json!("x".repeat(151)), "TOO_LONG title"),
        ("text", json!(" "), "REQUIRED text"),
        ("topics", json!(["Topic:mobility", "Topic:nothing"]), "NOT_FOUND topics.1"),
        (
            "topics",
            json!(["Topic:a", "Topic:b", "Topic:c", "Topic:d", "Topic:e"]),
            "TOO_MANY topics",
        ),
        ("language", json!("?"), "INVALID language"),
        ("contact", json!("Contact:01J5Z3NDEKTSV4RRFFQ69G5FAV"), "NOT_FOUND contact"),
        ("contact", foreign, "NOT_ALLOWED contact"),
        ("contact", json!("Solution:01J5Z3NDEKTSV4RRFFQ69G5FAV"), "BAD_USER_INPUT"),
    ] {
        let mut input = sound.clone();
        input[field] = value;
        assert_eq!(app.refused(Some(&app.editor), "askQuestion", input).await, expected);
    }
    assert_eq!(app.head().await, before);
    let id = asked(&app).await;
    for (input, expected) in [
        (json!({ "id": id, "title": null }), "REQUIRED title"),
        (json!({ "id": id, "topics": ["Topic:nothing"] }), "NOT_FOUND topics.0"),
        (json!({ "id": "Question:01J5Z3NDEKTSV4RRFFQ69G5FAV", "title": "X" }), "NOT_FOUND id"),
    ] {
        assert_eq!(app.refused(Some(&app.editor), "updateQuestion", input).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_answer_is_told() {
    let app = TestApp::start().await;
    let (id, altdorf) = (asked(&app).await, altdorf(&app).await);
    let draft = app.draft(&app.editor, app.complete("musterdorf", "Entwurf").await).await;
    let nothing = "Solution:01J5Z3NDEKTSV4RRFFQ69G5FAV";
    let own = app.municipality("altdorf").await;
    for (field, value, expected) in [
        ("id", json!("Question:01J5Z3NDEKTSV4RRFFQ69G5FAV"), "NOT_FOUND id"),
        ("text", json!(""), "REQUIRED text"),
        ("text", json!("a\u{0}"), "INVALID text"),
        ("solutions", json!([app.solution("T1").await, nothing]), "NOT_FOUND solutions.1"),
        ("solutions", json!([draft]), "NOT_FOUND solutions.0"),
        (
            "documents",
            json!(["ProjectDocument:01J5Z3NDEKTSV4RRFFQ69G5FAV"]),
            "NOT_FOUND documents.0",
        ),
    ] {
        let mut input = json!({ "id": id, "municipality": own, "text": "So." });
        input[field] = value;
        assert_eq!(app.refused(Some(&altdorf), "answerQuestion", input).await, expected);
    }
    let answer = answered(&app, &altdorf, &id, "So.").await;
    let other = "Answer:01J5Z3NDEKTSV4RRFFQ69G5FAV";
    for mutation in ["acceptAnswer", "updateAnswer", "withdrawAnswer"] {
        let input = json!({ "id": id, "answer": other });
        assert_eq!(app.refused(Some(&app.editor), mutation, input).await, "NOT_FOUND answer");
    }
    let input = json!({ "id": id, "answer": answer, "solutions": [draft] });
    assert_eq!(app.refused(Some(&altdorf), "updateAnswer", input).await, "NOT_FOUND solutions.0");
    app.mutate(Some(&app.editor), "closeQuestion", json!({ "id": id }), "").await;
    let input = json!({ "id": id, "municipality": own, "text": "Zu spät." });
    assert_eq!(app.refused(Some(&altdorf), "answerQuestion", input).await, "WRONG_STATE id");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_was_taken_back_looks_like_none() {
    let app = TestApp::start().await;
    let (id, altdorf) = (asked(&app).await, altdorf(&app).await);
    let answer = answered(&app, &altdorf, &id, "So.").await;
    app.mutate(Some(&app.editor), "withdrawQuestion", json!({ "id": id }), "").await;
    let unknown = json!("Question:01J5Z3NDEKTSV4RRFFQ69G5FAV");
    for other in [&altdorf, &app.neighbour] {
        for mutation in ["updateQuestion", "closeQuestion", "withdrawQuestion"] {
            let refused =
                async |id: &Value| app.refused(Some(other), mutation, json!({ "id": id })).await;
            assert_eq!(
                (refused(&id).await, refused(&unknown).await),
                ("NOT_FOUND id".into(), "NOT_FOUND id".into())
            );
        }
        for mutation in ["acceptAnswer", "updateAnswer", "withdrawAnswer"] {
            let input = json!({ "id": id, "answer": answer });
            assert_eq!(app.refused(Some(other), mutation, input).await, "NOT_FOUND id");
        }
    }
}
