//! Closed lists of the domain, with their written form and their German and English label.

use super::problem::Language;

/// A value of a closed list that people read.
pub trait Label: Sized + Copy + 'static {
    /// All values, in the order in which people expect them.
    const ALL: &'static [Self];

    /// The written form in the database, the index and seed files.
    fn name(self) -> &'static str;

    /// What people read.
    fn label(self, language: Language) -> &'static str;

    /// The value with this written form.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name() == name)
    }
}

/// Declares a closed list: `Variant = "written form", "German", "English";`.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $text:literal, $de:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $(
                #[doc = concat!($en, " (", $de, ").")]
                $(#[$item])*
                #[serde(rename = $text)]
                $variant,
            )*
        }

        impl $crate::domain::Label for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            fn label(self, language: $crate::domain::Language) -> &'static str {
                match language {
                    $crate::domain::Language::German => match self { $(Self::$variant => $de,)* },
                    $crate::domain::Language::English => match self { $(Self::$variant => $en,)* },
                }
            }
        }
    };
}

pub(crate) use kinds;
