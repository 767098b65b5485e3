//! The parts of a solution: as they are read, and as they are written.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::{Node, Organisation, load_nodes};
use crate::domain::{self, FundingLevel, OrganisationId, ParticipationLevel, PartnerRole};
use crate::graphql::ids::PartialDate;
use crate::graphql::whole::Whole;

/// Declares a part twice: the type that is read and the input that writes it.
macro_rules! part {
    (
        $(#[$doc:meta])* $name:ident, $input:ident {
            $($(#[$field_doc:meta])* $field:ident: $output_type:ty, $input_type:ty;)*
        }
        read |$record:ident| { $($read:ident: $from_record:expr,)* }
        write |$given:ident| { $($written:ident: $from_input:expr,)* }
    ) => {
        $(#[$doc])*
        #[derive(SimpleObject, Debug, Clone)]
        pub(in crate::graphql) struct $name { $($(#[$field_doc])* $field: $output_type,)* }

        $(#[$doc])*
        #[derive(InputObject, Debug, Clone)]
        pub(in crate::graphql) struct $input { $($(#[$field_doc])* $field: $input_type,)* }

        impl From<domain::$name> for $name {
            fn from($record: domain::$name) -> Self {
                Self { $($read: $from_record,)* }
            }
        }

        impl From<$input> for domain::$name {
            fn from($given: $input) -> Self {
                Self { $($written: $from_input,)* }
            }
        }
    };
}

part! {
    /// When it happened.
    Period, PeriodInput {
        /// The beginning.
        starts: Option<PartialDate>, Option<PartialDate>;
        /// The end; null while it runs.
        ends: Option<PartialDate>, Option<PartialDate>;
    }
    read |record| { starts: record.starts.map(PartialDate), ends: record.ends.map(PartialDate), }
    write |given| { starts: given.starts.map(|date| date.0), ends: given.ends.map(|date| date.0), }
}

part! {
    /// How citizens took part.
    ParticipationRecord, ParticipationInput {
        /// How far.
        level: Option<ParticipationLevel>, Option<ParticipationLevel>;
        /// In which forms.
        formats: Option<String>, Option<String>;
        /// How many people.
        people: Option<u32>, Option<Whole<u32>>;
        /// Who was missed.
        missed: Option<String>, Option<String>;
    }
    read |record| { level: record.level, formats: record.formats, people: record.people, missed: record.missed, }
    write |given| { level: given.level, formats: given.formats, people: given.people.map(Into::into), missed: given.missed, }
}

part! {
    /// One figure of a result.
    Indicator, IndicatorInput {
        /// What was measured.
        name: String, String;
        /// The figure.
        value: f64, f64;
        /// Its unit.
        unit: Option<String>, Option<String>;
        /// When it was measured.
        date: Option<PartialDate>, Option<PartialDate>;
        /// How it was measured.
        method: Option<String>, Option<String>;
    }
    read |record| { name: record.name, value: record.value, unit: record.unit, date: record.date.map(PartialDate), method: record.method, }
    write |given| { name: given.name, value: given.value, unit: given.unit, date: given.date.map(|date| date.0), method: given.method, }
}

part! {
    /// What came out of it.
    Results, ResultsInput {
        /// In words.
        summary: Option<String>, Option<String>;
        /// In figures.
        indicators: Vec<Indicator>, Option<Vec<IndicatorInput>>;
    }
    read |record| { summary: record.summary, indicators: record.indicators.into_iter().map(Into::into).collect(), }
    write |given| { summary: given.summary, indicators: given.indicators.into_iter().flatten().map(Into::into).collect(), }
}

part! {
    /// Whole euros, from and to; the same twice if the amount is exact.
    MoneyRange, MoneyRangeInput {
        /// At least.
        from: u64, Whole<u64>;
        /// At most.
        to: u64, Whole<u64>;
    }
    read |record| { from: record.from, to: record.to, }
    write |given| { from: given.from.0, to: given.to.0, }
}

part! {
    /// What it costs.
    Costs, CostsInput {
        /// Once.
        one_off: Option<MoneyRange>, Option<MoneyRangeInput>;
        /// Every year.
        yearly: Option<MoneyRange>, Option<MoneyRangeInput>;
        /// The year of these prices.
        year: Option<u16>, Option<Whole<u16>>;
        /// What the figures hold and what not.
        note: Option<String>, Option<String>;
    }
    read |record| { one_off: record.one_off.map(Into::into), yearly: record.yearly.map(Into::into), year: record.year, note: record.note, }
    write |given| { one_off: given.one_off.map(Into::into), yearly: given.yearly.map(Into::into), year: given.year.map(Into::into), note: given.note, }
}

part! {
    /// Where money came from.
    Funding, FundingInput {
        /// The programme or the giver.
        programme: String, String;
        /// Who pays.
        level: Option<FundingLevel>, Option<FundingLevel>;
        /// Whole euros.
        amount: Option<u64>, Option<Whole<u64>>;
        /// Share of the costs that is paid, in percent.
        rate: Option<f64>, Option<f64>;
        /// From when to when.
        period: Option<String>, Option<String>;
        /// Where to read more.
        url: Option<String>, Option<String>;
        /// What else is worth knowing.
        note: Option<String>, Option<String>;
    }
    read |record| { programme: record.programme, level: record.level, amount: record.amount, rate: record.rate, period: record.period, url: record.url, note: record.note, }
    write |given| { programme: given.programme, level: given.level, amount: given.amount.map(Into::into), rate: given.rate, period: given.period, url: given.url, note: given.note, }
}

part! {
    /// Who does the work.
    Staff, StaffInput {
        /// Full-time equivalents.
        full_time_equivalents: Option<f64>, Option<f64>;
        /// Which people.
        roles: Option<String>, Option<String>;
        /// Hours of volunteers a week.
        volunteer_hours: Option<f64>, Option<f64>;
    }
    read |record| { full_time_equivalents: record.full_time_equivalents, roles: record.roles, volunteer_hours: record.volunteer_hours, }
    write |given| { full_time_equivalents: given.full_time_equivalents, roles: given.roles, volunteer_hours: given.volunteer_hours, }
}

part! {
    /// What others can take over.
    Transferability, TransferabilityInput {
        /// What can be copied.
        copyable: Option<String>, Option<String>;
        /// What is bound to the place.
        local: Option<String>, Option<String>;
    }
    read |record| { copyable: record.copyable, local: record.local, }
    write |given| { copyable: given.copyable, local: given.local, }
}

part! {
    /// Software or data that is used.
    DigitalTool, DigitalToolInput {
        /// Its name.
        name: String, String;
        /// Where it is found.
        url: Option<String>, Option<String>;
        /// Its licence.
        licence: Option<String>, Option<String>;
    }
    read |record| { name: record.name, url: record.url, licence: record.licence, }
    write |given| { name: given.name, url: given.url, licence: given.licence, }
}

part! {
    /// A picture.
    Image, ImageInput {
        /// Where it lies.
        url: String, String;
        /// What it shows, for those who do not see it.
        alt: String, String;
    }
    read |record| { url: record.url, alt: record.alt, }
    write |given| { url: given.url, alt: given.alt, }
}

part! {
    /// Where a fact comes from.
    Source, SourceInput {
        /// Name of the page or paper.
        title: String, String;
        /// Its address, if it has one.
        url: Option<String>, Option<String>;
    }
    read |record| { title: record.title, url: record.url, }
    write |given| { title: given.title, url: given.url, }
}

/// Somebody who works along.
pub(in crate::graphql) struct Partner(pub(super) domain::Partner);

/// Somebody who works along.
#[Object]
impl Partner {
    /// The organisation, if the hub knows it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        let id = self.0.organisation.clone()?;
        match load_nodes(ctx, vec![id.into()]).await {
            Ok(nodes) => nodes.into_values().find_map(|node| match node {
                Node::Organisation(organisation) => Some(Ok(organisation)),
                _ => None,
            }),
            Err(error) => Some(Err(error)),
        }
    }

    /// Its name, if the hub does not know it.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// What it does.
    async fn role(&self) -> Option<PartnerRole> {
        self.0.role
    }
}

/// Somebody who works along: give the organisation or a name.
#[derive(InputObject, Debug, Clone)]
pub(in crate::graphql) struct PartnerInput {
    /// The organisation, if the hub knows it.
    organisation: Option<OrganisationId>,
    /// Its name, if the hub does not know it.
    name: Option<String>,
    /// What it does.
    role: Option<PartnerRole>,
}

impl From<PartnerInput> for domain::Partner {
    fn from(given: PartnerInput) -> Self {
        Self { organisation: given.organisation, name: given.name, role: given.role }
    }
}
