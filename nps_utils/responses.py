"""From a text table to responses and a ledger: every row is one or the other, and the ledger says why.

Three steps. Look: count the distinct scores, labels and days of each file. Decide: in Python, with reasons in words.
Transform: one set of expressions that the engine of the table runs; with lazy Polars the rows stream through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw

from nps_utils.checks import BadValue, MissingColumn, check_choice, check_positive
from nps_utils.clock import Zone, check_zone, local_from_utc, zone_between
from nps_utils.date_order import decide, proofs
from nps_utils.dates import DatePlan, seen, seen_in
from nps_utils.engines import Engine, Frame, Rows
from nps_utils.frames import Opened, open_table, set_apart
from nps_utils.instants import read_dates
from nps_utils.ledger import DATES, LEDGER, RowsLost, check_rows, split
from nps_utils.repeats import POSSIBLE, REPEATS, RepeatRules, Repeats, set_aside, with_keys
from nps_utils.rules import (
    Answers,
    Rule,
    blank,
    first_that_holds,
    flag_rules,
    looked_up,
    read_answers,
    row_rules,
    with_reasons,
)
from nps_utils.waves import NO_DATES, Calendar, Wave, check_wave, with_wave

# How the columns that cleaning makes begin.
_DERIVED = ("_", "responded_at:", "asked_at:")


@dataclass(frozen=True)
class Options:
    """The choices of `clean`, checked."""

    timezone: str | Mapping[str, str]
    day_first: bool | Mapping[str, bool] | None
    wave: Calendar | tuple[Any, ...]
    wave_timezone: str
    staff_domains: tuple[str, ...]
    partials: str
    drop_flagged: bool
    repeats: RepeatRules

    def zone_of(self, source_file: str) -> str:
        """The zone of times in a file that do not name their own."""
        if isinstance(self.timezone, str):
            return self.timezone
        return self.timezone.get(source_file, self.wave_timezone)


@dataclass(frozen=True)
class Profile:
    """What was seen in the table and decided from it."""

    rows: Mapping[str, int]
    answers: Answers
    plans: Mapping[str, DatePlan]


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
) -> tuple[Any, Any]:
    """Turn the text table of one or more exports into responses and a ledger.

    Every row is either a response or a rejected row of the ledger. Decisions are made for each `source_file` on its
    own, from what its columns prove, and are in the ledger as `noted` rows with their evidence.

    Parameters
    ----------
    table
        A data frame of pandas, Polars (eager or lazy), PyArrow, DuckDB or Spark, as `read_export` makes it: cells as
        text in canonical columns, of which only `score` must be there; `source_file` and `source_row` name the row.
        A lazy table is run three times and must give its rows in the same order each time, as scans of files do.
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

    Returns
    -------
    responses
        The same kind of table: `response_id, respondent_id, account_id, survey, touchpoint, score` (Int8 0..10),
        `comment, comment_question, language, responded_at` and `asked_at` (UTC), `wave, consent_to_quote, source_file,
        source_row`, then the other columns of the table.
    ledger
        `source_file, source_row, action` (rejected, flagged, noted), `reason, value` (the cell), `comment` (of a
        rejected row). Noted rows speak of a file or column and have no row number.

    Raises
    ------
    Undecidable
        The order of day and month cannot be told; the text names both readings and the line to write.
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
    options = _checked(
        timezone, day_first, wave, wave_timezone, repeats, duplicates, repeat_minutes, staff_domains, partials, flagged
    )
    opened = open_table(table)
    frame = opened.frame.rename(set_apart(opened.frame.collect_schema().names()))
    cells = [name for name in frame.collect_schema().names() if name != "source_row"]
    if options.wave == "column" and "wave" not in cells:
        raise MissingColumn('wave = "column" needs a column "wave" in the table; it has none.')
    frame = opened.engine.numbered(frame)
    profile = _look(frame, opened.engine, cells, options)
    marked = _transform(frame, opened.engine, cells, profile, options)
    responses, ledger = split(marked, opened.engine, cells, _notes(profile, cells, options))
    return _given_back(opened, responses, ledger, sum(profile.rows.values()))


def _checked(
    timezone: str | Mapping[str, str],
    day_first: bool | Mapping[str, bool] | None,
    wave: Wave,
    wave_timezone: str | None,
    repeats: Repeats,
    duplicates: str,
    repeat_minutes: float,
    staff_domains: Sequence[str],
    partials: str,
    flagged: str,
) -> Options:
    check_choice("repeats", repeats, REPEATS)
    check_choice("duplicates", duplicates, ("reject", "keep"))
    check_choice("partials", partials, ("reject", "keep"))
    check_choice("flagged", flagged, ("keep", "reject"))
    check_positive("repeat_minutes", repeat_minutes)
    if isinstance(staff_domains, str):
        raise BadValue(f"staff_domains = {staff_domains!r} is a text; write a list of domains, [{staff_domains!r}].")
    zones = {timezone} if isinstance(timezone, str) else set(timezone.values())
    for zone in zones:
        check_zone(zone)
    if wave_timezone is None:
        if len(zones) != 1:
            raise BadValue(
                f"timezone names {len(zones)} zones ({', '.join(sorted(zones))}); say with wave_timezone in which of "
                "them waves begin and end."
            )
        wave_timezone = next(iter(zones))
    check_zone(wave_timezone)
    return Options(
        timezone=timezone,
        day_first=day_first,
        wave=check_wave(wave),
        wave_timezone=wave_timezone,
        staff_domains=tuple(staff_domains),
        partials=partials,
        drop_flagged=flagged == "reject",
        repeats=RepeatRules(drop_duplicates=duplicates == "reject", repeats=repeats, minutes=repeat_minutes),
    )


def _look(frame: Frame, engine: Engine, cells: Sequence[str], options: Options) -> Profile:
    """Count the distinct answers and days of each file, and decide what they mean."""
    by = ["source_file", "score", *(name for name in ("survey_type", "score_label") if name in cells)]
    queries = [frame.group_by(*by).agg(n=nw.len(), first=nw.col("_order").min())]
    dated = [column for column in DATES if column in cells]
    queries += [seen_in(frame, column) for column in dated]
    answers, *days = engine.collect(queries)
    answers.sort(key=lambda row: row["first"])
    rows: dict[str, int] = {}
    for row in answers:
        rows[row["source_file"]] = rows.get(row["source_file"], 0) + row["n"]
    found = {column: seen(counted) for column, counted in zip(dated, days, strict=True)}
    plans = {}
    for column in dated:
        lean = {name: order for other in dated if other != column for name, order in proofs(found[other]).items()}
        plans[column] = decide(found[column], column=column, day_first=options.day_first, lean=lean)
    return Profile(rows, read_answers(answers), plans)


def _transform(frame: Frame, engine: Engine, cells: Sequence[str], profile: Profile, options: Options) -> Frame:
    """Add to every row what it means, and the reason that rejects it, if any."""
    source = frame
    frame = frame.with_columns(_answer=looked_up("score", profile.answers.codes).cast(nw.Int8))
    if "score_label" in cells:
        frame = frame.with_columns(_label=looked_up("score_label", profile.answers.labels).cast(nw.Int8))
    for plan in profile.plans.values():
        frame = read_dates(frame, plan, _zones(plan, profile, options))
    at = nw.col("responded_at:utc") if "responded_at" in cells else nw.lit(None).cast(nw.Int64)
    frame = frame.with_columns(_wall=_wall(profile, options, at))
    frame = _with_wave(frame, profile, cells, options)
    plan_of_answers = profile.plans.get("responded_at")
    rules = row_rules(
        cells,
        staff_domains=options.staff_domains,
        partials=options.partials,
        dated=plan_of_answers.dated if plan_of_answers else (),
    )
    if options.wave == "column":
        rules.append(Rule("missing_wave", blank("wave"), "wave"))
    if options.drop_flagged:
        rules += flag_rules(cells)
    frame = frame.with_columns(_rule=first_that_holds(rules).cast(nw.Int8))
    frame, keys = with_keys(frame.drop("_wall"), engine, cells=cells, rules=options.repeats)
    derived = [name for name in frame.collect_schema().names() if name.startswith(_DERIVED) and name not in keys]
    made = engine.settled(frame, [*derived, *keys, "source_file"])
    _check_settled(made, engine, profile)
    counting = made.filter(nw.col("_rule").is_null()).with_columns(_at=at)
    aside = set_aside(counting, engine, keys=keys, rules=options.repeats)
    if "responded_at" in cells:
        _note_doubled(counting, engine, profile.plans["responded_at"])
    made = made.drop(*keys)
    made = made.with_columns(_aside=nw.lit(None, nw.String)) if aside is None else engine.marked(made, aside)
    frame = with_reasons(engine.rejoined(source, made), rules)
    doubtful = nw.lit(value=options.drop_flagged) | (nw.col("_aside") != POSSIBLE)
    return frame.with_columns(_reason=nw.coalesce(nw.col("_reason"), nw.when(doubtful).then(nw.col("_aside"))))


def _check_settled(made: Frame, engine: Engine, profile: Profile) -> None:
    """Raise `RowsLost` unless the second look at the table saw as many rows as the first."""
    second, first = engine.collect([made.select(n=nw.len())])[0][0]["n"], sum(profile.rows.values())
    if second != first:
        raise RowsLost(f"The table had {first:,} rows when it was looked at and {second:,} when it was cleaned.")


def _note_doubled(counting: Frame, engine: Engine, plan: DatePlan) -> None:
    """Note how many local times fell into an hour that the clocks showed twice."""
    twice = counting.filter(nw.col("responded_at:twice")).select("source_file").group_by("source_file").agg(n=nw.len())
    for row in engine.collect([twice])[0]:
        times = "1 local time" if row["n"] == 1 else f"{row['n']:,} local times"
        plan.note(
            str(row["source_file"]), "twice", f"{times} occurred twice as the clocks went back; read as the first."
        )


def _zones(plan: DatePlan, profile: Profile, options: Options) -> dict[str, Zone]:
    return {name: zone_between(options.zone_of(name), *plan.years()) for name in profile.rows}


def _wall(profile: Profile, options: Options, at: nw.Expr) -> nw.Expr:
    """The time of the answer on the clocks of the study."""
    plan = profile.plans.get("responded_at")
    if plan is None:
        return nw.lit(None).cast(nw.Int64)
    return local_from_utc(at, zone_between(options.wave_timezone, *plan.years()))


def _with_wave(frame: Frame, profile: Profile, cells: Sequence[str], options: Options) -> Frame:
    """Add the wave of each row: of its time, else the export's own, else that of a table without dates."""
    own = nw.when(~blank("wave")).then(nw.col("wave").str.strip_chars()) if "wave" in cells else nw.lit(None, nw.String)
    if options.wave == "column":
        return frame.with_columns(_wave=own)
    plan = profile.plans.get("responded_at")
    if plan is None or not plan.dated:
        return frame.with_columns(_wave=nw.coalesce(own, nw.lit(NO_DATES)))
    undated = nw.when(~nw.col("source_file").is_in(sorted(plan.dated))).then(nw.coalesce(own, nw.lit(NO_DATES)))
    frame = with_wave(frame, "_wall", options.wave)
    timed = nw.when(~nw.col("_wall").is_null()).then(nw.col("_timed"))
    return frame.with_columns(_wave=nw.coalesce(timed, undated)).drop("_timed")


def _notes(profile: Profile, cells: Sequence[str], options: Options) -> Rows:
    """Say what was decided about whole files and columns, and on which evidence."""
    found: list[tuple[str | None, str, str]] = list(profile.answers.notes)
    for plan in profile.plans.values():
        found += [(name, "dates", sentence) for name, _, sentence in plan.notes]
    plan_of_answers = profile.plans.get("responded_at")
    for name in profile.rows:
        if plan_of_answers is None or name not in plan_of_answers.dated:
            what = "the export's own column wave" if "wave" in cells else f'"{NO_DATES}"'
            found.append((name, "no_dates", f"no dates of answers: responded_at is empty and the wave is {what}."))
        elif "no_zone" in plan_of_answers.forms:
            found.append((name, "time_zone", f"times without a zone are in {options.zone_of(name)}."))
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
