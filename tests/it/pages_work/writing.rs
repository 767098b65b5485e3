//! Forms that lose nothing, whatever is typed into them.

use serde_json::json;

use super::{EVIL, ORIGIN, complete, draft, led, lent, path_of, read, revision, send, send_with};
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_wrong_comes_back_as_it_was_with_a_way_to_each_field() {
    let app = TestApp::start().await;
    let long = "x".repeat(5_000);
    let town = app.municipality("musterdorf").await;
    let page = send(
        &app,
        &app.editor,
        "/work/solutions/new",
        &[
            ("title", ""),
            ("municipalities[]", &town),
            ("teaser", &long),
            ("costs.oneOff.from", "ungefähr viel"),
            ("period.starts", "irgendwann"),
            ("results.indicators.0.name", "Fahrgäste"),
            ("results.indicators.0.value", "viele"),
            ("sources.0.title", ""),
            ("sources.0.url", ""),
            ("sources.1.title", "Bericht"),
            ("topics[]", "Topic:mobility"),
        ],
    )
    .await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("role=\"alert\""));
    for id in ["f-costs-oneOff", "f-period-starts", "f-results-indicators-0-value"] {
        assert!(page.text.contains(&format!("href=\"#{id}\"")), "{id}: {}", page.text);
        assert!(page.text.contains(&format!("id=\"{id}\"")), "{id}");
        assert!(page.text.contains(&format!("id=\"{id}-error\"")), "{id}");
    }
    for typed in [&long, "ungefähr viel", "irgendwann", "viele", "Fahrgäste", "Bericht"] {
        assert!(page.text.contains(typed), "{typed}");
    }
    assert!(page.text.contains("value=\"Topic:mobility\" checked"), "{}", page.text);

    // What the API finds is told by the names of the fields on the page.
    let page = send(
        &app,
        &app.editor,
        "/work/solutions/new",
        &[
            ("title", ""),
            ("municipalities[]", &town),
            ("language", "de"),
            ("sources.3.url", "https://example.org/bericht"),
            ("sources.5.title", "Bericht"),
            ("sources.5.url", "keine Adresse"),
        ],
    )
    .await;
    assert_eq!(page.status, 422, "{}", page.text);
    for id in ["f-title", "f-sources-0-title", "f-sources-1-url"] {
        assert!(page.text.contains(&format!("href=\"#{id}\"")), "{id}: {}", page.text);
    }
    assert!(page.text.contains("„Wie heißt die Lösung?“"), "{}", page.text);
    assert!(!page.text.contains("„title“"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_entry_needs_no_script_and_saves_nothing() {
    let app = TestApp::start().await;
    let path = draft(&app, &app.editor, "musterdorf").await;
    let before = revision(&read(&app, &app.editor, &path).await);
    let more = send(
        &app,
        &app.editor,
        &path,
        &[
            ("do", "add:sources"),
            ("title", "Noch nicht gespeichert"),
            ("sources.0.title", "Bericht"),
        ],
    )
    .await;
    assert_eq!(more.status, 200);
    assert!(more.text.contains("name=\"sources.1.title\""), "{}", more.text);
    assert!(more.text.contains("Noch nicht gespeichert") && more.text.contains("Bericht"));
    assert_eq!(revision(&read(&app, &app.editor, &path).await), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_a_form_holds_comes_back_from_the_record() {
    let app = TestApp::start().await;
    let mut pairs = complete(&app, "musterdorf").await;
    for (name, value) in [
        ("costs.oneOff.from", "5.000"),
        ("costs.oneOff.to", "12.000"),
        ("costs.year", "2024"),
        ("staff.fullTimeEquivalents", "0,5"),
        ("period.starts", "9/2023"),
        ("keywords", "Bus\r\nDorf"),
        ("instruments[]", "SERVICE"),
        ("results.indicators.0.name", "Fahrgäste"),
        ("results.indicators.0.value", "1.200"),
        ("funding.0.programme", "Regionalbudget"),
        ("funding.0.level", "LAND"),
        ("partners.0.name", "Bürgerverein"),
        ("partners.0.role", "OWNER"),
        ("digitalTools.0.name", "Fahrplan"),
        ("sources.0.title", "Bericht"),
        ("participation.people", "40"),
        ("lastChecked", "14.9.2025"),
    ] {
        pairs.push((name, value.to_owned()));
    }
    let made = send(&app, &app.editor, "/work/solutions/new", &lent(&pairs)).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let page = read(&app, &app.editor, &led(&made)).await;
    for value in [
        "name=\"costs.oneOff.from\" value=\"5000\"",
        "name=\"costs.oneOff.to\" value=\"12000\"",
        "name=\"staff.fullTimeEquivalents\" value=\"0,5\"",
        "name=\"period.starts\" value=\"9/2023\"",
        "name=\"results.indicators.0.value\" value=\"1200\"",
        "name=\"funding.0.programme\" value=\"Regionalbudget\"",
        "name=\"partners.0.name\" value=\"Bürgerverein\"",
        "name=\"lastChecked\" value=\"14.9.2025\"",
        "value=\"SERVICE\" checked",
        "value=\"LAND\" selected",
        "Bus\nDorf</textarea>",
    ] {
        assert!(page.text.contains(value), "{value}: {}", page.text);
    }
    assert!(page.text.contains("Gespeichert."));
    let preview = read(&app, &app.editor, &format!("{}/preview", path_of(&led(&made)))).await;
    assert!(preview.text.contains("Vorschau:") && preview.text.contains("5.000 € – 12.000 €"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_slower_sees_both_and_loses_nothing() {
    let app = TestApp::start().await;
    let path = draft(&app, &app.editor, "musterdorf").await;
    let old = revision(&read(&app, &app.editor, &path).await);
    let pairs = complete(&app, "musterdorf").await;
    let with = |revision: &str, lessons: &str| {
        let mut pairs = pairs.clone();
        pairs.extend([("expectedRevision", revision.to_owned()), ("lessons", lessons.to_owned())]);
        pairs
    };
    let first = send(&app, &app.editor, &path, &lent(&with(&old, "Von der ersten Person"))).await;
    assert_eq!(first.status, 303, "{}", first.text);
    let second = send(&app, &app.editor, &path, &lent(&with(&old, "Von der zweiten Person"))).await;
    assert_eq!(second.status, 409);
    for text in ["Von der ersten Person", "Von der zweiten Person", "Jetzt gespeichert ist:"] {
        assert!(second.text.contains(text), "{text}: {}", second.text);
    }
    let newer = revision(&second);
    assert_ne!(newer, old);
    let again =
        send(&app, &app.editor, &path, &lent(&with(&newer, "Von der zweiten Person"))).await;
    assert_eq!(again.status, 303, "{}", again.text);
    let page = read(&app, &app.editor, &path).await;
    assert!(page.text.contains("Von der zweiten Person") && !page.text.contains("ersten Person"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_saves_by_the_same_way_and_is_answered_with_data() {
    let app = TestApp::start().await;
    let path = draft(&app, &app.editor, "musterdorf").await;
    let old = revision(&read(&app, &app.editor, &path).await);
    let json = [("origin", ORIGIN), ("accept", "application/json")];
    let pairs = complete(&app, "musterdorf").await;
    let mut pairs = lent(&pairs);
    pairs.extend([("expectedRevision", old.as_str()), ("lessons", "Früh anfangen.")]);
    let saved = send_with(&app, &app.editor, &path, &pairs, &json).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let newer: u64 = old.parse::<u64>().expect("a number") + 1;
    assert_eq!(saved.json(), json!({ "revision": newer, "errors": [] }));
    let late = send_with(&app, &app.editor, &path, &pairs, &json).await;
    assert_eq!(late.status, 409, "{}", late.text);
    let over = send_with(&app, "allmende_session=longgone", &path, &pairs, &json).await;
    assert_eq!(over.status, 401);
    assert!(!over.text.contains("<html"));
    // What readers would see at once is never saved while somebody types.
    assert!(read(&app, &app.editor, &path).await.text.contains("data-autosave"));
    let publish = send(&app, &app.editor, &format!("{path}/publish"), &[]).await;
    assert_eq!(publish.status, 303, "{}", publish.text);
    let page = read(&app, &app.editor, &path).await;
    assert!(!page.text.contains("data-autosave") && page.text.contains("sehen Leser sofort"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_written_is_only_text() {
    let app = TestApp::start().await;
    let mut pairs = complete(&app, "musterdorf").await;
    let fields = [
        "place",
        "steps",
        "results.summary",
        "results.indicators.0.name",
        "results.indicators.0.unit",
        "results.indicators.0.method",
        "costs.note",
        "funding.0.programme",
        "funding.0.period",
        "funding.0.note",
        "staff.roles",
        "partners.0.name",
        "participation.formats",
        "participation.missed",
        "difficulties",
        "lessons",
        "wouldChange",
        "prerequisites",
        "legalBasis",
        "transferability.copyable",
        "transferability.local",
        "sustaining",
        "digitalTools.0.name",
        "digitalTools.0.licence",
        "sources.0.title",
        "licence",
        "citation",
        "keywords",
    ];
    for field in fields {
        pairs.push((field, EVIL.to_owned()));
    }
    for (_, text) in pairs
        .iter_mut()
        .filter(|(name, _)| ["title", "teaser", "problem", "approach"].contains(name))
    {
        *text = EVIL.to_owned();
    }
    pairs.push(("results.indicators.0.value", "1".to_owned()));
    let made = send(&app, &app.editor, "/work/solutions/new", &lent(&pairs)).await;
    // A licence is the name of one; where the rules refuse it, the form shows it all the same.
    let path = match made.status.as_u16() {
        303 => path_of(&led(&made)).to_owned(),
        _ => {
            assert!(!made.text.contains("<script>") && !made.text.contains("\" onmouseover"));
            pairs.retain(|(name, _)| *name != "licence" && *name != "digitalTools.0.licence");
            let made = send(&app, &app.editor, "/work/solutions/new", &lent(&pairs)).await;
            path_of(&led(&made)).to_owned()
        }
    };
    app.settle().await;
    let pages =
        [path.clone(), format!("{path}/preview"), format!("{path}/review"), "/work".to_owned()];
    for path in pages {
        let page = read(&app, &app.editor, &path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        assert!(page.text.contains("مرحبا"), "{path}");
        assert!(!page.text.contains("<script>") && !page.text.contains("\" onmouseover"), "{path}");
    }
}
