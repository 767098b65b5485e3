//! A strategy process is begun on a page, found again, brought out, and kept by those whose it is.

use allmende::domain::Role;

use crate::pages_work::{led, path_of, read, send};
use crate::support::TestApp;

const STEPS: [&str; 5] = ["kick_off", "profile", "workshop", "plan", "review"];

/// Begins a process of `neustadt`, which has none yet, and gives the path of its page.
pub(super) async fn begun(app: &TestApp) -> String {
    let town = app.municipality("neustadt").await;
    let made = send(app, &app.neighbour, "/work/processes", &[("municipality", &town)]).await;
    assert_eq!(made.status, 303, "{}", made.text);
    path_of(&led(&made)).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_begun_where_there_is_none_and_found_again() {
    let app = TestApp::start().await;
    let list = read(&app, &app.neighbour, "/work/processes").await;
    assert_eq!(list.status, 200, "{}", list.text);
    let town = app.municipality("neustadt").await;
    assert!(
        list.text.contains(&format!("name=\"municipality\" value=\"{town}\"")),
        "{}",
        list.text
    );
    let path = begun(&app).await;
    app.settle().await;
    let list = read(&app, &app.neighbour, "/work/processes").await;
    assert!(list.text.contains(&format!("href=\"{path}\"")), "{}", list.text);
    assert!(!list.text.contains("name=\"municipality\""), "{}", list.text);
    let desk = read(&app, &app.neighbour, "/work").await;
    assert!(desk.text.contains("href=\"/work/processes\""), "{}", desk.text);

    let page = read(&app, &app.neighbour, &path).await;
    assert_eq!(page.text.matches("<h1").count(), 1, "{}", page.text);
    for step in STEPS {
        assert!(page.text.contains(&format!("href=\"{path}/{step}\"")), "{step}: {}", page.text);
    }
    // Where there is one, another is not offered.
    let own = read(&app, &app.editor, "/work/processes").await;
    assert!(!own.text.contains("name=\"municipality\""), "{}", own.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_shown_when_it_is_ready_and_put_away_again() {
    let app = TestApp::start().await;
    let path = begun(&app).await;
    app.settle().await;
    let town = "/municipalities/neustadt";
    let link = format!("href=\"{path}\"");
    assert!(read(&app, &app.neighbour, town).await.text.contains(&link));
    assert!(!read(&app, "", town).await.text.contains("timeline"));
    let out = send(&app, &app.neighbour, &format!("{path}/publish"), &[]).await;
    assert_eq!(out.status, 303, "{}", out.text);
    app.settle().await;
    let public = read(&app, "", town).await;
    assert!(public.text.contains("timeline") && !public.text.contains(&link), "{}", public.text);
    let again = send(&app, &app.neighbour, &format!("{path}/publish"), &[]).await;
    assert_eq!(again.status, 422, "{}", again.text);
    assert!(again.text.contains("role=\"alert\""), "{}", again.text);
    let away = send(&app, &app.neighbour, &format!("{path}/archive"), &[]).await;
    assert_eq!(away.status, 303, "{}", away.text);
    app.settle().await;
    assert!(!read(&app, "", town).await.text.contains("timeline"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_kept_by_those_whose_it_is() {
    let app = TestApp::start().await;
    let path = begun(&app).await;
    send(&app, &app.neighbour, &format!("{path}/publish"), &[]).await;
    app.settle().await;
    let approver = app.token(Role::Approver, "neustadt").await;
    for other in [&app.editor, &app.reader, &approver] {
        for page in [path.clone(), format!("{path}/plan"), format!("{path}/outline")] {
            assert_eq!(read(&app, other, &page).await.status, 404, "{page}");
            let sent = send(&app, other, &page, &[("state", "DONE")]).await;
            assert!(sent.status.is_client_error(), "{page}: {}", sent.text);
        }
        // Whoever approves for a municipality may put its process away.
        let deeds = ["publish", "plan/remove", "archive"];
        let most = if other == &approver { 2 } else { 3 };
        for deed in &deeds[..most] {
            let sent = send(&app, other, &format!("{path}/{deed}"), &[]).await;
            assert!(sent.status.is_client_error(), "{deed}: {}", sent.text);
        }
    }
    let town = app.municipality("neustadt").await;
    let foreign = send(&app, &app.editor, "/work/processes", &[("municipality", &town)]).await;
    assert_eq!(foreign.status, 422, "{}", foreign.text);
    let nothing = send(&app, &app.editor, "/work/processes", &[]).await;
    assert_eq!(nothing.status, 422, "{}", nothing.text);
    let reader = read(&app, &app.reader, "/work/processes").await;
    assert!(reader.text.contains("Sie schreiben für keine Kommune"), "{}", reader.text);
    assert!(led(&read(&app, "", &path).await).starts_with("/sign-in?back="));
    for path in [format!("{path}/nothing"), "/work/processes/nobody".to_owned()] {
        assert_eq!(read(&app, &app.neighbour, &path).await.status, 404, "{path}");
    }
    // Whoever comes back to the address of a button is led to the process.
    let back = read(&app, &app.neighbour, &format!("{path}/publish")).await;
    assert_eq!(led(&back), path);
}
