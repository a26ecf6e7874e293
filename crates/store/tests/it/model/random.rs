//! Makes random sequences of imports, corrections and undos; a seed always makes the same sequence.

use super::{Code, Field, Plan, Policy, Record, Remedy, Repeated};

/// A step of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A file is imported under a plan.
    Import(Vec<Record>, Plan),
    /// The import of this number is undone. Imports are numbered 1, 2, and so on.
    Undo(usize),
    /// Rejects of the import of this number are corrected, as [`corrections`] makes them from this
    /// seed.
    Correct(usize, u64),
}

const PHONES: [&str; 6] = [
    "5551999990001",
    "5551999990002",
    "5551999990003",
    "5551999990004",
    "5551999990005",
    "5551999990006",
];
const EMAILS: [&str; 5] = [
    "ana@example.com",
    "bia@example.com",
    "caio@example.com",
    "casa@example.com",
    "joao@example.com",
];
const CPFS: [&str; 2] = ["52998224725", "11144477735"];
const LANDLINES: [&str; 2] = ["555133330001", "555133330002"];
const NAMES: [&str; 6] = [
    "Ana",
    "Ana Silva",
    "Bia Souza",
    "J. Silva",
    "João da Silva",
    "Caio Lima",
];
const CITIES: [&str; 3] = ["Lima", "Cusco", "Quito"];
const TAGS: [&str; 3] = ["vip", "a", "b"];
const LISTS: [&str; 2] = ["clientes", "amigos"];
const POLICIES: [Policy; 3] = [Policy::Update, Policy::Fill, Policy::Keep];

/// A generator of numbers after Marsaglia's xorshift.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        // Neighbouring seeds are spread apart; a state of 0 would never leave 0.
        let spread = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut dice = Self(spread | 1);
        for _ in 0..8 {
            dice.next();
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Returns a number from 0 to below `end`.
    fn below(&mut self, end: usize) -> usize {
        let number = (self.next() >> 16) % (end as u64);
        usize::try_from(number).unwrap_or(0)
    }

    /// Returns true in `chance` of a hundred cases.
    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    fn maybe(&mut self, chance: usize, values: &[&str]) -> Option<String> {
        let value = self.of(values).to_owned();
        self.percent(chance).then_some(value)
    }

    /// Returns no, one or two different values.
    fn some(&mut self, chance: usize, values: &[&str]) -> Vec<String> {
        let mut some: Vec<String> = self.maybe(chance, values).into_iter().collect();
        if self.percent(20)
            && let Some(second) = self.maybe(chance, values)
            && !some.contains(&second)
        {
            some.push(second);
        }
        some
    }

    fn record(&mut self) -> Record {
        Record {
            phones: self.some(70, &PHONES),
            emails: self.some(55, &EMAILS),
            landline: self.maybe(15, &LANDLINES),
            cpf: self.maybe(15, &CPFS),
            name: self.maybe(80, &NAMES),
            city: self.maybe(40, &CITIES),
            tags: self.some(25, &TAGS),
            whatsapp: self.percent(25).then(|| self.percent(60)),
        }
    }

    fn plan(&mut self) -> Plan {
        let mut by_field = Vec::new();
        for field in [
            Field::Phone,
            Field::Email,
            Field::Cpf,
            Field::Name,
            Field::City,
        ] {
            if self.percent(8) {
                by_field.push((field, self.of(&POLICIES)));
            }
        }
        let policy = if self.percent(50) {
            Policy::Update
        } else {
            self.of(&POLICIES)
        };
        let repeated = if self.percent(60) {
            Repeated::Merge
        } else {
            self.of(&[Repeated::First, Repeated::Last])
        };
        let remedies = [Remedy::First, Remedy::LeaveOut, Remedy::OnePerson];
        Plan {
            policy,
            by_field,
            repeated,
            lists: self.maybe(25, &LISTS).into_iter().collect(),
            whatsapp_for_all: self.percent(15),
            shared: self.percent(25).then(|| self.of(&remedies)),
        }
    }
}

/// Makes corrected records for two of three rejects, with random values.
pub(crate) fn corrections(seed: u64, rejected: &[(usize, Code)]) -> Vec<(usize, Record)> {
    let mut dice = Dice::new(seed);
    let mut corrected = Vec::new();
    for (at, _) in rejected {
        let record = dice.record();
        if dice.percent(67) {
            corrected.push((*at, record));
        }
    }
    corrected
}

/// Makes two to six steps, the first an import: files of one to five records, at times up to
/// twelve, corrections of their rejects, and undos of imports made before.
pub(crate) fn sequence(seed: u64) -> Vec<Step> {
    let mut dice = Dice::new(seed);
    let mut steps: Vec<Step> = Vec::new();
    let mut standing: Vec<usize> = Vec::new();
    let mut imports = 0;
    for _ in 0..2 + dice.below(5) {
        if !standing.is_empty() && dice.percent(30) {
            let undone = standing.swap_remove(dice.below(standing.len()));
            steps.push(Step::Undo(undone));
            continue;
        }
        if !standing.is_empty() && dice.percent(20) {
            steps.push(Step::Correct(dice.of(&standing), dice.next()));
            continue;
        }
        let most = if dice.percent(15) { 12 } else { 5 };
        let again = steps.iter().rev().find_map(|step| match step {
            Step::Import(records, _) => Some(records.clone()),
            Step::Undo(_) | Step::Correct(..) => None,
        });
        let mut records: Vec<Record> = (0..=dice.below(most)).map(|_| dice.record()).collect();
        // Now and then a file comes again, so that imports find and confirm what others gave.
        if let Some(before) = again.filter(|_| dice.percent(25)) {
            records = before;
        }
        steps.push(Step::Import(records, dice.plan()));
        imports += 1;
        standing.push(imports);
    }
    steps
}
