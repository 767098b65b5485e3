//! What must not work.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_believed_that_is_not_for_this_sign_in_by_this_provider() {
    let (app, issuer) = hub().await;
    for wrong in [
        Wrong::Nonce,
        Wrong::Audience,
        Wrong::FurtherAudience,
        Wrong::Issuer,
        Wrong::Expired,
        Wrong::Key,
        Wrong::Unsigned,
        Wrong::SharedSecret,
        Wrong::NoToken,
    ] {
        issuer.tell(|told| told.wrong = wrong);
        let mut browser = Browser::default();
        let head = app.head().await;
        let answer = browser.sign_in(&app, &issuer).await;
        assert_eq!(code(&answer), (401, "UNAUTHENTICATED".to_owned()), "{wrong:?}");
        assert!(browser.cookies.is_empty(), "{wrong:?}");
        assert_eq!(app.head().await, head, "nothing was written: {wrong:?}");
    }
    // The same way is good as soon as nothing is wrong.
    issuer.tell(|told| told.wrong = Wrong::Nothing);
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&app, &issuer).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_browser_that_began_finishes_and_only_once() {
    let (app, issuer) = hub().await;
    let mut browser = Browser::default();
    let back = browser.go(&app, &issuer, "/session/oidc").await;
    let unknown = (400, "BAD_REQUEST".to_owned());

    let mut stranger = Browser::default();
    assert_eq!(code(&stranger.get(&app, &back).await), unknown, "no cookie");
    let mut other = Browser::default();
    other.go(&app, &issuer, "/session/oidc").await;
    assert_eq!(code(&other.get(&app, &back).await), unknown, "another sign-in's cookie");
    let state = back.split_once("state=").expect("a state").1;
    let state = state.split('&').next().expect("a state");
    let mut forged = Browser { cookies: browser.cookies.clone(), address: None };
    assert_eq!(code(&forged.get(&app, &back.replace(state, "0")).await), unknown, "a wrong state");

    let kept = Browser { cookies: browser.cookies.clone(), address: None };
    assert_eq!(browser.get(&app, &back).await.status, StatusCode::SEE_OTHER);
    let mut again = kept;
    assert_eq!(code(&again.get(&app, &back).await), unknown, "a second time");
    assert!(again.cookies.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_providers_answer_is_not_taken() {
    let (app, issuer) = hub().await;
    let mut browser = Browser::default();
    let back = browser.go(&app, &issuer, "/session/oidc").await;
    let mixed = back.replace(&issuer.url, "https://boese.example.org");
    assert_ne!(mixed, back);
    assert_eq!(code(&browser.get(&app, &mixed).await), (401, "UNAUTHENTICATED".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_on_to_another_site() {
    let (app, _issuer) = hub().await;
    for to in [
        "https://boese.example.org",
        "//boese.example.org",
        "/%5Cboese.example.org",
        "/.//boese.example.org",
        "/%09/boese.example.org",
        "javascript:alert(1)",
        "boese",
        "/session/oidc",
    ] {
        let mut browser = Browser::default();
        let answer = browser.get(&app, &format!("/session/oidc?return={to}")).await;
        assert_eq!(code(&answer), (400, "BAD_REQUEST".to_owned()), "{to}");
        assert!(browser.cookies.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_fails_again_and_again_has_to_wait() {
    let (app, issuer) = hub().await;
    let guessing = |host: u8| Browser {
        address: Some(SocketAddr::from(([192, 0, 2, host], 4711))),
        ..Browser::default()
    };
    for _ in 0..50 {
        let answer = guessing(1).get(&app, "/session/oidc/callback?state=a&code=b").await;
        assert_eq!(code(&answer), (400, "BAD_REQUEST".to_owned()));
    }
    for path in ["/session/oidc", "/session/oidc/callback?state=a&code=b"] {
        let answer = guessing(1).get(&app, path).await;
        assert_eq!(code(&answer), (429, "TOO_MANY_ATTEMPTS".to_owned()));
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert_eq!(guessing(2).sign_in(&app, &issuer).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_by_links_is_still_signed_in_and_forms_of_other_sites_are_not() {
    let (app, issuer) = hub().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, &issuer).await;
    let cookie = format!("allmende_session={}", browser.cookies["allmende_session"]);
    let visit = |mode: &str, dest: &str, origin: Option<&str>| {
        let mut request = Request::get("/graphql?query=%7Bviewer%7BaccountId%7D%7D")
            .header("cookie", &cookie)
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", mode)
            .header("sec-fetch-dest", dest);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        app.send(request.body(Body::empty()).expect("a request"))
    };
    let linked = visit("navigate", "document", None).await;
    assert!(linked.text.contains("Account:"), "{}", linked.text);
    for (mode, dest, origin) in [
        ("navigate", "document", Some("https://boese.example.org")),
        ("navigate", "iframe", None),
        ("no-cors", "image", None),
        ("cors", "empty", None),
    ] {
        let answer = visit(mode, dest, origin).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{mode} {dest} {}", answer.text);
    }
}
