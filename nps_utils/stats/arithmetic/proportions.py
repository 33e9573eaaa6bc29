"""Wilson's interval of a share, by statsmodels, which is loaded when the first one is asked for.

It takes a second to load, and tables, faces and plans that name this module need not pay for it.
"""

from __future__ import annotations

from typing import Any


def proportion_limits(count: Any, n: Any, *, confidence_level: float = 0.95) -> Any:
    """Return the lower and upper limits of `count` of `n`, numbers or arrays (Wilson 1927).

    Examples
    --------
    >>> low, high = proportion_limits(8, 10)
    >>> round(float(low), 3), round(float(high), 3)
    (0.49, 0.943)
    """
    from statsmodels.stats.proportion import proportion_confint

    return proportion_confint(count, n, alpha=1 - confidence_level, method="wilson")
