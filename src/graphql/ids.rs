//! Global ids and dates between GraphQL and the domain.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{ID, InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

use crate::domain::{
    self, AccountId, AdoptionId, AnswerId, ContactId, DeliveryId, DocumentId, FeedbackId,
    MeasureId, MunicipalityId, NodeId, OrganisationId, ProcessId, ProfileId, ProgrammeId,
    QuestionId, SolutionId, TargetGroupId, TokenId, TopicId, VersionId, WatchId, WebhookId,
};

/// Lets arguments take typed ids: a broken one, or one of another kind, is refused with a reason.
macro_rules! ids {
    ($($type:ident,)*) => {$(
        impl InputType for $type {
            type RawValueType = Self;

            fn type_name() -> Cow<'static, str> {
                Cow::Borrowed("ID")
            }

            fn create_type_info(registry: &mut Registry) -> String {
                <ID as InputType>::create_type_info(registry)
            }

            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                match value.unwrap_or_default() {
                    Value::String(id) => id.parse().map_err(InputValueError::custom),
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.to_string())
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }
    )*};
}

ids! { NodeId, MunicipalityId, ProfileId, SolutionId, ContactId, DocumentId, OrganisationId, TopicId, TargetGroupId,
ProgrammeId, TokenId, AccountId, VersionId, QuestionId, AnswerId, AdoptionId, FeedbackId, MeasureId, ProcessId,
WebhookId, DeliveryId, WatchId, }

/// A calendar day, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date(pub(super) NaiveDate);

/// A calendar day, `YYYY-MM-DD`.
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => domain::day(&text).map(Self).ok_or_else(|| {
                InputValueError::custom(format!("\"{text}\" is no day: write YYYY-MM-DD"))
            }),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A date as sources give it: `2023`, `2023-09` or `2023-09-14`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartialDate(pub(super) domain::PartialDate);

/// A date of full or reduced precision after ISO 8601: `2023`, `2023-09` or `2023-09-14`.
#[Scalar(name = "PartialDate", specified_by_url = "https://www.loc.gov/standards/datetime/")]
impl ScalarType for PartialDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text.parse().map_err(InputValueError::custom)?)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.as_str().to_owned())
    }
}

/// A demographic type of the Wegweiser Kommune.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DemographicType(pub(super) domain::DemographicType);

/// A type among German municipalities after the Wegweiser Kommune: edition and number, for instance
/// `2020/5`. Types of different editions cannot be compared.
#[Scalar(name = "DemographicType")]
impl ScalarType for DemographicType {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text.parse().map_err(InputValueError::custom)?)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_with_a_year_of_four_digits() {
        let is_date = |text: &str| <Date as ScalarType>::parse(Value::from(text)).is_ok();
        assert!(is_date("2024-02-29"));
        for text in ["+12345-01-01", "-0001-01-01", "12345-01-01", "2024-2-29", "2023-02-29", ""] {
            assert!(!is_date(text), "{text}");
        }
    }
}
