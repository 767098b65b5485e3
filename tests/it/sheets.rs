//! Solutions of others, taken in from tables and JSON.

use std::time::Duration;

use allmende::app::Silent;
use allmende::http::{Limits, TrustedProxies, router};
use allmende::service::{Imported, Sheet, SheetError, SheetOrder, SheetOutcome};
use axum::body::Body;
use axum::http::Request;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::support::TestApp;

const TABLE: &str = "externalKey;title;municipalities;topics;targetGroups;status;costs.oneOff.from;costs.oneOff.to;keywords;teaser;problem;approach;contacts;sources;period.starts\n\
    b-1;Dorfladen;musterdorf;Mobilität;Ältere Menschen;läuft;1.200;2500;Laden;Man kauft wieder im Ort.;Kein Laden.;Ein Verein.;contact-musterdorf;Zeitung|https://zeitung.example.org;2024-03\n\
    b-2;\"Mitfahrbank; zwei Bänke\";09000001;mobility;;dauerhaft;;;\"Bank;Fahrt\";Wer sitzt, fährt mit.;Kein Bus.;Eine Bank.;contact-musterdorf;;\n";

async fn take(app: &TestApp, file: &[u8], order: &SheetOrder) -> Result<SheetOutcome, SheetError> {
    let sheet = Sheet::read(file)?;
    let services = app.app.services().clone();
    let order = order.clone();
    // A task of its own has a fresh stack.
    let taken =
        tokio::spawn(async move { services.import_sheet(sheet, &order, &mut Silent).await });
    let taken = taken.await.expect("no panic");
    app.settle().await;
    taken
}

fn publish() -> SheetOrder {
    SheetOrder { publish: true, ..SheetOrder::default() }
}

/// Created, changed, unchanged, left.
fn counts(outcome: &SheetOutcome) -> [usize; 4] {
    let Imported { created, changed, unchanged, left } = outcome.imported;
    [created, changed, unchanged, left]
}

fn complained(outcome: Result<SheetOutcome, SheetError>) -> String {
    outcome.map(|outcome| counts(&outcome)).expect_err("it must be refused").to_string()
}

async fn solution(app: &TestApp, key: &str) -> Value {
    let question = format!(
        "{{ solution(by: {{externalKey: \"{key}\"}}) {{
            title teaser status lifecycle version keywords municipalities {{ slug }} topics {{ id }} targetGroups {{ id }}
            costs {{ oneOff {{ from to }} }} sources {{ title url }} period {{ starts }} partners {{ name }}
        }} }}"
    );
    app.edit(&question, json!({})).await["data"]["solution"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_taken_in_once_and_found() {
    let app = TestApp::start().await;
    let head = app.head().await;
    let dry = SheetOrder { dry_run: true, ..publish() };
    assert_eq!(counts(&take(&app, TABLE.as_bytes(), &dry).await.expect("sound")), [2, 0, 0, 0]);
    assert_eq!(app.head().await, head, "a dry run writes nothing");
    let first = take(&app, TABLE.as_bytes(), &publish()).await.expect("sound");
    assert_eq!(counts(&first), [2, 0, 0, 0]);
    let shop = solution(&app, "b-1").await;
    insta::assert_json_snapshot!(shop, @r#"
    {
      "title": "Dorfladen",
      "teaser": "Man kauft wieder im Ort.",
      "status": "RUNNING",
      "lifecycle": "PUBLISHED",
      "version": 1,
      "keywords": [
        "Laden"
      ],
      "municipalities": [
        {
          "slug": "musterdorf"
        }
      ],
      "topics": [
        {
          "id": "Topic:mobility"
        }
      ],
      "targetGroups": [
        {
          "id": "TargetGroup:older_people"
        }
      ],
      "costs": {
        "oneOff": {
          "from": 1200,
          "to": 2500
        }
      },
      "sources": [
        {
          "title": "Zeitung",
          "url": "https://zeitung.example.org"
        }
      ],
      "period": {
        "starts": "2024-03"
      },
      "partners": []
    }
    "#);
    let bench = solution(&app, "b-2").await;
    assert_eq!(bench["title"], "Mitfahrbank; zwei Bänke");
    assert_eq!(bench["keywords"], json!(["Bank", "Fahrt"]));
    assert_eq!(bench["municipalities"], json!([{ "slug": "neustadt" }]));
    let head = app.head().await;
    let again = take(&app, TABLE.as_bytes(), &publish()).await.expect("sound");
    assert_eq!(counts(&again), [0, 0, 2, 0]);
    assert_eq!(app.head().await, head, "the second time changes nothing");
    let found =
        app.query("{ solutions(search: \"Dorfladen\", strict: true) { totalCount } }").await;
    assert_eq!(found["data"]["solutions"]["totalCount"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_row_changes_is_changed_and_what_editors_wrote_stays() {
    let app = TestApp::start().await;
    take(&app, TABLE.as_bytes(), &publish()).await.expect("sound");
    let id = app.solution("b-1").await;
    app.update(&app.editor, json!({ "id": id, "teaser": "Von uns." })).await;
    let changed =
        TABLE.replace("Wer sitzt, fährt mit.", "Einsteigen!").replace("Man kauft", "Wir kaufen");
    let outcome = take(&app, changed.as_bytes(), &publish()).await.expect("sound");
    assert_eq!(counts(&outcome), [0, 1, 0, 1]);
    assert_eq!(solution(&app, "b-1").await["teaser"], "Von uns.");
    let bench = solution(&app, "b-2").await;
    assert_eq!((&bench["teaser"], &bench["version"]), (&json!("Einsteigen!"), &json!(2)));
    assert_eq!(
        counts(&take(&app, changed.as_bytes(), &publish()).await.expect("sound")),
        [0, 0, 1, 1]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_order_they_wait_as_drafts() {
    let app = TestApp::start().await;
    take(&app, TABLE.as_bytes(), &SheetOrder::default()).await.expect("sound");
    assert_eq!(solution(&app, "b-1").await["lifecycle"], "DRAFT");
    let found =
        app.query("{ solutions(search: \"Dorfladen\", strict: true) { totalCount } }").await;
    assert_eq!(found["data"]["solutions"]["totalCount"], 0);
    let outcome = take(&app, TABLE.as_bytes(), &publish()).await.expect("sound");
    assert_eq!(counts(&outcome), [0, 2, 0, 0]);
    assert_eq!(solution(&app, "b-1").await["lifecycle"], "PUBLISHED");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_excel_writes_is_read() {
    let short = "externalKey;title;topics\nx-1;Bürgerbus für Ältere – „gratis“;Mobilität\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(short);
    let marked = [b"\xef\xbb\xbf", short.as_bytes()].concat();
    let wide: Vec<u8> =
        [0xfeff].into_iter().chain(short.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let commas = short.replace(';', ",").into_bytes();
    let lines = short.replace('\n', "\r\n").into_bytes();
    let order =
        SheetOrder { municipality: Some("140000000001".to_owned()), ..SheetOrder::default() };
    for file in [windows.into_owned(), marked, wide, commas, lines] {
        let app = TestApp::start().await;
        take(&app, &file, &order).await.expect("sound");
        let solution = solution(&app, "x-1").await;
        assert_eq!(solution["title"], "Bürgerbus für Ältere – „gratis“");
        assert_eq!(solution["municipalities"], json!([{ "slug": "musterdorf" }]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_taken_as_the_api_takes_it() {
    let app = TestApp::start().await;
    let place = app.municipality("musterdorf").await;
    let one = json!({
        "externalKey": "j-1", "title": "Eins", "municipalities": [place], "topics": ["Topic:mobility"],
        "status": "RUNNING", "participation": { "level": "CO_DECISION", "people": 12 },
        "costs": { "oneOff": { "from": 1, "to": 2 }, "yearly": null },
        "partners": [{ "organisation": "hochschule", "role": "FUNDER" }, { "name": "Verein" }],
        "funding": [{ "programme": "LEADER", "level": "EU", "rate": 80 }],
        "related": ["j-2"], "sizeBands": ["FROM_1K"],
    });
    let two = json!({ "externalKey": "j-2", "title": "Zwei", "municipalities": "neustadt", "language": null });
    let list = serde_json::to_string_pretty(&json!([one, two])).expect("JSON");
    let lines = format!("{one}\n{two}\n");
    let outcome = take(&app, list.as_bytes(), &SheetOrder::default()).await.expect("sound");
    assert_eq!(counts(&outcome), [2, 0, 0, 0]);
    let outcome = take(&app, lines.as_bytes(), &SheetOrder::default()).await.expect("sound");
    assert_eq!(counts(&outcome), [0, 0, 2, 0]);
    let question = "{ solution(by: {externalKey: \"j-1\"}) {
        related { externalKey } participation { level people } funding { level rate }
        partners { name role organisation { slug } }
    } }";
    let answer = app.edit(question, json!({})).await;
    assert_eq!(
        answer["data"]["solution"]["related"],
        json!([]),
        "a draft of others is not shown: {answer}"
    );
    assert_eq!(answer["data"]["solution"]["participation"]["level"], "CO_DECISION");
    assert_eq!(answer["data"]["solution"]["partners"][0]["organisation"]["slug"], "hochschule");
}

const BAD: &str = "externalKey;title;municipalities;topics;status;period.starts;costs.year\n\
    g-1;Gut;musterdorf;mobility;läuft;2024;2024\n\
    g-1;Doppelt;musterdorf;mobility;läuft;2024;2024\n\
    ;Ohne Schlüssel;musterdorf;mobility;läuft;2024;2024\n\
    g-4;;musterdorf;mobility;läuft;2024;2024\n\
    g-5;Ort;musterdrf;mobility;läuft;2024;2024\n\
    g-6;Thema;musterdorf;Mobilitet;laufend;2024;2024\n\
    g-7;Zahl;musterdorf;mobility;läuft;März;zweitausend\n\
    g-8;Zu kurz;musterdorf\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_row_is_told_and_nothing_is_written() {
    let app = TestApp::start().await;
    let head = app.head().await;
    let said = complained(take(&app, BAD.as_bytes(), &SheetOrder::default()).await);
    assert_snapshot!(said, @r#"
    nothing was imported, for 7 rows are wrong; correct them, or leave them out with --partial
    line 3, externalKey: "g-1" stands in line 2 already: give each row a key of its own
    line 4, externalKey: every row needs a key of its own, by which it is known again the next time
    line 5, title: "title" is missing: please give it.
    line 6, municipalities: there is no municipality "musterdrf"; give its name in URLs, its ARS or its AGS, and take it in first if the hub does not know it
    line 7, status: there is no "laufend"; there are Idee, geplant, läuft, beendet, dauerhaft, abgebrochen
    line 7, topics: there is no "Mobilitet"; did you mean "Mobilität"?
    line 8, costs.year: "zweitausend" is no whole number: write for instance 12000
    line 9: 3 cells, but 7 columns have names: is a quote or a separator missing?
    "#);
    assert_eq!(app.head().await, head);
    let said = complained(
        take(&app, TABLE.replace("contact-musterdorf", "").as_bytes(), &publish()).await,
    );
    assert!(said.contains("line 2, contacts: \"contacts\" is missing"), "{said}");
    let said = complained(take(&app, b"externalKey;titel\n", &SheetOrder::default()).await);
    assert!(said.contains("column 2: there is no \"titel\"; did you mean \"title\"?"), "{said}");
    let broken = b"[{\"externalKey\": \"a\", \"title\": \"A\", \"municipalities\": \"musterdorf\",\n \"tietel\": 1},\n {\"x\": nope},\n {\"externalKey\": ";
    let said = complained(take(&app, broken, &SheetOrder::default()).await);
    assert_snapshot!(said, @r#"
    nothing was imported, for 3 rows are wrong; correct them, or leave them out with --partial
    line 1, tietel: there is no "tietel"; did you mean "title"?
    line 3: this is no sound JSON object: expected ident at line 1 column 8
    line 4: this is no sound JSON object: EOF while parsing a value at line 1 column 16
    "#);
    let nowhere = SheetOrder { municipality: Some("nirgends".to_owned()), ..SheetOrder::default() };
    let said = complained(take(&app, TABLE.as_bytes(), &nowhere).await);
    assert!(said.contains("--municipality: there is no municipality \"nirgends\""), "{said}");
    assert_eq!(app.head().await, head);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_good_rows_are_taken_and_the_bad_ones_kept_for_correction() {
    let app = TestApp::start().await;
    let partial = SheetOrder { partial: true, ..SheetOrder::default() };
    let outcome = take(&app, BAD.as_bytes(), &partial).await.expect("the good one");
    assert_eq!(counts(&outcome), [1, 0, 0, 0]);
    assert_eq!(outcome.left_out.lines().count(), 8, "head and seven rows: {}", outcome.left_out);
    let corrected = outcome.left_out.replace("musterdrf", "musterdorf");
    let outcome = take(&app, corrected.as_bytes(), &partial).await.expect("one more");
    assert_eq!(counts(&outcome), [1, 1, 0, 0], "g-5, and the second g-1 now changes the first");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_hub_gives_out_another_takes_in() {
    let (first, second) = (TestApp::start().await, TestApp::start().await);
    take(&first, TABLE.as_bytes(), &publish()).await.expect("sound");
    first.draft(&first.editor, first.complete("musterdorf", "Geheim").await).await;
    for form in ["csv", "json"] {
        let given = export(&first, form, None).await;
        assert_eq!(given.status.as_u16(), 200);
        assert!(
            !given.text.contains("Geheim") && !given.text.contains("rathaus@"),
            "{}",
            given.text
        );
        let changed =
            given.text.replace("b-1", &format!("{form}-1")).replace("b-2", &format!("{form}-2"));
        let outcome =
            take(&second, changed.as_bytes(), &SheetOrder::default()).await.expect("sound");
        assert_eq!(counts(&outcome)[0], 2, "{changed}");
        let mut there = solution(&second, &format!("{form}-1")).await;
        let mut here = solution(&first, "b-1").await;
        for solution in [&mut there, &mut here] {
            solution["lifecycle"].take();
            solution["version"].take();
        }
        assert_eq!(there, here, "{form}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_looks_like_a_formula_is_a_text_in_a_table_and_comes_back_as_it_was() {
    let (first, second) = (TestApp::start().await, TestApp::start().await);
    let title = "=HYPERLINK(\"https://example.org\";\"Bus\")";
    let mut told = first.complete("musterdorf", title).await;
    for (field, value) in [
        ("externalKey", json!("f-1")),
        ("lessons", json!("-2+3")),
        ("difficulties", json!("@A1\n=B1")),
        ("prerequisites", json!("'=1")),
        ("keywords", json!(["+49", "Bus"])),
        ("monthsToEffect", json!(3)),
    ] {
        told[field] = value;
    }
    first.published(&first.editor, told).await;
    let table = export(&first, "csv", None).await.text;
    let row = table.split("\r\n").find(|row| row.contains("f-1")).expect("the solution");
    for cell in ["\"'=HYPERLINK(", "'-2+3", "\"'@A1\n", "''=1", "\"'+49; Bus\"", ",3,"] {
        assert!(row.contains(cell), "{cell} in {row}");
    }
    let changed = table.replace("f-1", "f-2");
    let outcome = take(&second, changed.as_bytes(), &SheetOrder::default()).await.expect("sound");
    assert!(counts(&outcome)[0] > 0, "{changed}");
    let read = async |app: &TestApp, key: &str| {
        let fields = "title lessons difficulties prerequisites keywords monthsToEffect";
        let question = format!("{{ solution(by: {{externalKey: \"{key}\"}}) {{ {fields} }} }}");
        app.edit(&question, json!({})).await["data"]["solution"].clone()
    };
    let there = read(&second, "f-2").await;
    assert!(there["title"].is_string(), "{there}");
    assert_eq!(there, read(&first, "f-1").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_of_an_export_holds_no_place() {
    let app = TestApp::start().await;
    let limits = Limits { request: Duration::from_millis(200), ..Limits::default() };
    let (proxies, end) = (TrustedProxies::default(), CancellationToken::new());
    let app = TestApp { router: router(app.app.api().clone(), limits, proxies, end), ..app };
    let ask = async || {
        let request = Request::get("/export/solutions.json").body(Body::empty());
        let answer = tokio::spawn(app.router.clone().oneshot(request.expect("a request"))).await;
        answer.expect("no panic").expect("a router never fails")
    };
    let mut stalled = Vec::new();
    for _ in 0..16 {
        let answer = ask().await;
        assert_eq!(answer.status().as_u16(), 200);
        stalled.push(answer);
    }
    for _ in 0..100 {
        if ask().await.status().as_u16() == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the places are held for ever by {}", stalled.len());
}

async fn export(
    app: &TestApp,
    form: &str,
    known: Option<&str>,
) -> crate::support::test_app::Answer {
    let mut request = Request::get(format!("/export/solutions.{form}"));
    if let Some(known) = known {
        request = request.header("if-none-match", known);
    }
    app.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn open_data_names_its_licence_and_is_sent_again_only_when_something_changed() {
    let app = TestApp::start().await;
    let id = app.published(&app.editor, app.complete("musterdorf", "=SUMME(A1)").await).await;
    app.update(&app.editor, json!({ "id": id, "licence": "CC-BY-4.0" })).await;
    let answer = export(&app, "json", None).await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let rows = answer.json();
    let row = rows.as_array().expect("a list").iter().find(|row| row["id"] == *id).expect("it");
    assert_eq!(
        (&row["licence"], &row["municipalities"]),
        (&json!("CC-BY-4.0"), &json!(["140000000001"]))
    );
    assert!(row.get("contacts").is_none() && row.get("writtenBy").is_none(), "{row}");
    let etag = answer.headers["etag"].to_str().expect("text").to_owned();
    let again = export(&app, "json", Some(&etag)).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    let table = export(&app, "csv", Some(&etag)).await;
    assert_eq!(table.status.as_u16(), 200, "each form has a tag of its own");
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8; header=present");
    app.archive(&app.editor, &id).await;
    let after = export(&app, "json", Some(&etag)).await;
    assert_eq!(after.status.as_u16(), 200);
    assert!(!after.text.contains("SUMME"), "what was put away is out of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_was_given_out_changes_only_what_was_edited_in_it() {
    let app = TestApp::start().await;
    let mut input = app.complete("musterdorf", "Ohne Schlüssel").await;
    input["partners"] = json!([
        { "name": "Land", "role": "FUNDER" }, { "name": "Taxi am Markt", "role": "PARTNER" },
    ]);
    input["results"] = json!({
        "summary": "Mehr Fahrten.",
        "indicators": [{ "name": "Fahrten", "value": 1200.5, "unit": "im Jahr" }],
    });
    let id = app.published(&app.editor, input).await;
    app.settle().await;
    let all = async || {
        let question = "query($id: ID!) { solution(by: {id: $id}) {
            externalKey title version partners { name role }
            results { summary indicators { name value unit } }
        } }";
        app.run(None, question, json!({ "id": id })).await["data"]["solution"].clone()
    };
    let before = all().await;
    let given = export(&app, "csv", None).await.text;
    let outcome = take(&app, given.as_bytes(), &publish()).await.expect("sound");
    assert_eq!(counts(&outcome)[..2], [0, 0], "nothing was edited");
    assert_eq!(all().await, before);

    // The hub remembers that people wrote it: what they wrote stays, whoever edits tables.
    let edited = given.replace("Mehr Fahrten.", "Viel mehr Fahrten.");
    let outcome = take(&app, edited.as_bytes(), &publish()).await.expect("sound");
    assert_eq!(counts(&outcome)[1..], [0, 2, 1], "{edited}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_from_a_table_keeps_what_the_next_one_cannot_tell() {
    let app = TestApp::start().await;
    let row = json!({
        "externalKey": "t-1", "title": "Rufbus", "municipalities": ["musterdorf"],
        "partners": [{ "name": "Land", "role": "FUNDER" }],
        "results": { "summary": "Gut.", "indicators": [{ "name": "Fahrten", "value": 12 }] },
        "topics": ["mobility"], "status": "RUNNING", "teaser": "Ein Satz.", "problem": "Kein Bus.",
        "approach": "Ein Taxi.", "contacts": ["contact-musterdorf"],
    });
    let outcome = take(&app, row.to_string().as_bytes(), &publish()).await.expect("sound");
    assert_eq!(counts(&outcome), [1, 0, 0, 0]);
    let given = export(&app, "csv", None).await.text;
    let edited = given.replace("Gut.", "Sehr gut.");
    assert_ne!(edited, given);
    let outcome = take(&app, edited.as_bytes(), &publish()).await.expect("sound");
    assert_eq!(counts(&outcome)[1], 1);
    let question = "{ solution(by: {externalKey: \"t-1\"}) {
        partners { name role } results { summary indicators { name value } }
    } }";
    app.settle().await;
    let kept = app.query(question).await["data"]["solution"].clone();
    assert_eq!(
        kept,
        json!({
            "partners": [{ "name": "Land", "role": "FUNDER" }],
            "results": {
                "summary": "Sehr gut.", "indicators": [{ "name": "Fahrten", "value": 12.0 }],
            },
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_one_municipality_s_own() {
    let app = TestApp::start().await;
    let row = |place: &str, title: &str, more: Value| {
        let mut row = json!({ "externalKey": "gleich", "title": title, "municipalities": [place] });
        if let (Some(row), Some(more)) = (row.as_object_mut(), more.as_object()) {
            row.extend(more.clone());
        }
        row.to_string()
    };
    // An editor has a draft of this key, which a table of another town does not touch.
    let own = app.municipality("neustadt").await;
    let theirs = json!({ "title": "Ihres", "municipalities": [own], "externalKey": "gleich" });
    let theirs = app.draft(&app.neighbour, theirs).await;
    let file =
        row("musterdorf", "Unseres", json!({})) + "\n" + &row("altdorf", "Drittes", json!({}));
    let outcome = take(&app, file.as_bytes(), &SheetOrder::default()).await.expect("sound");
    assert_eq!(counts(&outcome), [2, 0, 0, 0]);
    let file =
        row("musterdorf", "Unser neues", json!({})) + "\n" + &row("altdorf", "Drittes", json!({}));
    let outcome = take(&app, file.as_bytes(), &SheetOrder::default()).await.expect("sound");
    assert_eq!(counts(&outcome), [0, 1, 1, 0], "each is known again by its key and its place");
    assert_eq!(solution(&app, "gleich").await["title"], "Unser neues", "an editor finds the own");
    let question = "query($id: ID!) { solution(by: {id: $id}) { title } }";
    let answer = app.run(Some(&app.neighbour), question, json!({ "id": theirs })).await;
    assert_eq!(answer["data"]["solution"]["title"], "Ihres");
    let double =
        row("musterdorf", "Eins", json!({})) + "\n" + &row("musterdorf", "Zwei", json!({}));
    let said = complained(take(&app, double.as_bytes(), &SheetOrder::default()).await);
    assert_snapshot!(said, @r#"
    nothing was imported, for 1 rows are wrong; correct them, or leave them out with --partial
    line 2, externalKey: "gleich" stands in line 1 already: give each row a key of its own
    "#);
}
