"""Lines to records: the careful reader, for small files and for any file that is not plain UTF-8 and well quoted.

Nothing disappears here. A record that cannot be what it should is still a record, with the reason in `problem`;
a quote that is opened and never closed costs its own line, not the lines after it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from typing import IO, Final, NamedTuple, TypeAlias

from nps_utils.checks import BadFile
from nps_utils.exports.files.encodings import Encoding, ends_inside_character, read_line

Cells: TypeAlias = list[str]

LONGEST_LINE: Final = 16 << 20
# A lone carriage return inside a line would end the record for the csv module.
_LONE_RETURN: Final = "\ue00d"

OTHER_ENCODING: Final = "other_encoding"
UNREADABLE_CHARACTERS: Final = "unreadable_characters"
STRAY_QUOTE: Final = "stray_quote"
NO_LINE_END: Final = "no_line_end"
TOO_FEW_CELLS: Final = "too_few_cells"
TOO_MANY_CELLS: Final = "too_many_cells"
BROKEN_ROW: Final = "broken_row"


class Line(NamedTuple):
    """One physical line; `end` is what ended it: a line feed, with or without a carriage return, or nothing."""

    text: str
    end: str
    flag: str | None
    cut: bool


class Record(NamedTuple):
    """One record: its number in the file from 1, its cells, what is wrong with it, and what has no column."""

    row: int
    cells: Cells
    problem: str | None
    flag: str | None
    excess: str | None = None


def read_lines(stream: IO[bytes], encoding: Encoding, path: object) -> Iterator[Line]:
    """Yield each line as text, in bounded memory."""
    if encoding.name.startswith("utf-16"):
        yield from _wide_lines(stream, encoding.name, path)
        return
    first = True
    while raw := stream.readline(LONGEST_LINE):
        ended = raw.endswith(b"\n")
        if not ended and len(raw) == LONGEST_LINE:
            raise BadFile(f"{path} has no line end in {LONGEST_LINE >> 20} MB: it is not a table of text.")
        if first:
            raw, first = raw.removeprefix(codecs.BOM_UTF8), False
        end = "\r\n" if raw.endswith(b"\r\n") else "\n" if ended else ""
        raw = raw[: len(raw) - len(end)]
        cut = not ended and encoding.name.startswith("utf-8") and ends_inside_character(raw)
        text, other = read_line(raw, encoding)
        yield Line(text, end, OTHER_ENCODING if other and not cut else None, cut)


def _wide_lines(stream: IO[bytes], name: str, path: object) -> Iterator[Line]:
    with io.TextIOWrapper(stream, encoding=name, errors="replace", newline="\n") as text:
        while line := text.readline(LONGEST_LINE):
            ended = line.endswith("\n")
            if not ended and len(line) == LONGEST_LINE:
                raise BadFile(f"{path} has no line end in {LONGEST_LINE:,} characters: it is not a table of text.")
            lossy = "\ufffd" in line
            end = "\r\n" if line.endswith("\r\n") else "\n" if ended else ""
            flag = UNREADABLE_CHARACTERS if lossy else None
            yield Line(line[: len(line) - len(end)], end, flag, lossy and not ended)


class _Feed:
    """The lines of a file as the csv module wants them, remembering which the record in hand has used."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._again: deque[Line] = deque()
        self.used: list[Line] = []
        self.ran_out = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        try:
            line = self._again.popleft() if self._again else next(self._lines)
        except StopIteration:
            self.ran_out = True
            raise
        self.used.append(line)
        return line.text.replace("\r", _LONE_RETURN) + (line.end or "\n")

    def give_back(self) -> None:
        """Keep the first line of the record in hand and read the others again."""
        self._again.extendleft(reversed(self.used[1:]))
        del self.used[1:]
        self.ran_out = False


def read_records(lines: Iterable[Line], delimiter: str) -> Iterator[Record]:
    """Yield each record; a blank line counts in the numbering and yields nothing.

    Whether a record has the right number of cells is for the caller, who knows the header.
    """
    feed = _Feed(lines)
    row = 0
    while True:
        feed.used, feed.ran_out = [], False
        try:
            cells, problem, flag = _next(feed, delimiter)
        except StopIteration:
            return
        row += 1
        if cells:
            yield Record(row, cells, problem, flag)


def _next(feed: _Feed, delimiter: str) -> tuple[Cells, str | None, str | None]:
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    problem = flag = None
    try:
        cells = next(reader)
    except csv.Error:
        problem = BROKEN_ROW if len(feed.used) > 1 or feed.ran_out else None
        flag = STRAY_QUOTE
        feed.give_back()
        cells = _leniently(feed.used[0].text, delimiter)
    cells = [cell.replace(_LONE_RETURN, "\r") if _LONE_RETURN in cell else cell for cell in cells]
    flag = next((line.flag for line in feed.used if line.flag), flag)
    last = feed.used[-1]
    if last.cut:
        problem = BROKEN_ROW
    elif not last.end:
        flag = flag or NO_LINE_END
    return cells, problem, flag


def _leniently(line: str, delimiter: str) -> Cells:
    """Split a line whose quotes do not match: quotes are letters here."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=False), [])
    except csv.Error:
        cells = line.split(delimiter)
    if line.count('"') % 2:
        cells = line.split(delimiter)
    return [cell.replace("\r", _LONE_RETURN) for cell in cells]


def judge_width(record: Record, width: int, *, short_rows_are_usual: bool = False) -> Record:
    """Give a record exactly `width` cells, saying so when it had others.

    Examples
    --------
    >>> judge_width(Record(2, ["a", "b", "c"], None, None), 2)
    Record(row=2, cells=['a', 'b'], problem='too_many_cells', flag=None, excess='c')
    >>> judge_width(Record(2, ["a"], None, None), 2)
    Record(row=2, cells=['a', ''], problem=None, flag='too_few_cells', excess=None)
    """
    row, cells, problem, flag, _ = record
    if len(cells) == width:
        return record
    if len(cells) > width:
        excess = excess_of(cells, width)
        return Record(row, cells[:width], problem or (TOO_MANY_CELLS if excess else None), flag, excess)
    if flag == NO_LINE_END:
        problem = BROKEN_ROW
    elif not short_rows_are_usual:
        flag = flag or TOO_FEW_CELLS
    return Record(row, cells + [""] * (width - len(cells)), problem, flag)


def excess_of(cells: Cells, width: int) -> str | None:
    """The cells for which there is no column, in one text; None where they are empty."""
    return " | ".join(cell for cell in cells[width:] if cell) or None
