use super::support::*;
use crate::{
    Document, Facet, Filter, HighlightField, Like, Number, Query, Reading, Relaxed, fields, range,
    stems,
};

#[test]
fn spellings_are_read_one_by_one() {
    for (typed, meant) in [
        ("Buergerbuero", "Bürgerbüro"),
        ("BÜRGERBÜRO", "Bürgerbüro"),
        ("Strassenfest", "Straßenfest"),
        ("Neue Strasse", "neue Straße"),
        ("Café", "Cafe"),
        ("Müllabfuhr", "Muellabfuhr"),
    ] {
        for (one, two) in typed.split(' ').zip(meant.split(' ')) {
            assert_eq!(stems(one).0, stems(two).0, "{typed}");
        }
    }
    // A word that is right as it stands is not read in another way.
    assert_eq!(stems("neue").0, "neu");
    assert_eq!(stems("Steuer").0, "steu");
}

#[test]
fn all_forms_of_a_compound_have_the_same_parts() {
    assert_eq!(stems("Landkreise"), stems("Landkreis"));
    assert_eq!(stems("Nahverkehrsangebote"), stems("Nahverkehrsangebots"));
    let (_, parts) = stems("Nahverkehrsangebot");
    assert_eq!(parts, ["nah", "nahverkehr", "verkehr", "verkehrsangebot", "angebot"]);
}

#[test]
fn umlauts_that_were_left_out_are_found() {
    let (index, _writer) = index_of(vec![titled("a", "Ein Bürgerbüro für alle")]);
    for typed in ["Burgerburo", "Buergerbuero", "BÜRGERBÜRO", "buergerbüros"] {
        assert_eq!(found(&index, typed), ["a"], "{typed}");
    }
}

#[test]
fn a_first_part_that_was_left_out_is_completed() {
    let (index, _writer) = index_of(vec![
        titled("care", "Vor- und Nachmittagsbetreuung an Schulen"),
        titled("way", "Ein- und Auspendler"),
        titled("help", "Kinder-, Jugend- und Familienhilfe"),
    ]);
    assert_eq!(found(&index, "Vormittagsbetreuung"), ["care"]);
    assert_eq!(found(&index, "Einpendler"), ["way"]);
    assert_eq!(found(&index, "Kinderhilfe"), ["help"]);
    assert_eq!(found(&index, "Jugendhilfe"), ["help"]);
    // The parts of what is completed lie at positions of their own; they must never go down.
    let (index, _writer) =
        index_of(vec![titled("a", "Energie-, Nahverkehrs- und Klimakonzept für alle")]);
    for typed in ["Energiekonzept", "Nahverkehrskonzept", "\"Klimakonzept\"", "Konzept"] {
        assert_eq!(found(&index, typed), ["a"], "{typed}");
    }
}

#[test]
fn endings_for_all_are_no_words_of_their_own() {
    let (index, _writer) = index_of(vec![
        titled("star", "Bürger*innen beraten"),
        titled("slash", "Einwohner/-innen fragen"),
        titled("in", "Wohnen in Sachsen (in Planung)"),
    ]);
    assert_eq!(found(&index, "Bürgerinnen"), ["star"]);
    assert_eq!(found(&index, "\"Bürger beraten\""), ["star"]);
    assert_eq!(found(&index, "\"Einwohner fragen\""), ["slash"]);
    assert_eq!(found(&index, "\"Wohnen in Sachsen\""), ["in"]);
}

#[test]
fn phrases_go_through_compounds_and_hyphens() {
    let (index, _writer) = index_of(vec![
        titled("one", "Neue Kitaplätze im Ort"),
        titled("two", "Neue Kita-Plätze im Ort"),
        titled("other", "Plätze der neuen Kita im Ort"),
    ]);
    assert_eq!(found(&index, "\"Kita Plätze\""), ["one", "two"]);
    assert_eq!(found(&index, "\"neue Kitaplätze im Ort\""), ["one", "two"]);
    assert_eq!(found(&index, "Kitaplätze"), ["one", "other", "two"]);
}

#[test]
fn what_was_enough_is_told() {
    let (index, _writer) = index_of(vec![titled("a", "Bürgerhaus"), titled("b", "Busse")]);
    let reading = index.search(&lenient("Bürgerbus")).unwrap().reading;
    assert_eq!(reading.relaxed, Some(Relaxed { required: 1, words: 1 }));
    let reading = index.search(&lenient("Bürgerhaus Fahrrad")).unwrap().reading;
    assert_eq!(reading.relaxed, Some(Relaxed { required: 1, words: 2 }));
    assert_eq!(index.search(&lenient("Busse")).unwrap().reading.relaxed, None);
    assert_eq!(index.search(&text("Bürgerbus")).unwrap().total, 0);
}

#[test]
fn a_list_and_its_facets_and_counts_are_content_with_the_same() {
    let (index, _writer, _) = random_world(5, 200);
    for typed in ["Straßenbus", "Wärme Pflege Bus Turm", "Pfleg", "Verwaltugn"] {
        let query = lenient(typed);
        let hits = index.search(&query).unwrap();
        assert_eq!(index.count(&query).unwrap(), hits.total, "{typed}");
        let kinds = index.facets(&query, &[crate::Facet::Kind]).unwrap();
        let sum: u64 = kinds.iter().flat_map(|it| &it.values).map(|it| it.count).sum();
        assert_eq!(sum, hits.total, "{typed}");
    }
}

#[test]
fn what_was_probably_meant_comes_with_its_count() {
    let (index, _writer) = index_of(vec![
        titled("a", "Nachbarschaftshilfe im Dorf"),
        titled("b", "Nachbarschaftshilfe in der Stadt"),
    ]);
    let meant = index.did_you_mean(&lenient("Nachbarschaftshife -Stadt")).unwrap().unwrap();
    assert_eq!((meant.text.as_str(), meant.total), ("Nachbarschaftshilfe -Stadt", 1));
    assert_eq!(index.did_you_mean(&lenient("Nachbarschaftshilfe")).unwrap(), None);
    assert_eq!(index.did_you_mean(&lenient("Schwimmbad")).unwrap(), None);
}

#[test]
fn synonyms_are_found_and_weigh_less_and_change_at_once() {
    let (index, _writer) = index_of(vec![
        titled("own", "Ehrenamt stärken"),
        titled("other", "Bürgerschaftliches Engagement stärken"),
        titled("apart", "Engagement der bürgerschaftlichen Gruppen"),
    ]);
    assert_eq!(found(&index, "Ehrenamt"), ["own"]);
    index.set_synonyms(&[group(&["Ehrenamt", "bürgerschaftliches Engagement"])]);
    assert_eq!(ids(&index, &text("Ehrenamt")), ["own", "other"]);
    assert_eq!(ids(&index, &text("Ehrenamts")), ["own", "other"]);
    assert_eq!(found(&index, "bürgerschaftliches Engagement"), ["apart", "other", "own"]);
    let shown = index.highlights(&text("Ehrenamt"), &["other".to_owned()]).unwrap();
    assert!(shown["other"][0].html().starts_with("<mark>Bürgerschaftliches</mark>"));
    index.set_synonyms(&[]);
    assert_eq!(found(&index, "Ehrenamt"), ["own"]);
}

#[test]
fn parts_of_compounds_have_synonyms_too() {
    let (index, _writer) = index_of(vec![titled("a", "Nahverkehrsangebot am Abend")]);
    index.set_synonyms(&[group(&["ÖPNV", "Nahverkehr"])]);
    assert_eq!(found(&index, "ÖPNV"), ["a"]);
}

#[test]
fn somebody_who_is_still_typing_sees_what_begins_so() {
    let (index, _writer) =
        index_of(vec![titled("a", "Mobilität im Dorf"), titled("b", "Dorfladen")]);
    let typing = |typed: &str| ids(&index, &Query { unfinished: true, ..text(typed) });
    assert_eq!(typing("mobi"), ["a"]);
    assert_eq!(typing("Dorf mobi"), ["a"]);
    assert!(typing("mobi Dorf").is_empty());
}

#[test]
fn suggestions_are_titles_and_words_of_what_may_be_seen() {
    let hidden = Document { kind: "Draft".to_owned(), ..titled("c", "Bürgergarten geheim") };
    let (index, _writer) = index_of(vec![
        titled("a", "Bürgerbus Nord"),
        titled("b", "Der neue Bürgerbus"),
        titled("d", "Bürgerbus"),
        hidden,
    ]);
    let seen = Query { kinds: vec!["Solution".to_owned()], ..Query::default() };
    let titles = |typed: &str| {
        let found = index.suggest_titles(typed, &seen, 9).unwrap();
        found.into_iter().map(|it| it.title).collect::<Vec<_>>()
    };
    assert_eq!(titles("bürger"), ["Bürgerbus", "Bürgerbus Nord", "Der neue Bürgerbus"]);
    assert_eq!(titles("no bürg"), ["Bürgerbus Nord"]);
    assert!(titles("geheim").is_empty() && titles("").is_empty());
    assert_eq!(index.suggest_words("Der Bürg", &seen, 9).unwrap(), ["Der Bürgerbus"]);
    assert!(index.suggest_words("Bürg ", &seen, 9).unwrap().is_empty());
}

#[test]
fn like_another_is_what_shares_its_telling_words() {
    let about = |id: &str, problem: &str| Document {
        problem: problem.to_owned(),
        ..titled(id, "Vorhaben")
    };
    let (index, _writer) = index_of(vec![
        about("one", "Der Hausarzt geht in Rente, die Praxis bleibt leer, Patienten fahren weit."),
        about("two", "Eine Praxis ohne Hausarzt: Patienten suchen in der Stadt."),
        about("three", "Die Feuerwehr sucht Nachwuchs."),
        about("four", "Der Sportplatz braucht Licht."),
    ]);
    let found = |like: Like| ids(&index, &Query { like: Some(like), ..Query::default() });
    let like = |id: &str| found(Like::Document(id.to_owned()));
    assert_eq!(like("one"), ["two"]);
    assert!(like("nobody").is_empty());
    let written =
        |title: &str, text: &str| found(Like::Written { title: title.into(), text: text.into() });
    let asked = "Wer hat gute Ideen? Bei uns wohnen viele, die -weit zu einer \"Praxis\" fahren.";
    assert_eq!(written("Wie findet man einen Hausarzt?", asked), ["one", "two"]);
    assert_eq!(written("Nachwuchs", ""), ["three"]);
    assert_eq!(written("Nachwuchsmangel bei uns", ""), ["three"]);
    assert_eq!(written("Der Sport", ""), ["four"], "it stands inside of another word");
    assert!(written("Wie baut man eine Brücke?", "").is_empty());
    assert!(written("", "").is_empty());
}

#[test]
fn merit_decides_between_equals_and_only_there() {
    let with = |id: &str, title: &str, quality: i64, published: i64| Document {
        numbers: vec![(Number::Quality, quality), (Number::Published, published)],
        ..titled(id, title)
    };
    let (index, _writer) = index_of(vec![
        with("plain", "Dorfladen im Ort", 0, 0),
        with("checked", "Dorfladen im Ort", 3, 0),
        with("new", "Dorfladen im Ort", 3, 100_000_000_000),
        with("better", "Dorfladen, Dorfladen", 0, 0),
    ]);
    let query = Query { now: Some(100_000_000_000), ..text("Dorfladen") };
    assert_eq!(ids(&index, &query), ["better", "new", "checked", "plain"]);
}

#[test]
fn words_that_stand_near_each_other_come_first() {
    let between = "und vieles andere mehr, was im Ort so alles geschieht";
    let (index, _writer) = index_of(vec![
        titled("far", &format!("Bürgerbus {between} Ehrenamt")),
        titled("near", &format!("{between} Bürgerbus Ehrenamt")),
        titled("turned", &format!("Ehrenamt im Bürgerbus {between}")),
    ]);
    let order = ids(&index, &text("Bürgerbus Ehrenamt"));
    assert_eq!(order, ["near", "turned", "far"]);
}

#[test]
fn a_page_of_a_document_is_told() {
    let long = "Anfang ohne Treffer. ".repeat(40);
    let document = Document {
        text: format!("{long}\u{c}{long}\u{c}{long} Hier steht der <Bürgerbus>."),
        ..titled("a", "Akte")
    };
    let (index, _writer) = index_of(vec![document]);
    let shown = index.highlights(&text("Bürgerbus"), &["a".to_owned()]).unwrap();
    let shown = &shown["a"][0];
    assert_eq!((shown.field, shown.page), (HighlightField::Text, Some(3)));
    assert!(shown.html().ends_with("&lt;<mark>Bürgerbus</mark>&gt;."), "{}", shown.html());
}

#[test]
fn conditions_are_taken_out_of_a_text() {
    let known = |name: &str| ["topic", "population", "thema"].contains(&name);
    let typed =
        fields("Bus topic:mobility,care -population:<5.000 thema:\"Wohnen und Bauen\" Dorf", known);
    assert_eq!(typed.words, "Bus    Dorf");
    let read: Vec<_> = typed
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.values.join("|"), field.excluded))
        .collect();
    assert_eq!(
        read,
        [
            ("topic", "mobility|care".to_owned(), false),
            ("population", "<5.000".to_owned(), true),
            ("thema", "Wohnen und Bauen".to_owned(), false),
        ]
    );
    let typed =
        fields("Förderung: Breitband title:Bus https://example.org \"topic:x\" topic:", known);
    assert_eq!(
        typed.words,
        "Förderung: Breitband title:Bus https://example.org \"topic:x\" topic:"
    );
    assert_eq!((typed.fields.len(), typed.unknown), (0, vec!["title".to_owned()]));
    let typed = fields("Bürger:innen Ärzt:in, thema:\"Finanzen, Personal\"", known);
    assert_eq!(typed.words, "Bürger:innen Ärzt:in, ");
    assert!(typed.unknown.is_empty(), "inclusive writing is no condition");
    assert_eq!(typed.fields[0].values, ["Finanzen, Personal"], "what is quoted is one value");
}

#[test]
fn both_spellings_that_are_right_are_one_word() {
    let (index, _writer) = index_of(vec![
        titled("change", "Demografischer Wandel"),
        titled("sun", "Photovoltaikanlagen auf Schulen"),
        titled("chance", "Potentiale vor Ort"),
    ]);
    assert_eq!(found(&index, "demographischer Wandel"), ["change"]);
    assert_eq!(stems("Demographie"), stems("Demografie"));
    assert_eq!(stems("Landgraf").0, "landgraf");
    for typed in ["Fotovoltaik", "Photovoltaik", "Fotovoltaikanlage"] {
        assert_eq!(found(&index, typed), ["sun"], "{typed}");
    }
    assert_eq!(found(&index, "Potenzial"), ["chance"]);
}

#[test]
fn who_is_still_typing_is_not_corrected() {
    let (index, _writer) = index_of(vec![
        titled("shop", "Dorfladen am Markt"),
        titled("village", "Dorf der Zukunft"),
        titled("office", "Bürgerbüro am Markt"),
    ]);
    for (typed, first) in [("Dorfl", "shop"), ("Buergerb", "office")] {
        let query = Query { unfinished: true, ..lenient(typed) };
        let hits = index.search(&query).unwrap();
        assert_eq!(hits.hits[0].id, first, "{typed}");
        assert!(hits.reading.corrections.is_empty(), "{typed}");
        let shown = index.highlights(&query, &[first.to_owned()]).unwrap();
        assert!(shown[first][0].fragments[0].matched, "{typed}");
    }
}

#[test]
fn hits_in_full_are_told_from_the_others() {
    let (index, _writer) = index_of(vec![
        titled("both", "Bürgerbus mit Ehrenamt"),
        titled("bus", "Bürgerbus"),
        titled("wrong", "Dorfladen"),
    ]);
    let hits = index.search(&lenient("Bürgerbus Ehrenamt")).unwrap();
    let told: Vec<_> = hits.hits.iter().map(|hit| (hit.id.as_str(), hit.in_full)).collect();
    assert_eq!((hits.total, hits.in_full), (2, 1));
    assert_eq!(told, [("both", true), ("bus", false)]);
    // Words that were corrected are shown, too.
    let typed = lenient("Dorfladn");
    assert_eq!(index.search(&typed).unwrap().in_full, 0);
    let shown = index.highlights(&typed, &["wrong".to_owned()]).unwrap();
    assert_eq!(shown["wrong"][0].html(), "<mark>Dorfladen</mark>");
}

#[test]
fn ranges_are_read_as_they_are_written() {
    for (typed, read) in [
        ("5000", Some(5_000..=5_000)),
        ("5.000", Some(5_000..=5_000)),
        ("<5000", Some(0..=4_999)),
        ("<=5000", Some(0..=5_000)),
        (">100", Some(101..=i64::MAX)),
        ("≥100", Some(100..=i64::MAX)),
        ("1000..5000", Some(1_000..=5_000)),
        ("2021-2024", Some(2_021..=2_024)),
        ("..500", Some(0..=500)),
        ("many", None),
        ("5.00", None),
        ("9..1", None),
        ("<", None),
        ("99999999999999999999", None),
    ] {
        assert_eq!(range(typed), read, "{typed}");
    }
}

#[test]
fn words_of_documents_that_are_left_out_are_not_told() {
    let hidden = Document { kind: "Draft".to_owned(), ..titled("a", "Quintessa") };
    let (index, _writer) = index_of(vec![hidden, titled("b", "Anderes")]);
    let solutions = Filter::AnyOf(Facet::Kind, vec!["Solution".to_owned()]);
    let everybody = Query { audience: solutions, ..lenient("Quintesa") };
    let hits = index.search(&everybody).unwrap();
    assert_eq!((hits.total, hits.reading), (0, Reading::default()));
    assert_eq!(index.did_you_mean(&everybody).unwrap(), None);
    let insider = index.search(&lenient("Quintesa")).unwrap();
    assert_eq!(insider.reading.corrections[0].nearly, ["quintessa"]);
}

#[test]
fn a_word_that_goes_on_in_what_is_left_out_goes_on_in_nothing() {
    let hidden = Document { kind: "Draft".to_owned(), ..titled("a", "Quintessa") };
    let (index, _writer) = index_of(vec![hidden, titled("b", "Quintest")]);
    let solutions = Filter::AnyOf(Facet::Kind, vec!["Solution".to_owned()]);
    let insider = Query { unfinished: true, ..lenient("Quintess") };
    let everybody = Query { audience: solutions, ..insider.clone() };
    let hits = index.search(&everybody).unwrap();
    assert_eq!(hits.reading.corrections[0].nearly, ["quintest"], "taken for an error");
    let hits = index.search(&insider).unwrap();
    assert!(hits.reading.corrections.is_empty(), "still being typed");
}

#[test]
fn words_of_any_length_and_script_are_looked_for_in_no_time() {
    let (index, _writer) = index_of(vec![titled("a", "Bus")]);
    let long: String = ('\u{4e00}'..).take(990).collect();
    assert_eq!(index.search(&lenient(&long)).unwrap().total, 0);
    assert_eq!(index.search(&lenient(&"ä".repeat(41))).unwrap().total, 0);
}
