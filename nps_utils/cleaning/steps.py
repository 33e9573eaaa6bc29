"""The steps of cleaning: take what the rules ask of the rows, look at it and decide, judge every row by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from nps_utils.checks import MissingColumn, SharedName
from nps_utils.cleaning.answers import Answers, RowsOf, read_answers
from nps_utils.cleaning.crowds import Crowded, shared_name
from nps_utils.cleaning.cut_dates import PARTS
from nps_utils.cleaning.date_columns import DatePlan, queries, seen
from nps_utils.cleaning.dates_by_file import decide, proofs
from nps_utils.cleaning.engines import Engine, Frame
from nps_utils.cleaning.frames import Opened, set_apart
from nps_utils.cleaning.instants import read_dates
from nps_utils.cleaning.options import Options
from nps_utils.cleaning.repeats import KEYS, keys_of_facts, set_aside, with_keys
from nps_utils.cleaning.rules import (
    DATES,
    Rule,
    bare,
    blank,
    facts,
    facts_of_facts,
    facts_of_texts,
    first_that_holds,
    flag_rules,
    flags_that_hold,
    row_rules,
)
from nps_utils.cleaning.zones import Zone, local_from_utc, zone_between
from nps_utils.exports.cells.dates import DAY
from nps_utils.waves import NO_DATES, waves_of


@dataclass(frozen=True)
class Profile:
    """What was seen in the table and decided from it."""

    rows: Mapping[str, int]
    answers: Answers
    plans: Mapping[str, DatePlan]
    rules: Sequence[Rule]


def source_of(opened: Opened, options: Options) -> tuple[Frame, list[str]]:
    """Return the rows of a table with their numbers, and the names of its cells."""
    frame = opened.frame.rename(set_apart(opened.frame.collect_schema().names()))
    cells = [name for name in frame.collect_schema().names() if name != "source_row"]
    if options.wave == "column" and "wave" not in cells:
        raise MissingColumn(
            'wave = "column" (by = "column" under [waves] in study.toml) needs a column "wave" in the table; it has'
            ' none. Name the column that says the wave: columns = { wave = "..." } under its [[export]].'
        )
    return opened.engine.numbered(frame), cells


def take(source: Frame, engine: Engine, cells: Sequence[str], options: Options) -> Frame:
    """Read the table once, and keep what the rules ask of its texts instead of the texts."""
    asked = facts(cells, staff_domains=options.staff_domains)
    own_wave = {"_own_wave": nw.when(~blank("wave")).then(bare("wave"))} if "wave" in cells else {}
    frame = source.with_columns(**asked, **own_wave) if asked or own_wave else source
    dated = [column for column in DATES if column in cells]
    for column in dated:
        frame = engine.cut(frame, column)
    frame, keys = with_keys(frame, engine, cells=cells, rules=options.repeats)
    of_texts = facts_of_texts(cells)
    parts = [f"{column}:{part}" for column in dated for part in PARTS]
    texts = [column for column in ("score", "score_label", "survey_type", *of_texts) if column in cells]
    kept = dict.fromkeys(["_order", "source_file", *texts, *parts, *asked, *own_wave, *keys])
    settled = engine.of_texts(engine.settled(frame, list(kept)), of_texts)
    return settled.with_columns(**facts_of_facts(cells), **keys_of_facts(cells, options.repeats))


def finder(source: Frame, engine: Engine) -> RowsOf:
    """Return what looks rows up for a message: only a table that is refused is read once more."""

    def rows(file: str, scores: Sequence[str], groups: Sequence[str] | None) -> list[int]:
        found = source.filter(nw.col("source_file") == file, nw.col("score").is_in(list(scores)))
        if groups is not None:
            found = found.filter(nw.col("score_label").is_in(list(groups)))
        (first,) = engine.collect([found.select(row=nw.col("source_row").min())])
        return [int(row["row"]) for row in first if row["row"] is not None]

    return rows


def look(taken: Frame, engine: Engine, cells: Sequence[str], options: Options, rows_of: RowsOf) -> Profile:
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
    rules = rules_of(taken, cells, plans, options)
    read = read_answers(answers, scale=options.scale, labels=options.labels, groups=options.groups, rows=rows_of)
    return Profile(rows, read, plans, rules)


def rules_of(taken: Frame, cells: Sequence[str], plans: Mapping[str, DatePlan], options: Options) -> list[Rule]:
    """Return the rules that reject single rows under these options."""
    rules = row_rules(
        {*cells, *taken.collect_schema().names()},
        reject_partials=options.partials == "reject",
        need_wave=options.wave == "column",
        dated=plans["responded_at"].dated if "responded_at" in plans else (),
    )
    return rules + flag_rules(cells) if options.drop_flagged else rules


def judge(taken: Frame, engine: Engine, cells: Sequence[str], profile: Profile, options: Options) -> Frame:
    """Say of every row what it means, which rule rejects it, and whether it repeats another."""
    return verdicts_of(understand(taken, engine, cells, profile, options), engine, cells, profile, options)


def understand(taken: Frame, engine: Engine, cells: Sequence[str], profile: Profile, options: Options) -> Frame:
    """Say of every row what its cells mean: answer, label, times and wave."""
    frame = _answered(taken, engine, profile.answers)
    if "score_label" in cells:
        frame = engine.looked_up(frame, "score_label", {"_label": profile.answers.labels})
    for plan in profile.plans.values():
        frame = read_dates(frame, engine, plan, _zones(plan, profile, options))
    return _with_wave(frame, engine, profile, cells, options).with_columns(_answer=nw.col("_answer").cast(nw.Int8))


def verdicts_of(understood: Frame, engine: Engine, cells: Sequence[str], profile: Profile, options: Options) -> Frame:
    """Say of every row which rule rejects it, and whether it repeats another."""
    frame = understood.with_columns(
        _rule=first_that_holds(profile.rules),
        _flags=flags_that_hold(flag_rules(cells)),
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


def question(crowd: Crowded, source: Frame, engine: Engine, cells: Sequence[str], rows_in: int) -> SharedName:
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
