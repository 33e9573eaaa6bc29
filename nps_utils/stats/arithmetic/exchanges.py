"""Does what stands in one table of accounts go with what stands in another? Whole accounts are exchanged to see."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_whole
from nps_utils.stats.arithmetic.exchange_limit import limit_of_orders, powers

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.intp]

# Of so many accounts the correlations of all orders are normal to within what a thousand orders could tell.
MANY: Final = 20_000
_FLAT: Final = 1e-12  # of the sum of squares: below, what is left is rounding
_AT_A_TIME: Final = 2048  # rows that stay near the processor while they are multiplied
_MOST_KNOWN: Final = 8


class Permutation(NamedTuple):
    """A permutation test: the statistic, its two-sided p-value, how many orders were tried, and whether all.

    No order was tried where there are so many accounts that their limit says what a thousand orders would.
    """

    statistic: float
    pvalue: float
    draws: int
    exact: bool


def permute_accounts(
    x: Floats,
    y: Floats,
    *,
    groups: NDArray[np.generic] | None = None,
    draws: int = 1999,
    rng: np.random.Generator | int = 0,
) -> Permutation:
    """Test the correlation of x and y by exchanging whole accounts within groups.

    Under the hypothesis that the NPS of an account says nothing about its growth, any account's NPS could have stood
    beside any growth of the same group. A row moves as a whole, so its history keeps its shape, and shocks common to
    all accounts of a period stay in place. All orders are enumerated where there are no more of them than `draws`.

    From 20,000 accounts on, of which none weighs much, the distribution over all orders is taken from its limit, see
    `limit_of_orders`: a thousand orders drawn would only tell it less closely.

    Parameters
    ----------
    x, y
        One row per account; one column per period (or one-dimensional: one period). Missing cells are NaN and are
        left out of each correlation.
    groups
        The group of each account (industry, segment); rows are exchanged within groups only.
    draws
        Random orders, where not all are enumerated.

    Returns
    -------
    Pearson's r over all cells, its two-sided p-value (the share of orders at least as far from the mean of all orders),
    the number of orders, and whether these were all.

    Raises
    ------
    BadValue
        Shapes differ, or fewer than two accounts can be exchanged.

    Examples
    --------
    >>> permute_accounts(np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 3, 5])).pvalue  # 2 of 24 orders
    0.08333333333333333
    """
    x, y = (np.asarray(values, dtype=float).reshape(len(values), -1) for values in (x, y))
    if x.shape != y.shape:
        raise BadValue(f"x has shape {x.shape} and y {y.shape}; one row per account and the same periods are needed.")
    check_whole("draws", draws, least=1)
    codes = np.zeros(len(x), dtype=int) if groups is None else pd.factorize(np.asarray(groups))[0]
    members = [np.flatnonzero(codes == code) for code in range(codes.max(initial=-1) + 1)]
    orders = math.prod(math.factorial(len(rows)) for rows in members) if len(x) < MANY else math.inf
    if orders < 2 or all(len(rows) < 2 for rows in members):
        raise BadValue("no two accounts share a group: there is nothing to exchange.")
    observed = _correlation(x, y)
    if math.isnan(observed):
        raise BadValue("NPS or growth does not vary: there is nothing to test.")
    if len(x) >= MANY:
        pvalue = limit_of_orders(x, y, members, observed)
        if pvalue is not None:
            return Permutation(observed, pvalue, 0, exact=False)
    exact = orders <= draws
    if exact:
        return _share_as_far(_moved_correlations(x, y, _all_orders(members, len(x))), observed, exact=True)
    generator = np.random.default_rng(rng)
    return _drawn(x, y, members, draws, generator, observed)


def _drawn(
    x: Floats, y: Floats, members: list[Rows], draws: int, generator: np.random.Generator, observed: float
) -> Permutation:
    """Draw orders, unless the same ones of the same cells have been: then the generator moves on as if they were."""
    state = generator.bit_generator.state
    seen = hashlib.sha256(repr((state, draws, x.shape, [len(rows) for rows in members])).encode())
    for part in (x, y, *members):
        seen.update(np.ascontiguousarray(part).tobytes())
    key = seen.hexdigest()
    if key not in _KNOWN:
        values = _moved_correlations(x, y, _random_orders(members, len(x), draws, generator))
        while len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[key] = _share_as_far(values, observed, exact=False), generator.bit_generator.state
    found, generator.bit_generator.state = _KNOWN[key]
    return found


_KNOWN: Final[dict[str, tuple[Permutation, Any]]] = {}


def _share_as_far(values: Floats, observed: float, *, exact: bool) -> Permutation:
    values = values[np.isfinite(values)]
    pool = values if exact else np.append(values, observed)
    far = np.abs(pool - pool.mean())
    # Orders that give the same correlation must count as ties whatever the rounding.
    pvalue = float(np.mean(far >= abs(observed - pool.mean()) - 1e-9))
    return Permutation(observed, pvalue, len(values), exact)


def _all_orders(members: list[Rows], n: int) -> Iterator[Rows]:
    for choice in itertools.product(*(itertools.permutations(rows) for rows in members)):
        order = np.arange(n)
        for rows, moved in zip(members, choice, strict=True):
            order[rows] = moved
        yield order


def _random_orders(members: list[Rows], n: int, draws: int, rng: np.random.Generator) -> Iterator[Rows]:
    for _ in range(draws):
        order = np.arange(n)
        for rows in members:
            order[rows] = rng.permutation(rows)
        yield order


def _moved_correlations(x: Floats, y: Floats, orders: Iterator[Rows]) -> Floats:
    """Return Pearson's r of x in each order with y, as cell by cell, from sums of products alone.

    Each cell is there or not, its value and its square: sums of the products of those of x and y make a correlation.
    Rows go through a part at a time, into memory that every order fills anew: asking for more takes longer than moving
    them.
    """
    periods, other = x.shape[1], powers(y)
    there, centred, _ = powers(x)
    parts = [slice(start, start + _AT_A_TIME) for start in range(0, len(x), _AT_A_TIME)]
    beside = [np.ascontiguousarray(other[:, rows].reshape(3, -1)) for rows in parts]
    moved, moved_there = np.empty((2, min(len(x), _AT_A_TIME), periods))
    sums = []
    for order in orders:
        found = np.zeros((3, 3))
        for rows, them in zip(parts, beside, strict=True):
            picked = order[rows]
            for power, (cells, into) in enumerate(((there, moved_there), (centred, moved))):
                # Other modes of taking copy once more.
                row = np.take(cells, picked, axis=0, out=into[: len(picked)], mode="clip").reshape(-1)
                found[power] += them @ row
            found[2, 0] += them[0] @ np.multiply(row, row, out=row)
        sums.append(found)
    return _correlations(np.array(sums).reshape(-1, 3, 3))


def _correlations(sums: Floats) -> Floats:
    """Return r of sums over cells of products: in row k and column l, power k of x by power l of y."""
    n, sx, sy = sums[:, 0, 0], sums[:, 1, 0], sums[:, 0, 1]
    sxx, syy, sxy = sums[:, 2, 0], sums[:, 0, 2], sums[:, 1, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        vx, vy = sxx - sx * sx / n, syy - sy * sy / n
        spread = (n >= 3) & (vx > _FLAT * sxx) & (vy > _FLAT * syy)
        r: Floats = np.where(spread, (sxy - sx * sy / n) / np.sqrt(vx * vy), np.nan)
    return r


def _correlation(x: Floats, y: Floats) -> float:
    """Return Pearson's r over the cells that both have; NaN where it cannot be computed."""
    both = np.isfinite(x) & np.isfinite(y)
    if both.sum() < 3:
        return math.nan
    a, b = (values[both] - values[both].mean() for values in (x, y))
    scale = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / scale if scale > 0 else math.nan
