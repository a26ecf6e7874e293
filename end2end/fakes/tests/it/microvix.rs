//! The fake of Linx Microvix behaves as the vendor does, seen over HTTP.

use crate::fakes::{Fakes, Ids, cell, ids, microvix_all, microvix_sales, rows, text};
use alta_fakes::credentials;
use serde_json::json;
use std::collections::BTreeMap;

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
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
async fn microvix_pages_by_cursor() {
    let fakes = Fakes::start(1).await;
    for inclusive in [false, true] {
        // With so few rows a page, sales are cut in two.
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
