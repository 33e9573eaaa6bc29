"""Why believe the numbers by account: changes, parts, lines, looks and arms, where accounts are unequal and alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.scale import COUNTS
from nps_utils.stats.account_change import clustered_change
from nps_utils.stats.arithmetic.intervals import FloatArray
from nps_utils.stats.change import compare
from nps_utils.stats.counts import count_bands
from nps_utils.stats.experiment import randomised
from nps_utils.stats.mix import mix_change
from nps_utils.stats.monitoring.control import control_limits
from nps_utils.stats.monitoring.sequences import confidence_sequence
from nps_utils.stats.validation.enumeration import Mix, words
from nps_utils.stats.verdicts.lines import trends

# A usual mix, and one in which nine of ten are promoters.
MIXES: Final[tuple[Mix, ...]] = ((0.2, 0.3, 0.5), (0.04, 0.06, 0.90))
ALIKE: Final = (0.1, 0.3)
# Any answer of a band will do where only bands count.
_ANSWERS: Final = np.array([3, 8, 10])
# The spread of the logarithm of accounts' sizes: equal, and as unequal as company sizes are.
_SPREADS: Final = {"equal": 0.0, "unequal": 0.8}


def size_of_clustered_change(
    *,
    accounts: Sequence[int] = (8, 20),
    mixes: Sequence[Mix] = MIXES,
    alike: Sequence[float] = ALIKE,
    draws: int = 300,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often a change is seen although nothing changed, by account and by answer.

    Parameters
    ----------
    accounts
        Accounts in each wave, of six answers on average.
    mixes
        Shares of detractors, passives and promoters among all accounts.
    alike
        Correlation of two answers of one account.
    draws
        Simulated pairs of waves per row.
    rng
        Generator or seed.

    Returns
    -------
    One row each of accounts, sizes, same or other accounts in the later wave, mix and correlation: `accounts`, `sizes`,
    `same`, `mix`, `alike`, `by_account` (false alarms of `clustered_change` at .05), `by_answer` (of `compare`).

    Examples
    --------
    >>> found = size_of_clustered_change(accounts=[20], mixes=[(0.2, 0.3, 0.5)], alike=[0.3], draws=60)
    >>> bool(found["by_account"].max() < 0.12), bool(found["by_answer"].max() > 0.2)
    (True, True)
    """
    generator, rows = np.random.default_rng(rng), []
    for count in accounts:
        for name, spread in _SPREADS.items():
            for same in (True, False):
                for mix in mixes:
                    for correlation in alike:
                        drawn = _waves(generator, count, mix, correlation, spread, draws=draws, same=same)
                        by = clustered_change(drawn, by="survey", adjust="none")
                        plain = compare(count_bands(drawn, by=["survey", "wave"]), across="wave", adjust="none")
                        row = {"accounts": count, "sizes": name, "same": same, "mix": words(mix), "alike": correlation}
                        alarms = {"by_account": by["pvalue"] < 0.05, "by_answer": plain["pvalue"] < 0.05}
                        rows.append(row | {key: float(alarm.mean()) for key, alarm in alarms.items()})
    return pd.DataFrame(rows)


def size_of_clustered_trend(
    *, accounts: int = 20, waves: int = 4, draws: int = 60, rng: np.random.Generator | int = 0
) -> pd.DataFrame:
    """Return how often a line through waves is seen although none rises, the same unequal accounts answering in each.

    Returns
    -------
    One row per mix and correlation: `accounts`, `waves`, `mix`, `alike`, `slope`, `equal` (false alarms of both tests).

    Examples
    --------
    >>> bool(size_of_clustered_trend(draws=12)["slope"].max() < 0.3)
    True
    """
    generator, rows = np.random.default_rng(rng), []
    for mix in MIXES:
        for correlation in ALIKE:
            drawn = _waves(
                generator, accounts, mix, correlation, _SPREADS["unequal"], draws=draws, same=True, waves=waves
            )
            found = trends(drawn, by=["survey"], adjust="none")
            row = {"accounts": accounts, "waves": waves, "mix": words(mix), "alike": correlation}
            alarms = {"slope": found["pvalue"] < 0.05, "equal": found["equal_pvalue"] < 0.05}
            rows.append(row | {name: float(alarm.mean()) for name, alarm in alarms.items()})
    return pd.DataFrame(rows)


def coverage_of_mix_by_account(
    *, accounts: Sequence[int] = (12, 40), draws: int = 150, rng: np.random.Generator | int = 0
) -> pd.DataFrame:
    """Return how often the parts within and by mix are held, where other unequal accounts answer in each wave.

    A large segment of 90 % promoters shrinks from .6 to .4 of the accounts; a small one has a score of 10.

    Returns
    -------
    One row per number of accounts, correlation and part: `accounts`, `alike`, `part`, `by_account`, `by_answer`.

    Examples
    --------
    >>> found = coverage_of_mix_by_account(accounts=[20], draws=30)
    >>> bool((found["by_account"] > found["by_answer"]).all())
    True
    """
    generator, rows = np.random.default_rng(rng), []
    segments = {"large": (0.04, 0.06, 0.90), "small": (0.3, 0.3, 0.4)}
    true = {"within": 0.0, "mix": 100 * -0.2 * (0.86 - 0.10)}
    for count in accounts:
        for correlation in ALIKE:
            held = dict.fromkeys([(part, way) for part in true for way in ("by_account", "by_answer")], 0)
            for _ in range(draws):
                counts = pd.concat(
                    [
                        _segmented(generator, segments, count, large, correlation).assign(wave=wave)
                        for wave, large in (("before", 0.6), ("after", 0.4))
                    ]
                ).assign(account=lambda table: table["wave"] + table["account"])
                for way, cluster in (("by_account", "account"), ("by_answer", None)):
                    row = mix_change(counts, segment="segment", before="before", after="after", cluster=cluster).iloc[
                        -1
                    ]
                    for part, value in true.items():
                        held[part, way] += int(row[f"{part}_low"] <= value <= row[f"{part}_high"])
            for part in true:
                shares = {way: held[part, way] / draws for way in ("by_account", "by_answer")}
                rows.append({"accounts": count, "alike": correlation, "part": part} | shares)
    return pd.DataFrame(rows)


def alarms_by_account(
    *,
    accounts: Sequence[int] = (12, 40),
    answers: int = 20,
    looks: int = 104,
    draws: int = 60,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often two years of weekly looks at accounts that never change their mind alarm.

    Returns
    -------
    One row per number of accounts, mix and correlation: `accounts`, `mix`, `alike`, `sequence` (programmes in which the
    always-valid sequence by account is left), `by_answer` (the same without accounts), `control` (in which a week is
    outside control limits by account, in the first year) and `control_said` (what the limits say of that).

    Examples
    --------
    >>> found = alarms_by_account(accounts=[12], draws=5, looks=20)
    >>> bool((found["sequence"] <= found["by_answer"]).all())
    True
    """
    generator, rows = np.random.default_rng(rng), []
    for count in accounts:
        for mix in MIXES:
            true = 100 * (mix[2] - mix[0])
            for correlation in ALIKE:
                found = np.zeros(4)
                for _ in range(draws):
                    weeks = _programme(generator, count, mix, correlation, answers, looks)
                    plain = weeks.groupby("week", as_index=False)[list(COUNTS)].sum()
                    limits = control_limits(weeks[weeks["week"] < looks / 2], cluster="account")
                    for at, table in enumerate(
                        (confidence_sequence(weeks, cluster="account"), confidence_sequence(plain))
                    ):
                        found[at] += ((table["low"] > true) | (table["high"] < true)).any()
                    found[2] += limits["outside"].any()
                    found[3] += limits["false_alarm_so_far"].iloc[-1]
                names = ("sequence", "by_answer", "control", "control_said")
                row = {"accounts": count, "mix": words(mix), "alike": correlation}
                rows.append(row | dict(zip(names, (found / draws).tolist(), strict=True)))
    return pd.DataFrame(rows)


def size_of_experiment(
    *, sizes: Sequence[int] = (10, 20), draws: int = 100, rng: np.random.Generator | int = 0
) -> pd.DataFrame:
    """Return how often an effect is seen although both arms are alike, adjusted for an earlier answer.

    Parameters
    ----------
    sizes
        People in each arm; with accounts, each of them is dealt to an arm with six people on average.

    Returns
    -------
    One row per size, mix and design: `n`, `mix`, `by` (`person` or `account`), `plain`, `adjusted` (false alarms).

    Examples
    --------
    >>> bool(size_of_experiment(sizes=[10], draws=20)["adjusted"].max() < 0.3)
    True
    """
    generator, rows = np.random.default_rng(rng), []
    for n in sizes:
        for mix in MIXES:
            for by in ("person", "account"):
                alarms = [_experiment(generator, n, mix, by) for _ in range(draws)]
                plain, own = np.mean(alarms, axis=0)
                rows.append({"n": n, "mix": words(mix), "by": by, "plain": float(plain), "adjusted": float(own)})
    return pd.DataFrame(rows)


def _opinions(generator: np.random.Generator, mix: Mix, alike: float, size: int) -> FloatArray:
    drawn = generator.dirichlet(np.array(mix) * (1 / alike - 1), size)
    own: FloatArray = drawn / drawn.sum(axis=1, keepdims=True)
    return own


def _sizes(generator: np.random.Generator, spread: float, size: int, mean: float = 6.0) -> FloatArray:
    return np.asarray(1 + generator.poisson((mean - 1) * generator.lognormal(-(spread**2) / 2, spread, size)))


def _waves(
    generator: np.random.Generator,
    accounts: int,
    mix: Mix,
    alike: float,
    spread: float,
    *,
    draws: int,
    same: bool,
    waves: int = 2,
) -> pd.DataFrame:
    """Draw surveys of several waves: accounts keep their opinions, or others come in their place."""
    size, parts = draws * accounts, []
    opinions = _opinions(generator, mix, alike, size)
    for wave in range(waves):
        if wave and not same:
            opinions = _opinions(generator, mix, alike, size)
        n = _sizes(generator, spread, size)
        bands = generator.multinomial(n.astype(int), opinions)
        account = np.arange(size) + (0 if same else wave * size)
        frame = {"survey": np.arange(size) // accounts, "account_id": account.astype(str)}
        each = pd.DataFrame(frame).loc[np.repeat(np.arange(size), n.astype(int))]
        score = np.repeat(np.tile(_ANSWERS, size), bands.ravel())
        parts.append(each.assign(wave=f"{2020 + wave}", score=score))
    return pd.concat(parts, ignore_index=True)


def _segmented(
    generator: np.random.Generator, segments: dict[str, Mix], accounts: int, large: float, alike: float
) -> pd.DataFrame:
    segment = np.where(generator.random(accounts) < large, "large", "small")
    segment[:2] = ("large", "small")  # so that both are there
    own = np.array([_opinions(generator, segments[name], alike, 1)[0] for name in segment])
    counts = generator.multinomial(_sizes(generator, _SPREADS["unequal"], accounts).astype(int), own)
    named = [str(i) for i in range(accounts)]
    return pd.DataFrame(counts, columns=list(COUNTS)).assign(segment=segment, account=named)


def _programme(
    generator: np.random.Generator, accounts: int, mix: Mix, alike: float, answers: int, looks: int
) -> pd.DataFrame:
    """Draw who answers each week, the large accounts more often, with opinions that last."""
    size = generator.lognormal(0, 1, accounts)
    n = generator.multinomial(answers, size / size.sum(), looks)
    own = np.tile(_opinions(generator, mix, alike, accounts), (looks, 1))
    counts = generator.multinomial(n.ravel(), own)
    names = {"week": np.repeat(np.arange(looks), accounts), "account": np.tile(np.arange(accounts), looks).astype(str)}
    table = pd.DataFrame(counts, columns=list(COUNTS)).assign(**names)
    return table[table[list(COUNTS)].any(axis=1)]


def _experiment(generator: np.random.Generator, n: int, mix: Mix, by: str) -> tuple[bool, bool]:
    """Draw one experiment in which seven of ten keep the answer they gave before, and test it."""
    if by == "person":
        size, account, arm = 2 * n, None, np.tile([0, 1], n)
        shares = np.tile(mix, (size, 1))
    else:
        own = _opinions(generator, mix, 0.1, n)
        each = _sizes(generator, _SPREADS["unequal"], n).astype(int)
        account, arm = np.repeat(np.arange(n), each), np.repeat(generator.permutation(np.arange(n) % 2), each)
        size, shares = int(each.sum()), np.repeat(own, each, axis=0)
    first, later = ((generator.random((size, 1)) > shares.cumsum(axis=1)[:, :2]).sum(axis=1) for _ in range(2))
    later = np.where(generator.random(size) < 0.7, first, later)
    data = pd.DataFrame({"arm": arm, "prior": _ANSWERS[first], "score": _ANSWERS[later], "account": account})
    if len(set(first)) == 1 or min(np.bincount(arm, minlength=2)) < 10:
        return False, False
    found = randomised(data, arm="arm", control=0, prior="prior", cluster=None if account is None else "account")
    return bool(found["pvalue"].iloc[0] < 0.05), bool(found["pvalue"].iloc[1] < 0.05)
