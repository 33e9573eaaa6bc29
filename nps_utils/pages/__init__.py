"""What a notebook takes from a study, one module per notebook, and `Page`, which shows and saves what it made."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from nps_utils.pages.page import Page

if TYPE_CHECKING:
    from nps_utils.pages import (
        act,
        change,
        cleaning,
        clusters,
        comments,
        customers,
        drivers,
        methods,
        nps,
        plan,
        quotes,
        revenue,
    )

__all__ = [
    "Page",
    "act",
    "change",
    "cleaning",
    "clusters",
    "comments",
    "customers",
    "drivers",
    "methods",
    "nps",
    "plan",
    "quotes",
    "revenue",
]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
