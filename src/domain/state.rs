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

    /// The name of the state.
    #[must_use]
    pub const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::German => self.1,
            Language::English => self.2,
        }
    }
}
