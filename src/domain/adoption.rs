//! Who took a solution over, how far they are, and what they made of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check::Checks;
use super::key::{AdoptionId, ContactId, MunicipalityId, SolutionId};
use super::kinds::kinds;
use super::partial_date::PartialDate;
use super::patch::Patch;
use super::problem::{Problem, What, Words};
use super::publication::Publication;
use super::rights::Viewer;
use super::solution::{QualityLevel, Solution};

kinds! {
    /// How far a municipality is with a solution of others.
    AdoptionStatus {
        Interested = "interested", "interessiert", "Interested";
        Planning = "planning", "in Planung", "Planning";
        InUse = "in_use", "im Einsatz", "In use";
        Dropped = "dropped", "aufgegeben", "Dropped";
    }
}

kinds! {
    /// Whether those who are said to have taken a solution over say so themselves.
    AdoptionState {
        Suggested = "suggested", "vorgeschlagen", "Suggested";
        Confirmed = "confirmed", "bestätigt", "Confirmed";
        Withdrawn = "withdrawn", "zurückgezogen", "Withdrawn";
    }
}

/// That somebody says today what may be one day.
const FUTURE: Words = Words {
    de: "Das liegt in der Zukunft: Melden Sie, wie weit Sie heute sind.",
    en: "That lies in the future: say how far you are today.",
};
/// The most changes of status that are kept.
const MOST_STEPS: usize = 100;

/// A status that was reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdoptionStep {
    /// Which.
    pub status: AdoptionStatus,
    /// When it was reached, if they say so.
    pub since: Option<PartialDate>,
    /// When it was entered.
    pub at: DateTime<Utc>,
}

/// That a municipality took a solution over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adoption {
    /// Its key.
    pub id: AdoptionId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// What was taken over.
    pub solution: SolutionId,
    /// Who took it over.
    pub municipality: MunicipalityId,
    /// Whose of the solution's municipalities suggested it; nothing if the adopting one came first.
    pub suggested_by: Option<MunicipalityId>,
    /// Whether they say so themselves.
    pub state: AdoptionState,
    /// How far they are.
    pub status: AdoptionStatus,
    /// Since when.
    pub since: Option<PartialDate>,
    /// What they do differently.
    pub changes: Option<String>,
    /// What came of it.
    pub result: Option<String>,
    /// Whom of them to call.
    pub contact: Option<ContactId>,
    /// How far they were, step by step, since it was confirmed.
    pub trail: Vec<AdoptionStep>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A change to an adoption; the fields are those of [`Adoption`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on Adoption")]
pub struct AdoptionChange {
    pub status: Patch<AdoptionStatus>,
    pub since: Patch<PartialDate>,
    pub changes: Patch<String>,
    pub result: Patch<String>,
    pub contact: Patch<ContactId>,
}

type Changed = Result<Adoption, Vec<Problem>>;

impl Adoption {
    /// A suggestion that says nothing yet, by one of those whose the solution is.
    #[must_use]
    pub fn suggestion(
        id: AdoptionId,
        solution: SolutionId,
        municipality: MunicipalityId,
        suggested_by: Option<MunicipalityId>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            revision: 1,
            solution,
            municipality,
            suggested_by,
            state: AdoptionState::Suggested,
            status: AdoptionStatus::Interested,
            since: None,
            changes: None,
            result: None,
            contact: None,
            trail: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// The adoption with a change applied.
    ///
    /// # Errors
    /// It is withdrawn, or everything that would be wrong with it.
    pub fn changed(mut self, change: AdoptionChange, now: DateTime<Utc>) -> Changed {
        if self.state == AdoptionState::Withdrawn {
            return Err(self.wrong(Words { de: "ändern", en: "change" }));
        }
        let mut checks = Checks::default();
        checks.kept("status", change.status.apply_required(&mut self.status));
        checks.finish()?;
        change.since.apply(&mut self.since);
        change.changes.apply(&mut self.changes);
        change.result.apply(&mut self.result);
        change.contact.apply(&mut self.contact);
        if self.since.as_ref().is_some_and(|since| since.is_after_day(now.date_naive())) {
            return Err(vec![Problem::at("since", What::Rule(FUTURE))]);
        }
        self.updated_at = now;
        self.take_down(now);
        self.check()?;
        Ok(self)
    }

    /// The adoption as the adopting municipality confirms it.
    ///
    /// # Errors
    /// It is not suggested.
    pub fn confirmed(mut self, now: DateTime<Utc>) -> Changed {
        if self.state != AdoptionState::Suggested {
            return Err(self.wrong(Words { de: "bestätigen", en: "confirm" }));
        }
        self.state = AdoptionState::Confirmed;
        self.updated_at = now;
        self.take_down(now);
        Ok(self)
    }

    /// The adoption as the adopting municipality declares it, whether it was suggested, withdrawn or
    /// new.
    ///
    /// # Errors
    /// It is confirmed already, or everything that would be wrong with it.
    pub fn declared(mut self, change: AdoptionChange, now: DateTime<Utc>) -> Changed {
        if self.state == AdoptionState::Confirmed {
            return Err(vec![Problem::at("solution", What::Taken)]);
        }
        self.state = AdoptionState::Suggested;
        self.confirmed(now)?.changed(change, now)
    }

    /// The adoption declined, or taken back: it counts no more.
    ///
    /// # Errors
    /// It is withdrawn.
    pub fn withdrawn(mut self, now: DateTime<Utc>) -> Changed {
        if self.state == AdoptionState::Withdrawn {
            return Err(self.wrong(Words { de: "zurückziehen", en: "withdraw" }));
        }
        self.state = AdoptionState::Withdrawn;
        self.updated_at = now;
        Ok(self)
    }

    /// Whether everybody may read it, and whether it counts.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.state == AdoptionState::Confirmed
    }

    /// Whether a viewer may read it.
    #[must_use]
    pub fn is_readable_by(&self, viewer: &Viewer) -> bool {
        self.is_public() || viewer.edits_any(&self.concerned()) || viewer.moderates()
    }

    /// Whether a viewer may change it: those who took the solution over, or, as long as they have not
    /// said so, those who suggested it.
    #[must_use]
    pub fn is_changeable_by(&self, viewer: &Viewer) -> bool {
        match self.state {
            AdoptionState::Suggested => {
                self.suggested_by.as_ref().is_some_and(|by| viewer.edits(by))
            }
            AdoptionState::Confirmed | AdoptionState::Withdrawn => viewer.edits(&self.municipality),
        }
    }

    /// The municipalities between which it is.
    #[must_use]
    pub fn concerned(&self) -> Vec<MunicipalityId> {
        [Some(&self.municipality), self.suggested_by.as_ref()]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    /// Checks a record before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.year("since", self.since.as_ref().map(PartialDate::year));
        checks.texts([("changes", &self.changes), ("result", &self.result)]);
        checks.count("status", self.trail.len(), MOST_STEPS);
        checks.finish()
    }

    /// Adds the present status to the trail, or corrects since when it is; what is only suggested
    /// leaves no trail.
    fn take_down(&mut self, now: DateTime<Utc>) {
        if self.state != AdoptionState::Confirmed {
            return;
        }
        let step = AdoptionStep { status: self.status, since: self.since.clone(), at: now };
        match self.trail.last_mut() {
            Some(last) if last.status == self.status => last.since = step.since,
            // What was declared in one go was never anything else.
            Some(last) if last.at == now => *last = step,
            _ => self.trail.push(step),
        }
    }

    fn wrong(&self, action: Words) -> Vec<Problem> {
        vec![Problem::at("id", What::WrongState { action, state: Words::of(self.state) })]
    }
}

/// How many municipalities are how far with a solution, by their own word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdoptionCounts {
    /// How many are interested.
    pub interested: usize,
    /// How many plan it.
    pub planning: usize,
    /// How many use it.
    pub in_use: usize,
    /// How many gave it up.
    pub dropped: usize,
}

impl AdoptionCounts {
    /// Counts the adoptions of one solution; only confirmed ones count.
    #[must_use]
    pub fn of<'a>(adoptions: impl IntoIterator<Item = &'a Adoption>) -> Self {
        let mut counts = Self::default();
        for adoption in adoptions.into_iter().filter(|adoption| adoption.is_public()) {
            *match adoption.status {
                AdoptionStatus::Interested => &mut counts.interested,
                AdoptionStatus::Planning => &mut counts.planning,
                AdoptionStatus::InUse => &mut counts.in_use,
                AdoptionStatus::Dropped => &mut counts.dropped,
            } += 1;
        }
        counts
    }
}

impl AdoptionState {
    /// How far an adoption in this state is shown.
    #[must_use]
    pub const fn publication(self) -> Publication {
        match self {
            Self::Suggested => Publication::Draft,
            Self::Confirmed => Publication::Published,
            Self::Withdrawn => Publication::Archived,
        }
    }
}

impl Solution {
    /// Checks that a municipality may take the solution over or praise it: nobody is an example to
    /// themselves.
    ///
    /// # Errors
    /// It is the municipality's own.
    pub fn check_adopter(&self, municipality: &MunicipalityId) -> Result<(), Problem> {
        const OWN: Words = Words {
            de: "Die Lösung gehört dieser Kommune selbst: Es zählt, was andere übernehmen und loben.",
            en: "The solution is this municipality's own: what counts is what others adopt and praise.",
        };
        match self.municipalities.contains(municipality) {
            true => Err(Problem::at("municipality", What::Rule(OWN))),
            false => Ok(()),
        }
    }
}

impl QualityLevel {
    /// How far the content is checked, with what others made of it: what somebody checked and at
    /// least one other municipality uses is replicated, as long as one does. What nobody checked
    /// stays what it is, however many use it; and what was checked is checked when all drop it.
    #[must_use]
    pub const fn proven_by(self, adoptions: AdoptionCounts) -> Self {
        match self {
            Self::Checked | Self::ExpertValidated if adoptions.in_use > 0 => Self::Replicated,
            level => level,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::told;

    fn place(number: u128) -> MunicipalityId {
        Ulid::from_parts(1, number).into()
    }

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn suggestion() -> Adoption {
        let (id, solution) = (Ulid::nil().into(), Ulid::nil().into());
        Adoption::suggestion(id, solution, place(1), Some(place(2)), at(0))
    }

    fn status(status: AdoptionStatus) -> AdoptionChange {
        AdoptionChange { status: Patch::Set(status), ..AdoptionChange::default() }
    }

    fn used() -> Adoption {
        suggestion().declared(status(AdoptionStatus::InUse), at(1)).expect("a sound adoption")
    }

    #[test]
    fn only_what_is_confirmed_counts() {
        let suggested = suggestion().changed(status(AdoptionStatus::InUse), at(1)).expect("sound");
        let confirmed = suggested.clone().confirmed(at(2)).expect("it is suggested");
        let planned = used().changed(status(AdoptionStatus::Planning), at(3)).expect("sound");
        let withdrawn = used().withdrawn(at(2)).expect("it is confirmed");
        let counts = AdoptionCounts::of([&suggested, &confirmed, &planned, &withdrawn]);
        let expected = AdoptionCounts { in_use: 1, planning: 1, ..AdoptionCounts::default() };
        assert_eq!(counts, expected);
    }

    #[test]
    fn the_trail_begins_with_the_confirmation() {
        let suggested =
            suggestion().changed(status(AdoptionStatus::Planning), at(1)).expect("sound");
        assert!(suggested.trail.is_empty());
        let adoption = suggested.confirmed(at(2)).expect("it is suggested");
        let since = AdoptionChange {
            since: Patch::Set("1969-03".parse().expect("a date")),
            ..status(AdoptionStatus::InUse)
        };
        let adoption = adoption.changed(since, at(3)).expect("sound");
        let later = AdoptionChange {
            since: Patch::Set("1969-04".parse().expect("a date")),
            ..AdoptionChange::default()
        };
        let adoption = adoption.changed(later, at(4)).expect("sound");
        let adoption = adoption.changed(status(AdoptionStatus::Dropped), at(5)).expect("sound");
        let trail: Vec<_> = adoption.trail.iter().map(|step| (step.status, step.at)).collect();
        use AdoptionStatus as S;
        assert_eq!(trail, [(S::Planning, at(2)), (S::InUse, at(3)), (S::Dropped, at(5))]);
        assert_eq!(adoption.trail[1].since, "1969-04".parse().ok());
        assert_eq!(used().trail.len(), 1, "what is declared was never anything else");
    }

    #[test]
    fn states_follow_one_another() {
        assert_eq!(told(used().confirmed(at(2))), ["WRONG_STATE id"]);
        assert_eq!(told(used().declared(AdoptionChange::default(), at(2))), ["TAKEN solution"]);
        let withdrawn = suggestion().withdrawn(at(1)).expect("it is suggested");
        assert_eq!(told(withdrawn.clone().withdrawn(at(2))), ["WRONG_STATE id"]);
        assert_eq!(told(withdrawn.clone().confirmed(at(2))), ["WRONG_STATE id"]);
        assert_eq!(
            told(withdrawn.clone().changed(AdoptionChange::default(), at(2))),
            ["WRONG_STATE id"]
        );
        let declared = withdrawn.declared(status(AdoptionStatus::Planning), at(2)).expect("anew");
        assert_eq!(declared.state, AdoptionState::Confirmed);
    }

    #[test]
    fn every_field_is_checked() {
        type Case = (fn(&mut Adoption), &'static str);
        let cases: [Case; 4] = [
            (|it| it.since = "0001".parse().ok(), "OUT_OF_RANGE since"),
            (|it| it.changes = Some("x".repeat(20_001)), "TOO_LONG changes"),
            (|it| it.result = Some("\0".to_owned()), "INVALID result"),
            (|it| it.trail = vec![it.trail[0].clone(); 101], "TOO_MANY status"),
        ];
        for (spoil, expected) in cases {
            let mut adoption = used();
            spoil(&mut adoption);
            assert_eq!(told(adoption.check()), [expected]);
        }
        let emptied = AdoptionChange { status: Patch::Clear, ..AdoptionChange::default() };
        assert_eq!(told(used().changed(emptied, at(2))), ["REQUIRED status"]);
    }

    #[test]
    fn nobody_adopts_the_own_solution() {
        let mut solution = Solution::draft(Ulid::nil().into(), "Bus", at(0));
        solution.municipalities = vec![place(1), place(2)];
        assert!(solution.check_adopter(&place(2)).is_err());
        assert_eq!(solution.check_adopter(&place(3)), Ok(()));
    }

    #[test]
    fn a_checked_solution_that_others_use_is_replicated_as_long_as_they_do() {
        use QualityLevel as Q;
        let used = AdoptionCounts { in_use: 1, dropped: 3, ..AdoptionCounts::default() };
        let dropped = AdoptionCounts { dropped: 1, planning: 2, ..AdoptionCounts::default() };
        for (level, with, without) in [
            (Q::SelfDeclared, Q::SelfDeclared, Q::SelfDeclared),
            (Q::Checked, Q::Replicated, Q::Checked),
            (Q::ExpertValidated, Q::Replicated, Q::ExpertValidated),
        ] {
            assert_eq!((level.proven_by(used), level.proven_by(dropped)), (with, without));
        }
    }
}
