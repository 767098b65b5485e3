use chrono::{DateTime, Datelike, NaiveDate};
use ulid::Ulid;

use super::*;
use crate::domain::{Feature, Municipality, MunicipalityKind, Profile, Publication};

fn municipality(number: u128, slug: &str, ags: Option<&str>) -> Municipality {
    Municipality {
        id: Ulid::from_parts(1, number).into(),
        revision: 1,
        slug: slug.to_owned(),
        name: slug.to_owned(),
        kind: MunicipalityKind::Gemeinde,
        states: Vec::new(),
        ags: ags.map(str::to_owned),
        ars: None,
        parent: None,
        members: Vec::new(),
        website: None,
        one_person: false,
        note: None,
        participations: Vec::new(),
        former_keys: Vec::new(),
        coordinates: None,
        structural_weakness: None,
    }
}

fn placed(municipality: Municipality, profiles: Vec<Profile>) -> Place {
    Place::new(municipality, profiles, Reference::shipped())
}

fn profile(year: i32, population: Option<u32>, area_km2: Option<f64>) -> Profile {
    let day = NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
    let owner = Ulid::from_parts(1, 1).into();
    let id = Ulid::from_parts(2, 1).into();
    let draft = Profile::draft(id, owner, day, DateTime::from_timestamp(0, 0).unwrap());
    Profile { population, area_km2, publication: Publication::Published, ..draft }
}

#[test]
fn each_figure_is_the_newest_that_is_known() {
    let unemployment = Profile { unemployment: Some(5.0), ..profile(2024, None, None) };
    let draft = Profile { publication: Publication::Draft, ..profile(2025, Some(9), Some(9.0)) };
    let profiles = vec![
        profile(2020, Some(1_000), Some(24.0)),
        draft,
        unemployment.clone(),
        profile(2022, Some(1_200), None),
    ];
    let place = placed(municipality(1, "dorf", None), profiles);
    assert_eq!(place.population(), Some(1_200));
    assert_eq!(
        place.figures().get(Feature::Density),
        Some(50.0),
        "of inhabitants and area as they are known"
    );
    let year = |feature| place.origin(feature).and_then(|it| it.date).map(|it| it.year());
    assert_eq!((year(Feature::Population), year(Feature::Unemployment)), (Some(2022), Some(2024)));
    assert_eq!(place.profile, Some(unemployment));
}

#[test]
fn old_keys_lead_nowhere_and_keys_can_change_hands() {
    let mut tables = Tables::new(Arc::clone(Reference::shipped()));
    let slug = |tables: &Tables, ags: &str| {
        tables.by_ags(ags).map(|place| place.municipality.slug.clone())
    };
    tables.insert(placed(municipality(1, "eins", Some("1")), Vec::new()));
    tables.insert(placed(municipality(2, "zwei", Some("1")), Vec::new()));
    tables.insert(placed(municipality(1, "uno", None), Vec::new()));
    assert_eq!(slug(&tables, "1"), Some("zwei".to_owned()), "it was taken over before");
    assert!(tables.by_slug("eins").is_none() && tables.by_slug("uno").is_some());
    tables.insert(placed(municipality(2, "zwei", Some("2")), Vec::new()));
    assert_eq!((slug(&tables, "1"), slug(&tables, "2")), (None, Some("zwei".to_owned())));
}

#[test]
fn likenesses_live_as_long_as_the_tables_stay_as_they_are() {
    let mut tables = Tables::new(Arc::clone(Reference::shipped()));
    let place = |number, population| {
        let figures = profile(2022, Some(population), Some(24.0));
        placed(municipality(number, &format!("dorf-{number}"), None), vec![figures])
    };
    tables.insert(place(1, 1_000));
    tables.insert(place(2, 1_000));
    let focus = place(1, 1_000);
    let first = tables.likeness_to(&focus, Lens::General);
    assert!(Arc::ptr_eq(&first, &tables.likeness_to(&focus, Lens::General)));
    let mut changed = tables.clone();
    changed.insert(place(2, 90_000));
    let second = changed.likeness_to(&focus, Lens::General);
    let other = municipality(2, "", None).id.key();
    assert!(second[&other] < first[&other]);
}

#[test]
fn associations_have_the_sums_of_their_members_until_they_give_figures() {
    let mut tables = Tables::new(Arc::clone(Reference::shipped()));
    let dorf = |number, people| {
        let figures = profile(2022, Some(people), Some(10.0));
        placed(municipality(number, &format!("dorf-{number}"), None), vec![figures])
    };
    let bund = || {
        let ids = [1, 2].map(|number| municipality(number, "", None).id);
        let kind = MunicipalityKind::Association;
        Municipality { members: ids.to_vec(), kind, ..municipality(3, "bund", None) }
    };
    let people = |tables: &Tables| tables.by_slug("bund").expect("it is there").population();
    tables.insert(dorf(1, 1_000));
    tables.insert(placed(bund(), Vec::new()));
    assert_eq!(people(&tables), None, "one member is not known");
    tables.insert(dorf(2, 500));
    assert_eq!(people(&tables), Some(1_500));
    tables.insert(dorf(2, 700));
    assert_eq!(people(&tables), Some(1_700));
    tables.insert(placed(bund(), vec![profile(2023, Some(1_800), None)]));
    tables.insert(dorf(1, 2_000));
    assert_eq!(people(&tables), Some(1_800));
}
