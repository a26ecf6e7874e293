use super::*;
use proptest::prelude::*;

fn only(address: &str) -> Emails<'_> {
    Emails {
        first: address.into(),
        further: Vec::new(),
        has_extra: false,
    }
}

#[test]
fn wrappings_are_taken_off_and_what_cannot_be_an_address_is_refused() {
    for good in [
        "ana@example.com",
        " ANA@EXAMPLE.COM ",
        "mailto:ana@example.com",
        "\"Silva, Ana\" <ana@example.com>",
        "Silva, Ana <ana@example.com>",
        "Ana e Beto <ana@example.com>",
        "ana@example.com <ana@example.com>",
        "<ana@example.com>",
        "(ana@example.com)",
        "[ana@example.com]",
        "«ana@example.com»",
        "“ana@example.com”",
        "'ana@example.com'",
        "MAILTO:ana@example.com?subject=Oi&body=x",
        "E-mail: ana@example.com",
        "email:ana@example.com",
    ] {
        let read = read_emails(good);
        assert_eq!(read, Some(only("ana@example.com")), "{good}");
        assert_eq!(
            read_email(good).as_deref(),
            Some("ana@example.com"),
            "{good}"
        );
    }
    for bad in [
        "",
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "ana@@example.com",
        "ana@example..com",
        "ana..silva@example.com",
        "joão@example.com",
        "ana@example.123",
        "ana@-example.com",
        "ana@exam_ple.com",
        "ana@example.com#x",
        "5511987650001@s.whatsapp.net",
        "5511987650001@c.us",
        "a b@example.com",
        "a@b; c@d",
        "a@b.c d@e.f",
    ] {
        assert_eq!(read_emails(bad), None, "{bad}");
    }
}

#[test]
fn of_several_the_first_valid_one_is_the_address_and_the_others_are_further_ones() {
    for cell in [
        "ana@x.com; bia@y.com",
        "ana@x.com,bia@y.com",
        "ana@x.com/bia@y.com",
        "Ana@X.com | Bia@Y.com",
        "ana@x.com ou bia@y.com",
        "ana@x.com  OU\tbia@y.com",
        "ana@x.com o bia@y.com",
        "ana@x.com e bia@y.com",
        "ana@x.com y bia@y.com",
        "ana@x.com ::: bia@y.com",
        "ana@x.com\nbia@y.com",
        "ana@x.com\r\nbia@y.com\r\n",
        "ana@x.com; ana@x.com; bia@y.com; bia@y.com",
        "ana@x.com (bia@y.com)",
        "Ana (ana@x.com), Bia (bia@y.com)",
        "Ana|ana@x.com|bia@y.com",
        "51 99999-9999 / ana@x.com / bia@y.com",
        "\"Silva, Ana\" <ana@x.com>; \"Souza, Bia\" <bia@y.com>",
        "Ana <ana@x.com>, Bia <mailto:bia@y.com>",
    ] {
        let read = read_emails(cell).unwrap_or_else(|| panic!("{cell}"));
        assert_eq!(
            (&*read.first, &read.further[..], read.has_extra),
            ("ana@x.com", &["bia@y.com".to_owned()][..], false),
            "{cell}"
        );
        assert_eq!(read_email(cell), Some(read.first), "{cell}");
    }
}

#[test]
fn marks_in_the_local_part_belong_to_it_and_those_behind_the_domain_do_not() {
    assert_eq!(
        read_email("ana/bia@example.com").as_deref(),
        Some("ana/bia@example.com")
    );
    for cell in [
        "ana@example.com/",
        "ana@example.com | Ana",
        "ana@example.com;",
    ] {
        let read = read_emails(cell).map(|read| read.first);
        assert_eq!(read.as_deref(), Some("ana@example.com"), "{cell}");
    }
}

#[test]
fn what_nobody_sees_and_what_nobody_means_is_left_out_with_a_notice() {
    for cell in [
        "ana@example.com\u{a0}",
        "\u{200b}ana@example.com",
        "ana@exam\u{200b}ple.com",
        "\u{202a}ana@example.com\u{202c}",
        "ana\u{ad}@example.com",
        "\u{feff}ana@example.com",
        "ana@example.com.",
        "ana@example.com,",
        "ana@example.com*",
        "• ana@example.com",
        "ana@example.com&nbsp;",
        "ana@example.com (trabalho)",
        "Ana (ana@example.com)",
        "(casa) ana@example.com",
    ] {
        let expected = Emails {
            has_extra: true,
            ..only("ana@example.com")
        };
        assert_eq!(read_emails(cell), Some(expected), "{cell:?}");
    }
}

#[test]
fn an_address_among_several_that_is_none_is_told_of() {
    for cell in ["ana@x.com; bia@hotmail", "ana@; ana@x.com"] {
        let read = read_emails(cell).unwrap_or_else(|| panic!("{cell}"));
        assert_eq!(
            (&*read.first, read.has_extra),
            ("ana@x.com", true),
            "{cell}"
        );
    }
}

#[test]
fn a_cell_of_many_blanks_is_read_in_its_own_time() {
    let cell = format!("ana@x.com{}bia@y.com", " ".repeat(1_000_000));
    assert_eq!(read_emails(&cell), None);
    let cell = format!(
        "ana@x.com{}ou{}bia@y.com",
        " ".repeat(8000),
        " ".repeat(8000)
    );
    assert!(read_emails(&cell).is_some());
}

#[test]
fn domains_may_be_written_with_accents() {
    for cell in [
        "ana@exámple.com",
        "ana@xn--exmple-qta.com",
        "ana@example.xn--p1ai",
    ] {
        assert_eq!(read_emails(cell), Some(only(cell)), "{cell}");
    }
}

proptest! {
    #[test]
    fn what_is_read_is_read_again_as_itself(
        text in "[a-e@.;,/| <>:ou()'\u{200b}\u{a0}\n]{0,40}",
    ) {
        if let Some(Emails { first, further, .. }) = read_emails(&text) {
            prop_assert_eq!(read_email(&first), Some(Cow::Borrowed(&*first)));
            prop_assert!(further.iter().all(|other| *other != first));
        }
    }
}
