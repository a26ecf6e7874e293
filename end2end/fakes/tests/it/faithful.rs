//! The fakes behave as the vendors do, seen over HTTP.

use std::collections::BTreeMap;

use alta_fakes::credentials;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::fakes::{
    Fakes, Ids, both, cell, ids, json_of, microvix_all, microvix_sales, pair, rows, text,
};

/// The moment from which on nothing seeded was changed.
const SINCE: &str = "2026-11-20 00:00:00";

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

#[tokio::test]
async fn bling_lists_until_nothing_comes() {
    let fakes = Fakes::start(1000).await;
    let token = text(&fakes.bling().await["access_token"]);
    let get = |path: String| {
        fakes
            .get(&format!("/bling/Api/v3/{path}"))
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
    let get = |token: &str| both(fakes.get("/bling/Api/v3/contatos").bearer_auth(token));
    assert_eq!(get("none").await.1["error"]["type"], "invalid_token");
    let wrong = fakes
        .post("/bling/Api/v3/oauth/token")
        .basic_auth("bling-client", Some("wrong"))
        .form(&[("grant_type", "refresh_token")]);
    assert_eq!(both(wrong).await.0, StatusCode::UNAUTHORIZED);
    let (access, refresh) = pair(&fakes.bling().await);
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

#[tokio::test]
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
        // Only the detail tells who is a supplier.
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

#[tokio::test]
async fn microvix_refuses_with_200() {
    let fakes = Fakes::start(1).await;
    let bad = fakes.microvix("LinxLojas", "other", &[]).await;
    assert!(
        bad.contains("<ResponseSuccess>False</ResponseSuccess>")
            && bad.contains("Chave de acesso inválida."),
        "{bad}"
    );
    let unknown = fakes
        .microvix(
            "LinxProdutosDetalhes",
            credentials::MICROVIX_KEY,
            &[("timestamp", "0"), ("nada", "1")],
        )
        .await;
    assert!(
        unknown.contains("<Message>O parametro é inválido.</Message>"),
        "{unknown}"
    );
    let dateless = fakes
        .microvix(
            "LinxProdutos",
            credentials::MICROVIX_KEY,
            &[("timestamp", "0")],
        )
        .await;
    assert!(dateless.contains("<ResponseSuccess>False</ResponseSuccess>"));
    let stores = rows(
        &fakes
            .microvix("LinxLojas", credentials::MICROVIX_KEY, &[])
            .await,
    );
    assert_eq!(cell(&stores[0], "cnpj_emp"), credentials::MICROVIX_CNPJ);
    assert_eq!(
        rows(
            &fakes
                .microvix("LinxPedidosVenda", credentials::MICROVIX_KEY, &[])
                .await
        )
        .len(),
        0
    );
}

const WINDOW: [(&str, &str); 2] = [("data_inicial", "2000-01-01"), ("data_fim", "2030-01-01")];

#[tokio::test]
async fn microvix_pages_by_cursor() {
    let fakes = Fakes::start(1).await;
    for inclusive in [false, true] {
        // So few rows a page cut sales in two.
        fakes
            .control("microvix/page", json!({"rows": 31, "inclusive": inclusive}))
            .await;
        let (movements, _) = microvix_all(&fakes, "LinxMovimento", &WINDOW, 0).await;
        let truth = fakes.whole_truth("microvix").await;
        let truth = truth["transactions"].as_array().unwrap().iter();
        let wanted: BTreeMap<String, (String, i64)> = truth
            .map(|sale| {
                (
                    text(&sale["id"]),
                    (text(&sale["status"]), sale["total"].as_i64().unwrap()),
                )
            })
            .collect();
        assert!(
            microvix_sales(&movements) == wanted,
            "inclusive: {inclusive}"
        );
    }
    fakes.control("microvix/page", json!({"rows": 5000})).await;
    let days = [
        ("dt_update_inicio", "2000-01-01"),
        ("dt_update_fim", "2030-01-01"),
    ];
    let (movements, sold) = microvix_all(&fakes, "LinxMovimento", &WINDOW, 0).await;
    let (clients, met) = microvix_all(&fakes, "LinxClientesFornec", &[], 0).await;
    let (products, made) = microvix_all(&fakes, "LinxProdutos", &days, 0).await;
    let is_client = |row: &Vec<(String, String)>| {
        matches!(cell(row, "tipo_cadastro"), "C" | "A") && cell(row, "cliente_anonimo") == "False"
    };
    let codes = |rows: &[Vec<(String, String)>], name: &str| {
        rows.iter()
            .map(|row| cell(row, name).to_owned())
            .collect::<Ids>()
    };
    let real: Vec<_> = clients.into_iter().filter(is_client).collect();
    assert_eq!(
        codes(&real, "cod_cliente"),
        fakes.truth("microvix", "contacts").await
    );
    assert_eq!(
        codes(&products, "cod_produto"),
        fakes.truth("microvix", "products").await
    );
    assert!(movements.len() > 250);
    let changed = fakes.change("microvix").await;
    let (clients, _) = microvix_all(&fakes, "LinxClientesFornec", &[], met).await;
    let (movements, _) = microvix_all(&fakes, "LinxMovimento", &WINDOW, sold).await;
    let (products, _) = microvix_all(&fakes, "LinxProdutos", &days, made).await;
    assert_eq!(
        codes(&clients, "cod_cliente"),
        ids(&changed["contacts"], "")
    );
    assert_eq!(
        codes(&movements, "identificador"),
        ids(&changed["transactions"], "")
    );
    assert_eq!(
        codes(&products, "cod_produto"),
        ids(&changed["products"], "")
    );
}

#[tokio::test]
async fn wbuy_lists_by_offset_and_count() {
    let fakes = Fakes::start(1).await;
    assert_eq!(
        both(fakes.get("/wbuy/api/v1/customer/").bearer_auth("bm8="))
            .await
            .0,
        StatusCode::UNAUTHORIZED
    );
    for (list, path) in [
        ("contacts", "customer/"),
        ("transactions", "order/"),
        ("products", "product/"),
    ] {
        let mut found = Ids::new();
        for offset in [0, 100, 200, 300] {
            let body = json_of(fakes.wbuy(&format!("{path}?limit={offset},100"))).await;
            found.extend(ids(&body["data"], "id"));
            assert!(offset < 300 || body["data"] == json!([]));
        }
        assert_eq!(found, fakes.truth("wbuy", list).await);
    }
    let changed = fakes.change("wbuy").await;
    let body =
        json_of(fakes.wbuy("order/?periodo_inicial=2026-11-20&order=data,desc&complete=1")).await;
    let new = ids(&body["data"], "id");
    // Orders are filtered by their own day, so that a change of an old one does not show.
    assert!(new.len() == 3 && new.is_subset(&ids(&changed["transactions"], "")));
    assert!(body["data"][0]["produtos"].is_array());
    let used = json_of(fakes.get("/control/wbuy/stats")).await["requests"]
        .as_u64()
        .unwrap();
    // The first request had no credential and does not count against the limit.
    for _ in used - 1..100 {
        assert_eq!(
            fakes.wbuy("product/stock/").send().await.unwrap().status(),
            StatusCode::OK
        );
    }
    assert_eq!(
        fakes.wbuy("product/stock/").send().await.unwrap().status(),
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn totals_add_up() {
    let fakes = Fakes::start(1).await;
    for system in ["omie", "bling", "tiny", "tiny2", "microvix", "wbuy"] {
        let truth = fakes.whole_truth(system).await;
        for sale in truth["transactions"].as_array().unwrap() {
            let lines: i64 = sale["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line["total"].as_i64().unwrap())
                .sum();
            let amount = |name: &str| sale[name].as_i64().unwrap();
            let discount = if matches!(system, "omie" | "microvix") {
                0
            } else {
                amount("discount")
            };
            assert_eq!(
                amount("total"),
                lines - discount + amount("freight"),
                "{system} {sale}"
            );
        }
    }
}

#[tokio::test]
async fn faults_come_as_often_as_planned() {
    let fakes = Fakes::start(1).await;
    fakes
        .control(
            "wbuy/faults",
            json!({"too_many": 1, "error": 1, "half": 1, "html": 1, "slow": 1, "slow_seconds": 1}),
        )
        .await;
    let get = || fakes.wbuy("customer/").send();
    assert_eq!(get().await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        get().await.unwrap().status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    let started = std::time::Instant::now();
    assert_eq!(get().await.unwrap().status(), StatusCode::OK);
    assert!(started.elapsed().as_secs() >= 1);
    let half = get().await.unwrap();
    assert_eq!(half.status(), StatusCode::OK);
    assert!(half.content_length().unwrap() > 1000 && half.bytes().await.is_err());
    let page = get().await.unwrap();
    assert_eq!(
        (
            page.status(),
            page.headers()["content-type"].to_str().unwrap()
        ),
        (StatusCode::BAD_GATEWAY, "text/html; charset=utf-8")
    );
    assert_eq!(get().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn churn_shifts_pages() {
    let fakes = Fakes::start(1).await;
    fakes.control("wbuy/churn", json!({"every": 1})).await;
    let page = |offset: usize| {
        let request = fakes.wbuy(&format!("customer/?limit={offset},100"));
        async move { ids(&json_of(request).await["data"], "id") }
    };
    let mut seen = 0;
    let mut found = Ids::new();
    for offset in [0, 100, 200] {
        let ids = page(offset).await;
        seen += ids.len();
        found.extend(ids);
    }
    assert!(
        seen > found.len(),
        "a record that slid behind the page comes twice"
    );
    fakes.control("wbuy/churn", json!({"every": 0})).await;
    assert_eq!(fakes.truth("wbuy", "contacts").await.len(), 233);
}
