//! Cells that spreadsheets would take for formulas.
//!
//! What people wrote goes out in a table that others open, and a text such as `=HYPERLINK(…)` would do
//! there what its author likes. An apostrophe in front of it says that it is a text.

/// What a formula, or what hides one, begins with.
const BEGINS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Says that what follows is a text.
const MARK: char = '\'';

/// A text that no spreadsheet takes for a formula.
pub(super) fn marked(text: String) -> String {
    if is_risky(&text) { format!("{MARK}{text}") } else { text }
}

/// The text as it was before it was marked.
pub(super) fn unmarked(text: &str) -> &str {
    text.strip_prefix(MARK).filter(|_| is_risky(text)).unwrap_or(text)
}

/// Whether a text begins so, also behind marks: these are marked once more, so that each text comes
/// back as it was.
fn is_risky(text: &str) -> bool {
    text.trim_start_matches(MARK).starts_with(BEGINS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_none_is_a_formula() {
        for text in [
            "", "'", "Bus", "'Bus'", "2024", "a=b", "=1+1", "+49 1", "-", "@SUM(A1)", "\tx",
            "\r=1", "'=1", "''=1", "'-", " =1",
        ] {
            let written = marked(text.to_owned());
            assert!(!written.starts_with(BEGINS), "{written:?}");
            assert_eq!(unmarked(&written), text);
        }
        assert_eq!(marked("Bus".to_owned()), "Bus");
        assert_eq!(marked("=1+1".to_owned()), "'=1+1");
        // What nobody has marked stays as it is.
        assert_eq!(unmarked("'s Häusla"), "'s Häusla");
    }
}
