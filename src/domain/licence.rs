//! Licences of documents and solutions: SPDX expressions, and the names that German data portals use.

/// What may be written, for messages.
pub(super) const WRITTEN: &str =
    "SPDX (CC-BY-4.0, CC0-1.0, MIT, LicenseRef-…), dl-de/by-2-0, dl-de/zero-2-0";

/// The licence as SPDX writes it; nothing if the text names none.
///
/// Names of the German data licence and of Creative Commons are understood as people write them:
/// `dl-de/by-2-0`, `CC BY-SA 4.0`, `CC0`.
#[must_use]
pub fn spdx_licence(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(known) = common(text) {
        return Some(known);
    }
    let expression = spdx::Expression::parse(text).ok()?;
    Some(expression.to_string())
}

/// A licence under one of its usual names.
fn common(text: &str) -> Option<String> {
    let joined: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric() && letter != '.')
        .filter(|part| !part.is_empty())
        .map(str::to_uppercase)
        .collect();
    let name = joined.join("-").replace("-2-0", "-2.0");
    let name = match name.as_str() {
        "CC0" | "CC-ZERO" => "CC0-1.0".to_owned(),
        "DL-DE-BY" | "DL-BY-DE-2.0" => "DL-DE-BY-2.0".to_owned(),
        "DL-DE-ZERO" | "DL-ZERO-DE-2.0" => "DL-DE-ZERO-2.0".to_owned(),
        _ => name,
    };
    let usual = name.starts_with("CC") || name.starts_with("DL-DE");
    spdx::license_id(&name).filter(|_| usual).map(|id| id.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_written_as_spdx_does() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(spdx_licence(text).as_deref(), expected, "{text}");
        };
        check("CC-BY-4.0", Some("CC-BY-4.0"));
        check("cc by 4.0", Some("CC-BY-4.0"));
        check("CC BY-SA 4.0", Some("CC-BY-SA-4.0"));
        check("CC0", Some("CC0-1.0"));
        check("dl-de/by-2-0", Some("DL-DE-BY-2.0"));
        check("dl-de/by-2.0", Some("DL-DE-BY-2.0"));
        check("dl-de/zero-2-0", Some("DL-DE-ZERO-2.0"));
        check("EUPL-1.2", Some("EUPL-1.2"));
        check("MIT OR Apache-2.0", Some("MIT OR Apache-2.0"));
        check("LicenseRef-Ratsbeschluss", Some("LicenseRef-Ratsbeschluss"));
        check("frei", None);
        check("alle Rechte vorbehalten", None);
        check("CC BY 99.0", None);
        check("", None);
    }
}
