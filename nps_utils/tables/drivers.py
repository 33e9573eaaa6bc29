"""What drives the score, in tables and sentences: importance beside level, what low answers cost and high ones earn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np
import pandas as pd

from nps_utils.tables.formats import count, interval, listed, points, pvalue, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table
from nps_utils.words.limits import AS_ABOVE, Limit
from nps_utils.words.markup import bold

_COLUMNS: Final = {
    "item": Column("Item", "text", "The rating, or the theme that was mentioned"),
    "n": Column("n", "count", "Answers that are compared: those that have all items, unless handling says otherwise"),
    "answered": Column("Answered", "count", "Scored answers that have this item"),
    "missing": Column("Missing", "share", "Share of the scored answers that lack it"),
    "level": Column("Level", "number", "Mean answer, in the item's own units; of a mention its share"),
    "level_low": Column("Level low", "number", "Lower limit of the mean"),
    "level_high": Column("Level high", "number", "Upper limit of the mean"),
    "lowest": Column("Lowest", "number", "The lowest answer that anybody gave"),
    "highest": Column("Highest", "number", "The highest answer that anybody gave"),
    "bottom": Column("At lowest", "share", "Share of the answers at the lowest"),
    "top": Column("At highest", "share", "Share of the answers at the highest"),
    "importance": Column("Importance", "share", "What it adds to R2, the mean over all orders of the items"),
    "low": Column("Low", "share", "Lower limit of the importance"),
    "high": Column("High", "share", "Upper limit of the importance"),
    "share": Column("Of explained", "share", "Share of what all items together explain"),
    "share_low": Column("Share low", "share", "Lower limit of the share"),
    "share_high": Column("Share high", "share", "Upper limit of the share"),
    "rank": Column("Rank", "count", "1 for the most important"),
    "rank_low": Column("Best rank", "count", "The best rank that chance leaves open"),
    "rank_high": Column("Worst rank", "count", "The worst rank that chance leaves open"),
    "relative_weight": Column("Johnson's", "share", "Importance by Johnson's relative weights, as a check"),
    "r2": Column("R2", "share", "What all items explain together"),
    "correlation": Column("r", "effect", "Correlation with the score, other items not held still"),
    "direction": Column("Direction", "text", "Up: higher answers go with higher scores"),
    "middle": Column("Usual", "number", "The usual answer: the median"),
    "penalty": Column("Below it", "signed", "Points of NPS that go with an answer below the usual one"),
    "penalty_low": Column("Below low", "points", "Lower limit"),
    "penalty_high": Column("Below high", "points", "Upper limit"),
    "reward": Column("Above it", "signed", "Points of NPS that go with an answer above the usual one"),
    "reward_low": Column("Above low", "points", "Lower limit"),
    "reward_high": Column("Above high", "points", "Upper limit"),
    "penalty_pvalue_adjusted": Column("Below p", "pvalue", "p of that, adjusted for all items and both sides"),
    "reward_pvalue_adjusted": Column("Above p", "pvalue", "p of that, adjusted for all items and both sides"),
    "r2_pvalue": Column("p", "pvalue", "Chance of as large an R2 if no item went with the score"),
    "accounts": Column("Units", "count", "Accounts, persons or answers that were drawn anew for the limits"),
    "unit": Column("Unit", "text", "What was drawn anew: accounts, persons or answers"),
    "band_importance": Column("For the band", "share", "The same for detractor, passive or promoter (McFadden's R2)"),
    "band_low": Column("Band low", "share", "Lower limit"),
    "band_high": Column("Band high", "share", "Upper limit"),
    "band_rank": Column("Band rank", "count", "Rank for the band"),
}
# By how much the two ways of dividing R2 may differ before it is said.
_APART: Final = 0.05
_REAL: Final = 0.05
_NAMED: Final = 3
_OPEN: Final = 6  # items that stand open
NO_CAUSE: Final = (
    "It goes with the score among those who answered; it need not be its cause, and who is content rates everything"
    " better."
)


class Asked(Protocol):
    """What the sentences say of where the answers come from: the moment that was asked about, and what was left out."""

    @property
    def touchpoint(self) -> str | None:
        """The moment, where there are several."""

    @property
    def left_out(self) -> Mapping[str, str]:
        """Items that were not compared, with the reason."""


def importance(
    found: pd.DataFrame | Limit,
    *,
    banded: pd.DataFrame | Limit | None = None,
    title: str = "What goes with the score, the most important first",
) -> Table | Limit:
    """Show importance beside level, and where it was asked that for detractor, passive or promoter."""
    if isinstance(found, Limit):
        return AS_ABOVE
    level = ["level", "level_low", "level_high"]
    own = ["importance", "low", "high", "rank_low", "rank_high"]
    checks = ["relative_weight", "missing", "n"]
    if not isinstance(banded, pd.DataFrame):
        return Table(found, title, shown=["item", *level, *own, *checks], columns=_COLUMNS, open_rows=0)
    names = {"importance": "band_importance", "low": "band_low", "high": "band_high", "rank": "band_rank"}
    both = found.merge(banded.rename(columns=names)[["item", *names.values()]], on="item", how="left")
    shown = ["item", *level, *own, "band_importance", *checks]
    return Table(both, title, shown=shown, columns=_COLUMNS, open_rows=_OPEN)


def sides(found: pd.DataFrame | Limit) -> Table | Limit:
    """Show what goes with answers below and above the usual one."""
    if isinstance(found, Limit):
        return AS_ABOVE
    below, above = ([side, f"{side}_low", f"{side}_high", f"{side}_pvalue_adjusted"] for side in ("penalty", "reward"))
    title = "What low answers cost and high ones earn, in points of NPS"
    return Table(found, title, shown=["item", "middle", "bottom", "top", *below, *above, "n"], columns=_COLUMNS)


def rated_sentence(found: pd.DataFrame, asked: Asked) -> str:
    """Return what goes with most of the score, how sure that is, of whom it is said, and what was left out."""
    if found["r2_pvalue"].iloc[0] >= _REAL:
        told = [bold(_nothing(found)), _whom(found, asked)]
    else:
        told = [bold(_first(found)), _cost(found), _whom(found, asked), NO_CAUSE, _wrong_way(found), _methods(found)]
    return " ".join(filter(None, [*told, _left_out(asked)]))


def _nothing(found: pd.DataFrame) -> str:
    items = "The item explains" if len(found) == 1 else f"All {count(len(found))} items together explain"
    chance = pvalue(found["r2_pvalue"].iloc[0])
    return (
        f"{items} {share(found['r2'].iloc[0])} of the score's differences, no more than chance would"
        f" (p {chance}): that any of them goes with the score is not shown."
    )


def _first(found: pd.DataFrame) -> str:
    first = found.iloc[0]
    amount = f"{share(first['importance'])}{_limits(first, 'low', 'high')}"
    together = f", where the {count(len(found))} items together explain {share(first['r2'])}" if len(found) > 1 else ""
    lead = f"goes with {'most' if len(found) > 1 else 'part'} of the score's differences"
    if len(found) > 1 and first["rank_high"] > 1:
        also = found[(found["rank_low"] == 1) & (found["rank"] > 1)]["item"].map(str).tolist()
        named = [f"“{name}”" for name in also[:_NAMED]]
        named += [f"{count(len(also) - _NAMED)} more"] if len(also) > _NAMED else []
        sure = "; which is first cannot be told" + (f": {listed(named)} may be first as well" if also else "")
    else:
        sure = "; that it is first is more than chance" if len(found) > 1 else ""
    return f"“{first['item']}” {lead}: {amount}{together}{sure}."


def _limits(row: pd.Series, low: str, high: str) -> str:
    if not np.isfinite(row[low]):
        return " (too few accounts for an interval)"
    return f" ({share(row[low])} to {share(row[high])})"


def _cost(found: pd.DataFrame) -> str:
    """Say which low answer goes with most points lost, and which high one with most won."""
    lost = found[(found["penalty_pvalue_adjusted"] < _REAL) & (found["penalty"] < 0)].nsmallest(1, "penalty")
    won = found[(found["reward_pvalue_adjusted"] < _REAL) & (found["reward"] > 0)].nlargest(1, "reward")
    parts = [
        f"most points are lost below the usual answer to “{r['item']}” ({points(r['penalty'])} points of NPS,"
        f" {interval(r['penalty_low'], r['penalty_high'])})"
        for _, r in lost.iterrows()
    ]
    parts += [
        f"most won above the usual answer to “{r['item']}” ({points(r['reward'])},"
        f" {interval(r['reward_low'], r['reward_high'])})"
        for _, r in won.iterrows()
    ]
    if not parts:
        return ""
    text = "; ".join(parts) + (", other items held still." if len(found) > 1 else ".")
    return text[0].upper() + text[1:]


def _whom(found: pd.DataFrame, asked: Asked) -> str:
    at = f" at {asked.touchpoint}, where most ratings were given," if asked.touchpoint else ""
    n, most = int(found["n"].max()), float(found["missing"].max())
    unit, weighted = found["unit"].iloc[0], " (weighted)" if found["weighted"].iloc[0] else ""
    whose = f"of {count(found['accounts'].iloc[0])} {unit}s{weighted}" if unit != "answer" else weighted.strip()
    if found["handling"].iloc[0] == "pairwise":
        return f"Each two columns are compared over the answers{at} that have both (n up to {count(n)} {whose})."
    if most == 0:
        return f"n = {count(n)} answers{at} {whose}".rstrip() + "; none lacks an item."
    lacks = found.iloc[int(found["missing"].to_numpy().argmax())]
    return (
        f"n = {count(n)} answers{at} {whose}".rstrip() + f": those that have all items (complete cases); most lack"
        f" “{lacks['item']}” ({share(lacks['missing'])})."
    )


def _wrong_way(found: pd.DataFrame) -> str:
    """Say where higher answers go with lower scores, surely enough that chance is no reason."""
    down = found[(found["direction"] == "down") & (found["low"] > 0) & (found["correlation"] < -0.1)]
    down = down[down["highest"] > 1]
    if down.empty:
        return ""
    names = listed([f"“{name}”" for name in down["item"]])
    return f"Higher answers to {names} go with lower scores: if 1 is its best step, that is as it should be."


def _methods(found: pd.DataFrame) -> str:
    if found["method"].iloc[0] != "shapley":
        return "With more than 12 items, importance is by Johnson's relative weights alone."
    weight = found["relative_weight"]
    if weight.isna().any() or found["r2"].iloc[0] <= 0:
        return ""
    apart = found[(found["share"] - weight / found["r2"]).abs() > _APART]
    if apart.empty:
        return ""
    names = listed([f"“{name}”" for name in apart["item"]])
    return (
        f"For {names} Johnson's weights give another share by more than 5 %: these items overlap so much that no method"
        " parts them for certain."
    )


def _left_out(asked: Asked) -> str:
    if not asked.left_out:
        return ""
    return f"Not compared: {'; '.join(f'“{name}” ({why})' for name, why in asked.left_out.items())}."


def themes_sentence(found: pd.DataFrame, asked: Asked) -> str:
    """Return what the mention of themes explains of the score, and that this is no measure of praise or complaint."""
    first = found.iloc[0]
    which = "promoters" if first["direction"] == "up" else "detractors"
    few = len(asked.left_out)
    more = f"{count(few)} themes with fewer mentions are" if few > 1 else "One theme with fewer mentions is"
    rest = f" {more} not compared." if few else ""
    if first["r2_pvalue"] >= _REAL:
        return bold(_nothing(found)) + rest
    lead = bold(
        f"Whether a comment mentions one of {count(len(found))} themes goes with {share(first['r2'])} of the"
        " score's differences."
    )
    at = f" at {asked.touchpoint}, where most were written" if asked.touchpoint else ""
    unsure = "; which theme is first cannot be told" if first["rank_high"] > 1 else ""
    return (
        f"{lead} Most goes with “{first['item']}” ({share(first['importance'])}{_limits(first, 'low', 'high')};"
        f" n = {count(first['n'])} comments{at}, {count(first['answered'] * first['level'])} with it), which leans to"
        f" {which}{unsure}. A mention may praise or complain: its direction is told by the score, not read from the"
        f" words, and where promoters are asked what they value and others what to improve, the question is part"
        f" of it.{rest}"
    )
