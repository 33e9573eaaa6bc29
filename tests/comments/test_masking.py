"""Masking: what identifies a person is marked, what only looks so is left alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_utils.checks import BadValue
from nps_utils.comments import mask
from nps_utils.comments.text import MARKS

# Numbers from their authorities' own examples, or from series reserved for fiction.
IDENTIFYING = [
    ("mail me at anna.svensson+nps@firm.example please", "mail me at [email] please"),
    ("anna(at)firm.example", "[email]"),
    ("see https://shop.example/order?id=7&mail=a@b.example.", "see [link]."),
    ("www.shop.example is down", "[link] is down"),
    ("ring 070-174 06 05 efter fem", "ring [phone] efter fem"),
    ("nås på +46 70 174 06 05", "nås på [phone]"),
    ("tel.0701740605", "tel.[phone]"),
    ("ring meg på 91 23 45 67", "ring meg på [phone]"),
    ("tlf 91234567", "tlf [phone]"),
    ("bel me op 06-12345678", "bel me op [phone]"),
    ("call me on 07700 900123", "call me on [phone]"),
    ("call (212) 555-0123", "call [phone]"),
    ("mitt personnummer är 811218-9876", "mitt personnummer är [id number]"),
    ("19811218-9876", "[id number]"),
    ("fødselsnummer 15108695088", "fødselsnummer [id number]"),
    ("mit cpr er 211062-5629", "mit cpr er [id number]"),
    ("mijn BSN is 111222333", "mijn BSN is [id number]"),
    ("131052-308T", "[id number]"),
    ("card 4111 1111 1111 1111 was charged", "card [card number] was charged"),
    ("pay to NL91 ABNA 0417 1643 00 please", "pay to [account number] please"),
    ("GB82WEST12345698765432", "[account number]"),
    ("konto 8601.11.17947", "konto [account number]"),
    ("sms:a 070/1740605", "sms:a [phone]"),
    ("mit nummer er 20123456", "mit nummer er [phone]"),
    ("+44 7700 900123", "[phone]"),
    ("(212)555-0187", "[phone]"),
    ("1-212-555-0187 any time", "[phone] any time"),
    ("anna (at) firm (dot) example", "[email]"),
    ("kalle @ firma.example", "[email]"),
    ("2024-01-15 070-174 06 05 och 08-465 004 12", "2024-01-15 [phone] och [phone]"),
]


@pytest.mark.parametrize(("text", "masked"), IDENTIFYING)
def test_what_identifies_is_marked(text: str, masked: str) -> None:
    """Each kind in the way people of its country write it."""
    assert mask([text])[0] == [masked]


HARMLESS = [
    "order 4500123456 never came",
    "Ordernr: 40212345",
    "Bestelling 111222333 kwam niet",
    "faktura 811218987",
    "det kostade 12 500 kr",
    "1 299 000 kr",
    "EUR 1.234.567,89",
    "paid $1,234,567.89",
    "version 10.15.7.1234 crashed",
    "iOS 17.4.1.20240115",
    "2024-01-15 10:30",
    "den 15.01.2024 kl 10.30-11.45",
    "between 2019-2023",
    "01-02-2024 - 03-02-2024",
    "20240115",
    "opening hours 08.00-16.30",
    "chapter 10.12.100.120",
    "it's 24/7, 100 %, 10/10",
    "IMEI 356938035643809",
    "Bestellnummer 123456782",
    "15/01/2024 and 2023/2024",
    "meet @ 3.50 or @home",
    "+20 000 000 kr",
    "@ 5 o'clock, R2D2 and 3.5 mm",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_so_is_left_alone(text: str) -> None:
    """Orders, prices, versions, dates, times."""
    masked, counts = mask([text])
    assert masked == [text]
    assert counts.sum() == 0


def _harmless_texts(rng: np.random.Generator, kind: str, n: int) -> list[str]:
    def one(low: int, high: int) -> int:
        return int(rng.integers(low, high))

    def of(*patterns: str) -> list[str]:
        return [pattern for _ in range(n) for pattern in patterns]

    words = ("order", "Order no.", "ordernummer:", "ordre", "bestelling", "ticket #", "faktura", "invoice", "case")
    if kind == "orders":
        return [f"{word} {one(10**4, 10**12)} kom aldrig" for word in of(*words)]
    if kind == "prices":
        kronor = [f"det kostade {one(1, 99)} {one(100, 999)} kr" for _ in range(n)]
        euro = [f"{one(1, 99)}.{one(100, 999)}.{one(100, 999)},50 euro" for _ in range(n)]
        return [*kronor, *euro, *(f"paid ${one(10**6, 10**9)} for it" for _ in range(n))]
    if kind == "dates":
        days = [(one(2010, 2027), one(1, 13), one(1, 29)) for _ in range(n)]
        iso = [f"{y}-{m:02d}-{d:02d} 9:30" for y, m, d in days]
        return [*iso, *(f"{d:02d}.{m:02d}.{y}" for y, m, d in days), *(f"{y}{m:02d}{d:02d}" for y, m, d in days)]
    dotted = [f"{one(1, 20)}.{one(0, 20)}.{one(0, 99)}.{one(0, 30_000)}" for _ in range(n)]
    return [*dotted, *(f"version {one(10**7, 10**8)}" for _ in range(n))]


@pytest.mark.parametrize("kind", ["orders", "prices", "dates", "versions"])
def test_false_alarms_are_rarer_than_one_in_two_hundred(kind: str) -> None:
    """Measured on seeded numbers; a bare pattern for ten digits would mask every order."""
    texts = _harmless_texts(np.random.default_rng(7), kind, 400)
    masked, _ = mask(texts)
    alarms = [text for text, new in zip(texts, masked, strict=True) if text != new]
    assert len(alarms) / len(texts) <= 0.005, alarms[:5]


def test_only_the_right_check_digit_is_a_personal_number() -> None:
    """Of ten Swedish and ten Dutch numbers that differ in the last digit, one each is masked."""
    swedish, _ = mask([f"8112189{last:03d}" for last in range(870, 880)])
    dutch, _ = mask([f"nr 11122233{last}" for last in range(10)])
    assert sum(text == "[id number]" for text in swedish) == 1
    assert sum("[id number]" in text for text in dutch) == 1


def test_a_date_that_does_not_exist_is_no_personal_number() -> None:
    """811318-9874 has a thirteenth month."""
    assert mask(["nummer 811318-9874"])[0] == ["nummer 811318-9874"]


def test_names_of_contacts_are_masked_and_ordinary_words_are_not() -> None:
    """Full names in any case; parts with a capital; a contact called Price hides no prices."""
    names = ["Anna Lindqvist", "Jan-Erik van der Berg", "Tom Price", "Bo Ek"]
    texts = [
        "anna lindqvist was great, Anna's team too",
        "Tack Lindqvists!",
        "Jan-Erik van der Berg hielp goed",
        "Price is too high, says Tom",
        "Bo kvar? Bo Ek hjälpte oss",
        "annanas and Annas",
    ]
    masked, counts = mask(texts, names=names)
    assert masked == [
        "[name] was great, [name] team too",
        "Tack [name]!",
        "[name] hielp goed",
        "Price is too high, says [name]",
        "Bo kvar? [name] hjälpte oss",
        "annanas and [name]",
    ]
    assert counts["name"] == 7


def test_a_signature_is_masked_without_a_list_of_names() -> None:
    """At the end, after a greeting; not in the middle, not a team."""
    texts = [
        "Bra! Mvh Kalle Ek",
        "Thanks. Kind regards, Anna-Maria.",
        "Met vriendelijke groet,\nJan de Wit",
        "Hilsen oss",
    ]
    masked, counts = mask([*texts, "Regards The Team", "Hälsningar till Priset som steg"])
    assert masked[:2] == ["Bra! Mvh [name]", "Thanks. Kind regards, [name]."]
    assert masked[3:] == ["Hilsen oss", "Regards The Team", "Hälsningar till Priset som steg"]
    assert counts["name"] == 3


def test_who_says_a_name_is_masked() -> None:
    """In five languages, with particles; a sentence that only begins so, and shouting, are left."""
    texts = [
        "My name is John Smith and I am angry",
        "jag heter Anna-Lena Öberg",
        "mit navn er Jens Hansen.",
        "ik heet Jan van der Berg",
        "Mvh, Lars Hansen, Oslo",
    ]
    assert mask(texts)[0] == [
        "My name is [name] and I am angry",
        "jag heter [name]",
        "mit navn er [name].",
        "ik heet [name]",
        "Mvh, [name], Oslo",
    ]
    harmless = ["my name is not important", "MY NAME IS NOT IMPORTANT", "jag heter samma sak som chefen"]
    assert mask(harmless)[0] == harmless


def test_text_is_cleaned_and_emoji_stay() -> None:
    """Entities, full-width digits, zero-width characters, NUL; family emoji keep their joiners."""
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    texts = ["caf&eacute; &lt;3", "070\u2011174\u200b06 05", "a\x00b", f"fint {family}", "\u202edenied"]
    masked, _ = mask(texts)
    assert masked[0] == "café <3"
    assert masked[1] == "[phone]"
    assert masked[2] == "a b"
    assert masked[3] == f"fint {family}"
    assert masked[4] == "denied"


def test_the_kind_of_the_column_is_kept() -> None:
    """List, tuple, array, pandas with its index, Polars; missing comments stay missing."""
    texts = ["a@b.example", None, "fine"]
    assert mask(texts)[0] == ["[email]", None, "fine"]
    assert mask(tuple(texts))[0] == ("[email]", None, "fine")
    assert list(mask(np.array(texts, dtype=object))[0]) == ["[email]", None, "fine"]
    series, counts = mask(pd.Series(texts, index=[7, 8, 9], name="comment"))
    assert list(series.index) == [7, 8, 9]
    assert series.name == "comment"
    assert series.isna().tolist() == [False, True, False]
    assert mask(pl.Series("comment", texts))[0].to_list() == ["[email]", None, "fine"]
    assert counts.to_dict() == {kind: int(kind == "email") for kind in MARKS}
    assert mask([])[0] == []
    with pytest.raises(BadValue, match="one string"):
        mask("a@b.example")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"[ \d.+()@a-z-]{0,40}", fullmatch=True))
def test_masking_twice_is_masking_once(text: str) -> None:
    """A mark is never masked again, and nothing new appears."""
    once, _ = mask([text], names=["Anna Lindqvist"])
    twice, counts = mask(once, names=["Anna Lindqvist"])
    assert twice == once
    assert counts.sum() == 0


@pytest.mark.parametrize(
    "text", ["9" * 20_000, "a@" * 10_000, "1 " * 10_000, "a." * 10_000, "http://" * 3_000, "+4670 " * 4_000]
)
def test_twenty_thousand_characters_do_not_stall(text: str) -> None:
    """No pattern backtracks without bound."""
    assert len(mask([text], names=["Anna Lindqvist"])[0]) == 1
