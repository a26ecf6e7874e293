//! The phones that people and programs write, with the expected results (`writings.tsv`).

use alta_domain::Country;
use alta_intake::phone::read_phone;

const WRITINGS: &str = include_str!("writings.tsv");

#[test]
fn writings_of_phones_are_read_as_people_mean_them() {
    let mut wrong = Vec::new();
    for line in WRITINGS.lines().skip(1) {
        let [country, writing, wanted] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three cells were expected: {line}");
        };
        let country = Country::parse(country).unwrap();
        let read = match read_phone(writing, country) {
            Ok(phone) => phone.digits.to_string(),
            Err(error) => format!("!{}", error.as_str()),
        };
        // A bare `!` expects any error.
        let is_right = read == wanted || (wanted == "!" && read.starts_with('!'));
        if !is_right {
            wrong.push(format!("{country:?} {writing}: {read} and not {wanted}"));
        }
    }
    assert!(WRITINGS.lines().count() > 130);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
