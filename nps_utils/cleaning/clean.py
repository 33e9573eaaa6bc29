"""From a text table to responses and a ledger: every row is one or the other, and the ledger says why.

Four steps. Take: read the table once and keep what the rules ask of it. Look: count the distinct scores, labels and
days of each file, and decide in Python what they mean, with reasons in words. Judge: one set of expressions that the
engine of the table runs. Split: read the rows again, beside their verdicts, into responses and ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import narwhals as nw
import polars as pl

from nps_utils.checks import MissingColumn, SharedName
from nps_utils.cleaning.answers import Answers, Groups, RowsOf, read_answers
from nps_utils.cleaning.crowds import Crowded, shared_name, veiled
from nps_utils.cleaning.date_columns import DatePlan, queries, seen
from nps_utils.cleaning.dates_by_file import decide, proofs
from nps_utils.cleaning.engines import Engine, Frame, Rows
from nps_utils.cleaning.frames import Opened, open_table, set_apart
from nps_utils.cleaning.instants import read_dates
from nps_utils.cleaning.ledger import DATES, LEDGER, check_rows, counts, split
from nps_utils.cleaning.options import Options, options_of
from nps_utils.cleaning.repeats import KEYS, Repeats, set_aside, with_keys
from nps_utils.cleaning.rules import Rule, bare, blank, facts, first_that_holds, flag_rules, flags_that_hold, row_rules
from nps_utils.cleaning.zones import Zone, local_from_utc, zone_between
from nps_utils.exports.cells.dates import DAY
from nps_utils.scale import Scale
from nps_utils.waves import NO_DATES, Wave, waves_of


@dataclass(frozen=True)
class Profile:
    """What was seen in the table and decided from it."""

    rows: Mapping[str, int]
    answers: Answers
    plans: Mapping[str, DatePlan]
    rules: Sequence[Rule]


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
    source, cells = _source(opened, options)
    taken = _take(source, opened.engine, cells, options)
    profile = _look(taken, opened.engine, cells, options, _finder(source, opened.engine))
    try:
        made = _judge(taken, opened.engine, cells, profile, options)
    except Crowded as crowd:
        raise _question(crowd, source, opened.engine, cells, sum(profile.rows.values())) from None
    marked = opened.engine.rejoined(source, made.drop(*_working(made)))
    notes = _notes(profile, cells, options)
    responses, ledger = split(marked, opened.engine, cells, profile.rules, notes, drop_flagged=options.drop_flagged)
    return _given_back(opened, responses, ledger, sum(profile.rows.values()))


def scores_under(table: pl.LazyFrame, choices: Sequence[Mapping[str, str]], **options: Any) -> Iterator[pl.Series]:
    """Clean a table under several choices, and give for each the score of every row, null where it does not count.

    What rows say is read once: the choices differ in which of them count.

    Parameters
    ----------
    table
        As for `clean`.
    choices
        For each cleaning, what it has otherwise than `options`: `repeats`, `duplicates`, `partials` or `flagged`.
    options
        Those of `clean`.

    Raises
    ------
    BadInput
        As `clean`.

    Examples
    --------
    >>> rows = {"score": ["9", "3"], "respondent_id": ["a", "a"], "responded_at": ["2026-01-02", "2026-02-03"]}
    >>> under = scores_under(pl.LazyFrame(rows), [{}, {"repeats": "first"}], timezone="UTC")
    >>> [scores.to_list() for scores in under]
    [[None, 3], [9, None]]
    """
    asked = [options_of(**{**options, **choice}) for choice in choices]
    opened = open_table(table)
    engine = opened.engine
    source, cells = _source(opened, asked[0])
    # Whoever searches for no repeated rows does not need their keys: they are made where any choice does.
    widest = next((one for one in asked if one.repeats.searches), asked[0])
    taken = _take(source, engine, cells, widest)
    profile = _look(taken, engine, cells, asked[0], _finder(source, engine))
    understood = _understood(taken, engine, cells, profile, asked[0])
    understood = engine.settled(understood, understood.collect_schema().names())
    for one in asked:
        ruled = replace(profile, rules=_rules(taken, cells, profile.plans, one))
        try:
            made = _verdicts(understood, engine, cells, ruled, one)
        except Crowded as crowd:
            raise _question(crowd, source, engine, cells, sum(profile.rows.values())) from None
        score = nw.when(counts(drop_flagged=one.drop_flagged)).then(nw.col("_answer"))
        yield made.select(score=score).to_native().collect()["score"]


def _source(opened: Opened, options: Options) -> tuple[Frame, list[str]]:
    """Return the rows of a table with their numbers, and the names of its cells."""
    frame = opened.frame.rename(set_apart(opened.frame.collect_schema().names()))
    cells = [name for name in frame.collect_schema().names() if name != "source_row"]
    if options.wave == "column" and "wave" not in cells:
        raise MissingColumn(
            'wave = "column" (by = "column" under [waves] in study.toml) needs a column "wave" in the table; it has'
            ' none. Name the column that says the wave: columns = { wave = "..." } under its [[export]].'
        )
    return opened.engine.numbered(frame), cells


def _take(source: Frame, engine: Engine, cells: Sequence[str], options: Options) -> Frame:
    """Read the table once, and keep what the rules ask of its texts instead of the texts."""
    asked = facts(cells, staff_domains=options.staff_domains)
    own_wave = {"_own_wave": nw.when(~blank("wave")).then(bare("wave"))} if "wave" in cells else {}
    frame = source.with_columns(**asked, **own_wave) if asked or own_wave else source
    dated = [column for column in DATES if column in cells]
    for column in dated:
        frame = engine.cut(frame, column)
    frame, keys = with_keys(frame, engine, cells=cells, rules=options.repeats)
    texts = [column for column in ("score", "score_label", "survey_type") if column in cells]
    parts = [f"{column}:{part}" for column in dated for part in ("day", "clock", "number")]
    return engine.settled(frame, ["_order", "source_file", *texts, *parts, *asked, *own_wave, *keys])


def _finder(source: Frame, engine: Engine) -> RowsOf:
    """Return what looks rows up for a message: only a table that is refused is read once more."""

    def rows(file: str, scores: Sequence[str], groups: Sequence[str] | None) -> list[int]:
        found = source.filter(nw.col("source_file") == file, nw.col("score").is_in(list(scores)))
        if groups is not None:
            found = found.filter(nw.col("score_label").is_in(list(groups)))
        (first,) = engine.collect([found.select(row=nw.col("source_row").min())])
        return [int(row["row"]) for row in first if row["row"] is not None]

    return rows


def _look(taken: Frame, engine: Engine, cells: Sequence[str], options: Options, rows_of: RowsOf) -> Profile:
    """Count the distinct answers and days of each file, and decide what they mean."""
    by = ["source_file", "score", *(name for name in ("survey_type", "score_label") if name in cells)]
    asked = [taken.group_by(*by).agg(n=nw.len(), first=nw.col("_order").min())]
    dated = [column for column in DATES if column in cells]
    for column in dated:
        asked += queries(taken, column)
    answers, *counted = engine.collect(asked)
    answers.sort(key=lambda row: row["first"])
    rows: dict[str, int] = {}
    for row in answers:
        rows[row["source_file"]] = rows.get(row["source_file"], 0) + row["n"]
    found = {column: seen(column, counted[3 * place : 3 * place + 3]) for place, column in enumerate(dated)}
    plans = {}
    for column in dated:
        lean = {name: order for other in dated if other != column for name, order in proofs(found[other]).items()}
        plans[column] = decide(found[column], day_first=options.day_first, lean=lean)
    rules = _rules(taken, cells, plans, options)
    read = read_answers(answers, scale=options.scale, labels=options.labels, groups=options.groups, rows=rows_of)
    return Profile(rows, read, plans, rules)


def _rules(taken: Frame, cells: Sequence[str], plans: Mapping[str, DatePlan], options: Options) -> list[Rule]:
    """Return the rules that reject single rows under these options."""
    rules = row_rules(
        {*cells, *taken.collect_schema().names()},
        reject_partials=options.partials == "reject",
        need_wave=options.wave == "column",
        dated=plans["responded_at"].dated if "responded_at" in plans else (),
    )
    return rules + flag_rules(cells) if options.drop_flagged else rules


def _judge(taken: Frame, engine: Engine, cells: Sequence[str], profile: Profile, options: Options) -> Frame:
    """Say of every row what it means, which rule rejects it, and whether it repeats another."""
    return _verdicts(_understood(taken, engine, cells, profile, options), engine, cells, profile, options)


def _understood(taken: Frame, engine: Engine, cells: Sequence[str], profile: Profile, options: Options) -> Frame:
    """Say of every row what its cells mean: answer, label, times and wave."""
    frame = _answered(taken, engine, profile.answers)
    if "score_label" in cells:
        frame = engine.looked_up(frame, "score_label", {"_label": profile.answers.labels})
    for plan in profile.plans.values():
        frame = read_dates(frame, engine, plan, _zones(plan, profile, options))
    return _with_wave(frame, engine, profile, cells, options).with_columns(_answer=nw.col("_answer").cast(nw.Int8))


def _verdicts(understood: Frame, engine: Engine, cells: Sequence[str], profile: Profile, options: Options) -> Frame:
    """Say of every row which rule rejects it, and whether it repeats another."""
    frame = understood.with_columns(
        _rule=first_that_holds(profile.rules).cast(nw.Int8),
        _flags=flags_that_hold(flag_rules(cells)).cast(nw.Int8),
        _at=nw.col("responded_at:utc") if "responded_at" in cells else nw.lit(None).cast(nw.Int64),
    )
    keys = [key for key in KEYS if key in frame.collect_schema().names()] if options.repeats.searches else []
    times = [f"{column}:{what}" for column in profile.plans for what in ("utc", "twice")]
    verdict = ["_order", "source_file", "_answer", "_wave", "_rule", "_flags", *times]
    made = engine.settled(frame, [*verdict, "_at", *keys])
    counting = made.filter(nw.col("_rule").is_null())
    if "responded_at" in cells:
        _note_doubled(counting, engine, profile.plans["responded_at"])
    rows_in = sum(profile.rows.values())
    return engine.marked(made, set_aside(counting, engine, keys=keys, rules=options.repeats, rows_in=rows_in))


def _question(crowd: Crowded, source: Frame, engine: Engine, cells: Sequence[str], rows_in: int) -> SharedName:
    """Name those who are behind many answers, with the rows that each is in."""
    people = [column for column in ("respondent_id", "email") if column in cells]
    named = source.with_columns(_name=nw.coalesce(*(nw.when(~blank(c)).then(bare(c)) for c in people)))
    rows = engine.collect([named.filter(nw.col("_order").is_in(list(crowd.rows))).select("_order", "_name")])[0]
    names = {row["_order"]: str(row["_name"]) for row in rows}
    again = named.filter(nw.col("_name").is_in(list(names.values()))).group_by("_name").agg(n=nw.len())
    return shared_name(crowd, names, {str(row["_name"]): row["n"] for row in engine.collect([again])[0]}, rows_in)


def _answered(taken: Frame, engine: Engine, answers: Answers) -> Frame:
    """Add `_answer`, the code of each cell by what its file's numbers stand for."""
    readings = list(answers.codes.items())
    if len(readings) < 2:
        return engine.looked_up(taken, "score", {"_answer": readings[0][1] if readings else {}})
    frame = engine.looked_up(taken, "score", {f"_as{place}": codes for place, (_, codes) in enumerate(readings)})
    answer = nw.col("_as0")
    for place, (scale, _) in enumerate(readings[1:], start=1):
        mine = nw.col("source_file").is_in(answers.scales[scale])
        answer = nw.when(mine).then(nw.col(f"_as{place}")).otherwise(answer)
    return frame.with_columns(_answer=answer)


def _working(made: Frame) -> list[str]:
    """The columns that only the search for repeated rows needed."""
    return [name for name in made.collect_schema().names() if name in (*KEYS, "_at") or name.endswith(":twice")]


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


def _with_wave(frame: Frame, engine: Engine, profile: Profile, cells: Sequence[str], options: Options) -> Frame:
    """Add the wave of each row: of its time, else the export's own, else that of a table without dates."""
    own = nw.col("_own_wave").cast(nw.String) if "wave" in cells else nw.lit(None, nw.String)
    if options.wave == "column":
        return frame.with_columns(_wave=own)
    plan = profile.plans.get("responded_at")
    if plan is None or not plan.dated:
        return frame.with_columns(_wave=nw.coalesce(own, nw.lit(NO_DATES)))
    wall = local_from_utc(nw.col("responded_at:utc"), zone_between(options.wave_timezone, *plan.years()))
    frame = frame.with_columns(_day=wall // DAY)
    frame = engine.looked_up(frame, "_day", {"_timed": waves_of(*plan.years(), options.wave)})
    if plan.dated >= set(profile.rows):
        return frame.with_columns(_wave=nw.col("_timed"))
    undated = nw.when(~nw.col("source_file").is_in(sorted(plan.dated))).then(nw.coalesce(own, nw.lit(NO_DATES)))
    return frame.with_columns(_wave=nw.coalesce(nw.col("_timed"), undated))


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
