//! Signing in and out, and forms that another site would like to send.

use allmende::domain::Role;
use serde_json::json;

use super::{complete, led, lent, read, send, send_with};
use crate::support::TestApp;
use crate::support::test_app::Answer;

const PASSWORD: &str = "ein langes Kennwort";
const EMAIL: &str = "bauamt@musterdorf.example.org";

/// Makes an account of somebody who writes for `musterdorf`.
async fn sign_up(app: &TestApp) {
    let admin = app.token(Role::Admin, "musterdorf").await;
    let input = json!({
        "email": EMAIL, "password": PASSWORD,
        "grants": [{ "role": "EDITOR", "municipality": app.municipality("musterdorf").await }],
    });
    let made = app.mutate(Some(&admin), "createAccount", input, "account { id }").await;
    assert_eq!(made["userErrors"], json!([]), "{made}");
}

/// The cookie that an answer gives.
fn cookie(answer: &Answer) -> String {
    let cookie = answer.headers.get("set-cookie").unwrap_or_else(|| panic!("{}", answer.text));
    cookie.to_str().expect("text").split(';').next().expect("a pair").to_owned()
}

async fn signed_in(app: &TestApp) -> String {
    cookie(&send(app, "", "/sign-in", &[("account", EMAIL), ("password", PASSWORD)]).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_signs_in_comes_back_and_signs_out() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let desk = read(&app, "", "/work").await;
    assert_eq!((desk.status.as_u16(), led(&desk)), (303, "/sign-in?back=%2Fwork".to_owned()));
    let page = read(&app, "", "/sign-in?back=%2Fwork%2Fsolutions%2Fnew").await;
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(page.text.contains("name=\"back\" value=\"/work/solutions/new\""), "{}", page.text);

    let wrong =
        send(&app, "", "/sign-in", &[("account", EMAIL), ("password", "falsch geraten")]).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text.contains("role=\"alert\"") && wrong.text.contains(EMAIL), "{}", wrong.text);
    assert!(!wrong.text.contains("falsch geraten") && !wrong.headers.contains_key("set-cookie"));

    let right = [("account", EMAIL), ("password", PASSWORD), ("back", "/work/solutions/new")];
    let begun = send(&app, "", "/sign-in", &right).await;
    assert_eq!((begun.status.as_u16(), led(&begun).as_str()), (303, "/work/solutions/new"));
    let session = cookie(&begun);
    let desk = read(&app, &session, "/work").await;
    assert_eq!(desk.headers["cache-control"], "private, no-store");
    assert!(desk.text.contains("action=\"/sign-out\"") && desk.text.contains("Musterdorf"));

    let ended = send(&app, &session, "/sign-out", &[]).await;
    assert_eq!((ended.status.as_u16(), led(&ended).as_str()), (303, "/"));
    assert!(ended.headers["set-cookie"].to_str().expect("text").contains("Max-Age=0"));
    assert_eq!(read(&app, &session, "/work").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_led_to_another_site_after_signing_in() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    for back in
        ["https://example.org/", "//example.org/", "/\\example.org", "/\t/example.org", "/sign-in"]
    {
        let pairs = [("account", EMAIL), ("password", PASSWORD), ("back", back)];
        assert_eq!(led(&send(&app, "", "/sign-in", &pairs).await), "/work", "{back:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_ends_on_the_page_as_it_does_at_the_interface() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    for _ in 0..5 {
        let wrong = [("account", EMAIL), ("password", "falsch geraten")];
        assert_eq!(send(&app, "", "/sign-in", &wrong).await.status, 401);
    }
    let late = send(&app, "", "/sign-in", &[("account", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(late.status, 429, "{}", late.text);
    assert!(late.text.contains("role=\"alert\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_other_sites_are_refused_and_so_are_those_that_say_nothing() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let session = signed_in(&app).await;
    let page = ("accept", "text/html");
    for headers in [
        vec![page],
        vec![page, ("origin", "https://evil.example.org")],
        vec![page, ("origin", "null")],
        vec![page, ("sec-fetch-site", "cross-site")],
        vec![page, ("sec-fetch-site", "same-site")],
        vec![page, ("referer", "https://evil.example.org/hub.example.org")],
        vec![page, ("referer", "https://hub.example.org.evil.example.org/")],
    ] {
        for path in ["/sign-out", "/work/solutions/new", "/work/solutions/x/publish"] {
            let refused = send_with(&app, &session, path, &[("title", "x")], &headers).await;
            assert_eq!(refused.status, 403, "{path} {headers:?}");
            assert!(refused.text.contains("Seite dieses Hubs"), "{}", refused.text);
        }
    }
    // A browser that says only from which page it comes may.
    let own = [page, ("referer", "https://hub.example.org/work")];
    let made = send_with(&app, &session, "/work/solutions/new", &[("title", "x")], &own).await;
    assert_eq!(made.status, 422, "{}", made.text);
    assert_eq!(read(&app, &session, "/work").await.status, 200, "nobody was signed out");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_outlives_the_session() {
    let app = TestApp::start().await;
    sign_up(&app).await;
    let mut pairs = complete(&app, "musterdorf").await;
    pairs.push(("lessons", "Zeile eins\r\nZeile „zwei“ & <b>".to_owned()));
    let pairs = lent(&pairs);
    let door = send(&app, "allmende_session=longgone", "/work/solutions/new", &pairs).await;
    assert_eq!((door.status.as_u16(), &door.headers["cache-control"] == "no-store"), (401, true));
    assert!(
        door.text.contains("name=\"again\"") && door.text.contains("&#60;b&#62;"),
        "{}",
        door.text
    );
    assert!(door.text.contains("name=\"back\" value=\"/work/solutions/new\""));

    let mut again = pairs.clone();
    again.extend([("again", "yes"), ("back", "/work/solutions/new"), ("account", EMAIL)]);
    let wrong = [again.clone(), vec![("password", "falsch")]].concat();
    let wrong = send(&app, "", "/sign-in", &wrong).await;
    assert!(wrong.status == 401 && wrong.text.contains("Es fehlt an allem."), "{}", wrong.text);

    let right = [again, vec![("password", PASSWORD)]].concat();
    let begun = send(&app, "", "/sign-in", &right).await;
    assert_eq!((begun.status.as_u16(), led(&begun).as_str()), (307, "/work/solutions/new"));
    // A browser sends the same to where it is led.
    let made = send(&app, &cookie(&begun), "/work/solutions/new", &right).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let path = led(&made);
    let page = read(&app, &cookie(&begun), &path).await;
    assert!(page.text.contains("Zeile eins\nZeile „zwei“ &#38; &#60;b&#62;"), "{}", page.text);
    assert!(!page.text.contains(PASSWORD));
}
