//! The fake of Bling behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, ids, json_of, pair, text};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn bling_lists_until_nothing_comes() {
    let fakes = Fakes::start(1000).await;
    let token = text(&fakes.bling().await["access_token"]);
    let get = |path: String| {
        fakes
            .get(&format!("/bling/Api/v3/{path}"))
            .header("enable-jwt", "1")
            .bearer_auth(&token)
    };
    for (list, path) in [
        ("contacts", "contatos?criterio=1&idTipoContato=14500000001"),
        ("transactions", "pedidos/vendas?"),
        ("products", "produtos?criterio=5"),
    ] {
        let (mut found, mut page) = (Ids::new(), 1);
        loop {
            let body = json_of(get(format!("{path}&pagina={page}&limite=500"))).await;
            let rows = ids(&body["data"], "id");
            if rows.is_empty() {
                break;
            }
            assert!(rows.len() <= 100);
            found.extend(rows);
            page += 1;
        }
        assert_eq!(found, fakes.truth("bling", list).await);
    }
    let changed = fakes.change("bling").await;
    let today = text(&json_of(fakes.get("/control/bling/stats")).await["today"]);
    for (list, path) in [
        ("contacts", "contatos"),
        ("transactions", "pedidos/vendas"),
        ("products", "produtos"),
    ] {
        let body = json_of(get(format!(
            "{path}?dataAlteracaoInicial={today} 00:00:00&dataAlteracaoFinal={today} 23:59:59"
        )))
        .await;
        assert_eq!(ids(&body["data"], "id"), ids(&changed[list], ""));
    }
    assert_eq!(
        both(get(
            "contatos?dataAlteracaoInicial=2020-01-01 00:00:00".into()
        ))
        .await
        .0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        both(get("contatos/1".into())).await.1["error"]["type"],
        "RESOURCE_NOT_FOUND"
    );
}

#[tokio::test]
async fn bling_guards_its_tokens_and_its_rate() {
    let fakes = Fakes::start(1).await;
    let contacts = |token: &str| fakes.get("/bling/Api/v3/contatos").bearer_auth(token);
    let get = |token: &str| both(contacts(token).header("enable-jwt", "1"));
    assert_eq!(get("none").await.1["error"]["type"], "invalid_token");
    let wrong = fakes
        .post("/bling/Api/v3/oauth/token")
        .basic_auth("bling-client", Some("wrong"))
        .form(&[("grant_type", "refresh_token")]);
    assert_eq!(both(wrong).await.0, StatusCode::UNAUTHORIZED);
    let (access, refresh) = pair(&fakes.bling().await);
    let without_jwt = both(contacts(&access)).await.1;
    assert_eq!(without_jwt["error"]["type"], "invalid_token");
    let four = tokio::join!(get(&access), get(&access), get(&access), get(&access));
    let refused: Vec<_> = [four.0, four.1, four.2, four.3]
        .into_iter()
        .filter(|(status, _)| *status != StatusCode::OK)
        .collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (refused[0].0, refused[0].1["error"]["period"].as_str()),
        (StatusCode::TOO_MANY_REQUESTS, Some("second"))
    );
    fakes.control("bling/faults", json!({"expired": 1})).await;
    assert_eq!(get(&access).await.0, StatusCode::UNAUTHORIZED);
    let (status, renewed) = fakes
        .bling_token(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)])
        .await;
    assert_eq!(status, StatusCode::OK);
    let (status, body) = fakes
        .bling_token(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)])
        .await;
    assert_eq!(
        (status, body["error"]["type"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_grant"))
    );
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(get(&pair(&renewed).0).await.0, StatusCode::OK);
}
