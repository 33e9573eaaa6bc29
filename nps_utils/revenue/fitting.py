"""Fits that may fail: what a library warns of becomes a stated limit, and nothing else is caught."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from statsmodels.tools.sm_exceptions import (
    ConvergenceWarning,
    HessianInversionWarning,
    PerfectSeparationError,
    PerfectSeparationWarning,
)

T = TypeVar("T")

_SAID = {
    PerfectSeparationWarning: "the outcome is the same throughout a group: no ratio can be estimated there.",
    ConvergenceWarning: "the fit did not settle, or lies on the border of what is possible.",
    HessianInversionWarning: "the fit has no standard errors.",
}
_FAILED = (PerfectSeparationError, np.linalg.LinAlgError)


def attempt_fit(fit: Callable[[], T]) -> tuple[T | None, str]:
    """Return what `fit` returns (None where it fails) and, as words, what its library warned of ("" for nothing).

    Warnings that say something about the data are turned into words; any other warning is passed on.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result: T | None = fit()
            failure = ""
        except _FAILED as error:
            result, failure = None, f"the fit failed: {str(error).splitlines()[0]}"
    said = [failure] if failure else []
    for warning in caught:
        words = next((words for kind, words in _SAID.items() if issubclass(warning.category, kind)), None)
        if words is None:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
        else:
            said.append(words)
    return result, " ".join(dict.fromkeys(said))
