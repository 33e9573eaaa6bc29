"""One thread for each numerical library: on tables of our size more threads make them up to 18 times slower."""

from __future__ import annotations

import os
from typing import Final

NAMES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread_each() -> None:
    """Tell numerical libraries that are not loaded yet; who has said a number of threads keeps it.

    Examples
    --------
    >>> one_thread_each()
    >>> all(name in os.environ for name in NAMES)
    True
    """
    for name in NAMES:
        os.environ.setdefault(name, os.environ.get(NAMES[0], "1"))
