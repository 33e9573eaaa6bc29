"""A stated limit in place of a result, so that a page says what is missing instead of breaking.

A study may have one wave, no frame or no revenue. The library raises `BadInput` for that; on a page the same
sentence is the honest content. `attempt` turns the one into the other, and only that: any other exception is our
own failure and stops the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from nps_utils.checks import BadInput
from nps_utils.words.markup import as_markdown

T = TypeVar("T")


@dataclass(frozen=True)
class Limit:
    """Why something cannot be said of this study, as a sentence.

    What one takes from it, a part, a column or the result of a method, is missing for the same reason.

    Examples
    --------
    >>> goal = Limit("This study names no goal.")
    >>> goal.target, goal["nps"].round(1)
    (Limit(reason='This study names no goal.'), Limit(reason='This study names no goal.'))
    """

    reason: str

    def __str__(self) -> str:
        return self.reason

    def __getattr__(self, name: str) -> Limit:
        """Return the limit: a part of something missing is missing for the same reason."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _: object) -> Limit:
        """Return the limit, as for an attribute."""
        return self

    def __call__(self, *_: object, **__: object) -> Limit:
        """Return the limit: so do the methods of something missing."""
        return self

    # It can be asked for a part, but there is nothing to go through.
    __iter__ = None
    __contains__ = None

    def _repr_markdown_(self) -> str:
        return f"*Cannot be said here:* {as_markdown(self.reason)}"


# The reason stands above once; four times in a row it would be read by nobody.
AS_ABOVE: Final = Limit("the reason stands above.")


def attempt(function: Callable[..., T], /, *args: object, **kwargs: object) -> T | Limit:
    """Call `function`; return its result, or the `Limit` when the study lacks what it needs.

    A `Limit` among the arguments is passed on: what rests on something missing is missing for the same reason. (So the
    arguments cannot be typed as the function's own.) A function whose parameters are annotated to take a `Limit` is
    called plainly, without `attempt`.

    Examples
    --------
    >>> from nps_utils.checks import BadValue
    >>> def halve(n: int) -> float:
    ...     if n == 0:
    ...         raise BadValue("n = 0: nothing to halve.")
    ...     return n / 2
    >>> attempt(halve, 3), attempt(halve, 0)
    (1.5, Limit(reason='n = 0: nothing to halve.'))
    """
    for value in (*args, *kwargs.values()):
        if isinstance(value, Limit):
            return value
    try:
        return function(*args, **kwargs)
    except BadInput as error:
        return Limit(str(error))
