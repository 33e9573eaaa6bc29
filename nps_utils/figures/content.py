"""What a figure would draw, as one hash: two figures of one hash are the same picture, whatever they were made of."""

from __future__ import annotations

import hashlib
import io
import pickle
from types import BuiltinFunctionType, FunctionType
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.transforms import TransformNode

# Of code from elsewhere, such as a cell of a notebook, only the name would be known.
_KNOWN: Final = frozenset(("nps_utils", "matplotlib", "mpl_toolkits", "numpy", "pandas", "builtins", "collections"))
_ALSO_KNOWN: Final = frozenset(("functools", "itertools", "copyreg", "datetime", "dateutil", "cycler", "_codecs"))


def content_of(figure: Figure) -> str | None:
    """Return one hash of all that a figure holds and of the settings it is drawn by; None where that cannot be told.

    Examples
    --------
    >>> one, same, other = Figure(), Figure(), Figure()
    >>> _ = one.text(0.5, 0.5, "NPS"), same.text(0.5, 0.5, "NPS"), other.text(0.5, 0.5, "NPS +1")
    >>> content_of(one) == content_of(same), content_of(one) == content_of(other)
    (True, False)
    """
    buffer = io.BytesIO()
    try:
        _Written(buffer, protocol=5).dump(figure)
    except (pickle.PicklingError, TypeError, AttributeError):  # a lambda, a function of somebody's notebook
        return None
    digest = hashlib.sha256(repr(sorted(mpl.rcParams.items(), key=lambda item: item[0])).encode())
    digest.update(buffer.getvalue())
    return digest.hexdigest()


class _Written(pickle.Pickler):
    """A figure as bytes that are the same in every process."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, TransformNode):
            reduced: Any = obj.__reduce_ex__(5)
            made, arguments, state, *rest = reduced
            # Whom a transform would tell of its change, by addresses in memory.
            return (made, arguments, {**state, "_parents": None}, *rest)
        if isinstance(obj, (type, FunctionType, BuiltinFunctionType)):
            root = (obj.__module__ or "builtins").partition(".")[0]
            if root not in _KNOWN | _ALSO_KNOWN:
                raise pickle.PicklingError(f"{obj.__module__}.{obj.__qualname__}: only its name would be known")
        return NotImplemented
