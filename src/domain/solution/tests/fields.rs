//! What is wrong with a field is said once, at its place.

use super::*;
use crate::domain::testing::{repeat, told};

type Case = (fn(&mut Solution), &'static str);

fn long(letters: usize) -> Option<String> {
    Some("ä".repeat(letters))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn money(from: u64, to: u64) -> Option<MoneyRange> {
    Some(MoneyRange { from, to })
}

/// A solution in which every part is there.
fn full() -> Solution {
    let link = text("https://example.org");
    Solution {
        external_key: text("P01"),
        steps: text("Erst dies,\n\tdann das."),
        period: Some(Period { starts: "2023-05".parse().ok(), ends: "2023".parse().ok() }),
        participation: Some(ParticipationRecord::default()),
        partners: vec![Partner { name: text("Verein"), ..Partner::default() }],
        results: Some(Results {
            summary: text("Es fährt."),
            indicators: vec![Indicator { name: "Fahrten".to_owned(), ..Indicator::default() }; 3],
        }),
        costs: Some(Costs { one_off: money(1, 9), yearly: money(5, 5), ..Costs::default() }),
        funding: vec![Funding {
            programme: "Dorferneuerung".to_owned(),
            url: link.clone(),
            ..Funding::default()
        }],
        staff: Some(Staff::default()),
        transferability: Some(Transferability::default()),
        digital_tools: vec![DigitalTool {
            name: "Karte".to_owned(),
            url: link.clone(),
            licence: None,
        }],
        images: vec![Image { url: "https://example.org/a.png".to_owned(), alt: "Bus".to_owned() }],
        sources: vec![Source { title: "Bericht".to_owned(), url: link }],
        keywords: vec!["Bus".to_owned(), "Ärztin".to_owned()],
        ..publishable()
    }
}

/// Each spoilt field gives exactly the problem beside it.
fn check(cases: &[Case]) {
    assert_eq!(full().check(), Ok(()));
    for (spoil, expected) in cases {
        let mut solution = full();
        spoil(&mut solution);
        assert_eq!(told(solution.check()), [*expected]);
    }
}

#[test]
fn lines_and_texts() {
    check(&[
        (|it| it.title = " \n".to_owned(), "REQUIRED title"),
        (|it| it.title = "ä".repeat(101), "TOO_LONG title"),
        (|it| it.title = "Dorf\narzt".to_owned(), "INVALID title"),
        (|it| it.teaser = "ä".repeat(201), "TOO_LONG teaser"),
        (|it| it.teaser.push('\0'), "INVALID teaser"),
        (|it| it.problem = "ä".repeat(20_001), "TOO_LONG problem"),
        (|it| it.problem.push('\0'), "INVALID problem"),
        (|it| it.approach.push('\u{1b}'), "INVALID approach"),
        (|it| it.steps = long(20_001), "TOO_LONG steps"),
        (|it| it.legal_basis = text("\0"), "INVALID legalBasis"),
        (|it| it.prerequisites = long(20_001), "TOO_LONG prerequisites"),
        (|it| it.lessons = text("\u{7f}"), "INVALID lessons"),
        (|it| it.difficulties = long(20_001), "TOO_LONG difficulties"),
        (|it| it.would_change = long(20_001), "TOO_LONG wouldChange"),
        (|it| it.sustaining = text("\r"), "INVALID sustaining"),
        (|it| it.citation = long(100_000), "TOO_LONG citation"),
        (|it| it.place = long(201), "TOO_LONG place"),
        (|it| it.licence = long(201), "TOO_LONG licence"),
        (|it| it.licence = text("CC\tBY"), "INVALID licence"),
        (|it| it.external_key = text(""), "REQUIRED externalKey"),
        (|it| it.external_key = long(201), "TOO_LONG externalKey"),
        (|it| it.external_key = text("P\0"), "INVALID externalKey"),
        (|it| it.language = "d".to_owned(), "INVALID language"),
        (|it| it.language = "de_DE".to_owned(), "INVALID language"),
        (|it| it.keywords[1] = "ä".repeat(101), "TOO_LONG keywords.1"),
        (|it| it.keywords[0].clear(), "REQUIRED keywords.0"),
        (|it| it.months_to_effect = Some(601), "OUT_OF_RANGE monthsToEffect"),
        (|it| it.last_checked = Some(chrono::NaiveDate::MIN), "OUT_OF_RANGE lastChecked"),
    ]);
}

#[test]
fn lists() {
    check(&[
        (|it| it.municipalities.clear(), "REQUIRED municipalities"),
        (|it| repeat(&mut it.municipalities, 51), "TOO_MANY municipalities"),
        (|it| repeat(&mut it.topics, 5), "TOO_MANY topics"),
        (|it| repeat(&mut it.keywords, 26), "TOO_MANY keywords"),
        (|it| it.instruments = vec![Instrument::App; 51], "TOO_MANY instruments"),
        (|it| it.size_bands = vec![crate::domain::SizeBand::From1k; 51], "TOO_MANY sizeBands"),
        (|it| repeat(&mut it.contacts, 51), "TOO_MANY contacts"),
        (|it| it.related = vec![it.id.clone(); 51], "TOO_MANY related"),
        (|it| repeat(&mut it.partners, 51), "TOO_MANY partners"),
        (|it| repeat(&mut it.funding, 51), "TOO_MANY funding"),
        (|it| repeat(&mut it.digital_tools, 51), "TOO_MANY digitalTools"),
        (|it| repeat(&mut it.images, 51), "TOO_MANY images"),
        (|it| repeat(&mut it.sources, 51), "TOO_MANY sources"),
    ]);
}

#[test]
fn funding_and_costs() {
    check(&[
        (|it| it.funding[0].programme = "x".repeat(300_000), "TOO_LONG funding.0.programme"),
        (|it| it.funding[0].programme.clear(), "REQUIRED funding.0.programme"),
        (|it| it.funding[0].url = text("javascript:alert(1)"), "INVALID funding.0.url"),
        (|it| it.funding[0].period = long(201), "TOO_LONG funding.0.period"),
        (|it| it.funding[0].note = long(20_001), "TOO_LONG funding.0.note"),
        (|it| it.funding[0].rate = Some(100.1), "OUT_OF_RANGE funding.0.rate"),
        (|it| it.funding[0].rate = Some(f64::NAN), "OUT_OF_RANGE funding.0.rate"),
        (|it| it.funding[0].amount = Some(u64::MAX), "OUT_OF_RANGE funding.0.amount"),
        (|it| costs(it).one_off = money(9, 1), "INVALID costs.oneOff"),
        (|it| costs(it).yearly = money(u64::MAX, 1), "INVALID costs.yearly"),
        (|it| costs(it).yearly = money(1, 2_147_483_648), "OUT_OF_RANGE costs.yearly.to"),
        (|it| costs(it).year = Some(1_899), "OUT_OF_RANGE costs.year"),
        (|it| costs(it).note = text("\0"), "INVALID costs.note"),
    ]);
}

#[test]
fn results_and_people() {
    check(&[
        (|it| results(it).summary = long(20_001), "TOO_LONG results.summary"),
        (|it| results(it).indicators[2].name.clear(), "REQUIRED results.indicators.2.name"),
        (|it| results(it).indicators[1].unit = long(201), "TOO_LONG results.indicators.1.unit"),
        (
            |it| results(it).indicators[0].value = f64::INFINITY,
            "OUT_OF_RANGE results.indicators.0.value",
        ),
        (|it| results(it).indicators[0].method = text("\0"), "INVALID results.indicators.0.method"),
        (
            |it| results(it).indicators[0].date = "2201".parse().ok(),
            "OUT_OF_RANGE results.indicators.0.date",
        ),
        (|it| repeat(&mut results(it).indicators, 17), "TOO_MANY results.indicators"),
        (|it| people(it).formats = long(20_001), "TOO_LONG participation.formats"),
        (|it| people(it).missed = text("\0"), "INVALID participation.missed"),
        (|it| people(it).people = Some(u32::MAX), "OUT_OF_RANGE participation.people"),
        (|it| staff(it).roles = long(20_001), "TOO_LONG staff.roles"),
        (
            |it| staff(it).full_time_equivalents = Some(10_000.1),
            "OUT_OF_RANGE staff.fullTimeEquivalents",
        ),
        (|it| staff(it).volunteer_hours = Some(-1.0), "OUT_OF_RANGE staff.volunteerHours"),
        (|it| it.partners[0].name = long(201), "TOO_LONG partners.0.name"),
        (|it| it.partners[0].name = None, "REQUIRED partners.0.name"),
        (|it| it.partners[0].name = text(" "), "REQUIRED partners.0.name"),
    ]);
}

#[test]
fn the_other_parts() {
    check(&[
        (|it| period(it).starts = "0023".parse().ok(), "OUT_OF_RANGE period.starts"),
        (|it| period(it).ends = "2023-04".parse().ok(), "INVALID period.ends"),
        (|it| transfer(it).copyable = long(20_001), "TOO_LONG transferability.copyable"),
        (|it| transfer(it).local = text("\0"), "INVALID transferability.local"),
        (|it| it.digital_tools[0].name.clear(), "REQUIRED digitalTools.0.name"),
        (|it| it.digital_tools[0].url = text("javascript:x"), "INVALID digitalTools.0.url"),
        (|it| it.digital_tools[0].licence = long(201), "TOO_LONG digitalTools.0.licence"),
        (|it| it.images[0].url.clear(), "REQUIRED images.0.url"),
        (|it| it.images[0].url = "/a.png".to_owned(), "INVALID images.0.url"),
        (|it| it.images[0].alt.clear(), "REQUIRED images.0.alt"),
        (|it| it.sources[0].title = "x".repeat(201), "TOO_LONG sources.0.title"),
        (|it| it.sources[0].url = text("javascript:x"), "INVALID sources.0.url"),
    ]);
}

fn costs(solution: &mut Solution) -> &mut Costs {
    solution.costs.get_or_insert_default()
}

fn results(solution: &mut Solution) -> &mut Results {
    solution.results.get_or_insert_default()
}

fn people(solution: &mut Solution) -> &mut ParticipationRecord {
    solution.participation.get_or_insert_default()
}

fn staff(solution: &mut Solution) -> &mut Staff {
    solution.staff.get_or_insert_default()
}

fn period(solution: &mut Solution) -> &mut Period {
    solution.period.get_or_insert_default()
}

fn transfer(solution: &mut Solution) -> &mut Transferability {
    solution.transferability.get_or_insert_default()
}
