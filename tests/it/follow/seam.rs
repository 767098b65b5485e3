//! There is no seam between what was missed and what happens now, whoever runs when.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::task::{JoinSet, yield_now};

use super::Subscriber;
use crate::support::TestApp;

/// How many orders of events are tried.
const SEEDS: u64 = 40;
/// How many tasks write at once, and how often each.
const WRITERS: u64 = 3;
const EACH: usize = 4;
/// How many listen.
const LISTENERS: u64 = 4;
/// The most turns that a task gives away before its next step.
const MOST_TURNS: u64 = 60;

const MADE: &str = "subscription($after: String) {
    activity(after: $after, kinds: [CONTACT_CREATED]) { cursor }
}";

/// Numbers that follow from a seed alone (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    /// Lets others go first, a few times or many.
    async fn hesitate(&mut self) {
        for _ in 0..self.below(MOST_TURNS) {
            yield_now().await;
        }
    }
}

/// Makes contacts, hesitating before each.
async fn make(app: Arc<TestApp>, place: String, mut chance: Chance) {
    for _ in 0..EACH {
        chance.hesitate().await;
        let input = json!({ "municipality": place, "role": "Bauamt" });
        app.mutate(Some(&app.editor), "createContact", input, "contact { id }").await;
    }
}

/// Listens from a place on, going away and coming back now and then, until it was told so much.
async fn listen(app: Arc<TestApp>, begin: u64, count: usize, mut chance: Chance) -> Vec<u64> {
    let mut told: Vec<u64> = Vec::new();
    while told.len() < count {
        chance.hesitate().await;
        let after = told.last().copied().unwrap_or(begin).to_string();
        // The place comes from the client, or from the transport that knows it.
        let (variables, resume) = match chance.below(2) {
            0 => (json!({ "after": after }), None),
            _ => (json!({ "after": begin.to_string() }), Some(after)),
        };
        let editor = Some(app.editor.as_str());
        let mut subscriber = Subscriber::at(&app, editor, MADE, variables, resume).await;
        let stays = 1 + chance.below(2 * count as u64);
        for _ in 0..stays {
            if told.len() == count {
                break;
            }
            let next: Value = subscriber.next().await;
            let cursor = next["cursor"].as_str().expect("a cursor").parse().expect("a number");
            assert!(told.last().is_none_or(|last| *last < cursor), "{cursor} after {told:?}");
            told.push(cursor);
            chance.hesitate().await;
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_missed_and_what_happens_now_meet_without_gap_or_double() {
    let app = Arc::new(TestApp::start().await);
    let place = app.municipality("musterdorf").await;
    for seed in 0..SEEDS {
        let mut chance = Chance(seed);
        let begin = app.head().await;
        let count = EACH * usize::try_from(WRITERS).expect("few");
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            writers.spawn(make(app.clone(), place.clone(), Chance(seed << 16 | writer)));
        }
        let mut listeners = JoinSet::new();
        for listener in 0..LISTENERS {
            chance.hesitate().await;
            let own = Chance(seed << 16 | 1 << 8 | listener);
            listeners.spawn(listen(app.clone(), begin, count, own));
        }
        while let Some(ended) = writers.join_next().await {
            ended.expect("a writer writes");
        }
        let journal = app.app.services().store().journal(begin, 1_000).await.expect("the journal");
        let expected: Vec<u64> = journal.iter().map(|event| event.seq).collect();
        assert_eq!(expected.len(), count, "seed {seed}");
        while let Some(told) = listeners.join_next().await {
            assert_eq!(told.expect("a listener listens"), expected, "seed {seed}");
        }
    }
}
