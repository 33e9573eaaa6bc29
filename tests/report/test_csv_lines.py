"""Lists of millions of rows are written by columns, to the byte as pandas writes them cell by cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nps_utils.tables import csv_lines
from nps_utils.tables.csv_lines import write_lines
from nps_utils.tables.sheets import neutral_table, write_csv

TEXTS = ["a", "", '"', '""x"', "a,b", "a\nb", "a\rb", "é\u2028", "=1", "0012", None, "NaN", "\t", "\\", "'x", " "]
FLOATS = [1.5, np.nan, -0.0, 0.0, 1e-5, 1e22, 1 / 3, np.inf, -np.inf, 45649.64, 123456789.123]


def by_pandas(table: pd.DataFrame) -> bytes:
    """Return what pandas writes."""
    file = io.BytesIO()
    table.to_csv(file, index=False, lineterminator="\n", encoding="utf-8-sig", quoting=csv.QUOTE_NONNUMERIC)
    return file.getvalue()


def odd(n: int) -> pd.DataFrame:
    """Return columns of every kind that lists have, with gaps and signs that a CSV file minds."""
    draw = np.random.default_rng(n)
    texts = np.array(TEXTS, dtype=object)
    whole = pd.Series(draw.integers(-5, 5, n)).astype("Int64")
    days = [dt.date(2026, 1, int(day)) if day else None for day in draw.integers(0, 9, n)]
    return pd.DataFrame(
        {
            "text": pd.Series(draw.choice(texts, n), dtype="str"),
            "string": pd.Series(draw.choice(texts, n), dtype="string"),
            "object": pd.Series(draw.choice(texts, n), dtype=object),
            'say "it",\n': draw.choice(FLOATS, n),
            "number": draw.integers(-5, 5, n),
            "small": draw.integers(0, 10, n).astype("int8"),
            "gaps": whole.mask(draw.random(n) < 0.3),
            "day": pd.Series(days, dtype=object),
            "nothing": pd.Series([None] * n, dtype=object),
        }
    )


@pytest.mark.parametrize("n", [0, 1, 7, 1000])
def test_it_is_what_pandas_writes(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one piece and in several."""
    expected = by_pandas(odd(n))
    for rows in (1 << 17, 3):
        monkeypatch.setattr(csv_lines, "_ROWS", rows)
        file = io.BytesIO()
        assert write_lines(odd(n), file)
        assert file.getvalue() == expected


@pytest.mark.parametrize(
    "column",
    [
        [True, False],
        [1, "a"],
        [1.5, "x"],
        [dt.date(2026, 1, 1), "x"],
        [dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None],
        np.array([1.1, 2], dtype="float32"),
        pd.Categorical(["a", "b"]),
    ],
)
def test_other_kinds_are_left_to_pandas(tmp_path: Path, column: object) -> None:
    table = pd.DataFrame({"text": ["x", "y"], "other": column})
    file = io.BytesIO()
    assert not write_lines(table, file)
    assert not file.getvalue()
    write_csv(table, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == by_pandas(table)


def test_a_list_is_written_as_before(tmp_path: Path) -> None:
    """With formulas made harmless, and columns of one name."""
    table = odd(50).assign(again="=cmd()")
    table.columns = pd.Index([*table.columns[:-1], "text"])
    write_csv(table.iloc[:, 1:], tmp_path / "a.csv")
    told = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert '"\'=cmd()"' in told
    twice = table[["number", "text"]]
    file = io.BytesIO()
    assert write_lines(twice, file)
    assert file.getvalue() == by_pandas(twice)


def test_formulas_are_made_harmless_in_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of millions is read so some rows at a time, to the byte as if it were read at once."""
    table = odd(50).rename(columns={"string": "=head", "object": "+other"})
    monkeypatch.setattr(csv_lines, "_ROWS", 7)
    write_csv(table, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == by_pandas(neutral_table(table))
