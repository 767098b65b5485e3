use ulid::Ulid;

use super::*;
use crate::domain::testing::{repeat, told};

fn process(steps: &[(ProcessStepKind, StepState)]) -> StrategyProcess {
    let step = |(step, state): &(ProcessStepKind, StepState)| ProcessStep {
        step: *step,
        state: *state,
        date: None,
        note: None,
        source: None,
    };
    StrategyProcess {
        id: Ulid::nil().into(),
        revision: 1,
        municipality: Ulid::nil().into(),
        programme: None,
        starts: None,
        ends: None,
        steps: steps.iter().map(step).collect(),
        swot: None,
        priorities: Vec::new(),
        measures: Vec::new(),
    }
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

fn full() -> StrategyProcess {
    let topic = TopicId::from_key("mobility").expect("a slug");
    StrategyProcess {
        swot: Some(Swot { strengths: vec!["Vereine".to_owned()], ..Swot::default() }),
        priorities: vec![Priority { topic: topic.clone(), title: "Bus".to_owned() }],
        measures: vec![Measure {
            title: "Rufbus".to_owned(),
            status: MeasureStatus::Planned,
            owner: None,
            period: None,
            budget: None,
            topics: vec![topic],
            solution: None,
        }],
        ..process(&[(ProcessStepKind::KickOff, StepState::Done)])
    }
}

#[test]
fn every_field_is_checked() {
    type Case = (fn(&mut StrategyProcess), &'static str);
    let cases: [Case; 15] = [
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
