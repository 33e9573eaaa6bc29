"""Numbers as the languages write them: babel's own formats say the same, and nothing odd is said of odd values."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_utils.words import numbers
from nps_utils.words.translation import LANGUAGES, Local


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)
@given(value=st.floats(-1e9, 1e9), digits=st.integers(0, 3), signed=st.booleans())
def test_babel_writes_the_same(language: str, value: float, digits: int, signed: bool) -> None:
    """With an exact decimal, rounded once, so that only the signs are compared; zero has no sign here."""
    local = Local(language)
    exact = Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    places = "." + digits * "0" if digits else ""
    pattern = f"+#,##0{places};-#,##0{places}" if signed and exact else f"#,##0{places}"
    told = format_decimal(exact or abs(exact), format=pattern, locale=local.locale)
    told = told.replace("-", local.signs.minus)  # a pattern of one's own does not write that of the language
    assert numbers.decimals(value, digits, signed=signed, signs=local.signs) == told


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_a_dash(value: float) -> None:
    """In every format: a sentence that says `nan` looks finished and is not."""
    formats = (numbers.points, numbers.size, numbers.share, numbers.count, numbers.number, numbers.effect)
    assert {write(value) for write in formats} == {numbers.ABSENT}
    assert numbers.pvalue(float("nan")) == numbers.ABSENT


@pytest.mark.parametrize("language", LANGUAGES)
def test_almost_all_is_not_all(language: str) -> None:
    """Of 1,000 people three did not answer: 99.7 %, where 100 % would deny them."""
    local = Local(language)
    assert local.share(0.997).startswith("99")
    assert local.share(0.003).startswith("0")
    assert len(local.share(0.003)) == 5
    assert local.share(1.0).startswith("100")
    assert local.share(0.95).startswith("95")
