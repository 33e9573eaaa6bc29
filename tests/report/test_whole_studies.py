"""Whole studies, drawn and followed from export to verdict: the table that is kept, and a few drawn anew."""

from pathlib import Path

import pytest

from nps_utils.stats.validation.whole_studies import read_studies
from nps_utils.tables.whole_studies import outcomes, outcomes_sentence

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def kept() -> dict[str, dict[str, int]]:
    table = read_studies().set_index("design").select_dtypes("int")
    return {str(design): {str(name): int(n) for name, n in row.items()} for design, row in table.iterrows()}


def test_no_number_was_wrong_and_nothing_crashed(kept: dict[str, dict[str, int]]) -> None:
    row = kept["all"]
    assert row["studies"] >= 1000
    assert (row["wrong_number"], row["crashed"]) == (0, 0)


def test_parts_add_up(kept: dict[str, dict[str, int]]) -> None:
    for name, whole in kept["all"].items():
        assert whole == sum(row[name] for design, row in kept.items() if design != "all"), name


def test_false_calls_are_at_most_five_percent_and_promises_kept(kept: dict[str, dict[str, int]]) -> None:
    row = kept["all"]
    assert row["shown_false"] <= 0.05 * row["without_effect"]
    assert row["shown_true"] >= 0.8 * row["promised"]


def test_what_is_told_is_what_is_kept(kept: dict[str, dict[str, int]]) -> None:
    table = read_studies()
    assert f"{kept['all']['shown_false']} of {kept['all']['without_effect']}" in outcomes_sentence(table)
    assert len(outcomes(table).written()) == len(table)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_a_study_drawn_anew_ends_with_the_numbers_drawn(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import thousand_studies

    row = thousand_studies.tried(seed)
    assert row["outcome"] == "right", (row["why"], row)
