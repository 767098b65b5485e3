//! Names under which files are saved.

use super::FileKind;

/// The longest name, in characters.
const LONGEST: usize = 150;
/// The name of a file that has none.
const NAMELESS: &str = "Dokument";
/// What file systems take for something else.
const SPECIAL: [char; 7] = ['<', '>', ':', '"', '|', '?', '*'];

/// The name under which a file is saved: what was given, without directories, without characters
/// that steer or hide something, not too long, and ending as files of its kind do.
#[must_use]
pub fn download_name(given: &str, kind: FileKind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|letter| !letter.is_control() && !is_hidden(*letter));
    let kept = kept.map(|letter| if SPECIAL.contains(&letter) { '_' } else { letter });
    let name: String = kept.collect();
    let name = name.trim_matches(|letter: char| letter.is_whitespace() || letter == '.');
    let name = if name.is_empty() { NAMELESS } else { name };
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if fits(ending, kind) => (stem, ending),
        _ => (name, kind.endings().first().copied().unwrap_or_default()),
    };
    let stem: String = stem.chars().take(LONGEST - 1 - ending.len()).collect();
    format!("{}.{ending}", stem.trim_end())
}

fn fits(ending: &str, kind: FileKind) -> bool {
    kind.endings().iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// Whether a character is not seen, or turns the direction of those around it, so that a name
/// looks like another one.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_and_end_as_their_kind_does() {
        let check = |given: &str, expected| {
            assert_eq!(download_name(given, FileKind::Pdf), expected, "{given:?}");
        };
        check("Konzept.pdf", "Konzept.pdf");
        check("Konzept für Schäden.PDF", "Konzept für Schäden.PDF");
        check("../../etc/passwd", "passwd.pdf");
        check("C:\\Windows\\x", "x.pdf");
        check("C:x", "C_x.pdf");
        check("a\0b\r\n.pdf", "ab.pdf");
        check("Konzept\u{202e}fdp.exe", "Konzeptfdp.exe.pdf");
        check("seite.html", "seite.html.pdf");
        check("..", "Dokument.pdf");
        check(" .pdf", "pdf.pdf");
        check("", "Dokument.pdf");
        check("stand 1.2", "stand 1.2.pdf");
        let long = download_name(&"ä".repeat(10_000), FileKind::Pdf);
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with("ä.pdf"));
    }
}
