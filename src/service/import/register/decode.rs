//! The characters of a register. New files are UTF-8; older ones came from DOS or Windows.

/// A file whose characters cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    /// It has two bytes for each character.
    #[error("the file is UTF-16: save it as UTF-8")]
    Utf16,
    /// A byte is no letter of any encoding that registers come in.
    #[error(
        "line {line}, byte {column}: {byte:#04x} is no letter in UTF-8, Windows-1252 or code page 850: save the file as UTF-8"
    )]
    Byte {
        /// The line, from 1.
        line: usize,
        /// The byte of the line, from 1.
        column: usize,
        /// The byte.
        byte: u8,
    },
}

/// The letters of code page 850 that German names have, by their bytes from 0x80.
const DOS: [(u8, char); 16] = [
    (0x80, 'Ç'),
    (0x81, 'ü'),
    (0x82, 'é'),
    (0x83, 'â'),
    (0x84, 'ä'),
    (0x85, 'à'),
    (0x87, 'ç'),
    (0x88, 'ê'),
    (0x89, 'ë'),
    (0x8a, 'è'),
    (0x8e, 'Ä'),
    (0x94, 'ö'),
    (0x99, 'Ö'),
    (0x9a, 'Ü'),
    (0xe1, 'ß'),
    (0xf5, '§'),
];

/// The text of a file, whichever of the usual encodings it has.
///
/// # Errors
/// It has none of them.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Undecodable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Undecodable::Utf16);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    // In Windows-1252 no letter of a name lies from 0x80 to 0x9f, in code page 850 nearly all do.
    let is_dos = bytes.iter().any(|byte| (0x80..0xa0).contains(byte));
    let letter = |byte: u8| match byte {
        ..0x80 => Some(char::from(byte)),
        _ if is_dos => DOS.iter().find(|(known, _)| *known == byte).map(|(_, letter)| *letter),
        _ => Some(char::from(byte)).filter(|char| char.is_alphabetic() || *char == '§'),
    };
    let mut text = String::with_capacity(bytes.len());
    let (mut line, mut column) = (1, 0);
    for byte in bytes {
        column += 1;
        text.push(letter(*byte).ok_or(Undecodable::Byte { line, column, byte: *byte })?);
        if *byte == b'\n' {
            (line, column) = (line + 1, 0);
        }
    }
    Ok(text)
}
