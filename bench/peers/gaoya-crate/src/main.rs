//! gaoya: MinHasher32 over windows of words, MinHashIndex with the bands it
//! chooses; a query checks candidates by the signatures' estimate.
//! Called as: gaoya-crate CORPUS.jsonl PAIRS.tsv

use std::borrow::Cow;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};

use gaoya::minhash::{
    MinHashIndex, MinHasher, MinHasher32, SmallVecContainer, calculate_minhash_params,
};
use serde::Deserialize;

const THRESHOLD: f64 = 0.8;
const HASHES: usize = 128;
const SHINGLE: usize = 5;

#[derive(Deserialize)]
struct Article<'a> {
    id: String,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// The words of bench/truth; text is in lower case.
fn words<'a>(text: &'a str, out: &mut Vec<&'a str>) {
    let mut start = None;
    for (at, c) in text.char_indices() {
        let cjk = !c.is_ascii() && is_cjk(c);
        if cjk || !c.is_alphanumeric() {
            if let Some(from) = start.take() {
                out.push(&text[from..at]);
            }
            if cjk {
                out.push(&text[at..at + c.len_utf8()]);
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(from) = start {
        out.push(&text[from..]);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let corpus = args.next().ok_or("no corpus given")?;
    let pairs = args.next().ok_or("no file for pairs given")?;
    let mut input = BufReader::with_capacity(1 << 20, File::open(corpus)?);
    let mut output = BufWriter::new(File::create(pairs)?);

    let (bands, rows) = calculate_minhash_params(THRESHOLD, HASHES);
    let hasher = MinHasher32::new(bands * rows);
    let mut index: MinHashIndex<u32, u32, SmallVecContainer<u32, 2>> =
        MinHashIndex::new_index(bands, rows, THRESHOLD);
    let mut ids: Vec<String> = Vec::new();
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            break;
        }
        let article: Article = serde_json::from_str(&line)?;
        let lower = article.text.to_lowercase();
        let mut found = Vec::with_capacity(lower.len() / 5);
        words(&lower, &mut found);
        let signature = hasher.create_signature(found.windows(SHINGLE.min(found.len().max(1))));
        for &other in index.query(&signature) {
            writeln!(output, "{}\t{}", ids[other as usize], article.id)?;
        }
        index.insert(ids.len() as u32, signature);
        ids.push(article.id);
    }
    output.flush()?;
    Ok(())
}
