//! Whole numbers of inputs.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Value};

/// A whole number as an input gives it.
///
/// What the record's type cannot hold, a negative number above all, becomes the largest value of
/// that type. No range of the domain reaches so far, so the field's own rule refuses it and names
/// the place, where a number that cannot be read would end the whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Whole<T>(pub(super) T);

macro_rules! whole {
    ($($type:ident),*) => {$(
        impl InputType for Whole<$type> {
            type RawValueType = Self;

            fn type_name() -> Cow<'static, str> {
                <i32 as InputType>::type_name()
            }

            fn create_type_info(registry: &mut Registry) -> String {
                <i32 as InputType>::create_type_info(registry)
            }

            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                let value = value.unwrap_or_default();
                let number = match &value {
                    Value::Number(number) => number.as_i64(),
                    _ => None,
                };
                let number = number.ok_or_else(|| InputValueError::expected_type(value))?;
                Ok(Self($type::try_from(number).unwrap_or($type::MAX)))
            }

            fn to_value(&self) -> Value {
                Value::from(self.0)
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }

        impl From<Whole<$type>> for $type {
            fn from(whole: Whole<$type>) -> Self {
                whole.0
            }
        }
    )*};
}

whole! { u16, u32, u64 }
