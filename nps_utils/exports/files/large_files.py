"""Where the records of a large UTF-8 file begin and end, and which of them have too many or too few cells.

One pass over the bytes with numpy, without making a single string. It answers two questions that a CSV parser in a
hurry does not: is every quote where a quote belongs (then any parser reads the file alike), and which rows are not as
wide as the header (then they can be named instead of being cut to size in silence).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nps_utils.exports.files.records import BROKEN_ROW, NO_LINE_END, TOO_FEW_CELLS, TOO_MANY_CELLS, excess_of

Bytes: TypeAlias = NDArray[np.uint8]
Places: TypeAlias = NDArray[np.int64]

# As much as stays near the processor.
_CHUNK: Final = 1 << 18
_LONGEST_CELL: Final = 8 << 20
_QUOTE, _LINE, _RETURN = ord('"'), ord("\n"), ord("\r")
_BOM: Final = b"\xef\xbb\xbf"
_PIECE: Final = 1 << 16
# White space of Unicode beyond ASCII in UTF-8, and the bytes with which it begins, which few texts have.
_WIDE_SPACES: Final = tuple(
    chr(code).encode() for code in (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
)
_LONGEST_SPACE: Final = 3
_WIDE_BEGINS: Final = (0xC2, 0xE1, 0xE2, 0xE3)
# Kinds of bytes, of which no two but a border and a blank add up to what these do.
_BORDER, _BLANK, _WIDE = 1, 2, 8
# More uneven rows than this are a habit of the file, and the careful reader's business.
MOST_UNEVEN: Final = 200_000


@dataclass
class Layout:
    """Records by their number in the file, from 1.

    `blank` are the empty ones, `uneven` the width of those not as wide as the header, `excess` the text of cells that
    have no column. `bare` says that no cell of any record has white space around it, or none that was looked for.
    """

    width: int
    records: int = 0
    blank: list[int] = field(default_factory=list)
    uneven: dict[int, int] = field(default_factory=dict)
    excess: dict[int, str] = field(default_factory=dict)
    ended: bool = True
    bare: bool = True

    def problems(self) -> dict[int, str]:
        """Return the rows that cannot be used, each with its reason."""
        found = {row: TOO_MANY_CELLS for row, width in self.uneven.items() if width > self.width}
        if not self.ended and self.uneven.get(self.records, self.width) < self.width:
            found[self.records] = BROKEN_ROW
        return found

    def flags(self, *, short_rows_are_usual: bool) -> dict[int, str]:
        """Return the rows that can be used and deserve a remark."""
        short = {} if short_rows_are_usual else self.uneven
        found = {row: TOO_FEW_CELLS for row, width in short.items() if width < self.width}
        return found if self.ended else {**found, self.records: NO_LINE_END}


def survey_layout(path: Path, delimiter: str, width: int) -> Layout | None:
    """Return the layout of a UTF-8 file, or None when its quotes, line ends or zero bytes need the careful reader."""
    layout = Layout(width)
    rest = b""
    with path.open("rb") as file:
        start = file.read(len(_BOM))
        rest = b"" if start == _BOM else start
        while piece := file.read(_CHUNK):
            block = rest + piece
            end = _add(layout, block, delimiter)
            # A longer cell is a quote that was never closed.
            if end is None or (end == 0 and len(block) > _LONGEST_CELL):
                return None
            rest = block[end:]
    if rest:
        layout.ended = False
        if rest.endswith(b"\r") or _add(layout, rest + b"\n", delimiter) != len(rest) + 1:
            return None
    return layout


def _add(layout: Layout, block: bytes, delimiter: str) -> int | None:
    """Take in the whole records of a block that begins with one; return their end, or None when they are not plain."""
    data = np.frombuffer(block, dtype=np.uint8)
    quotes = np.flatnonzero(data == _QUOTE) if b'"' in block else np.zeros(0, dtype=np.int64)
    layout.bare = layout.bare and _is_bare(block, delimiter)
    signs = _signs(block, delimiter, quoted=bool(quotes.size))
    lines = np.flatnonzero(signs == _LINE)
    if not lines.size:
        return 0
    end = _end_of_last(block, quotes)
    if not _quotes_in_place(data, quotes[: np.searchsorted(quotes, end)], ord(delimiter)):
        return None
    if b"\0" in block or (b"\r" in block and not _returns_in_place(data[:end])):
        return None
    if not _even(signs[: lines[-1] + 1], lines, layout.width):
        ends = _outside(np.flatnonzero(data == _LINE), quotes, data.size)
        _note_uneven(layout, block, ends, np.diff(lines, prepend=-1), delimiter)
    layout.records += lines.size
    uneven = len(layout.uneven) > MOST_UNEVEN or len(layout.blank) > MOST_UNEVEN
    return None if uneven else end


@cache
def _all_but(delimiter: str) -> bytes:
    """Every byte that parts neither cells nor records, and does not quote them."""
    return bytes(set(range(256)) - {_QUOTE, _LINE, ord(delimiter)})


def _signs(block: bytes, delimiter: str, *, quoted: bool) -> Bytes:
    """Return the delimiters and line ends outside quotes, in their order: where they stand is not asked."""
    signs = np.frombuffer(block.translate(None, _all_but(delimiter)), dtype=np.uint8)
    if not quoted:
        return signs
    quote = signs == _QUOTE
    # Behind an odd number of quotes; that the count wraps around at 256 changes nothing.
    within = np.cumsum(quote, dtype=np.uint8) & 1
    outside: Bytes = signs[(within | quote) == 0]
    return outside


def _end_of_last(block: bytes, quotes: Places) -> int:
    """Return where the last record ends: behind a line end that is within no quotes."""
    at = block.rfind(b"\n")
    while np.searchsorted(quotes, at) % 2:
        at = block.rfind(b"\n", 0, at)
    return at + 1


def _outside(places: Places, quotes: Places, size: int) -> Places:
    """Leave out the places within quotes: behind an odd number of them. Few cells have any, so these are looked up."""
    if not quotes.size:
        return places
    opening, closing = quotes[0::2], quotes[1::2]
    closing = closing if closing.size == opening.size else np.append(closing, size)
    first, last = np.searchsorted(places, opening), np.searchsorted(places, closing)
    holding = first < last
    if not holding.any():
        return places
    steps = np.zeros(places.size + 1, dtype=np.int32)
    steps[first[holding]] += 1
    steps[last[holding]] -= 1
    outside: Places = places[np.cumsum(steps[:-1]) == 0]
    return outside


def _is_bare(block: bytes, delimiter: str) -> bool:
    """Say whether no white space stands beside what parts cells and records; within quotes, too, to be sure.

    A block begins with a record.
    """
    kinds = _kinds(delimiter)
    if kinds[block[0]] == _BLANK or block.startswith(_WIDE_SPACES):
        return False
    # In pieces for which no memory must be fetched anew, each with the beginning of the next.
    return all(
        _is_bare_within(block[at : at + _PIECE + _LONGEST_SPACE + 1], kinds) for at in range(0, len(block), _PIECE)
    )


def _is_bare_within(piece: bytes, kinds_of: bytes) -> bool:
    kinds = np.frombuffer(piece.translate(kinds_of), dtype=np.uint8)
    if (kinds[1:] + kinds[:-1] == _BORDER + _BLANK).any():
        return False
    if piece.isascii():
        return True
    for at in np.flatnonzero(kinds == _WIDE):
        end = at + (2 if piece[at] == _WIDE_BEGINS[0] else _LONGEST_SPACE)
        beside = (kinds[at - 1] if at else 0, kinds[end] if end < len(piece) else 0)
        if piece[at:end] in _WIDE_SPACES and _BORDER in beside:
            return False
    return True


@cache
def _kinds(delimiter: str) -> bytes:
    """What each byte is: a border of cells, white space, perhaps the beginning of white space, or none of these."""
    kinds = bytearray(256)
    kinds[: ord(" ") + 1] = bytes([_BLANK]) * (ord(" ") + 1)
    for byte in _WIDE_BEGINS:
        kinds[byte] = _WIDE
    for byte in (_QUOTE, _LINE, _RETURN, ord(delimiter)):
        kinds[byte] = _BORDER
    return bytes(kinds)


def _even(signs: Bytes, lines: Places, width: int) -> bool:
    """Say whether each record has as many cells as the header: every so many signs one is the end of a line."""
    if signs.size != lines.size * width or width < 2:
        return False
    return bool((signs.reshape(lines.size, width)[:, -1] == _LINE).all())


def _quotes_in_place(data: Bytes, quotes: Places, delimiter: int) -> bool:
    """Say whether every quote opens a cell, closes one, or is one half of a doubled quote."""
    if quotes.size % 2:
        return False
    if not quotes.size:
        return True
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    after = data[np.minimum(closing + 1, data.size - 1)]
    # Inside a cell a doubled quote closes and opens again at once.
    opens = (opening == 0) | (before == delimiter) | (before == _LINE)
    opens[1:] |= opening[1:] == closing[:-1] + 1
    closes = (after == delimiter) | (after == _LINE) | (after == _RETURN)
    closes[:-1] |= opening[1:] == closing[:-1] + 1
    return bool(opens.all() and closes.all())


def _returns_in_place(data: Bytes) -> bool:
    """Say whether a carriage return only stands before a line feed."""
    returns = np.flatnonzero(data == _RETURN)
    return bool((data[np.minimum(returns + 1, data.size - 1)] == _LINE).all())


def _note_uneven(layout: Layout, block: bytes, ends: Places, widths: Places, delimiter: str) -> None:
    """Remember the blank records and those of another width; empty cells too many are nothing lost."""
    empty = re.compile(rb'(?:%s(?:"")?)*$' % re.escape(delimiter.encode()))
    for at in np.flatnonzero(widths != layout.width):
        row = layout.records + int(at) + 1
        record = block[int(ends[at - 1]) + 1 if at else 0 : int(ends[at])].removesuffix(b"\r")
        if not record:
            layout.blank.append(row)
            continue
        extra = int(widths[at]) - layout.width
        found = empty.search(record)
        if extra < 0 or found is None or found.group().count(delimiter.encode()) < extra:
            layout.uneven[row] = int(widths[at])
        if extra > 0 and row in layout.uneven:
            cells = next(csv.reader(io.StringIO(record.decode(), newline=""), delimiter=delimiter))
            layout.excess[row] = excess_of(cells, layout.width) or ""
        if len(layout.uneven) > MOST_UNEVEN:
            return
