"""The one place where numbers become words: tables as a page shows them, and sentences computed from results.

One module per page, under the page's name, loaded when first used: `tables.change.mix_or_real(...)`.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from nps_utils.tables.table import Table

if TYPE_CHECKING:
    from nps_utils.tables import (
        act,
        change,
        claims,
        cleaning,
        comments,
        customers,
        methods,
        nps,
        plan,
        revenue,
        scores,
    )

__all__ = [
    "Table",
    "act",
    "change",
    "claims",
    "cleaning",
    "comments",
    "customers",
    "methods",
    "nps",
    "plan",
    "revenue",
    "scores",
]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
