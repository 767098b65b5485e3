//! The publications.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use crate::count::Count;
use crate::listen::word;
use crate::{Failure, Load};

/// Publishes everything, at the rate that was asked for.
pub(crate) async fn all(load: Load, count: Arc<Count>) -> Result<(), Failure> {
    let pause = (load.rate > 0.0).then(|| Duration::from_secs_f64(1.0 / load.rate));
    if load.bare {
        return through_floor(&load, pause, &count).await;
    }
    let client = reqwest::Client::builder().tls_built_in_root_certs(false).build()?;
    let mut drafts = Vec::new();
    let ground = ground(&client, &load).await?;
    for number in 0..load.publications {
        drafts.push(draft(&client, &load, &ground, number).await?);
    }
    count.begin();
    for id in drafts {
        let publish =
            "mutation($id: ID!) { publishSolution(input: {id: $id}) { userErrors { message } } }";
        let answer = ask(&client, &load, publish, json!({ "id": id })).await?;
        if answer["data"]["publishSolution"]["userErrors"] != json!([]) {
            return Err(answer.to_string().into());
        }
        if let Some(pause) = pause {
            tokio::time::sleep(pause).await;
        }
    }
    Ok(())
}

/// What a solution needs: the municipality of the token, and a contact.
async fn ground(client: &reqwest::Client, load: &Load) -> Result<Value, Failure> {
    let question = "{
        viewer { grants { municipality { id } } }
        search(text: \"\", kinds: [CONTACT], first: 1) { edges { node { id } } }
    }";
    Ok(ask(client, load, question, json!({})).await?["data"].clone())
}

/// Makes a solution that every filter waits for.
async fn draft(
    client: &reqwest::Client,
    load: &Load,
    ground: &Value,
    number: usize,
) -> Result<Value, Failure> {
    let words: Vec<String> = (0..load.filters).map(word).collect();
    let input = json!({
        "title": format!("Versuch {number}"),
        "teaser": "Ein Satz, der neugierig macht.",
        "municipalities": [ground["viewer"]["grants"][0]["municipality"]["id"]],
        "topics": ["Topic:mobility"],
        "problem": "Es fehlt an allem.",
        "approach": words.join(" "),
        "status": "RUNNING",
        "contacts": [ground["search"]["edges"][0]["node"]["id"]],
    });
    let create = "mutation($input: CreateSolutionInput!) {
        createSolution(input: $input) { solution { id } userErrors { message path } }
    }";
    let answer = ask(client, load, create, json!({ "input": input })).await?;
    match &answer["data"]["createSolution"]["solution"]["id"] {
        Value::Null => Err(answer.to_string().into()),
        id => Ok(id.clone()),
    }
}

async fn ask(
    client: &reqwest::Client,
    load: &Load,
    query: &str,
    variables: Value,
) -> Result<Value, Failure> {
    let request = client
        .post(format!("http://{}/graphql", load.hub))
        .bearer_auth(&load.token)
        .header("content-type", "application/json")
        .body(json!({ "query": query, "variables": variables }).to_string());
    Ok(serde_json::from_slice(&request.send().await?.bytes().await?)?)
}

/// The floor sends on to all others whatever one of them says.
async fn through_floor(load: &Load, pause: Option<Duration>, count: &Count) -> Result<(), Failure> {
    let stream = TcpStream::connect(&load.hub).await?;
    let (mut socket, _) = client_async(format!("ws://{}/", load.hub), stream).await?;
    count.begin();
    for number in 1..=load.publications {
        let at = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
        let text = format!(
            r#"{{"type":"next","id":"1","payload":{{"data":{{"solutionPublished":{{"cursor":"{number}","occurredAt":"{}","solutionId":"Solution:01KBCDEFGHJKMNPQRSTVWXYZ00","solution":{{"title":"Versuch 0","teaser":"Ein Satz, der neugierig macht.","lifecycle":"PUBLISHED","municipalities":[{{"name":"Demo"}}]}}}}}}}}}}"#,
            at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        );
        socket.send(Message::text(text)).await?;
        if let Some(pause) = pause {
            tokio::time::sleep(pause).await;
        }
    }
    // The floor tells it to this one, too: who goes before has cut off what is still on its way.
    for _ in 0..load.publications {
        socket.next().await.ok_or("the floor has gone")??;
    }
    socket.close(None).await?;
    Ok(())
}
