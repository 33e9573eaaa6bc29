"""Who answered and who was silent, and how much cleaning and silence could move the score."""

from __future__ import annotations

import pandas as pd

from nps_utils.tables.formats import count, interval, points, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.scores import groups_of
from nps_utils.tables.table import Table

RATE_COLUMNS = {
    "asked": Column("Asked", "count", "Invitations sent"),
    "answered": Column("Answered", "count", "Invitations with at least one answer"),
    "rate": Column("Rate", "share", "Share of invitations that were answered"),
    "low": Column("Low", "share", "Lower limit of the interval of the rate"),
    "high": Column("High", "share", "Upper limit of the interval of the rate"),
}
_LINKED = {
    "askings": "invitations",
    "answers_linked": "answers linked to an invitation",
    "answers_without_asking": "answers without an invitation",
    "further_answers": "further answers to the same invitation",
    "askings_without_answer": "invitations without an answer",
}


def response_rates(rates: pd.DataFrame, *, title: str = "Response rate") -> Table:
    """Show who was asked and who answered."""
    return Table(rates, title, columns=RATE_COLUMNS)


def rates_sentence(total: pd.DataFrame) -> str:
    """Return the response rate with its interval and what it rests on.

    Examples
    --------
    >>> rates_sentence(pd.DataFrame({"asked": [200], "answered": [60], "rate": [0.3], "low": [0.241], "high": [0.367]}))
    '60 of 200 invitations were answered: 30.0 % (95 % interval 24.1 % to 36.7 %).'
    """
    row = total.iloc[0]
    limits = f"95 % interval {share(row['low'])} to {share(row['high'])}"
    answered = f"{count(row['answered'])} of {count(row['asked'])} invitations were answered"
    return f"{answered}: {share(row['rate'])} ({limits})."


def linkage(counted: pd.DataFrame) -> Table:
    """Show what could and could not be joined between invitations and answers."""
    columns = {"what": Column("What", "text", "What was counted")}
    told = counted.assign(what=counted["what"].map(lambda what: _LINKED.get(what, what.replace("_", " "))))
    return Table(told, "Invitations and answers, joined", columns=columns)


def bounds(bounded: pd.DataFrame) -> Table:
    """Show where the score of all who were asked must lie, whatever the silent think."""
    columns = {
        "asked": RATE_COLUMNS["asked"],
        "silent": Column("Silent", "count", "Invitations without an answer"),
        "all_detractors": Column("If all silent were detractors", "points", "The lowest the score of all could be"),
        "all_promoters": Column("If all silent were promoters", "points", "The highest the score of all could be"),
    }
    shown = [*groups_of(bounded.drop(columns=list(columns))), "nps", "n", *columns]
    return Table(bounded, "What silence could hide", shown=shown, columns=columns)


def choices(scored: pd.DataFrame) -> Table:
    """Show how the score moves under other choices of cleaning."""
    columns = {
        "choice": Column("Choice", "text", "What was done differently"),
        "shift": Column("Shift", "signed", "The score less the reported one, in points"),
    }
    shown = ["choice", "nps", "low", "high", "n", "shift"]
    return Table(scored, "The score under other choices of cleaning", shown=shown, columns=columns)


def choices_title(scored: pd.DataFrame) -> str:
    """Return the message of the picture of choices.

    Examples
    --------
    >>> choices_title(pd.DataFrame({"choice": ["as reported", "duplicates kept"], "shift": [0.0, -0.42]}))
    'Other choices of cleaning move the score by at most 0.4 points'
    """
    return f"Other choices of cleaning move the score by at most {scored['shift'].abs().max():.1f} points"


def choices_sentence(scored: pd.DataFrame) -> str:
    """Return how far the choices of cleaning can move the score, beside what chance does."""
    first = scored.iloc[0]
    widest = scored.iloc[int(scored["shift"].abs().to_numpy().argmax())]
    chance = (first["high"] - first["low"]) / 2
    if not abs(widest["shift"]) >= 0.05:
        return f"No other choice of cleaning moves the score of {points(first['nps'])} by as much as 0.1 points."
    return (
        f"Other choices of cleaning move the score of {points(first['nps'])}"
        f" ({interval(first['low'], first['high'])}, n = {count(first['n'])}) by at most"
        f" {abs(widest['shift']):.1f} points ({widest['choice']}: {points(widest['nps'])}, n = {count(widest['n'])});"
        f" chance alone is worth {chance:.1f} points either way."
    )
