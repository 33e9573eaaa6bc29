"""What is printed about NPS, against arithmetic by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils.checks import BadFile, BadValue
from nps_utils.stats.validation import claims
from nps_utils.tables import claims as said

COUNTS = pd.DataFrame({"detractors": [20], "passives": [10], "promoters": [70]})


def test_published_intervals_are_found_again() -> None:
    """All of them, to the last digit."""
    table = claims.reproduced_intervals()
    assert len(table) >= 10
    assert table["equal"].all()


def test_a_wrong_printed_interval_would_be_seen(tmp_path: Path) -> None:
    """A limit that is off by .02 is not equal."""
    (tmp_path / "score_intervals.csv").write_text(
        "detractors,passives,promoters,method,low,high,source\n20,30,50,wald,14.71,45.31,published\n", "utf-8"
    )
    assert not claims.reproduced_intervals(tmp_path)["equal"].any()


def test_examples_by_hand() -> None:
    """70/10/20: 70 - 20 = 50, 50/90 without passives, margin 1.96 sqrt((.9 - .25) / 100); 40/50/10: 30/50."""
    first, second = (row for _, row in claims.examples().iterrows())
    assert (first["nps"], first["reversed"]) == (50.0, -50.0)
    assert first["without_passives"] == pytest.approx(5000 / 90)
    assert first["margin"] == pytest.approx(196 * (0.65 / 100) ** 0.5, abs=0.01)
    assert first["low"] == pytest.approx(33, abs=1)
    assert first["high"] == pytest.approx(64, abs=1)
    assert second["without_passives"] == pytest.approx(60.0)


def test_the_printed_table_is_the_one_that_is_reproduced() -> None:
    """Both copies of the table hold the same 21 numbers."""
    table = claims.sizes()
    assert len(table) == 21
    assert table["as_printed"].all()


def test_slope_by_hand() -> None:
    """1/.147 = 6.8 points; 7 points are 1.029 %; 7 percent of +40 are 2.8 points and .41 %."""
    table = claims.slope(40.0)
    assert table["points"].round(2).tolist() == [6.8, 7.0, 2.8]
    assert table["growth"].round(3).tolist() == [1.0, 1.029, 0.412]


def test_ratios_and_how_they_are_retold() -> None:
    """92/18, 67/9 and 62/7; one article rounds them, the other has numbers that follow from nothing printed."""
    table = claims.ratios()
    assert table["ratio"].round(2).tolist() == [5.11, 7.44, 8.86]
    assert (table["ratio"] - table["ratio_printed"]).abs().max() < 0.06
    assert (table["retold_E-nb"] - table["ratio"]).abs().max() < 0.5
    assert (table["retold_T-sv"] - table["ratio"]).abs().min() > 0.5


def test_attenuation_agrees_with_what_was_simulated() -> None:
    """Slope times reliability, within .006 of the simulated slopes."""
    table = claims.attenuation().dropna(subset="simulated_observed")
    assert (table["observed"] - table["simulated_observed"]).abs().max() < 0.006


def test_one_account_of_twenty() -> None:
    """100/20 points for one band, 200/20 for two."""
    row = claims.few(20).iloc[0]
    assert (row["one_band"], row["two_bands"], row["needed"]) == (5.0, 10.0, 20)


def test_leaving_out_detractors_by_hand() -> None:
    """70/10/20 without five of the twenty: 55 of 95 instead of 50 of 100."""
    row = claims.leaving_out(COUNTS).iloc[0]
    assert row["nps"] == 50.0
    assert row["nps_without"] == pytest.approx(5500 / 95)


def test_the_average_that_lies_furthest_from_the_whole() -> None:
    """By size: ten promoters and one detractor average to 0 and are +81.8 together; by country nothing differs."""
    responses = pd.DataFrame({"score": [10] * 10 + [0], "size": ["large"] * 10 + ["small"], "country": "SE"})
    found = claims.furthest_average(responses, ["country", "size"])
    assert found.cut == "size"
    told = said.averaged(found)
    assert "+81.8" in told
    assert "is 0.0" in told
    with pytest.raises(BadValue):
        claims.furthest_average(responses, [])


def test_every_answer_belongs_to_one_claim() -> None:
    """The words that find a claim find exactly one, so that none answers another."""
    register = claims.register()
    for words in said.ANSWERS:
        assert register["claim"].str.contains(words, regex=False).sum() == 1, words


def test_the_register_states_computed_numbers() -> None:
    """Intervals, ratios and needed answers appear in the words; remarks stay where nothing can be worked out."""
    table = said.register(claims.register(), claims.arithmetic(COUNTS), "Pooled +1.").data
    numbers = table.set_index("claim")["numbers"]
    told = {
        part: next(n for c, n in numbers.items() if part in str(c)) for part in ("+50", "sample sizes", "7 %", "11 of")
    }
    assert "+32.6 to +63.9" in told["+50"]
    assert "998 answers instead of 384 (2.6 times)" in told["sample sizes"]
    assert "6.8 points" in told["7 %"]
    assert "18.2 %" in told["11 of"]
    assert not numbers.str.contains("nan|inf").any()
    assert numbers.str.contains("Pooled +1.", regex=False).sum() == 1


def test_without_the_tables_it_says_so(tmp_path: Path) -> None:
    """An installed library has no reference tables: an error that a page can show."""
    with pytest.raises(BadFile):
        claims.arithmetic(COUNTS, folder=tmp_path)
    with pytest.raises(BadFile, match="checkout"):
        claims.reproduced_intervals(tmp_path)
