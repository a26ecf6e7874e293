//! The proxies of docs/proxy.md in front of the server, set up as that page says.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use alta_server::config::Config;
use alta_store::account::sessions;
use alta_store::testing::TestDatabase;
use reqwest::header::{HOST, ORIGIN, SET_COOKIE};

use crate::support::{PASSWORD, TestApp};

const PAGE: &str = include_str!("../../../docs/proxy.md");

/// The client's own address, which differs from the proxy's.
const CLIENT: [u8; 4] = [127, 0, 0, 9];

/// A proxy that runs until it is dropped.
struct Proxy {
    child: Child,
    port: u16,
    _directory: tempfile::TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the example of this language, with the address of the server in it.
fn example(language: &str, server: &str) -> String {
    let (_, after) = PAGE.split_once(&format!("```{language}\n")).unwrap();
    let (example, _) = after.split_once("```").unwrap();
    assert!(example.contains("127.0.0.1:3000"), "{example}");
    example.replace("127.0.0.1:3000", server)
}

/// Replaces a part of an example, which must contain it.
fn replaced(example: &str, part: &str, by: &str) -> String {
    assert!(example.contains(part), "{part} is not in {example}");
    example.replace(part, by)
}

/// Returns an example without the lines that contain this text.
fn without(example: &str, text: &str) -> String {
    let lines = example.split_inclusive('\n');
    lines.filter(|line| !line.contains(text)).collect()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts a program with a file, and waits until it listens.
async fn start(program: &str, arguments: &[&str], file: &str, port: u16) -> Proxy {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.conf");
    let file = file.replace("DIRECTORY", directory.path().to_str().unwrap());
    std::fs::write(&path, file).unwrap();
    let debian = PathBuf::from(format!("/usr/sbin/{program}"));
    let program = if debian.exists() {
        debian
    } else {
        program.into()
    };
    let child = Command::new(&program)
        .args(arguments)
        .arg(&path)
        .env("HOME", directory.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", Path::new(&program).display()));
    let proxy = Proxy {
        child,
        port,
        _directory: directory,
    };
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_ok()
        {
            return proxy;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the proxy does not listen");
}

/// Signs in through a proxy. Checks that the server sees the client's address, and neither the
/// proxy's nor one that the client names.
async fn signs_in_through(proxy: Proxy, database: &TestDatabase) {
    let client = reqwest::Client::builder()
        .local_address(Some(CLIENT.into()))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let request = |origin: &'static str| {
        client
            .post(format!("http://127.0.0.1:{}/api/sign_in", proxy.port))
            .header(HOST, "alta.example.com")
            .header(ORIGIN, origin)
            .header("x-forwarded-for", "6.6.6.6")
            .form(&[("email", "admin@example.com"), ("password", PASSWORD)])
            .send()
    };
    let answer = request("https://alta.example.com").await.unwrap();
    assert_eq!(answer.status(), 200);
    let cookies = answer.headers().get_all(SET_COOKIE).iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
    let session = cookies.find(|cookie| cookie.starts_with("__Host-alta="));
    let token = session.and_then(|cookie| cookie.strip_prefix("__Host-alta="));
    let token = token.and_then(|rest| rest.split(';').next()).unwrap();
    let account = sessions::account(&database.store, token).await;
    let account = account.unwrap().unwrap();
    let own = sessions::list(&database.store, &account, token);
    let own = own.await.unwrap();
    assert_eq!(own[0].from.as_deref(), Some("127.0.0.9"));
    let foreign = request("https://evil.example.com").await.unwrap();
    assert_eq!(foreign.status(), 403);
}

/// Serves as docs/proxy.md says; returns the address that proxies pass requests on to.
async fn served(database: &TestDatabase) -> String {
    let config = Config {
        public_url: Some("https://alta.example.com".parse().unwrap()),
        client_address_header: Some("x-forwarded-for".into()),
        trusted_proxies: "127.0.0.1".parse().ok().unwrap(),
        ..Config::default()
    };
    let app = TestApp::serve_set_up(database, &config).await;
    app.base.trim_start_matches("http://").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx() {
    let database = TestDatabase::sqlite().await;
    let port = free_port();
    let example = example("nginx", &served(&database).await);
    let example = replaced(
        &example,
        "listen 443 ssl",
        &format!("listen 127.0.0.1:{port}"),
    );
    let example = without(&example, "ssl_certificate");
    let file = format!(
        "user root;\ndaemon off;\nmaster_process off;\npid DIRECTORY/pid;\n\
         error_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\nclient_body_temp_path DIRECTORY/body;\n\
         proxy_temp_path DIRECTORY/proxy;\nfastcgi_temp_path DIRECTORY/fastcgi;\n\
         uwsgi_temp_path DIRECTORY/uwsgi;\nscgi_temp_path DIRECTORY/scgi;\n{example}}}\n"
    );
    let proxy = start("nginx", &["-e", "stderr", "-c"], &file, port).await;
    signs_in_through(proxy, &database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy() {
    let database = TestDatabase::sqlite().await;
    let port = free_port();
    let example = example("caddyfile", &served(&database).await);
    let address = format!("http://alta.example.com:{port} {{\n    bind 127.0.0.1");
    let example = replaced(&example, "alta.example.com {", &address);
    let file = format!("{{\n    admin off\n    auto_https off\n}}\n{example}");
    let arguments = ["run", "--adapter", "caddyfile", "--config"];
    let proxy = start("caddy", &arguments, &file, port).await;
    signs_in_through(proxy, &database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy() {
    let database = TestDatabase::sqlite().await;
    let port = free_port();
    let example = example("haproxy", &served(&database).await);
    let tls = "bind :443 ssl crt /etc/ssl/alta.example.com.pem";
    let file = replaced(&example, tls, &format!("bind 127.0.0.1:{port}"));
    let proxy = start("haproxy", &["-db", "-q", "-f"], &file, port).await;
    signs_in_through(proxy, &database).await;
}
