"""Studies followed from export to verdict, in a table and a sentence."""

from __future__ import annotations

import pandas as pd

from nps_utils.tables.formats import count, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table

_DESIGNS = {
    "people": "each time other people",
    "panel": "the same people each time",
    "accounts": "several answers an account",
    "all": "all",
}
_WORDS = {
    "design": Column("Who answers", "text", "How answers hang together in the study that was drawn"),
    "studies": Column("Studies", "count", "Studies drawn, exported as one of seven tools would, read and judged"),
    "asked": Column("Asked", "count", "Reading stopped with a question instead of a guess"),
    "wrong_number": Column("Wrong number", "count", "The score or n of the study or of a wave was not the one drawn"),
    "without_effect": Column("No change", "count", "Studies in which nothing changed"),
    "shown_false": Column("Called falsely", "count", "Of these: the newest change was called a rise or fall"),
    "false_low": Column("Rate low", "share", "Exact 95 % limit of the rate of false calls"),
    "false_high": Column("Rate high", "share", "Exact 95 % limit of the rate of false calls"),
    "trend_false": Column("Trend falsely", "count", "Of these: a trend was called"),
    "promised": Column("Promised", "count", "Studies with a change that planning says is shown in 4 of 5"),
    "shown_true": Column("Shown", "count", "Of these: the newest change was called a fall, as it was"),
    "true_low": Column("Shown, low", "share", "Exact 95 % limit of the rate of changes shown"),
    "true_high": Column("Shown, high", "share", "Exact 95 % limit of the rate of changes shown"),
}


def outcomes(table: pd.DataFrame) -> Table:
    """Show what became of the studies drawn, by who answers."""
    told = table.assign(design=table["design"].replace(_DESIGNS))
    return Table(told, "From export to verdict, studies whose truth is known", shown=list(_WORDS), columns=_WORDS)


def outcomes_sentence(table: pd.DataFrame) -> str:
    """Return how often whole studies ended with a wrong number or verdict."""
    row = table[table["design"] == "all"].iloc[0]
    false, true = row["shown_false"] / row["without_effect"], row["shown_true"] / row["promised"]
    return (
        f"Of {count(row['studies'])} studies that were drawn, exported, read and judged, {count(row['wrong_number'])}"
        f" had a wrong number. Where nothing had changed a change was called in {share(false)}"
        f" ({count(row['shown_false'])} of {count(row['without_effect'])}; 5 % are allowed); where planning promised"
        f" 80 % a fall was shown in {share(true)} ({count(row['shown_true'])} of {count(row['promised'])}). Made with"
        f" version {row['version']}."
    )
