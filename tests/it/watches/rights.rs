//! Who is told of what.

use serde_json::json;

use super::{Post, by_mail, create, published, text};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_what_they_did_themselves() {
    let post = Post::start([]).await;
    let app = &post.app;
    let place = app.municipality("neustadt").await;
    let grants = json!([{ "role": "EDITOR", "municipality": place }]);
    let (ada, kim) =
        (post.member("ada", grants.clone()).await, post.member("kim", json!([])).await);
    create(app, &ada, by_mail(), json!({ "rhythm": "AT_ONCE" })).await;
    create(app, &kim, by_mail(), json!({ "rhythm": "AT_ONCE" })).await;
    // By herself, and by a machine that works for her.
    let input = json!({ "name": "Skript", "grant": grants[0] });
    let made = app.mutate(Some(&ada), "createAccessToken", input, "secret").await;
    let token = made["secret"].as_str().expect("a token").to_owned();
    app.published(&ada, app.complete("neustadt", "Rufbus").await).await;
    app.published(&token, app.complete("neustadt", "Mitfahrbank").await).await;
    assert_eq!(post.dispatch().await, 1);
    assert_eq!(post.letter(1).await.to, "kim@example.org");
    published(app, "Dorfladen").await;
    assert_eq!(post.later(70).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_know_of_it_is_told() {
    let post = Post::start([]).await;
    let app = &post.app;
    let place = app.municipality("neustadt").await;
    let grants = json!([{ "role": "APPROVER", "municipality": place }]);
    let (own, other) = (post.member("ada", grants).await, post.member("kim", json!([])).await);
    let more = json!({ "rhythm": "AT_ONCE", "kinds": ["SOLUTION_CREATED", "SOLUTION_SUBMITTED"] });
    create(app, &own, by_mail(), more.clone()).await;
    create(app, &other, by_mail(), more).await;
    app.draft(&app.neighbour, app.complete("neustadt", "Noch geheim").await).await;
    assert_eq!(post.dispatch().await, 1);
    let letter = post.letter(1).await;
    assert_eq!(letter.to, "ada@example.org");
    let told = text(&letter);
    assert!(told.contains("Noch geheim") && !told.contains("/solutions/"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_away_is_told_of_and_not_named() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let found = json!({ "selection": { "search": "Rufbus" }, "kinds": ["SOLUTION_ARCHIVED"] });
    create(app, &member, by_mail(), found).await;
    let (one, other) = (published(app, "Rufbus").await, published(app, "Mitfahrbank").await);
    app.archive(&app.neighbour, &other).await;
    assert_eq!(post.later(24 * 60).await, 0);
    app.archive(&app.neighbour, &one).await;
    assert_eq!(post.later(24 * 60).await, 1);
    let told = text(&post.letter(1).await);
    assert!(told.contains("* Eine Lösung (Neustadt)\r\n  Lösung archiviert"), "{told}");
    assert!(!told.contains("Rufbus"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_make_of_a_solution_is_told_by_the_solution() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let adopted = json!({ "selection": { "search": "Rufbus" }, "kinds": ["ADOPTION_DECLARED"] });
    create(app, &member, by_mail(), adopted).await;
    let own = app.municipality("musterdorf").await;
    for title in ["Rufbus", "Mitfahrbank"] {
        let solution = published(app, title).await;
        let input = json!({ "municipality": own, "solution": solution, "status": "IN_USE" });
        let made = app.mutate(Some(&app.editor), "declareAdoption", input, "adoption { id }").await;
        assert_eq!(made["userErrors"], json!([]), "{made}");
    }
    assert_eq!(post.later(24 * 60).await, 1);
    let told = text(&post.letter(1).await);
    assert!(told.contains("* Rufbus (Neustadt)\r\n  Übernahme gemeldet"), "{told}");
    assert!(!told.contains("Mitfahrbank"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_goes_with_who_kept_it() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    create(app, &member, by_mail(), json!({ "rhythm": "AT_ONCE" })).await;
    let feed = json!({ "name": "Busse", "selection": {}, "channel": "FEED" });
    let made = create(app, &app.reader, feed, json!({})).await;
    let url = made["feedUrl"].as_str().expect("an address").to_owned();
    let path = url.strip_prefix("https://hub.example.org").expect("the hub").to_owned();
    let read = async || {
        let request = axum::http::Request::get(&path).body(axum::body::Body::empty());
        app.send(request.expect("a request")).await.status.as_u16()
    };
    assert_eq!(read().await, 200);
    let admin = app.token(allmende::domain::Role::Admin, "musterdorf").await;
    let all = "{ accounts { id email } viewer { accessTokens { id grant { role } } } }";
    let found = app.run(Some(&admin), all, json!({})).await["data"].clone();
    let accounts = found["accounts"].as_array().expect("a list");
    let account = accounts.iter().find(|it| it["email"] == "kim@example.org").expect("kim");
    let tokens = found["viewer"]["accessTokens"].as_array().expect("a list");
    let token = tokens.iter().find(|it| it["grant"]["role"] == "READER").expect("a reader");
    published(app, "Rufbus").await;
    app.mutate(Some(&admin), "eraseAccount", json!({ "id": account["id"] }), "erasedId").await;
    app.mutate(Some(&admin), "revokeAccessToken", json!({ "id": token["id"] }), "").await;
    assert_eq!(post.later(1).await, 0);
    assert_eq!(read().await, 404);
    let watches = app.app.services().store();
    assert_eq!(watches.refresh_head().await.expect("a journal"), app.head().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shut_out_meanwhile_is_told_nothing() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    create(app, &member, by_mail(), json!({})).await;
    published(app, "Rufbus").await;
    let admin = app.token(allmende::domain::Role::Admin, "musterdorf").await;
    let answer = app.run(Some(&admin), "{ accounts { id } }", json!({})).await;
    let input = json!({ "id": answer["data"]["accounts"][0]["id"], "disabled": true });
    app.mutate(Some(&admin), "updateAccount", input, "account { id }").await;
    assert_eq!(post.later(24 * 60).await, 0);
    assert_eq!(post.count().await, 0);
}
