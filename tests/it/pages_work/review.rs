//! The way of a solution to its readers, and what others see of it.

use allmende::domain::Role;

use super::{complete, draft, led, lent, path_of, read, revision, send};
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn two_people_bring_a_solution_to_its_readers() {
    let app = TestApp::start().await;
    let author = app.token(Role::Editor, "altdorf").await;
    let reviewer = app.token(Role::Approver, "altdorf").await;
    let path = draft(&app, &author, "altdorf").await;
    let step = async |who: &str, name: &str, pairs: &[(&str, &str)]| {
        send(&app, who, &format!("{path}/{name}"), pairs).await
    };
    let page = read(&app, &author, &path).await;
    assert!(page.text.contains(&format!("{path}/submit")), "{}", page.text);
    assert!(!page.text.contains(&format!("{path}/approve")) && !page.text.contains("/publish\""));
    assert_eq!(step(&author, "submit", &[("reason", "Bitte ansehen")]).await.status, 303);

    // What lies with the review is not written on, and who wrote it does not review it.
    let page = read(&app, &author, &path).await;
    assert!(!page.text.contains("name=\"title\"") && page.text.contains("/withdraw\""));
    assert_eq!(step(&author, "approve", &[]).await.status, 422);
    app.settle().await;
    let desk = read(&app, &reviewer, "/work").await;
    assert!(desk.text.contains(&format!("{path}/review")), "{}", desk.text);

    assert_eq!(step(&reviewer, "startReview", &[]).await.status, 303);
    let silent =
        step(&reviewer, "requestChanges", &[("reason", "  "), ("checklist[]", "UNDERSTANDABLE")])
            .await;
    assert_eq!(silent.status, 422, "{}", silent.text);
    assert!(silent.text.contains("value=\"UNDERSTANDABLE\" checked"), "{}", silent.text);
    let reason = "Die Kosten fehlen <b>noch</b>.";
    assert_eq!(step(&reviewer, "requestChanges", &[("reason", reason)]).await.status, 303);
    app.settle().await;
    let desk = read(&app, &author, "/work").await;
    assert!(desk.text.contains("Die Kosten fehlen &#60;b&#62;noch"), "{}", desk.text);

    assert_eq!(step(&author, "submit", &[]).await.status, 303);
    assert_eq!(step(&reviewer, "startReview", &[]).await.status, 303);
    assert_eq!(step(&reviewer, "approve", &[("checklist[]", "FACTS_CHECKED")]).await.status, 303);
    assert_eq!(step(&author, "publish", &[("reviewBy", "gelegentlich")]).await.status, 422);
    assert_eq!(step(&author, "publish", &[]).await.status, 303);
    app.settle().await;
    assert_eq!(read(&app, "", "/solutions/rufbus").await.status, 200);

    // A change becomes a next version; whoever reviews it sees both.
    let mut pairs = complete(&app, "altdorf").await;
    pairs.push(("expectedRevision", revision(&read(&app, &author, &path).await)));
    pairs.iter_mut().filter(|(name, _)| *name == "problem").for_each(|(_, text)| {
        *text = "Es fehlte nur am Bus.".to_owned();
    });
    assert_eq!(send(&app, &author, &path, &lent(&pairs)).await.status, 303);
    let review = read(&app, &reviewer, &format!("{path}/review")).await;
    assert!(review.text.contains("<del>Es fehlt an allem.</del>"), "{}", review.text);
    assert!(review.text.contains("<ins>Es fehlte nur am Bus.</ins>"));
    assert!(!review.text.contains("<del>Alle packen an.</del>"));
    let preview = read(&app, &author, &format!("{path}/preview")).await;
    assert!(preview.text.contains("Es fehlte nur am Bus."));
    let public = read(&app, "", "/solutions/rufbus").await;
    assert!(public.text.contains("Es fehlt an allem.") && !public.text.contains("nur am Bus"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_for_a_step_is_told_with_a_way_to_its_field() {
    let app = TestApp::start().await;
    let town = app.municipality("musterdorf").await;
    let pairs =
        [("title", "Nur ein Titel"), ("municipalities[]", town.as_str()), ("language", "de")];
    let made = send(&app, &app.editor, "/work/solutions/new", &pairs).await;
    let path = path_of(&led(&made)).to_owned();
    let page = send(&app, &app.editor, &format!("{path}/submit"), &[("reason", "Trotzdem")]).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains(&format!("href=\"{path}#f-teaser\"")), "{}", page.text);
    assert!(page.text.contains("Trotzdem"));
    let stale = [("expectedRevision", "99")];
    assert_eq!(send(&app, &app.editor, &format!("{path}/archive"), &stale).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_work_show_nothing_to_others() {
    let app = TestApp::start().await;
    let path = draft(&app, &app.editor, "musterdorf").await;
    for room in ["", "/preview", "/review"] {
        let page = read(&app, &app.neighbour, &format!("{path}{room}")).await;
        assert_eq!(page.status, 404, "{room}: {}", page.text);
    }
    assert_eq!(send(&app, &app.neighbour, &path, &[("title", "Meins")]).await.status, 404);
    assert_eq!(read(&app, &app.editor, "/work/solutions/nonsense").await.status, 404);
    assert_eq!(send(&app, &app.editor, &format!("{path}/explode"), &[]).await.status, 404);
    assert_eq!(read(&app, "", &path).await.status, 303);
}
