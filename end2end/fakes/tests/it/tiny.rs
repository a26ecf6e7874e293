//! The fake of Tiny, API v3 and v2, behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, ids, json_of, pair};
use reqwest::StatusCode;
use serde_json::json;

/// The moment after which no seeded record was changed.
const SINCE: &str = "2026-11-20 00:00:00";

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
async fn tiny_lists_by_offset() {
    let fakes = Fakes::start(100).await;
    assert_eq!(
        both(fakes.get("/tiny/public-api/v3/info").bearer_auth("none"))
            .await
            .0,
        StatusCode::UNAUTHORIZED
    );
    let (access, refresh) = pair(&fakes.tiny().await);
    let get = |path: String| {
        fakes
            .get(&format!("/tiny/public-api/v3/{path}"))
            .bearer_auth(&access)
    };
    for (list, path) in [
        ("contacts", "contatos"),
        ("transactions", "pedidos"),
        ("products", "produtos"),
    ] {
        let mut found = Ids::new();
        for offset in [0, 100, 200, 300] {
            let body = json_of(get(format!("{path}?limit=100&offset={offset}"))).await;
            found.extend(ids(&body["itens"], "id"));
            assert!(offset < 300 || body["itens"] == json!([]));
        }
        let truth = fakes.truth("tiny", list).await;
        // Only the detail shows who is a supplier.
        for id in found.difference(&truth) {
            assert_eq!(
                json_of(get(format!("contatos/{id}"))).await["tipos"],
                json!([{"id": 2, "descricao": "Fornecedor"}])
            );
        }
        assert!(found.is_superset(&truth) && (list == "contacts" || found == truth));
    }
    let changed = fakes.change("tiny").await;
    for (list, path) in [
        ("contacts", "contatos?dataAtualizacao"),
        ("transactions", "pedidos?dataAtualizacao"),
        ("products", "produtos?dataAlteracao"),
    ] {
        assert_eq!(
            ids(
                &json_of(get(format!("{path}={SINCE}"))).await["itens"],
                "id"
            ),
            ids(&changed[list], "")
        );
    }
    assert_eq!(
        both(get("contatos?dataAtualizacao=ontem".into())).await.1["detalhes"][0]["campo"],
        "dataAtualizacao"
    );
    for _ in 0..2 {
        assert_eq!(
            fakes
                .tiny_token(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)])
                .await
                .0,
            StatusCode::OK
        );
    }
    let (status, body) = fakes
        .tiny_token(&[
            ("grant_type", "authorization_code"),
            ("code", "x"),
            ("redirect_uri", "y"),
        ])
        .await;
    assert_eq!(
        (status, body["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_grant"))
    );
}

#[tokio::test]
async fn tiny_tells_its_limit() {
    let fakes = Fakes::start(1).await;
    let (access, _) = pair(&fakes.tiny().await);
    let get = || {
        fakes
            .get("/tiny/public-api/v3/info")
            .bearer_auth(&access)
            .send()
    };
    for left in (0..60).rev() {
        let response = get().await.unwrap();
        assert_eq!(
            (
                response.status(),
                response.headers()["x-ratelimit-remaining"]
                    .to_str()
                    .unwrap()
            ),
            (StatusCode::OK, &*left.to_string())
        );
    }
    let response = get().await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key("retry-after"));
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
async fn tiny2_says_everything_with_200() {
    let fakes = Fakes::start(100).await;
    let bad = fakes
        .post("/tiny2/api2/info.php")
        .form(&[("token", "wrong"), ("formato", "json")]);
    assert_eq!(json_of(bad).await["retorno"]["codigo_erro"], 2);
    for (list, service, one) in [
        ("contacts", "contatos", "contato"),
        ("transactions", "pedidos", "pedido"),
        ("products", "produtos", "produto"),
    ] {
        let (mut found, mut page) = (Ids::new(), 1);
        loop {
            let body = fakes
                .tiny2(
                    &format!("{service}.pesquisa"),
                    &[("pesquisa", ""), ("pagina", &page.to_string())],
                )
                .await;
            if body["status"] == "Erro" {
                assert_eq!(body["codigo_erro"], 23);
                break;
            }
            found.extend(ids(&body[service], &format!("{one}/id")));
            page += 1;
        }
        let truth = fakes.truth("tiny2", list).await;
        for id in found.difference(&truth) {
            let body = fakes.tiny2("contato.obter", &[("id", id)]).await;
            assert_eq!(
                body["contato"]["tipos_contato"],
                json!([{"tipo": "Fornecedor"}])
            );
        }
        assert!(found.is_superset(&truth) && (list == "contacts" || found == truth));
    }
    let since = "20/11/2026 00:00:00";
    let empty = fakes
        .tiny2(
            "contatos.pesquisa",
            &[("pesquisa", ""), ("dataMinimaAtualizacao", since)],
        )
        .await;
    assert_eq!(
        (&empty["codigo_erro"], &empty["status_processamento"]),
        (&json!(20), &json!(2))
    );
    let changed = fakes.change("tiny2").await;
    let contacts = fakes
        .tiny2(
            "contatos.pesquisa",
            &[("pesquisa", ""), ("dataMinimaAtualizacao", since)],
        )
        .await;
    assert_eq!(
        ids(&contacts["contatos"], "contato/id"),
        ids(&changed["contacts"], "")
    );
    let orders = fakes
        .tiny2("pedidos.pesquisa", &[("dataAtualizacao", since)])
        .await;
    assert_eq!(
        ids(&orders["pedidos"], "pedido/id"),
        ids(&changed["transactions"], "")
    );
    let products = fakes
        .tiny2("lista.atualizacoes.produtos", &[("dataAlteracao", since)])
        .await;
    assert_eq!(
        ids(&products["produtos"], "produto/id"),
        ids(&changed["products"], "")
    );
}

#[tokio::test]
async fn tiny2_refuses_one_call_too_many() {
    let fakes = Fakes::start(1).await;
    for _ in 0..30 {
        assert_eq!(fakes.tiny2("info", &[]).await["status"], "OK");
    }
    assert_eq!(fakes.tiny2("info", &[]).await["codigo_erro"], 6);
}
