//! The floor of the HTTP benchmarks: axum answering fixed JSON, without anything behind it.
//!
//! `bare_json ADDRESS FILE` answers every POST to `/graphql` with the content of the file.

use std::error::Error;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("usage: bare_json ADDRESS FILE")?;
    let answer =
        Bytes::from(std::fs::read(arguments.next().ok_or("usage: bare_json ADDRESS FILE")?)?);
    let handler = move |body: axum::Json<serde_json::Value>| {
        let answer = answer.clone();
        async move {
            // Reading the request's JSON is part of the floor: every GraphQL server must.
            drop(body);
            ([(CONTENT_TYPE, "application/json")], answer).into_response()
        }
    };
    let router = Router::new().route("/graphql", post(handler));
    axum::serve(tokio::net::TcpListener::bind(address).await?, router).await?;
    Ok(())
}
