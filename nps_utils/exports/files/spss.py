"""SPSS, Stata and SAS transport files: codes become what their value labels say, user-missing codes become blanks.

Which answer a code stands for only its label knows: 0 to 10 are often coded 1 to 11. So a code with a label becomes the
label, and where the labels of a variable show that its codes are shifted, the codes without a label are shifted too.
SPSS keeps 120 bytes of a value label and 256 of a variable label; what was cut is not guessed.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from nps_utils.checks import BadFile
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.record_grids import records_grid
from nps_utils.exports.files.records import Record
from nps_utils.exports.files.sources import CALLED, Source
from nps_utils.exports.files.values import EXACT, text
from nps_utils.scale import HIGHEST, LOWEST, is_no_answer, read_answer

_CUT: Final = 120  # bytes of a value label
_WITH_TIME: Final = ("DATETIME", "YMDHMS", "%tc", "%tC", "%-tc", "%-tC")  # formats of days that have a clock
# A code beside the scale: no end of it.
_NO_ANSWER: Final = re.compile(
    r"\b(?:know|vet|ved|vet|weet|weiß|weiss|sais|sait|sé|sabe|sei|tiedä|opinion|mening|åsikt|answer|svar|besvar\w*|antwort"
    r"|angabe|antwoord|réponse|applicable|relevant\w*|aktuel\w*|refus\w*|missing|unsure|osäker|usikker)\b|n/?a\b",
    re.IGNORECASE,
)
# A label that is a number with words, as an answer is written.
_LEADING: Final = re.compile(r"^\s*(\d{1,2})(?:$|\D)")
_TRAILING: Final = re.compile(r"(?:^|[^\d.,])(\d{1,2})\s*\)?$")


def spss_grid(source: Source) -> Grid:
    """Open a file of SPSS, of Stata or of SAS (transport).

    Raises
    ------
    BadFile
        It is damaged or protected by a password; or the library that reads it is not installed.
    """
    cells, meta, notes = _read(source)
    columns = [_Variable.of(name, cells[name], meta) for name in meta.column_names]
    texts = [column.texts() for column in columns]

    def read() -> Iterator[Record]:
        for row, record in enumerate(zip(*texts, strict=True), start=1):
            yield Record(row, list(record), None, None)

    return records_grid(
        source.path,
        meta.column_names,
        read,
        labels=[label or "" for label in meta.column_labels],
        rounded=[at for at, column in enumerate(columns) if column.is_rounded],
        notes=[
            *notes,
            *itertools.chain.from_iterable(column.notes(may_be_cut=source.kind == "spss") for column in columns),
        ],
    )


def _read(source: Source) -> tuple[Mapping[str, list[Any]], Any, list[str]]:
    """Return the cells by variable, what the file says of its variables, and what reading it took."""
    import pyreadstat as library  # when such a file is met: few studies have one

    with tempfile.TemporaryDirectory() as folder:
        path = source.path
        if source.packed:
            path = Path(folder) / "unpacked"
            with source.open() as packed:
                path.write_bytes(packed.read())
        # Files from before Unicode do not always say which letters they hold.
        for encoding in (None, "WINDOWS-1252"):
            try:
                if source.kind == "spss":
                    cells, meta = library.read_sav(path, output_format="dict", user_missing=True, encoding=encoding)
                else:  # their codes of missing answers are no numbers, and are empty unless asked for
                    read = library.read_dta if source.kind == "stata" else library.read_xport
                    cells, meta = read(path, output_format="dict", encoding=encoding)
            except (library.ReadstatError, library.PyreadstatError, UnicodeDecodeError, ValueError) as error:
                problem = error
            else:
                note = f"its letters were read as {encoding}: it does not say otherwise." if encoding else None
                return cells, meta, [note] if note else []
    raise BadFile(
        f"{source.path} is {CALLED[source.kind]} but damaged, cut short or protected by a password ({problem})."
        " Open it where it was made and save it again, or save it as CSV."
    ) from problem


@dataclass(frozen=True)
class _Variable:
    """One variable: its cells as codes, and what the file says of them."""

    name: str
    cells: Sequence[Any]
    labels: Mapping[Any, str]
    missing: Sequence[Mapping[str, Any]]
    only_day: bool

    @classmethod
    def of(cls, name: str, cells: Sequence[Any], meta: Any) -> _Variable:
        labels = {code: label.strip() for code, label in meta.variable_value_labels.get(name, {}).items()}
        form = str(meta.original_variable_types.get(name, ""))
        return cls(name, cells, labels, meta.missing_ranges.get(name, ()), not form.startswith(_WITH_TIME))

    @property
    def is_rounded(self) -> bool:
        """Whether numbers are so large that neighbours have become the same."""
        return any(isinstance(cell, float) and abs(cell) >= EXACT for cell in self.cells)

    def texts(self) -> list[str]:
        """Return the cells as text."""
        known = {cell: self._text(cell) for cell in {cell for cell in self.cells if _is_code(cell)}}
        return [known[cell] if _is_code(cell) else self._other(cell) for cell in self.cells]

    def _other(self, cell: Any) -> str:
        if isinstance(cell, dt.datetime) and self.only_day:
            return cell.date().isoformat()
        return text(cell).rstrip()

    def _text(self, code: Any) -> str:
        if self.is_missing(code):
            return ""
        label = self.labels.get(code)
        if label and (named := _number_in(label)) is not None:
            # Written so that the number stands apart from the words.
            return label if read_answer(label).score == named else f"{named} - {_words_of(label)}"
        if isinstance(code, str):
            return label or code.rstrip()
        number = self._answer_of(code)
        if not label:
            return number
        # Between codes without a label, or with the same, the code says which answer it is.
        return f"{number} - {label}" if self._needs_code(code, label) else label

    def _answer_of(self, code: float) -> str:
        """Return the answer that a code stands for, by the labels of the others."""
        if self.turn is not None:
            return text(self.turn - float(code))
        if self.shift is None and self.named:
            # The labels follow no rule, so that the number itself says nothing.
            return f"code {text(float(code))}"
        return text(float(code) - (self.shift or 0))

    def _needs_code(self, code: float, label: str) -> bool:
        others = [other for other, words in self.labels.items() if words == label and other != code]
        if others:
            return True
        near = LOWEST - 1 <= code <= HIGHEST + 1
        return near and (self._is_scale or any(self._is_bare(cell) for cell in self.codes))

    @property
    def _is_scale(self) -> bool:
        return bool(self.named) or self.shift is not None

    def _is_bare(self, code: Any) -> bool:
        return not isinstance(code, str) and code not in self.labels and not self.is_missing(code)

    @cached_property
    def codes(self) -> set[Any]:
        """The different codes that occur."""
        return {cell for cell in self.cells if _is_code(cell)}

    @cached_property
    def named(self) -> Mapping[float, int]:
        """The codes whose labels name an answer by its number, with that number."""
        numbers = {code: _number_in(label) for code, label in self.labels.items() if not isinstance(code, str)}
        return {float(code): number for code, number in numbers.items() if number is not None}

    @cached_property
    def shift(self) -> float | None:
        """How far codes lie above the answers that their labels name; None where that differs, or none is named."""
        shifts = {code - number for code, number in self.named.items()}
        if not self.named:
            return self._shift_of_ends()
        return next(iter(shifts)) if len(shifts) == 1 else None

    def _shift_of_ends(self) -> float | None:
        """Return it where words alone name the ends (and the middle) of a scale of eleven points."""
        said = frozenset(
            float(code)
            for code, label in self.labels.items()
            if not isinstance(code, str) and not self.is_missing(code) and not _NO_ANSWER.search(label)
        )
        lowest = min(said, default=0.0)
        steps = {code - lowest for code in said}
        eleven = steps in ({0, 10}, {0, 5, 10})
        # Where a code below the named end occurs, it is not the end.
        fits = (
            eleven
            and lowest in (0, 1)
            and all(isinstance(c, str) or c >= lowest or self.is_missing(c) for c in self.codes)
        )
        return lowest if fits else None

    @cached_property
    def turn(self) -> float | None:
        """The sum of codes and answers where the scale was coded the other way round."""
        sums = {code + number for code, number in self.named.items()}
        return next(iter(sums)) if len(sums) == 1 and len(self.named) > 1 else None

    def is_missing(self, code: Any) -> bool:
        """Say whether a code was declared to be no answer."""
        return any(_within(code, span) for span in self.missing)

    def notes(self, *, may_be_cut: bool) -> Iterator[str]:
        """Yield what a reader of the results should know of this variable."""
        if gone := [cell for cell in self.cells if _is_code(cell) and self.is_missing(cell)]:
            listed = ", ".join(f"{text(c)} {self.labels.get(c, '')}".strip() for c in sorted(set(gone), key=str)[:4])
            yield f'"{self.name}": {len(gone):,} cells hold codes declared as missing ({listed}); read as empty.'
        if self.shift or self.turn is not None:
            shown = (
                max(self.named, key=lambda code: self.named[code]) if self.named else float(HIGHEST + (self.shift or 0))
            )
            yield (
                f'"{self.name}": its value labels say which answers its codes stand for ({text(shown)} is'
                f' "{self.labels[shown]}"), and were followed.'
            )
        # A letter of several bytes is not halved.
        if may_be_cut and any(len(label.encode()) > _CUT - 3 for label in self.labels.values()):
            yield f'"{self.name}": value labels of {_CUT} bytes were probably cut there by SPSS.'


def _is_code(cell: Any) -> bool:
    """Say whether a cell is a code that may have a label: no date, and not missing to the system."""
    return cell != "" if isinstance(cell, str) else isinstance(cell, (int, float)) and not math.isnan(cell)


def _within(code: Any, span: Mapping[str, Any]) -> bool:
    low, high = span["lo"], span["hi"]
    if isinstance(code, str) != isinstance(low, str):
        return False
    if isinstance(code, str):
        return code.rstrip() == str(low).rstrip()
    return bool(low <= code <= high)


def _words_of(label: str) -> str:
    return re.sub(r"\d+", "", label).strip(" .:;,()[]-–—=\t\n") or label


def _number_in(label: str) -> int | None:
    """Return the answer from 0 to 10 that a label names by its number, or None."""
    if (score := read_answer(label).score) is not None:
        return score
    if is_no_answer(label):
        return None
    if len(re.findall(r"\d+", label)) != 1:
        return None
    found = _LEADING.search(label) or _TRAILING.search(label)
    number = int(found[1]) if found else None
    return number if number is not None and LOWEST <= number <= HIGHEST else None
