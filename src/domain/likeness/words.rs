//! Comparisons in words.

use super::super::kinds::Label;
use super::super::municipality::{MunicipalityKind, SettlementType, SupportClass};
use super::super::problem::Language;
use super::super::state::State;
use super::explain::Contribution;
use super::feature::Feature;

/// Values that are no further apart are nearly the same.
const NEARLY: f32 = 0.03;
/// Values that are further apart are very different.
const FAR: f32 = 0.4;

impl Contribution {
    /// The comparison in a sentence, the municipality in focus first.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let label = self.feature.label(language);
        let [focus, other] = self.values.map(|value| written(self.feature, value, language));
        if !self.feature.is_number() && self.difference == 0.0 && focus == other {
            return match language {
                Language::German => format!("{label}: beide {focus}."),
                Language::English => format!("{label}: both {focus}."),
            };
        }
        let how = match (language, self.difference) {
            (Language::German, ..=NEARLY) => "fast gleich",
            (Language::German, ..=0.1) => "ähnlich",
            (Language::German, ..=FAR) => "verschieden",
            (Language::German, _) => "sehr verschieden",
            (Language::English, ..=NEARLY) => "nearly the same",
            (Language::English, ..=0.1) => "similar",
            (Language::English, ..=FAR) => "different",
            (Language::English, _) => "very different",
        };
        match language {
            Language::German => format!("{label} {how}: {focus} gegenüber {other}."),
            Language::English => format!("{label} {how}: {focus} against {other}."),
        }
    }
}

/// A value of a feature as people write it.
#[must_use]
pub fn written(feature: Feature, value: f32, language: Language) -> String {
    if feature.is_number() {
        let number = number(feature, value, language);
        return match feature.unit() {
            "" => number,
            unit => format!("{number}\u{a0}{unit}"),
        };
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a class")]
    let class = value as usize;
    let label = match feature {
        Feature::SettlementType => u16::try_from(class)
            .ok()
            .and_then(SettlementType::of_regiostar17)
            .map(|it| it.label(language)),
        Feature::Support => SupportClass::ALL.get(class).map(|it| it.label(language)),
        Feature::Kind => MunicipalityKind::ALL.get(class).map(|it| it.label(language)),
        _ => State::ALL.get(class).map(|state| state.name(language)),
    };
    label.map_or_else(|| class.to_string(), str::to_owned)
}

/// A number with the signs of a language; shares and changes with one decimal.
fn number(feature: Feature, value: f32, language: Language) -> String {
    let decimals = usize::from(matches!(feature.unit(), "%" | "‰"));
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let (thousands, point) = match language {
        Language::German => ('.', ','),
        Language::English => (',', '.'),
    };
    let mut text = String::new();
    if value < 0.0 && digits.contains(|digit: char| ('1'..='9').contains(&digit)) {
        text.push('\u{2212}');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}
