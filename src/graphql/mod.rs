//! The API: objects, queries, mutations, subscriptions. Resolvers are a few lines; rules live in
//! the services and the domain.

mod check;
mod choices;
mod connection;
mod context;
mod cost;
mod cursor;
mod enums;
mod facets;
mod failure;
mod hub;
mod ids;
mod input;
mod loaders;
mod mutation;
mod objects;
mod query;
mod subscription;
mod suggest;
mod unique;
mod upload;
mod watching;
mod whole;
pub(crate) mod wire;

pub use check::{Operation, SchemaError};
pub use context::{Asker, Place};
pub use failure::Code;
pub(crate) use hub::resume_at;
pub use hub::{HubState, Message, RESUME, Subscriber, Told};
pub use mutation::Mutation;
pub use query::Query;
pub use subscription::Subscription;
pub(crate) use upload::PLACE;
pub use upload::{Uploaded, Uploads};
pub use watching::read_selection;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::DataLoader;
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use async_graphql::{Request, Response, SDLExportOptions, Schema, ServerError, ValidationMode};
use check::Checker;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use hub::Hub;

use crate::service::Services;

/// How many aliases a document may use.
const MOST_ALIASES: usize = 50;
/// How many directives one field may carry.
const MOST_DIRECTIVES: usize = 10;

/// The API on running services. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    schema: Schema<Query, Mutation, Subscription>,
    checker: Arc<Checker>,
    services: Services,
    hub: Hub,
}

impl Api {
    /// The API on these services.
    ///
    /// # Errors
    /// The schema is not valid: a defect of the program, found at its start.
    pub fn new(services: Services) -> Result<Self, SchemaError> {
        let schema = builder().data(services.clone()).finish();
        let checker = Arc::new(Checker::new(&sdl())?);
        Ok(Self { schema, checker, services, hub: Hub::default() })
    }

    /// What a request would do, if it is sound.
    ///
    /// # Errors
    /// What is wrong with the document, the choice of operation, or the variables.
    pub fn check(&self, request: &mut Request) -> Result<Operation, Vec<ServerError>> {
        self.checker.check(request)
    }

    /// Answers a query or a mutation that was checked.
    pub async fn execute(&self, request: Request, asker: Asker) -> Response {
        let language = asker.language;
        let mut response = self.schema.execute(self.prepared(request, asker)).await;
        check::with_codes(&mut response.errors);
        failure::spoken(&mut response.errors, language);
        response
    }

    /// Answers a subscription that was checked, again and again.
    #[must_use]
    pub fn execute_stream(
        &self,
        request: Request,
        asker: Asker,
        place: Place,
    ) -> BoxStream<'static, Response> {
        let language = asker.language;
        let request = self.prepared(request, asker).data(place);
        let stream = self.schema.execute_stream(request);
        Box::pin(stream.map(move |mut response| {
            check::with_codes(&mut response.errors);
            failure::spoken(&mut response.errors, language);
            response
        }))
    }

    /// The services behind it.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    fn prepared(&self, request: Request, asker: Asker) -> Request {
        let loaders = loaders::Loaders(self.services.store.clone());
        let loaders = DataLoader::new(loaders, TokioSpawner::current(), TokioTimer::default());
        request.data(asker).data(loaders.delay(Duration::ZERO))
    }
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation::default(), Subscription)
        // All rules of the specification are checked before, see `check`.
        .validation_mode(ValidationMode::Fast)
        .limit_aliases(MOST_ALIASES)
        .limit_directives(MOST_DIRECTIVES)
}

/// The schema in GraphQL's own language, always in the same order.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident();
    builder().finish().sdl_with_options(options)
}
