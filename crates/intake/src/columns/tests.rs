use super::*;
use alta_domain::BuiltInField as F;

fn fields(columns: &[(&str, &[&str])]) -> Vec<Option<F>> {
    let columns: Vec<Column<'_>> = columns
        .iter()
        .map(|(header, values)| Column {
            header,
            values: values.to_vec(),
        })
        .collect();
    guess(&columns, Country::BRAZIL, 2026)
        .into_iter()
        .map(|guess| guess.field)
        .collect()
}

#[test]
fn names_in_three_languages_are_known() {
    for (name, field) in [
        ("Celular", F::Phone),
        ("TELÉFONO MÓVIL", F::Phone),
        ("Correo electrónico", F::Email),
        ("E-mail principal", F::Email),
        ("Nome completo", F::Name),
        ("Apellidos", F::LastName),
        ("Data de nascimento", F::BirthDate),
        ("CPF/CNPJ", F::TaxId),
        ("Cidade", F::City),
        ("Zip code", F::PostalCode),
        ("Observações", F::Notes),
        ("Celular do cliente", F::Phone),
    ] {
        assert_eq!(
            field_of_name(name).map(|(field, _)| field),
            Some(field),
            "{name}"
        );
    }
    assert!(field_of_name("Nº do pedido").is_none());
}

#[test]
fn values_decide_when_the_name_does_not() {
    let found = fields(&[
        ("foo", &["51999999999", "51988888888"]),
        ("bar", &["ana@example.com"]),
        ("baz", &["x", "y"]),
    ]);
    assert_eq!(found, [Some(F::Phone), Some(F::Email), None]);
}

#[test]
fn counts_of_days_under_the_name_of_a_day_are_days() {
    let kind = |header, values: &[&str]| {
        let column = Column {
            header,
            values: values.to_vec(),
        };
        guess(&[column], Country::BRAZIL, 2026)[0].kind
    };
    assert_eq!(kind("Fecha de alta", &["45291", "44927"]), ColumnKind::Date);
    assert_eq!(kind("Data", &["12", "7"]), ColumnKind::Number);
    assert_eq!(kind("Pedidos", &["45291", "44927"]), ColumnKind::Number);
}

#[test]
fn values_are_believed_over_a_name_that_contradicts_them() {
    assert_eq!(
        fields(&[("Telefone", &["ana@example.com", "bia@example.com"])]),
        [Some(F::Email)]
    );
}

#[test]
fn mobile_and_landline_are_told_apart() {
    let found = fields(&[
        ("Telefone", &["5133334444", "5133335555"]),
        ("Celular", &["51999999999"]),
    ]);
    assert_eq!(found, [Some(F::Landline), Some(F::Phone)]);
    assert_eq!(
        fields(&[("Telefone", &["5133334444"])]),
        [Some(F::Phone)],
        "the only phone column is the phone"
    );
}

#[test]
fn a_bare_name_beside_a_last_name_is_the_first_name() {
    assert_eq!(
        fields(&[("Nombre", &["Ana"]), ("Apellido", &["Silva"])]),
        [Some(F::FirstName), Some(F::LastName)]
    );
    assert_eq!(fields(&[("Nombre", &["Ana Silva"])]), [Some(F::Name)]);
}

#[test]
fn each_field_is_suggested_once() {
    assert_eq!(
        fields(&[
            ("email", &["a@example.com"]),
            ("e-mail", &["b@example.com"])
        ]),
        [Some(F::Email), None]
    );
}

#[test]
fn a_flag_beside_the_real_column_does_not_take_its_field() {
    for (flag, values, header, field) in [
        ("Email Marketing", ["yes", "no"], "Email", F::Email),
        ("E-mail válido?", ["sim", "não"], "E-mail", F::Email),
        ("Telefone verificado", ["sim", "não"], "Telefone", F::Phone),
        (
            "Tipo de telefone",
            ["casa", "trabalho"],
            "Telefone 1",
            F::Phone,
        ),
        (
            "Phone 1 - Type",
            ["Mobile", "Work"],
            "Phone 1 - Value",
            F::Phone,
        ),
        ("Número", ["12", "345"], "Celular", F::Phone),
        (
            "Cidade de nascimento",
            ["Rio", "Recife"],
            "Data nasc",
            F::BirthDate,
        ),
    ] {
        let real = if field == F::Email {
            ["a@x.co", "b@x.co"]
        } else if field == F::Phone {
            ["11987654321", "11987654322"]
        } else {
            ["31/12/1990", "01/02/1991"]
        };
        assert_eq!(
            fields(&[(flag, &values), (header, &real)])[1],
            Some(field),
            "{flag}"
        );
    }
    assert_eq!(
        fields(&[("Número", &["12", "345"]), ("Celular", &["11987654321"])])[0],
        None
    );
    assert_eq!(
        fields(&[("E-mail", &[]), ("E-mail 2", &["a@x.co"])]),
        [None, Some(F::Email)]
    );
}

#[test]
fn a_contact_is_a_person_or_a_phone_by_its_values() {
    let people = fields(&[
        ("Empresa", &["ACME"]),
        ("Contato", &["Ana Silva"]),
        ("Telefone", &["11987654321"]),
    ]);
    assert_eq!(people, [Some(F::Company), Some(F::Name), Some(F::Phone)]);
    assert_eq!(fields(&[("Contato", &["11987654321"])]), [Some(F::Phone)]);
}

#[test]
fn the_column_named_for_mobiles_is_the_mobile() {
    for named in ["Celular", "WhatsApp", "Telefone celular"] {
        let found = fields(&[("Telefone", &["11987654320"]), (named, &["11987654321"])]);
        assert_eq!(found, [Some(F::Landline), Some(F::Phone)], "{named}");
    }
    assert_eq!(
        fields(&[("Celular", &[]), ("Telefone", &["11987654320"])]),
        [None, Some(F::Phone)]
    );
    assert_eq!(
        fields(&[("Telefone fixo", &["1133334444"])]),
        [Some(F::Landline)]
    );
    assert_eq!(
        fields(&[("Celular", &[]), ("Fixo", &["1133334444"])]),
        [Some(F::Phone), Some(F::Landline)]
    );
}

#[test]
fn whole_names_and_their_parts_are_told_apart() {
    assert_eq!(
        fields(&[
            ("Name", &["Ana Silva"]),
            ("Given Name", &["Ana"]),
            ("Family Name", &["Silva"])
        ]),
        [Some(F::Name), Some(F::FirstName), Some(F::LastName)]
    );
    assert_eq!(
        fields(&[("Nombre y apellidos", &["Ana Silva"])]),
        [Some(F::Name)]
    );
    assert_eq!(
        fields(&[("FNAME", &["Ana"]), ("LNAME", &["Silva"])]),
        [Some(F::FirstName), Some(F::LastName)]
    );
}

#[test]
fn a_file_that_holds_phones_is_not_said_to_hold_none() {
    assert_eq!(
        fields(&[("", &["12345", "21987654321"]), ("", &["Ana", "Beto"])]),
        [Some(F::Phone), None]
    );
    assert_eq!(
        fields(&[("Foo", &["x"]), ("Bar", &["12345", "x", "ana@example.com"])]),
        [None, Some(F::Email)]
    );
    assert_eq!(
        fields(&[("Pedido", &["1000001", "1000002"])]),
        [None],
        "seven digits in a row are no phone of the country"
    );
}
