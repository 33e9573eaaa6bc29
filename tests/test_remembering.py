"""Tables made of the same columns before: the very same, and made anew whenever anything they rest on is another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nps_utils import comments, remembering
from nps_utils.checks import MissingColumn
from nps_utils.comments import lexicon
from nps_utils.remembering import of_each, remembered, shared
from nps_utils.stats import verdicts
from nps_utils.stats.verdicts import by_design

Asked = list[tuple[list[str], str]]
asked: Asked = []


@remembered("score", named=["by"])
def summed(table: pd.DataFrame, *, by: str = "wave", how: str = "sum") -> pd.DataFrame:
    """Add scores up, and write down that it was asked to."""
    asked.append((list(table.columns), how))
    return table.groupby(by)["score"].agg(how).to_frame().reset_index()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    asked.clear()
    remembering._MADE.clear()
    yield
    remembering._MADE.clear()


def answers(n: int = 400, seed: int = 1) -> pd.DataFrame:
    """Return answers of accounts in three waves and two touchpoints."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "touchpoint": rng.choice(["order", "relationship"], n),
            "wave": rng.choice(["2026-Q1", "2026-Q2", "2026-Q3"], n),
            "account_id": [f"a{number}" for number in rng.integers(0, 60, n)],
            "respondent_id": [None if number < 20 else f"p{number}" for number in rng.integers(0, 300, n)],
            "score": rng.integers(0, 11, n),
            "comment": "unread",
        }
    )


def another_process() -> None:
    """Forget what this process knows."""
    remembering._MADE.clear()


def test_what_was_made_is_not_made_again(tmp_path: Path) -> None:
    """Neither by this process nor by another one, and a caller's change of a table is the caller's own."""
    table = answers()
    with shared(tmp_path / "processed" / "sums"):
        first = summed(table)
        first["score"] = 0
        again = summed(table.assign(comment="other words"))
        another_process()
        there = summed(table)
    pd.testing.assert_frame_equal(again, there, check_exact=True)
    assert again["score"].sum() == table["score"].sum()
    assert asked == [(["wave", "score"], "sum")]  # and of nothing but its columns


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.assign(score=t["score"].where(t.index != 7, 10 - t["score"])),
        lambda t: t.iloc[:-1],
        lambda t: t.iloc[::-1],
        lambda t: t.assign(wave=t["wave"].replace("2026-Q1", "2025-Q1")),
        lambda t: t.assign(score=t["score"].astype("Int8")),
        lambda t: t.assign(wave=pd.Categorical(t["wave"], ["2026-Q3", "2026-Q2", "2026-Q1"])),
    ],
)
def test_other_answers_are_counted_anew(change: object, tmp_path: Path) -> None:
    """One score, one answer less, another order, another wave, another type, another order of waves."""
    table = answers()
    assert callable(change)
    with shared(tmp_path / "processed" / "sums"):
        summed(table)
        another_process()
        summed(change(table))
    assert len(asked) == 2


def test_other_options_code_and_libraries_make_it_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each is part of the key."""
    table = answers()
    with shared(tmp_path / "processed" / "sums"):
        summed(table)
        summed(table, how="mean")
        summed(table, by="touchpoint")
        another_process()
        monkeypatch.setattr(remembering, "_made_by", lambda: "another version")
        summed(table)
    assert [how for _, how in asked] == ["sum", "mean", "sum", "sum"]


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    """As after a full disk: no error, and no half of a table."""
    table = answers()
    with shared(tmp_path / "processed" / "sums"):
        whole = summed(table)
        (path,) = (tmp_path / "processed" / "sums").glob("*")
        path.write_bytes(path.read_bytes()[:-9])
        another_process()
        pd.testing.assert_frame_equal(summed(table), whole, check_exact=True)
    assert len(asked) == 2
    assert path.stat().st_mode & 0o77 == 0


def test_what_nobody_asked_for_is_forgotten(tmp_path: Path) -> None:
    """The folder does not grow with every report."""
    folder = tmp_path / "processed" / "sums"
    with shared(folder):
        summed(answers(seed=1))
    for path in folder.glob("*"):
        path.touch()
        import os

        os.utime(path, (1, 1))
    another_process()
    with shared(folder):
        summed(answers(seed=2))
    assert len(list(folder.glob("*"))) == 1


def test_cells_of_several_types_are_not_remembered(tmp_path: Path) -> None:
    """7 and "7" would have one hash."""
    table = answers().astype({"wave": object})
    table.loc[0, "wave"] = 7
    with shared(tmp_path / "processed" / "sums"):
        for _ in range(2):
            with pytest.raises(TypeError):
                summed(table).sort_values("wave")
    assert len(asked) == 2


def test_verdicts_are_the_same_remembered_or_not(tmp_path: Path) -> None:
    """To the last digit, with their types, from memory and from a file; a missing column is told with all others."""
    table = answers()
    plain = by_design.changes.__wrapped__(table)  # type: ignore[attr-defined]
    with shared(tmp_path / "processed" / "sums"):
        for _ in range(3):
            pd.testing.assert_frame_equal(verdicts.changes(table), plain, check_exact=True)
            another_process()
        with pytest.raises(MissingColumn, match="comment"):
            verdicts.changes(table.drop(columns="wave"))


def test_of_each_text_what_was_said_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A new text alone is asked for; another question, another version and a damaged file ask for all."""
    new: list[list[str]] = []

    def lengths(texts: list[str]) -> list[float]:
        new.append(texts)
        return [len(text) / 3 for text in texts]

    def ask(texts: list[str], name: str = "thirds of lengths") -> list[float]:
        remembering._SAID.clear()  # another process
        return of_each(name, texts, lengths)

    with shared(tmp_path / "processed" / "sums"):
        assert ask(["a", "bcd", "a"]) == [1 / 3, 1.0, 1 / 3]
        assert ask(["bcd", "ef"]) == [1.0, 2 / 3]
        assert ask(["ef", "bcd"]) == [2 / 3, 1.0]
        ask(["ef"], "another question")
        for path in (tmp_path / "processed" / "sums").glob("*"):
            assert b"bcd" not in path.read_bytes()
            path.write_bytes(path.read_bytes()[:-1])
        ask(["bcd"])
        monkeypatch.setattr(remembering, "_made_by", lambda: "another version")
        ask(["bcd"])
    ask(["bcd"])  # nobody shares it now
    assert new == [["a", "bcd"], ["ef"], ["ef"], ["bcd"], ["bcd"], ["bcd"]]


def test_themes_and_languages_are_the_same_known_or_not(tmp_path: Path) -> None:
    """Of comments in five languages, some of which say nothing of theirs."""
    texts = ["The invoice was wrong twice", "Leveransen blev försenad igen", "Supporten svarte aldri", "Great!", "-"]
    texts += [
        "De levering kwam veel te laat aan",
        "Regningen var forkert og dyr",
        "La livraison était en retard",
    ]
    plain = comments.assign_themes(texts)
    with shared(tmp_path / "processed" / "sums"):
        for _ in range(2):
            remembering._SAID.clear()
            lexicon._STEMS.clear()
            lexicon.matcher_of.cache_clear()
            pd.testing.assert_frame_equal(comments.assign_themes(texts), plain, check_exact=True)
