"""Who was asked, who answered and what: the sampling frame and the true answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_utils.simulate.customers import NEWCOMERS, staff
from nps_utils.simulate.plan import (
    ANSWERS,
    BAND_ANSWERS,
    CAMPAIGN_MIX,
    FIX_WAVE,
    MIX_WAVE,
    ORDINARY_MIX,
    SD_ANSWER,
    SIZE_ANSWERS,
    WAVES,
    Array,
    Plan,
    bands_at,
    mean_for,
    nps_at,
    scores_of,
    targets,
)

# Askings per wave and customer company, at the demo's 180 accounts: 180, 260 and (campaign) 450.
ORDERS = 180 / 180
DELIVERIES = 260 / 180
CAMPAIGN = 450 / 180
CHANNELS = {"relationship": {"email": 0.75, "in_app": 0.25}, "after_order": {"in_app": 0.7, "email": 0.3}}
CONTACTED = 0.5  # of detractors, at random
POINTS_PER_UNIT = 70.0  # NPS points per unit of the latent mean, near the middle


def frame(people: pd.DataFrame, accounts: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return the sampling frame: one row per person and asking, in order of time.

    Everyone of an account that is a customer may be asked. The relationship question goes to a fifth of the people
    each quarter, to the others every second one, and to everyone in the wave of the fix. The other two follow orders.
    """
    rng = plan.rng("frame")
    known = people.merge(accounts[["account_id", "churned_on"]], on="account_id", validate="many_to_one")
    rows = [_askings(known, wave, len(accounts), plan, rng) for wave in WAVES]
    rows += [_newcomers(known, rng)]
    # A newcomer may have been drawn as a customer before: nobody is asked twice about one moment in one wave.
    asked = pd.concat(rows, ignore_index=True).drop_duplicates(["respondent_id", "touchpoint", "wave"])
    asked["active"] = np.where(asked["last_wave"] < len(WAVES), "no", "yes")
    asked = asked.sort_values(["asked_at", "respondent_id"], kind="stable").reset_index(drop=True)
    return asked.drop(columns=["churned_on", "quarterly", "odd", "last_wave"])


def _askings(
    known: pd.DataFrame, wave: str, companies: int, plan: Plan, rng: np.random.Generator
) -> pd.DataFrame:  # fmt: skip
    t = WAVES.index(wave)
    start = pd.Period(wave, freq="Q").start_time
    here = known[
        (known["customer_since"] < start + pd.Timedelta(days=35))
        & ~(known["churned_on"] <= start + pd.Timedelta(days=91))
        & (known["last_wave"] >= t)
    ]
    due = here[here["quarterly"] | (here["odd"] == t % 2) | (wave == FIX_WAVE)]
    relationship = due.assign(touchpoint="relationship", asked_at=start + _days(rng, len(due), 40, 50))
    mix, deliveries = (CAMPAIGN_MIX, CAMPAIGN) if plan.mix and wave == MIX_WAVE else (ORDINARY_MIX, DELIVERIES)
    ordered = _by_size(here, ORDINARY_MIX, round(ORDERS * companies), rng)
    ordered = ordered.assign(touchpoint="after_order", asked_at=start + _days(rng, len(ordered), 1, 86))
    received = _by_size(here, mix, round(deliveries * companies), rng)
    received = received.assign(touchpoint="after_delivery", asked_at=start + _days(rng, len(received), 1, 78))
    asked = pd.concat([relationship, ordered, received], ignore_index=True).assign(wave=wave)
    asked["channel"] = "email"
    for touchpoint, shares in CHANNELS.items():
        rows = asked["touchpoint"] == touchpoint
        asked.loc[rows, "channel"] = rng.choice(list(shares), int(rows.sum()), p=list(shares.values()))
    return asked


def _newcomers(known: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """People of the newest customers ordered, and were asked within days of becoming customers."""
    new = known[known["customer_since"].rank(method="dense", ascending=False) <= NEWCOMERS]
    asked_at = new["customer_since"] + pd.to_timedelta(rng.integers(24, 96, len(new)), unit="h")
    wave = asked_at.dt.to_period("Q").astype(str).str.replace("Q", "-Q")
    return new.assign(touchpoint="after_order", wave=wave, channel="email", asked_at=asked_at)


def _by_size(here: pd.DataFrame, mix: dict[str, float], n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw people without replacement, so many of each size of account."""
    parts = []
    for size, share in mix.items():
        pool = here[here["size"] == size]
        parts.append(pool.sample(min(round(n * share), len(pool)), random_state=rng))
    return pd.concat(parts)


def _days(rng: np.random.Generator, n: int, first: int, last: int) -> pd.TimedeltaIndex:
    """Return times of day in working hours, `first` to `last` days into the quarter."""
    minutes = rng.integers(first, last, n) * 1440 + rng.integers(8 * 60, 17 * 60, n)
    return pd.to_timedelta(minutes, unit="m")


def true_answers(asked: pd.DataFrame, accounts: pd.DataFrame, moods: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Add to the frame what each person would answer, whether they do, and the truth behind it.

    Adds `mean` (latent, without chance), `score`, `answered`, `responded_at`, `contacted_at` (calls to detractors
    of the relationship survey, drawn at random) and `called` (1 after a call).
    """
    rng = plan.rng("answers")
    table = asked.merge(accounts[["account_id", "level"]], on="account_id", validate="many_to_one")
    table = table.merge(moods[["account_id", "wave", "mood"]], on=["account_id", "wave"], validate="many_to_one")
    table["mean"] = latent_means(table, plan)
    chance = rng.normal(0, SD_ANSWER, len(table))
    reply, contact = rng.random(len(table)), rng.random(len(table))
    delay = rng.exponential(1.0, len(table))
    for name in ("score", "answered", "called"):
        table[name] = 0
    table["contacted_at"] = pd.NaT
    table["contacted_at"] = table["contacted_at"].astype("datetime64[us]")
    table["responded_at"] = table["asked_at"] + _delays(table, delay)
    called: set[str] = set()
    for wave in WAVES:
        rows = (table["wave"] == wave).to_numpy()
        after_call = rows & (table["touchpoint"] == "relationship") & table["respondent_id"].isin(called)
        table.loc[after_call, "called"] = 1
        table.loc[after_call, "mean"] += plan.followup_effect / POINTS_PER_UNIT
        score = scores_of(table["mean"].to_numpy()[rows] + chance[rows])
        table.loc[rows, "score"] = score
        table.loc[rows, "answered"] = (reply[rows] < _propensity(table[rows], score)).astype(int)
        critics = rows & (table["touchpoint"] == "relationship") & (table["answered"] == 1) & (table["score"] <= 6)
        reached = critics & (contact < CONTACTED)
        wait = pd.to_timedelta(np.ceil(1 + 4 * delay[reached]), unit="D")
        table.loc[reached, "contacted_at"] = table.loc[reached, "responded_at"].dt.normalize() + wait
        called |= set(table.loc[reached, "respondent_id"])
    table["answered"] = table["answered"].astype(bool)
    return table


def latent_means(table: pd.DataFrame, plan: Plan) -> Array:
    """Return the latent mean of each asking under a plan, calls apart."""
    own = (table["level"] + table["mood"] + table["own_level"]).to_numpy(dtype=float)
    return np.asarray(mean_for(targets(table, plan)) + own, dtype=np.float64)


def effect(answers: pd.DataFrame, without: pd.DataFrame, plan: Plan, other: Plan) -> float:
    """Return the mean difference in true NPS of the same people between two plans, in points."""
    shift = answers["called"].to_numpy(dtype=float) / POINTS_PER_UNIT
    with_it = nps_at(latent_means(answers, plan) + plan.followup_effect * shift, sd=SD_ANSWER)
    without_it = nps_at(latent_means(without, other) + other.followup_effect * shift, sd=SD_ANSWER)
    return float((with_it - without_it).mean())


def _delays(table: pd.DataFrame, delay: Array) -> pd.TimedeltaIndex:
    """Relationship answers take days, the others hours; nobody answers in the next quarter."""
    slow = (table["touchpoint"] == "relationship").to_numpy()
    days = np.minimum(np.where(slow, 2.2, 0.5) * delay, np.where(slow, 11.0, 3.0))
    return pd.to_timedelta(np.round(days * 86_400 + 95), unit="s")


def _propensity(asked: pd.DataFrame, score: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Array:
    """Return the probability of answering: lower for the unhappy and for small accounts."""
    band = np.digitize(score, [7, 9])
    by_band = np.asarray(BAND_ANSWERS)[band]
    return np.asarray(by_band * general_propensity(asked), dtype=np.float64)


def general_propensity(asked: pd.DataFrame) -> Array:
    """Return the part of the probability of answering that does not depend on the answer."""
    base = asked["touchpoint"].map(ANSWERS).to_numpy(float) * asked["size"].map(SIZE_ANSWERS).to_numpy(float)
    return np.asarray(base * asked["eagerness"].to_numpy(float), dtype=np.float64)


def truth(answers: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the true NPS of everyone asked and of those who answer, and what was observed, per group.

    `nps_asked` and `nps_answering` are expectations over chance, in points; `nps_observed` is the sample.
    """
    detractors, passives, promoters = bands_at(answers["mean"], sd=SD_ANSWER)
    weight = general_propensity(answers)
    answering = [p * r * weight for p, r in zip((detractors, passives, promoters), BAND_ANSWERS, strict=True)]
    table = answers[by].assign(
        asked=1,
        balance=promoters - detractors,
        reply=sum(answering),
        reply_balance=answering[2] - answering[0],
        answered=answers["answered"].astype(int),
        observed=(np.digitize(answers["score"], [7, 9]) - 1) * answers["answered"],
    )
    sums = table.groupby(by, observed=True).sum().reset_index() if by else table.sum().to_frame().T
    return sums[by].assign(
        asked=sums["asked"].astype(int),
        answered=sums["answered"].astype(int),
        nps_asked=100 * sums["balance"] / sums["asked"],
        nps_answering=100 * sums["reply_balance"] / sums["reply"],
        nps_observed=100 * sums["observed"] / sums["answered"],
    )


def frame_file(asked: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return the frame as it is written: text, own staff among the customers."""
    rng = plan.rng("staff")
    own = staff().sample(4, random_state=rng).sort_values("respondent_id")
    own = own.merge(pd.DataFrame({"asked_at": pd.to_datetime(["2025-11-12 09:15", "2026-08-13 09:15"])}), how="cross")
    own = own.assign(touchpoint="relationship", channel="email", active="yes", wave="")
    table = pd.concat([asked, own], ignore_index=True).sort_values(["asked_at", "respondent_id"], kind="stable")
    table["asked_at"] = table["asked_at"].dt.strftime("%Y-%m-%d %H:%M")
    table["customer_since"] = table["customer_since"].dt.strftime("%Y-%m-%d")
    columns = ["respondent_id", "email", "name", "account_id", "role", "language"]
    columns += ["customer_since", "asked_at", "channel", "touchpoint", "active"]
    return table[columns].fillna("").reset_index(drop=True)
