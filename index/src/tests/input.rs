use super::support::*;
use crate::Query;

#[test]
fn nothing_but_separators_asks_for_everything() {
    let (index, _writer) = index_of(vec![titled("a", "Bus"), titled("b", "Bahn")]);
    for typed in ["", " ", "***", "\"\"", "-", "()", "\u{0}\u{7}\u{1b}", "„“", "- -- \"-\" -\"\""]
    {
        assert_eq!(found(&index, typed), ["a", "b"], "{typed:?}");
    }
}

#[test]
fn signs_of_other_query_languages_only_separate() {
    let (index, _writer) =
        index_of(vec![titled("a", "Förderung Breitband"), titled("b", "anderes")]);
    for typed in [
        "Förderung: Breitband",
        "title:Förderung",
        "Förderung*",
        "Förderung~2",
        "(Förderung",
        "Förderung)^2",
        "[Förderung TO Breitband",
        "Förderung/Breitband",
        "Förderung\u{0}Breitband",
        "+Förderung",
        "Förderung\\",
    ] {
        let hits = found(&index, typed);
        let misses = ["title:Förderung", "[Förderung TO Breitband", "Förderung~2", "Förderung)^2"];
        assert!(hits == ["a"] || misses.contains(&typed), "{typed}: {hits:?}");
    }
}

#[test]
fn deep_and_huge_input_is_harmless() {
    let (index, _writer) = index_of(vec![titled("a", "Bus und Bahn")]);
    let huge = [
        "(".repeat(10_000),
        format!("{}Bus{}", "(".repeat(10_000), ")".repeat(10_000)),
        "a".repeat(1 << 20),
        "\"".repeat(1 << 20),
        "-\"".repeat(1 << 19),
        "\u{308}".repeat(1 << 20),
        "Bus ".repeat(1 << 18),
        "wort".repeat(20) + &" ö".repeat(1 << 18),
    ];
    for typed in huge {
        let query = text(&typed);
        let hits = index.search(&query).unwrap();
        assert!(hits.total <= 1);
        assert_eq!(index.count(&query).unwrap(), hits.total);
        index.highlights(&typed, &["a".to_owned()]).unwrap();
    }
    assert!(found(&index, &"a".repeat(1 << 20)).is_empty());
    assert_eq!(found(&index, &"Bus ".repeat(1 << 18)), ["a"]);
}

#[test]
fn long_text_is_cut_between_words() {
    let (index, _writer) = index_of(vec![titled("a", "Bus")]);
    // The cut falls into the last word; its beginning must not be searched for.
    let typed = format!("Bus{}Busstation", " ".repeat(290));
    assert_eq!(found(&index, &typed), ["a"]);
}

#[test]
fn a_document_of_odd_text_can_be_put_and_found() {
    let odd = "\u{0}\u{feff}\u{202e}Bus\u{1f68c} ".to_owned() + &"x".repeat(70_000);
    let (index, _writer) = index_of(vec![titled("a", &odd), titled("", "leer")]);
    assert_eq!(found(&index, "Bus"), ["a"]);
    assert_eq!(index.search(&Query::default()).unwrap().total, 2);
}
