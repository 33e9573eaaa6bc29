"""Figures of methods: how often intervals hold, and how often tests alarm for nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import ALERT, CONTEXT, INK, POINT, SERIES, drawn, finish, new_axes
from nps_utils.tables.formats import count, share
from nps_utils.tables.methods import METHODS, coverage_sentence, size_words

NOMINAL = 0.95


@drawn
def coverage(one: pd.DataFrame, *, nominal: float = NOMINAL, ax: Axes | None = None) -> Axes:
    """Draw coverage against n, one line per method, with the nominal line.

    Parameters
    ----------
    one
        Output of `coverage_of_score`: `method`, `n`, `coverage_first_percentile`.
    """
    check_columns(list(one.columns), ["method", "n", "coverage_first_percentile"], what="the table of coverage")
    ax = new_axes(ax, height=3.8)
    ax.axhline(100 * nominal, color=CONTEXT, linestyle=(0, (4, 3)), linewidth=1)
    ax.annotate(f"promised {100 * nominal:g} %", (one["n"].max(), 100 * nominal), va="bottom", ha="right", fontsize=9)
    told = []
    for i, (name, rows) in enumerate(one.groupby("method", sort=False)):
        line = rows.sort_values("n")
        y = 100 * line["coverage_first_percentile"].to_numpy()
        ax.plot(line["n"], y, "o-", color=SERIES[i % len(SERIES)], markersize=5, linewidth=1.8)
        above = y[0] >= 100 * one.loc[one["n"] == line["n"].iloc[0], "coverage_first_percentile"].max()
        place: dict[str, Any] = {"xytext": (0, 6 if above else -6), "textcoords": "offset points"}
        place["va"] = "bottom" if above else "top"
        ax.annotate(METHODS[str(name)], (line["n"].iloc[0], y[0]), color=SERIES[i % len(SERIES)], fontsize=10, **place)
        values = ", ".join(f"n {count(n)}: {v:.0f} %" for n, v in zip(line["n"], y, strict=True))
        told.append(f"{METHODS[str(name)]}: {values}")
    ax.set_xscale("log")
    sizes = sorted(one["n"].unique())
    ax.set_xticks(sizes, [count(n) for n in sizes])
    ax.minorticks_off()
    ax.set_xlabel("Number of answers")
    ax.set_ylabel("Surveys whose interval holds\nthe true score, percent")
    lowest = 100 * one["coverage_first_percentile"].min()
    ax.set_ylim(max(0, lowest - 8), 101)
    alt = f"Lines of the first percentile of coverage over 171 populations. {'. '.join(told)}."
    return finish(ax, title=coverage_sentence(one), alt=alt)


@drawn
def false_alarms(sizes: pd.DataFrame, *, nominal: float = 0.05, ax: Axes | None = None) -> Axes:
    """Draw how often tests of a change alarm although nothing changed, one row per method and numbers of answers.

    Parameters
    ----------
    sizes
        Output of `largest_sizes`.
    """
    check_columns(list(sizes.columns), ["method", "n_before", "n_after", "size"], what="the table of sizes")
    methods = list(dict.fromkeys(sizes["method"]))
    pairs = list(dict.fromkeys(zip(sizes["n_before"], sizes["n_after"], strict=True)))
    ax = new_axes(ax, height=1.4 + 0.5 * len(methods))
    ax.axvline(100 * nominal, color=CONTEXT, linestyle=(0, (4, 3)), linewidth=1)
    ax.annotate(f"promised {100 * nominal:g} %", (100 * nominal, 1), xycoords=("data", "axes fraction"), fontsize=9)
    told = []
    for height, method in enumerate(reversed(methods)):
        rows = sizes[sizes["method"] == method]
        x = 100 * rows["size"].to_numpy()
        colour = POINT if x.max() <= 100 * nominal + 0.5 else ALERT
        ax.hlines(height, x.min(), x.max(), color=colour, linewidth=1.6, alpha=0.6)
        ax.plot(x, np.full(len(x), height), "o", color=colour, markersize=6)
        worst = rows.loc[rows["size"].idxmax()]
        named = f"  n = {count(worst['n_before'])} and {count(worst['n_after'])}"
        ax.annotate(named, (x.max(), height), va="center", fontsize=9, color=INK)
        told.append(f"{METHODS[method]}: {'; '.join(size_words(row) for _, row in rows.iterrows())}")
    ax.set_yticks(range(len(methods)), [METHODS[m] for m in reversed(methods)])
    ax.set_ylim(-0.6, len(methods) - 0.4)
    ax.set_xlim(0, 100 * sizes["size"].max() * 1.3)
    ax.set_xlabel("False alarms where nothing changed, percent (worst case)")
    largest = sizes.groupby("method")["size"].max()
    title = f"The default test alarms falsely in at most {share(largest['score'])} of comparisons"
    if "welch" in largest:
        title += f", a spreadsheet's t test in up to {share(largest['welch'])}"
    return finish(ax, title=title, alt=f"Dots per method for {len(pairs)} pairs of n. {'. '.join(told)}.")


@drawn
def looking(alarms: pd.DataFrame, *, nominal: float = 0.05, ax: Axes | None = None) -> Axes:
    """Draw how often watching a score for two years alarms for nothing, by way of watching and answers a week.

    Parameters
    ----------
    alarms
        Output of `largest_alarms`.
    """
    check_columns(list(alarms.columns), ["method", "per_look", "false_alarms"], what="the table of false alarms")
    wide = alarms.pivot_table(index="method", columns="per_look", values="false_alarms")
    wide = wide.sort_values(wide.columns[0], ascending=False)
    ax = new_axes(ax, height=1.4 + 0.42 * len(wide))
    ax.axvline(100 * nominal, color=CONTEXT, linestyle=(0, (4, 3)), linewidth=1)
    ax.annotate(f"promised {100 * nominal:g} %", (100 * nominal, 1), xycoords=("data", "axes fraction"), fontsize=9)
    told = []
    for height, (method, row) in enumerate(wide.iterrows()):
        x = 100 * row.to_numpy()
        colour = POINT if x.max() <= 100 * nominal else ALERT
        ax.hlines(height, x.min(), x.max(), color=colour, linewidth=1.6, alpha=0.6)
        ax.plot(x, np.full(len(x), height), "o", color=colour, markersize=6)
        ax.annotate(f"  {x.max():.0f} %", (x.max(), height), va="center", fontsize=9, color=INK)
        values = ", ".join(f"{n} a week {share(v)}" for n, v in row.items())
        told.append(f"{METHODS[str(method)]}: {values}")
    ax.set_yticks(range(len(wide)), [METHODS[str(m)] for m in wide.index])
    ax.set_ylim(-0.6, len(wide) - 0.4)
    ax.set_xlim(0, 108)
    ax.set_xlabel("False alarm within 104 weeks, percent")
    worst = alarms.groupby("method")["false_alarms"].max()
    title = (
        f"Watched weekly, an ordinary interval cries wolf in up to {share(worst['fixed'])} of programmes,"
        f" the always-valid one in {share(worst['sequence'])}"
    )
    return finish(ax, title=title, alt=f"Dots for 5, 20 and 100 answers a week. {'. '.join(told)}.")
