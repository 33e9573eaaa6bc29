"""The cells of a score column, with what the user and the header say of them: what the rules on scales look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from nps_utils.checks import BadValue, check_choice
from nps_utils.scale import HIGHEST, LOWEST, SCALES, Answer, Scale, is_no_answer, read_answer
from nps_utils.scale.labels import Numbered, read_numbered, tidy

# All other cells that cannot be read, as a label of study.toml.
OTHERS: Final = "*"


@dataclass(frozen=True)
class Told:
    """What the user said of the cells: what the numbers stand for, and scores of labels (None is no answer)."""

    scale: Scale | None = None
    labels: Mapping[str, int | None] = field(default_factory=dict)

    @cached_property
    def _known(self) -> dict[str, int | None]:
        return {label_key(text): score for text, score in self.labels.items()}

    def names(self, cell: str) -> bool:
        """Whether the user said what this cell stands for."""
        return bool(self._known) and label_key(cell) in self._known and cell.strip() != OTHERS

    def read(self, cell: str | None) -> Answer:
        """Read one cell as the user said, or as tools write it."""
        if cell is not None and self.names(cell):
            score = self._known[label_key(cell)]
            return Answer(score, "missing_score" if score is None else None)
        return read_answer(cell, self.scale or "0-10")

    @property
    def drops_others(self) -> bool:
        """Whether all other cells that cannot be read are rejected without asking."""
        return OTHERS in self.labels


NOTHING_TOLD: Final = Told()


@dataclass(frozen=True)
class Asked:
    """The scale that a header states, in its own words; `turned` where 0 is said to be the best answer."""

    low: int
    high: int
    words: str
    turned: bool = False


def told_of(scale: Scale | None, labels: Mapping[str, int | None] | None) -> Told:
    """Return what the user said, checked."""
    if scale is not None:
        check_choice("scale", scale, list(SCALES))
    check_labels(labels or {})
    return Told(scale, labels or {})


def check_labels(labels: Mapping[str, int | None]) -> None:
    """Raise `BadValue` unless every label stands for a score or for no answer."""
    for text, score in labels.items():
        whole = isinstance(score, int) and not isinstance(score, bool) and LOWEST <= score <= HIGHEST
        if score is not None and not whole:
            raise BadValue(f'the label "{text}" = {score!r} is neither a whole number from 0 to 10 nor none.')
        if score is not None and text.strip() == OTHERS:
            raise BadValue(
                f'the label "{OTHERS}" stands for all cells that cannot be read, which are no answers: none.'
            )


def label_key(cell: str) -> str:
    """Return a label as compared: spaces, line breaks and capitals do not matter."""
    return tidy(cell).casefold()


@dataclass(frozen=True)
class Seen:
    """The cells of one score column.

    Parameters
    ----------
    where
        File and column, for messages.
    counts
        How often each distinct cell occurs.
    rows
        Returns the row numbers of the first cells with one of these texts.
    told
        What the user said.
    asked
        What the header says.
    """

    where: str
    counts: Mapping[str, int]
    rows: Callable[[Sequence[str]], Sequence[int]]
    told: Told = NOTHING_TOLD
    asked: Asked | None = None

    @cached_property
    def answered(self) -> dict[str, int]:
        """The cells that are not empty and do not say that nothing was answered."""
        return {cell: n for cell, n in self.counts.items() if not self._is_silent(cell)}

    def _is_silent(self, cell: str) -> bool:
        if self.told.read(cell).problem == "missing_score":
            return True
        return not self.told.names(cell) and is_no_answer(cell)

    @cached_property
    def numbered(self) -> dict[str, Numbered]:
        """The number of each cell that the user has not named."""
        return {cell: read_numbered(cell) for cell in self.answered if not self.told.names(cell)}

    @cached_property
    def numbers(self) -> Counter[float]:
        """How often each number occurs, as it stands there."""
        found: Counter[float] = Counter()
        for cell, one in self.numbered.items():
            if one.value is not None and one.out_of in (None, HIGHEST):
                found[one.value] += self.counts[cell]
        return found

    @cached_property
    def scores(self) -> Counter[int]:
        """How often each score was read."""
        found: Counter[int] = Counter()
        for cell, n in self.answered.items():
            if (score := self.told.read(cell).score) is not None:
                found[score] += n
        return found

    @cached_property
    def highest(self) -> float:
        """The highest number."""
        return max(self.numbers, default=0.0)

    def show(self, cells: Sequence[str], most: int = 6) -> str:
        """Show cells, the most frequent first, with the row of each."""
        ordered = sorted(cells, key=lambda cell: -self.counts[cell])
        shown = []
        for cell in ordered[:most]:
            row = next(iter(self.rows([cell])), None)
            n = self.counts[cell]
            times = f"{n:,} times" if n > 1 else "once"
            place = times if row is None else f"row {row:,}" if n == 1 else f"{times}, first in row {row:,}"
            shown.append(f'"{tidy(cell)[:60]}" ({place})')
        more = f" and {len(ordered) - most:,} more" if len(ordered) > most else ""
        return ", ".join(shown) + more
