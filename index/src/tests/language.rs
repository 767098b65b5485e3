use super::support::*;
use crate::{Document, Facet};

#[test]
fn inflected_and_differently_spelled_words_meet() {
    let (index, _writer) = index_of(vec![
        titled("haus", "Neue Häuser am Markt"),
        titled("strasse", "Sichere Straße für alle"),
        titled("gemeinde", "Kooperation der Gemeinden"),
    ]);
    for typed in ["Haus", "Häuser", "Haeuser", "HÄUSERN", "häusern"] {
        assert_eq!(found(&index, typed), ["haus"], "{typed}");
    }
    for typed in ["Straße", "Strasse", "Straßen", "STRASSEN"] {
        assert_eq!(found(&index, typed), ["strasse"], "{typed}");
    }
    assert_eq!(found(&index, "Gemeinde"), ["gemeinde"]);
    assert!(found(&index, "Wiesen-Nord").is_empty());
}

#[test]
fn decomposed_and_composed_characters_are_the_same() {
    let (index, _writer) = index_of(vec![
        titled("composed", "Bl\u{fc}hfl\u{e4}chen"),
        titled("decomposed", "Blu\u{308}hfla\u{308}chen"),
    ]);
    for typed in ["Blühfläche", "Blu\u{308}hfla\u{308}che"] {
        assert_eq!(found(&index, typed), ["composed", "decomposed"], "{typed}");
    }
}

#[test]
fn long_compounds_are_kept() {
    let word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz";
    let (index, _writer) = index_of(vec![titled("a", word)]);
    assert_eq!(found(&index, word), ["a"]);
}

#[test]
fn stop_words_do_not_decide_unless_they_are_all_there_is() {
    let (index, _writer) =
        index_of(vec![titled("bus", "Bus im Dorf"), titled("die", "die und der")]);
    assert_eq!(found(&index, "der Bus"), ["bus"]);
    assert_eq!(found(&index, "die"), ["die"]);
}

#[test]
fn phrases_keep_order_and_stop_words() {
    let (index, _writer) = index_of(vec![
        titled("a", "Angebote im Landkreis"),
        titled("b", "Landkreis im Angebot"),
        titled("c", "Angebot und Landkreis"),
    ]);
    assert_eq!(found(&index, "\"Angebot im Landkreis\""), ["a"]);
    assert_eq!(found(&index, "„Landkreise im Angebot“"), ["b"]);
    assert_eq!(found(&index, "Landkreis Angebot"), ["a", "b", "c"]);
    assert_eq!(found(&index, "\"Angebot Landkreis\""), Vec::<String>::new());
    assert_eq!(found(&index, "\"Angebote\""), ["a"]);
    assert_eq!(found(&index, "\"Angebot Landkreis"), ["a", "b", "c"]);
}

#[test]
fn excluded_words_and_phrases_keep_out() {
    let (index, _writer) = index_of(vec![
        titled("a", "Schule mit Bus"),
        titled("b", "Schule mit Garten"),
        titled("c", "Garten und Schule mit Herz"),
    ]);
    assert_eq!(found(&index, "Schule -Bus"), ["b", "c"]);
    assert_eq!(found(&index, "Schule -Busse"), ["b", "c"]);
    assert_eq!(found(&index, "Schule -\"mit Garten\""), ["a", "c"]);
    assert_eq!(found(&index, "-Garten"), ["a"]);
    assert_eq!(found(&index, "Garten-Schule"), ["b", "c"]);
}

#[test]
fn all_of_two_words_and_three_quarters_of_more_must_match() {
    let (index, _writer) =
        index_of(vec![titled("a", "Energie Wärme Strom"), titled("b", "Energie Strom")]);
    assert_eq!(found(&index, "Energie Wärme"), ["a"]);
    assert_eq!(found(&index, "Energie Wärme Strom Gas"), ["a"]);
    assert_eq!(found(&index, "Energie Wärme Strom"), ["a"]);
    assert!(found(&index, "Energie Gas").is_empty());
}

#[test]
fn a_lenient_list_is_filled_up_behind_what_matches_everything_if_that_is_little() {
    let (index, _writer) =
        index_of(vec![titled("less", "Energie Strom"), titled("all", "Energie Wärme Strom")]);
    assert_eq!(ids(&index, &lenient("Energie Wärme Strom")), ["all", "less"]);
    assert_eq!(ids(&index, &lenient("Energie Gas")).len(), 2);
    assert!(ids(&index, &lenient("Gas")).is_empty());
    let enough = (100..200).map(|number| titled(&number.to_string(), "Energie Wärme Strom"));
    let (index, _writer) = index_of(enough.chain([titled("less", "Energie Strom")]).collect());
    let hits = ids(&index, &lenient("Energie Wärme"));
    assert_eq!((hits.len(), hits.contains(&"less".to_owned())), (100, false));
}

#[test]
fn words_meet_inside_of_compounds() {
    let (index, _writer) = index_of(vec![
        titled("compound", "Nahverkehrsangebot im Kreis"),
        titled("phrase", "Neue Angebote im Nahverkehr"),
        titled("doctor", "Ein Hausarzt für das Dorf"),
    ]);
    assert_eq!(found(&index, "Nahverkehrsangebot"), ["compound", "phrase"]);
    assert_eq!(found(&index, "Nahverkehr Angebot"), ["compound", "phrase"]);
    assert_eq!(found(&index, "Dorfarzt"), ["doctor"]);
    assert!(found(&index, "Ärztemangel").is_empty());
    assert_eq!(ids(&index, &lenient("Ärztemangel")), ["doctor"]);
}

#[test]
fn a_lenient_list_forgives_typing_errors_where_nobody_writes_so() {
    let (index, _writer) = index_of(vec![titled("a", "Nachbarschaftshilfe"), titled("b", "Bad")]);
    for typed in ["Nachbarschaftshife", "Nachbarschafsthilfe"] {
        assert_eq!(ids(&index, &lenient(typed)), ["a"], "{typed}");
    }
    assert!(ids(&index, &lenient("Rad")).is_empty());
}

#[test]
fn inclusive_writing_is_one_word() {
    let (index, _writer) =
        index_of(vec![titled("a", "Bürgerinnen und Bürger"), titled("b", "Burg")]);
    for typed in ["Bürger*innen", "Bürger:innen", "Bürger_innen", "BürgerInnen", "Bürger/innen"]
    {
        assert_eq!(ids(&index, &text(typed)).first().map(String::as_str), Some("a"), "{typed}");
    }
}

#[test]
fn the_title_weighs_more_than_the_text() {
    let body = Document {
        text: "Ein Bürgerbus für alle".to_owned(),
        ..titled("body", "Anderes gutes Vorhaben")
    };
    let (index, _writer) = index_of(vec![body, titled("title", "Ein Bürgerbus für alle")]);
    assert_eq!(ids(&index, &text("Bürgerbus")), ["title", "body"]);
}

#[test]
fn ids_and_external_keys_are_found_as_typed() {
    let mut keyed = titled("Solution:01JABC", "Etwas");
    keyed.facets.push((Facet::ExternalKey, "P06".to_owned()));
    keyed.facets.push((Facet::ExternalKey, "DE/12-7".to_owned()));
    let (index, _writer) = index_of(vec![keyed, titled("Solution:02", "P07 und DE/12-8")]);
    for typed in ["P06", "p06", " P06 ", "DE/12-7", "Solution:01JABC", "01jabc"] {
        assert_eq!(found(&index, typed), ["Solution:01JABC"], "{typed}");
    }
}
