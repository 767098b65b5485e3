use super::*;
use crate::domain::testing::told;

fn found(check: impl FnOnce(&mut Checks)) -> Vec<String> {
    let mut checks = Checks::default();
    check(&mut checks);
    told(checks.finish())
}

#[test]
fn lines_and_texts_hold_no_control_characters_but_breaks_in_texts() {
    for (text, as_line, as_text) in [
        ("Straße 1 – „schön“ 🚲", true, true),
        ("zwei\nZeilen\tund mehr", false, true),
        ("a\0b", false, false),
        ("a\u{1b}[31m", false, false),
        ("a\r\nb", false, false),
        ("a\u{85}b", false, false),
    ] {
        let expected = |sound: bool| if sound { vec![] } else { vec!["INVALID f"] };
        assert_eq!(found(|checks| checks.line("f", text, 200)), expected(as_line), "{text:?}");
        assert_eq!(found(|checks| checks.text("f", text)), expected(as_text), "{text:?}");
    }
}

#[test]
fn only_addresses_of_the_web_are_links() {
    let long = format!("https://example.org/{}", "a".repeat(2_000));
    for (url, expected) in [
        ("https://example.org/a?b#c", vec![]),
        ("http://localhost:8080", vec![]),
        ("javascript:alert(1)", vec!["INVALID url"]),
        (" https://example.org", vec!["INVALID url"]),
        ("https://", vec!["INVALID url"]),
        ("https:///a", vec!["INVALID url"]),
        ("https://example.org/a b", vec!["INVALID url"]),
        ("https://example.org/\0", vec!["INVALID url"]),
        ("data:text/html,x", vec!["INVALID url"]),
        ("", vec!["INVALID url"]),
        (&long, vec!["TOO_LONG url"]),
    ] {
        assert_eq!(found(|checks| checks.url("url", url)), expected, "{url}");
    }
}

#[test]
fn tags_of_languages_have_their_form() {
    for (tag, sound) in
        [("de", true), ("zh-Hant-TW", true), ("d", false), ("de_DE", false), ("", false)]
    {
        let expected = if sound { vec![] } else { vec!["INVALID language"] };
        assert_eq!(found(|checks| checks.language("language", tag)), expected, "{tag}");
    }
    assert_eq!(found(|checks| checks.language("l", &"a".repeat(36))), ["INVALID l"]);
}

#[test]
fn what_is_no_number_is_in_no_range() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.1, 100.1] {
        let problems = found(|checks| checks.range("rate", Some(number), 0.0, 100.0));
        assert_eq!(problems, ["OUT_OF_RANGE rate"], "{number}");
    }
}

#[test]
fn paths_lead_from_outside_in_and_a_field_has_one_problem() {
    let problems = found(|checks| {
        checks.entries("keywords", &["Bus", "", "\0"], 3, |checks, number, keyword| {
            checks.name(number, keyword, 2);
        });
        checks.within("costs", |checks| checks.year("year", Some(20)));
        checks.count("topics", 5, 4);
    });
    assert_eq!(
        problems,
        [
            "TOO_LONG keywords.0",
            "REQUIRED keywords.1",
            "INVALID keywords.2",
            "OUT_OF_RANGE costs.year",
            "TOO_MANY topics",
        ]
    );
}

#[test]
fn entries_of_a_list_that_is_too_long_are_not_looked_at() {
    let problems = found(|checks| {
        checks.entries("keywords", &[""; 4], 3, |checks, number, word| {
            checks.required(number, word);
        });
    });
    assert_eq!(problems, ["TOO_MANY keywords"]);
}
