//! Starts and ends the listeners over one database.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use ecric_model::published::PublishedApp;
use ecric_model::requirement::Role;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::auth::load_apps;
use crate::behaviour::Behaviour;
use crate::clock::Clock;
use crate::errors::ReferenceError;
use crate::files::pki::Pki;
use crate::listener::PatientListener;
use crate::shared::{Node, Parts, Shared};
use crate::store::Store;
use crate::vendors::Vendor;
use crate::{router, vendors};

/// What a server is made from.
pub struct Config {
    /// Roles played.
    pub roles: Vec<Role>,
    /// True to offer the test controls.
    pub test_mode: bool,
    /// Folder of the database; in memory without.
    pub data_dir: Option<PathBuf>,
    /// How it behaves.
    pub behaviour: Behaviour,
    /// Listeners over one database, at least 1.
    pub nodes: usize,
    /// True for one more listener, the last, that does not offer the test controls.
    pub control_free_node: bool,
    /// Real time.
    pub clock: fn() -> OffsetDateTime,
    /// Secret of a new database: serials, page tokens, digests of holders.
    pub seed: [u8; 32],
    /// Applications that may call.
    pub apps: Vec<PublishedApp>,
    /// Wire spoken instead of binding v1.
    pub vendor: Option<Vendor>,
}

/// A running server.
pub struct Server {
    urls: Vec<String>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<std::io::Result<()>>>,
    store: Store,
}

impl Server {
    /// Opens the database and listens; further nodes take free ports beside the first.
    ///
    /// # Errors
    /// When the database or a listener cannot be opened.
    pub async fn start(config: Config, address: SocketAddr) -> Result<Self, ReferenceError> {
        if config.nodes == 0 {
            return Err(ReferenceError::NoNodes);
        }
        let store = Store::open(config.data_dir.as_deref(), &config.behaviour).await?;
        let secret = store.secret(&config.seed).await?;
        let kept = store.clone();
        let shared = Arc::new(Shared::new(Parts {
            roles: config.roles,
            test_mode: config.test_mode,
            apps: load_apps(&config.apps)?,
            behaviour: config.behaviour,
            clock: Clock::new(config.clock),
            store,
            secret,
            pki: Pki::make().map_err(|_| ReferenceError::Keys)?,
        }));
        let (stop, stopped) = watch::channel(false);
        let mut server = Self { urls: Vec::new(), stop, tasks: Vec::new(), store: kept };
        for node in 0..config.nodes + usize::from(config.control_free_node) {
            let wanted = if node == 0 { address } else { SocketAddr::new(address.ip(), 0) };
            let listener =
                TcpListener::bind(wanted).await.map_err(|source| ReferenceError::Listen { address: wanted, source })?;
            let bound = listener.local_addr().map_err(ReferenceError::Serve)?;
            server.urls.push(format!("http://{bound}"));
            let app = match config.vendor {
                None => {
                    let here = Node { number: node, test_mode: shared.test_mode && node < config.nodes };
                    Router::new().fallback(router::handle).with_state((Arc::clone(&shared), here))
                }
                Some(vendor) => Router::new().fallback(vendors::handle).with_state((Arc::clone(&shared), vendor)),
            };
            let listener = PatientListener::new(listener, Arc::clone(&shared));
            let mut stopped = stopped.clone();
            let end = async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            server
                .tasks
                .push(tokio::spawn(async move { axum::serve(listener, app).with_graceful_shutdown(end).await }));
        }
        Ok(server)
    }

    /// Base URLs, one per node, without `/v1`.
    #[must_use]
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// Ends the listeners; connections that stay open are cut.
    pub async fn shutdown(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let ended = tokio::time::timeout(std::time::Duration::from_millis(200), task);
            if let Ok(Ok(Err(error))) = ended.await {
                tracing::warn!(%error, "a listener ended with an error");
            }
        }
        self.store.close().await;
    }
}
