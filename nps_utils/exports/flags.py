"""Columns that say which rows are no answers: flags of trials, deletions and skipped questions; how far each came."""

from __future__ import annotations

import re
from typing import Final

from nps_utils.columns import NO, YES
from nps_utils.exports.cells import standing
from nps_utils.exports.found import Found
from nps_utils.exports.headers import Column
from nps_utils.exports.shapes import like_date

# What a flag says of its row; `test` alone may be the arm of a trial.
_SAYS: Final = frozenset(
    {"excluded", "preview", "previewed", "spam", "deleted", "removed", "duplicate", "bot", "skipped", "discarded"}
)
_WITH_MARK: Final = frozenset({*_SAYS, "test", "testing"})
# What tools write around it: `is_test`, `Test entry`, `e_excluded_yn`.
_MARKS: Final = frozenset(
    {"is", "was", "e", "q", "a", "yn", "flag", "flagged", "marked", "as", "entry", "response", "answer", "submission",
     "survey", "record", "row", "data", "respondent", "user"}
)  # fmt: skip
_FAR: Final = frozenset(
    {"progress", "complete", "percent complete", "completion", "completion rate", "percent completed", "completeness",
     "framdrift", "fremdrift", "fremskridt", "voortgang", "fortschritt", "progression", "fullföljande", "percentage"}
)  # fmt: skip
_LAST_PAGE: Final = re.compile(
    r"(?:last|laatste|sista|siste|sidste|letzte|dernière|última|ultima|viimeinen) ?(?:page|pagina|sidan?|side|seite"
    r"|página|sivu)"
)
_DELETED: Final = re.compile(r"^(?:date )?(?:deleted|removed|trashed|raderad|slettet|verwijderd|gelöscht|supprimé)\b")
_PER_CENT: Final = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*%?")


def _words(column: Column) -> list[str]:
    return _in_words(column.wording)


def _in_words(header: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-./?()%]", " ", header)
    return spaced.casefold().split()


def is_flag(column: Column) -> bool:
    """Say whether a column of yes and no tells, by its header, which rows are no answers.

    Examples
    --------
    >>> def column(name: str) -> Column:
    ...     return Column(0, name, name, 2, ["true", "false"])
    >>> [is_flag(column(name)) for name in ("is_test", "Test entry", "e_excluded_yn", "Spam", "Test", "Test group")]
    [True, True, True, True, False, False]
    """
    words = _words(column)
    said = [word for word in words if word not in _MARKS]
    if len(said) != 1 or not column.filled or not all(cell.casefold() in YES | NO for cell in column.distinct):
        return False
    return said[0] in (_WITH_MARK if len(words) > 1 else _SAYS)


def is_deletion(column: Column) -> bool:
    """Say whether a column holds when rows were thrown away: a date in some of them, `deleted_at`."""
    return (
        bool(_DELETED.search(" ".join(_words(column)))) and 0 < len(column.filled) < column.rows and like_date(column)
    )


def is_progress(column: Column) -> bool:
    """Say whether a column holds how much of the survey was answered, in per cent: some all of it, some less.

    Examples
    --------
    >>> is_progress(Column(0, "% complete", "% complete", 3, ["100%", "60%", "100 %"]))
    True
    """
    if " ".join(_words(column)) not in _FAR or not column.filled:
        return False
    found = [_PER_CENT.fullmatch(cell) for cell in column.filled]
    shares = [int(match[1]) for match in found if match]
    return len(shares) == len(found) and max(shares) == 100 and min(shares) < 100 and max(shares) <= 100


def is_place_in_survey(column: Column) -> bool:
    """Say whether a header is that of how far each came: a share of the survey, or its last page.

    Examples
    --------
    >>> def column(name: str) -> Column:
    ...     return Column(0, name, name, 2, ["3", "2"])
    >>> [is_place_in_survey(column(name)) for name in ("Progress", "Laatste pagina", "lastpage", "Landing page")]
    [True, True, True, False]
    """
    said = [" ".join(_in_words(header)) for header in (column.name, column.wording)]
    return any(words in _FAR or _LAST_PAGE.fullmatch(words) is not None for words in said)


def tests_unused(found: Found) -> list[str]:
    """Say of a column of few words, one of which is that of a test or a preview, that its rows count."""
    notes = []
    for column in found.free:
        words = [cell for cell in column.distinct if standing.plain(cell) in _TRIALS]
        if not words or not 2 <= len(column.distinct) <= 30 or len(words) == len(column.distinct):
            continue
        n = sum(cell in words for cell in column.filled)
        listed = ", ".join(f'"{word}"' for word in sorted(words))
        notes.append(
            f'column "{column.name}" says {listed} in {n:,} of the rows looked at, and they count. If these are trials,'
            f' add to columns of its [[export]] in study.toml: {_free_name(found)} = "{column.name}".'
        )
    return notes


def trials_unmarked(found: Found) -> list[str]:
    """Say how many rows look like trials by an address, a name or a comment that says test, and that they count.

    Where a column marks trials it has been believed.
    """
    looks = {"email": _TEST_ADDRESS, "respondent_name": _TEST_NAME, "comment": _TEST_ALONE}
    told = [(form, column) for name, form in looks.items() for column in found.chosen.get(name, ())]
    if not told or {"status", "excluded"} & {*found.chosen}:
        return []
    rows = zip(*(column.cells for _, column in told), strict=True)
    n = sum(any(form.search(cell.strip()) for (form, _), cell in zip(told, row, strict=True)) for row in rows)
    if not n:
        return []
    return [
        f'{n:,} of the rows looked at {"has" if n == 1 else "have"} "test" for an address, a name or a comment, and'
        f" {'counts' if n == 1 else 'count'}. Leave trials out of the file; those of one domain also go by"
        " staff_domains at the top of study.toml."
    ]


def zeros_unexplained(found: Found) -> list[str]:
    """Say that a 0 may stand for no answer: nobody who gave it wrote anything, though most of the others did."""
    score, comments = found.chosen["score"], found.chosen.get("comment", ())
    if len(score) > 1 or not comments:
        return []
    wrote = [any(map(str.strip, cells)) for cells in zip(*(column.cells for column in comments), strict=True)]
    given = [cell.strip() for cell in score[0].cells]
    zeros = [said for cell, said in zip(given, wrote, strict=True) if cell in _ZERO]
    others = [said for cell, said in zip(given, wrote, strict=True) if cell and cell not in _ZERO]
    # At even odds that somebody writes, ten in a row who do not are one in a thousand.
    if len(zeros) < _FEWEST_ZEROS or any(zeros) or 2 * sum(others) <= len(others):
        return []
    return [
        f"{len(zeros):,} of the rows looked at say 0 and none of them has a comment, while {sum(others):,} of"
        f" {len(others):,} others have one: 0 may stand for no answer here, and counts as the lowest. If it does:"
        ' --label "0=none" to nps new, or "0" = "none" under [score_labels] in study.toml.'
    ]


_ZERO: Final = frozenset({"0", "0.0", "0,0"})
_FEWEST_ZEROS: Final = 10
_TEST_ADDRESS: Final = re.compile(
    r"^test(?:er|ing|bruker|användare|bruger|gebruiker)?\d*(?:[.+_-][^@]*)?@|@test\.[a-z]+$", re.I
)
_TEST_NAME: Final = re.compile(r"^test(?:er|esen|sson)?\d*(?: test\w*| user| person)?$|^test test", re.I)
_TEST_ALONE: Final = re.compile(
    r"^(?:this is (?:only |just )?a )?test(?:ing|svar|er|antwoord)?\d*[.! ]*(?:test)?[.!]*$", re.I
)
# Of the words of tests those that are hardly the name of anything else.
_TRIALS: Final = frozenset(
    {"test", "tests", "testing", "test response", "preview", "survey preview", "testdata", "test data"}
)


def _free_name(found: Found) -> str:
    return "status" if "status" not in found.chosen else "channel"
