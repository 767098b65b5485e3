//! Letters: what comes when, and what never does.

use allmende::domain::Role;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{PASSWORD, Post, by_mail, create, published, text};
use crate::contacts::smtp::{Does, Taken};
use crate::support::test_app::Answer;

/// The minutes of a day.
const DAY: i64 = 24 * 60;

/// The address of the first link in a letter for a purpose, without the hub.
fn link(letter: &Taken, purpose: &str) -> String {
    let told = text(letter);
    let links = told.split(['\n', '\r', '"', '<', '>']).filter_map(|it| {
        it.trim().strip_prefix("https://hub.example.org/watches/").filter(|it| it.contains(purpose))
    });
    format!("/watches/{}", links.into_iter().next().unwrap_or_else(|| panic!("{told}")))
}

async fn follow(post: &Post, method: &str, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header("accept-language", "en");
    let one_click = Body::from("List-Unsubscribe=One-Click");
    post.app.send(request.body(one_click).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_comes_once_a_day_and_each_solution_once() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let kinds = json!({ "kinds": ["SOLUTION_PUBLISHED", "SOLUTION_UPDATED"] });
    let made = create(app, &member, by_mail(), kinds).await;
    assert_eq!(made["watch"]["awaitsConfirmation"], false, "the account's own address");
    assert_eq!(made["watch"]["rhythm"], "DAILY");
    assert_eq!(made["watch"]["nextLetterAt"], "2026-01-01T06:00:00+00:00");
    let first = published(app, "Rufbus & <Anrufbus>").await;
    published(app, "Mitfahrbank").await;
    for lessons in ["Früh anfangen.", "Dranbleiben."] {
        app.update(&app.neighbour, json!({ "id": first, "lessons": lessons })).await;
    }
    assert_eq!(post.later(5 * 60).await, 0, "it is six o'clock");
    assert_eq!(post.later(60).await, 1);
    let letter = post.letter(1).await;
    assert_eq!(letter.to, "kim@example.org");
    let told = text(&letter);
    for part in [
        "List-Unsubscribe: <https://hub.example.org/watches/",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Type: multipart/alternative",
        "Content-Type: text/plain",
        "Content-Type: text/html",
        "* Rufbus & <Anrufbus> (Neustadt)\r\n  Lösung geändert, 01.01.2026",
        "https://hub.example.org/solutions/rufbus-anrufbus\r\n",
        "Rufbus &amp; &lt;Anrufbus&gt;</a>",
        "* Mitfahrbank (Neustadt)\r\n  Lösung veröffentlicht, 01.01.2026",
        "Busse: 2 Neuigkeiten",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert_eq!(told.matches("* Rufbus").count(), 1, "{told}");
    // What was told of does not come again, and a day on which nothing happened has no letter.
    assert_eq!(post.later(DAY).await, 0);
    assert_eq!(post.later(DAY).await, 0);
    published(app, "Dorfladen").await;
    assert_eq!(post.later(DAY).await, 1);
    let told = text(&post.letter(2).await);
    assert!(told.contains("Dorfladen") && !told.contains("Mitfahrbank"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_between_two_weekly_letters_is_in_one_of_them() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    create(app, &member, by_mail(), json!({ "rhythm": "WEEKLY" })).await;
    let mut told = 0;
    for day in 0..21 {
        published(app, &format!("Lösung Nummer {day}")).await;
        told += post.later(DAY).await;
    }
    assert_eq!(told, 3, "three Mondays");
    let letters = post.server.letters(3).await;
    let texts: Vec<String> = letters.iter().map(text).collect();
    let times = |day: usize| {
        let line = format!("* Lösung Nummer {day} (");
        texts.iter().map(|text| text.matches(&line).count()).sum::<usize>()
    };
    // Day 4 ends on Monday the 5th at one in the morning; the last letter comes on the 19th.
    for day in 0..18 {
        assert_eq!(times(day), 1, "{day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_once_is_at_once_but_the_same_thing_rests_for_an_hour() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let more = json!({ "rhythm": "AT_ONCE", "kinds": ["SOLUTION_PUBLISHED", "SOLUTION_UPDATED"] });
    create(app, &member, by_mail(), more).await;
    let one = published(app, "Rufbus").await;
    assert_eq!(post.dispatch().await, 1);
    assert_eq!(post.dispatch().await, 0, "nothing comes twice");
    published(app, "Mitfahrbank").await;
    assert_eq!(post.later(1).await, 1, "another one does not wait");
    for lessons in ["Früh anfangen.", "Dranbleiben.", "Aufhören."] {
        app.update(&app.neighbour, json!({ "id": one, "lessons": lessons })).await;
        assert_eq!(post.later(1).await, 0);
    }
    published(app, "Dorfladen").await;
    assert_eq!(post.later(10).await, 0, "what comes meanwhile comes together");
    assert_eq!(post.later(60).await, 1);
    let told = text(&post.letter(3).await);
    assert!(told.contains("* Rufbus (") && told.contains("* Dorfladen ("), "{told}");
    assert!(!told.contains("Mitfahrbank"), "{told}");
    published(app, "Bücherei").await;
    assert_eq!(post.dispatch().await, 1, "and from then on at once again");
    post.letter(4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_are_quiet_and_lose_nothing() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let more = json!({ "rhythm": "AT_ONCE", "quietHours": { "starts": 22, "ends": 6 } });
    create(app, &member, by_mail(), more).await;
    published(app, "Rufbus").await;
    assert_eq!(post.later(60).await, 0, "two in the morning");
    published(app, "Mitfahrbank").await;
    assert_eq!(post.later(3 * 60 + 59).await, 0);
    assert_eq!(post.later(1).await, 1, "six in the morning");
    let told = text(&post.letter(1).await);
    assert!(told.contains("Rufbus") && told.contains("Mitfahrbank"), "{told}");
    published(app, "Dorfladen").await;
    assert_eq!(post.later(1).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_watch_loses_nothing_that_waits_for_it() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let more = json!({ "rhythm": "AT_ONCE", "quietHours": { "starts": 22, "ends": 6 } });
    let id = create(app, &member, by_mail(), more).await["watch"]["id"].clone();
    let change = async |mutation: &str, input: Value| {
        let mut input = input;
        input["id"] = id.clone();
        let made = app.mutate(Some(&member), mutation, input, "watch { nextLetterAt }").await;
        assert_eq!(made["userErrors"], json!([]), "{made}");
        made["watch"]["nextLetterAt"].clone()
    };
    published(app, "Rufbus").await;
    assert_eq!(post.later(60).await, 0, "two in the morning");
    let six = json!("2026-01-01T05:00:00+00:00");
    assert_eq!(change("updateWatch", json!({ "name": "Bahnen" })).await, six, "it still waits");
    assert_eq!(change("resumeWatch", json!({})).await, six, "it does not rest");
    assert_eq!(post.later(4 * 60).await, 1, "six in the morning");
    assert!(text(&post.letter(1).await).contains("Rufbus"));
    // What gathers for tomorrow comes now if tomorrow is too late.
    change("updateWatch", json!({ "rhythm": "DAILY" })).await;
    published(app, "Mitfahrbank").await;
    assert_eq!(post.later(1).await, 0);
    change("updateWatch", json!({ "rhythm": "AT_ONCE" })).await;
    assert_eq!(post.dispatch().await, 1);
    let told = text(&post.letter(2).await);
    assert!(told.contains("Mitfahrbank") && !told.contains("Rufbus"), "{told}");
    published(app, "Dorfladen").await;
    assert_eq!(post.dispatch().await, 1, "and from then on at once");
    assert!(!text(&post.letter(3).await).contains("Mitfahrbank"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_the_morning_is_not_what_was_before() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let more = json!({ "rhythm": "AT_ONCE", "selection": { "filter": { "topics": ["Topic:mobility"] } },
        "quietHours": { "starts": 3, "ends": 6 } });
    create(app, &member, by_mail(), more).await;
    let mut other = app.complete("neustadt", "Ärztehaus").await;
    other["topics"] = json!(["Topic:health_care"]);
    let other = app.published(&app.neighbour, other).await;
    assert_eq!(post.dispatch().await, 0, "not what the watch is about");
    app.update(&app.neighbour, json!({ "id": other, "topics": ["Topic:mobility"] })).await;
    assert_eq!(post.later(150).await, 0, "half past three");
    published(app, "Rufbus").await;
    assert_eq!(post.dispatch().await, 0);
    assert_eq!(post.later(150).await, 1, "six in the morning");
    let told = text(&post.letter(1).await);
    assert!(told.contains("Rufbus") && !told.contains("Ärztehaus"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_come_together_an_hour_later() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    create(app, &member, by_mail(), json!({ "rhythm": "AT_ONCE" })).await;
    for number in 1..=9 {
        published(app, &format!("Lösung {number}")).await;
        assert_eq!(post.dispatch().await, 1, "{number}");
    }
    published(app, "Noch eine").await;
    published(app, "Und noch eine").await;
    assert_eq!(post.later(50).await, 0);
    assert_eq!(post.later(20).await, 1);
    let told = text(&post.letter(10).await);
    assert!(told.contains("* Noch eine") && told.contains("* Und noch eine"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_who_never_agreed_does_not_stay() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let elsewhere = json!({ "address": "rat@neustadt.example.org" });
    create(app, &member, by_mail(), elsewhere).await;
    let own = create(app, &member, by_mail(), json!({})).await;
    let path = link(&post.letter(1).await, "confirm");
    let kept = async || {
        let services = app.app.services().clone();
        let done = tokio::spawn(async move { services.forget_letters().await }).await;
        done.expect("no panic").expect("the database answers");
        // The session before has ended.
        let member = app.sign_in("kim@example.org", PASSWORD).await;
        let answer = app.run(Some(&member), "{ viewer { watches { id } } }", json!({})).await;
        answer["data"]["viewer"]["watches"].as_array().map(Vec::len)
    };
    post.later(7 * DAY).await;
    assert_eq!(kept().await, Some(2), "it can still be confirmed");
    post.later(DAY + 1).await;
    assert_eq!(kept().await, Some(1));
    assert_eq!(follow(&post, "POST", &path).await.status, StatusCode::NOT_FOUND);
    // One's own stays, also if one has enough of it.
    published(app, "Rufbus").await;
    assert_eq!(post.later(DAY).await, 1);
    follow(&post, "POST", &link(&post.letter(2).await, "unsubscribe")).await;
    post.later(30 * DAY).await;
    assert_eq!(kept().await, Some(1), "{own}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_ends_it_and_looking_at_the_link_does_not() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let made = create(app, &member, by_mail(), json!({ "rhythm": "AT_ONCE" })).await;
    published(app, "Rufbus").await;
    post.dispatch().await;
    let path = link(&post.letter(1).await, "unsubscribe");
    let page = follow(&post, "GET", &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("<form method=\"post\">"), "{}", page.text);
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    published(app, "Mitfahrbank").await;
    assert_eq!(post.later(1).await, 1, "it goes on");
    post.letter(2).await;
    // This one is on its way already.
    published(app, "Dorfladen").await;
    let forged = path.replace("proof=", "proof=0");
    for wrong in [forged.as_str(), path.split('?').next().expect("a path")] {
        assert_eq!(follow(&post, "POST", wrong).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(follow(&post, "POST", &path).await.status, StatusCode::OK);
    assert_eq!(follow(&post, "POST", &path).await.status, StatusCode::OK, "again does nothing");
    assert_eq!(post.later(3 * DAY).await, 0);
    assert_eq!(post.count().await, 2);
    let member = app.sign_in("kim@example.org", PASSWORD).await;
    let watches = "{ viewer { watches { paused awaitsConfirmation } } }";
    let answer = app.run(Some(&member), watches, json!({})).await;
    let expected = json!([{ "paused": true, "awaitsConfirmation": true }]);
    assert_eq!(answer["data"]["viewer"]["watches"], expected);
    // The owner goes on with it, and is told of what happens from now on.
    let input = json!({ "id": made["watch"]["id"] });
    let again = app.mutate(Some(&member), "resumeWatch", input, "watch { paused }").await;
    assert_eq!(again["watch"]["paused"], false, "{again}");
    assert_eq!(post.dispatch().await, 0);
    published(app, "Bücherei").await;
    assert_eq!(post.dispatch().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_letters_who_has_not_agreed() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let elsewhere = json!({ "address": "Rat@Neustadt.example.org", "rhythm": "AT_ONCE" });
    let made = create(app, &member, by_mail(), elsewhere).await;
    assert_eq!(made["watch"]["awaitsConfirmation"], true);
    let letter = post.letter(1).await;
    assert_eq!(letter.to, "rat@neustadt.example.org");
    let told = text(&letter);
    assert!(told.contains("kim möchte") && !told.contains("Busse"), "{told}");
    published(app, "Rufbus").await;
    assert_eq!(post.later(1).await, 0);
    let path = link(&letter, "confirm");
    let page = follow(&post, "GET", &path).await;
    assert!(page.text.contains("Confirm mail"), "{}", page.text);
    published(app, "Mitfahrbank").await;
    assert_eq!(post.later(1).await, 0, "looking is no word");
    assert_eq!(follow(&post, "POST", &path).await.status, StatusCode::OK);
    published(app, "Dorfladen").await;
    assert_eq!(post.later(1).await, 1);
    let told = text(&post.letter(2).await);
    assert!(told.contains("Dorfladen") && told.contains("Rufbus"), "since the question: {told}");
    // Who has had enough is asked before more comes.
    follow(&post, "POST", &link(&post.letter(2).await, "unsubscribe")).await;
    let input = json!({ "id": made["watch"]["id"] });
    let fields = "watch { paused awaitsConfirmation }";
    let again = app.mutate(Some(&member), "resumeWatch", input, fields).await;
    assert_eq!(again["watch"], json!({ "paused": false, "awaitsConfirmation": true }), "{again}");
    published(app, "Bücherei").await;
    assert_eq!(post.later(1).await, 0);
    let letter = post.letter(3).await;
    assert!(text(&letter).contains("Please confirm"), "{}", letter.text);
    post.later(8 * DAY).await;
    let late = follow(&post, "POST", &link(&letter, "confirm")).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert!(late.text.contains("not valid"), "{}", late.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_without_end() {
    let post = Post::start([]).await;
    let app = &post.app;
    let address = |n: usize| {
        let mut input = by_mail();
        input["address"] = json!(format!("rat{n}@example.org"));
        input
    };
    for n in 0..5 {
        create(app, &app.reader, address(n), json!({})).await;
    }
    assert_eq!(
        app.refused(Some(&app.reader), "createWatch", address(5)).await,
        "TOO_OFTEN address"
    );
    for n in 0..4 {
        let token = app.token(Role::Reader, "neustadt").await;
        let refused = app.refused(Some(&token), "createWatch", address(0)).await;
        assert_eq!(refused, if n < 2 { "" } else { "TOO_OFTEN address" }, "{n}");
    }
    assert_eq!(app.refused(Some(&app.editor), "createWatch", by_mail()).await, "REQUIRED address");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_takes_no_mail_gets_no_more() {
    let post = Post::start([Does::Answer("550 no such mailbox")]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    create(app, &member, by_mail(), json!({ "rhythm": "AT_ONCE" })).await;
    published(app, "Rufbus").await;
    post.dispatch().await;
    post.server.called(1).await;
    let question = "{ viewer { watches { paused } } }";
    for _ in 0..600 {
        let answer = app.run(Some(&member), question, json!({})).await;
        if answer["data"]["viewer"]["watches"][0]["paused"] == true {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    published(app, "Mitfahrbank").await;
    assert_eq!(post.later(DAY).await, 0);
    assert_eq!(post.server.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_while_a_watch_rests_is_not_told_later() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([])).await;
    let made = create(app, &member, by_mail(), json!({ "rhythm": "AT_ONCE" })).await;
    let id = json!({ "id": made["watch"]["id"] });
    app.mutate(Some(&member), "pauseWatch", id.clone(), "watch { paused }").await;
    published(app, "Rufbus").await;
    assert_eq!(post.later(DAY).await, 0);
    let member = app.sign_in("kim@example.org", PASSWORD).await;
    app.mutate(Some(&member), "resumeWatch", id, "watch { paused }").await;
    published(app, "Mitfahrbank").await;
    assert_eq!(post.later(DAY).await, 1);
    let told = text(&post.letter(1).await);
    assert!(!told.contains("Rufbus") && told.contains("Mitfahrbank"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_there_are_no_letters_to_watch_for() {
    let app = crate::support::TestApp::start().await;
    let answer = app.mutate(Some(&app.editor), "createWatch", by_mail(), "watch { id }").await;
    assert_eq!(answer, Value::from("UNAVAILABLE"));
}
