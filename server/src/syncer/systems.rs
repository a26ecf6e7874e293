//! The systems that can be connected, and the client for requests to these systems.

use std::sync::Arc;

use alta_connect::{Catalogue, Http};

use crate::config::Config;

/// The catalogue of systems and the HTTP client for them.
#[derive(Clone)]
pub struct Systems {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) http: Http,
}

impl Systems {
    /// Reads the catalogue: the built-in manifests and those of the data directory. A manifest
    /// that cannot be read is logged and left out.
    ///
    /// # Errors
    /// When the machine has no TLS.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let catalogue = Catalogue::new(Some(&config.data.join("systems")));
        for custom in catalogue.custom() {
            if let Err(message) = &custom.read {
                let file = custom.file.display();
                tracing::error!(%file, "a manifest can't be read: {message}");
            }
        }
        Ok(Self {
            catalogue: Arc::new(catalogue),
            http: Http::new(config.system_limits())?,
        })
    }
}
