use ulid::Ulid;

use super::*;
use crate::domain::event::Actor;
use crate::domain::key::{MunicipalityId, TokenId};
use crate::domain::kinds::Label;
use crate::domain::publication::Publication;
use crate::domain::solution::{Action, Lifecycle};

fn place(n: u128) -> MunicipalityId {
    MunicipalityId::from(Ulid::from_parts(1, n))
}

fn member(grants: Vec<Grant>) -> Viewer {
    let token = TokenId::from(Ulid::nil());
    Viewer::Member(Member { actor: Actor::Token(token.clone()), token: Some(token), grants })
}

fn of(role: Role) -> Viewer {
    member(vec![Grant::of(role, place(1))])
}

#[test]
fn an_editor_changes_only_what_belongs_to_the_own_municipality() {
    assert!(of(Role::Editor).edits(&place(1)));
    assert!(!of(Role::Editor).edits(&place(2)));
    assert!(!of(Role::Reader).edits(&place(1)));
    assert!(!of(Role::Approver).edits(&place(1)));
    assert!(!Viewer::Anonymous.edits(&place(1)));
    assert!(Viewer::Operator.edits(&place(2)));
}

#[test]
fn drafts_are_read_by_those_who_work_on_them_only() {
    assert!(Viewer::Anonymous.reads(Publication::Published, &place(1)));
    assert!(!Viewer::Anonymous.reads(Publication::Draft, &place(1)));
    assert!(!Viewer::Anonymous.reads(Publication::Archived, &place(1)));
    assert!(!of(Role::Reader).reads(Publication::Draft, &place(1)));
    assert!(of(Role::Approver).reads(Publication::Draft, &place(1)));
    assert!(!of(Role::Approver).reads(Publication::Draft, &place(2)));
    assert!(Viewer::Operator.reads(Publication::Draft, &place(1)));
}

#[test]
fn several_roles_add_up() {
    let both = member(vec![Grant::of(Role::Editor, place(1)), Grant::of(Role::Approver, place(2))]);
    assert!(both.edits(&place(1)) && both.approves(&place(2)));
    assert!(!both.edits(&place(2)) && !both.approves(&place(1)));
    assert_eq!(both.own().cloned().collect::<Vec<_>>(), [place(1), place(2)]);
    let approve =
        |owner| both.verdict(&[place(owner)], false, Lifecycle::InReview, Action::Approve);
    assert_eq!(approve(2), Verdict::Allowed);
    assert_eq!(approve(1), Verdict::Forbidden);
}

#[test]
fn whoever_works_for_somebody_says_for_whom() {
    assert!(Grant::everywhere(Role::Editor).check().is_err());
    assert!(Grant::everywhere(Role::Moderator).check().is_ok());
    assert!(Grant::of(Role::Approver, place(1)).check().is_ok());
    let both =
        Grant { organisation: Some(Ulid::nil().into()), ..Grant::of(Role::Editor, place(1)) };
    assert!(both.check().is_err());
}

/// The table and the states of a solution are two descriptions of one thing.
#[test]
fn the_table_allows_what_the_states_make_possible_and_nothing_else() {
    for action in Action::ALL.iter().copied().filter(|action| action.moves()) {
        for state in Lifecycle::ALL {
            let allowed = Rule::TABLE
                .iter()
                .any(|rule| rule.actions.contains(&action) && rule.states.contains(state));
            assert_eq!(allowed, state.after(action).is_ok(), "{action:?} in {state:?}");
        }
    }
}

#[test]
fn nobody_publishes_alone_where_two_can_look() {
    let publish =
        |viewer: &Viewer, alone, state| viewer.verdict(&[place(1)], alone, state, Action::Publish);
    let editor = of(Role::Editor);
    assert_eq!(publish(&editor, false, Lifecycle::Draft), Verdict::WrongState);
    assert_eq!(publish(&editor, true, Lifecycle::Draft), Verdict::Allowed);
    assert_eq!(publish(&editor, false, Lifecycle::Approved), Verdict::Allowed);
    assert_eq!(publish(&of(Role::Reader), true, Lifecycle::Draft), Verdict::Forbidden);
    assert_eq!(publish(&of(Role::Moderator), true, Lifecycle::Draft), Verdict::Forbidden);
}
