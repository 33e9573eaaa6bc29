"""Header rows: how many there are, and one name and one wording per column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from nps_utils.columns import EXPORT, FOUND, SOURCE
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.tools.tool import Tool, key
from nps_utils.scale import MISSING

_IMPORT_ID: Final = re.compile(r'^\{\s*"?\'?ImportId', re.IGNORECASE)
_ZONE: Final = re.compile(r"""["']timeZone["']\s*:\s*["']([^"']+)["']""")
_PLACEHOLDER: Final = re.compile(r"^V\d+$")
# Second rows say what a column under a question holds.
SECOND_ROW: Final = frozenset(
    {"response", "open-ended response", "open ended response", "other (please specify)", "score", "label", "answer",
     "insight", "comment", "svar", "antwoord", "antwort", "réponse"}
)  # fmt: skip
# How a program tells a second column of one name from the first.
_AGAIN: Final = re.compile(r"(?P<name>.*\S)(?:\.\d{1,2}| ?\(\d{1,2}\)|_\d{1,2})")
# Of the rows filled in the emptier column, the share that may be filled in both, by chance or mistake.
MOST_BOTH: Final = 0.02
# A name as programs write it, and what is no name: a number, a date.
_SLUG: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.\-/]*")
_VALUE: Final = re.compile(r"[-+]?\d")
_NO_NEWS: Final = frozenset({"response", "svar", "antwoord", "antwort", "réponse", "answer"})


# The company of a contact is a company; its id is not that of an answer, so that all else keeps its wrapper.
_WRAPPED: Final = re.compile(
    r"^(?:attributes|fields|attrs)\.(?=.)"
    r"|^(?:contact|respondent|participant|person|user)\.(?=(?:company|organi[sz]ation|account)(?:[._ ]?(?:name|id))?$)",
    re.I,
)


@dataclass(frozen=True)
class Column:
    """One column: its place, its name, all the text above it, and its first cells.

    `also` are the places of further columns of the same name, each filled in rows of its own: together they are one.
    """

    at: int
    name: str
    wording: str
    rows: int
    cells: Sequence[str] = field(repr=False)
    also: tuple[int, ...] = ()

    @cached_property
    def key(self) -> str:
        """The name as compared, without what an interface wraps all fields of a record in."""
        return key(_WRAPPED.sub("", self.name))

    @cached_property
    def filled(self) -> list[str]:
        """The cells that hold something."""
        return [cell.strip() for cell in self.cells if cell.strip()]

    @cached_property
    def distinct(self) -> frozenset[str]:
        """The different things its cells hold."""
        return frozenset(self.filled)


def count_header_rows(grid: Grid, tool: Tool) -> int:
    """Return how many of the first records are headers."""
    rows = [record.cells for record in grid.head[:3]]
    for at in (1, 2):
        if at < len(rows) and _is_import_row(rows[at]):
            return at + 1
    if len(rows) < 2:
        return 1
    if tool.codes_below and tool.match(rows[0]) and tool.match(rows[1]):
        return 2
    if tool.header_rows > 1 and tool.match(rows[1]) and _PLACEHOLDER.match(rows[0][0] or "-"):
        return 2
    if tool.header_rows > 2 and _are_labels(rows[0], rows[1]):
        return 2
    if _names_twice(rows[0], rows[1]) and _above_values(rows[1], [record.cells for record in grid.head[2:12]]):
        return 2
    return 2 if _says_what_is_below(rows[0], rows[1], tool) else 1


def _is_slug_row(cells: Iterable[str]) -> bool:
    return all(_SLUG.fullmatch(cell.strip()) for cell in cells)


def _names_twice(first: Sequence[str], second: Sequence[str]) -> bool:
    """Say whether two rows name the same columns: once for people, once for programs, in either order.

    Nextcloud Forms has a hidden row of ids below the questions; programs of research write names above questions.
    """
    pairs = [(a.strip(), b.strip()) for a, b in zip(first, second, strict=False) if a.strip() or b.strip()]
    if len(pairs) < 2 or not all(a and b for a, b in pairs) or len({b for _, b in pairs}) < len(pairs):
        return False
    if any(b.casefold() in MISSING or _VALUE.match(b) or "@" in b for _, b in pairs):
        return False
    names = [(a, b) for a, b in pairs if "_" in a + b or "-" in a + b or key(a) == key(b)]
    below, above = _is_slug_row([b for _, b in pairs]), _is_slug_row([a for a, _ in pairs])
    return (below and 2 * len(names) >= len(pairs)) or (above and any(" " in b for _, b in pairs))


def _above_values(cells: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Say whether below words of a row there are only numbers and dates, in two columns and more."""
    columns = 0
    for at, cell in enumerate(cells):
        below = [row[at].strip() for row in body if at < len(row) and row[at].strip()]
        columns += bool(cell.strip()) and len(below) > 1 and all(map(_VALUE.match, below))
    return columns > 1


def _are_labels(names: Sequence[str], below: Sequence[str]) -> bool:
    """Say whether row two says the names again: what is left when somebody deletes the row of import ids."""
    return sum(bool(a.strip()) and key(a) == key(b) for a, b in zip(names, below, strict=False)) >= 3


def zone_of_imports(grid: Grid, header_rows: int, at: int) -> str | None:
    """Return the time zone that the row of import ids states for a column of times, or None."""
    cells = _padded(grid.head[header_rows - 1].cells, grid.width, grid.row_names)
    stated = _ZONE.search(cells[at]) if _is_import_row(cells) else None
    return None if stated is None else "UTC" if stated[1] in ("Z", "GMT") else stated[1]


def _is_import_row(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum(bool(_IMPORT_ID.match(cell)) for cell in filled) > len(filled) / 2


def _says_what_is_below(first: Sequence[str], second: Sequence[str], tool: Tool) -> bool:
    words = [cell.strip().casefold() for cell in second]
    known = any(word in tool.second_row or word in SECOND_ROW for word in words)
    if any(re.search(r"\d{4}", word) for word in words):
        return False
    # An answer has an id or a time where a second header row has nothing.
    empty_under_name = any(name.strip() and not word for name, word in zip(first, words, strict=False))
    goes_on = any(not name.strip() and word for name, word in zip(first, words, strict=False))
    if tool.header_rows > 1:
        return not words[0] and any(words) and (known or goes_on)
    no_values = not any(re.fullmatch(r"[\d.,/: -]+", word) for word in words if word)
    return known and goes_on and empty_under_name and no_values


def read_columns(grid: Grid, tool: Tool, header_rows: int) -> list[Column]:
    """Return the columns of a grid, with names that are unique and never those of the canonical table."""
    rows = [_padded(record.cells, grid.width, grid.row_names) for record in grid.head[:header_rows]]
    body = [record.cells for record in grid.head[header_rows:] if record.problem is None]
    names, wordings = _names(rows)
    if tool.codes_below and header_rows == 2:
        names = [_tidy(cell) for cell in rows[1]]
        wordings = [f"{name} {_tidy(cell)}".strip() for name, cell in zip(names, rows[0], strict=True)]
    if grid.labels:
        labels = _padded(grid.labels, grid.width, grid.row_names)
        wordings = [f"{name} {_tidy(label)}".strip() for name, label in zip(names, labels, strict=True)]
    kept = {key(header): name for header, name in tool.kept_as.items()}
    names = [kept.get(key(name), name) for name in names]
    bodies = [[cells[at] if at < len(cells) else "" for cells in body] for at in range(len(names))]
    together = _of_one_name(names, wordings, bodies)
    gone = {other for others in together.values() for other in others}
    columns = []
    for at, name in enumerate(unique(names)):
        if at in gone:
            continue
        also = together.get(at, ())
        cells = [next(filter(str.strip, parts), "") for parts in zip(*(bodies[p] for p in (at, *also)), strict=True)]
        cells = [tool.read_back(cell) for cell in cells]
        columns.append(Column(at, name, unicodedata.normalize("NFC", wordings[at]), len(body), cells, also))
    return columns


def _of_one_name(
    names: Sequence[str], wordings: Sequence[str], bodies: Sequence[Sequence[str]]
) -> dict[int, tuple[int, ...]]:
    """Return the columns that are one: of one name, each filled in rows of its own, as versions of a form are."""
    first: dict[str, int] = {}
    filled: dict[int, set[int]] = {}
    found: dict[int, tuple[int, ...]] = {}
    for at, name in enumerate(names):
        if not name:
            continue
        mine = {row for row, cell in enumerate(bodies[at]) if cell.strip()}
        base = first.get(name)
        if base is None and (again := _AGAIN.fullmatch(name)):
            base = first.get(again["name"])
        if base is None or (names[base] == name and wordings[base] != wordings[at]):
            first.setdefault(name, at)
            filled[at] = mine
        elif len(mine & filled[base]) <= MOST_BOTH * min(len(mine), len(filled[base])):
            found[base] = (*found.get(base, ()), at)
            filled[base] |= mine
    return found


def _padded(cells: Sequence[str], width: int, row_names: bool) -> list[str]:
    shifted = ["row", *cells] if row_names else list(cells)
    return shifted[:width] + [""] * (width - len(shifted))


def _tidy(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").split())


def _names(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    first = [_tidy(cell) for cell in rows[0]]
    if len(rows) == 1:
        return first, first
    second = [_tidy(cell) for cell in rows[1]]
    if _is_import_row(second):
        return first, first
    placed = sum(bool(_PLACEHOLDER.match(cell)) for cell in first) > 3
    if len(rows) == 2 and not placed and _names_twice(*rows):
        if _is_slug_row(filter(str.strip, second)):
            return first, first
        return first, [f"{a} {b}".strip() for a, b in zip(first, second, strict=True)]
    if len(rows) == 3 or placed or _are_labels(first, second):
        names = [b if _PLACEHOLDER.match(a) else a for a, b in zip(first, second, strict=True)]
        wordings = [f"{a} {b}".strip() for a, b in zip(first, second, strict=True)]
        return names, wordings
    joined, wordings, carried = [], [], ""
    for a, b in zip(first, second, strict=True):
        carried = a or carried
        opened = bool(a) and b.casefold() in SECOND_ROW and b.casefold().startswith("open")
        plain = not b or b.casefold() in _NO_NEWS or opened
        joined.append(a or carried if plain and (a or b) else f"{carried}: {b}" if b else "")
        # That the question is open is part of its wording, in whatever language it was asked.
        wordings.append(f"{joined[-1]} {b}" if opened else joined[-1])
    return joined, wordings


def unique(names: Sequence[str], taken: Collection[str] = ()) -> list[str]:
    """Return the names with `_2`, `_3`, ... behind repeated ones; a column without a name is called by its place.

    Examples
    --------
    >>> unique(["Why?", "", "Why?", "why?"])
    ['Why?', 'column_2', 'Why?_2', 'why?']
    """
    used = set(taken)
    result = []
    for at, name in enumerate(names, start=1):
        base = name or f"column_{at}"
        new, n = base, 1
        while new in used or new in (*SOURCE, *FOUND):
            n += 1
            new = f"{base}_{n}"
        used.add(new)
        result.append(new)
    return result


def extra_names(columns: Sequence[Column], used: Collection[int]) -> dict[int, str]:
    """Return the name each column that is not canonical keeps in the table, by its place."""
    rest = [column for column in columns if column.at not in used]
    names = unique([column.name for column in rest], taken=EXPORT)
    return {column.at: name for column, name in zip(rest, names, strict=True)}
