//! Server functions of the Imports page: the list, one import, and the rows that its numbers count.

use alta_domain::{ImportDetail, ImportEntry, ImportId, LedgerPlace, LedgerRow, ProblemCode};
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// The largest number of imports in one answer.
pub const IMPORTS: u64 = 20;
/// The largest number of rows in one answer.
pub const ROWS: u64 = 50;

/// Lists imports, the newest first, in pages: those whose file or account contains `text`, of
/// systems (`true`) or of files (`false`), before the import `before`, which is the last of the
/// previous page.
///
/// # Errors
/// `SignedOut`.
#[server(prefix = "/api", endpoint = "imports", input = Postcard, output = Postcard)]
pub async fn imports(
    text: String,
    of_systems: Option<bool>,
    before: Option<ImportId>,
) -> Result<Vec<ImportEntry>, AppError> {
    use super::caller::{Settings, member, store};
    let catalogue = expect_context::<Settings>().catalogue;
    let filter = alta_store::imports::ImportFilter {
        text,
        of_systems,
        before,
    };
    let mut found = alta_store::imports::all(&store(), &member()?, &filter, IMPORTS).await?;
    name_systems(&catalogue, &mut found);
    Ok(found)
}

/// Reads an import. Its problems and its plan are given only to an Admin.
///
/// # Errors
/// `NotFound`.
#[server(
    name = ReadImport,
    prefix = "/api",
    endpoint = "import",
    input = Postcard,
    output = Postcard,
)]
pub async fn import_detail(import: ImportId) -> Result<ImportDetail, AppError> {
    use super::caller::{Settings, member, store};
    let catalogue = expect_context::<Settings>().catalogue;
    let mut detail = alta_store::imports::detail(&store(), &member()?, import).await?;
    name_systems(&catalogue, std::slice::from_mut(&mut detail.entry));
    Ok(detail)
}

/// Lists the rows behind one number (`place`) of an import's ledger that follow the cursor `after`:
/// contacts, or records that were merged, left out or rejected. Records are for Admins only.
/// `problem` limits them to those with one problem.
///
/// # Errors
/// `NotFound`; `Forbidden` when anyone but an Admin asks for records.
#[server(prefix = "/api", endpoint = "import_rows", input = Postcard, output = Postcard)]
pub async fn import_rows(
    import: ImportId,
    place: LedgerPlace,
    problem: Option<ProblemCode>,
    after: Option<i64>,
) -> Result<Vec<LedgerRow>, AppError> {
    use super::caller::{admin, member, store};
    use alta_store::imports::{contacts_of, records_of};
    Ok(match place {
        LedgerPlace::New | LedgerPlace::Updated | LedgerPlace::Unchanged => {
            contacts_of(&store(), &member()?, import, place, after).await?
        }
        LedgerPlace::Merged | LedgerPlace::Rejected | LedgerPlace::Dropped => {
            records_of(&store(), &admin()?, import, (place, problem), after).await?
        }
    })
}

/// Replaces the slugs of systems with their names. The caller must take the catalogue from its
/// context before its first await, because the context may be gone afterwards.
#[cfg(feature = "ssr")]
pub(super) fn name_systems(catalogue: &alta_connect::Catalogue, entries: &mut [ImportEntry]) {
    for slug in entries.iter_mut().filter_map(|entry| entry.system.as_mut()) {
        if let Some(system) = catalogue.entry(slug) {
            slug.clone_from(&system.name);
        }
    }
}
