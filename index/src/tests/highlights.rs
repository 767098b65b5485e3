use super::support::*;
use crate::{Document, Highlight, HighlightField, Index};

fn highlights(index: &Index, typed: &str, id: &str) -> Vec<Highlight> {
    index.highlights(&text(typed), &[id.to_owned()]).unwrap().remove(id).unwrap_or_default()
}

fn whole(highlight: &Highlight) -> String {
    highlight.fragments.iter().map(|fragment| fragment.text.as_str()).collect()
}

fn matched(highlight: &Highlight) -> Vec<&str> {
    let fragments = highlight.fragments.iter().filter(|fragment| fragment.matched);
    fragments.map(|fragment| fragment.text.as_str()).collect()
}

#[test]
fn the_matched_words_are_marked_as_they_are_written() {
    let document = Document {
        teaser: "Kein Treffer".to_owned(),
        approach: "Ein <b>Bus</b> & viele Häuser".to_owned(),
        ..titled("a", "Häuser, HAUS und Hausmeister")
    };
    let (index, _writer) = index_of(vec![document, titled("b", "Haus")]);
    let found = highlights(&index, "Haeuser Bus -Kein", "a");
    let fields: Vec<HighlightField> = found.iter().map(|highlight| highlight.field).collect();
    assert_eq!(fields, [HighlightField::Title, HighlightField::Approach]);
    assert_eq!(whole(&found[0]), "Häuser, HAUS und Hausmeister");
    assert_eq!(matched(&found[0]), ["Häuser", "HAUS", "Haus"]);
    assert_eq!(whole(&found[1]), "Ein <b>Bus</b> & viele Häuser");
    assert_eq!(matched(&found[1]), ["Bus", "Häuser"]);
}

#[test]
fn snippets_of_long_texts_are_parts_of_them_and_show_where_words_meet() {
    let filler =
        "Dies ist ein längerer Absatz über ganz andere Dinge – mit Umlauten: äöüß. ".repeat(40);
    let original =
        format!("{filler}Hier fährt ein Bus. {filler}Der Bus hält an der Schule im Ort. {filler}");
    let (index, _writer) = index_of(vec![Document { text: original.clone(), ..titled("a", "x") }]);
    for (typed, expected) in
        [("Bus", vec!["Bus"]), ("Schulen Bus", vec!["Bus", "Schule"]), ("Umlaut", vec![])]
    {
        for highlight in highlights(&index, typed, "a") {
            let snippet = whole(&highlight);
            assert!(original.contains(&snippet), "{snippet}");
            assert!(snippet.len() <= 240 && snippet.len() > 120, "{snippet}");
            assert!(
                snippet
                    .split_whitespace()
                    .all(|word| original.split_whitespace().any(|known| known == word))
            );
            assert!(highlight.fragments.iter().all(|fragment| !fragment.text.is_empty()));
            if !expected.is_empty() {
                assert_eq!(matched(&highlight), expected);
            }
        }
    }
    assert_eq!(highlights(&index, "Schule Bus", "a").len(), 1);
}

#[test]
fn any_place_and_any_script_can_be_cut() {
    let mut numbers = Numbers::new(5);
    for _ in 0..200 {
        let words = [
            "Bus",
            "ä",
            "日本語日本語",
            "🚌🚌🚌",
            "lang".repeat(30).leak(),
            "\u{308}",
            "–",
            "Schule",
        ];
        let count = numbers.below(80);
        let original =
            (0..count).map(|_| *numbers.pick(&words)).collect::<Vec<_>>().join(" ") + " Bus";
        let (index, _writer) =
            index_of(vec![Document { text: original.clone(), ..titled("a", "x") }]);
        let found = highlights(&index, "Bus Schule", "a");
        assert_eq!(found.len(), 1);
        let stored: String =
            unicode_normalization::UnicodeNormalization::nfc(original.as_str()).collect();
        assert!(stored.contains(&whole(&found[0])));
        assert!(matched(&found[0]).iter().all(|word| ["Bus", "Schule"].contains(word)));
        assert!(!matched(&found[0]).is_empty());
    }
}

#[test]
fn decomposed_text_is_shown_composed() {
    let (index, _writer) = index_of(vec![titled("a", "Die Ha\u{308}user")]);
    let found = highlights(&index, "Haus", "a");
    assert_eq!((whole(&found[0]).as_str(), matched(&found[0])), ("Die Häuser", vec!["Häuser"]));
}

#[test]
fn without_words_or_matches_there_is_nothing_to_show() {
    let (index, _writer) = index_of(vec![titled("a", "Bus")]);
    for typed in ["", "***", "-Bus", "Bahn"] {
        assert!(
            index
                .highlights(&text(typed), &["a".to_owned(), "nobody".to_owned()])
                .unwrap()
                .is_empty(),
            "{typed}"
        );
    }
}

#[test]
fn a_passage_lies_on_one_page_and_names_it() {
    let filler = "Dies ist ein langer Absatz über ganz andere Dinge. ".repeat(20);
    let page = |words: &str| format!("{filler}{words} {filler}\u{c}");
    let pages =
        page("Inhalt: der Bus.") + &page("Nichts.").repeat(400) + &page("Der Bus zur Schule.");
    assert!(pages.len() > 800_000);
    let pages = pages + "Kurze Seite über Radwege\u{c}Radwege am Bus\u{c}";
    let (index, _writer) = index_of(vec![Document { text: pages, ..titled("a", "x") }]);
    let check = |typed: &str, page: usize, marked: &[&str]| {
        let found = highlights(&index, typed, "a");
        assert_eq!((found[0].page, matched(&found[0])), (Some(page), marked.to_vec()), "{typed}");
        assert!(!whole(&found[0]).contains('\u{c}'));
    };
    check("Bus", 1, &["Bus"]);
    check("Bus Schule", 402, &["Bus", "Schule"]);
    check("Radweg", 403, &["Radwege"]);
    assert_eq!(whole(&highlights(&index, "Radweg", "a")[0]), "Kurze Seite über Radwege");
}
