//! The server function of the home page.

use alta_domain::Home;
use leptos::prelude::*;
use server_fn::codec::Postcard;

use super::AppError;

/// Reads everything that the home page shows.
///
/// # Errors
/// `SignedOut`.
#[server(name = ReadHome, prefix = "/api", endpoint = "home", input = Postcard, output = Postcard)]
pub async fn home() -> Result<Home, AppError> {
    use super::caller::{Settings, member, store};
    use alta_domain::SystemEntry;
    let catalogue = expect_context::<Settings>().catalogue;
    let (mut home, choice) = alta_store::home::home(&store(), member()?).await?;
    super::import_page::name_systems(&catalogue, &mut home.earlier_imports);
    home.systems.extend(
        choice
            .slugs
            .iter()
            .filter_map(|slug| catalogue.entry(slug))
            .cloned(),
    );
    let typed = |name: String| SystemEntry {
        slug: String::new(),
        name,
        kind: "service".to_owned(),
        featured: false,
        connects: false,
        tested_real: false,
    };
    home.systems.extend(choice.others.into_iter().map(typed));
    Ok(home)
}
