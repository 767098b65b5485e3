//! Links are followed, politely and only to public addresses, and municipalities hear what broke.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use allmende::app::{App, Silent};
use allmende::domain::{Clock, LinkStatus, LinkTrouble, Role};
use allmende::outbound::{Client, ClientSettings, Prober};
use allmende::service::{LinkReport, LinkSelection, Seed};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri, header};
use chrono::{DateTime, TimeDelta};
use futures_util::stream;
use serde_json::{Value, json};

use crate::support::hub::allmende;
use crate::support::test_app::{determined, places};
use crate::support::{Hub, TestApp};

/// What a server of the test was asked, and what it does.
#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    /// The status of `/changing`.
    changing: AtomicU16,
    /// The pieces of `/large` that were sent.
    pieces: AtomicUsize,
}

impl Seen {
    fn requests(&self, path: &str) -> Vec<String> {
        let requests = self.requests.lock().expect("no panic");
        requests.iter().filter(|it| it.ends_with(&format!(" {path}"))).cloned().collect()
    }
}

/// The web, as far as these tests need it.
struct Web {
    address: SocketAddr,
    seen: Arc<Seen>,
}

impl Web {
    async fn start() -> Self {
        let seen = Arc::new(Seen::default());
        seen.changing.store(200, Ordering::SeqCst);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(Arc::clone(&seen));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, seen }
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn status(status: u16) -> Response<Body> {
    let body = Body::from("Seite");
    Response::builder().status(status).body(body).expect("an answer")
}

fn leads_on(status: u16, to: &str) -> Response<Body> {
    let answer = Response::builder().status(status).header(header::LOCATION, to);
    answer.body(Body::empty()).expect("an answer")
}

async fn answer(
    State(seen): State<Arc<Seen>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let agent = headers.get("user-agent").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let told = format!("{agent} {method} {}", uri.path());
    seen.requests.lock().expect("no panic").push(told);
    let at_once = seen.at_once.fetch_add(1, Ordering::SeqCst) + 1;
    seen.most_at_once.fetch_max(at_once, Ordering::SeqCst);
    let answer = reply(&seen, &method, uri.path()).await;
    seen.at_once.fetch_sub(1, Ordering::SeqCst);
    answer
}

async fn reply(seen: &Arc<Seen>, method: &Method, path: &str) -> Response<Body> {
    match path {
        "/gone" => status(410),
        "/missing" => status(404),
        "/closed" => status(403),
        "/failing" => status(503),
        "/no-head" if method == Method::HEAD => status(405),
        "/wrong-head" if method == Method::HEAD => status(404),
        "/hangs" => std::future::pending().await,
        "/moved" => leads_on(301, "/moved-again"),
        "/moved-again" => leads_on(308, "/new"),
        "/moved-then-found" => leads_on(301, "/found"),
        "/found" => leads_on(302, "/new"),
        "/moved-to-nothing" => leads_on(301, "/missing"),
        "/circle" => leads_on(302, "/circle-back"),
        "/circle-back" => leads_on(302, "/circle"),
        "/inside" => leads_on(302, "http://169.254.169.254/latest/meta-data/"),
        "/mail" => leads_on(302, "mailto:rathaus@musterdorf.example.org"),
        "/changing" => status(seen.changing.load(Ordering::SeqCst)),
        "/large" if method == Method::HEAD => status(405),
        "/large" => large(Arc::clone(seen)),
        path if path.starts_with("/hop/") => {
            let left: u32 = path.trim_start_matches("/hop/").parse().expect("a number");
            if left == 0 { status(200) } else { leads_on(302, &format!("/hop/{}", left - 1)) }
        }
        _ => status(200),
    }
}

/// Ten megabytes, in pieces that are counted as they go.
fn large(seen: Arc<Seen>) -> Response<Body> {
    let pieces = (0..160).map(move |_| {
        seen.pieces.fetch_add(1, Ordering::SeqCst);
        Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 65_536]))
    });
    Response::new(Body::from_stream(stream::iter(pieces)))
}

fn prober(allow_private: bool, timeout: Duration) -> Prober {
    let settings = ClientSettings {
        user_agent: "Allmende/test".to_owned(),
        allow_private,
        connect: timeout,
        answer: timeout,
    };
    Prober::new(Client::new(&settings).expect("a client"), Duration::from_millis(1))
}

fn patient() -> Prober {
    prober(true, Duration::from_secs(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_comes_to_what_it_means() {
    let web = Web::start().await;
    let prober = patient();
    for (path, expected, trouble, moved_to) in [
        ("/", LinkStatus::Works, None, None),
        ("/found", LinkStatus::Works, None, None),
        ("/no-head", LinkStatus::Works, None, None),
        ("/wrong-head", LinkStatus::Works, None, None),
        ("/hop/5", LinkStatus::Works, None, None),
        ("/hop/6", LinkStatus::Broken, Some(LinkTrouble::TooFar), None),
        ("/moved", LinkStatus::Moved, None, Some("/new")),
        ("/moved-then-found", LinkStatus::Moved, None, Some("/found")),
        ("/moved-to-nothing", LinkStatus::Broken, Some(LinkTrouble::Gone), None),
        ("/circle", LinkStatus::Broken, Some(LinkTrouble::Circle), None),
        ("/missing", LinkStatus::Broken, Some(LinkTrouble::Gone), None),
        ("/gone", LinkStatus::Broken, Some(LinkTrouble::Gone), None),
        ("/closed", LinkStatus::Refused, Some(LinkTrouble::NotLetIn), None),
        ("/failing", LinkStatus::Unreachable, Some(LinkTrouble::ServerError), None),
        ("/mail", LinkStatus::Works, None, None),
    ] {
        let finding = prober.follow(&web.at(path)).await;
        let found = (finding.status, finding.trouble, finding.moved_to);
        assert_eq!(found, (expected, trouble, moved_to.map(|path| web.at(path))), "{path}");
    }
    let asked = web.seen.requests("/no-head");
    assert_eq!(asked, ["Allmende/test HEAD /no-head", "Allmende/test GET /no-head"]);
    assert_eq!(web.seen.requests("/"), ["Allmende/test HEAD /"], "once, and no body");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_holds_nobody_up_and_large_bodies_are_not_read() {
    let web = Web::start().await;
    let hanging = prober(true, Duration::from_millis(300)).follow(&web.at("/hangs")).await;
    let found = (hanging.status, hanging.trouble);
    assert_eq!(found, (LinkStatus::Unreachable, Some(LinkTrouble::Timeout)));
    let large = patient().follow(&web.at("/large")).await;
    assert_eq!((large.status, large.answer), (LinkStatus::Works, Some(200)));
    // What lies in buffers on the way was sent; ten megabytes do not fit there.
    let sent = web.seen.pieces.load(Ordering::SeqCst);
    assert!(sent < 160, "{sent} of 160 pieces were sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_refused_at_the_start_and_behind_redirects() {
    let web = Web::start().await;
    let careful = prober(false, Duration::from_secs(5));
    let port = web.address.port();
    for url in [web.at("/"), format!("http://localhost:{port}/"), format!("http://[::1]:{port}/")] {
        let finding = careful.follow(&url).await;
        let found = (finding.status, finding.trouble);
        assert_eq!(found, (LinkStatus::Refused, Some(LinkTrouble::PrivateAddress)), "{url}");
    }
    assert_eq!(web.seen.requests("/"), Vec::<String>::new(), "nothing arrived");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_gets_one_request_at_a_time() {
    let web = Web::start().await;
    let urls: Vec<String> = (0..20).map(|page| web.at(&format!("/page-{page}"))).collect();
    let prober = patient();
    let found: Vec<_> = futures_util::StreamExt::collect(prober.follow_all(urls)).await;
    assert_eq!(found.len(), 20);
    assert_eq!(web.seen.most_at_once.load(Ordering::SeqCst), 1);
}

const BROKEN: &str = "query($id: ID!) { solution(by: {id: $id}) {
    brokenLinks { url status message brokenSince }
    documents { linkStatus }
} }";
const NEWS: &str = "query($place: ID!) {
    events(filter: {kinds: [LINK_BROKEN, LINK_RESTORED], municipalities: [$place]}, first: 10) {
        edges { node { kind subjectId title } }
    }
}";

async fn check(app: &TestApp) -> LinkReport {
    let (selection, prober) = (LinkSelection::default(), patient());
    let checked = app.app.services().check_links(&selection, &prober, &mut Silent).await;
    checked.expect("the database answers").expect("nobody else is at it")
}

#[tokio::test(flavor = "multi_thread")]
async fn editors_see_what_broke_and_hear_when_it_works_again() {
    let web = Web::start().await;
    let app = TestApp::start().await;
    let mut input = app.complete("musterdorf", "Mit Quellen").await;
    input["sources"] = json!([
        { "title": "Wandelt sich", "url": web.at("/changing") },
        { "title": "Gibt es", "url": web.at("/") },
    ]);
    let id = app.published(&app.editor, input).await;
    let place = app.municipality("musterdorf").await;
    let broken = async |token: Option<&str>| {
        let found = app.run(token, BROKEN, json!({ "id": id })).await;
        found["data"]["solution"]["brokenLinks"].clone()
    };
    let news = async |token: Option<&str>| {
        let found = app.run(token, NEWS, json!({ "place": place })).await;
        let edges = found["data"]["events"]["edges"].as_array().expect("a list").clone();
        let node = |edge: &Value| (edge["node"]["kind"].clone(), edge["node"]["subjectId"].clone());
        edges.iter().map(node).collect::<Vec<_>>()
    };
    let editor = Some(app.editor.as_str());
    check(&app).await;
    assert_eq!(broken(editor).await, json!([]));
    web.seen.changing.store(404, Ordering::SeqCst);
    let report = check(&app).await;
    let found: Vec<_> = report.with(LinkStatus::Broken).map(|it| it.check.url.clone()).collect();
    assert!(found.contains(&web.at("/changing")), "{found:?}");
    let seen = broken(editor).await;
    assert_eq!(seen[0]["url"], web.at("/changing"));
    assert_eq!((&seen[0]["message"], &seen[1]), (&json!("The page is gone"), &Value::Null));
    assert_eq!(broken(None).await, json!([]), "readers are not told");
    check(&app).await;
    web.seen.changing.store(200, Ordering::SeqCst);
    check(&app).await;
    assert_eq!(broken(editor).await, json!([]));
    let told = |kind: &str| (json!(kind), json!(id));
    assert_eq!(news(editor).await, [told("LINK_BROKEN"), told("LINK_RESTORED")]);
    assert_eq!(news(Some(&app.neighbour)).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_that_a_document_lies_nowhere_once_it_failed_on_two_days() {
    let web = Web::start().await;
    let day = Arc::new(std::sync::atomic::AtomicI64::new(0));
    let (_, ids) = determined();
    let start = DateTime::from_timestamp(1_767_225_600, 0).expect("a moment");
    let moved = Arc::clone(&day);
    let clock = Clock::from_fn(move || start + TimeDelta::days(moved.load(Ordering::SeqCst)));
    let app = App::start(places(), clock, ids, &mut Silent).await.expect("a hub in memory");
    let fixture = include_str!("support/fixture.toml");
    let fixture =
        fixture.replace("https://neustadt.example.org/leitfaden.pdf", &web.at("/changing"));
    let mut seed = Seed::default();
    seed.read("fixture.toml", &fixture).expect("a sound fixture");
    app.services().import(seed, &mut Silent).await.expect("the fixture fits the rules");
    app.settle().await.expect("the database answers");
    let app = TestApp::around(app);
    let id = app.solution("T2").await;
    let seen = async || {
        let found = app.run(None, BROKEN, json!({ "id": id })).await;
        found["data"]["solution"]["documents"][0]["linkStatus"].clone()
    };
    assert_eq!(seen().await, Value::Null);
    web.seen.changing.store(503, Ordering::SeqCst);
    for (today, expected) in [(0, "UNREACHABLE"), (0, "UNREACHABLE"), (1, "BROKEN")] {
        day.store(today, Ordering::SeqCst);
        check(&app).await;
        assert_eq!(seen().await, expected);
    }
    web.seen.changing.store(200, Ordering::SeqCst);
    check(&app).await;
    assert_eq!(seen().await, "WORKS");
    let editor = app.token(Role::Editor, "neustadt").await;
    let place = app.municipality("neustadt").await;
    let news = app.run(Some(&editor), NEWS, json!({ "place": place })).await;
    let edges = news["data"]["events"]["edges"].as_array().expect("a list");
    let told: Vec<_> = edges.iter().map(|edge| edge["node"]["kind"].clone()).collect();
    assert_eq!(told, ["LINK_BROKEN", "LINK_RESTORED"], "{news}");
    assert_eq!(edges[0]["node"]["title"], "Leitfaden Bürgerbus");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_municipality_or_one_solution_can_be_checked_alone() {
    let app = TestApp::start().await;
    let services = app.app.services();
    let select = async |place, solution| {
        services.select_links(place, solution).await.expect("the database answers")
    };
    let id = app.solution("T2").await;
    let selection = select(None, Some(&*id)).await.expect("it is there");
    let careful = prober(false, Duration::from_millis(200));
    let report = services.check_links(&selection, &careful, &mut Silent).await.expect("an answer");
    let report = report.expect("nobody else is at it");
    let urls: Vec<_> = report.links.iter().map(|it| it.check.url.as_str()).collect();
    assert_eq!(urls, ["https://neustadt.example.org/leitfaden.pdf"], "that of its document");
    let selection = select(Some("altdorf"), None).await.expect("it is there");
    let report = services.check_links(&selection, &careful, &mut Silent).await.expect("an answer");
    let report = report.expect("nobody else is at it");
    assert_eq!(report.links.len(), 0);
    assert!(select(Some("nirgendwo"), None).await.is_err_and(|it| it.contains("nirgendwo")));
    assert!(select(None, Some("nichts")).await.is_err_and(|it| it.contains("nichts")));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_node_at_a_time_follows_links() {
    let app = TestApp::start().await;
    let services = app.app.services();
    let (store, careful) = (services.store(), prober(false, Duration::from_millis(200)));
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(40_000);
    let lease = store.acquire("links", "another node", now, TimeDelta::hours(1)).await;
    let lease = lease.expect("the database answers").expect("nobody is at it");
    let nothing = services.select_links(Some("altdorf"), None).await.expect("the database answers");
    let nothing = nothing.expect("it is there");
    let checked = services.check_links(&nothing, &careful, &mut Silent).await;
    assert!(checked.expect("the database answers").is_none(), "somebody else is at it");
    store.give_back(&lease, now).await.expect("the database answers");
    let checked = services.check_links(&nothing, &careful, &mut Silent).await;
    assert!(checked.expect("the database answers").is_some());
}

fn command(directory: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = allmende(directory).args(arguments).output().expect("the program runs");
    let told = String::from_utf8(output.stdout).expect("text");
    (output.status.code(), told + &String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_do_it_beside_no_hub() {
    let web = Web::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let at = directory.path();
    let (code, told) = command(at, &["seed"]);
    assert_eq!(code, Some(0), "{told}");
    let (_, token) =
        command(at, &["token", "create", "--municipality", "geestland", "--log", "off"]);
    let hub = Hub::start(at);
    let place = "{ municipality(by: {slug: \"geestland\"}) { id } }";
    let found = hub.run(token.trim(), place, &json!({})).await.expect("the hub answers");
    let place = found["data"]["municipality"]["id"].clone();
    let create = "mutation($input: CreateDocumentInput!) {
        payload: createDocument(input: $input) { document { id } userErrors { code path } }
    }";
    let publish = "mutation($id: ID!) {
        payload: publishDocument(input: {id: $id}) { userErrors { code path } }
    }";
    for path in ["/", "/missing", "/moved"] {
        let input =
            json!({ "municipality": place, "title": path, "kind": "GUIDE", "url": web.at(path) });
        let made = hub.run(token.trim(), create, &json!({ "input": input })).await;
        let made = made.expect("the hub answers")["data"]["payload"].clone();
        assert_eq!(made["userErrors"], json!([]), "{made}");
        let id = json!({ "id": made["document"]["id"] });
        let out = hub.run(token.trim(), publish, &id).await.expect("the hub answers");
        assert_eq!(out["data"]["payload"]["userErrors"], json!([]), "{out}");
    }
    assert_eq!(hub.terminate(), 0);
    let quick = [
        "check-links",
        "--municipality",
        "geestland",
        "--timeout",
        "2s",
        "--pause",
        "1ms",
        "--log",
        "off",
    ];
    let with = |more: &[&'static str]| [quick.as_slice(), more].concat();
    let (code, told) = command(
        at,
        &with(&["--allow-private", "--json", "--contact-url", "https://hub.example.org/"]),
    );
    assert_eq!(code, Some(0), "{told}");
    let report: Value = serde_json::from_str(&told).expect("JSON");
    let links = report["links"].as_array().expect("a list");
    let of = |path: &str| {
        let link = links.iter().find(|it| it["url"] == web.at(path));
        link.unwrap_or_else(|| panic!("{path} in {told}")).clone()
    };
    assert_eq!(
        (&of("/")["status"], &of("/missing")["status"]),
        (&json!("works"), &json!("broken"))
    );
    assert_eq!(of("/moved")["movedTo"], web.at("/new"));
    let agent = web.seen.requests("/").pop().expect("it was asked");
    assert!(agent.contains("; +https://hub.example.org/)"), "{agent}");
    let (code, told) = command(at, &with(&["--allow-private", "--fail"]));
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains(&format!("broken\t{}", web.at("/missing"))), "{told}");
    let (code, told) = command(at, &with(&[]));
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains(&format!("refused\t{}", web.at("/"))), "{told}");
    let (code, told) = command(at, &["review", "--dry-run", "--log", "off"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("0 would be asked about, 0 would be marked as outdated"), "{told}");
    let (code, told) = command(at, &["review", "--log", "off"]);
    assert_eq!(
        (code, told.trim()),
        (Some(0), "0 asked about, 0 marked as outdated, 0 asked about before and waiting")
    );
}
