"""Counts what `alta phone` makes of a hundred thousand writings that are no phones, and of as many that are.

Usage: shares.py ALTA [COUNT] [SEED]. Ends with 1 when more than one in a thousand CPFs, orders or local numbers becomes another
country's number, or when fewer than 999 in a thousand valid numbers are read in each of 21 writings.

An order of ten digits or more is told by number only: the contract reads bare digits from ten on with a `+`.
"""

import random
import subprocess
import sys

import phonenumbers
from phonenumbers import PhoneNumberFormat

CODES = {"AR": 54, "BR": 55, "CL": 56, "CO": 57, "EC": 593, "MX": 52, "PE": 51, "UY": 598}
MOST_WRONG = 0.001


def read(alta, country, writings):
    """What the command line says of each writing."""
    said = subprocess.run([alta, "phone", "--country", country], input="\n".join(writings) + "\n", capture_output=True, text=True, check=True)
    answers = said.stdout.splitlines()
    assert len(answers) == len(writings)
    return answers


def share_abroad(alta, country, writings):
    """The share of the writings that become a number of another country."""
    own = str(CODES[country])
    return sum(not answer.startswith(("!", own)) for answer in read(alta, country, writings)) / len(writings)


def cpf(source):
    """A valid CPF."""
    digits = [source.randint(0, 9) for _ in range(9)]
    for length in (9, 10):
        total = sum(digit * (length + 1 - place) for place, digit in enumerate(digits))
        digits.append(total * 10 % 11 % 10)
    return "".join(map(str, digits))


def number_of(source, length):
    """Digits of this length that do not begin with 0."""
    return str(source.randint(10 ** (length - 1), 10**length - 1))


def number_in(source, country):
    """A valid number of a country: an example of the metadata with other digits."""
    while True:
        example = phonenumbers.example_number_for_type(country, source.choice([0, 1]))
        digits = list(str(example.national_number))
        for place in range(1, len(digits)):
            if source.random() < 0.6:
                digits[place] = source.choice("0123456789")
        number = phonenumbers.PhoneNumber(country_code=CODES[country], national_number=int("".join(digits)))
        if phonenumbers.is_valid_number(number):
            return number


def writings(number):
    """The ways in which people and programs write a number."""
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    significant = phonenumbers.national_significant_number(number)
    digits = e164[1:]
    return [
        e164, international, digits, "00" + digits, significant, national,
        international.replace(" ", "-"), international.replace(" ", "."), international.replace("-", " "),
        "tel:" + e164, "'" + e164, f'="{digits}"', digits + ".0", f" {significant} ", e164 + " (Ana)", "Cel " + e164,
        "https://wa.me/" + digits, digits + "@c.us", f"+{digits[:2]} {digits[2:]}", e164 + "\u00a0", "\u202a" + international + "\u202c",
    ]


def main():
    alta, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    source = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    documents = [cpf(source) for _ in range(count)]
    dotted = [f"{id[:3]}.{id[3:6]}.{id[6:9]}-{id[9:]}" for id in documents]
    orders = [number_of(source, source.randint(4, 9)) for _ in range(count)]
    shares = {
        "CPFs": share_abroad(alta, "BR", documents),
        "CPFs with dots": share_abroad(alta, "BR", dotted),
        "orders of 4 to 9 digits": share_abroad(alta, "BR", orders),
    }
    for country in CODES:
        local = [number_of(source, source.randint(7, 9)) for _ in range(count // len(CODES))]
        shares[f"local numbers of 7 to 9 digits, {country}"] = share_abroad(alta, country, local)
    for name, share in shares.items():
        print(f"{share:.4%} abroad: {name}")
    for length in (10, 11, 12):
        longer = [number_of(source, length) for _ in range(count // 10)]
        print(f"{share_abroad(alta, 'BR', longer):.4%} abroad, as the contract says: orders of {length} digits")
    known = wrong = 0
    for country in CODES:
        numbers = [number_in(source, country) for _ in range(count // 21 // len(CODES))]
        written = [(way, phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]) for number in numbers for way in writings(number)]
        answers = read(alta, country, [way for way, _ in written])
        known += len(written)
        wrong += sum(answer != digits for answer, (_, digits) in zip(answers, written))
    print(f"{known - wrong} of {known} valid numbers read")
    sys.exit(1 if wrong > known * MOST_WRONG or any(share > MOST_WRONG for share in shares.values()) else 0)


main()
