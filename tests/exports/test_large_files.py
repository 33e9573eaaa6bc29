"""Where records begin and end, counted on bytes, is what Python's own reader of CSV says."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from nps_utils.exports.files import large_files
from nps_utils.exports.files.large_files import survey_layout

CELLS = ("a", "", "b;c", 'he said "no"', "two\nlines", "a\r\nb", '""', ";", "long" * 9)


def written(seed: int, *, uneven: bool) -> tuple[str, list[list[str]]]:
    """Return a table of three columns as text and as records."""
    rng = np.random.default_rng(seed)
    records = [[str(cell) for cell in rng.choice(CELLS, 3)] for _ in range(80)]
    if uneven:
        records = [record[: int(rng.integers(1, 4))] if rng.random() < 0.1 else record for record in records]
        records = [[*record, "more"] if rng.random() < 0.1 else record for record in records]
    out = io.StringIO()
    end = ("\n", "\r\n")[seed % 2]
    if seed % 3:
        csv.writer(out, delimiter=";", lineterminator=end).writerows(records)
    else:
        csv.writer(out, delimiter=";", lineterminator=end, quoting=csv.QUOTE_ALL).writerows(records)
    return out.getvalue(), records


@pytest.mark.parametrize("chunk", [40, 64, 257, 1 << 20])
@pytest.mark.parametrize("uneven", [True, False])
def test_records_and_widths_are_those_of_csv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, *, uneven: bool
) -> None:
    """Whatever piece of the file is looked at at once, and with the last line ended or not."""
    monkeypatch.setattr(large_files, "_CHUNK", chunk)
    path = tmp_path / "t.csv"
    for seed in range(24):
        text, _ = written(seed, uneven=uneven)
        whole = text if seed % 4 else text.rstrip("\r\n")
        path.write_bytes(whole.encode())
        read = list(csv.reader(io.StringIO(whole, newline=""), delimiter=";"))
        layout = survey_layout(path, ";", 3)
        assert layout is not None
        assert layout.records == len(read)
        assert layout.ended == bool(seed % 4)
        # Empty cells too many are nothing lost.
        expected = {
            row: len(record)
            for row, record in enumerate(read, 1)
            if record and (len(record) < 3 or any(cell for cell in record[3:]))
        }
        assert layout.uneven == expected
        assert layout.blank == [row for row, record in enumerate(read, 1) if not record]


@pytest.mark.parametrize("text", ['a;b\n"x;y\n', 'a;b\nx"y;z\n', 'a;b\n"x"y;z\n', "a;b\nx\ry;z\n", "a;b\nx\0;z\n"])
def test_what_parsers_read_otherwise_is_left_to_the_careful_reader(tmp_path: Path, text: str) -> None:
    """A quote that is not closed or out of place, a lone carriage return, a zero byte."""
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    assert survey_layout(path, ";", 2) is None


SPACES = (" ", "\t", "\u00a0", "\u2009", "\u3000", "\u0085", "\u1680", "\u205f", "\x0b")
INNER = ("a", "é", "“x” y", "à", "a b", "…", "x\u00a0y", "", '"', "日本")


@pytest.mark.parametrize("piece", [7, 64, 1 << 16])
def test_a_file_is_bare_where_no_cell_has_white_space_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """As Python strips; a space beside a quote within a cell may be taken for one, never one for none."""
    monkeypatch.setattr(large_files, "_PIECE", piece)
    monkeypatch.setattr(large_files, "_CHUNK", 3 * piece)
    path = tmp_path / "t.csv"
    found = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        records = [[str(cell) for cell in rng.choice(INNER, 3)] for _ in range(12)]
        if seed % 3:
            space, at = str(rng.choice(SPACES)), int(rng.integers(36))
            cell = records[at // 3][at % 3]
            records[at // 3][at % 3] = space + cell if seed % 2 else cell + space
        out = io.StringIO()
        csv.writer(out, delimiter=";", lineterminator=("\n", "\r\n")[seed % 2]).writerows(records)
        path.write_bytes(out.getvalue().rstrip("\r\n" if seed % 5 else "").encode())
        layout = survey_layout(path, ";", 3)
        if layout is None:
            continue
        stripped = all(cell == cell.strip() for record in records for cell in record)
        quotes = any('"' in cell for record in records for cell in record)
        assert not layout.bare or stripped
        assert layout.bare or not stripped or quotes
        found.append((layout.bare, stripped))
    assert {(True, True), (False, False)} <= set(found)
