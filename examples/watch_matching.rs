//! How long it takes to tell watches of one publication: `watch_matching COUNT DIRECTORY` saves so many
//! watches in a new hub, no two of which search for the same, and publishes solutions.
//!
//! What is matched is measured by itself, and what the hub does around it (reading the watches and
//! their owners, writing letters and cursors) as a whole.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use allmende::app::{App, Places, Silent, in_memory, system_clock, system_ids};
use allmende::cli::seed_content;
use allmende::domain::{Actor, EventKind, Language, Member, Selection, Viewer};
use allmende::graphql::{Asker, read_selection};
use allmende::live::{Age, Entry};
use allmende::mail;
use allmende::service::{Sheet, SheetOrder};
use allmende::store::Location;
use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use tokio::time::Instant;

/// How many watches one account may have.
const OF_ONE: usize = 50;
/// What is searched for, together with a number that no solution holds, or with none.
const WORDS: [&str; 8] =
    ["Rufbus", "Dorfladen", "Mitfahrbank", "Ärztehaus", "Leerstand", "Jugend", "Klima", "Bücherei"];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let usage = "usage: watch_matching COUNT DIRECTORY";
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().ok_or(usage)?.parse()?;
    let directory = PathBuf::from(arguments.next().ok_or(usage)?);
    let mut places = Places { database: Location::Directory(directory), ..in_memory() };
    places.around.public_url = Some("https://hub.example.org".parse()?);
    // Nobody listens there: letters are written and wait.
    places.around.mail = Some(mail::Settings {
        server: "smtp://127.0.0.1:9".to_owned(),
        from: "hub@example.org".to_owned(),
        timeout: mail::USUAL_TIMEOUT,
    });
    let clock = system_clock();
    let app = App::start(places, clock.clone(), system_ids(clock), &mut Silent).await?;
    app.services().import(seed_content()?, &mut Silent).await?;
    let begun = Instant::now();
    for account in 0..count.div_ceil(OF_ONE) {
        let own = (account * OF_ONE..count.min((account + 1) * OF_ONE)).map(selection);
        save(&app, account, own.collect()).await?;
    }
    let mut output = std::io::stdout().lock();
    writeln!(output, "{count} watches saved in {:.1?}", begun.elapsed())?;
    // The hub begins to follow its journal.
    app.services().dispatch().await?;
    for (what, title) in [("none finds it", "Etwas ganz anderes"), ("an eighth finds it", "Rufbus")]
    {
        for round in 0..3 {
            publish(&app, &format!("{title} {what} {round}")).await?;
            let (matched, found) = matching(&app, count).await?;
            let begun = Instant::now();
            let letters = app.services().dispatch().await?.unwrap_or_default();
            let whole = begun.elapsed();
            writeln!(
                output,
                "{what}: {found} of {count} matched in {matched:.1?}; {letters} letters, all in all {whole:.1?}"
            )?;
        }
    }
    app.stop().await;
    Ok(output.flush()?)
}

/// No two are the same; the words are found, the filters say all there is.
fn selection(number: usize) -> Value {
    let word = WORDS.iter().cycle().nth(number);
    json!({ "search": word, "filter": { "population": { "max": 10_000_000 + number } } })
}

/// Saves watches of an account that is made for them.
async fn save(app: &App, account: usize, own: Vec<Value>) -> Result<(), Box<dyn Error>> {
    let create = "mutation($input: CreateAccountInput!) {
        createAccount(input: $input) { account { id } userErrors { message } }
    }";
    let input = json!({ "email": format!("amt{account}@example.org"), "grants": [] });
    let made = run(app, Viewer::Operator, create, json!({ "input": input })).await?;
    let id = made.pointer("/createAccount/account/id").and_then(Value::as_str);
    let id = id.ok_or("no account")?.parse()?;
    let owner = Member { actor: Actor::Account(id), token: None, grants: Vec::new() };
    let watch = "mutation($input: CreateWatchInput!) {
        createWatch(input: $input) { watch { id } userErrors { message } }
    }";
    for selection in own {
        let input = json!({
            "name": "Probe", "selection": selection, "channel": "MAIL", "rhythm": "AT_ONCE",
        });
        let made =
            run(app, Viewer::Member(owner.clone()), watch, json!({ "input": input })).await?;
        if made.pointer("/createWatch/watch").is_none_or(Value::is_null) {
            return Err(made.to_string().into());
        }
    }
    Ok(())
}

async fn run(
    app: &App,
    viewer: Viewer,
    document: &str,
    variables: Value,
) -> Result<Value, Box<dyn Error>> {
    let request = Request::new(document).variables(Variables::from_json(variables));
    let asker = Asker { viewer, language: Language::English };
    let response = app.api().execute(request, asker).await;
    match response.errors.first() {
        Some(error) => Err(error.message.clone().into()),
        None => Ok(response.data.into_json()?),
    }
}

/// Publishes a solution and waits until it can be found.
async fn publish(app: &App, title: &str) -> Result<(), Box<dyn Error>> {
    let row = json!({
        "externalKey": title, "title": title,
        "municipalities": ["geestland"], "topics": ["mobility"], "status": "RUNNING",
        "teaser": "Ein Satz, der neugierig macht.", "problem": "Es fehlt an allem.",
        "approach": "Alle packen an.", "contacts": ["contact-geestland"],
    });
    let publish = SheetOrder { publish: true, ..SheetOrder::default() };
    let sheet = Sheet::read(format!("{row}\n").as_bytes())?;
    app.services().import_sheet(sheet, &publish, &mut Silent).await?;
    Ok(app.settle().await?)
}

/// Asks all that is searched for of the newest publication, and tells how long that took.
async fn matching(app: &App, count: usize) -> Result<(std::time::Duration, usize), Box<dyn Error>> {
    let services = app.services();
    let journal = services.store().journal(services.newest().saturating_sub(20), 20).await?;
    let newest = journal.iter().rev().find(|event| event.kind == EventKind::SolutionPublished);
    let newest = newest.ok_or("nothing was published")?;
    let entry = [Entry { seq: newest.seq, subject: newest.subject.0.clone() }];
    let selections = (0..count).map(|number| {
        let SelectionText { search, filter } = serde_json::from_value(selection(number))?;
        let filter = Some(filter.to_string());
        Ok::<_, serde_json::Error>(Selection { filter, search, ..Selection::default() })
    });
    let selections: Vec<Selection> = selections.collect::<Result<_, _>>()?;
    let begun = Instant::now();
    let mut found = 0;
    for selection in &selections {
        let listed = services.list(&Viewer::Anonymous, read_selection(selection)?)?;
        found += services.held(&listed, &entry, Age::New).await?.len();
    }
    Ok((begun.elapsed(), found))
}

#[derive(serde::Deserialize)]
struct SelectionText {
    search: Option<String>,
    filter: Value,
}
