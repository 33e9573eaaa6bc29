"""From a text table to responses and a ledger: every row is one or the other, and the ledger says why.

Four steps. Take: read the table once and keep what the rules ask of it. Look: count the distinct scores, labels and
days of each file, and decide in Python what they mean, with reasons in words. Judge: one set of expressions that the
engine of the table runs. Split: read the rows again, beside their verdicts, into responses and ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import narwhals as nw

from nps_utils.cleaning.answers import Groups
from nps_utils.cleaning.crowds import Crowded, veiled
from nps_utils.cleaning.engines import Frame, Rows
from nps_utils.cleaning.frames import Opened, open_table
from nps_utils.cleaning.ledger import LEDGER, check_rows, split
from nps_utils.cleaning.options import Options, options_of
from nps_utils.cleaning.repeats import KEYS, Repeats
from nps_utils.cleaning.steps import (
    Profile,
    finder,
    judge,
    look,
    question,
    source_of,
    take,
)
from nps_utils.scale import Scale
from nps_utils.waves import NO_DATES, Wave


def clean(
    table: Any,
    *,
    timezone: str | Mapping[str, str],
    day_first: bool | Mapping[str, bool] | None = None,
    wave: Wave = "quarter",
    wave_timezone: str | None = None,
    repeats: Repeats = "latest",
    duplicates: Literal["reject", "keep"] = "reject",
    repeat_minutes: float = 10.0,
    staff_domains: Sequence[str] = (),
    partials: Literal["reject", "keep"] = "reject",
    flagged: Literal["keep", "reject"] = "keep",
    shared: Sequence[str] = (),
    one_person: Sequence[str] = (),
    scale: Scale | Mapping[str, Scale] | None = None,
    labels: Mapping[str, int | None] | None = None,
    groups: Groups = "check",
) -> tuple[Any, Any]:
    """Turn the text table of one or more exports into responses and a ledger.

    Every row is either a response or a rejected row of the ledger. Decisions are made for each `source_file` on its
    own, from what its columns prove, and are in the ledger as `noted` rows with their evidence.

    Parameters
    ----------
    table
        A data frame of pandas, Polars (eager or lazy), PyArrow, DuckDB or Spark, as `read_export` makes it: cells as
        text in canonical columns, of which only `score` must be there; `source_file` and `source_row` name the row.
        A lazy table is run twice and must give its rows in the same order each time, as scans of files do.
    timezone
        The zone of times that do not name their own, such as Europe/Stockholm; or a mapping from source file to zone.
    day_first
        Whether 03/04/2024 is 3 April; None lets each column prove it. May be a mapping from source file.
    wave
        "quarter", "month", "week" (ISO), "year", "column" (the table's own column `wave`), or dates that are borders:
        each begins a new wave.
    wave_timezone
        The zone of the wave borders; `timezone` unless that is a mapping of several zones.
    repeats
        Which of several answers of one person (`respondent_id`, else `email`) to one survey and touchpoint within a
        wave counts: the latest, the first, or all.
    duplicates
        "reject" sets aside identical rows, a response id seen before, and answers that a person submitted again within
        `repeat_minutes`; "keep" counts them all. Identical rows without any id are kept and flagged.
    repeat_minutes
        Minutes between two answers of one person that are one submission.
    staff_domains
        Mail domains whose people are not customers, subdomains included.
    partials
        Whether answers to a survey that was not finished are rejected.
    flagged
        "reject" also rejects what would only be flagged: to see how much depends on doubtful rows.
    shared, one_person
        Addresses or ids with many answers in a wave that several people share, so that all of them count (a kiosk, a
        shared mailbox), and those of one person; a name in neither that has eleven answers in a wave, or fewer that are
        a large part of the table, is asked about.
    scale
        What the numbers of the score stand for: "0-10", "1-10", "1-11" (codes), "10-0" (0 is best); may be a mapping
        from source file. None lets the answers show it, and refuses what is not from 0 to 10.
    labels
        Scores of labels that are not understood, None for one that is no answer; "*" stands for all other such cells.
    groups
        "check" refuses answers that contradict the tool's own groups (`score_label`); "ignore" only counts them.

    Returns
    -------
    responses
        The same kind of table: `response_id, respondent_id, account_id, survey, touchpoint, score` (Int8 0..10),
        `comment, comment_question, language, responded_at` and `asked_at` (UTC), `wave, consent_to_quote, source_file,
        source_row`, then the other columns of the table.
    ledger
        `source_file, source_row, action` (rejected, flagged, noted), `reason, value` (the cell), `comment` (of a
        rejected row). Noted rows speak of a file or column, have no row number and come last.

    Raises
    ------
    Undecidable
        The order of day and month cannot be told, or whether a name with many answers is one person; the text names
        both readings and the line to write.
    BadAnswers
        The answers are on another scale, contradict their groups, or cannot be read; the text says how to go on.
    BadValue, MissingColumn, BadInput
        An option, a column or the table cannot be used.

    Notes
    -----
    A local time that the clocks skipped is moved forward by the gap and flagged; one that they showed twice is read as
    the first and counted in a note. A row without score and comment is an `unanswered_view` where it shows that the
    survey was delivered (a date or a status), else a `missing_score`.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"score": ["9", "11", "N/A"], "responded_at": ["24.02.2024 11.35"] * 3})
    >>> responses, ledger = clean(table, timezone="Europe/Oslo")
    >>> responses[["score", "responded_at", "wave"]]
       score              responded_at     wave
    0      9 2024-02-24 10:35:00+00:00  2024-Q1
    >>> ledger.loc[ledger["action"] == "rejected", ["source_row", "reason", "value"]].reset_index(drop=True)
       source_row              reason value
    0           3  score_out_of_range    11
    1           4       missing_score   N/A
    """
    options = options_of(
        timezone=timezone,
        day_first=day_first,
        wave=wave,
        wave_timezone=wave_timezone,
        repeats=repeats,
        duplicates=duplicates,
        repeat_minutes=repeat_minutes,
        staff_domains=staff_domains,
        partials=partials,
        flagged=flagged,
        shared=shared,
        one_person=one_person,
        scale=scale,
        labels=labels,
        groups=groups,
    )
    opened = open_table(table)
    source, cells = source_of(opened, options)
    taken = take(source, opened.engine, cells, options)
    profile = look(taken, opened.engine, cells, options, finder(source, opened.engine))
    try:
        made = judge(taken, opened.engine, cells, profile, options)
    except Crowded as crowd:
        raise question(crowd, source, opened.engine, cells, sum(profile.rows.values())) from None
    marked = opened.engine.rejoined(source, made.drop(*_working(made)))
    notes = _notes(profile, cells, options)
    responses, ledger = split(marked, opened.engine, cells, profile.rules, notes, drop_flagged=options.drop_flagged)
    return _given_back(opened, responses, ledger, sum(profile.rows.values()))


def _working(made: Frame) -> list[str]:
    """The columns that only the search for repeated rows needed."""
    return [name for name in made.collect_schema().names() if name in (*KEYS, "_at") or name.endswith(":twice")]


def _notes(profile: Profile, cells: Sequence[str], options: Options) -> Rows:
    """Say what was decided about whole files and columns, and on which evidence."""
    found: list[tuple[str | None, str, str]] = list(profile.answers.notes)
    for plan in profile.plans.values():
        found += [(name, "placeholder" if what == "placeholder" else "dates", told) for name, what, told in plan.notes]
    plan_of_answers = profile.plans.get("responded_at")
    for name in profile.rows:
        if plan_of_answers is None or name not in plan_of_answers.dated:
            what = "the export's own column wave" if "wave" in cells else f'"{NO_DATES}"'
            found.append((name, "no_dates", f"no dates of answers are known: the wave is {what}."))
        elif name in plan_of_answers.column.zoneless:
            found.append((name, "time_zone", f"times without a zone are in {options.zone_of(name)}."))
    found += [
        (None, "shared", f"{veiled(name)}: shared by several people, as given: every answer counts.")
        for name in options.repeats.names.shared
    ]
    notes = []
    for source_file, topic, sentence in found:
        note: dict[str, Any] = dict.fromkeys(LEDGER)
        notes.append(note | {"source_file": source_file, "action": "noted", "reason": topic, "value": sentence})
    return notes


def _given_back(opened: Opened, responses: Frame, ledger: Frame, rows_in: int) -> tuple[Any, Any]:
    """Return the tables in the kind that came in, counted where that costs no further pass."""
    out, book = opened.give_back(responses), opened.give_back(ledger)
    if opened.counts:
        check_rows(rows_in, responses=nw.from_native(out), ledger=nw.from_native(book))
    return out, book
