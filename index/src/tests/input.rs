use super::support::*;
use crate::{Error, Query, fields, range};

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
fn text_that_is_too_long_is_refused_and_words_that_are_too_many_are_told() {
    let (index, _writer) = index_of(vec![titled("a", "Bus und Bahn")]);
    let huge =
        ["(".repeat(10_000), "a".repeat(1 << 20), "-\"".repeat(1 << 19), "Bus ".repeat(1_000)];
    for typed in huge {
        let refused = index.search(&text(&typed)).unwrap_err();
        assert!(matches!(refused, Error::TextTooLong { limit: 1_000 }), "{refused}");
        assert!(index.highlights(&text(&typed), &["a".to_owned()]).is_err());
    }
    let hits = index.search(&text(&"Bus ".repeat(30))).unwrap();
    assert_eq!((hits.total, hits.reading.unread), (1, 6));
    assert!(found(&index, &"a".repeat(1_000)).is_empty());
}

/// The same in every run: letters of many scripts, signs of query languages, and what is odd.
fn random_text(numbers: &mut Numbers) -> String {
    const PIECES: [&str; 24] = [
        "(",
        ")",
        "\"",
        "„",
        "-",
        "-\"",
        ":",
        "topic:",
        "population:<",
        "..",
        "*",
        "AND ",
        " ",
        "\t",
        "Bus",
        "Bürger*innen",
        "und-/oder",
        "Kita-",
        "\u{308}",
        "\u{0}",
        "ß",
        "\u{1f68c}",
        "\u{202e}",
        "ﬁ",
    ];
    let length = numbers.below(40);
    let mut typed = String::new();
    for _ in 0..length {
        if numbers.below(3) == 0 {
            let code = u32::try_from(numbers.below(0x11_0000)).unwrap();
            typed.extend(char::from_u32(code));
        } else {
            let piece: &&str = numbers.pick(&PIECES);
            typed.push_str(piece);
        }
    }
    typed
}

#[test]
fn a_hundred_thousand_random_texts_are_answered() {
    let mut numbers = Numbers::new(7);
    let (index, _writer) = index_of((0..20).map(|number| random(number, &mut numbers)).collect());
    index.set_synonyms(&[group(&["Bus", "Omnibus", "öffentlicher Nahverkehr"])]);
    for round in 0..100_000 {
        let typed = random_text(&mut numbers);
        let parts = fields(&typed, |name| name == "topic");
        assert!(parts.words.len() <= typed.len());
        for field in parts.fields {
            assert!(!field.values.is_empty() && typed.contains(&field.typed), "{typed:?}");
            field.values.iter().for_each(|value| drop(range(value)));
        }
        let query = Query { unfinished: round % 7 == 0, ..lenient(&parts.words) };
        let hits = index.search(&query).unwrap();
        assert!(hits.total <= 20, "{typed:?}");
        if round % 50 == 0 {
            index
                .highlights(
                    &text(&typed),
                    &hits.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>(),
                )
                .unwrap();
            index.suggest_words(&typed, &Query::default(), 5).unwrap();
            index.suggest_titles(&typed, &Query::default(), 5).unwrap();
        }
    }
}

#[test]
fn a_document_of_odd_text_can_be_put_and_found() {
    let odd = "\u{0}\u{feff}\u{202e}Bus\u{1f68c} ".to_owned() + &"x".repeat(70_000);
    let (index, _writer) = index_of(vec![titled("a", &odd), titled("", "leer")]);
    assert_eq!(found(&index, "Bus"), ["a"]);
    assert_eq!(index.search(&Query::default()).unwrap().total, 2);
}
