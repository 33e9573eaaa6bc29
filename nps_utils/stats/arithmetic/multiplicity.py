"""Many comparisons at once: adjusted p-values, and the family said in words."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from nps_utils.checks import check_choice

Adjustment: TypeAlias = Literal["holm", "bonferroni", "holm-sidak", "fdr_bh", "fdr_by", "none"]

_WORDS: Final[dict[Adjustment, str]] = {
    "holm": "p-values adjusted by Holm (chance of any false alarm)",
    "bonferroni": "p-values adjusted by Bonferroni (chance of any false alarm)",
    "holm-sidak": "p-values adjusted by Holm-Sidak (chance of any false alarm, independent comparisons)",
    "fdr_bh": "p-values adjusted by Benjamini-Hochberg (share of false alarms)",
    "fdr_by": "p-values adjusted by Benjamini-Yekutieli (share of false alarms)",
    "none": "p-values not adjusted",
}


def check_adjustment(adjust: str) -> None:
    """Raise `BadValue` unless `adjust` is a known adjustment."""
    check_choice("adjust", adjust, get_args(Adjustment))


def adjusted(pvalues: npt.NDArray[np.float64], *, adjust: Adjustment = "holm") -> npt.NDArray[np.float64]:
    """Return p-values adjusted for all comparisons of one family.

    A comparison that could not be made (NaN) stays NaN and does not count.

    Parameters
    ----------
    pvalues
        Shape (comparisons,), 0..1 or NaN.
    adjust
        `holm` (default) holds the chance of any false alarm without assumptions; the others are those of
        `statsmodels.stats.multitest.multipletests`.

    Examples
    --------
    >>> adjusted(np.array([0.01, np.nan, 0.04])).tolist()
    [0.02, nan, 0.04]
    """
    check_adjustment(adjust)
    result = pvalues.astype(float)
    made = ~np.isnan(result)
    if adjust == "holm":
        result[made] = _holm(result[made])
    elif adjust != "none" and np.count_nonzero(made) > 1:
        from statsmodels.stats.multitest import multipletests  # takes a second to load; Holm does without

        result[made] = multipletests(result[made], method=adjust)[1]
    return result


def _holm(pvalues: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Holm (1979), Scandinavian Journal of Statistics 6:65: the smallest times m, the next times m - 1, never falling.

    Written out because it is on every page and multipletests collects garbage at each call (0.1 to 0.4 s).
    """
    order = np.argsort(pvalues, kind="stable")
    times = np.arange(len(pvalues), 0, -1)
    result = np.empty_like(pvalues)
    result[order] = np.minimum(np.maximum.accumulate(pvalues[order] * times), 1.0)
    return result


def family(what: str, pvalues: npt.NDArray[np.float64], *, adjust: Adjustment, note: str = "") -> str:
    """Say what was compared with what, how many comparisons that were, and how they were adjusted.

    Examples
    --------
    >>> family("each wave with the previous one", np.array([0.1, 0.2]), adjust="holm")
    '2 comparisons: each wave with the previous one; p-values adjusted by Holm (chance of any false alarm)'
    """
    made = int(np.count_nonzero(~np.isnan(pvalues)))
    count = "1 comparison" if made == 1 else f"{made:,} comparisons"
    how = "no adjustment needed" if made == 1 else _WORDS[adjust]
    return "; ".join(part for part in (f"{count}: {what}", how, note) if part)
