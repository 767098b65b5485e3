use ulid::Ulid;

use super::*;
use crate::domain::key::TopicId;
use crate::domain::testing::{repeat, told};
use crate::domain::{Label, Patch, QualityLevel, SolutionStatus};

fn process(steps: &[(ProcessStepKind, StepState)]) -> StrategyProcess {
    let step = |(step, state): &(ProcessStepKind, StepState)| ProcessStep {
        state: *state,
        ..ProcessStep::planned(*step)
    };
    let draft =
        StrategyProcess::draft(Ulid::nil().into(), Ulid::nil().into(), DateTime::UNIX_EPOCH);
    StrategyProcess { steps: steps.iter().map(step).collect(), ..draft }
}

#[test]
fn progress_counts_finished_steps() {
    use {ProcessStepKind as K, StepState as S};
    let process = process(&[(K::KickOff, S::Done), (K::Profile, S::Done), (K::Review, S::Planned)]);
    assert!((process.progress() - 0.4).abs() < 1e-12);
    assert_eq!(process.check(), Ok(()));
}

#[test]
fn a_step_stands_once_and_in_order() {
    use {ProcessStepKind as K, StepState as S};
    assert!(process(&[(K::Plan, S::Done), (K::KickOff, S::Done)]).check().is_err());
    assert!(process(&[(K::Plan, S::Done), (K::Plan, S::Done)]).check().is_err());
}

fn key(number: u128) -> MeasureId {
    Ulid::from_parts(3, number).into()
}

fn full() -> StrategyProcess {
    let topic = TopicId::from_key("mobility").expect("a slug");
    StrategyProcess {
        swot: Some(Swot { strengths: vec!["Vereine".to_owned()], ..Swot::default() }),
        priorities: vec![Priority { topic: topic.clone(), title: "Bus".to_owned() }],
        measures: vec![Measure {
            title: "Rufbus".to_owned(),
            topics: vec![topic],
            ..Measure::planned(key(1))
        }],
        review: Some(InterimReview { reached: vec!["Bus".to_owned()], ..InterimReview::default() }),
        facilitations: vec![Facilitation {
            organisation: Ulid::nil().into(),
            role: "Moderation".to_owned(),
            starts: None,
            ends: None,
        }],
        ..process(&[(ProcessStepKind::KickOff, StepState::Done)])
    }
}

#[test]
fn every_field_is_checked() {
    type Case = (fn(&mut StrategyProcess), &'static str);
    let cases: [Case; 22] = [
        (|it| it.starts = "0001".parse().ok(), "OUT_OF_RANGE starts"),
        (|it| it.steps[0].date = "9999".parse().ok(), "OUT_OF_RANGE steps.0.date"),
        (|it| it.steps[0].note = Some("x".repeat(20_001)), "TOO_LONG steps.0.note"),
        (|it| it.steps[0].source = Some("a\0".to_owned()), "INVALID steps.0.source"),
        (|it| swot(it).threats.push(" ".to_owned()), "REQUIRED swot.threats.0"),
        (|it| swot(it).weaknesses.push("\0".to_owned()), "INVALID swot.weaknesses.0"),
        (|it| swot(it).strengths = vec!["x".to_owned(); 51], "TOO_MANY swot.strengths"),
        (|it| it.priorities[0].title.clear(), "REQUIRED priorities.0.title"),
        (|it| repeat(&mut it.priorities, 51), "TOO_MANY priorities"),
        (|it| it.measures[0].title = "x".repeat(201), "TOO_LONG measures.0.title"),
        (|it| it.measures[0].owner = Some("x".repeat(201)), "TOO_LONG measures.0.owner"),
        (|it| it.measures[0].period = Some("\n".to_owned()), "INVALID measures.0.period"),
        (|it| it.measures[0].budget = Some(u64::MAX), "OUT_OF_RANGE measures.0.budget"),
        (|it| repeat(&mut it.measures[0].topics, 51), "TOO_MANY measures.0.topics"),
        (|it| repeat(&mut it.measures, 201), "TOO_MANY measures"),
        (|it| it.measures[0].starts = "0001".parse().ok(), "OUT_OF_RANGE measures.0.starts"),
        (|it| it.steps[0].ends = "0001".parse().ok(), "OUT_OF_RANGE steps.0.ends"),
        (|it| it.steps[0].documents = vec![Ulid::nil().into(); 51], "TOO_MANY steps.0.documents"),
        (|it| it.facilitations[0].role.clear(), "REQUIRED facilitations.0.role"),
        (|it| it.facilitations[0].ends = "0001".parse().ok(), "OUT_OF_RANGE facilitations.0.ends"),
        (|it| review(it).not_reached.push(" ".to_owned()), "REQUIRED review.notReached.0"),
        (|it| review(it).date = "0001".parse().ok(), "OUT_OF_RANGE review.date"),
    ];
    for (spoil, expected) in cases {
        let mut process = full();
        spoil(&mut process);
        assert_eq!(told(process.check()), [expected]);
    }
    assert_eq!(full().check(), Ok(()));
}

#[test]
fn a_process_ends_after_it_begins() {
    let date = |text: &str| text.parse().ok();
    let backwards = StrategyProcess { starts: date("2024"), ends: date("2023-05"), ..full() };
    assert_eq!(told(backwards.check()), ["INVALID ends"]);
    let within = StrategyProcess { starts: date("2023-05"), ends: date("2023"), ..full() };
    assert_eq!(within.check(), Ok(()));
}

fn swot(process: &mut StrategyProcess) -> &mut Swot {
    process.swot.as_mut().expect("it is known")
}

fn review(process: &mut StrategyProcess) -> &mut InterimReview {
    process.review.as_mut().expect("it was held")
}

fn changed(
    process: StrategyProcess,
    change: ProcessChange,
) -> Result<StrategyProcess, Vec<Problem>> {
    process.changed(change, DateTime::UNIX_EPOCH)
}

fn step(kind: ProcessStepKind, state: Patch<StepState>) -> ProcessChange {
    let change = ProcessStepChange { state, ..ProcessStepChange::default() };
    ProcessChange { step: Some((kind, Some(change))), ..ProcessChange::default() }
}

#[test]
fn steps_are_kept_in_their_order_one_at_a_time() {
    use {ProcessStepKind as K, StepState as S};
    let process = changed(full(), step(K::Plan, Patch::Keep)).expect("a planned step");
    let process = changed(process, step(K::Profile, Patch::Set(S::Running))).expect("a step");
    let process = changed(process, step(K::Plan, Patch::Set(S::Done))).expect("the same step");
    let steps: Vec<_> = process.steps.iter().map(|it| (it.step, it.state)).collect();
    assert_eq!(steps, [(K::KickOff, S::Done), (K::Profile, S::Running), (K::Plan, S::Done)]);
    let progress: Vec<f64> = K::ALL.iter().map(|kind| process.progress_of(*kind)).collect();
    assert_eq!(progress, [1.0, 0.5, 0.0, 1.0, 0.0]);
    let gone = ProcessChange { step: Some((K::Plan, None)), ..ProcessChange::default() };
    let process = changed(process, gone.clone()).expect("it is there");
    assert_eq!(process.steps.len(), 2);
    assert_eq!(told(changed(process, gone)), ["NOT_FOUND step"]);
    assert_eq!(told(changed(full(), step(K::Plan, Patch::Clear))), ["REQUIRED state"]);
}

fn measure(step: MeasureStep) -> ProcessChange {
    ProcessChange { measure: Some(step), ..ProcessChange::default() }
}

fn titled(title: &str) -> MeasureChange {
    MeasureChange { title: Patch::Set(title.to_owned()), ..MeasureChange::default() }
}

#[test]
fn measures_are_changed_alone() {
    let process = changed(full(), measure(MeasureStep::Add(key(2), titled("Laden")))).expect("new");
    let done = MeasureChange { status: Patch::Set(MeasureStatus::Done), ..titled("Dorfladen") };
    let process = changed(process, measure(MeasureStep::Update(key(2), done))).expect("its own");
    let titles = |process: &StrategyProcess| {
        process.measures.iter().map(|it| it.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&process), ["Rufbus", "Dorfladen"]);
    assert_eq!(process.measure_progress().share(), Some(0.5));
    let process = changed(process, measure(MeasureStep::Remove(key(1)))).expect("it is there");
    assert_eq!(titles(&process), ["Dorfladen"]);
    for step in [MeasureStep::Remove(key(1)), MeasureStep::Update(key(1), titled("x"))] {
        assert_eq!(told(changed(process.clone(), measure(step))), ["NOT_FOUND measure"]);
    }
    let wrong = MeasureChange { budget: Patch::Set(u64::MAX), ..titled("") };
    let wrong = told(changed(process, measure(MeasureStep::Add(key(3), wrong))));
    assert_eq!(wrong, ["REQUIRED title", "OUT_OF_RANGE budget"]);
}

#[test]
fn what_was_stopped_does_not_hold_the_others_up() {
    let status = |status| Measure { status, ..Measure::planned(key(1)) };
    use MeasureStatus as S;
    let measures = [status(S::Done), status(S::Stopped), status(S::Running), status(S::Planned)];
    let progress = MeasureProgress::of(&measures);
    assert!(progress.share().is_some_and(|share| (share - 1.0 / 3.0).abs() < 1e-12));
    assert_eq!(MeasureProgress::of(&[status(S::Stopped)]).share(), None);
}

#[test]
fn a_finished_measure_becomes_one_draft_of_a_solution() {
    let measure = Measure {
        status: MeasureStatus::Done,
        starts: "2022-03".parse().ok(),
        ends: "2024".parse().ok(),
        budget: Some(12_000),
        ..full().measures.remove(0)
    };
    let place = MunicipalityId::from(Ulid::from_parts(1, 1));
    let written =
        |measure: &Measure| measure.solution(Ulid::nil().into(), &place, DateTime::UNIX_EPOCH);
    let solution = written(&measure).expect("it is finished");
    assert_eq!((solution.title.as_str(), solution.slug.as_str()), ("Rufbus", "rufbus-00000000"));
    assert_eq!(solution.municipalities, std::slice::from_ref(&place));
    assert_eq!(solution.topics, measure.topics);
    assert_eq!(solution.status, Some(SolutionStatus::Ended));
    assert_eq!(solution.quality, QualityLevel::SelfDeclared);
    let costs = solution.costs.and_then(|costs| costs.one_off).map(|it| (it.from, it.to));
    assert_eq!(costs, Some((12_000, 12_000)));
    let long = Measure { title: "x".repeat(200), ..measure.clone() };
    assert_eq!(written(&long).map(|it| it.title.len()), Ok(100));
    let running = Measure { status: MeasureStatus::Running, ..measure.clone() };
    assert_eq!(told(written(&running)), ["WRONG_STATE measure"]);
    let written_up = Measure { solution: Some(Ulid::nil().into()), ..measure.clone() };
    assert_eq!(told(written(&written_up)), ["TAKEN measure"]);
}
