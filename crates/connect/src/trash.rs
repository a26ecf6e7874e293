//! Asks for the records that a system has deleted and lists apart.

use std::collections::BTreeSet;

use alta_domain::{FaultKind, SourceRecord, Sourced};
use minijinja::{Value, context};

use crate::fault::Fault;
use crate::manifest::StreamSpec;
use crate::rows::rows;
use crate::session::Session;

/// The most pages of a trash that a run asks for. What is behind them is found by readings of
/// everything.
const MOST_PAGES: u32 = 100;

impl Session {
    /// Returns the records in the trash of a stream after its last page, without those of `listed`,
    /// the page that was asked for just before. Returns none before the last page, and none of a
    /// system that does not let its trash be read.
    pub(crate) async fn trash<T>(
        &mut self,
        stream: &StreamSpec<T>,
        listed: &[Value],
        has_next: bool,
    ) -> Result<Vec<Sourced>, Fault> {
        let Some(trash) = stream.trash.as_ref().filter(|_| !has_next) else {
            return Ok(Vec::new());
        };
        let mut ids = BTreeSet::new();
        for page in 1..=MOST_PAGES {
            let variables = context! { page => page, size => trash.size };
            let answer = match self.ask(&trash.request, &variables, None).await {
                Ok(Some(answer)) => answer,
                Ok(None) => break,
                Err(fault) if is_refusal(fault.kind) => break,
                Err(fault) => return Err(fault),
            };
            let found = rows(&trash.records, &answer)?;
            let before = ids.len();
            ids.extend(found.iter().map(|record| stream.id.text(record)));
            if found.len() < trash.size as usize || ids.len() == before {
                break;
            }
        }
        let listed: BTreeSet<String> = listed.iter().map(|record| stream.id.text(record)).collect();
        let gone = ids
            .into_iter()
            .filter(|id| !id.is_empty() && !listed.contains(id));
        let sourced = |id| Sourced {
            id,
            record: Ok(SourceRecord::Gone),
            raw: String::new(),
        };
        Ok(gone.map(sourced).collect())
    }
}

/// Returns true for faults which say that the request itself is not allowed or not known.
fn is_refusal(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::MissingScope | FaultKind::Unexpected)
}
