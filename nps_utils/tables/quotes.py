"""Quotes as a list that a reader can filter: the words first, then what they are about and whose they are."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from nps_utils.comments.language import DANISH_OR_NORWEGIAN
from nps_utils.tables.formats import count
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table
from nps_utils.words.markup import in_html
from nps_utils.words.naming import named, named_value
from nps_utils.words.translation import Local

OPEN_QUOTES: Final = 6  # of the list without a script; the others are folded below them
QUOTE: Final = "quote"
_COLUMNS: Final = {
    QUOTE: Column("Quote", "text", "Masked, and cut where long"),
    "theme": Column("Theme", "text", "What the comment is about"),
    "cluster": Column("Cluster", "text", "The group of comments that it belongs to"),
    "band": Column("Band", "text", "Band of the answer"),
    "language": Column("Language", "text", "Language of the comment"),
    "times": Column("Times", "count", "Answers that say the same in the same words"),
    "allowed_by": Column("Allowed by", "text", "The writer's consent, or the company's own word in study.toml"),
}
# What is no part to choose by, as theme, band, wave and segments are.
_ONLY_TOLD: Final = (QUOTE, "times", "allowed_by")
_CODE: Final = re.compile("[a-z]{2}")


@dataclass(frozen=True, repr=False)
class Quotes(Table):
    r"""Quotes under each other; a script of the site, where it runs, adds the choices above them.

    Every part of a quote is text in an element that says which part it is, so that the script reads text and writes
    text: nothing that somebody wrote is ever markup or the name of an attribute.

    Examples
    --------
    >>> said = pd.DataFrame({"quote": ["Fast & <b>"], "theme": ["Speed"], "language": ["sv"]})
    >>> print(Quotes(said, "In their words", columns=_COLUMNS)._repr_html_().replace("><", ">\n<"))
    <div class="nps-quotes">
    <p>In their words</p>
    <ul>
    <li>
    <q lang="sv">Fast &amp; &lt;b&gt;</q> <small>
    <span data-part="Theme">Speed</span> · <span data-part="Language">Swedish</span>
    </small>
    </li>
    </ul>
    </div>
    """

    def _repr_html_(self) -> str:
        if self.data.empty:
            return f"<p>{in_html(self.title)}: none</p>"
        items = [self._item(row) for _, row in self.data.iterrows()]
        first, others = items[:OPEN_QUOTES], items[OPEN_QUOTES:]
        rest = ""
        if others:
            rest = f"<details><summary>All other quotes ({len(others)})</summary>{_list(others)}</details>"
        return f'<div class="nps-quotes"><p>{in_html(self.title)}</p>{_list(first)}{rest}</div>'

    def _item(self, row: pd.Series) -> str:
        told = [self._part(str(name), str(row[name])) for name in self._names() if name not in _ONLY_TOLD and row[name]]
        if "times" in row.index and row["times"] > 1:
            told.append(f"{count(row['times'])} answers say it in these words")
        code = str(row.get("language", ""))
        spoken = f'<q lang="{code}">' if _CODE.fullmatch(code) else "<q>"
        quote = in_html(" ".join(html.unescape(str(row[QUOTE])).split()))
        return f"<li>{spoken}{quote}</q> <small>{' · '.join(told)}</small></li>"

    def _part(self, name: str, value: str) -> str:
        told = _tongue(value) if name == "language" else named_value(value)
        return f'<span data-part="{html.escape(self._column(name).label)}">{in_html(told)}</span>'


def _tongue(code: str) -> str:
    return "Danish or Norwegian" if code == DANISH_OR_NORWEGIAN else Local("en").tongue(code)


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(items)}</ul>"


def quotes(chosen: pd.DataFrame) -> Quotes:
    """Show quotes of a study, see `pages.quotes.to_show`."""
    by_consent = (chosen["allowed_by"] == "consent").all()
    whose = "only of those who allowed it" if by_consent else "shown because study.toml says quotes = true"
    of, n = int(chosen.attrs.get("of", len(chosen))), len(chosen)
    some = f"{count(n)} of {count(of)} wordings" if n < of else f"{count(n)} wording{'' if n == 1 else 's'}"
    columns = {str(name): Column(named(str(name)), "text", "A segment of the study") for name in chosen.columns}
    columns |= _COLUMNS
    title = f"In their own words, masked; {whose}: {some}, each once"
    return Quotes(chosen, title, shown=list(chosen.columns), columns=columns)
