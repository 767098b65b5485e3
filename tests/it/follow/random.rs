//! Whatever is asked for: subscribers hear of exactly what the same list holds.

use serde_json::{Value, json};

use super::Subscriber;
use crate::support::TestApp;

const WANTED: &str = "subscription($search: String, $filter: SolutionFilter, $like: ID, $least: Float) {
    solutionPublished(search: $search, filter: $filter, likeMunicipality: $like, minLikeness: $least) {
        solutionId
    }
}";
const LISTED: &str = "query($search: String, $filter: SolutionFilter, $like: ID) {
    solutions(search: $search, strict: true, filter: $filter, likeMunicipality: $like, first: 100) {
        edges { likeness { score } node { id } }
    }
}";
/// Words of which entries and searches are made; some are parts, forms or synonyms of others.
const WORDS: [&str; 12] = [
    "Bürgerbus",
    "Bus",
    "Rufbusse",
    "Gemeindeschwester",
    "Pflege",
    "Pflegeberatung",
    "Ärztin",
    "Dorfladen",
    "Läden",
    "Wohnraum",
    "Jugend",
    "Bürgerbeteiligung",
];
const TOPICS: [&str; 2] = ["Topic:mobility", "Topic:health_care"];
const STATUSES: [&str; 3] = ["RUNNING", "PLANNED", "ENDED"];
const PLACES: [&str; 2] = ["musterdorf", "neustadt"];
/// How many entries are published, and how many subscribers listen.
const ENTRIES: usize = 24;
const LISTENERS: usize = 40;

/// The same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// A solution that can be published.
async fn entry(app: &TestApp, numbers: &mut Numbers) -> (Value, &'static str) {
    let place = numbers.pick(&PLACES);
    let title = [numbers.pick(&WORDS), numbers.pick(&WORDS)].join(" und ");
    let mut input = app.complete(place, &title).await;
    input["approach"] = json!([numbers.pick(&WORDS), numbers.pick(&WORDS)].join(", "));
    input["topics"] = json!([numbers.pick(&TOPICS)]);
    input["status"] = json!(numbers.pick(&STATUSES));
    (input, place)
}

/// Arguments that hold for this entry, and for others by chance.
async fn arguments(app: &TestApp, numbers: &mut Numbers, entry: &Value, place: &str) -> Value {
    let mut arguments = json!({ "filter": {} });
    if numbers.below(2) == 0 {
        arguments["filter"]["topics"] = entry["topics"].clone();
    }
    if numbers.below(3) == 0 {
        arguments["filter"]["statuses"] = json!([entry["status"], numbers.pick(&STATUSES)]);
    }
    if numbers.below(4) == 0 {
        let own = app.municipality(place).await;
        arguments["like"] = json!(own);
        arguments["least"] = json!(0.9);
    }
    let title = entry["title"].as_str().expect("a title");
    let own: Vec<&str> = title.split(" und ").collect();
    match numbers.below(5) {
        0 => arguments["search"] = json!(own[0]),
        1 => arguments["search"] = json!(own.join(" ")),
        2 => arguments["search"] = json!(format!("\"{title}\"")),
        3 => arguments["search"] = json!(format!("{} -Sonderfall", own[1])),
        _ => {}
    }
    arguments
}

/// The ids that a list with these arguments holds.
async fn listed(app: &TestApp, arguments: &Value) -> Vec<Value> {
    let answer = app.run(None, LISTED, arguments.clone()).await;
    let least = arguments["least"].as_f64().unwrap_or_default();
    let edges =
        answer["data"]["solutions"]["edges"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let alike =
        |edge: &&Value| edge["likeness"]["score"].as_f64().is_none_or(|likeness| likeness >= least);
    edges.iter().filter(alike).map(|edge| edge["node"]["id"].clone()).collect()
}

async fn publish(app: &TestApp, input: Value, place: &str) -> Value {
    let token = if place == "musterdorf" { &app.editor } else { &app.neighbour };
    json!(app.published(token, input).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_for_a_subscriber_hears_of_exactly_what_the_list_holds() {
    let app = TestApp::start().await;
    let mut numbers = Numbers(2_026);
    let mut listeners = Vec::new();
    for _ in 0..LISTENERS {
        let (wanted, place) = entry(&app, &mut numbers).await;
        let arguments = arguments(&app, &mut numbers, &wanted, place).await;
        let subscriber = Subscriber::new(&app, None, WANTED, arguments.clone()).await;
        listeners.push((subscriber, arguments, wanted, place));
    }
    let mut published = Vec::new();
    for _ in 0..ENTRIES {
        let (input, place) = entry(&app, &mut numbers).await;
        published.push(publish(&app, input, place).await);
    }
    // What each one waits for comes last: whatever was told before that was told of the others.
    for (_, _, wanted, place) in &listeners {
        published.push(publish(&app, wanted.clone(), place).await);
    }
    app.settle().await;
    let (mut told, mut kept_back) = (0, 0);
    for (position, (subscriber, arguments, _, _)) in listeners.iter_mut().enumerate() {
        let heard_of = ENTRIES + position + 1;
        let list = listed(&app, arguments).await;
        let expected: Vec<&Value> =
            published[..heard_of].iter().filter(|id| list.contains(id)).collect();
        assert_eq!(expected.last(), Some(&&published[heard_of - 1]), "{arguments}");
        let heard = subscriber.ids(expected.len()).await;
        assert_eq!(json!(heard), json!(expected), "{arguments}");
        told += heard.len();
        kept_back += heard_of - heard.len();
    }
    assert!(told > 200 && kept_back > 200, "{told} told, {kept_back} kept back");
}
