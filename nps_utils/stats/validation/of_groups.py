"""Why believe the numbers of answers that belong together: accounts, small segments and their ranks, by simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.intervals import FloatArray
from nps_utils.stats.score import score
from nps_utils.stats.small_groups import rank_intervals, shrink
from nps_utils.stats.validation.enumeration import Mix
from nps_utils.stats.weighting.weighted_interval import weighted_score

MIX: Final[Mix] = (0.2, 0.3, 0.5)
# Any answer of a band will do where only bands count.
_ANSWERS: Final = np.array([3, 8, 10])
_POINTS: Final = np.array([-100.0, 0.0, 100.0])
# Answers of the segments of one survey: a few large, many small.
SEGMENTS: Final = (200, 80, 40, 25, 15, 10, 8, 5)


def coverage_of_clustered(
    *,
    accounts: Sequence[int] = (8, 20, 50),
    answers: int = 4,
    alike: Sequence[float] = (0.0, 0.2, 0.4),
    mix: Mix = MIX,
    confidence_level: float = 0.95,
    draws: int = 1000,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often intervals hold the true score when the people of an account answer alike.

    Parameters
    ----------
    accounts
        Accounts that answer.
    answers
        The mean number of answers of an account; each has one and a Poisson number more.
    alike
        Correlation of two answers of one account, 0..1: accounts' mixes are drawn from a Dirichlet distribution.
    mix
        Shares of detractors, passives and promoters among all accounts.
    confidence_level
        Nominal coverage.
    draws
        Simulated surveys per row.
    rng
        Generator or seed.

    Returns
    -------
    One row per number of accounts and `alike`: `accounts`, `n` (mean answers), `alike`, `by_account` (coverage of
    `weighted_score` with accounts as clusters), `by_answer` (coverage of `score`, which takes answers as independent),
    `width_by_account`, `width_by_answer` (points).

    Examples
    --------
    >>> found = coverage_of_clustered(accounts=[20], alike=[0.4], draws=200).iloc[0]
    >>> bool(found["by_account"] > 0.9), bool(found["by_answer"] < 0.85)
    (True, True)
    """
    generator, rows = np.random.default_rng(rng), []
    true = float(_POINTS @ np.array(mix))
    for count in accounts:
        for correlation in alike:
            survey = np.repeat(np.arange(draws), count)
            sizes = 1 + generator.poisson(answers - 1, len(survey))
            mixes = _mixes(generator, mix, correlation, len(survey))
            bands = generator.multinomial(sizes, mixes)
            drawn = pd.DataFrame(
                {
                    "survey": np.repeat(survey, sizes),
                    "account_id": np.repeat(np.arange(len(survey)), sizes),
                    "score": np.repeat(np.tile(_ANSWERS, len(survey)), bands.ravel()),
                }
            )
            clustered = weighted_score(drawn, by="survey", cluster="account_id", confidence_level=confidence_level)
            counts = pd.DataFrame(bands, columns=list(COUNTS)).groupby(survey).sum()
            alone = score(counts, confidence_level=confidence_level)
            row = {"accounts": count, "n": len(drawn) / draws, "alike": correlation}
            for name, found in (("by_account", clustered), ("by_answer", alone)):
                row[name] = found["low"].le(true).mul(found["high"].ge(true)).mean()
                row[f"width_{name}"] = (found["high"] - found["low"]).mean()
            rows.append(row)
    names = ["accounts", "n", "alike", "by_account", "by_answer", "width_by_account", "width_by_answer"]
    return pd.DataFrame(rows, columns=names)


def coverage_of_segments(
    *,
    sizes: Sequence[int] = SEGMENTS,
    alike: Sequence[float] = (0.01, 0.05, 0.2),
    mix: Mix = MIX,
    confidence_level: float = 0.95,
    draws: int = 150,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often the shrunk intervals of `shrink` hold the true scores of segments, and how near they come.

    Parameters
    ----------
    sizes
        Answers of each segment.
    alike
        How much segments differ: the correlation of two answers of one segment, as in `coverage_of_clustered`.
    mix, confidence_level, draws, rng
        As in `coverage_of_clustered`.

    Returns
    -------
    One row per `alike`: `alike`, `segments`, `shrunk` (share of segments whose interval holds), `own` (the same for the
    score interval of the segment alone), `error_shrunk`, `error_own` (root mean squared error, points).

    Examples
    --------
    >>> found = coverage_of_segments(alike=[0.05], draws=40).iloc[0]
    >>> bool(found["shrunk"] > 0.9), bool(found["error_shrunk"] < found["error_own"])
    (True, True)
    """
    generator, rows = np.random.default_rng(rng), []
    for correlation in alike:
        held, error = {"shrunk": 0.0, "own": 0.0}, {"shrunk": 0.0, "own": 0.0}
        for _ in range(draws):
            counts, true = _survey(generator, sizes, mix, correlation)
            shrunk = shrink(counts, confidence_level=confidence_level)
            own = score(counts, confidence_level=confidence_level)
            for name, found, centre in (("shrunk", shrunk, "shrunk"), ("own", own, "nps")):
                held[name] += float(((found["low"] <= true) & (true <= found["high"])).mean()) / draws
                error[name] += float(((found[centre] - true) ** 2).mean()) / draws
        errors = {f"error_{name}": float(np.sqrt(value)) for name, value in error.items()}
        rows.append({"alike": correlation, "segments": len(sizes), **held, **errors})
    return pd.DataFrame(rows)


def coverage_of_ranks(
    *,
    sizes: Sequence[int] = SEGMENTS,
    alike: Sequence[float] = (0.05,),
    mix: Mix = MIX,
    confidence_level: float = 0.95,
    draws: int = 60,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often `rank_intervals` holds the true ranks of all segments at once.

    Parameters
    ----------
    sizes, alike, mix, confidence_level, draws, rng
        As in `coverage_of_segments`.

    Returns
    -------
    One row per `alike`: `alike`, `segments`, `coverage` (share of surveys), `league_table` (share of surveys in which
    the bare ranks of the estimates are all right).

    Examples
    --------
    >>> coverage_of_ranks(draws=5)[["coverage", "league_table"]].to_numpy().tolist()
    [[1.0, 0.0]]
    """
    generator, rows = np.random.default_rng(rng), []
    for correlation in alike:
        held = right = 0
        for _ in range(draws):
            counts, true = _survey(generator, sizes, mix, correlation)
            ranks = rank_intervals(counts, confidence_level=confidence_level)
            place = pd.Series(true).rank(ascending=False)
            held += int(((ranks["best_rank"] <= place) & (place <= ranks["worst_rank"])).all())
            right += int((ranks["rank"] == place).all())
        row = {"alike": correlation, "segments": len(sizes)}
        rows.append({**row, "coverage": held / draws, "league_table": right / draws})
    return pd.DataFrame(rows)


def _survey(
    generator: np.random.Generator, sizes: Sequence[int], mix: Mix, alike: float
) -> tuple[pd.DataFrame, FloatArray]:
    """Draw the counts of segments, and their true scores in points."""
    mixes = _mixes(generator, mix, alike, len(sizes))
    true: FloatArray = mixes @ _POINTS
    return pd.DataFrame(generator.multinomial(sizes, mixes), columns=list(COUNTS)), true


def _mixes(generator: np.random.Generator, mix: Mix, alike: float, size: int) -> FloatArray:
    """Draw mixes whose answers correlate by `alike`; a Dirichlet distribution of strength 1 / alike - 1."""
    if alike == 0:
        return np.tile(mix, (size, 1))
    drawn: FloatArray = generator.dirichlet(np.array(mix) * (1 / alike - 1), size)
    drawn /= drawn.sum(axis=1, keepdims=True)  # so that no rounding makes a sum above one
    return drawn
