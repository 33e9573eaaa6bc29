"""The evidence behind the summary: what changed, who was heard, what costs points, what is at risk."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import test_proportions_2indep

from nps_utils import revenue
from nps_utils.checks import BadValue
from nps_utils.cleaning.unfinished_waves import Unfinished, unfinished
from nps_utils.columns import text_of
from nps_utils.pages.plan import judged_goals
from nps_utils.pages.revenue import money_of
from nps_utils.scale import suspicion
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.benchmark import benchmark
from nps_utils.stats.change import compare
from nps_utils.stats.counts import count_bands
from nps_utils.stats.mix import mix_change
from nps_utils.stats.weighting.clustered import weighted_score
from nps_utils.stats.weighting.silence import bounds, response_rates
from nps_utils.stats.weighting.survey_weights import WEIGHT, against, changes_of, is_weighted
from nps_utils.study.settings import Goal
from nps_utils.study.study import Study
from nps_utils.waves import check_wave
from nps_utils.words.limits import Limit, attempt

LEAST_ANSWERS: Final = 30  # below, a wave has no score of its own on the first page
ALPHA: Final = 0.05
YEAR: Final = 365


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
    """How many of those asked in the current wave answered, and which group was heard least in a year."""

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


def latest_changes(compared: pd.DataFrame, touchpoint: str) -> pd.DataFrame:
    """Return the last change of each touchpoint, the main one first, then by answers."""
    last = compared[compared["change"].notna()].groupby("touchpoint", sort=False).tail(1)
    first = (last["touchpoint"] == touchpoint).to_numpy()
    order = np.lexsort((-last["n_after"].to_numpy(), ~first))
    return last.iloc[order].reset_index(drop=True)


def last_real(compared: pd.DataFrame, touchpoint: str) -> pd.Series | None:
    """Return the last change of the main touchpoint that was more than chance, if there was one."""
    real = compared[(compared["pvalue_adjusted"] < ALPHA) & (compared["touchpoint"] == touchpoint)]
    return None if real.empty else real.iloc[-1]


def since_first(waves: pd.DataFrame, touchpoint: str) -> pd.Series | None:
    """Return the change of the main touchpoint since its first wave, where it has at least three with answers."""
    ours = waves[(waves["touchpoint"] == touchpoint) & (waves["n"] > 0)]
    if ours["wave"].nunique() < 3:
        return None
    compared = changes_of(waves, baseline="first")
    return compared[(compared["touchpoint"] == touchpoint) & compared["change"].notna()].iloc[-1]


def not_covered(study: Study, responses: pd.DataFrame) -> tuple[Unfinished, ...]:
    """Return the first and last wave of the study where its data do not cover them."""
    waves = study.settings.waves
    return unfinished(responses, wave=check_wave(waves.borders or waves.by), timezone=study.timezone)


def mixed(responses: pd.DataFrame, changes: pd.DataFrame, segments: Iterable[str]) -> Iterable[Mixed]:
    """Find changes of which the mix of respondents makes at least half, and surely a part."""
    for (_, row), segment in itertools.product(changes.iterrows(), segments):
        rows = responses[(responses["touchpoint"] == row["touchpoint"]) & responses[segment].notna()]
        counts = count_bands(rows, by=["wave", segment])
        parts = attempt(mix_change, counts, segment=segment, before=row["before"], after=row["after"])
        if isinstance(parts, Limit):
            continue
        total = parts.iloc[-1]
        sure = total["mix_low"] > 0 or total["mix_high"] < 0
        if sure and abs(total["mix"]) >= abs(total["change"]) / 2:
            change, mix, low, high = (float(total[name]) for name in ("change", "mix", "mix_low", "mix_high"))
            before, after, n = str(row["before"]), str(row["after"]), int(total["n_before"] + total["n_after"])
            yield Mixed(str(row["touchpoint"]), segment, before, after, change, mix, low, high, n)


def apart(recent: pd.DataFrame, segments: Iterable[str]) -> pd.DataFrame:
    """Return groups of the last year whose score differs from that of the rest, adjusted for all groups looked at."""
    tables = []
    for segment in segments:
        counts = count_bands(recent[recent[segment].notna()], by=[segment])
        found = attempt(compare, counts, across=segment, baseline="rest", adjust="none")
        if not isinstance(found, Limit):
            # `after` is the group, `before` the rest of the answers.
            tables.append(found.assign(segment=segment, group=found["after"].astype(str)))
    if not tables:
        return pd.DataFrame(columns=["segment", "group", "change", "low", "high", "n_after", "pvalue_adjusted"])
    table = pd.concat(tables, ignore_index=True)
    table["pvalue_adjusted"] = adjusted(table["pvalue"].to_numpy(dtype=float), adjust="holm")
    return table[table["pvalue_adjusted"] < ALPHA].sort_values("change").reset_index(drop=True)


def by_account(responses: pd.DataFrame, touchpoint: str, now: pd.Series) -> pd.Series | None:
    """Return the score now with accounts as what varies, where most answers know theirs and accounts repeat."""
    rows = responses[responses["touchpoint"] == touchpoint]
    rows = rows[rows["wave"] == now["wave"]] if now["wave"] else rows
    known = text_of(rows, "account_id")
    if known.notna().mean() < 0.8 or known.nunique() < 2 or known.nunique() == len(known):
        return None
    weight = WEIGHT if is_weighted(rows) else None
    found = attempt(weighted_score, rows, cluster="account_id", weight=weight)
    return None if isinstance(found, Limit) else found.iloc[0]


def judged(study: Study, goal: Goal) -> pd.Series:
    """Judge one goal of the study, as the page of plans does.

    Raises
    ------
    BadValue
        A goal for the score of a study that weights its answers: it would be judged by counts.
    """
    if goal.metric == "nps" and is_weighted(study.responses()):
        raise BadValue("The answers are weighted, and a goal is judged by counts.")
    alone = replace(study, settings=study.settings.model_copy(update={"goal": (goal,)}))
    return judged_goals(alone).iloc[0]


def beside(study: Study, now: pd.Series) -> pd.Series:
    """Test the score now against the study's benchmark."""
    if "weighted" in now.index:
        return against(now, study.benchmark().value)
    counts = pd.DataFrame([now[["detractors", "passives", "promoters"]].astype(int)])
    return benchmark(counts, target=study.benchmark().value, alternative="two-sided").iloc[0]


def _rates(study: Study, frame: pd.DataFrame, responses: pd.DataFrame, by: list[str], touchpoint: str) -> pd.DataFrame:
    if "touchpoint" in frame.columns:
        frame = frame[frame["touchpoint"] == touchpoint].reset_index(drop=True)
    waves = study.settings.waves
    rule = waves.borders or waves.by
    ours = responses[responses["touchpoint"] == touchpoint]
    return response_rates(frame, ours, by=by, timezone=study.timezone, wave=rule)


def rate(study: Study, people: pd.DataFrame, responses: pd.DataFrame, touchpoint: str, last: pd.Series) -> Rate:
    """Return how many of those asked in the current wave answered, and what the silent could do to the score."""
    table = _rates(study, people, responses, ["wave"], touchpoint) if "asked_at" in people.columns else pd.DataFrame()
    here = table[table["wave"] == last["wave"]] if len(table) else table
    row = here.iloc[0] if len(here) else _rates(study, people, responses, [], touchpoint).iloc[0]
    if not row["asked"] or row["asked"] < last["n"]:
        raise BadValue("Fewer people were asked than answered, by the frame: no response rate can be told.")
    sides = bounds(pd.DataFrame([last[["detractors", "passives", "promoters"]].astype(int)]), asked=int(row["asked"]))
    side = sides.iloc[0]
    return Rate(
        asked=int(row["asked"]),
        answered=int(row["answered"]),
        rate=float(row["rate"]),
        low=float(row["low"]),
        high=float(row["high"]),
        all_detractors=float(side["all_detractors"]),
        all_promoters=float(side["all_promoters"]),
        least=_least_heard(study, people, responses, touchpoint),
    )


def _least_heard(study: Study, people: pd.DataFrame, responses: pd.DataFrame, touchpoint: str) -> pd.Series | None:
    """Return the group that answered least of all askings, where chance does not explain it (score test, Holm)."""
    found = []
    for segment in (name for name in study.segments if name in people.columns):
        table = _rates(study, people, responses, [segment], touchpoint).dropna(subset=[segment])
        asked, answered = table["asked"].sum(), table["answered"].sum()
        for _, row in table.iterrows():
            rest = asked - row["asked"]
            if row["asked"] and rest and 0 < answered < asked:
                test = test_proportions_2indep(row["answered"], row["asked"], answered - row["answered"], rest)
                found.append(row.rename({segment: "group"}).to_frame().T.assign(segment=segment, pvalue=test.pvalue))
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
    heard = customers & set(text_of(recent, "account_id").dropna())
    silent = attempt(revenue.value_at_risk, recent, attempt(_money, study), days=YEAR)
    share = None if isinstance(silent, Limit) else 1 - float(silent.set_index("reading")["share"]["silent"])
    return Heard(len(customers), len(heard), share)


def suspicious(responses: pd.DataFrame) -> bool:
    """Say whether the answers look as if the scale had no 0."""
    values, times = np.unique(responses["score"].to_numpy(dtype=int), return_counts=True)
    return suspicion(dict(zip(values.tolist(), times.tolist(), strict=True))) is not None


def _money(study: Study) -> pd.DataFrame:
    return money_of(study)[0]
