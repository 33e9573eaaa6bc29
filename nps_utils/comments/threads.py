"""One thread for the numerical libraries, where more would only wait for each other."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]


def one_thread(user_api: str | None = None) -> AbstractContextManager[Any]:
    """Return a context in which the numerical libraries, or those of one kind, use one thread.

    Examples
    --------
    >>> with one_thread():
    ...     print(sum([1, 2]))
    3
    """
    limited: AbstractContextManager[Any] = _controller().limit(limits=1, user_api=user_api)
    return limited


@cache
def _controller() -> ThreadpoolController:
    """Look for the libraries once: that takes longer than most of what is done in one thread."""
    return ThreadpoolController()
