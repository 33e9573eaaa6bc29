"""The shortest of several calls: what a computer needs when nothing else disturbs it."""

from __future__ import annotations

import time
from collections.abc import Callable


def best_of(times: int, call: Callable[[], object]) -> float:
    """Return the shortest wall-clock time of several calls, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken)
