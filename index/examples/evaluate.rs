//! How good the search is, on judged material.
//!
//! `cargo run --release -p allmende-index --example evaluate -- …`
//! - `words WORD…`: the stem of each word, and of the words inside of it;
//! - `compounds FILE`: a compound a line; `|` is a boundary that must be found, `:` one that may be;
//! - `judged SEED FILE`: the directory of the example content, and lines of query, external key of
//!   a solution, and grade;
//! - `known-items DOCUMENTS QUERIES`: lines of id and text, and lines of id and the text that
//!   should find it.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use allmende_index::{Document, Index, Page, Query, SynonymGroup};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::tokenizer::{Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{TantivyDocument, Term};
use toml::{Table, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["compounds", file] => compounds(&fs::read_to_string(file)?),
        ["words", words @ ..] => shown(words),
        ["judged", seed, file] => judged(Path::new(seed), &fs::read_to_string(file)?),
        ["known-items", documents, queries] => {
            known_items(&fs::read_to_string(documents)?, &fs::read_to_string(queries)?)
        }
        _ => {
            Err("usage: evaluate compounds FILE | judged SEED FILE | known-items DOCUMENTS QUERIES"
                .into())
        }
    }
}

/// What the analysis makes of words.
fn shown(words: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout().lock();
    for word in words {
        let (stem, parts) = allmende_index::stems(word);
        writeln!(output, "{word}: {stem} [{}]", parts.join(" "))?;
    }
    Ok(())
}

fn search(index: &Index, text: &str, size: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let page = Page { size, ..Page::default() };
    let query = Query { text: Some(text.to_owned()), page, lenient: true, ..Query::default() };
    Ok(index.search(&query)?.hits.into_iter().map(|hit| hit.id).collect())
}

/// The gain of a list of grades, discounted by rank.
fn gain(grades: impl Iterator<Item = f64>) -> f64 {
    grades.zip(2_u32..).map(|(grade, rank)| (grade.exp2() - 1.0) / f64::from(rank).log2()).sum()
}

fn judged(seed: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    let (index, mut writer) = Index::in_memory()?;
    for document in solutions(seed)? {
        writer.put(document)?;
    }
    writer.commit(1)?;
    index.set_synonyms(&synonyms(seed)?);
    let mut queries: BTreeMap<&str, HashMap<&str, f64>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut fields = line.rsplitn(3, ',');
        let (Some(grade), Some(key), Some(query)) = (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        queries.entry(query).or_default().insert(key, grade.parse()?);
    }
    let mut output = std::io::stdout().lock();
    let (mut ndcg, mut reciprocal, mut recall) = (0.0, 0.0, 0.0);
    for (query, grades) in &queries {
        let hits = search(&index, query, 10)?;
        let found = hits.iter().map(|id| grades.get(id.as_str()).copied().unwrap_or_default());
        let mut ideal: Vec<f64> = grades.values().copied().collect();
        ideal.sort_by(|one, two| two.total_cmp(one));
        let quality = gain(found.clone()) / gain(ideal.into_iter().take(10));
        let first = found.clone().position(|grade| grade > 0.0);
        ndcg += quality;
        reciprocal += first.map_or(0.0, |place| 1.0 / (place as f64 + 1.0));
        recall += found.filter(|grade| *grade > 0.0).count() as f64 / grades.len() as f64;
        writeln!(output, "{quality:.3} {query}: {}", hits.join(" "))?;
    }
    let count = queries.len() as f64;
    writeln!(
        output,
        "{count} queries: nDCG@10 {:.3}, MRR@10 {:.3}, recall@10 {:.3}",
        ndcg / count,
        reciprocal / count,
        recall / count
    )?;
    Ok(())
}

/// The words of the example content that mean the same.
fn synonyms(seed: &Path) -> Result<Vec<SynonymGroup>, Box<dyn Error>> {
    let text: Table = fs::read_to_string(seed.join("synonyms.toml"))?.parse()?;
    let weight = |group: &Value| group.get("weight").and_then(Value::as_float).unwrap_or(0.8);
    let group = |group: &Value| SynonymGroup {
        terms: strings(group, "terms"),
        weight: weight(group) as f32,
    };
    Ok(tables(&text, "group").map(group).collect())
}

/// The solutions of the example content, as far as a search needs them.
fn solutions(seed: &Path) -> Result<Vec<Document>, Box<dyn Error>> {
    let mut names: HashMap<String, String> = HashMap::new();
    for (file, table) in [("topics", "topic"), ("target_groups", "target_group")] {
        let path = seed.join("vocabularies").join(file).with_extension("toml");
        let text: Table = fs::read_to_string(path)?.parse()?;
        for word in tables(&text, table) {
            let name = word.get("name").and_then(|name| name.get("de")).and_then(Value::as_str);
            names.insert(string(word, "slug"), name.unwrap_or_default().to_owned());
        }
    }
    let mut found = Vec::new();
    for file in fs::read_dir(seed.join("solutions"))? {
        let text: Table = fs::read_to_string(file?.path())?.parse()?;
        for solution in tables(&text, "solution") {
            let words =
                ["topics", "target_groups"].iter().flat_map(|field| strings(solution, field));
            let mut words: Vec<String> =
                words.map(|slug| names.get(&slug).cloned().unwrap_or_default()).collect();
            words.extend(strings(solution, "keywords"));
            let results = solution.get("results").and_then(|it| it.get("summary"));
            let others = ["place", "steps", "lessons", "difficulties", "sustaining"];
            found.push(Document {
                id: string(solution, "external_key"),
                kind: "Solution".to_owned(),
                title: string(solution, "title"),
                teaser: string(solution, "teaser"),
                topics: words.join(", "),
                problem: string(solution, "problem"),
                approach: string(solution, "approach"),
                results: results.and_then(Value::as_str).unwrap_or_default().to_owned(),
                text: others.map(|field| string(solution, field)).join(" "),
                places: strings(solution, "municipalities").join(" "),
                ..Document::default()
            });
        }
    }
    Ok(found)
}

fn tables<'a>(text: &'a Table, name: &str) -> impl Iterator<Item = &'a Value> {
    text.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn string(table: &Value, field: &str) -> String {
    table.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn strings(table: &Value, field: &str) -> Vec<String> {
    let values = table.get(field).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn known_items(documents: &str, queries: &str) -> Result<(), Box<dyn Error>> {
    let documents: Vec<(&str, &str)> =
        documents.lines().filter_map(|line| line.split_once('\t')).collect();
    let queries: Vec<(&str, &str)> =
        queries.lines().filter_map(|line| line.split_once('\t')).collect();
    let began = now();
    let (index, mut writer) = Index::in_memory()?;
    for (id, text) in &documents {
        writer.put(Document {
            id: (*id).to_owned(),
            kind: "Solution".to_owned(),
            text: (*text).to_owned(),
            ..Document::default()
        })?;
    }
    writer.commit(1)?;
    let built = began.elapsed();
    let ours = asked("allmende", &queries, built, |text| search(&index, text, 10))?;
    let began = now();
    let plain = Plain::built(&documents)?;
    let built = began.elapsed();
    let theirs = asked("plain Snowball", &queries, built, |text| plain.search(text))?;
    writeln!(
        std::io::stdout(),
        "MRR@10 above plain Snowball: {:+.1} %",
        (ours / theirs - 1.0) * 100.0
    )?;
    Ok(())
}

/// Asks all queries, tells how that went, and gives the mean reciprocal rank.
fn asked(
    name: &str,
    queries: &[(&str, &str)],
    built: Duration,
    mut search: impl FnMut(&str) -> Result<Vec<String>, Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    let (mut reciprocal, mut first, mut found) = (0.0, 0.0, 0.0);
    let mut times = Vec::new();
    for (id, text) in queries {
        let began = now();
        let hits = search(text)?;
        times.push(began.elapsed());
        if let Some(place) = hits.iter().position(|hit| hit == id) {
            reciprocal += 1.0 / (place as f64 + 1.0);
            first += f64::from(u8::from(place == 0));
            found += 1.0;
        }
    }
    times.sort_unstable();
    let all = queries.len() as f64;
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    writeln!(
        std::io::stdout(),
        "{name}: MRR@10 {:.3}, first {:.3}, recall@10 {:.3}; p50 {:.0?}, p99 {:.0?}; built in {built:.1?}",
        reciprocal / all,
        first / all,
        found / all,
        at(50),
        at(99)
    )?;
    Ok(reciprocal / all)
}

/// The engine with nothing but its German stemmer, asked for any of the words.
struct Plain {
    index: tantivy::Index,
    reader: tantivy::IndexReader,
    id: Field,
    text: Field,
}

impl Plain {
    fn built(documents: &[(&str, &str)]) -> Result<Self, Box<dyn Error>> {
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING | STORED);
        let indexing = TextFieldIndexing::default().set_tokenizer("german");
        let indexing = indexing.set_index_option(IndexRecordOption::WithFreqs);
        let text =
            schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let index = tantivy::Index::create_in_ram(schema.build());
        let german = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(LowerCaser)
            .filter(Stemmer::new(Language::German))
            .build();
        index.tokenizers().register("german", german);
        let mut writer = index.writer_with_num_threads(1, 50_000_000)?;
        for (key, words) in documents {
            writer.add_document(tantivy::doc!(id => *key, text => *words))?;
        }
        writer.commit()?;
        Ok(Self { reader: index.reader()?, index, id, text })
    }

    fn search(&self, text: &str) -> Result<Vec<String>, Box<dyn Error>> {
        let mut analyzer = self.index.tokenizers().get("german").ok_or("no analyzer")?;
        let mut words: Vec<Box<dyn tantivy::query::Query>> = Vec::new();
        analyzer.token_stream(text).process(&mut |token| {
            let term = Term::from_field_text(self.text, &token.text);
            words.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
        });
        let searcher = self.reader.searcher();
        let best = TopDocs::with_limit(10).order_by_score();
        let mut ids = Vec::new();
        for (_, address) in searcher.search(&BooleanQuery::union(words), &best)? {
            let document: TantivyDocument = searcher.doc(address)?;
            let id = document.get_first(self.id).and_then(|id| id.as_str());
            ids.push(id.unwrap_or_default().to_owned());
        }
        Ok(ids)
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn now() -> Instant {
    Instant::now()
}

fn compounds(text: &str) -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout().lock();
    let (mut required, mut found, mut wrong) = (0, 0, 0);
    let (mut whole, mut whole_split) = (0, 0);
    for line in
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (mut word, mut must, mut may) = (String::new(), Vec::new(), Vec::new());
        for char in line.chars() {
            match char {
                '|' => must.push(word.len()),
                ':' => may.push(word.len()),
                other => word.push(other),
            }
        }
        let given = allmende_index::boundaries(&word);
        required += must.len();
        let missed = must.iter().filter(|place| !given.contains(place)).count();
        found += must.len() - missed;
        let false_ones =
            given.iter().filter(|place| !must.contains(place) && !may.contains(place)).count();
        wrong += false_ones;
        if must.is_empty() && may.is_empty() {
            whole += 1;
            whole_split += usize::from(!given.is_empty());
        }
        if missed + false_ones > 0 {
            let shown: String = word
                .char_indices()
                .map(
                    |(place, char)| {
                        if given.contains(&place) { format!("|{char}") } else { char.to_string() }
                    },
                )
                .collect();
            writeln!(output, "  {line} -> {shown}")?;
        }
    }
    writeln!(output, "required boundaries found: {found} of {required}; false ones: {wrong}")?;
    writeln!(output, "whole words split: {whole_split} of {whole}")?;
    Ok(())
}
