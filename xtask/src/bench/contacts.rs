//! Writes a file of contacts that is the same at every run. Names have accents, one record in
//! twenty has a newline in quotes, 1 % of the records repeat a person, and 3 % have a phone that is
//! not valid.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;

const FIRST: [&str; 10] = [
    "Ana", "João", "Inês", "Carlos", "Márcia", "Luís", "Beatriz", "Caio", "Sofía", "Pedro",
];
const LAST: [&str; 6] = ["Silva", "Souza", "Gonçalves", "Pérez", "Muñoz", "Oliveira"];
pub(super) const CITIES: [&str; 5] = ["São Paulo", "Porto Alegre", "Belém", "Bogotá", "Brasília"];
const AREAS: [u64; 5] = [11, 21, 31, 47, 51];

/// A source of random numbers that are the same at every run (splitmix64, Steele, Lea and Flood
/// 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.below(words.len() as u64);
        words
            .get(usize::try_from(at).unwrap_or(0))
            .copied()
            .unwrap_or_default()
    }
}

/// Writes records until the next one would exceed `bytes`. Returns the number of records.
pub fn write(path: &Path, bytes: usize) -> Result<u32> {
    let mut out = BufWriter::new(File::create(path)?);
    let header = "Celular,E-mail,Nome,Cidade,Nascimento,CPF,Valor,Obs\n";
    out.write_all(header.as_bytes())?;
    let (mut written, mut records) = (header.len(), 0);
    let mut random = Random(75);
    let mut people: Vec<(String, String)> = Vec::new();
    loop {
        let row = record(&mut random, records, &mut people);
        if written + row.len() > bytes {
            out.flush()?;
            return Ok(records);
        }
        out.write_all(row.as_bytes())?;
        written += row.len();
        records += 1;
    }
}

fn record(random: &mut Random, number: u32, people: &mut Vec<(String, String)>) -> String {
    let (phone, email) = if random.below(100) == 0 && !people.is_empty() {
        let at = random.below(people.len() as u64);
        people[usize::try_from(at).unwrap_or(0)].clone()
    } else {
        let new = (phone(random), format!("contato{number}@example.com"));
        if people.len() < 5000 {
            people.push(new.clone());
        }
        new
    };
    let note = if random.below(20) == 0 {
        "\"linha um\nlinha dois, com vírgula\""
    } else {
        "prefere contato por telefone"
    };
    format!(
        "{phone},{email},{} {} {},{},{:02}/{:02}/{},,\"{},{:02}\",{note}\n",
        random.of(&FIRST),
        random.of(&LAST),
        random.of(&LAST),
        random.of(&CITIES),
        1 + random.below(28),
        1 + random.below(12),
        1950 + random.below(55),
        random.below(900),
        random.below(100)
    )
}

fn phone(random: &mut Random) -> String {
    if random.below(100) < 3 {
        return format!("1234{}", random.below(1000));
    }
    let area = AREAS[usize::try_from(random.below(5)).unwrap_or(0)];
    let (head, tail) = (96_000 + random.below(4000), random.below(10_000));
    match random.below(4) {
        0 => format!("{area}{head}{tail:04}"),
        1 => format!("({area}) {head}-{tail:04}"),
        2 => format!("+55 {area} {head}-{tail:04}"),
        _ => format!("55{area}{head}{tail:04}"),
    }
}
