"""What a process of a report is told first: one thread for each numerical library, and to use its memory again."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Final

# On tables of our size more threads make numerical libraries up to 18 times slower.
NAMES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# Options of mallopt: from which size on a block is asked of the system alone, and how much that is free goes back.
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
_MOST_KEPT: Final = 1 << 30


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


def keep_memory() -> bool:
    """Use memory that was freed again instead of giving it back; say whether this system's C library does so.

    A column of ten million answers is 80 MB, and is asked of the system and given back with each sum over it: that took
    two fifths of the time of scoring them.

    Examples
    --------
    >>> keep_memory() in (True, False)
    True
    """
    option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    return option is not None and all(option(which, _MOST_KEPT) for which in (_MMAP_THRESHOLD, _TRIM_THRESHOLD))
