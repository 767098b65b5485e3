//! The domain's closed lists as GraphQL enums: values in upper case, described by their labels.

use std::borrow::Cow;

use async_graphql::registry::{MetaEnumValue, MetaType, MetaTypeId, Registry};
use async_graphql::resolver_utils::{EnumItem, EnumType};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType,
    Positioned, ServerResult, Value, parser::types::Field,
};

use crate::domain::{
    Action, AdoptionState, AdoptionStatus, ChannelKind, Cluster, Confidence, ContactVisibility,
    DeliveryState, DeliveryTrouble, DisablingReason, DocumentKind, EffortBand, EventKind,
    EvidenceLevel, Feature, FileKind, FundingLevel, Instrument, Label, Language, Lens, Level,
    Lifecycle, LinkStatus, MeasureStatus, MunicipalityKind, OrganisationKind, ParticipationLevel,
    ParticipationRole, PartnerRole, ProblemCode, ProcessStepKind, Publication, QualityLevel,
    QuestionStatus, ReasonCode, ReviewPoint, Rhythm, Role, SettlementType, SizeBand,
    SolutionStatus, StepState, SupportClass, TextFailure, TextState, WebhookState, Willingness,
    WithdrawalReason,
};

/// The name of a value in the API.
pub(super) fn api_name<L: Label>(value: L) -> String {
    value.name().to_uppercase()
}

fn meta<L: Label>(name: &str, description: &str, rust_typename: &'static str) -> MetaType {
    let value = |value: &L| {
        let name = api_name(*value);
        let mut meta = MetaEnumValue::new(name.clone());
        meta.description = Some(format!("{}.", value.label(Language::English)));
        (name, meta)
    };
    MetaType::Enum {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        enum_values: L::ALL.iter().map(value).collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(rust_typename),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

fn parse<L: Label + InputType>(value: Option<Value>) -> InputValueResult<L> {
    let value = value.unwrap_or_default();
    let name = match &value {
        Value::Enum(name) => name.as_str(),
        Value::String(name) => name.as_str(),
        _ => return Err(InputValueError::expected_type(value)),
    };
    let found = L::ALL.iter().copied().find(|value| api_name(*value) == name);
    found.ok_or_else(|| InputValueError::custom(format!("there is no value {name}")))
}

macro_rules! graphql_enums {
    ($($type:ident = $name:literal, $description:literal;)*) => {$(
        impl InputType for $type {
            type RawValueType = Self;

            fn type_name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn create_type_info(registry: &mut Registry) -> String {
                let rust = std::any::type_name::<Self>();
                registry.create_input_type::<Self, _>(MetaTypeId::Enum, |_| meta::<Self>($name, $description, rust))
            }

            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                parse(value)
            }

            fn to_value(&self) -> Value {
                Value::Enum(Name::new(api_name(*self)))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }

        impl OutputType for $type {
            fn type_name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn create_type_info(registry: &mut Registry) -> String {
                let rust = std::any::type_name::<Self>();
                registry.create_output_type::<Self, _>(MetaTypeId::Enum, |_| meta::<Self>($name, $description, rust))
            }

            async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
                Ok(InputType::to_value(self))
            }
        }

        impl EnumType for $type {
            fn items() -> &'static [EnumItem<Self>] {
                // Only asked for by derived enums; ours resolve by their labels.
                &[]
            }
        }
    )*};
}

graphql_enums! {
    Action = "SolutionAction", "What can be done with a solution as a whole.";
    MunicipalityKind = "MunicipalityKind", "What sort of territory a municipality is.";
    SettlementType = "SettlementType", "Kind of settlement, after RegioStaR 7.";
    Feature = "LikenessFeature", "What municipalities are compared by.";
    Lens = "Lens", "What a comparison of municipalities is about; each lens weighs their figures in its own way.";
    Level = "MunicipalityLevel", "The level on which municipalities are compared.";
    SizeBand = "SizeBand", "Size by number of inhabitants.";
    ParticipationRole = "ParticipationRole", "How a municipality takes part in a programme.";
    Cluster = "Cluster", "Regional group of the model project.";
    SupportClass = "SupportClass", "Class of support area of the joint task for regional economic structure (GRW).";
    Confidence = "Confidence", "How sure a statement is.";
    Publication = "Publication", "Whether a record is shown.";
    Lifecycle = "Lifecycle", "Where a solution stands on its way to the readers.";
    QualityLevel = "QualityLevel", "How far the content of a solution was checked.";
    SolutionStatus = "SolutionStatus", "Where the work itself stands.";
    EvidenceLevel = "EvidenceLevel", "How well a result is known.";
    Instrument = "Instrument", "By what means a solution works.";
    EffortBand = "EffortBand", "What it takes to start.";
    ParticipationLevel = "ParticipationLevel", "How far citizens take part.";
    PartnerRole = "PartnerRole", "What a partner does in a solution.";
    FundingLevel = "FundingLevel", "Who pays.";
    ContactVisibility = "ContactVisibility", "Who may see how a contact is reached.";
    Willingness = "Willingness", "What a contact is ready to do.";
    WithdrawalReason = "WithdrawalReason", "Why a person is no longer named as a contact.";
    DocumentKind = "DocumentKind", "What sort of document it is.";
    FileKind = "FileKind", "What an uploaded file is, by its content.";
    TextState = "FileTextState", "Whether the text of an uploaded file was read, so that search finds it.";
    TextFailure = "FileTextFailure", "Why the text of an uploaded file could not be read.";
    OrganisationKind = "OrganisationKind", "What sort of organisation it is.";
    ProcessStepKind = "ProcessStepKind", "The five steps of a strategy process.";
    StepState = "StepState", "Where a step stands.";
    MeasureStatus = "MeasureStatus", "Where a measure stands.";
    EventKind = "EventKind", "What happened.";
    ReasonCode = "TransitionReasonCode", "Why the hub itself did something.";
    LinkStatus = "LinkStatus", "What a link led to when it was last followed.";
    ReviewPoint = "ReviewPoint", "What a reviewer looks at.";
    ChannelKind = "WatchChannel", "How a watch tells of what happens.";
    Rhythm = "WatchRhythm", "When the letters of a watch come.";
    Role = "Role", "What somebody may do. A person may hold several roles, each for a place of its own.";
    AdoptionState = "AdoptionState", "Whether those who are said to have taken a solution over say so themselves.";
    AdoptionStatus = "AdoptionStatus", "How far a municipality is with a solution of others.";
    QuestionStatus = "QuestionStatus", "Where a question stands.";
    WebhookState = "WebhookState", "Whether a webhook is sent anything.";
    DisablingReason = "WebhookDisablingReason", "Why a webhook is sent nothing.";
    DeliveryState = "DeliveryState", "Where a message to a webhook stands.";
    DeliveryTrouble = "DeliveryTrouble", "Why a message to a webhook did not arrive.";
    ProblemCode = "UserErrorCode", "Stable code of a user error.";
}
