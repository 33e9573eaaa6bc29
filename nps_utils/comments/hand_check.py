"""Fifty comments for a person to check, and the precision that comes back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadFile, BadValue, check_columns, check_fraction, check_whole
from nps_utils.columns import NO, YES
from nps_utils.comments.masking import mask
from nps_utils.comments.text import Texts, is_missing, text_list
from nps_utils.comments.themes import NO_CONTENT, NOT_COVERED, REST
from nps_utils.stats.arithmetic.proportions import proportion_limits

COLUMNS: Final = ("row", "language", "comment", "main_theme", "correct", "should_be")
_RIGHT: Final = YES | {"right", "correct", "rätt", "riktig", "rigtig", "juist"}
_WRONG: Final = NO | {"wrong", "fel", "feil", "forkert", "fout"}


def check_sheet(
    texts: Texts,
    themes: pd.DataFrame,
    *,
    n: int = 50,
    names: Iterable[str] = (),
    path: str | Path | None = None,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Draw comments with a theme, at random, for a person to say whether the main theme is right.

    Parameters
    ----------
    texts, themes
        The comments and what `assign_themes` gave for them.
    n
        How many; fewer where fewer have a theme.
    names
        The study's contacts, for masking.
    path
        Also write the sheet there as CSV (UTF-8 with a mark, so that spreadsheets read it).
    rng
        Seed or generator of the draw.

    Returns
    -------
    `row` (position of the comment), `language`, `comment` (masked; a leading `=`, `+`, `-` or `@` gets an apostrophe,
    so that no spreadsheet runs it), `main_theme`, and two empty columns to fill in: `correct` (yes or no, in English,
    Swedish, Norwegian, Danish or Dutch) and `should_be`.

    Raises
    ------
    BadValue
        Tables of different length, or no comment with a theme.
    """
    check_whole("n", n, least=1)
    check_columns(list(themes.columns), ["main_theme", "language"], what="themes")
    comments = text_list(texts)
    if len(comments) != len(themes):
        raise BadValue(f"themes has {len(themes):,} rows for {len(comments):,} comments; they must be the same.")
    main = themes["main_theme"].to_numpy(dtype=str)
    themed = np.flatnonzero(~np.isin(main, [REST, NO_CONTENT, NOT_COVERED]))
    if not len(themed):
        raise BadValue("no comment has a theme: there is nothing to check.")
    drawn = np.sort(np.random.default_rng(rng).choice(themed, min(n, len(themed)), replace=False))
    masked, _ = mask([comments[row] for row in drawn], names=names)
    sheet = pd.DataFrame(
        {
            "row": drawn,
            "language": themes["language"].to_numpy(dtype=str)[drawn],
            "comment": [_harmless(text) for text in masked],
            "main_theme": [_harmless(theme) for theme in main[drawn]],
            "correct": "",
            "should_be": "",
        }
    )
    if path is not None:
        sheet.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    return sheet


def read_check_sheet(sheet: pd.DataFrame | str | Path, *, confidence_level: float = 0.95) -> pd.DataFrame:
    """Read a filled-in sheet: the share of right main themes, with a Wilson interval.

    The overall line speaks for all comments with a theme: they were drawn at random. The lines per theme rest on few
    comments each; their intervals say how few.

    Parameters
    ----------
    sheet
        The table, or a CSV (comma, semicolon or tab) or XLSX file.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    `theme` ("all" first), `judged`, `correct`, `precision`, `low`, `high` (proportions), `not_judged`.

    Raises
    ------
    BadFile, MissingColumn, BadValue
        An unreadable file, a missing column, an answer that is neither yes nor no, nothing judged.

    Examples
    --------
    >>> filled = pd.DataFrame({"main_theme": ["price"] * 10, "correct": ["yes"] * 9 + ["no"]})
    >>> read_check_sheet(filled).head(1).round(3)
      theme  judged  correct  precision    low   high  not_judged
    0   all      10        9        0.9  0.596  0.982           0
    """
    check_fraction("confidence_level", confidence_level)
    table = sheet if isinstance(sheet, pd.DataFrame) else _read(Path(sheet))
    check_columns(list(table.columns), ["main_theme", "correct"], what="the check sheet")
    answers = pd.Series([_answer(cell, row) for row, cell in enumerate(table["correct"])], dtype="float")
    if answers.notna().sum() == 0:
        raise BadValue('the check sheet has no answers: fill in the column "correct" with yes or no.')
    theme = pd.Series(["" if is_missing(cell) else str(cell) for cell in table["main_theme"]])
    groups = [("all", np.ones(len(theme), dtype=bool))]
    groups += [(name, (theme == name).to_numpy()) for name in sorted(set(theme))]
    rows = []
    for name, where in groups:
        judged, right = int(answers[where].notna().sum()), int(answers[where].sum())
        low, high = proportion_limits(right, judged, confidence_level=confidence_level) if judged else (0.0, 1.0)
        precision = right / judged if judged else np.nan
        rows.append((name, judged, right, precision, low, high, int(where.sum()) - judged))
    return pd.DataFrame(rows, columns=["theme", "judged", "correct", "precision", "low", "high", "not_judged"])


def is_untouched(path: str | Path) -> bool:
    """Say whether a sheet is as it was written: nobody has judged a comment yet."""
    table = _read(Path(path))
    return "correct" in table.columns and all(is_missing(cell) or not str(cell).strip() for cell in table["correct"])


def _harmless(text: str) -> str:
    """OWASP's rule against formulas in cells."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _answer(cell: object, row: int) -> float:
    said = "" if is_missing(cell) else str(cell).strip().casefold()
    if not said:
        return float("nan")
    if said in _RIGHT:
        return 1.0
    if said in _WRONG:
        return 0.0
    raise BadValue(
        f'check sheet, row {row + 2}, column "correct": {cell!r} is neither yes nor no; leave it empty if unsure.'
    )


def _read(path: Path) -> pd.DataFrame:
    try:
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return pd.read_excel(path, dtype="str", engine="calamine")
        return pd.read_csv(path, dtype="str", sep=None, engine="python", encoding="utf-8-sig", keep_default_na=False)
    except (OSError, ValueError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: not readable as a check sheet: {error}") from error
