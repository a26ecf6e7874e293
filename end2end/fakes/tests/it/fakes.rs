//! Runs the fakes within a test, and reads their answers.

use std::collections::{BTreeMap, BTreeSet};

use alta_fakes::{Settings, credentials, router};
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// The fakes of all systems, on a free port.
pub(crate) struct Fakes {
    base: String,
    client: Client,
}

/// The ids of records, as text.
pub(crate) type Ids = BTreeSet<String>;

impl Fakes {
    pub(crate) async fn start(speed: u32) -> Self {
        // When the workspace gives reqwest TLS, reqwest needs a provider, used or not.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let fakes = router(&Settings {
            contacts: 230,
            transactions: 250,
            products: 120,
            seed: 7,
            speed,
        });
        tokio::spawn(async move { axum::serve(listener, fakes).await });
        Self {
            base,
            client: Client::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base))
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        json_of(self.post(&format!("/control/{path}")).json(&body)).await
    }

    pub(crate) async fn whole_truth(&self, system: &str) -> Value {
        json_of(self.get(&format!("/control/{system}/truth"))).await
    }

    pub(crate) async fn truth(&self, system: &str, list: &str) -> Ids {
        ids(&self.whole_truth(system).await[list], "id")
    }

    pub(crate) async fn change(&self, system: &str) -> Value {
        self.control(
            &format!("{system}/change"),
            json!({"contacts": 4, "transactions": 3, "products": 2}),
        )
        .await
    }

    pub(crate) async fn omie(
        &self,
        endpoint: &str,
        call: &str,
        param: Value,
    ) -> (StatusCode, Value) {
        let body = json!({"call": call, "app_key": credentials::OMIE_APP_KEY,
                "app_secret": credentials::OMIE_APP_SECRET, "param": [param]});
        both(self.post(&format!("/omie/api/v1/{endpoint}")).json(&body)).await
    }

    pub(crate) async fn tiny2(&self, service: &str, more: &[(&str, &str)]) -> Value {
        let mut form = vec![("token", credentials::TINY2_TOKEN), ("formato", "json")];
        form.extend(more);
        json_of(self.post(&format!("/tiny2/api2/{service}.php")).form(&form)).await["retorno"]
            .take()
    }

    pub(crate) async fn microvix(&self, method: &str, key: &str, more: &[(&str, &str)]) -> String {
        let mut parameters = vec![("chave", key), ("cnpjEmp", credentials::MICROVIX_CNPJ)];
        parameters.extend(more);
        let parameters: Vec<String> = parameters
            .iter()
            .map(|(id, value)| format!("<Parameter id=\"{id}\">{value}</Parameter>"))
            .collect();
        let parameters = parameters.concat();
        let body = format!(
            "<LinxMicrovix><Authentication user=\"linx_export\" \
             password=\"linx_export\"/><ResponseFormat>xml</ResponseFormat>\
             <Command><Name>{method}</Name>\
             <Parameters>{parameters}</Parameters></Command></LinxMicrovix>"
        );
        let response = self
            .post("/microvix/1.0/api/integracao")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    }

    pub(crate) fn wbuy(&self, path: &str) -> RequestBuilder {
        use base64::Engine;
        let pair = format!("{}:{}", credentials::WBUY_USER, credentials::WBUY_PASSWORD);
        self.get(&format!("/wbuy/api/v1/{path}"))
            .bearer_auth(base64::prelude::BASE64_STANDARD.encode(pair))
    }

    /// Goes through the consent page of an OAuth vendor. Returns the address to which the browser
    /// is sent.
    pub(crate) async fn decide(&self, path: &str, decision: &str) -> String {
        let page = self.get(path).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        let page = page.text().await.unwrap();
        assert!(page.contains("id=\"approve\"") && page.contains("id=\"deny\""));
        let sent = self
            .post(path)
            .form(&[("decision", decision)])
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status(), StatusCode::FOUND);
        sent.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    pub(crate) async fn bling_token(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let request = self
            .post("/bling/Api/v3/oauth/token")
            .header("enable-jwt", "1");
        both(
            request
                .basic_auth(
                    credentials::BLING_CLIENT_ID,
                    Some(credentials::BLING_CLIENT_SECRET),
                )
                .form(form),
        )
        .await
    }

    pub(crate) async fn bling(&self) -> Value {
        self.control("bling/redirect", json!({"uri": "http://app.example/back"}))
            .await;
        let asked = format!(
            "/bling/Api/v3/oauth/authorize?response_type=code&client_id={}&state=s%201",
            credentials::BLING_CLIENT_ID
        );
        let sent = self.decide(&asked, "approve").await;
        assert!(
            sent.starts_with("http://app.example/back?code=") && sent.ends_with("&state=s%201")
        );
        let code = parameter(&sent, "code");
        let (status, tokens) = self
            .bling_token(&[("grant_type", "authorization_code"), ("code", &code)])
            .await;
        assert_eq!(
            (status, tokens["expires_in"].as_u64()),
            (StatusCode::OK, Some(21_600))
        );
        tokens
    }

    pub(crate) async fn tiny_token(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let mut all = vec![
            ("client_id", credentials::TINY_CLIENT_ID),
            ("client_secret", credentials::TINY_CLIENT_SECRET),
        ];
        all.extend(form);
        both(
            self.post("/tiny/realms/tiny/protocol/openid-connect/token")
                .form(&all),
        )
        .await
    }

    pub(crate) async fn tiny(&self) -> Value {
        let redirect = "http://app.example/back";
        let realm = "/tiny/realms/tiny/protocol/openid-connect/auth";
        let asked = format!(
            "{realm}?response_type=code&scope=openid&client_id=tiny-client\
             &redirect_uri={redirect}&state=s"
        );
        assert!(
            self.decide(&asked, "deny")
                .await
                .contains("error=access_denied")
        );
        let code = parameter(&self.decide(&asked, "approve").await, "code");
        let (status, tokens) = self
            .tiny_token(&[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", redirect),
            ])
            .await;
        assert_eq!(
            (status, tokens["refresh_expires_in"].as_u64()),
            (StatusCode::OK, Some(86_400))
        );
        tokens
    }
}

pub(crate) async fn both(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap_or_default())
}

pub(crate) async fn json_of(request: RequestBuilder) -> Value {
    let (status, body) = both(request).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

pub(crate) fn parameter(address: &str, name: &str) -> String {
    let query = address.split_once('?').unwrap().1;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
        .unwrap()
        .to_owned()
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns a header of an answer, or an empty text when there is none.
pub(crate) fn header(response: &Response, name: &str) -> String {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

/// Returns the cents of a number or a text.
pub(crate) fn cents(value: &Value) -> i64 {
    let text = text(value);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}{part:0<2}").parse().unwrap()
}

pub(crate) fn ids(rows: &Value, field: &str) -> Ids {
    let path = if field.is_empty() {
        String::new()
    } else {
        format!("/{field}")
    };
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| text(row.pointer(&path).unwrap()))
        .collect()
}

/// Returns the rows of a Microvix answer, as cells with their names.
pub(crate) fn rows(xml: &str) -> Vec<Vec<(String, String)>> {
    assert!(
        xml.contains("<ResponseSuccess>True</ResponseSuccess>"),
        "{xml}"
    );
    let cells = |line: &str| -> Vec<String> {
        line.replace("<D />", "<D></D>")
            .split("<D>")
            .skip(1)
            .map(|cell| cell.split("</D>").next().unwrap().to_owned())
            .collect()
    };
    let names = xml
        .split("<C>")
        .nth(1)
        .map(|rest| cells(rest.split("</C>").next().unwrap()))
        .unwrap_or_default();
    let lines = xml
        .split("<R>")
        .skip(1)
        .map(|rest| cells(rest.split("</R>").next().unwrap()));
    lines
        .map(|line| names.iter().cloned().zip(line).collect())
        .collect()
}

pub(crate) fn cell<'a>(row: &'a [(String, String)], name: &str) -> &'a str {
    row.iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
        .unwrap()
}

pub(crate) fn pair(tokens: &Value) -> (String, String) {
    (
        text(&tokens["access_token"]),
        text(&tokens["refresh_token"]),
    )
}

/// Returns all rows after a cursor, read page by page, and the last cursor.
pub(crate) async fn microvix_all(
    fakes: &Fakes,
    method: &str,
    more: &[(&str, &str)],
    mut cursor: u64,
) -> (Vec<Vec<(String, String)>>, u64) {
    let mut all = Vec::new();
    loop {
        let from = cursor.to_string();
        let parameters: Vec<(&str, &str)> = more
            .iter()
            .copied()
            .chain([("timestamp", from.as_str())])
            .collect();
        let mut page = rows(
            &fakes
                .microvix(method, credentials::MICROVIX_KEY, &parameters)
                .await,
        );
        let last = page
            .iter()
            .map(|row| cell(row, "timestamp").parse::<u64>().unwrap())
            .max();
        // An inclusive cursor returns its own row again at every request.
        page.retain(|row| cell(row, "timestamp").parse::<u64>().unwrap() > cursor);
        all.extend(page);
        match last {
            Some(last) if last > cursor => cursor = last,
            _ => return (all, cursor),
        }
    }
}

/// Returns the statuses and totals of sales in cents, by the rules of Microvix's own report.
pub(crate) fn microvix_sales(rows: &[Vec<(String, String)>]) -> BTreeMap<String, (String, i64)> {
    let mut sales = BTreeMap::new();
    for row in rows {
        let is = |name: &str, value: &str| cell(row, name) == value;
        let (status, sign) = match cell(row, "operacao") {
            _ if !is("soma_relatorio", "S") || is("tipo_transacao", "J") => continue,
            "S" if is("cancelado", "S") || is("excluido", "S") => ("cancelled", 1),
            "S" => ("invoiced", 1),
            "DS" | "DE" => ("returned", -1),
            "E" if cell(row, "natureza_operacao").starts_with("TROCA ORIUNDA") => ("returned", -1),
            _ => continue,
        };
        let total: i64 = cell(row, "valor_total").replace('.', "").parse().unwrap();
        sales
            .entry(cell(row, "identificador").to_owned())
            .or_insert((status.to_owned(), 0))
            .1 += sign * total / 100;
    }
    sales
}

/// Returns the row whose id is `id`, written as text or as a number.
pub(crate) fn by_id<'a>(rows: &'a Value, id: &str) -> &'a Value {
    rows.as_array()
        .unwrap()
        .iter()
        .find(|row| text(&row["id"]) == id)
        .unwrap()
}
