//! The table of rights, walked through the API: each role, each state, each action.

use allmende::domain::{
    Action, Actor, Grant, Label, Lifecycle, Member, MunicipalityId, Role, Verdict, Viewer,
};
use serde_json::{Value, json};

use crate::support::TestApp;

/// Where two look at what is published.
const PLACE: &str = "altdorf";

/// The mutation of an action, and what it asks for beside the id.
pub(super) fn mutation(action: Action, other: &str) -> (&'static str, Value) {
    match action {
        Action::Read => ("", json!({})),
        Action::Edit => ("updateSolution", json!({ "lessons": "Früh anfangen." })),
        Action::Submit => ("submitSolution", json!({})),
        Action::StartReview => ("startSolutionReview", json!({})),
        Action::RequestChanges => ("requestSolutionChanges", json!({ "reason": "Kosten fehlen." })),
        Action::Approve => ("approveSolution", json!({})),
        Action::Reject => ("rejectSolution", json!({ "reason": "Keine Lösung." })),
        Action::Withdraw => ("withdrawSolution", json!({})),
        Action::Publish => ("publishSolution", json!({})),
        Action::MarkOutdated => ("markSolutionOutdated", json!({ "reason": "Eingestellt." })),
        Action::Confirm => ("confirmSolution", json!({})),
        Action::Validate => {
            ("validateSolution", json!({ "reason": "Von der Hochschule geprüft." }))
        }
        Action::Archive => ("archiveSolution", json!({})),
        Action::Merge => ("mergeSolution", json!({ "into": other, "reason": "Doppelt." })),
    }
}

/// Does something with a solution, and tells what came of it: the new state, or a code.
async fn act(app: &TestApp, token: Option<&str>, id: &str, action: Action, other: &str) -> String {
    let (name, mut input) = mutation(action, other);
    input["id"] = json!(id);
    let type_name = name[..1].to_uppercase() + &name[1..];
    let document = format!(
        "mutation($input: {type_name}Input!) {{ payload: {name}(input: $input) {{
            solution {{ lifecycle }} userErrors {{ code }}
        }} }}"
    );
    let answer = app.run(token, &document, json!({ "input": input })).await;
    let payload = &answer["data"]["payload"];
    let code = [&answer["errors"][0]["extensions"]["code"], &payload["userErrors"][0]["code"]];
    let told = code.into_iter().find_map(Value::as_str);
    told.or(payload["solution"]["lifecycle"].as_str()).expect("an outcome").to_owned()
}

/// Those who bring a solution where a test wants it.
struct Town {
    editor: String,
    approver: String,
    moderator: String,
    other: String,
}

impl Town {
    async fn found(app: &TestApp) -> Self {
        let editor = app.token(Role::Editor, PLACE).await;
        let approver = app.token(Role::Approver, PLACE).await;
        let moderator = app.token(Role::Moderator, PLACE).await;
        let other = app.published(&app.editor, app.complete("musterdorf", "Ziel").await).await;
        Self { editor, approver, moderator, other }
    }

    /// A solution in a state, brought there step by step.
    async fn solution(&self, app: &TestApp, state: Lifecycle) -> String {
        let id = app.draft(&self.editor, app.complete(PLACE, "Fall").await).await;
        let (editor, approver) = (&self.editor, &self.approver);
        let handed_over = [(editor, Action::Submit)];
        let in_review = [(editor, Action::Submit), (approver, Action::StartReview)];
        let published = [
            (editor, Action::Submit),
            (approver, Action::StartReview),
            (approver, Action::Approve),
            (editor, Action::Publish),
        ];
        let with = |steps: &[(&'_ String, Action)], last: Option<(&'_ String, Action)>| {
            steps.iter().copied().chain(last).map(|(who, what)| (who.clone(), what)).collect()
        };
        let steps: Vec<(String, Action)> = match state {
            Lifecycle::Draft => Vec::new(),
            Lifecycle::Submitted => with(&handed_over, None),
            Lifecycle::InReview => with(&in_review, None),
            Lifecycle::ChangesRequested => {
                with(&in_review, Some((approver, Action::RequestChanges)))
            }
            Lifecycle::Approved => with(&published[..3], None),
            Lifecycle::Published => with(&published, None),
            Lifecycle::NeedsUpdate => with(&published, Some((editor, Action::MarkOutdated))),
            Lifecycle::Archived => with(&published, Some((editor, Action::Archive))),
            Lifecycle::Rejected => with(&handed_over, Some((approver, Action::Reject))),
            Lifecycle::Withdrawn => with(&handed_over, Some((editor, Action::Withdraw))),
            Lifecycle::Merged => with(&published, Some((&self.moderator, Action::Merge))),
        };
        for (who, action) in steps {
            act(app, Some(&who), &id, action, &self.other).await;
        }
        assert_eq!(self.state(app, &id).await, state.name().to_uppercase());
        id
    }

    /// The state of a solution, as its editor sees it.
    async fn state(&self, app: &TestApp, id: &str) -> String {
        let question = "query($id: ID!) { solution(by: {id: $id}) { lifecycle } }";
        let answer = app.run(Some(&self.editor), question, json!({ "id": id })).await;
        answer["data"]["solution"]["lifecycle"].as_str().expect("its own").to_owned()
    }
}

/// What the table says will come of it.
fn expected(viewer: &Viewer, owner: &MunicipalityId, state: Lifecycle, action: Action) -> String {
    let verdict = |action| viewer.verdict(std::slice::from_ref(owner), false, state, action);
    let code = if !viewer.is_known() {
        "UNAUTHENTICATED"
    } else if verdict(Action::Read) != Verdict::Allowed {
        "NOT_FOUND"
    } else {
        match verdict(action) {
            Verdict::Forbidden => "FORBIDDEN",
            Verdict::WrongState => "WRONG_STATE",
            // What is public stays as it is while a next version is being written.
            Verdict::Allowed if action == Action::Edit => return state.name().to_uppercase(),
            Verdict::Allowed => {
                return state.after(action).expect("a way").name().to_uppercase();
            }
        }
    };
    code.to_owned()
}

/// Everybody that there is: what they hold, and their token.
async fn everybody(app: &TestApp, town: &Town) -> Vec<(String, Viewer, Option<String>)> {
    let id = |text: String| text.parse::<MunicipalityId>().expect("an id");
    let own = id(app.municipality(PLACE).await);
    let elsewhere = id(app.municipality("neustadt").await);
    let mut all = vec![("anonymous".to_owned(), Viewer::Anonymous, None)];
    for role in Role::ALL.iter().copied() {
        for (place, slug) in [(&own, PLACE), (&elsewhere, "neustadt")] {
            let token = match (role, slug) {
                (Role::Editor, PLACE) => town.editor.clone(),
                _ => app.token(role, slug).await,
            };
            let actor = Actor::Operator;
            let grants = vec![Grant::of(role, place.clone())];
            let viewer = Viewer::Member(Member { actor, token: None, grants });
            all.push((format!("{} of {slug}", role.name()), viewer, Some(token)));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_does_what_the_table_allows_in_every_state_and_nothing_else() {
    let app = TestApp::start().await;
    let town = Town::found(&app).await;
    let owner: MunicipalityId = app.municipality(PLACE).await.parse().expect("an id");
    for (name, viewer, token) in everybody(&app, &town).await {
        for state in Lifecycle::ALL.iter().copied() {
            let mut id = town.solution(&app, state).await;
            for action in Action::ALL.iter().copied().filter(|it| *it != Action::Read) {
                let before = app.head().await;
                let outcome = act(&app, token.as_deref(), &id, action, &town.other).await;
                let expected = expected(&viewer, &owner, state, action);
                assert_eq!(outcome, expected, "{name}: {action:?} while {state:?}");
                if app.head().await != before {
                    id = town.solution(&app, state).await;
                }
            }
        }
    }
}
