//! The fake of Omie behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, both, ids, json_of, text};
use reqwest::StatusCode;
use serde_json::{Value, json};

const OMIE: [(&str, &str, &str, &str, &str); 3] = [
    (
        "contacts",
        "geral/clientes/",
        "ListarClientes",
        "clientes_cadastro",
        "codigo_cliente_omie",
    ),
    (
        "transactions",
        "produtos/pedido/",
        "ListarPedidos",
        "pedido_venda_produto",
        "cabecalho/codigo_pedido",
    ),
    (
        "products",
        "geral/produtos/",
        "ListarProdutos",
        "produto_servico_cadastro",
        "codigo_produto",
    ),
];

#[tokio::test]
async fn omie_lists_page_by_page() {
    let fakes = Fakes::start(100).await;
    let bad = json!({"call": "ListarClientes", "app_key": "1", "app_secret": "2", "param": [{}]});
    let (status, body) = both(fakes.post("/omie/api/v1/geral/clientes/").json(&bad)).await;
    assert_eq!(
        (status, body["faultcode"].as_str()),
        (StatusCode::FORBIDDEN, Some("SOAP-ENV:Server"))
    );
    let supplier = |row: &Value| {
        row["tags"]
            .as_array()
            .is_some_and(|tags| tags.len() == 1 && tags[0]["tag"] == "Fornecedor")
    };
    for (list, endpoint, call, key, id) in OMIE {
        let (mut found, mut page) = (Ids::new(), 1);
        loop {
            let (status, mut body) = fakes
                .omie(
                    endpoint,
                    call,
                    json!({"pagina": page, "registros_por_pagina": 60}),
                )
                .await;
            if status != StatusCode::OK {
                assert_eq!(
                    (status.as_u16(), body["faultcode"].as_str()),
                    (500, Some("SOAP-ENV:Client-5113"))
                );
                break;
            }
            assert!(body["registros"].as_u64().unwrap() <= 60);
            body[key]
                .as_array_mut()
                .unwrap()
                .retain(|row| !supplier(row));
            found.extend(ids(&body[key], id));
            page += 1;
        }
        assert_eq!(found, fakes.truth("omie", list).await);
    }
    let changed = fakes.change("omie").await;
    for (list, endpoint, call, key, id) in OMIE {
        let since = json!({"pagina": 1, "registros_por_pagina": 100,
                "filtrar_por_data_de": "20/11/2026", "filtrar_por_hora_de": "00:00:00"});
        assert_eq!(
            ids(&fakes.omie(endpoint, call, since).await.1[key], id),
            ids(&changed[list], "")
        );
    }
}

#[tokio::test]
async fn omie_punishes_misuse() {
    let fakes = Fakes::start(1).await;
    let list = |param: Value| fakes.omie("geral/clientes/", "ListarClientes", param);
    let code = |(_, body): (StatusCode, Value)| text(&body["faultcode"]);
    assert_eq!(
        code(list(json!({"pagina": 1, "nada": 1})).await),
        "SOAP-ENV:Client-5001"
    );
    assert_eq!(list(json!({"pagina": 1})).await.0, StatusCode::OK);
    let (status, body) = list(json!({"pagina": 1})).await;
    assert_eq!(
        (status, text(&body["faultcode"])),
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            "SOAP-ENV:Client-6".into()
        )
    );
    assert!(text(&body["faultstring"]).contains("(REDUNDANT)"));
    let five = tokio::join!(
        fakes.omie("geral/produtos/", "ListarProdutos", json!({"pagina": 1})),
        fakes.omie("geral/produtos/", "ListarProdutos", json!({"pagina": 2})),
        fakes.omie("geral/produtos/", "ListarProdutos", json!({"pagina": 3})),
        fakes.omie("geral/produtos/", "ListarProdutos", json!({"pagina": 4})),
        fakes.omie("geral/produtos/", "ListarProdutos", json!({"pagina": 5})),
    );
    let codes = [five.0, five.1, five.2, five.3, five.4].map(code);
    assert_eq!(
        codes
            .iter()
            .filter(|code| *code == "SOAP-ENV:Client-1880")
            .count(),
        1
    );
    for _ in 0..7 {
        assert_eq!(code(list(json!({"pagina": 1})).await), "SOAP-ENV:Client-6");
    }
    assert_eq!(list(json!({"pagina": 1})).await.0, StatusCode::TOO_EARLY);
    assert_eq!(list(json!({"pagina": 2})).await.0, StatusCode::TOO_EARLY);
}

#[tokio::test]
async fn omie_refuses_one_call_too_many() {
    let fakes = Fakes::start(1).await;
    let ask = |page: u32| {
        fakes.omie(
            "geral/clientes/",
            "ListarClientes",
            json!({"pagina": page, "registros_por_pagina": 1}),
        )
    };
    for page in (1..=240).step_by(4) {
        let (one, two, three, four) =
            tokio::join!(ask(page), ask(page + 1), ask(page + 2), ask(page + 3));
        assert!(
            [one, two, three, four]
                .iter()
                .all(|(status, _)| *status != StatusCode::TOO_MANY_REQUESTS)
        );
    }
    assert_eq!(
        fakes
            .omie("geral/clientes/", "ListarClientes", json!({"pagina": 999}))
            .await
            .0,
        StatusCode::TOO_MANY_REQUESTS
    );
    let stats = json_of(fakes.get("/control/omie/stats")).await;
    assert_eq!(
        (
            stats["over_limit"].as_u64(),
            stats["by_call"]["ListarClientes"].as_u64()
        ),
        (Some(1), Some(241))
    );
}
