//! A change to one field that tells "leave it" from "empty it".

/// What an update says of one field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The field was not mentioned: it stays as it is.
    #[default]
    Keep,
    /// The field was given as null: it is emptied.
    Clear,
    /// The field has a new value.
    Set(T),
}

impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

impl<T> Patch<T> {
    /// Applies the change to an optional field.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }

    /// Applies the change to a field that has an empty value, such as a list or a text.
    pub fn apply_or_default(self, field: &mut T)
    where
        T: Default,
    {
        match self {
            Self::Keep => {}
            Self::Clear => *field = T::default(),
            Self::Set(value) => *field = value,
        }
    }

    /// Applies the change to a field that must have a value: emptying is left to the caller.
    ///
    /// Returns false if the change asked for null.
    #[must_use]
    pub fn apply_required(self, field: &mut T) -> bool {
        match self {
            Self::Keep => true,
            Self::Clear => false,
            Self::Set(value) => {
                *field = value;
                true
            }
        }
    }

    /// The same change with the value turned into another type.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(turn(value)),
        }
    }
}
