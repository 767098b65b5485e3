//! The federal states.

use super::problem::Language;

/// A federal state: its code after ISO 3166-2, and its German and English name.
pub struct State(pub &'static str, &'static str, &'static str);

impl State {
    /// All of them, by name.
    pub const ALL: [Self; 16] = [
        Self("DE-BW", "Baden-Württemberg", "Baden-Württemberg"),
        Self("DE-BY", "Bayern", "Bavaria"),
        Self("DE-BE", "Berlin", "Berlin"),
        Self("DE-BB", "Brandenburg", "Brandenburg"),
        Self("DE-HB", "Bremen", "Bremen"),
        Self("DE-HH", "Hamburg", "Hamburg"),
        Self("DE-HE", "Hessen", "Hesse"),
        Self("DE-MV", "Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
        Self("DE-NI", "Niedersachsen", "Lower Saxony"),
        Self("DE-NW", "Nordrhein-Westfalen", "North Rhine-Westphalia"),
        Self("DE-RP", "Rheinland-Pfalz", "Rhineland-Palatinate"),
        Self("DE-SL", "Saarland", "Saarland"),
        Self("DE-SN", "Sachsen", "Saxony"),
        Self("DE-ST", "Sachsen-Anhalt", "Saxony-Anhalt"),
        Self("DE-SH", "Schleswig-Holstein", "Schleswig-Holstein"),
        Self("DE-TH", "Thüringen", "Thuringia"),
    ];

    /// The code of the state in which the place of an official key lies: keys begin with its number.
    #[must_use]
    pub fn of_key(key: &str) -> Option<&'static str> {
        const NUMBERED: [&str; 16] = [
            "DE-SH", "DE-HH", "DE-NI", "DE-HB", "DE-NW", "DE-HE", "DE-RP", "DE-BW", "DE-BY",
            "DE-SL", "DE-BE", "DE-BB", "DE-MV", "DE-SN", "DE-ST", "DE-TH",
        ];
        let number: usize = key.get(..2)?.parse().ok()?;
        NUMBERED.get(number.checked_sub(1)?).copied()
    }

    /// The name of the state.
    #[must_use]
    pub const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::German => self.1,
            Language::English => self.2,
        }
    }
}
