//! What registers say, and what of them is refused.

use std::collections::HashSet;

use chrono::DateTime;
use ulid::Ulid;

use super::plan::{Known, Plan, plan};
use super::*;
use crate::domain::{Municipality, Profile, Publication, SupportClass};

/// A record of a GV100AD file: key parts, name, sort, area in hectares, people.
fn record(sort: &str, key: &str, association: &str, name: &str, rest: (&str, u32, u32)) -> String {
    let (text, area, people) = rest;
    format!(
        "{sort}20221231{key:<8}{association:<4}{name:<50}{:<50}{text}    {area:>11}{people:>11}{:>70}",
        "", ""
    )
}

/// A village, its association, its county and its state, as the file has them.
fn file() -> String {
    [
        record("10", "13", "", "Mecklenburg-Vorpommern", ("  ", 0, 0)),
        record("40", "13076", "", "Ludwigslust-Parchim", ("44", 0, 0)),
        record("50", "13076", "5665", "Stralendorf", ("51", 0, 0)),
        record("60", "13076121", "5665", "Schossin", ("64", 1_142, 242)),
        record("60", "13076144", "5665", "Wittenförden, Dorf", ("64", 1_000, 2_758)),
        record("60", "13076999", "9999", "Wald", ("66", 500, 0)),
    ]
    .join("\n")
}

fn read(text: &str) -> Register {
    Register::read(text.as_bytes()).expect("a register")
}

/// What a register changes in a hub that knows these.
fn planned(register: &Register, known: &(Vec<Municipality>, Vec<Profile>)) -> Plan {
    let mut number = 0;
    let fresh = || {
        number += 1;
        Ulid::from_parts(known.0.len() as u64 + 1, number)
    };
    let known = Known::new(known.0.clone(), known.1.clone(), HashSet::new());
    plan(register.entries.clone(), known, fresh, DateTime::UNIX_EPOCH)
}

/// The hub once a register is in.
fn taken_in(register: &Register) -> (Vec<Municipality>, Vec<Profile>) {
    let plan = planned(register, &(Vec::new(), Vec::new()));
    assert_eq!(plan.rejected, []);
    (plan.new, plan.new_profiles)
}

fn reasons(register: &Register) -> Vec<String> {
    register.rejected.iter().map(Rejected::to_string).collect()
}

#[test]
fn the_official_file_gives_villages_associations_and_counties() {
    let register = read(&file());
    assert_eq!((reasons(&register), register.uninhabited), (Vec::new(), 1));
    let (places, profiles) = taken_in(&register);
    let of = |slug: &str| places.iter().find(|it| it.slug == slug).expect("it is there");
    let (village, amt, county) = (of("schossin"), of("stralendorf"), of("ludwigslust-parchim"));
    assert_eq!(village.ags.as_deref(), Some("13076121"));
    assert_eq!(village.ars.as_deref(), Some("130765665121"));
    assert_eq!(village.states, ["DE-MV"]);
    assert_eq!((&village.parent, &amt.parent), (&Some(amt.id.clone()), &Some(county.id.clone())));
    assert_eq!((amt.kind, county.kind), (MunicipalityKind::Amt, MunicipalityKind::Kreis));
    assert_eq!(of("wittenfoerden").name, "Wittenförden", "titles stand behind a comma");
    let people = |of: &Municipality| {
        let profile = profiles.iter().find(|it| it.municipality == of.id).expect("a profile");
        (profile.population, profile.area_km2)
    };
    assert_eq!(people(village), (Some(242), Some(11.42)));
    assert_eq!(people(amt), (Some(3_000), Some(21.42)), "the sum of its municipalities");
    assert_eq!(people(county), people(amt));
}

#[test]
fn the_same_again_changes_nothing_and_another_year_is_another_profile() {
    let known = taken_in(&read(&file()));
    let again = planned(&read(&file()), &known);
    assert_eq!((again.new.len(), again.changed.len(), again.new_profiles.len()), (0, 0, 0));
    assert_eq!((again.changed_profiles.len(), again.unchanged), (0, 8));
    let later = file().replace("20221231", "20231231").replace("Schossin    ", "Schossin-Neu");
    let later = planned(&read(&later), &known);
    assert_eq!((later.new.len(), later.new_profiles.len()), (0, 4));
    let renamed: Vec<&str> = later.changed.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(renamed, ["Schossin-Neu"]);
    assert_eq!(later.changed[0].slug, "schossin", "an address never changes");
}

#[test]
fn old_encodings_are_read_and_others_refused_with_their_place() {
    let dos = file().replace('ö', "\u{94}").chars().map(|it| it as u8).collect::<Vec<u8>>();
    let windows = file().chars().map(|it| it as u8).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{}", file()).into_bytes();
    for bytes in [dos, windows, marked] {
        let register = Register::read(&bytes).expect("a register");
        let names: Vec<_> = register.entries.iter().filter_map(|it| it.name.clone()).collect();
        assert!(names.contains(&"Wittenförden".to_owned()), "{names:?}");
    }
    let broken = b"10x\nab\xf7c";
    let told = Register::read(broken).expect_err("no letters").to_string();
    assert!(told.starts_with("line 2, byte 3: 0xf7 is no letter"), "{told}");
    let utf16 = b"\xff\xfe1\0";
    assert!(Register::read(utf16).expect_err("two bytes").to_string().contains("save it as UTF-8"));
}

#[test]
fn wrong_records_are_told_with_line_and_column() {
    let shifted = file().replace("60202212311307612", "60 2022123113076121");
    assert_eq!(reasons(&read(&shifted)).len(), 1);
    let told = &reasons(&read(&shifted))[0];
    assert!(told.starts_with("line 4, column 123:"), "{told}");
    for (from, to, expected) in [
        ("        242", "          0", "line 4, column 140: a municipality has no 0 inhabitants"),
        ("        242", "        x42", "line 4, column 140: \"x42\" is no number of people"),
        ("       1142", "          0", "line 4, column 129: a municipality has some area"),
        ("13076121", "1307612x", "line 4, column 11: \"1307612x\" are not the 8 digits of a key"),
        ("13076144", "13076121", "line 5: the key 13076121 stands in line 4 already"),
        (
            "60202212311307612",
            "60202213311307612",
            "line 4, column 3: \"20221331\" is no date such as 20221231",
        ),
    ] {
        assert_eq!(reasons(&read(&file().replacen(from, to, 1))), [expected], "{from}");
    }
}

#[test]
fn a_table_brings_any_figure_and_needs_a_key() {
    let table = "ags;name;kind;population_2023_12_31;area_km2;regiostar17;share_65_plus;grw;demographic_type;what\n\
        01001000;Flensburg, Stadt;kreisfreie Stadt;92.550;56,73;121;21,4;C-Fördergebiet;2020/7;x\n\
        1002000;Kiel;kreisfreie Stadt;247717;118,65;;;;;y\n";
    let register = read(table);
    assert_eq!((reasons(&register), &register.ignored), (Vec::new(), &vec!["what".to_owned()]));
    let (places, profiles) = taken_in(&register);
    assert_eq!(places[1].ags.as_deref(), Some("01002000"), "a zero that a spreadsheet lost");
    let weakness = places[0].structural_weakness.as_ref().map(|it| it.class);
    assert_eq!((places[0].name.as_str(), weakness), ("Flensburg", Some(SupportClass::C)));
    let first = &profiles[0];
    assert_eq!((first.regiostar17, first.share_65_plus), (Some(121), Some(21.4)));
    assert_eq!(first.demographic_type.map(|it| it.to_string()).as_deref(), Some("2020/7"));
    assert_eq!(first.reference_date.to_string(), "2023-12-31");
    // Figures alone are enough for those that are known.
    let more =
        planned(&read("ags,unemployment,date\n01001000,8.1,2023-12-31\n"), &(places, profiles));
    assert_eq!((more.rejected.len(), more.changed.len(), more.changed_profiles.len()), (0, 0, 1));
    let changed = &more.changed_profiles[0];
    assert_eq!((changed.unemployment, changed.share_65_plus), (Some(8.1), Some(21.4)));
    let told = Register::read(b"name,people\nKiel,5\n").expect_err("no key").to_string();
    assert!(told.contains("no column of its first line is called ags"), "{told}");
}

#[test]
fn wrong_rows_of_a_table_are_told_with_line_and_column() {
    for (row, expected) in [
        (
            "01001000,Ort,gemeinde,0,1",
            "line 2, column 4: population: a municipality has no 0 inhabitants",
        ),
        (
            "01001000,Ort,gemeinde,-5,1",
            "line 2, column 4: population: a municipality has no -5 inhabitants",
        ),
        (
            "01001000,Ort,gemeinde,5",
            "line 2, column 5: 4 fields, but 5 columns have names: is a quote or a separator missing?",
        ),
        ("0100,Ort,gemeinde,5,1", "line 2, column 1: ags: \"0100\" is no official key"),
        ("01001000,Ort,weiler,5,1", "line 2, column 3: kind: there is no kind \"weiler\""),
        ("01001000,Ort,gemeinde,5,gross", "line 2, column 5: area_km2: \"gross\" is no number"),
        (
            "01001000,Ort,gemeinde,5,1",
            "line 2: figures need a day: a column date, or population_2022_12_31",
        ),
    ] {
        let register = read(&format!("ags,name,kind,population,area_km2\n{row}\n"));
        assert_eq!(reasons(&register), [expected], "{row}");
    }
    let register = read("ags,share_65_plus,date\n01001000,101,2022-12-31\n");
    let plan = planned(&register, &(Vec::new(), Vec::new()));
    assert!(plan.rejected[0].reason.contains("needs a name and a kind"), "{:?}", plan.rejected);
}

#[test]
fn renumbered_and_merged_municipalities_keep_their_former_keys() {
    let kind = |keys: &str| format!("ags,name,kind,predecessors\n{keys}\n");
    let known = taken_in(&read(&kind("14000001,Alt,gemeinde,\n14000002,Neben,gemeinde,")));
    let renumbered = planned(&read(&kind("14000009,Alt,gemeinde,14000001")), &known);
    assert_eq!((renumbered.new.len(), renumbered.changed.len()), (0, 1));
    let changed = &renumbered.changed[0];
    assert_eq!((changed.ags.as_deref(), changed.slug.as_str()), (Some("14000009"), "alt"));
    assert_eq!(changed.former_keys, ["14000001"]);
    let merged = planned(&read(&kind("14000009,Neu,gemeinde,14000001 14000002")), &known);
    assert_eq!((merged.new.len(), merged.changed.len()), (1, 0), "the old ones stay as they were");
    assert_eq!(merged.new[0].former_keys, ["14000001", "14000002"]);
}

#[test]
fn places_of_one_name_have_addresses_of_their_own() {
    let rows = "ags,name,kind\n14000001,Neustadt,stadt\n09000001,Neustadt,stadt\n14000003,Altdorf,gemeinde\n";
    let (places, _) = taken_in(&read(rows));
    let slugs: Vec<&str> = places.iter().map(|it| it.slug.as_str()).collect();
    assert_eq!(slugs, ["neustadt-14000001", "neustadt-09000001", "altdorf"]);
}

#[test]
fn rows_that_would_break_what_is_unique_are_told_before_anything_is_written() {
    let head = "ags,ars,name,kind,predecessors\n";
    let read = |rows: &str| read(&format!("{head}{rows}"));
    let known = taken_in(&read("14000001,140000000001,Alt,gemeinde,\n14000002,,Neben,gemeinde,\n"));
    for (rows, line, expected) in [
        (
            "14000008,,A,gemeinde,14000001\n14000009,,B,gemeinde,14000001\n",
            3,
            "line 2 is about the same municipality",
        ),
        (
            "14000002,140000000001,Neben,gemeinde,\n",
            2,
            "the key 140000000001 belongs to another municipality",
        ),
        (
            "01001000,010010000000,Eins,stadt,\n01002000,010010000000,Zwei,stadt,\n",
            3,
            "the key 010010000000 belongs to another municipality",
        ),
    ] {
        let plan = planned(&read(rows), &known);
        let told: Vec<_> = plan.rejected.iter().map(|it| (it.line, it.reason.as_str())).collect();
        assert_eq!(told, [(line, expected)], "{rows}");
    }
}

#[test]
fn a_row_that_is_refused_leaves_nothing_behind() {
    let head = "ags,ars,name,kind,parent,date,population,latitude,longitude\n";
    let rows = "14000001,,Ort,gemeinde,14000,2022-12-31,5,95,10\n,14000,Kreis,kreis,,2022-12-31,6000000,,\n\
        14000002,,Dorf,gemeinde,14000,2022-12-31,5,50,10\n";
    let plan = planned(&read(&format!("{head}{rows}")), &(Vec::new(), Vec::new()));
    assert_eq!(plan.rejected.iter().map(|it| it.line).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((plan.new.len(), plan.new_profiles.len()), (1, 1));
    assert_eq!(plan.new[0].parent, None, "its county was refused");
}

#[test]
fn all_figures_of_a_row_are_of_one_day_and_no_column_is_there_twice() {
    let told = |text: &str| {
        Register::read(text.as_bytes()).map(|it| reasons(&it)).map_err(|it| it.to_string())
    };
    let two = told("ags,population_2021_12_31,population_2022_12_31\n01001000,1,2\n");
    assert!(two.expect_err("two days").contains("two columns mean the same"));
    let days = told("ags,date,population_2022_12_31\r\n\r\n01001000,2023-12-31,2\r\n");
    assert_eq!(
        days.expect("a table"),
        [
            "line 3, column 3: population_2022_12_31: the row has two days, 2023-12-31 and 2022-12-31"
        ]
    );
}

#[test]
fn what_somebody_put_away_stays_away() {
    let register = read("ags,name,kind,population_2022_12_31\n01001000,Ort,stadt,5\n");
    let (places, mut profiles) = taken_in(&register);
    profiles[0].publication = Publication::Archived;
    let again = planned(&register, &(places, profiles));
    assert_eq!(
        (again.new_profiles.len(), again.changed_profiles.len(), again.unchanged),
        (0, 0, 2)
    );
}

#[test]
fn an_older_register_brings_figures_and_nothing_else() {
    let head = "ags,name,kind,date,population\n";
    let known = taken_in(&read(&format!("{head}14000001,Heute,stadt,2023-12-31,500\n")));
    let older = planned(&read(&format!("{head}14000001,Damals,gemeinde,2021-12-31,600\n")), &known);
    assert_eq!((older.changed.len(), older.new_profiles.len()), (0, 1));
    let newer = planned(&read(&format!("{head}14000001,Morgen,stadt,2024-12-31,400\n")), &known);
    assert_eq!(newer.changed.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Morgen"]);
}
