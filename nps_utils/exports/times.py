"""Which of several columns of dates is that of the answer: an answer counts when it was finished, not when begun."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nps_utils.exports import wording
from nps_utils.exports.cells.centuries import with_century
from nps_utils.exports.cells.dates import plain, read_cell
from nps_utils.exports.cells.plausible import impossible
from nps_utils.exports.headers import Column
from nps_utils.exports.shapes import like_date, share

# Names of dates that can be of nothing else than the answer: those before the common words.
_NAMES: Final = wording.HEADERS["responded_at"]
OF_ANSWERS: Final = frozenset(_NAMES[: _NAMES.index("timestamp")])
_NEARLY: Final = 0.9
# In the languages of Microsoft Forms, LimeSurvey and the like: en, sv, nb, da, nl, de, fr, es, pt, it, fi, pl.
COMPLETION: Final = re.compile(
    r"complet|finish|submit|\bend(?:ed)?\b|\bend.?(?:time|date)|slutf|avslut|inlämn|inskick|innsend|innlever|\bslutt|"
    r"\bslut(?:tid|dat|dato|$|\b)|fullf|fuldf|afslut|afsend|indsend|gennemf|voltooi|afgerond|ingediend|ingezonden|ingevuld|"
    r"ingestuurd|ingeleverd|opgestuurd|besvar(?:t|ad|at|et)\b|beantwo|\banswered|\bresponded|"
    r"\beind(?:e|tijd|datum)|fertigst|abschl|abgeschl|abgegeben|abgesendet|eingereicht|beende|\bende\b|endzeit|"
    r"\bfin\b|\binvio\b|achèvement|acheve|terminé|termine|soumis|finaliz|conclu|completa|enviad[ao]|\bfine\b|inviat|"
    r"valmist|lähet|lopetus|suorit|päätty|ukończ|zakończ|przesłan",
    re.IGNORECASE,
)
START: Final = re.compile(
    r"\bstart|starttid|startzeit|startdat|åpnet|åbnet|begin|began|begun|opened|created|påbörj|påbegyn|börja|skapad|öppnad|opprett|"
    r"oprett|aangemaakt|geopend|erstellt|angelegt|geöffnet|début|debut|commenc|créé|creé|inici|início|criad|cread|"
    r"inizi|creat|aloit|alku|luotu|avattu|rozpocz|utworz",
    re.IGNORECASE,
)


# A time of day and nothing else, under a header that names one and no duration.
_CLOCK: Final = re.compile(
    r"(?:kl\.? ?)?(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?", re.I
)
_OF_DAY: Final = re.compile(
    r"\btime\b(?! (?:spent|taken|used|zone))|\bclock|\b(?:tid|tidspunkt|tidpunkt|tidsstempel|klokken?|klokkeslett?|"
    r"klokkeslæt|klockan?|klockslag|kl|tijd|tijdstip|uhrzeit|zeit|heure|hora|ora|aika|kellonaika|klo)\b",
    re.IGNORECASE,
)
_LASTED: Final = re.compile(
    r"durat|varigh|varakt|tidsåtgång|åtgång|forbrug|forbruk|\bduur\b|dauer|durée|elapsed|spent|taken|minut|second|sekund|zone|"
    r"respons|response time|svarstid|svartid",
    re.IGNORECASE,
)


def clock_of(day: Column, columns: Sequence[Column]) -> Column | None:
    """Return the column of times of day that stands beside one of days; None where there is none, or two say so alike.

    Examples
    --------
    >>> day = Column(0, "Dato", "Dato", 2, ["31.12.2025", "02.01.2026"])
    >>> clock, lasted = (Column(1, name, name, 2, ["23:45", "09.05"]) for name in ("Klokkeslett", "Varighet"))
    >>> clock_of(day, [lasted, clock]).name
    'Klokkeslett'
    """
    if not day.filled or share(day, _only_a_day) < _NEARLY or not like_date(day):
        return None
    found = [c for c in columns if _OF_DAY.search(_words(c)) and not _LASTED.search(_words(c))]
    found = [c for c in found if c.filled and share(c, _CLOCK.fullmatch) >= _NEARLY and not _apart(c, day)]
    if len(found) > 1:
        found = [c for c in found if is_completion(c)] or [c for c in found if abs(c.at - day.at) == 1]
    return found[0] if len(found) == 1 else None


def _only_a_day(cell: str) -> bool:
    read = read_cell(cell)
    return read is not None and (read.clock is None or not read.clock.seconds)


def _apart(clock: Column, day: Column) -> bool:
    """Say whether many times stand in rows that have no day, so that they are of something else."""
    pairs = list(zip(clock.cells, day.cells, strict=True))
    alone = sum(bool(time.strip()) and not date.strip() for time, date in pairs)
    return alone > (1 - _NEARLY) * len(clock.filled)


def is_completion(column: Column) -> bool:
    """Say whether a header names the end of answering."""
    words = _words(column)
    return bool(COMPLETION.search(words)) and not START.search(words) and not wording.OTHER_DATE.search(words)


def is_start(column: Column) -> bool:
    """Say whether a header names the begin of answering, or the making of the record."""
    words = _words(column)
    return bool(START.search(words)) and not COMPLETION.search(words) and not wording.OTHER_DATE.search(words)


def _words(column: Column) -> str:
    """The header with `dateSubmitted` and `submit_date` in words."""
    return re.sub(r"(?<=[a-zåäöæøé])(?=[A-ZÅÄÖÆØ])|_", " ", column.wording)


def placeholder_of(column: Column) -> str | None:
    """Return the day that most cells of a column of dates hold though no answer can be of it, or None.

    Examples
    --------
    >>> placeholder_of(Column(0, "submitted", "submitted", 3, ["1980-01-01 00:00:00"] * 3))
    '1980-01-01 00:00:00'
    """
    cells = {text: read_cell(text) for text in column.distinct}
    wrong = {text for text, cell in with_century(cells).items() if cell and impossible(cell.day)}
    if not wrong or share(column, wrong.__contains__) <= 0.5:
        return None
    return plain(max(wrong, key=column.filled.count))


def one_moment(column: Column) -> str | None:
    """Return the time, to the minute, that all of ten and more cells hold: that of an import or an export, or None."""
    alike = len(column.distinct) == 1 and len(column.filled) >= 10
    cell = read_cell(column.filled[0]) if alike else None
    return column.filled[0] if cell and cell.clock and cell.clock.seconds else None


def date_of_answer(
    named: Sequence[Column], dates: Sequence[Column], specific: frozenset[str]
) -> tuple[Column, str] | None:
    """Return the column that says when an answer was finished, and a sentence why; None where two say so alike.

    Parameters
    ----------
    named
        Columns of dates whose names are among those of dates of answers, best first.
    dates
        All columns of dates that may be that of the answer.
    specific
        Names that can be of nothing else than the answer.
    """
    sure = [column for column in named if column.key in specific]
    ends = sorted((column for column in dates if is_completion(column)), key=_rank)
    begun = [column for column in dates if is_start(column)]
    if sure or ends:
        beside = f'; "{begun[0].name}" is when it was begun' if begun else ""
        why = "its name and its dates say so" if sure else "its words say that the answer was finished then"
        return (sure or ends)[0], f"{why}{beside}."
    others = [column for column in named if not is_start(column)]
    # What holds a date in few rows is of something that happened to few answers.
    most = max((len(column.filled) for column in dates), default=0)
    dates = [column for column in dates if 2 * len(column.filled) >= most]
    if len(dates) > 1:
        dates = [column for column in dates if not wording.ASKED.search(_words(column))] or dates
    if others:
        return others[0], "its name and its dates say so."
    if named and len(dates) == 1:
        return named[0], f"its name and its dates say so.{_BEGUN}"
    begun = [column for column in begun if not _EVENT.search(_words(column))]
    rest = [column for column in dates if not is_start(column) and not _EVENT.search(_words(column))]
    events = [column for column in dates if _EVENT.search(_words(column))]
    if len(rest) == 1:
        beside = f'; "{begun[0].name}" is when something was begun' if begun else ""
        return rest[0], f"the only column of dates{' that can be of the end' if begun else ''}{beside}."
    if not rest and begun:
        of_event = f'; "{events[0].name}" is when that happened which was asked about' if events else ""
        return begun[0], f"the only column of dates{' of the answer' if events else ''}{of_event}.{_BEGUN}"
    if not rest and len(events) == 1:
        return events[0], f"the only column of dates.{_OF_EVENT}"
    return (named[0], f"its name and its dates say so.{_BEGUN}") if named else None


_BEGUN: Final = " It is when the answer was begun; no column says when it was finished."
_OF_EVENT: Final = " It is when that happened which was asked about; no column says when it was answered."
# A visit, a stay, a delivery: what the question is about has its day before the answer.
_EVENT: Final = re.compile(
    r"\bservice\b|\bvisit|\bstay\b|treatment|appointment|admission|admitted|discharge|arrival|departure|\btravel|\btrip\b"
    r"|\bdeliver|install|besök|vistelse|behandling|bokning|\bleverans|besøk|opphold|bestilling|\blevering|besøg|\bophold"
    r"|bezoek|verblijf|afspraak|opname|ontslag",
    re.IGNORECASE,
)
# What is sent in names the answer less surely than its completion does.
_SENT: Final = re.compile(r"submit|send|sent|lämn|skick|gedien|gezon|reicht|soumis|envia|invia|lähet", re.IGNORECASE)


def _rank(column: Column) -> tuple[bool, int]:
    """Order columns that name the end of answering: completion before sending, then by place."""
    return bool(_SENT.search(column.wording)), column.at


def begun_column(columns: Sequence[Column], ended: Column) -> Column | None:
    """Return the column of starts that shows which answers have no end: filled in rows where `ended` is empty."""
    for column in columns:
        pairs = list(zip(column.cells, ended.cells, strict=True))
        left = sum(bool(a.strip()) and not b.strip() for a, b in pairs)
        if is_start(column) and like_date(column) and left and ended.filled:
            return column
    return None
