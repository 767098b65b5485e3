//! Two pairs of eyes: a text goes through review, and readers keep the last one that passed.

use allmende::domain::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

const SOLUTION: &str = "query($id: ID!) { solution(by: {id: $id}) {
    title version quality lifecycle
    nextVersion { id number lifecycle content { title } differences { path before after } }
    versions { id number content { title } }
    transitions { action reason version }
} }";

async fn run(app: &TestApp, token: &str, name: &str, input: Value) -> Value {
    let type_name = name[..1].to_uppercase() + &name[1..];
    let document = format!(
        "mutation($input: {type_name}Input!) {{ payload: {name}(input: $input) {{
            solution {{ lifecycle version }} userErrors {{ code path message }}
        }} }}"
    );
    app.run(Some(token), &document, json!({ "input": input })).await["data"]["payload"].clone()
}

async fn steps(app: &TestApp, id: &str, steps: &[(&str, &str)]) {
    for (token, name) in steps {
        let payload = run(app, token, name, json!({ "id": id })).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}");
    }
}

async fn seen(app: &TestApp, token: Option<&str>, id: &str) -> Value {
    app.run(token, SOLUTION, json!({ "id": id })).await["data"]["solution"].clone()
}

/// A published solution of a town hall with two people, and their tokens.
async fn published(app: &TestApp) -> (String, String, String) {
    let editor = app.token(Role::Editor, "altdorf").await;
    let approver = app.token(Role::Approver, "altdorf").await;
    let id = app.draft(&editor, app.complete("altdorf", "Erste Fassung").await).await;
    let way = [
        (editor.as_str(), "submitSolution"),
        (&approver, "startSolutionReview"),
        (&approver, "approveSolution"),
        (&editor, "publishSolution"),
    ];
    steps(app, &id, &way).await;
    (id, editor, approver)
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_keep_what_was_approved_until_the_next_version_is() {
    let app = TestApp::start().await;
    let (id, editor, approver) = published(&app).await;
    assert_eq!(seen(&app, None, &id).await["quality"], "CHECKED");
    run(&app, &editor, "updateSolution", json!({ "id": id, "title": "Zweite Fassung" })).await;

    let reader = seen(&app, None, &id).await;
    assert_eq!((&reader["title"], &reader["version"]), (&json!("Erste Fassung"), &json!(1)));
    assert_eq!(reader["nextVersion"], Value::Null);
    assert_eq!(reader["versions"].as_array().map(Vec::len), Some(1));
    assert_eq!(reader["transitions"], json!([]));

    let next = seen(&app, Some(&editor), &id).await["nextVersion"].clone();
    assert_eq!((&next["number"], &next["lifecycle"]), (&json!(2), &json!("DRAFT")));
    assert_eq!(
        next["differences"],
        json!([{ "path": ["title"], "before": "Erste Fassung", "after": "Zweite Fassung" }])
    );
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let hidden = app.run(None, node, json!({ "id": next["id"] })).await;
    assert_eq!(hidden["data"]["node"], Value::Null, "a next version is not for everybody");

    let way = [
        (editor.as_str(), "submitSolution"),
        (&approver, "startSolutionReview"),
        (&approver, "approveSolution"),
        (&editor, "publishSolution"),
    ];
    steps(&app, &id, &way).await;
    let reader = seen(&app, None, &id).await;
    assert_eq!((&reader["title"], &reader["version"]), (&json!("Zweite Fassung"), &json!(2)));
    let titles: Vec<_> = reader["versions"].as_array().expect("a list").iter().collect();
    assert_eq!(titles[1]["content"]["title"], "Erste Fassung");
    assert_eq!(titles.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_a_text_cannot_approve_it() {
    let app = TestApp::start().await;
    let approver = app.token(Role::Approver, "altdorf").await;
    let admin = sign_up(&app, &[("EDITOR", "altdorf"), ("APPROVER", "altdorf")]).await;
    let id = app.draft(&admin, app.complete("altdorf", "Selbst geschrieben").await).await;
    steps(&app, &id, &[(&admin, "submitSolution"), (&approver, "startSolutionReview")]).await;
    let payload = run(&app, &admin, "approveSolution", json!({ "id": id })).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_ALLOWED", "{payload}");
    steps(&app, &id, &[(&approver, "approveSolution")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_a_measure_up_does_not_approve_the_text() {
    let app = TestApp::start().await;
    let both = sign_up(&app, &[("EDITOR", "altdorf"), ("APPROVER", "altdorf")]).await;
    let place = app.municipality("altdorf").await;
    let process = json!({ "municipality": place, "starts": "2024-01" });
    let begun = app.mutate(Some(&both), "createStrategyProcess", process, "strategyProcess { id }");
    let process = begun.await["strategyProcess"]["id"].clone();
    let measure = json!({
        "id": process, "title": "Rufbus", "status": "DONE", "topics": ["Topic:mobility"],
    });
    let fields = "strategyProcess { measures { id } }";
    let added = app.mutate(Some(&both), "addMeasure", measure, fields).await;
    let input = json!({ "id": process, "measure": added["strategyProcess"]["measures"][0]["id"] });
    let drafted =
        app.mutate(Some(&both), "draftSolutionFromMeasure", input, "solution { id }").await;
    let id = drafted["solution"]["id"].as_str().expect("a draft").to_owned();
    // A colleague fills in what is missing.
    let editor = app.token(Role::Editor, "altdorf").await;
    let mut rest = app.complete("altdorf", "Rufbus").await;
    rest["id"] = json!(id);
    app.update(&editor, rest).await;
    steps(&app, &id, &[(&editor, "submitSolution"), (&both, "startSolutionReview")]).await;
    let payload = run(&app, &both, "approveSolution", json!({ "id": id })).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_ALLOWED", "{payload}");
    let approver = app.token(Role::Approver, "altdorf").await;
    steps(&app, &id, &[(&approver, "approveSolution")]).await;
}

/// Somebody with several roles, signed in.
async fn sign_up(app: &TestApp, grants: &[(&str, &str)]) -> String {
    let admin = app.token(Role::Admin, "altdorf").await;
    let mut held = Vec::new();
    for (role, slug) in grants {
        held.push(json!({ "role": role, "municipality": app.municipality(slug).await }));
    }
    let input = json!({
        "email": "bauamt@altdorf.example.org", "password": "ein langes Kennwort", "grants": held,
    });
    let create = "mutation($input: CreateAccountInput!) {
        createAccount(input: $input) { account { id } userErrors { code path } }
    }";
    let answer = app.run(Some(&admin), create, json!({ "input": input })).await;
    assert_eq!(answer["data"]["createAccount"]["userErrors"], json!([]), "{answer}");
    app.sign_in("bauamt@altdorf.example.org", "ein langes Kennwort").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_is_taken_up_again_on_the_way_of_every_change() {
    let app = TestApp::start().await;
    let (id, editor, approver) = published(&app).await;
    run(&app, &editor, "updateSolution", json!({ "id": id, "title": "Zweite Fassung" })).await;
    let way = [
        (editor.as_str(), "submitSolution"),
        (&approver, "startSolutionReview"),
        (&approver, "approveSolution"),
        (&editor, "publishSolution"),
    ];
    steps(&app, &id, &way).await;
    let first = seen(&app, Some(&editor), &id).await["versions"][1]["id"].clone();
    run(&app, &editor, "restoreSolutionVersion", json!({ "id": first })).await;
    let solution = seen(&app, Some(&editor), &id).await;
    assert_eq!(solution["title"], "Zweite Fassung");
    assert_eq!(solution["nextVersion"]["content"]["title"], "Erste Fassung");
    steps(&app, &id, &way).await;
    let solution = seen(&app, None, &id).await;
    assert_eq!((&solution["title"], &solution["version"]), (&json!("Erste Fassung"), &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_back_comes_with_a_reason_that_its_authors_read() {
    let app = TestApp::start().await;
    let editor = app.token(Role::Editor, "altdorf").await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let id = app.draft(&editor, app.complete("altdorf", "Zu kurz").await).await;
    steps(&app, &id, &[(&editor, "submitSolution"), (&moderator, "startSolutionReview")]).await;
    let empty = json!({ "id": id, "reason": " " });
    let payload = run(&app, &moderator, "requestSolutionChanges", empty).await;
    assert_eq!(payload["userErrors"][0]["path"], json!(["reason"]));
    let point = json!({ "point": "FACTS_CHECKED", "met": false });
    let input = json!({ "id": id, "reason": "Bitte Kosten nennen.", "checklist": [point] });
    run(&app, &moderator, "requestSolutionChanges", input).await;
    let solution = seen(&app, Some(&editor), &id).await;
    assert_eq!(solution["lifecycle"], "CHANGES_REQUESTED");
    let last = &solution["transitions"][0];
    assert_eq!(
        (&last["action"], &last["reason"]),
        (&json!("REQUEST_CHANGES"), &json!("Bitte Kosten nennen."))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_leads_on_to_the_solution_that_took_its_place() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let kept = app.published(&app.editor, app.complete("musterdorf", "Original").await).await;
    let double = app.published(&app.editor, app.complete("musterdorf", "Doppelgänger").await).await;
    let itself = json!({ "id": double, "into": double, "reason": "Doppelt." });
    let payload = run(&app, &moderator, "mergeSolution", itself).await;
    assert_eq!(payload["userErrors"][0]["path"], json!(["into"]));
    let input = json!({ "id": double, "into": kept, "reason": "Doppelt." });
    run(&app, &moderator, "mergeSolution", input).await;
    app.settle().await;
    let question = "query($id: ID!) {
        solution(by: {id: $id}) { lifecycle mergedInto { title } }
        solutions(search: \"Doppelgänger\") { totalCount }
    }";
    let answer = app.run(None, question, json!({ "id": double })).await;
    assert_eq!(answer["data"]["solution"]["mergedInto"]["title"], "Original");
    assert_eq!(answer["data"]["solutions"]["totalCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_away_unread_stays_with_its_authors() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let kept = app.published(&app.editor, app.complete("musterdorf", "Original").await).await;
    let draft = app.draft(&app.editor, app.complete("musterdorf", "Nie gezeigt").await).await;
    run(&app, &app.editor, "archiveSolution", json!({ "id": draft })).await;
    assert_eq!(seen(&app, Some(&app.editor), &draft).await["lifecycle"], "ARCHIVED");
    assert_eq!(seen(&app, Some(&moderator), &draft).await, Value::Null);
    let merge = json!({ "id": draft, "into": kept, "reason": "Doppelt." });
    let payload = run(&app, &moderator, "mergeSolution", merge).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_FOUND");
    assert_eq!(seen(&app, None, &draft).await, Value::Null);
}

/// Somebody who edits for `musterdorf`, where one person does all, and for `altdorf`, where two do.
async fn editor_of_two(app: &TestApp) -> String {
    let admin = app.token(Role::Admin, "musterdorf").await;
    let (one, two) = (app.municipality("musterdorf").await, app.municipality("altdorf").await);
    let (email, password) = ("kreis@altdorf.example.org", "ein langes Kennwort");
    let input = json!({
        "email": email, "password": password, "name": "Kreis",
        "grants": [
            { "role": "EDITOR", "municipality": one }, { "role": "EDITOR", "municipality": two },
        ],
    });
    app.mutate(Some(&admin), "createAccount", input, "account { id }").await;
    app.sign_in(email, password).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_one_with_a_second_pair_of_eyes_is_enough_to_need_it() {
    let app = TestApp::start().await;
    let editor = editor_of_two(&app).await;
    let (one, two) = (app.municipality("musterdorf").await, app.municipality("altdorf").await);
    for owners in [json!([one, two]), json!([two, one])] {
        let mut input = app.complete("musterdorf", "Gemeinsam").await;
        input["municipalities"] = owners.clone();
        let id = app.draft(&editor, input).await;
        let payload = run(&app, &editor, "publishSolution", json!({ "id": id })).await;
        assert_eq!(payload["userErrors"][0]["code"], "WRONG_STATE", "{owners}");
        let turned = json!({ "id": id, "municipalities": [owners[1], owners[0]] });
        assert_eq!(run(&app, &editor, "updateSolution", turned).await["userErrors"], json!([]));
        let payload = run(&app, &editor, "publishSolution", json!({ "id": id })).await;
        assert_eq!(payload["userErrors"][0]["code"], "WRONG_STATE", "{owners}, turned");
        let alone = json!({ "id": id, "municipalities": [one] });
        assert_eq!(run(&app, &editor, "updateSolution", alone).await["userErrors"], json!([]));
        let payload = run(&app, &editor, "publishSolution", json!({ "id": id })).await;
        assert_eq!(payload["userErrors"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_worked_on_is_discarded_on_purpose_only() {
    let app = TestApp::start().await;
    let (id, editor, approver) = published(&app).await;
    run(&app, &editor, "updateSolution", json!({ "id": id })).await;
    assert_eq!(seen(&app, Some(&editor), &id).await["nextVersion"], Value::Null, "no change");
    run(&app, &editor, "updateSolution", json!({ "id": id, "title": "In Arbeit" })).await;
    let first = seen(&app, Some(&editor), &id).await["versions"][0]["id"].clone();
    let payload = run(&app, &editor, "restoreSolutionVersion", json!({ "id": first })).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_ALLOWED", "{payload}");
    let next = seen(&app, Some(&editor), &id).await["nextVersion"]["content"]["title"].clone();
    assert_eq!(next, "In Arbeit");

    let which = json!({ "id": id });
    steps(&app, &id, &[(&editor, "submitSolution"), (&approver, "startSolutionReview")]).await;
    let payload = run(&app, &editor, "discardNextVersion", which.clone()).await;
    assert_eq!(payload["userErrors"][0]["code"], "WRONG_STATE", "it lies with who reviews");
    steps(&app, &id, &[(&editor, "withdrawSolution"), (&editor, "discardNextVersion")]).await;
    let solution = seen(&app, Some(&editor), &id).await;
    assert_eq!(solution["nextVersion"], Value::Null);
    assert_eq!((&solution["title"], &solution["version"]), (&json!("Erste Fassung"), &json!(1)));
    let payload = run(&app, &editor, "discardNextVersion", which).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_ALLOWED", "there is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_away_does_not_come_back_by_its_next_version() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let kept = app.published(&app.editor, app.complete("musterdorf", "Original").await).await;
    let merge = json!({ "into": kept, "reason": "Doppelt." });
    for (who, name, input) in
        [("moderator", "mergeSolution", merge), ("editor", "archiveSolution", json!({}))]
    {
        let (id, editor, approver) = published(&app).await;
        run(&app, &editor, "updateSolution", json!({ "id": id, "title": "Zweite Fassung" })).await;
        steps(&app, &id, &[(&editor, "submitSolution")]).await;
        let mut input = input;
        input["id"] = json!(id);
        let token = if who == "moderator" { &moderator } else { &editor };
        assert_eq!(run(&app, token, name, input).await["userErrors"], json!([]));
        let payload = run(&app, &approver, "startSolutionReview", json!({ "id": id })).await;
        assert_eq!(payload["userErrors"][0]["code"], "WRONG_STATE", "{name}");
        if name == "archiveSolution" {
            // It goes out again as it was, and the next version goes on where it stood.
            steps(&app, &id, &[(&approver, "publishSolution")]).await;
            assert_eq!(seen(&app, None, &id).await["title"], "Erste Fassung");
            steps(&app, &id, &[(&approver, "startSolutionReview")]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn by_the_archive_nothing_comes_to_readers_that_nobody_looked_at() {
    let app = TestApp::start().await;
    let (editor, approver) =
        (app.token(Role::Editor, "altdorf").await, app.token(Role::Approver, "altdorf").await);
    let id = app.draft(&editor, app.complete("altdorf", "Ungeprüft").await).await;
    steps(&app, &id, &[(&editor, "archiveSolution")]).await;
    for token in [&editor, &approver] {
        let payload = run(&app, token, "publishSolution", json!({ "id": id })).await;
        assert_eq!(payload["userErrors"][0]["code"], "WRONG_STATE", "{payload}");
    }
    // It is a draft as before.
    let way = [
        (editor.as_str(), "submitSolution"),
        (&approver, "startSolutionReview"),
        (&approver, "approveSolution"),
        (&editor, "publishSolution"),
    ];
    steps(&app, &id, &way).await;
    assert_eq!(seen(&app, None, &id).await["version"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_approves_what_they_found_wanting() {
    let app = TestApp::start().await;
    let (editor, approver) =
        (app.token(Role::Editor, "altdorf").await, app.token(Role::Approver, "altdorf").await);
    let id = app.draft(&editor, app.complete("altdorf", "Fraglich").await).await;
    steps(&app, &id, &[(&editor, "submitSolution"), (&approver, "startSolutionReview")]).await;
    let point = json!({ "point": "FACTS_CHECKED", "met": false });
    let input = json!({ "id": id, "checklist": [point] });
    let payload = run(&app, &approver, "approveSolution", input).await;
    assert_eq!(payload["userErrors"][0]["path"], json!(["checklist"]));
    assert_eq!(seen(&app, Some(&editor), &id).await["lifecycle"], "IN_REVIEW");
}
