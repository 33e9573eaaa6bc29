"""Tables of responses and of comments at once, for tests that need no company behind them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nps_utils.scale import BANDS, Band
from nps_utils.simulate.plan import SHARES
from nps_utils.simulate.remarks import BANDS as ORDER
from nps_utils.simulate.remarks import remark


def responses(
    n: int,
    *,
    mix: Sequence[float] = (0.1, 0.2, 0.7),
    rng: np.random.Generator | int = 0,
    comments: str | None = None,
) -> pd.DataFrame:
    """Return `n` independent responses in canonical columns, spread over 90 days, in order of time."""
    rng = np.random.default_rng(rng)
    band = rng.choice(3, n, p=np.asarray(mix, dtype=float))
    score = np.zeros(n, dtype=np.int64)
    for i, name in enumerate(ORDER):
        low, high = BANDS[name]
        share = np.asarray(SHARES[low : high + 1])
        where = band == i
        score[where] = rng.choice(np.arange(low, high + 1), int(where.sum()), p=share / share.sum())
    seconds = np.sort(rng.integers(0, 90 * 86_400, n))
    texts = [remark(comments, ORDER[i], rng=rng).text if comments else None for i in band.tolist()]
    return pd.DataFrame(
        {
            "response_id": [f"{i:06d}" for i in range(1, n + 1)],
            "respondent_id": [f"p{i:06d}" for i in range(1, n + 1)],
            "email": [f"person{i}@customer.example" for i in range(1, n + 1)],
            "score": pd.array(score, dtype="Int64"),
            "comment": pd.array(texts, dtype="string"),
            "language": pd.array([comments] * n, dtype="string"),
            "responded_at": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(seconds, unit="s"),
        }
    )


def comments(n: int, *, language: str = "en", rng: np.random.Generator | int = 0) -> pd.DataFrame:
    """Return `n` comments with the band of their writer and the themes they were made from."""
    rng = np.random.default_rng(rng)
    bands: Sequence[Band] = [ORDER[i] for i in rng.choice(3, n, p=[0.3, 0.3, 0.4])]
    written = [remark(language, band, rng=rng) for band in bands]
    return pd.DataFrame(
        {
            "comment": [r.text for r in written],
            "language": language,
            "band": bands,
            "themes": [" ".join(r.themes) for r in written],
        }
    )
