//! Text of plain files, and how letters are encoded.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::MOST_TEXT;
use super::pages::Pages;
use crate::domain::TextFailure;

/// How many bytes of a text are looked at; more would not be kept.
const LOOKED_AT: usize = MOST_TEXT * 4;
/// In how many bytes a page says how it is encoded.
const DECLARED_WITHIN: usize = 1_024;

/// Reads all of it as one piece.
#[expect(clippy::unnecessary_wraps, reason = "one of several readers")]
pub(super) fn read(bytes: &[u8], pages: &mut Pages) -> Result<(), TextFailure> {
    pages.push(&decoded(bytes, None));
    Ok(())
}

/// The letters of a text: by its byte order mark, else as UTF-8 if it is that, else as it says
/// itself, else as Windows-1252, in which every byte is a letter.
pub(super) fn decoded(bytes: &[u8], declared: Option<&'static Encoding>) -> String {
    let bytes = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0.into_owned();
    }
    if let Some(text) = utf8(bytes) {
        return text.to_owned();
    }
    let encoding = declared.filter(|it| *it != UTF_8).unwrap_or(WINDOWS_1252);
    let text: Cow<'_, str> = encoding.decode_without_bom_handling(bytes).0;
    text.into_owned()
}

/// The bytes as UTF-8; a last letter may be cut off.
fn utf8(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && bytes.len() == LOOKED_AT => {
            bytes.get(..error.valid_up_to()).and_then(|bytes| std::str::from_utf8(bytes).ok())
        }
        Err(_) => None,
    }
}

/// The encoding that a page of HTML names.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARED_WITHIN).unwrap_or(bytes).to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let (_, behind) = head.split_once("charset=")?;
    let name = behind.trim_start_matches(['"', '\'', ' ']);
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_:".contains(letter));
    Encoding::for_label(name.get(..end.unwrap_or(name.len()))?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_however_they_are_encoded() {
        let check = |bytes: &[u8], expected| assert_eq!(decoded(bytes, declared(bytes)), expected);
        check("Grüße".as_bytes(), "Grüße");
        check("\u{feff}Grüße".as_bytes(), "Grüße");
        check(b"Gr\xfc\xdfe", "Grüße");
        check(b"\xff\xfeG\0r\0\xfc\0", "Grü");
        check(b"<meta charset=\"iso-8859-2\">\xb1", "<meta charset=\"iso-8859-2\">ą");
        check(b"<meta charset=utf-8>\xfc", "<meta charset=utf-8>ü");
    }
}
