"""The library as a page needs it: what a study lacks is said in a sentence, and every other mistake is an error.

`from nps_utils.notebook import figures, nps, pages, tables` gives the same modules and functions as `nps_utils` does,
under the same names, with one difference. Where a function of the library raises `BadInput` because a study has one
wave, no frame or no revenue, here it returns a `Limit` that carries that sentence; a `Limit` among the arguments of a
further call comes out again, and `Page` shows it. So a cell reads as it would for a study that has everything.

What a cell gets wrong stays an error: a misspelt name, attribute or keyword, also in a call on something missing, and
a misspelt column or choice that stands in the call itself.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
from collections.abc import Callable, Collection, Mapping
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING

from nps_utils.checks import BadInput
from nps_utils.columns import FURTHER, RESPONSE
from nps_utils.words.limits import Limit

if TYPE_CHECKING:  # what a type checker, and an editor, sees are the modules themselves
    import nps_utils as nps
    import nps_utils.stats.validation  # noqa: F401 - a page names it below `nps.stats`
    from nps_utils import figures, pages, tables
    from nps_utils.study.study import Study

__all__ = ["figures", "nps", "pages", "tables"]

ROOT = __package__
STUDY = (f"{ROOT}.study.study", "Study")
# A study without these is none: what is wrong with them stops a page.
ALWAYS_THERE = ("ledger", "recognised", "responses")
# A column of these may lack in a study; any other that a call names is its own.
CANONICAL = (*RESPONSE, *FURTHER)


class Door:
    """A module of the library, or a study, whose functions return a `Limit` where the study lacks what they need.

    Examples
    --------
    >>> from nps_utils.notebook import nps
    >>> import pandas as pd
    >>> one_wave = nps.count_bands(pd.DataFrame({"wave": ["1", "1"], "score": [9, 3]}), by=["wave"])
    >>> isinstance(nps.compare(one_wave, across="wave"), nps.Limit)
    True
    """

    def __init__(self, behind: ModuleType | Study) -> None:
        self._behind = behind

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        found = _part(self._behind, name)
        if name in ALWAYS_THERE and not isinstance(self._behind, ModuleType):
            return found
        return _opened(found)

    def __dir__(self) -> list[str]:
        return [name for name in dir(self._behind) if not name.startswith("_")]

    def __repr__(self) -> str:
        return f"{self._behind!r}, where what a study lacks is a Limit"


@functools.cache
def study_door(study: type[Study]) -> type:
    """Return `Study`, as a page opens it."""

    class StudyDoor:
        __doc__ = study.__doc__

        @staticmethod
        @functools.wraps(study.open)
        def open(*args: object, **kwargs: object) -> Door:
            return Door(study.open(*args, **kwargs))  # type: ignore[arg-type]

    return StudyDoor


def or_limit(function: Callable[..., object]) -> Callable[..., object]:
    """Return `function` such that it passes a `Limit` on, and returns one where the study lacks what it needs.

    A parameter annotated to take a `Limit` gets it.

    Examples
    --------
    >>> from nps_utils.stats.score import score
    >>> or_limit(score)(Limit("This study has no answers."))
    Limit(reason='This study has no answers.')
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def called(*args: object, **kwargs: object) -> object:
        args, kwargs = tuple(map(_behind, args)), {name: _behind(value) for name, value in kwargs.items()}
        bound = signature.bind(*args, **kwargs)  # a misspelt keyword is an error, also beside a Limit
        for name, value in bound.arguments.items():
            missing = _limit_in(value)
            if missing is not None and "Limit" not in str(signature.parameters[name].annotation):
                return missing
        try:
            return function(*args, **kwargs)
        except BadInput as error:
            if error.given not in (None, *CANONICAL) and _is_written(error.given, bound.arguments.values()):
                raise  # the call names a column or a choice that there never is
            return Limit(str(error))

    return called


def _part(behind: ModuleType | Study, name: str) -> object:
    """Return an attribute, or load the module of that name inside a package."""
    try:
        return getattr(behind, name)
    except AttributeError:
        inner = f"{behind.__name__}.{name}" if isinstance(behind, ModuleType) and hasattr(behind, "__path__") else ""
        if not inner or importlib.util.find_spec(inner) is None:
            raise
        return importlib.import_module(inner)


def _opened(found: object) -> object:
    if isinstance(found, ModuleType) and found.__name__.split(".")[0] == ROOT:
        return Door(found)
    if isinstance(found, FunctionType | MethodType):
        return or_limit(found)
    if isinstance(found, type) and (found.__module__, found.__name__) == STUDY:
        return study_door(found)  # what reads a study is loaded with the first page that opens one
    return found


def _behind(value: object) -> object:
    return value._behind if isinstance(value, Door) else value


def _limit_in(value: object) -> Limit | None:
    """Return the `Limit` that an argument is or directly holds."""
    held = value if isinstance(value, tuple | list) else value.values() if isinstance(value, dict) else (value,)
    return next((item for item in held if isinstance(item, Limit)), None)


def _is_written(given: object, arguments: Collection[object]) -> bool:
    """Say whether a name that there is not stands among the arguments of the call."""
    for value in arguments:
        if isinstance(value, str | float | int) and value == given:
            return True
        inner = value.values() if isinstance(value, Mapping) else value
        if isinstance(value, tuple | list | Mapping) and _is_written(given, inner):  # type: ignore[arg-type]
            return True
    return False


def __getattr__(name: str) -> Door:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return Door(importlib.import_module(ROOT if name == "nps" else f"{ROOT}.{name}"))
