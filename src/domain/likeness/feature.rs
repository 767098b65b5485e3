//! What municipalities are compared by, and how far apart two values are.

use super::super::kinds::kinds;

kinds! {
    /// What municipalities are compared by.
    Feature {
        Population = "population", "Einwohner", "Inhabitants";
        Density = "density", "Einwohner je km²", "Inhabitants per km²";
        Surroundings = "surroundings", "Einwohner je km² im Kreis", "Inhabitants per km² of the county";
        SettlementType = "settlement_type", "Siedlungstyp", "Kind of settlement";
        Change5 = "population_change_5y", "Veränderung der Einwohnerzahl in fünf Jahren", "Change of population in five years";
        Change10 = "population_change_10y", "Veränderung der Einwohnerzahl in zehn Jahren", "Change of population in ten years";
        YouthMigration = "net_migration_18_25", "Wanderungssaldo der 18- bis 25-Jährigen", "Net migration of people from 18 to 25";
        Under18 = "share_under_18", "Anteil unter 18 Jahren", "Share under 18";
        Over65 = "share_65_plus", "Anteil ab 65 Jahren", "Share of 65 and over";
        Over80 = "share_80_plus", "Anteil ab 80 Jahren", "Share of 80 and over";
        Foreign = "share_foreign", "Anteil ohne deutschen Pass", "Share without a German passport";
        Unemployment = "unemployment", "Arbeitslose", "Unemployment";
        TaxPower = "tax_power", "Steuerkraft je Einwohner", "Tax power per inhabitant";
        Support = "structural_weakness", "Fördergebiet der GRW", "Support area (GRW)";
        Kind = "kind", "Art der Kommune", "Kind of municipality";
        State = "state", "Land", "State";
    }
}

/// How many features there are.
pub const FEATURES: usize = Feature::State as usize + 1;

kinds! {
    /// Features that say much the same: what is not known of one the others of its block stand for.
    Block {
        Size = "size", "Größe", "Size";
        Settlement = "settlement", "Siedlung", "Settlement";
        Dynamics = "dynamics", "Entwicklung", "Development";
        Age = "age", "Alter und Vielfalt", "Age and diversity";
        Economy = "economy", "Wirtschaft und Finanzen", "Economy and finance";
        Administration = "administration", "Verwaltung", "Administration";
    }
}

/// How the values of a feature compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// By how many times one is the other: few are large, so the logarithm counts.
    Ratio,
    /// By their difference.
    Difference,
    /// As classes of RegioStaR 17, in three steps.
    Settlement,
    /// The same or not.
    Same,
}

impl Feature {
    /// The block that a feature belongs to.
    #[must_use]
    pub const fn block(self) -> Block {
        match self {
            Self::Population => Block::Size,
            Self::Density | Self::Surroundings | Self::SettlementType => Block::Settlement,
            Self::Change5 | Self::Change10 | Self::YouthMigration => Block::Dynamics,
            Self::Under18 | Self::Over65 | Self::Over80 | Self::Foreign => Block::Age,
            Self::Unemployment | Self::TaxPower | Self::Support => Block::Economy,
            Self::Kind | Self::State => Block::Administration,
        }
    }

    pub(super) const fn measure(self) -> Measure {
        match self {
            Self::Population | Self::Density | Self::Surroundings | Self::TaxPower => {
                Measure::Ratio
            }
            Self::SettlementType => Measure::Settlement,
            Self::Support | Self::Kind | Self::State => Measure::Same,
            _ => Measure::Difference,
        }
    }

    /// What a value is measured in, for people; nothing for classes.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Change5
            | Self::Change10
            | Self::Under18
            | Self::Over65
            | Self::Over80
            | Self::Foreign
            | Self::Unemployment => "%",
            Self::YouthMigration => "‰",
            Self::TaxPower => "€",
            _ => "",
        }
    }

    /// Whether its values are numbers, not classes.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self.measure(), Measure::Ratio | Measure::Difference)
    }

    /// The values between which nearly all municipalities lie, as far as is generally known: the
    /// scale as long as the reference does not know this figure.
    pub(super) const fn assumed(self) -> [f32; 2] {
        match self {
            Self::Population => [95.0, 130_000.0],
            Self::Density => [12.0, 1_600.0],
            Self::Surroundings => [40.0, 2_500.0],
            Self::Change5 => [-10.0, 12.0],
            Self::Change10 => [-18.0, 20.0],
            Self::YouthMigration => [-120.0, 120.0],
            Self::Under18 => [11.0, 22.0],
            Self::Over65 => [14.0, 36.0],
            Self::Over80 => [3.0, 13.0],
            Self::Foreign => [0.0, 30.0],
            Self::Unemployment => [1.0, 12.0],
            Self::TaxPower => [300.0, 3_000.0],
            Self::SettlementType | Self::Support | Self::Kind | Self::State => [0.0, 1.0],
        }
    }
}

/// How far two classes of RegioStaR 17 are apart: of one kind of settlement a third, of one kind of
/// region two thirds.
#[inline]
pub(super) fn settlement_distance(one: f32, other: f32) -> f32 {
    use super::super::municipality::SettlementType;
    if one == other {
        return 0.0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a class")]
    let [one, other] = [one as u16, other as u16];
    let kind = SettlementType::of_regiostar17;
    if kind(one).is_some() && kind(one) == kind(other) {
        1.0 / 3.0
    } else if one / 100 == other / 100 {
        2.0 / 3.0
    } else {
        1.0
    }
}
