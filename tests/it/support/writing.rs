//! How tests write solutions, through the API like everybody else.

use serde_json::{Value, json};

use super::TestApp;

const CREATE: &str = "mutation($input: CreateSolutionInput!) {
    createSolution(input: $input) { solution { id } userErrors { code path } }
}";
const UPDATE: &str = "mutation($input: UpdateSolutionInput!) {
    updateSolution(input: $input) { solution { id } userErrors { code path } }
}";
const PUBLISH: &str = "mutation($id: ID!) {
    publishSolution(input: {id: $id}) { solution { id } userErrors { code path } }
}";
const ARCHIVE: &str = "mutation($id: ID!) {
    archiveSolution(input: {id: $id}) { solution { id } userErrors { code path } }
}";

impl TestApp {
    /// Everything that the publication of a solution asks for.
    pub async fn complete(&self, municipality: &str, title: &str) -> Value {
        let found =
            self.query("{ search(text: \"\", kinds: [CONTACT]) { edges { node { id } } } }").await;
        json!({
            "title": title,
            "teaser": "Ein Satz, der neugierig macht.",
            "municipalities": [self.municipality(municipality).await],
            "topics": ["Topic:mobility"],
            "problem": "Es fehlt an allem.",
            "approach": "Alle packen an.",
            "status": "RUNNING",
            "contacts": [found["data"]["search"]["edges"][0]["node"]["id"]],
        })
    }

    /// Makes a draft, and gives its id.
    pub async fn draft(&self, token: &str, input: Value) -> String {
        self.write(token, CREATE, json!({ "input": input })).await
    }

    /// Makes a solution and publishes it, and gives its id.
    pub async fn published(&self, token: &str, input: Value) -> String {
        let id = self.draft(token, input).await;
        self.publish(token, &id).await;
        id
    }

    pub async fn update(&self, token: &str, input: Value) {
        self.write(token, UPDATE, json!({ "input": input })).await;
    }

    pub async fn publish(&self, token: &str, id: &str) {
        self.write(token, PUBLISH, json!({ "id": id })).await;
    }

    pub async fn archive(&self, token: &str, id: &str) {
        self.write(token, ARCHIVE, json!({ "id": id })).await;
    }

    /// Runs a change of one solution that must succeed.
    async fn write(&self, token: &str, mutation: &str, variables: Value) -> String {
        let answer = self.run(Some(token), mutation, variables).await;
        let payload = answer["data"].as_object().and_then(|data| data.values().next());
        let id = payload.and_then(|payload| payload["solution"]["id"].as_str());
        id.unwrap_or_else(|| panic!("the change was refused: {answer}")).to_owned()
    }

    /// Runs a mutation, and gives its payload with these fields and `userErrors`; null and the error
    /// at the top level if somebody was turned away.
    pub async fn mutate(
        &self,
        token: Option<&str>,
        mutation: &str,
        input: Value,
        fields: &str,
    ) -> Value {
        let input_type = mutation[..1].to_uppercase() + &mutation[1..] + "Input";
        let document = format!(
            "mutation($input: {input_type}!) {{
                payload: {mutation}(input: $input) {{ {fields} userErrors {{ code path message }} }}
            }}"
        );
        let answer = self.run(token, &document, json!({ "input": input })).await;
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => json!(code),
            None => answer["data"]["payload"].clone(),
        }
    }

    /// What is wrong with an input, as `CODE path.in.dots`; or the code of the error at the top level.
    pub async fn refused(&self, token: Option<&str>, mutation: &str, input: Value) -> String {
        let payload = self.mutate(token, mutation, input, "").await;
        if let Some(code) = payload.as_str() {
            return code.to_owned();
        }
        let errors = payload["userErrors"].as_array().expect("a list of errors");
        let told = |error: &Value| {
            let path = error["path"].as_array().expect("a path").iter();
            let path: Vec<&str> = path.filter_map(Value::as_str).collect();
            format!("{} {}", error["code"].as_str().expect("a code"), path.join("."))
        };
        errors.iter().map(told).collect::<Vec<_>>().join(", ")
    }

    /// The number of the newest entry of the journal.
    pub async fn head(&self) -> u64 {
        self.app.services().store().refresh_head().await.expect("the database answers")
    }
}
