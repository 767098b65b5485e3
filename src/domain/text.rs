//! Small rules on text: slugs and what counts as one.

/// The longest slug that is made of a name.
const LONGEST_SLUG: usize = 80;

/// Turns a name into a slug for URLs: `Oelsnitz/Vogtl.` becomes `oelsnitz-vogtl`.
///
/// Umlauts are written out as German readers expect; what is neither letter nor digit
/// becomes one hyphen. Long names are cut after a word. The result is empty if the name holds
/// neither.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'é' | 'è' | 'ê' => slug.push('e'),
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    if slug.len() > LONGEST_SLUG {
        slug.truncate(
            slug.get(..LONGEST_SLUG).and_then(|cut| cut.rfind('-')).unwrap_or(LONGEST_SLUG),
        );
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// A text as it stands in HTML and XML, also within quotes. What XML takes nowhere is left out.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            '\n' | '\t' => written.push(letter),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter.is_control() => {}
            letter => written.push(letter),
        }
    }
    written
}

/// Whether a text may stand as a slug in an id or URL: 1 to 100 of `a-z`, `0-9`, `-` and `_`.
#[must_use]
pub fn token_is_slug(text: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=100).contains(&text.len()) && text.bytes().all(allowed)
}

/// `legal_basis` as the API writes it: `legalBasis`.
#[must_use]
pub fn camel_case(field: &str) -> String {
    let mut parts = field.split('_');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_slugs() {
        let check = |name, expected: &str| assert_eq!(slug(name), expected);
        check("Oelsnitz/Vogtl.", "oelsnitz-vogtl");
        check("Frankfurt am Main", "frankfurt-am-main");
        check("Dessau-Roßlau", "dessau-rosslau");
        check("  Plößberg ", "ploessberg");
        check("Göltzschtal (Städteverbund)", "goeltzschtal-staedteverbund");
        check("…", "");
    }

    #[test]
    fn slugs_are_plain() {
        assert!(token_is_slug("bad-honnef"));
        assert!(!token_is_slug(""));
        assert!(!token_is_slug("Bad Honnef"));
        assert!(!token_is_slug(&"a".repeat(101)));
    }
}
