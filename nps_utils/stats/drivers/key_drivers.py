"""What drives the score: how much of its differences goes with each rating or theme, how sure, and at which level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from nps_utils.checks import BadValue, check_choice, check_fraction, check_whole
from nps_utils.remembering import remembered
from nps_utils.scale import BANDS
from nps_utils.stats.drivers import refusals
from nps_utils.stats.drivers.answers import Answers, read_answers, unit_of
from nps_utils.stats.drivers.attribution import relative_weights, shapley_r2, shapley_weights
from nps_utils.stats.drivers.bands import band_likelihoods
from nps_utils.stats.drivers.chance import r2_pvalue
from nps_utils.stats.drivers.moments import correlations, means, sums_by_unit
from nps_utils.stats.drivers.ratings import Labels
from nps_utils.stats.drivers.resampled import Drawn, resample, units_of
from nps_utils.stats.drivers.sides import penalty_and_reward
from nps_utils.stats.weighting.export_weights import WEIGHT

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Outcome: TypeAlias = Literal["score", "band"]
Missing: TypeAlias = Literal["complete", "pairwise"]

MOST_ITEMS: Final = 40
# All subsets of so many are looked at; of more, Johnson's weights stand for them.
_MOST_EXACT: Final = 12
_MOST_OF_BANDS: Final = 10
# Likelihoods that are kept at once, of kinds of answers by subsets of items: half a gigabyte.
_MOST_FITTED: Final = 60_000_000


def importance(
    responses: pd.DataFrame,
    *,
    items: Sequence[str],
    outcome: Outcome = "score",
    cluster: str | None = None,
    weight: str | None = None,
    missing: Missing = "complete",
    labels: Labels | None = None,
    confidence_level: float = 0.95,
    draws: int = 999,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Divide what ratings or themes explain of the score among them, with the level of each.

    Items that overlap share what they explain together: an item's importance is what it adds to R2, averaged over all
    orders in which items may be added (LMG, the Shapley value of R2). Johnson's relative weights, which reach nearly
    the same by another way, stand beside it as a check. Importance tells what goes with the score among those who
    answered, not what raising a rating would do: a correlation is no cause, and who is content rates everything better.

    Parameters
    ----------
    responses
        One row per response with an integer `score` 0..10; rows without a score are left out. A column `survey_weight`,
        as studies with weights have, is used.
    items
        Columns of ratings, or of 0 and 1 for what was mentioned; see `read_ratings` for what is read.
    outcome
        `score`: the answer 0-10 by least squares. `band`: detractor, passive or promoter by proportional odds, with
        McFadden's R2 and at most 10 items.
    cluster
        Column of the account, whose people may think alike; accounts are then what is drawn. Without it persons
        (`respondent_id`, where there is one) are, and an answer of nobody stands alone.
    weight
        Another column of weights.
    missing
        `complete`: answers that have all items. `pairwise`: each two columns over the answers that have both, for items
        that are missing by chance, such as a random half of the questions; only with `outcome="score"`.
    labels
        What cells stand for that are not read by themselves; see `read_ratings`.
    confidence_level
        Between 0 and 1.
    draws
        Draws of the bootstrap.

    Returns
    -------
    One row per item, the most important first:

    - `item`; `n` answers that are compared; `answered` and `missing`, the share of scored answers without it
    - `level`, the mean of all scored answers that have it, with `level_low`, `level_high`; `lowest` and `highest`
      answer given; `bottom` and `top`, the shares of answers there
    - `importance` with `low`, `high`: its part of R2, 0 to 1; `relative_weight`, the same by Johnson's weights; `share`
      of what all items together explain, with `share_low`, `share_high`
    - `rank`, and the ranks that chance leaves open, `rank_low` to `rank_high`
    - `r2` of all items, and `r2_pvalue`, the chance of as much if no item went with the score
    - `correlation` with the score, and `direction`: `up` where higher ratings go with higher scores
    - `middle`, the usual answer; `penalty` and `reward`, the points of NPS that go with an answer below and above it,
      other items held still, with `_low`, `_high`, and `_pvalue_adjusted` (Holm, all items and both sides)
    - `accounts` that were drawn, of which `unit`; `weighted`; `outcome`; `method`; `handling` of what is missing

    Limits are missing below 10 accounts. Simulated coverage at 10 to 400 accounts of one or more answers each, 60 to
    800 in all, five overlapping items of which one does nothing by itself (10 populations, 200 studies each): of
    importance .91 to .985 (mean .953), for the band .905 to .975 (.947), of penalty and reward .91 to .98 (.955); a
    rank within its limits .99 and more, which is on the safe side. `r2_pvalue` below .05 where nothing goes with the
    score: .048 to .059 from 15 accounts on, .072 at 10.

    Raises
    ------
    MissingColumn, BadValue
        Too few answers, of an item or with all items; an item that never differs, is the score by another name, or says
        the same as another; cells that cannot be read. The message says what to leave out or to write.

    References
    ----------
    Lindeman, Merenda and Gold 1980; Groemping 2006, Journal of Statistical Software 17(1); Johnson 2000, Multivariate
    Behavioral Research 35:1; penalty and reward: Brandt 1987, Matzler and Sauerwein 2002, International Journal of
    Service Industry Management 13:314.

    Examples
    --------
    >>> generator = np.random.default_rng(1)
    >>> ease, price = generator.integers(1, 6, 200), generator.integers(1, 6, 200)
    >>> answers = pd.DataFrame({"score": ease + generator.integers(0, 6, 200), "Ease": ease, "Price": price})
    >>> importance(answers, items=["Price", "Ease"])[["item", "n", "importance", "rank", "direction"]].round(3)
        item    n  importance  rank direction
    0   Ease  200       0.377     1        up
    1  Price  200       0.019     2        up
    """
    how: dict[str, Any] = {
        "items": items, "outcome": outcome, "cluster": cluster, "weight": weight, "missing": missing, "labels": labels,
        "confidence_level": confidence_level, "draws": draws, "rng": rng,
    }  # fmt: skip
    # What a generator gives depends on what it gave before; a seed gives the same again.
    same = isinstance(rng, int) and "score" in responses.columns
    return _once(responses, **how) if same else _importance(responses, **how)


def _importance(
    responses: pd.DataFrame,
    *,
    items: Sequence[str],
    outcome: Outcome,
    cluster: str | None,
    weight: str | None,
    missing: Missing,
    labels: Labels | None,
    confidence_level: float,
    draws: int,
    rng: np.random.Generator | int,
) -> pd.DataFrame:
    names = _names(items, {"score", cluster, weight})
    check_choice("outcome", outcome, ("score", "band"))
    check_choice("missing", missing, ("complete", "pairwise"))
    check_fraction("confidence_level", confidence_level)
    check_whole("draws", draws, least=199)
    _check_count(names, outcome, missing)
    generator = np.random.default_rng(rng)
    scored = read_answers(responses, names, cluster=cluster, weight=weight, labels=labels)
    used = _used(names, scored, missing)
    levels = _levels(names, scored, confidence_level, generator)
    unit = units_of(used.account, generator)
    divided, weights = _divided(used, unit, outcome, draws, generator)
    table = _attributed(divided, weights, confidence_level)
    sides = penalty_and_reward(used.items, used.score, used.weight, unit, confidence_level)
    related = _related(used)
    n = np.isfinite(used.items).sum(axis=0)
    outcomes = used.score if outcome == "score" else _bands(used.score).astype(float)
    facts: dict[str, str | float] = {
        "r2_pvalue": r2_pvalue(used.items, outcomes, used.weight, unit, draws=draws, rng=generator),
        "accounts": len(np.unique(used.account)),
        "unit": unit_of(responses, cluster),
        "weighted": bool(weight or WEIGHT in responses.columns),
        "outcome": outcome,
        "method": "shapley" if len(names) <= _MOST_EXACT else "relative weights",
        "handling": missing,
    }
    found = pd.concat([levels.assign(n=n), table, related, sides], axis=1).assign(**facts)
    first = ["item", "n", "answered", "missing"]
    found = found[[*first, *(name for name in found.columns if name not in first)]]
    return found.sort_values("importance", ascending=False, kind="stable").reset_index(drop=True)


_once = remembered("score", WEIGHT, "respondent_id", named=("items", "cluster", "weight"))(_importance)


def _names(items: Sequence[str], taken: set[str | None]) -> list[str]:
    if isinstance(items, str):
        raise BadValue(f'items = "{items}" is one name; write a list of columns: ["{items}"].')
    names = list(items)
    if not names:
        raise BadValue('items is empty: name the columns of ratings, such as items=["Ease of use"].')
    for place, name in enumerate(names):
        if not isinstance(name, str):
            raise BadValue(f"items: {name!r} is not the name of a column as text; rename the column.")
        if name in taken:
            raise BadValue(f'items: "{name}" is the score, the account or the weight itself. Leave it out of items.')
        if name in names[:place]:
            raise BadValue(f'items: "{name}" is listed twice.')
    return names


def _check_count(names: Sequence[str], outcome: Outcome, missing: Missing) -> None:
    if len(names) > MOST_ITEMS:
        raise BadValue(f"{len(names)} items: more than {MOST_ITEMS} cannot be told apart. Leave some out.")
    if outcome == "band" and len(names) > _MOST_OF_BANDS:
        raise BadValue(
            f'{len(names)} items: outcome="band" takes at most {_MOST_OF_BANDS}, for every subset of them is fitted.'
            ' Leave some out, or use outcome="score".'
        )
    if outcome == "band" and missing == "pairwise":
        raise BadValue('outcome="band" needs missing="complete": its model is of answers that have all items.')


def _used(names: Sequence[str], scored: Answers, missing: Missing) -> Answers:
    """Return the answers that are compared, having checked that items can be told apart in them."""
    refusals.check_enough(names, scored.items, scored=len(scored.score))
    if missing == "complete":
        used = scored.pick(refusals.check_complete(names, scored.items))
    else:
        used = scored.pick(np.asarray(np.isfinite(scored.items).any(axis=1)))
        refusals.check_pairs(names, used.items)
    refusals.check_varies(names, used.items)
    if len(np.unique(used.score)) < 2:
        raise BadValue(f"All {len(used.score):,} answers that are compared gave a {used.score[0]:g}: nothing differs.")
    matrix = correlations(_sums(used, np.zeros(len(used.score), dtype=np.int64)))[0]
    refusals.check_no_score(names, used.items, used.score)
    refusals.check_apart(names, matrix[:-1, :-1])
    if missing == "pairwise" and np.linalg.eigvalsh(matrix)[0] < 0:
        refusals.check_apart([*names, "score"], matrix)
    return used


def _sums(used: Answers, unit: Codes) -> Floats:
    return sums_by_unit(np.column_stack([used.items, used.score]), used.weight, unit)


def _divided(
    used: Answers, unit: Codes, outcome: Outcome, draws: int, generator: np.random.Generator
) -> tuple[Drawn, Floats]:
    """Return R2 divided among the items, drawn anew, and Johnson's weights where there are such."""
    count = used.items.shape[1]
    if outcome == "score":
        sums = _sums(used, unit)
        divide = shapley_r2 if count <= _MOST_EXACT else relative_weights
        drawn = resample(sums, lambda many: divide(correlations(many)), draws=draws, rng=generator)
        return drawn, relative_weights(correlations(sums.sum(axis=0, keepdims=True)))[0]
    band = _bands(used.score)
    if band.max() == 0:
        raise BadValue(f"All {len(band):,} answers that are compared are of one band: nothing differs.")
    # Answers that are alike in all are fitted once.
    kinds, at = np.unique(np.column_stack([used.items, band]), axis=0, return_inverse=True)
    if len(kinds) << count > _MOST_FITTED:
        raise BadValue(
            f'{len(used.score):,} answers to {count} items are too many for outcome="band", which fits every subset of'
            ' the items. Leave some out, or use outcome="score".'
        )
    told = band_likelihoods(
        kinds[:, :-1], kinds[:, -1].astype(np.int64), np.bincount(at, used.weight).astype(np.float64)
    )
    by_unit = np.asarray(csr_array((used.weight, (unit, at)), shape=(int(unit.max()) + 1, len(kinds))) @ told)
    shares = shapley_weights(count).T
    # The models stay those of all answers: what refitting them would add is of second order.
    drawn = resample(by_unit, lambda many: (1 - many / many[:, :1]) @ shares, draws=draws, rng=generator)
    return drawn, np.full(count, np.nan)


def _bands(score: Floats) -> Codes:
    """Return the bands that occur, numbered from the lowest."""
    edges = [low for low, _ in list(BANDS.values())[1:]]
    return np.unique(np.digitize(score, edges), return_inverse=True)[1].astype(np.int64)


def _attributed(divided: Drawn, weights: Floats, confidence_level: float) -> pd.DataFrame:
    """Return importance, share and rank with their limits."""
    low, high = divided.share_limits(confidence_level)
    parts = Drawn(*(_shares(column) for column in divided))
    share_low, share_high = parts.share_limits(confidence_level)
    rank_low, rank_high = divided.rank_limits(confidence_level)
    order = np.argsort(-divided.whole, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    return pd.DataFrame(
        {
            "importance": divided.whole,
            "low": low,
            "high": np.minimum(high, 1.0),
            "share": parts.whole,
            "share_low": share_low,
            "share_high": np.minimum(share_high, 1.0),
            "rank": rank,
            "rank_low": np.minimum(rank_low, rank),
            "rank_high": np.maximum(rank_high, rank),
            "relative_weight": weights,
            "r2": divided.whole.sum(),
        }
    )


def _shares(found: Floats) -> Floats:
    total = found.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(found, total, out=np.zeros_like(found), where=total > 0))


def _levels(
    names: Sequence[str], scored: Answers, confidence_level: float, generator: np.random.Generator
) -> pd.DataFrame:
    """Return how each item stands, over all scored answers that have it."""
    rows = []
    for name, column in zip(names, scored.items.T, strict=True):
        there = np.isfinite(column)
        own = column[there]
        unit = units_of(scored.account[there], generator)
        drawn = resample(sums_by_unit(own[:, None], scored.weight[there], unit), means, draws=0, rng=generator)
        low, high = (float(limit[0]) for limit in drawn.linear_limits(confidence_level))
        lowest, highest = float(own.min()), float(own.max())
        heavy = scored.weight[there]
        rows.append(
            {
                "item": name,
                "answered": int(there.sum()),
                "missing": 1 - float(there.mean()),
                "level": float(drawn.whole[0]),
                "level_low": max(low, lowest) if np.isfinite(low) else np.nan,
                "level_high": min(high, highest) if np.isfinite(high) else np.nan,
                "lowest": lowest,
                "highest": highest,
                "bottom": float(heavy[own == lowest].sum() / heavy.sum()),
                "top": float(heavy[own == highest].sum() / heavy.sum()),
            }
        )
    return pd.DataFrame(rows)


def _related(used: Answers) -> pd.DataFrame:
    """Return how each item goes with the score by itself."""
    with_score = correlations(_sums(used, np.zeros(len(used.score), dtype=np.int64)))[0, :-1, -1]
    return pd.DataFrame({"correlation": with_score, "direction": np.where(with_score >= 0, "up", "down")})
