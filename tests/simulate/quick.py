"""A table of responses at once, for tests and examples that need no company behind them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_whole
from nps_utils.scale import BANDS
from nps_utils.simulate.plan import SHARES
from nps_utils.simulate.remarks import BANDS as ORDER
from nps_utils.simulate.remarks import remark


def responses(
    n: int,
    *,
    mix: Sequence[float] = (0.1, 0.2, 0.7),
    rng: np.random.Generator | int = 0,
    comments: str | None = None,
    start: str = "2026-01-01",
    days: int = 90,
) -> pd.DataFrame:
    """Return `n` independent responses in canonical columns.

    Parameters
    ----------
    n
        How many.
    mix
        Shares of detractors, passives and promoters; they add up to 1.
    rng
        Seed or generator.
    comments
        Language of the comments (sv, nb, da, nl, en); None for no comments.
    start, days
        Answers are spread evenly over so many days from this one, in UTC.

    Returns
    -------
    response_id, respondent_id, email, score (Int64), comment, language, responded_at (UTC), in order of time.

    Examples
    --------
    >>> table = responses(1000, mix=(0.2, 0.3, 0.5), rng=7)
    >>> len(table), int(table["score"].min()) >= 0
    (1000, True)
    """
    check_whole("n", n)
    if len(mix) != 3 or min(mix) < 0 or abs(sum(mix) - 1) > 1e-9:
        raise BadValue(f"mix = {tuple(mix)!r} is not three shares (detractors, passives, promoters) that add up to 1.")
    rng = np.random.default_rng(rng)
    band = rng.choice(3, n, p=np.asarray(mix, dtype=float))
    score = np.zeros(n, dtype=np.int64)
    for i, name in enumerate(ORDER):
        low, high = BANDS[name]
        share = np.asarray(SHARES[low : high + 1])
        where = band == i
        score[where] = rng.choice(np.arange(low, high + 1), int(where.sum()), p=share / share.sum())
    seconds = np.sort(rng.integers(0, days * 86_400, n))
    texts = [remark(comments, ORDER[i], rng=rng).text if comments else None for i in band.tolist()]
    return pd.DataFrame(
        {
            "response_id": [f"{i:06d}" for i in range(1, n + 1)],
            "respondent_id": [f"p{i:06d}" for i in range(1, n + 1)],
            "email": [f"person{i}@customer.example" for i in range(1, n + 1)],
            "score": pd.array(score, dtype="Int64"),
            "comment": pd.array(texts, dtype="string"),
            "language": pd.array([comments] * n, dtype="string"),
            "responded_at": pd.Timestamp(start, tz="UTC") + pd.to_timedelta(seconds, unit="s"),
        }
    )
