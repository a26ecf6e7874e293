use super::*;
use alta_domain::BuiltInField as F;
use alta_domain::{Channel as C, PermissionSense as S};

fn guesses(columns: &[(&str, &[&str])]) -> Vec<Guess> {
    let columns: Vec<Column<'_>> = columns
        .iter()
        .map(|(header, values)| Column {
            header,
            values: values.to_vec(),
        })
        .collect();
    guess(&columns, Country::BRAZIL, 2026)
}

fn fields(columns: &[(&str, &[&str])]) -> Vec<Option<F>> {
    let fields = guesses(columns).into_iter().map(|guess| guess.field);
    fields.collect()
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
fn each_field_but_phones_and_emails_is_suggested_once() {
    assert_eq!(
        fields(&[("Cidade", &["Recife"]), ("Ciudad", &["Lima"])]),
        [Some(F::City), None]
    );
    assert_eq!(
        fields(&[
            ("email", &["a@example.com"]),
            ("e-mail", &["b@example.com"]),
            ("foo", &["c@example.com"]),
            ("E-mail 3", &[]),
        ]),
        [Some(F::Email), Some(F::Email), Some(F::Email), None]
    );
    assert_eq!(
        fields(&[("Email", &[]), ("E-mail 2", &[])]),
        [Some(F::Email), None]
    );
}

#[test]
fn all_columns_of_phones_are_suggested() {
    let (mobile, landline) = (&["11987654321"][..], &["1133334444"][..]);
    let (phone, fixed) = (Some(F::Phone), Some(F::Landline));
    for (columns, wanted) in [
        (
            [
                ("Celular", mobile),
                ("Telefone 2", mobile),
                ("WhatsApp", mobile),
            ],
            [phone, phone, phone],
        ),
        (
            [
                ("Teléfono", landline),
                ("Móvil", mobile),
                ("Teléfono casa", landline),
            ],
            [fixed, phone, fixed],
        ),
        (
            [
                ("Phone 1", mobile),
                ("Phone 2", landline),
                ("Home phone", mobile),
            ],
            [phone, fixed, fixed],
        ),
        (
            [
                ("Telefone", landline),
                ("Fone", landline),
                ("Residencial", landline),
            ],
            [phone, phone, fixed],
        ),
        (
            [("Celular", landline), ("Telefone", landline), ("Fixo", &[])],
            [phone, fixed, None],
        ),
        (
            [("Celular", mobile), ("Celular 2", &[]), ("Fixo", &[])],
            [phone, None, fixed],
        ),
    ] {
        assert_eq!(fields(&columns), wanted, "{columns:?}");
    }
}

#[test]
fn phones_and_emails_of_others_are_left_out() {
    let phones = &["(11) 98765-4321"][..];
    for other in [
        "Telefone do vendedor",
        "Corretor",
        "Teléfono del asesor",
        "Celular - Contato de emergência",
        "Emergency phone",
        "Fax",
    ] {
        assert_eq!(
            fields(&[(other, phones), ("Telefone", phones)]),
            [None, Some(F::Phone)],
            "{other}"
        );
        assert_eq!(fields(&[(other, phones)]), [None], "{other}");
    }
    let mail = &["ana@example.com"][..];
    for other in ["E-mail do corretor", "Correo del vendedor", "Advisor email"] {
        assert_eq!(
            fields(&[(other, mail), ("foo", mail)]),
            [None, Some(F::Email)],
            "{other}"
        );
    }
    assert_eq!(
        fields(&[("Telefone da empresa", phones), ("Celular", phones)]),
        [None, Some(F::Phone)]
    );
    assert_eq!(
        fields(&[("Telefone da empresa", phones), ("E-mail empresa", mail)]),
        [Some(F::Phone), Some(F::Email)]
    );
}

#[test]
fn values_alone_are_phones_when_they_are_written_so_or_are_mobiles() {
    for values in [
        &["11987654321", "5511987654321"],
        &["(11) 3333-4444", "11 3333-5555"],
        &["+57 300 123 4567", "+5491123456789"],
        &["11987654321.0", "11987654322.0"],
    ] {
        assert_eq!(fields(&[("foo", values)]), [Some(F::Phone)], "{values:?}");
    }
    for (name, values) in [
        ("foo", ["1133334444", "1133335555"]),
        ("foo", ["11.98765432", "51.99999999"]),
        ("foo", ["-11987654321", "-51999999999"]),
        ("Pedido", ["11987654321", "51999999999"]),
        ("Order number", ["11987654321", "51999999999"]),
        ("Longitude", ["11987654321", "51999999999"]),
    ] {
        let guess = guesses(&[(name, &values), ("Celular", &["11987654321"])])[0];
        assert_ne!(guess.kind, ColumnKind::Phone, "{name} {values:?}");
        assert_eq!(guess.field, None, "{name} {values:?}");
    }
}

#[test]
fn a_permission_has_no_field_and_takes_none() {
    let phones = &["11987654321", "11987654322"][..];
    let found = guesses(&[
        ("WhatsApp", &["sim", "não"]),
        ("Email", &["yes", "no"]),
        ("Opt out SMS", &["1", "1"]),
        ("Aceita e-mail", &[]),
        ("Telefone", phones),
        ("Zap", phones),
        ("Newsletter", &["semanal", "mensal"]),
    ]);
    let permissions: Vec<_> = found
        .iter()
        .map(|guess| {
            guess
                .permission
                .map(|permission| (permission.channel, permission.sense))
        })
        .collect();
    assert_eq!(
        permissions,
        [
            Some((Some(C::Whatsapp), S::In)),
            Some((Some(C::Email), S::In)),
            Some((Some(C::Sms), S::Out)),
            Some((Some(C::Email), S::In)),
            None,
            None,
            None,
        ]
    );
    let fields: Vec<_> = found.iter().map(|guess| guess.field).collect();
    let phone = Some(F::Phone);
    assert_eq!(fields, [None, None, None, None, phone, phone, None]);
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
        assert_eq!(found, [Some(F::Phone), Some(F::Phone)], "{named}");
        let found = fields(&[("Telefone", &["1133334444"]), (named, &["1133335555"])]);
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
