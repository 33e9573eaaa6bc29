"""The evidence behind the summary: what changed, who was heard, what costs points, what is at risk."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import polars as pl
from statsmodels.stats.proportion import test_proportions_2indep

from nps_utils import revenue
from nps_utils.checks import BadValue
from nps_utils.columns import numbered, text_of
from nps_utils.exports.cells.amounts import numbered_accounts
from nps_utils.pages.customers import accounts_gone
from nps_utils.pages.drivers import rated
from nps_utils.pages.plan import judged_goal
from nps_utils.pages.revenue import is_undated, money_of
from nps_utils.scale import suspicion
from nps_utils.stats import verdicts
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.benchmark import benchmark
from nps_utils.stats.drivers.key_drivers import importance
from nps_utils.stats.mix import LEAST_SHARED, mix_of, shared_part
from nps_utils.stats.verdicts.by_design import groups_of
from nps_utils.stats.verdicts.judged import Judged
from nps_utils.stats.weighting.linking import LINKED_BY
from nps_utils.stats.weighting.people_asked import people_asked
from nps_utils.stats.weighting.silence import bounds, rates_of, response_rates
from nps_utils.study.settings import Goal
from nps_utils.study.study import Study
from nps_utils.tables.cleaning import scale_as_told
from nps_utils.waves import Wave
from nps_utils.words.limits import Limit, attempt

ALPHA: Final = 0.05
YEAR: Final = 365
LEAST_ANSWERS: Final = 30
# Whether the question offered 1 to 10: its owner says so, or its answers look like it.
ScaleDoubt: TypeAlias = Literal["none", "suspected", "known"]


class Mixed(NamedTuple):
    """A change that is at least half a change of who answered."""

    touchpoint: str
    segment: str
    before: str
    after: str
    change: float
    mix: float
    mix_low: float
    mix_high: float
    n: int


@dataclass(frozen=True)
class Rate:
    """How many of those asked in the current wave answered, and which group was heard least in a year.

    `wave` is empty where the list does not say when people were asked, so that the numbers are of all waves.
    """

    wave: str
    asked: int
    answered: int
    rate: float
    low: float
    high: float
    all_detractors: float
    all_promoters: float
    least: pd.Series | None


@dataclass(frozen=True)
class Heard:
    """Accounts that answered within a year, of those that are customers, and their share of the revenue."""

    accounts: int
    heard: int
    revenue_share: float | None


def latest_changes(newest: pd.DataFrame, touchpoint: str) -> pd.DataFrame:
    """Return the newest change of each touchpoint, the main one first, then by answers."""
    last = newest[(newest["against"] == "previous") & newest["change"].notna()]
    first = (last["touchpoint"] == touchpoint).to_numpy()
    order = np.lexsort((-last["n_after"].to_numpy(), ~first))
    return last.iloc[order].reset_index(drop=True)


def last_shown(each: pd.DataFrame, touchpoint: str) -> pd.Series | None:
    """Return the last change of the main touchpoint before the newest that was more than chance, if there was one."""
    shown = each[(each["pvalue_adjusted"] < ALPHA) & (each["touchpoint"] == touchpoint) & ~each["newest"].astype(bool)]
    return None if shown.empty else shown.iloc[-1]


def ended(study: Study, responses: pd.DataFrame, judged: Judged) -> tuple[int, int] | None:
    """Return how many of the accounts that answered before and not again have ended, and how many those are."""
    accounts, row = attempt(study.accounts), judged.previous
    if isinstance(accounts, Limit) or isinstance(judged.split, Limit) or row is None:
        return None
    if judged.split.unit != "account_id" or "churned_on" not in accounts.columns:
        return None
    ours = responses.loc[responses["touchpoint"] == judged.touchpoint, ["wave", "account_id"]]
    before, after = (set(numbered(ours[ours["wave"] == row[side]], "account_id")[1]) for side in ("before", "after"))
    gone = before - after
    known = text_of(accounts, "account_id")
    left = set(known[text_of(accounts, "churned_on").notna()].dropna())
    return (len(gone & left), len(gone)) if gone else None


def mixed(responses: pd.DataFrame, changes: pd.DataFrame, segments: Iterable[str]) -> Iterable[Mixed]:
    """Find changes of which the mix of respondents makes at least half, and surely a part."""
    of_changes = [(row, _compared(responses, row)) for _, row in changes.iterrows()]
    for (row, answers), segment in itertools.product(of_changes, segments):
        rows = answers[answers[segment].notna()]
        parts = attempt(mix_of, rows, segment=segment, before=row["before"], after=row["after"])
        if isinstance(parts, Limit) or shared_part(parts) < LEAST_SHARED:
            continue
        total = parts.iloc[-1]
        sure = total["mix_low"] > 0 or total["mix_high"] < 0
        if sure and abs(total["mix"]) >= abs(total["change"]) / 2:
            change, mix, low, high = (float(total[name]) for name in ("change", "mix", "mix_low", "mix_high"))
            before, after, n = str(row["before"]), str(row["after"]), int(total["n_before"] + total["n_after"])
            yield Mixed(str(row["touchpoint"]), segment, before, after, change, mix, low, high, n)


def _compared(responses: pd.DataFrame, change: pd.Series) -> pd.DataFrame:
    """Return the answers of a change, at its touchpoint and in its two waves."""
    here = responses["touchpoint"] == change["touchpoint"]
    rows: pd.DataFrame = responses[here & responses["wave"].isin([change["before"], change["after"]])]
    return rows


def against_rest(recent: pd.DataFrame, segments: Iterable[str]) -> pd.DataFrame:
    """Compare each group of the segments with the rest, adjusted for all groups looked at."""
    tables = []
    for segment in segments:
        rows = recent[recent[segment].notna()]
        found = attempt(verdicts.changes, rows, by=(), across=segment, baseline="rest", adjust="none")
        if not isinstance(found, Limit):
            # `after` is the group, `before` the rest of the answers.
            tables.append(found.assign(segment=segment, group=found["after"].astype(str)))
    if not tables:
        return pd.DataFrame(columns=["segment", "group", "change", "low", "high", "n_after", "pvalue_adjusted"])
    table = pd.concat(tables, ignore_index=True)
    table["pvalue_adjusted"] = adjusted(table["pvalue"].to_numpy(dtype=float), adjust="holm")
    return table


def apart(recent: pd.DataFrame, segments: Iterable[str]) -> pd.DataFrame:
    """Return groups of the last year whose score differs from that of the rest, the lowest first."""
    table = against_rest(recent, segments)
    return table[table["pvalue_adjusted"] < ALPHA].sort_values("change").reset_index(drop=True)


def apart_before(earlier: pd.DataFrame, found: pd.DataFrame) -> float | None:
    """Return by how many points the lowest group differed from the rest in the year before, if that can be said."""
    if found.empty or found["change"].iloc[0] >= 0:
        return None
    segment, group = str(found["segment"].iloc[0]), str(found["group"].iloc[0])
    rows = earlier[earlier[segment].notna()]
    inside = (groups_of(rows[segment]) == group).to_numpy()
    if min(inside.sum(), (~inside).sum()) < LEAST_ANSWERS:
        return None
    both = verdicts.scores(rows.assign(inside=inside), by=["inside"]).set_index("inside")["nps"]
    return float(both[True] - both[False])


def judged(study: Study, goal: Goal) -> pd.Series:
    """Judge one goal of the study, as the page of plans does."""
    return judged_goal(study, goal).iloc[0]


def beside(study: Study, now: pd.Series) -> pd.Series:
    """Test the score now against the study's benchmark."""
    return benchmark(pd.DataFrame([now]), target=study.benchmark().value, alternative="two-sided").iloc[0]


def frame_of(study: Study, touchpoint: str) -> pd.DataFrame:
    """Return who was asked at a touchpoint, of what the frame says only what rates are counted by.

    All askings where the frame does not say at which they are.
    """
    columns = (*LINKED_BY, *study.segments)
    if "touchpoint" not in study.frame_columns():
        return study.frame(columns=columns)
    return study.askings().some(pl.col("touchpoint") == touchpoint, columns=columns)


def _rates(study: Study, people: pd.DataFrame, by: list[str], touchpoint: str) -> pd.DataFrame:
    """Count people, not invitations, as a score counts one answer of each in a wave."""
    return response_rates(
        people, _answers_at(study, touchpoint), by=by, per="person", timezone=study.timezone, wave=_rule(study)
    )


def _answers_at(study: Study, touchpoint: str) -> pd.DataFrame:
    """Return what links the answers at a touchpoint to askings; all of them where they do not say at which they are."""
    answers = study.answered()
    read = [name for name in answers.columns if name in (*LINKED_BY, "responded_at")]
    if "touchpoint" not in answers.columns:
        return answers[read]
    here = (answers["touchpoint"] == touchpoint).to_numpy(dtype=bool, na_value=False)
    return answers.loc[here, read].reset_index(drop=True)


def _rule(study: Study) -> Wave:
    return study.settings.waves.borders or study.settings.waves.by


def rate(study: Study, touchpoint: str, last: pd.Series) -> Rate:
    """Return how many of those asked in the current wave answered, and what the silent could do to the score."""
    counted = _counted_there(study, touchpoint)
    people = frame_of(study, touchpoint) if counted is None else None
    table = pd.DataFrame() if counted is None else rates_of(counted["wave"], by=["wave"])
    if people is not None and {"asked_at", "wave"} & {*people.columns}:
        table = _rates(study, people, ["wave"], touchpoint)
    here = table[table["wave"] == last["wave"]] if len(table) else table
    if not len(here) and people is None:
        people = frame_of(study, touchpoint)
    row = here.iloc[0] if people is None or len(here) else _rates(study, people, [], touchpoint).iloc[0]
    if not row["asked"] or row["asked"] < last["n"]:
        raise BadValue("Fewer people were asked than answered, by the frame: no response rate can be told.")
    sides = bounds(pd.DataFrame([last[["detractors", "passives", "promoters"]].astype(int)]), asked=int(row["asked"]))
    side = sides.iloc[0]
    return Rate(
        wave=str(last["wave"]) if len(here) else "",
        asked=int(row["asked"]),
        answered=int(row["answered"]),
        rate=float(row["rate"]),
        low=float(row["low"]),
        high=float(row["high"]),
        all_detractors=float(side["all_detractors"]),
        all_promoters=float(side["all_promoters"]),
        least=_least_heard(study, people, touchpoint, counted),
    )


def _counted_there(study: Study, touchpoint: str) -> dict[str, pd.DataFrame] | None:
    """Return who was asked and answered by wave and by segment, of a frame of millions, counted where it lies.

    None of another, which is read.
    """
    askings = study.askings()
    if not askings.are_many:
        return None
    segments = [name for name in study.segments if name in study.frame_columns()]
    counts = askings.people(["wave", *segments], touchpoint=touchpoint)
    return None if counts is None or not counts["wave"]["answered"].any() else counts


def _asked_by(
    study: Study, people: pd.DataFrame | None, here: list[str], touchpoint: str, counted: dict[str, pd.DataFrame] | None
) -> pd.DataFrame:
    """Return how many of each group of the segments were asked and answered, see `people_asked`."""
    if counted is not None and people is None:
        tables = [counted[name].rename(columns={name: "group"}).assign(segment=name) for name in here]
        return pd.concat(tables, ignore_index=True)[["segment", "group", "asked", "answered"]]
    people = frame_of(study, touchpoint) if people is None else people
    return people_asked(people, _answers_at(study, touchpoint), here, wave=_rule(study), timezone=study.timezone)


def _least_heard(
    study: Study, people: pd.DataFrame | None, touchpoint: str, counted: dict[str, pd.DataFrame] | None
) -> pd.Series | None:
    """Return the group that answered least over all waves, where chance does not explain it (score test, Holm)."""
    found = []
    known = study.frame_columns() if people is None else people.columns
    here = [name for name in study.segments if name in known]
    if not here:
        return None
    counts = _asked_by(study, people, here, touchpoint, counted)
    counts["rate"] = counts["answered"] / counts["asked"]
    for segment, table in counts.groupby("segment", sort=False):
        asked, answered = table["asked"].sum(), table["answered"].sum()
        for _, row in table.iterrows():
            rest = asked - row["asked"]
            if row["asked"] and rest and 0 < answered < asked:
                test = test_proportions_2indep(row["answered"], row["asked"], answered - row["answered"], rest)
                found.append(row.drop("segment").to_frame().T.assign(segment=segment, pvalue=test.pvalue))
    if not found:
        return None
    table = pd.concat(found, ignore_index=True)
    table["pvalue_adjusted"] = adjusted(table["pvalue"].to_numpy(dtype=float), adjust="holm")
    rate = table["answered"].sum() / table["asked"].sum()
    low = table[(table["pvalue_adjusted"] < ALPHA) & (table["rate"] < rate)]
    return None if low.empty else low.sort_values("rate").iloc[0]


def heard(study: Study, recent: pd.DataFrame) -> Heard:
    """Return how many customers answered within a year, and the share of the revenue that they hold."""
    accounts = study.accounts()
    ids = text_of(accounts, "account_id").dropna()
    ended = text_of(accounts, "churned_on").notna()
    customers = set(ids[~ended.reindex(ids.index)])
    if not customers:
        raise BadValue("The table of accounts names no customer.")
    heard = customers & set(numbered(recent, "account_id")[1])
    rates = attempt(_rates_of_customers, study)
    return Heard(len(customers), len(heard), None if isinstance(rates, Limit) else _share_of(rates, recent))


def _rates_of_customers(study: Study) -> pd.Series[float]:
    """Return the run rate of each account that is a customer still: those that left are neither heard nor silent."""
    if is_undated(study):
        raise BadValue("The revenue has no dates.")
    amounts, _ = revenue.run_rate(money_of(study)[0])
    amounts = amounts[~amounts.index.isin(accounts_gone(study))]
    if amounts.sum() <= 0:
        raise BadValue("No customer has recurring revenue.")
    return amounts


def _share_of(amounts: pd.Series[float], recent: pd.DataFrame) -> float:
    answered = numbered_accounts(recent["account_id"])[1]
    return float(amounts[amounts.index.isin(answered)].sum() / amounts.sum())


def driver(study: Study) -> tuple[pd.Series, int]:
    """Return the rating that goes with most of the score's differences, and of how many.

    Raises
    ------
    BadValue, NotInStudy
        There are not two ratings that can be used, or which is the first cannot be told.
    """
    asked = rated(study)
    found = importance(asked.answers, items=asked.items, outcome="score", cluster=asked.cluster)
    row = found.iloc[0]
    if len(found) < 2 or not (row["r2_pvalue"] < ALPHA and row["rank_high"] == 1 and np.isfinite(row["low"])):
        raise BadValue("Which rating goes with the score most cannot be told.")
    return row, len(found)


def scale_doubt(responses: pd.DataFrame, ledger: pd.DataFrame) -> ScaleDoubt:
    """Say whether the question offered 1 to 10, by the owner's word, or looks as if it had."""
    if scale_as_told(ledger):
        return "known"
    if "scale" in set(ledger["reason"]) and "scale_suspicion" not in set(ledger["reason"]):
        return "none"
    values, times = np.unique(responses["score"].to_numpy(dtype=int), return_counts=True)
    return "none" if suspicion(dict(zip(values.tolist(), times.tolist(), strict=True))) is None else "suspected"
