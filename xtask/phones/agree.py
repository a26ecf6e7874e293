"""Compares `alta phone` with Google's libphonenumber, by its Python port, over generated numbers of all regions.

Usage: agree.py ALTA COUNT [SEED]. Ends with 1 and the first differences when a number is valid for one and not for the other.
Alta also reads what libphonenumber refuses where the contract's repairs of a country make it valid, behind its `+` too.
"""

import random
import subprocess
import sys

import phonenumbers
from phonenumbers import PhoneNumberType

TYPES = [getattr(PhoneNumberType, name) for name in ("FIXED_LINE", "MOBILE", "TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "VOIP", "PAGER", "UAN")]


# What people dial before a number at home: trunk prefixes and carrier codes.
PREFIXES = ["0", "1", "8", "00", "01", "015", "021", "90", "9021", "08", "80", "0414", "1900", "1001", "15066", "180020", "19", "0549", "15", "9"]


def examples():
    """National numbers that the metadata gives as examples, with their calling codes."""
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        code = phonenumbers.country_code_for_region(region)
        for kind in TYPES:
            number = phonenumbers.example_number_for_type(region, kind)
            if number:
                found.append((code, phonenumbers.national_significant_number(number)))
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        number = phonenumbers.example_number_for_non_geo_entity(code)
        if number:
            found.append((code, phonenumbers.national_significant_number(number)))
    return found


def changed(national, random_source):
    """An example with some digits changed, one more or one less, or digits that only begin like it."""
    digits = list(national)
    if random_source.random() < 0.1:
        digits = list(random_source.choice(PREFIXES)) + digits
    way = random_source.random()
    if way < 0.1:
        pass
    elif way < 0.5:
        for _ in range(random_source.randint(1, 4)):
            digits[random_source.randrange(len(digits))] = random_source.choice("0123456789")
    elif way < 0.8:
        keep = random_source.randint(1, min(5, len(digits)))
        digits = digits[:keep] + [random_source.choice("0123456789") for _ in range(len(digits) - keep)]
    elif way < 0.9:
        digits.append(random_source.choice("0123456789"))
    else:
        del digits[random_source.randrange(len(digits))]
    return "".join(digits)


def valid(text):
    """The E.164 digits by libphonenumber; none when the number is not valid."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]


def repaired(number):
    """What the repairs of its country make of a number with `+`: of Brazil, Mexico, Argentina, Chile and Colombia."""
    code, national = number[1:3], number[3:]
    found = set()
    if code == "55":
        # The ninth digit, also behind a trunk 0, a collect call's 90 and a carrier's code.
        for begin in (0, 1, 2, 3, 4):
            ten = national[begin:]
            is_dialled = national[:begin] in ("", "55") or national.startswith(("0", "90"))
            if is_dialled and len(ten) == 10 and ten[2] in "689":
                found.add(ten[:2] + "9" + ten[2:])
    if code == "52":
        for prefix in ("521", "044", "045", "01", "1"):
            if national.startswith(prefix) and len(national) == len(prefix) + 10:
                found.add(national[len(prefix):])
    if code == "54":
        bare = national[1:] if national.startswith("0") else national
        for area in (2, 3, 4):
            if bare[area:area + 2] == "15" and len(bare) == 12:
                found.add("9" + bare[:area] + bare[area + 2:])
        if national.startswith("90"):
            found.add("9" + national[2:])
    if code in ("52", "56", "57") and national.startswith("0"):
        found.add(national[1:])
    return {code + national for national in found}


def main():
    alta, count = sys.argv[1], int(sys.argv[2])
    random_source = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    known = examples()
    numbers = [f"+{code}{national}" for code, national in known]
    while len(numbers) < count:
        code, national = random_source.choice(known)
        numbers.append(f"+{code}{changed(national, random_source)}")
    # Fewer than seven digits are no number to Alta, whatever the metadata says of small islands.
    numbers = [number for number in numbers if len(number) > 7]
    said = subprocess.run([alta, "phone"], input="\n".join(numbers) + "\n", capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(said) == len(numbers)
    differences = []
    for number, answer in zip(numbers, said):
        expected = valid(number)
        got = None if answer.startswith("!") else answer
        if expected is None and got in repaired(number) and valid("+" + got):
            continue
        if (expected is None) != (got is None) or (expected and expected != got):
            differences.append((number, expected, answer))
    print(f"{len(numbers)} numbers, {sum(not answer.startswith('!') for answer in said)} valid, {len(differences)} differences")
    for difference in differences[:40]:
        print("  %s: libphonenumber %s, alta %s" % difference)
    sys.exit(1 if differences else 0)


main()
