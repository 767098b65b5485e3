//! Compounds: what has parts, what has none, and what a word is reduced to.

use crate::compound::split;
use crate::lexicon::lexicon;

fn parts(word: &str) -> String {
    let parts: Vec<&str> = split(word).into_iter().filter_map(|part| word.get(part)).collect();
    parts.join("|")
}

#[test]
fn compounds_are_taken_apart_to_their_finest_parts() {
    for (word, expected) in [
        ("nahverkehrsangebot", "nah|verkehrs|angebot"),
        ("ärztemangel", "ärzte|mangel"),
        ("bürgerbus", "bürger|bus"),
        ("dorfgemeinschaftshaus", "dorf|gemeinschafts|haus"),
        ("schulsozialarbeit", "schul|sozial|arbeit"),
        ("wohnraummangel", "wohn|raum|mangel"),
        ("tagespflege", "tages|pflege"),
        ("wanderwege", "wander|wege"),
        ("sprachcafé", "sprach|café"),
    ] {
        assert_eq!(parts(word), expected);
    }
}

#[test]
fn words_and_names_that_are_no_compounds_stay_whole() {
    for word in [
        "verwaltung",
        "unterstützung",
        "bürgerinnen",
        "gemeinsam",
        "haushalt",
        "zukunft",
        "greifswald",
        "brandenburg",
        "bremerhaven",
        "rostocker",
        "verein",
        "veranstaltungen",
        "müller",
    ] {
        assert_eq!(parts(word), "", "{word}");
    }
}

#[test]
fn forms_lead_to_their_lemma() {
    for (form, lemma) in [
        ("städte", "stadt"),
        ("gefördert", "förderung"),
        ("fördern", "förderung"),
        ("förderung", "förderung"),
        ("läden", "laden"),
        ("ärztinnen", "arzt"),
        ("bürgerinnen", "bürger"),
        ("kommunalen", "kommunal"),
    ] {
        assert_eq!(lexicon().lemma(form).as_deref(), Some(lemma), "{form}");
    }
    assert_eq!(lexicon().link_lemma("schul").as_deref(), Some("schule"));
    assert_eq!(lexicon().link_lemma("verkehrs").as_deref(), Some("verkehr"));
}

#[test]
fn no_text_is_too_strange_to_be_taken_apart() {
    for word in
        ["", "ß", "aaaaaaaaaaaa", "İİİİİİİİ", "ﬃﬃﬃﬃﬃﬃ", &"bus".repeat(100), "漢字漢字漢字漢字"]
    {
        split(word);
    }
}
