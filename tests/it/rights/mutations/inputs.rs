//! What makes each change of the API one that is sound, for who may make it.

use allmende::domain::Role;
use serde_json::{Value, json};

use super::super::{input, mutate, shown};
use super::{Cast, account};
use crate::support::TestApp;

/// Runs a preparation that must succeed, and gives one value of its payload.
async fn prepare(
    app: &TestApp,
    token: &str,
    mutation: &str,
    input: Value,
    fields: &str,
    pointer: &str,
) -> Value {
    let payload = app.mutate(Some(token), mutation, input, fields).await;
    assert_eq!(payload["userErrors"], json!([]), "{mutation}: {payload}");
    payload.pointer(pointer).unwrap_or_else(|| panic!("{payload}")).clone()
}

/// A record of `musterdorf` that was put away: only its own people know of it.
async fn put_away(app: &TestApp, kind: &str) -> Value {
    let id = shown(app, kind).await;
    mutate(app, Some(&app.editor), "archive", kind, json!({ "id": id })).await;
    json!(id)
}

/// A profile of `musterdorf`, of a day that no other one has; put away if it is to be published.
async fn profile(app: &TestApp, change: &str, nth: usize) -> Value {
    let own = app.municipality("musterdorf").await;
    let decade = match change {
        "archiveProfile" => 1970,
        "publishProfile" => 1980,
        _ => 1990,
    };
    let made = json!({ "municipality": own, "referenceDate": format!("{}-12-31", decade + nth) });
    let (fields, pointer) = ("profile { id }", "/profile/id");
    let id = prepare(app, &app.editor, "createProfile", made, fields, pointer).await;
    let mut steps = vec!["publishProfile"];
    if change == "publishProfile" {
        steps.push("archiveProfile");
    }
    for step in steps {
        app.mutate(Some(&app.editor), step, json!({ "id": id }), "").await;
    }
    id
}

/// An answered question of `musterdorf`, and the answer, which comes from `altdorf` or from itself.
async fn question(app: &TestApp, cast: &Cast, own_answer: bool) -> (Value, Value) {
    let own = app.municipality("musterdorf").await;
    let asked =
        json!({ "municipality": own, "title": "Wer hat einen Arzt?", "text": "Wir nicht." });
    let id =
        prepare(app, &app.editor, "askQuestion", asked, "question { id }", "/question/id").await;
    let (token, place) = match own_answer {
        true => (&app.editor, own),
        false => (&cast.altdorf, app.municipality("altdorf").await),
    };
    let answer = json!({ "id": id, "municipality": place, "text": "Wir." });
    let fields = "question { answers { id } }";
    let pointer = "/question/answers/0/id";
    let answer = prepare(app, token, "answerQuestion", answer, fields, pointer).await;
    (id, answer)
}

/// A strategy process of `musterdorf` that everybody reads, with a measure that was done.
async fn process(app: &TestApp) -> (Value, Value) {
    let found = app
        .query("{ municipality(by: {slug: \"musterdorf\"}) { processes(first: 1) { edges { node { id } } } } }")
        .await;
    let id = found["data"]["municipality"]["processes"]["edges"][0]["node"]["id"].clone();
    let measure = json!({ "id": id, "title": "Arzt suchen", "status": "DONE" });
    let fields = "strategyProcess { measures { id } }";
    let payload = app.mutate(Some(&app.editor), "addMeasure", measure, fields).await;
    let measures = payload["strategyProcess"]["measures"].as_array();
    let last = measures.and_then(|all| all.last()).unwrap_or_else(|| panic!("{payload}"));
    (id, last["id"].clone())
}

/// A watch of the editor, who has no room for one for each try.
async fn watch(app: &TestApp) -> Value {
    let question = "{ viewer { watches { id } } }";
    let found = app.run(Some(&app.editor), question, json!({})).await;
    match &found["data"]["viewer"]["watches"][0]["id"] {
        Value::Null => {
            let input = json!({ "name": "Busse", "selection": {}, "channel": "FEED" });
            let (fields, pointer) = ("watch { id }", "/watch/id");
            prepare(app, &app.editor, "createWatch", input, fields, pointer).await
        }
        id => id.clone(),
    }
}

/// A new solution of `neustadt`.
async fn foreign(app: &TestApp) -> String {
    app.published(&app.neighbour, app.complete("neustadt", "Von nebenan").await).await
}

/// A webhook of the editor's to which something is sent.
async fn webhook(app: &TestApp) -> Value {
    let mine = app.edit("{ viewer { webhooks { id } } }", json!({})).await;
    let id = &mine["data"]["viewer"]["webhooks"][0]["id"];
    let (fields, pointer) = ("webhook { id }", "/webhook/id");
    let (step, input) = match id {
        Value::Null => ("createWebhook", json!({ "url": "https://receiver.example.org/hook" })),
        id => ("enableWebhook", json!({ "id": id })),
    };
    prepare(app, &app.editor, step, input, fields, pointer).await
}

/// An adoption by `musterdorf`.
async fn adoption(app: &TestApp) -> Value {
    let own = app.municipality("musterdorf").await;
    let input =
        json!({ "municipality": own, "solution": foreign(app).await, "status": "PLANNING" });
    let (fields, pointer) = ("adoption { id }", "/adoption/id");
    prepare(app, &app.editor, "declareAdoption", input, fields, pointer).await
}

/// An input that is in order, for one who may.
pub(super) async fn sound(app: &TestApp, cast: &Cast, change: &str, nth: usize) -> Value {
    let own = app.municipality("musterdorf").await;
    let kind = ["Contact", "Document", "Profile"].into_iter().find(|kind| change.ends_with(kind));
    match (change, kind) {
        ("createProfile", _) => {
            json!({ "municipality": own, "referenceDate": format!("20{:02}-12-31", 24 + nth) })
        }
        ("withdrawConsent", _) => {
            let named = json!({
                "municipality": own, "role": "Bauamt", "person": "Kim", "consentAt": "2026-01-01",
            });
            let (fields, pointer) = ("contact { id }", "/contact/id");
            let id = prepare(app, &app.editor, "createContact", named, fields, pointer).await;
            app.mutate(Some(&app.editor), "publishContact", json!({ "id": id }), "").await;
            json!({ "id": id })
        }
        // Without a mail server nobody's message is taken, whoever may send one.
        ("requestContact", _) => json!({
            "contact": shown(app, "Contact").await, "message": "Was kostet das?",
            "replyTo": "amt@neustadt.example.org",
        }),
        (_, Some(kind)) if change.starts_with("create") => input(kind, &own),
        (_, Some("Profile")) => json!({ "id": profile(app, change, nth).await }),
        (_, Some(kind)) if change.starts_with("publish") => {
            json!({ "id": put_away(app, kind).await })
        }
        (_, Some(kind)) => json!({ "id": shown(app, kind).await }),
        ("createSolution", _) => input("Solution", &own),
        // Where one person does all there is never one; whoever may throw it away hears that.
        ("discardNextVersion", _) => json!({ "id": shown(app, "Solution").await }),
        ("restoreSolutionVersion", _) => {
            let id = shown(app, "Solution").await;
            for lessons in ["Früh anfangen.", "Dranbleiben."] {
                app.update(&app.editor, json!({ "id": id, "lessons": lessons })).await;
            }
            let question = "query($id: ID!) { solution(by: {id: $id}) { versions { id } } }";
            let found = app.run(Some(&app.editor), question, json!({ "id": id })).await;
            json!({ "id": found["data"]["solution"]["versions"][0]["id"] })
        }
        ("createOrganisation", _) => {
            json!({ "name": format!("Büro {nth}"), "kind": "FIRM", "enteredBy": own })
        }
        ("updateOrganisation" | "archiveOrganisation" | "publishOrganisation", _) => {
            let entered = json!({ "name": "Kreisverein", "kind": "NGO", "enteredBy": own });
            let (fields, pointer) = ("organisation { id }", "/organisation/id");
            let id =
                prepare(app, &app.editor, "createOrganisation", entered, fields, pointer).await;
            if change == "publishOrganisation" {
                app.mutate(Some(&app.editor), "archiveOrganisation", json!({ "id": id }), "").await;
            }
            json!({ "id": id })
        }
        ("removeDocumentFile" | "uploadDocumentFile", _) => {
            json!({ "id": shown(app, "Document").await })
        }
        ("askQuestion", _) => json!({ "municipality": own, "title": "Wer?", "text": "Weiß wer?" }),
        ("updateQuestion" | "closeQuestion" | "withdrawQuestion", _) => {
            json!({ "id": question(app, cast, false).await.0 })
        }
        ("acceptAnswer", _) => {
            let (id, answer) = question(app, cast, false).await;
            json!({ "id": id, "answer": answer })
        }
        ("updateAnswer" | "withdrawAnswer", _) => {
            let (id, answer) = question(app, cast, true).await;
            json!({ "id": id, "answer": answer })
        }
        ("answerQuestion" | "joinQuestion" | "leaveQuestion", _) => {
            let asked = json!({
                "municipality": app.municipality("altdorf").await, "title": "Wer?", "text": "Weiß wer?",
            });
            let (fields, pointer) = ("question { id }", "/question/id");
            let id = prepare(app, &cast.altdorf, "askQuestion", asked, fields, pointer).await;
            if change == "leaveQuestion" {
                let join = json!({ "id": id, "municipality": own });
                app.mutate(Some(&app.editor), "joinQuestion", join, "").await;
            }
            match change {
                "answerQuestion" => json!({ "id": id, "municipality": own, "text": "Wir." }),
                _ => json!({ "id": id, "municipality": own }),
            }
        }
        ("declareAdoption", _) => {
            json!({ "municipality": own, "solution": foreign(app).await, "status": "IN_USE" })
        }
        ("suggestAdoption", _) => {
            let place = app.municipality("altdorf").await;
            json!({ "municipality": place, "solution": shown(app, "Solution").await, "status": "IN_USE" })
        }
        ("confirmAdoption", _) => {
            let suggested =
                json!({ "municipality": own, "solution": foreign(app).await, "status": "IN_USE" });
            let (fields, pointer) = ("adoption { id }", "/adoption/id");
            let token = &app.neighbour;
            json!({ "id": prepare(app, token, "suggestAdoption", suggested, fields, pointer).await })
        }
        ("updateAdoption" | "withdrawAdoption", _) => json!({ "id": adoption(app).await }),
        ("giveFeedback" | "withdrawFeedback", _) => {
            let given = json!({
                "municipality": own, "solution": foreign(app).await, "text": "Der Vertrag half uns.",
            });
            if change == "giveFeedback" {
                return given;
            }
            let (fields, pointer) = ("feedback { id }", "/feedback/id");
            json!({ "id": prepare(app, &app.editor, "giveFeedback", given, fields, pointer).await })
        }
        ("createWatch", _) => json!({ "name": "Busse", "selection": {}, "channel": "FEED" }),
        (_, None) if change.contains("Watch") => json!({ "id": watch(app).await }),
        ("createStrategyProcess", _) => json!({ "municipality": own }),
        ("publishStrategyProcess", _) => {
            let begun = json!({ "municipality": own });
            let (fields, pointer) = ("strategyProcess { id }", "/strategyProcess/id");
            let mutation = "createStrategyProcess";
            json!({ "id": prepare(app, &app.editor, mutation, begun, fields, pointer).await })
        }
        ("archiveStrategyProcess", _) => {
            let begun = json!({ "municipality": own });
            let (fields, pointer) = ("strategyProcess { id }", "/strategyProcess/id");
            let mutation = "createStrategyProcess";
            let id = prepare(app, &app.editor, mutation, begun, fields, pointer).await;
            app.mutate(Some(&app.editor), "publishStrategyProcess", json!({ "id": id }), "").await;
            json!({ "id": id })
        }
        ("updateStrategyProcess", _) => json!({ "id": process(app).await.0 }),
        ("addMeasure", _) => json!({ "id": process(app).await.0, "title": "Bus" }),
        ("updateMeasure" | "removeMeasure" | "draftSolutionFromMeasure", _) => {
            let (id, measure) = process(app).await;
            json!({ "id": id, "measure": measure })
        }
        ("setProcessStep", _) => json!({ "id": process(app).await.0, "step": "KICK_OFF" }),
        ("removeProcessStep", _) => {
            let (id, _) = process(app).await;
            let step = json!({ "id": id, "step": "WORKSHOP", "state": "DONE" });
            app.mutate(Some(&app.editor), "setProcessStep", step, "").await;
            json!({ "id": id, "step": "WORKSHOP" })
        }
        ("setSynonyms", _) => {
            json!({ "terms": [format!("Rufbus {nth}"), format!("Anrufbus {nth}")] })
        }
        ("removeSynonyms", _) => {
            let made = json!({ "terms": ["Hausarzt", "Doktor"] });
            app.mutate(Some(&cast.admin), "setSynonyms", made, "").await;
            json!({ "term": "Hausarzt" })
        }
        ("noteOpened", _) => json!({ "search": app.solution("T1").await }),
        ("setOnePerson", _) => json!({
            "municipality": app.municipality("musterkreis").await, "onePerson": nth % 2 == 1,
        }),
        // Tokens have no password. Who is signed in changes it, see `sessions`; here it is a wrong one,
        // for with another password nobody would be signed in for the rest of the walk.
        ("changePassword", _) => json!({
            "currentPassword": "nicht meines", "newPassword": "ein anderes Kennwort",
        }),
        ("createAccount", _) => json!({
            "email": format!("neu{nth}@example.org"),
            "grants": [{ "role": "READER", "municipality": own }],
        }),
        ("updateAccount" | "eraseAccount", _) => {
            let email = format!("{change}{nth}@example.org").to_lowercase();
            json!({ "id": account(app, &cast.admin, &email, json!([])).await })
        }
        // Whoever holds a role hands it on; here the right to read, which goes with every role.
        ("createAccessToken", _) => json!({ "name": "Skript", "grant": { "role": "READER" } }),
        ("revokeAccessToken", _) => {
            app.token(Role::Reader, "musterdorf").await;
            let question = "{ viewer { accessTokens { id } } }";
            let answer = app.run(Some(&cast.admin), question, json!({})).await;
            let tokens = answer["data"]["viewer"]["accessTokens"].as_array();
            let ids = tokens.into_iter().flatten().map(|token| token["id"].clone());
            json!({ "id": ids.max_by_key(Value::to_string).unwrap_or_else(|| panic!("{answer}")) })
        }
        // Those who may have one of their own; here each tries the editor's.
        ("createWebhook", _) => json!({ "url": "https://receiver.example.org/hook" }),
        (change, _) if change.ends_with("Webhook") || change.ends_with("WebhookSecret") => {
            json!({ "id": webhook(app).await })
        }
        ("replayFailedDeliveries", _) => json!({ "webhook": webhook(app).await }),
        ("replayDelivery", _) => {
            let test = json!({ "id": webhook(app).await });
            let (fields, pointer) = ("delivery { id }", "/delivery/id");
            json!({ "id": prepare(app, &app.editor, "testWebhook", test, fields, pointer).await })
        }
        (other, _) => panic!("no input for {other}"),
    }
}
