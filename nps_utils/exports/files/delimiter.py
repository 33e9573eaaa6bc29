"""Which sign parts the cells of a text file."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Sequence
from typing import Final

from nps_utils.exports.files.beginning import title_rows
from nps_utils.exports.files.encodings import Encoding
from nps_utils.exports.files.records import read_lines
from nps_utils.exports.files.sources import Source

DELIMITERS: Final = (",", ";", "\t", "|")


def detect_delimiter(source: Source, encoding: Encoding) -> tuple[str, int]:
    """Return the delimiter and how many lines stand before the header (Excel's `sep=;`)."""
    with source.open() as stream:
        lines = list(itertools.islice(read_lines(stream, encoding, source.path), 400))
    texts = [line.text for line in lines]
    if texts and len(texts[0]) == 5 and texts[0].lower().startswith("sep="):
        return texts[0][4], 1
    sizes = {delimiter: _agreement(texts, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: sizes[delimiter])
    return best if sizes[best][1] > 1 else ",", 0


def _agreement(texts: Sequence[str], delimiter: str) -> tuple[float, int]:
    """How many of the first records have as many cells as the header, and how many that is."""
    try:
        # A carriage return inside a cell would stop the csv module; here only the number of cells matters.
        lines = (f"{text}\n".replace("\r", " ") for text in texts)
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    rows = rows[title_rows(rows) :]
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0.0, width
    same = sum(len(row) == width for row in rows) / len(rows)
    return round(same, 1), width
