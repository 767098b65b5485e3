//! Registers of municipalities, taken in by the program itself.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::support::Hub;
use crate::support::hub::allmende;

const TABLE: &str = "ags,name,kind,population_2022_12_31,area_km2\n\
    13076121,Schossin,gemeinde,242,11.42\n\
    13076144,Wittenförden,gemeinde,2758,10.0\n\
    08118046,\"Kornwestheim, Stadt\",stadt,34130,14.65\n";

fn import(directory: &Path, what: &str, text: &str, more: &[&str]) -> Output {
    let file = directory.join("file.csv");
    fs::write(&file, text).expect("a file");
    let mut command = allmende(directory);
    command.args(["import", what]).arg(&file).args(more).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a hub on this directory answers.
async fn asked(directory: &Path, question: &str) -> Value {
    let mut command = allmende(directory);
    command.args(["token", "create", "--role", "reader", "--municipality", "schossin"]);
    let token = said(&command.output().expect("the program runs"));
    let hub = Hub::start(directory);
    hub.run(token.trim(), question, &json!({})).await.expect("an answer")
}

fn complained(output: &Output) -> String {
    assert!(!output.status.success(), "{}", said(output));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_taken_in_once_and_found_by_the_hub() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = directory.path();
    let output = import(place, "municipalities", TABLE, &[]);
    assert!(said(&output).contains("6 records created, 0 changed, 0 as they were"), "{output:?}");
    let output = import(place, "municipalities", TABLE, &[]);
    assert!(said(&output).contains("0 records created, 0 changed, 6 as they were"), "{output:?}");
    let question = "{
        municipality(by: {ags: \"13076121\"}) { population peers { edges { node { name } } } }
        municipalities(search: \"Kornwestheim\") { totalCount }
        events(last: 100) { edges { node { kind } } }
    }";
    let answer = asked(place, question).await;
    let found = &answer["data"];
    assert_eq!(found["municipality"]["population"], 242, "{answer}");
    assert_eq!(found["municipality"]["peers"]["edges"][0]["node"]["name"], "Wittenförden");
    assert_eq!(found["municipalities"]["totalCount"], 1);
    assert_eq!(
        found["events"]["edges"].as_array().map(Vec::len),
        Some(6),
        "the journal is complete"
    );
}

#[test]
fn nothing_of_a_wrong_register_is_taken_in_unless_that_is_wanted() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = directory.path();
    let wrong = TABLE.replace(",2758,", ",0,");
    let told = complained(&import(place, "municipalities", &wrong, &[]));
    assert!(told.contains("nothing was imported, for 1 rows are wrong"), "{told}");
    assert!(
        told.contains("line 3, column 4: population_2022_12_31: a municipality has no 0"),
        "{told}"
    );
    let output = import(place, "municipalities", &wrong, &["--partial"]);
    let text = said(&output);
    assert!(text.contains("4 records created") && text.contains("1 rows left out"), "{output:?}");
    let output = import(place, "municipalities", TABLE, &[]);
    assert!(said(&output).contains("2 records created, 0 changed, 4 as they were"), "{output:?}");
    let told = complained(&import(place, "municipalities", "a,b\n1,2\n", &[]));
    assert!(told.contains("is called ags, ars or key"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_reference_takes_the_place_of_the_one_of_the_program() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = directory.path();
    import(place, "municipalities", TABLE, &[]);
    let told = complained(&import(place, "reference", "key,population\n01001000,5\n", &[]));
    assert!(told.contains("# date: 2022-12-31"), "{told}");
    let rows: String =
        (0..200).map(|number| format!("13{number:06},{},{}\n", 100 + number, 10)).collect();
    let head = "# date: 2030-12-31\n# source: somebody\nkey,population,area_km2\n";
    let output = import(place, "reference", &format!("{head}{rows}"), &[]);
    assert!(said(&output).contains("200 towns and municipalities"), "{output:?}");
    let question = "{ municipality(by: {ags: \"13076121\"}) {
        peers { reference { date source size } } figures { feature percentile }
    } }";
    let answer = asked(place, question).await;
    let found = &answer["data"]["municipality"];
    assert_eq!(
        found["peers"]["reference"],
        json!({ "date": "2030-12-31", "source": "somebody", "size": 200 })
    );
    // 242 people lie between 142 smaller and 57 larger ones, and beside one of the same size.
    assert_eq!(found["figures"][0], json!({ "feature": "POPULATION", "percentile": 71.25 }));
}
