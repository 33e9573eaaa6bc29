"""What to write when score cells are refused: the same setting for study.toml, `nps new` and Python."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from typing import Final

from nps_utils.scale import HIGHEST, LOWEST, Scale
from nps_utils.scale.labels import tidy
from nps_utils.scale.likelihood import end_of, is_top

# A longer list is not copied by hand; the star stands for the rest.
MOST_LINES: Final = 12
# What a shell reads inside double quotes; a line that ends stands for itself in single ones only.
_READ_INSIDE: Final = re.compile(r'["$`\\!\n]')


def only_nps() -> str:
    """Say what the score needs."""
    return "The score needs the question from 0 to 10; nothing is rescaled."


def for_shell(text: str) -> str:
    """Quote a text for a shell: double quotes serve every one, except around what it reads inside them.

    Examples
    --------
    >>> print(for_shell("Before"), for_shell("info@x.example"), for_shell('the "$5" wave'))
    "Before" "info@x.example" 'the "$5" wave'
    """
    return shlex.quote(text) if _READ_INSIDE.search(text) else f'"{text}"'


def scale_line(scale: Scale) -> str:
    """Return how to say what the numbers stand for.

    Examples
    --------
    >>> scale_line("1-11")
    'write scale = "1-11" under its [[export]] in study.toml (to nps new: --scale 1-11; in Python: scale="1-11")'
    """
    python = f'in Python: scale="{scale}"'
    return f'write scale = "{scale}" under its [[export]] in study.toml (to nps new: --scale {scale}; {python})'


def label_lines(cells: Sequence[str], missing: Sequence[int], *, ends_read: bool) -> str:
    """Return the lines that say what cells stand for, with a proposal where their words name an end that is missing.

    Parameters
    ----------
    cells
        Cells that cannot be read, the most frequent first.
    missing
        The ends of the scale that no cell that can be read is.
    ends_read
        Whether both ends were read, so that a cell without a number is most likely no answer.

    Examples
    --------
    >>> print(label_lines(["Extremt sannolikt"], [10], ends_read=False))
      [score_labels]
      "Extremt sannolikt" = 10
    That goes at the end of study.toml; to nps new: --label "Extremt sannolikt=10"; in Python:
      labels={"Extremt sannolikt": 10}
    Each is a number from 0 to 10, or "none" for a cell that is no answer; "*" = "none" stands for all other such cells.
    """
    texts = list(dict.fromkeys(tidy(cell) for cell in cells))
    said = {text: _proposal(text, texts, missing, ends_read=ends_read) for text in texts[:MOST_LINES]}
    if len(texts) > MOST_LINES:
        said["*"] = "none"
    lines = "\n".join(f"  {_quoted(text)} = {_toml(value)}" for text, value in said.items())
    options = " ".join(f"--label {for_shell(f'{text}={value}')}" for text, value in said.items())
    python = ", ".join(f"{_quoted(text)}: {_python(value)}" for text, value in said.items())
    unknown = ""
    if "SCORE" in said.values():
        unknown = "In place of SCORE write what the cell stands for. "
    return (
        f"  [score_labels]\n{lines}\nThat goes at the end of study.toml; to nps new: {options}; in Python:\n"
        f'  labels={{{python}}}\n{unknown}Each is a number from 0 to 10, or "none" for a cell that is no answer;'
        ' "*" = "none" stands for all other such cells.'
    )


def _proposal(text: str, texts: Sequence[str], missing: Sequence[int], *, ends_read: bool) -> int | str:
    """Propose a score only for the one text that names a missing end: of two, nobody can tell which is the end."""
    tops, lows = [one for one in texts if is_top(one)], [one for one in texts if end_of(one) == "low"]
    if tops == [text] and HIGHEST in missing:
        return HIGHEST
    if lows == [text] and LOWEST in missing:
        return LOWEST
    return "none" if ends_read and end_of(text) is None else "SCORE"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _toml(value: int | str) -> str:
    return '"none"' if value == "none" else str(value)


def _python(value: int | str) -> str:
    return "None" if value == "none" else str(value)
