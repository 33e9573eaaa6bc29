"""Door checks, and the errors they raise: name, value, rule, what to do.

Everything a user can get wrong ends as a `BadInput`; the command line prints its text and exits with 2.
An exception of any other class is our own failure.
"""

from __future__ import annotations

import difflib
import json
import math
import numbers
from collections.abc import Collection, Iterable, Sequence


class BadInput(ValueError):
    """What was given cannot be used; the text says what, where, which rule and what to do.

    Parameters
    ----------
    text
        The sentence.
    given
        The name, choice or share that a caller wrote and that cannot be; None where nobody need have written it.
    """

    def __init__(self, text: str = "", *, given: object = None) -> None:
        super().__init__(text)
        self.given = given


class BadValue(BadInput):
    """An argument or a cell is outside what its rule allows."""


class MissingColumn(BadInput):
    """A table lacks a column that was asked for."""


class NoSuchHeader(MissingColumn):
    """A header that was named by the user is not in the file."""

    def __init__(self, text: str, header: str) -> None:
        super().__init__(text)
        self.header = header


class BadFile(BadInput):
    """A file is missing, empty, damaged or not of a kind we read."""


class BadAnswers(BadInput):
    """Score cells are on another scale than 0-10, contradict their groups, or cannot be read; with the way on."""


class NoSuchSheet(BadFile):
    """A sheet that was named by the user is not in the file."""


class Undecidable(BadInput):
    """Two readings fit the data; the text names both and how to choose."""


class SeveralSheets(Undecidable):
    """Several sheets of a workbook hold answers."""


class UndecidedDates(Undecidable):
    """Day and month of a further table may stand in either order."""


class UndecidedOrder(Undecidable):
    """Day and month of `source_file` may stand in either order; `readings` says so without saying what to write."""

    def __init__(self, readings: str, advice: str, *, source_file: str) -> None:
        super().__init__(f"{readings}\n{advice}")
        self.readings = readings
        self.source_file = source_file


class UndecidedWaves(Undecidable):
    """The names of waves do not say which came first; `readings` says so without saying what to write."""

    def __init__(self, readings: str, advice: str, *, names: Sequence[str]) -> None:
        super().__init__(f"{readings} {advice}")
        self.readings = readings
        self.names = tuple(names)


class SharedName(Undecidable):
    """An address or id has many answers in a wave: of one person, or of several who share it; `readings` names them."""

    def __init__(self, readings: str, names: Sequence[str]) -> None:
        self.readings = (
            f"{readings}\nIs it one person, whose repeated answers count once in each wave, or do several people share"
            " it (a kiosk, a shared mailbox), so that every answer counts? Nothing was dropped."
        )
        listed = json.dumps(list(names), ensure_ascii=False)
        super().__init__(
            f"{self.readings}\nWrite under [answers] in study.toml: shared = {listed}\n"
            f"or, if it is one person:                one_person = {listed}"
        )
        self.names = tuple(names)


class BadStudy(BadInput):
    """`study.toml` has an unknown key, an impossible value or points to something that is not there."""


class PageFailed(RuntimeError):
    """A notebook or the site stopped for a reason that is ours, not the input's."""


def closest(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` for the known word nearest to `name`, or nothing.

    Examples
    --------
    >>> closest("tittle", ["title", "timezone"])
    ' Did you mean "title"?'
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""


def check_columns(present: Collection[str], wanted: Iterable[str], *, what: str = "the table") -> None:
    """Raise `MissingColumn` unless every wanted column is present."""
    for name in wanted:
        if name not in present:
            listed = ", ".join(map(str, present))
            near = closest(name, map(str, present))
            raise MissingColumn(f'{what} has no column "{name}"; it has: {listed}.{near}', given=name)


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Raise `BadValue` unless `value` is one of `choices`."""
    if value not in choices:
        listed = ", ".join(choices)
        raise BadValue(f"{name} = {value!r} is not one of: {listed}.{closest(str(value), choices)}", given=value)


def _is_number(value: object, kind: type = numbers.Real) -> bool:
    """Say whether a value is a number, also one of numpy, which need not be loaded for that."""
    return isinstance(value, kind)


def check_fraction(name: str, value: float) -> None:
    """Raise `BadValue` unless 0 < value < 1; a value like 95 gets told about .95."""
    if not (_is_number(value) and 0 < value < 1):
        hint = f" Write {value / 100:g}." if isinstance(value, (int, float)) and 1 < value < 100 else ""
        raise BadValue(f"{name} = {value!r} is not between 0 and 1 (exclusive).{hint}", given=value)


def check_points(name: str, value: float) -> None:
    """Raise `BadValue` unless the value is an NPS: points from -100 to 100."""
    if not (_is_number(value) and -100 <= value <= 100):
        raise BadValue(f"{name} = {value!r} is not a number of NPS points from -100 to 100.", given=value)


def check_positive(name: str, value: float) -> None:
    """Raise `BadValue` unless the value is a finite number above zero."""
    if not (_is_number(value) and math.isfinite(value) and value > 0):
        raise BadValue(f"{name} = {value!r} is not a number above zero.")


def check_whole(name: str, value: float, *, least: int = 0) -> None:
    """Raise `BadValue` unless the value is a whole number of at least `least`."""
    if isinstance(value, bool) or not _is_number(value, numbers.Integral) or value < least:
        raise BadValue(f"{name} = {value!r} is not a whole number of at least {least}.")
