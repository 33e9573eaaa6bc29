"""The numbers of a picture's points, as a hidden list beside it, which a script of the site lays over the picture."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from nps_utils.words.markup import in_html

LABEL = "The numbers of the picture; arrow keys go from one to the next"


def point_list(points: Iterable[Sequence[float | str]], label: str = LABEL) -> Markup:
    """Return a list that says of each point where it lies, in percent from the top left, and its numbers; on one line.

    Without the script it stays hidden: the picture and its text for those who cannot see it say the same.

    Examples
    --------
    >>> print(point_list([(12.5, 40.0, "2026-Q1: NPS +5 (n <9)")], "Numbers"))
    <ul class="nps-points" hidden aria-label="Numbers"><li data-at="12.5 40.0">2026-Q1: NPS +5 (n &lt;9)</li></ul>
    >>> point_list([])
    Markup('')
    """
    told = [f'<li data-at="{left} {top}">{in_html(" ".join(str(text).split()))}</li>' for left, top, text in points]
    if not told:
        return Markup()
    return Markup(f'<ul class="nps-points" hidden aria-label="{html.escape(label)}">{"".join(told)}</ul>')
