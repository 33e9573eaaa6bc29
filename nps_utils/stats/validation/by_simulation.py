"""Why believe the numbers that are too many to enumerate: panels, mixes, trends and means by seeded simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.intervals import FloatArray, normal_quantile
from nps_utils.stats.arithmetic.mean_intervals import mean_limits
from nps_utils.stats.arithmetic.paired_counts import Panel
from nps_utils.stats.mix import mix_change
from nps_utils.stats.trend import trend
from nps_utils.stats.validation.enumeration import COMMON_NULLS, Mix, words

# Shares of the answers 0 to 10: a usual survey, a happy one, and promoters with a few who answered 0.
ANSWERS: Final[dict[str, tuple[float, ...]]] = {
    "usual": (0.02, 0.01, 0.01, 0.02, 0.03, 0.06, 0.06, 0.14, 0.25, 0.20, 0.20),
    "happy": (0.01, 0.0, 0.0, 0.0, 0.01, 0.02, 0.02, 0.06, 0.18, 0.30, 0.40),
    "torn": (0.05, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.10, 0.25, 0.60),
}
# Shares of detractors, passives and promoters before and after.
_PAIRS: Final[tuple[tuple[Mix, Mix], ...]] = (
    ((0.1, 0.2, 0.7), (0.1, 0.2, 0.7)),
    ((0.3, 0.3, 0.4), (0.3, 0.3, 0.4)),
    ((0.3, 0.3, 0.4), (0.1, 0.2, 0.7)),
)
_CODES: Final = np.array([-1.0, 0.0, 1.0])
_PARTS: Final = ("within", "mix")
_TESTS: Final = {"slope": "pvalue", "scatter": "scatter_pvalue", "equal": "equal_pvalue"}


def coverage_of_panel(
    *,
    sizes: Sequence[tuple[int, int, int]] = ((10, 10, 10), (20, 20, 20), (20, 40, 15), (50, 50, 50)),
    stays: Sequence[float] = (0.0, 0.5, 0.8),
    confidence_level: float = 0.95,
    draws: int = 10_000,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often the interval of `paired_change` holds the true change.

    Parameters
    ----------
    sizes
        Answers before, answers after, and people in both.
    stays
        Chance that a person keeps the band; otherwise the band is drawn anew from the later mix.
    confidence_level
        Nominal coverage.
    draws
        Simulated panels per row.
    rng
        Generator or seed.

    Returns
    -------
    One row per sizes, mix and stay: `n_before`, `n_after`, `n_both`, `stay`, `mix_before`, `mix_drawn`, `coverage`,
    `width` (points).
    """
    generator, z, rows = np.random.default_rng(rng), normal_quantile(confidence_level), []
    for n_before, n_after, both in sizes:
        for one, two in _PAIRS:
            for stay in stays:
                joint = stay * np.diag(one) + (1 - stay) * np.outer(one, two)
                true = _CODES @ (joint.sum(axis=0) - joint.sum(axis=1))
                panel = Panel(
                    generator.multinomial(both, joint.ravel(), draws).reshape(-1, 3, 3).astype(float),
                    generator.multinomial(n_before - both, one, draws).astype(float),
                    generator.multinomial(n_after - both, joint.sum(axis=0), draws).astype(float),
                )
                row = {"n_before": n_before, "n_after": n_after, "n_both": both, "stay": stay}
                mixes = {"mix_before": words(one), "mix_drawn": words(two)}
                rows.append({**row, **mixes, **_covered(*panel.limits(z), true, scale=100)})
    return pd.DataFrame(rows)


def coverage_of_mean(
    *,
    sizes: Sequence[int] = (5, 10, 20, 50),
    answers: Mapping[str, Sequence[float]] = ANSWERS,
    confidence_level: float = 0.95,
    draws: int = 4000,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often the interval of `mean_score` holds the true mean.

    Parameters
    ----------
    sizes
        Numbers of answers.
    answers
        Shares of the answers 0 to 10, by name.
    confidence_level, draws, rng
        As for `coverage_of_panel`.

    Returns
    -------
    One row per n and distribution: `answers`, `n`, `coverage`, `width` (0..10).
    """
    generator, scale, rows = np.random.default_rng(rng), np.arange(11.0), []
    for name, weights in answers.items():
        shares = np.array(weights) / sum(weights)
        for n in sizes:
            counts = generator.multinomial(n, shares, draws).astype(float)
            limits = mean_limits(scale, counts, normal_quantile(confidence_level))
            rows.append({"answers": name, "n": n, **_covered(*limits, float(shares @ scale))})
    return pd.DataFrame(rows)


def coverage_of_mix(
    *, n: int = 200, confidence_level: float = 0.95, draws: int = 300, rng: np.random.Generator | int = 0
) -> pd.DataFrame:
    """Return how often the intervals of `mix_change` hold the true parts, for three segments whose shares move.

    Parameters
    ----------
    n
        Answers in each wave.
    confidence_level, draws, rng
        As for `coverage_of_panel`.

    Returns
    -------
    One row per part and segment (and the total): `part`, `segment`, `n`, `coverage`.
    """
    generator = np.random.default_rng(rng)
    waves = {
        "before": np.outer([0.5, 0.3, 0.2], [1, 1, 1]) * [(0.1, 0.2, 0.7), (0.3, 0.3, 0.4), (0.2, 0.5, 0.3)],
        "after": np.outer([0.3, 0.4, 0.3], [1, 1, 1]) * [(0.1, 0.3, 0.6), (0.2, 0.3, 0.5), (0.2, 0.4, 0.4)],
    }
    true = _split({wave: np.round(1_000_000 * cells).astype(int) for wave, cells in waves.items()}, confidence_level)
    held = pd.DataFrame(0.0, index=true.index, columns=list(_PARTS))
    for _ in range(draws):
        drawn = {wave: generator.multinomial(n, cells.ravel()).reshape(3, 3) for wave, cells in waves.items()}
        found = _split(drawn, confidence_level)
        for part in _PARTS:
            held[part] += true[part].between(found[f"{part}_low"], found[f"{part}_high"])
    coverage = (held / draws).assign(segment=true["segment"], n=n)
    return coverage.melt(id_vars=["segment", "n"], var_name="part", value_name="coverage")


def size_of_trend(
    *,
    sizes: Sequence[Sequence[int]] = ((10, 10, 10), (20, 20, 20, 20, 20, 20), (10, 20, 40), (30, 10, 30, 10, 30)),
    nulls: Sequence[Mix] = COMMON_NULLS,
    alpha: float = 0.05,
    draws: int = 1000,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often the tests of `trend` alarm although all waves have the same mix.

    Parameters
    ----------
    sizes
        Answers of each wave.
    nulls
        Mixes.
    alpha
        Nominal size.
    draws, rng
        As for `coverage_of_panel`.

    Returns
    -------
    One row per sizes and mix: `n` (as text), `mix`, `slope`, `scatter`, `equal` (share of alarms of each test).
    """
    generator, rows = np.random.default_rng(rng), []
    for waves in sizes:
        for mix in nulls:
            drawn = np.concatenate([generator.multinomial(n, mix, draws) for n in waves])
            counts = pd.DataFrame(drawn, columns=list(COUNTS)).assign(
                wave=np.repeat(np.arange(len(waves)), draws), survey=np.tile(np.arange(draws), len(waves))
            )
            found = trend(counts, adjust="none")
            alarms = {name: (found[column] < alpha).mean() for name, column in _TESTS.items()}
            rows.append({"n": "/".join(map(str, waves)), "mix": words(mix), **alarms})
    return pd.DataFrame(rows)


def _split(waves: Mapping[str, np.typing.NDArray[np.int_]], confidence_level: float) -> pd.DataFrame:
    parts = [
        pd.DataFrame(cells, columns=list(COUNTS)).assign(segment=["x", "y", "z"], wave=wave)
        for wave, cells in waves.items()
    ]
    counts = pd.concat(parts)
    return mix_change(counts, segment="segment", before="before", after="after", confidence_level=confidence_level)


def _covered(low: FloatArray, high: FloatArray, true: float, *, scale: float = 1.0) -> dict[str, float]:
    held = (low <= true + 1e-9) & (true - 1e-9 <= high)
    return {"coverage": float(held.mean()), "width": scale * float((high - low).mean())}
