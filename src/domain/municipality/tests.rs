use ulid::Ulid;

use super::*;
use crate::domain::testing::{repeat, told};

fn sound() -> Municipality {
    Municipality {
        id: Ulid::nil().into(),
        revision: 1,
        slug: "vrees".to_owned(),
        name: "Vrees".to_owned(),
        kind: MunicipalityKind::Gemeinde,
        states: vec!["DE-NI".to_owned()],
        ags: Some("03454056".to_owned()),
        ars: Some("034545403056".to_owned()),
        parent: None,
        members: Vec::new(),
        website: Some("https://www.vrees.de".to_owned()),
        one_person: false,
        note: Some("Ein Dorf\nim Emsland.".to_owned()),
        participations: vec![Participation {
            programme: ProgrammeId::from_key("zwk").expect("a slug"),
            role: ParticipationRole::Model,
            cluster: None,
            cluster_inferred: false,
            source: Some("https://example.org".to_owned()),
        }],
        former_keys: Vec::new(),
        coordinates: None,
        structural_weakness: Some(StructuralWeakness {
            class: SupportClass::D,
            period: "2022-2027".to_owned(),
            confidence: Confidence::Sourced,
            source: None,
        }),
    }
}

#[test]
fn every_field_is_checked() {
    type Case = (fn(&mut Municipality), &'static str);
    let cases: [Case; 17] = [
        (|it| it.slug = "Vrees".to_owned(), "INVALID slug"),
        (|it| it.name.clear(), "REQUIRED name"),
        (|it| it.name = "x".repeat(201), "TOO_LONG name"),
        (|it| it.name.push('\0'), "INVALID name"),
        (|it| it.states.clear(), "REQUIRED states"),
        (|it| it.states.push("NI".to_owned()), "INVALID states.1"),
        (|it| it.states = vec!["DE-NI".to_owned(); 51], "TOO_MANY states"),
        (|it| it.ags = Some("1".to_owned()), "INVALID ags"),
        (|it| it.ars = Some("1".to_owned()), "INVALID ars"),
        (|it| it.members = vec![it.id.clone(); 501], "TOO_MANY members"),
        (|it| it.website = Some("javascript:x".to_owned()), "INVALID website"),
        (|it| it.note = Some("x".repeat(20_001)), "TOO_LONG note"),
        (|it| it.note = Some("\u{8}".to_owned()), "INVALID note"),
        (|it| repeat(&mut it.participations, 51), "TOO_MANY participations"),
        (
            |it| it.participations[0].source = Some("x".repeat(201)),
            "TOO_LONG participations.0.source",
        ),
        (|it| weakness(it).period.clear(), "REQUIRED structuralWeakness.period"),
        (|it| weakness(it).source = Some("\0".to_owned()), "INVALID structuralWeakness.source"),
    ];
    for (spoil, expected) in cases {
        let mut municipality = sound();
        spoil(&mut municipality);
        assert_eq!(told(municipality.check()), [expected]);
    }
    assert_eq!(sound().check(), Ok(()));
}

fn weakness(municipality: &mut Municipality) -> &mut StructuralWeakness {
    municipality.structural_weakness.as_mut().expect("it is known")
}
