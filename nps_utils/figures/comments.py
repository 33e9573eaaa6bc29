"""Figures of themes: by share and effect, and how their shares went over the waves."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import (
    ALERT,
    CONTEXT,
    LONGEST_AT_LINE,
    POINT,
    SignedNumbers,
    drawn,
    finish,
    new_axes,
    shortened,
)
from nps_utils.tables.comments import effects_sentence
from nps_utils.tables.formats import count, interval, listed, points, share


@drawn
def theme_effects(found: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw themes by the points that go with them, with intervals, most costly on top; share and n at the right.

    Parameters
    ----------
    found
        Output of `theme_effects`, the themes in words.
    """
    check_columns(list(found.columns), ["theme", "n", "share", "adjusted", "adjusted_low", "adjusted_high"])
    rows = found[found["adjusted"].notna()].sort_values("adjusted", kind="stable")
    ax = new_axes(ax, height=1.6 + 0.3 * len(rows))
    ax.axvline(0, color=CONTEXT, linewidth=0.8, zorder=0)
    y = np.arange(len(rows))[::-1]
    for height, (_, row) in zip(y, rows.iterrows(), strict=True):
        real = row["adjusted_pvalue_adjusted"] < 0.05
        colour = CONTEXT if not real else (ALERT if row["adjusted"] < 0 else POINT)
        ax.hlines(height, row["adjusted_low"], row["adjusted_high"], color=colour, linewidth=2)
        ax.plot(row["adjusted"], height, "o", color=colour, markersize=3 + 16 * np.sqrt(row["share"]))
        text = f"{share(row['share'])}, n = {count(row['n'])}"
        ax.annotate(text, (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    ax.set_yticks(y, rows["theme"].astype(str).tolist())
    ax.set_xlabel("Points of the score that go with the theme, other themes and the touchpoint held equal")
    ax.xaxis.set_major_formatter(SignedNumbers())
    told = "; ".join(
        f"{r['theme']} {points(r['adjusted'])} ({interval(r['adjusted_low'], r['adjusted_high'])}, {share(r['share'])})"
        for _, r in rows.iterrows()
    )
    sentence = effects_sentence(found, most=1).split(". It goes")[0]
    return finish(ax, title=sentence, alt=f"Dots as large as the share, with intervals. {told}.")


@drawn
def theme_shares(changed: pd.DataFrame, *, most: int = 3, ax: Axes | None = None) -> Axes:
    """Draw the share of the themes that changed over the waves, more than chance where any did, the others in grey.

    Parameters
    ----------
    changed
        Output of `theme_changes`, the themes in words.
    """
    check_columns(
        list(changed.columns), ["theme", "wave_before", "wave_after", "before", "after", "change", "pvalue_adjusted"]
    )
    first = changed.rename(columns={"wave_before": "wave", "before": "part"})[["theme", "wave", "part"]]
    last = changed.rename(columns={"wave_after": "wave", "after": "part"})[["theme", "wave", "part"]]
    shares = (
        pd.concat([first, last])
        .drop_duplicates(["theme", "wave"])
        .pivot_table(index="wave", columns="theme", values="part")
    )
    real = changed[changed["pvalue_adjusted"] < 0.05]
    largest = (changed if real.empty else real).groupby("theme")["change"].agg(lambda c: c.abs().max())
    moved = largest[largest > 0].nlargest(most).index
    colours = [ALERT, POINT, "#009E73", "#CC79A7"]
    ax = new_axes(ax, height=3.6)
    x = np.arange(len(shares))
    for theme in shares.columns.difference(moved):
        ax.plot(x, 100 * shares[theme], color=CONTEXT, linewidth=0.8, alpha=0.5)
    for colour, theme in zip(colours, moved, strict=False):
        ax.plot(x, 100 * shares[theme], "o-", color=colour, markersize=4)
    _label_ends(ax, 100 * shares[moved], colours)
    ax.set_xticks(x, shares.index.astype(str).tolist(), fontsize=9, rotation=0 if len(x) <= 8 else 60)
    ax.set_ylabel("Share of comments, percent")
    ax.set_ylim(0, None)
    ax.set_xlim(-0.3, len(x) - 0.7 + 0.33 * len(x))
    ax.spines["bottom"].set_bounds(-0.3, len(x) - 0.9)  # under the names it would strike out that of a theme at 0
    told = ". ".join(
        f"{theme}: " + ", ".join(f"{wave} {share(value)}" for wave, value in shares[theme].items()) for theme in moved
    )
    names = listed([str(theme) for theme in moved])
    kind = "moved most, within what chance does" if real.empty else "changed by more than chance"
    title = f"Themes whose share {kind}: {names}" if len(moved) else "No theme's share moved from wave to wave"
    return finish(
        ax, title=title, alt=f"Lines over the waves, {len(shares.columns)} themes. {told}{'.' if told else ''}"
    )


def _label_ends(ax: Axes, shares: pd.DataFrame, colours: list[str]) -> None:
    """Name each line beside its last point, moved apart where names would lie on each other."""
    apart = 0.07 * float(ax.get_ylim()[1])
    ends = {theme: shares[theme].dropna() for theme in shares.columns}
    y = -np.inf
    coloured = [
        (float(ends[t].iloc[-1]), str(t), c) for t, c in zip(shares.columns, colours, strict=False) if len(ends[t])
    ]
    for end, theme, colour in sorted(coloured):
        y = max(end, y + apart)
        ax.annotate(shortened(theme, LONGEST_AT_LINE), (len(shares) - 0.85, y), color=colour, va="center", fontsize=10)
