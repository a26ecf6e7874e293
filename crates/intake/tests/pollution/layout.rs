//! Pollution of the table: headers, trailing delimiters, second tables.

use crate::table::*;

#[test]
fn headers() {
    let with = |names: &str| {
        let names: Vec<&str> = names.split('|').collect();
        [vec![owned(&names)], rows()].concat()
    };
    let long = format!("Celular do cliente {}", "muito ".repeat(60));
    let kinds = [
        "(texto)",
        "(telefone)",
        "(correio)",
        "(data)",
        "(texto)",
        "(reais)",
        "(texto)",
    ];
    let second_line = owned(&kinds);
    for (name, table) in [
        ("none", rows()),
        (
            "repeated further down",
            [&clean()[..40], &[header()], &clean()[40..]].concat(),
        ),
        (
            "of two lines",
            [vec![header(), second_line], rows()].concat(),
        ),
        ("empty names", with("Nome|Celular|E-mail||Cidade|Valor|")),
        (
            "double names",
            with("Nome|Celular|E-mail|Data|Cidade|Valor|Nome"),
        ),
        (
            "a very long name",
            with(&format!("Nome|{long}|E-mail|Nascimento|Cidade|Valor|Obs")),
        ),
        (
            "values for names",
            with("Nome|Celular|E-mail|01/01/2024|Cidade|2023|Obs"),
        ),
        ("unknown names", with("a1|b2|c3|d4|e5|f6|g7")),
    ] {
        yields(name, USUAL.table(&table), &table);
    }
}

#[test]
fn trailing_delimiters_and_second_tables() {
    let lines = |table: &[Vec<String>], end: &str| {
        table
            .iter()
            .map(|row| USUAL.row(row) + end)
            .collect::<String>()
    };
    let second: Table = [
        vec![[header(), owned(&["Loja"])].concat()],
        rows()
            .into_iter()
            .map(|row| [row, owned(&[""])].concat())
            .collect(),
    ]
    .concat();
    yields(
        "a wider table behind",
        lines(&clean(), "\r\n") + &lines(&second, "\r\n"),
        &[clean(), second].concat(),
    );
    let narrower: Table = clean().into_iter().map(|row| row[..6].to_vec()).collect();
    yields(
        "a narrower table behind",
        lines(&clean(), "\r\n") + &lines(&narrower, "\r\n"),
        &[clean(), narrower].concat(),
    );
    let wider: Table = clean()
        .into_iter()
        .map(|row| [row, owned(&[""])].concat())
        .collect();
    yields("in every row", lines(&clean(), ",\r\n"), &wider);
    yields(
        "in the data only",
        lines(&clean()[..1], "\r\n") + &lines(&clean()[1..], ",\r\n"),
        &clean(),
    );
    let second: Table = vec![
        owned(&["Produto", "Preço", "Estoque"]),
        owned(&["Caneta", "1,50", "10"]),
    ];
    yields(
        "a second table",
        USUAL.table(&clean()) + "\r\n" + &USUAL.table(&second),
        &[clean(), second].concat(),
    );
    yields(
        "a footer",
        USUAL.table(&clean()) + "\r\nTotal: 84\r\n",
        &[clean(), vec![owned(&["Total: 84"])]].concat(),
    );
}
