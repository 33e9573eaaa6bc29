"""NPS and money in tables and sentences: what could be seen, what was, and what may be said."""

from __future__ import annotations

import math

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.revenue.panels import Terms
from nps_utils.tables.customers import risks_sentence, silent_sentence, spending_sentence
from nps_utils.tables.formats import (
    count,
    decimals,
    effect,
    estimate,
    finer,
    interval,
    listed,
    number,
    points,
    pvalue,
    share,
)
from nps_utils.tables.glossary import Column
from nps_utils.tables.phrases import ACCOUNTS, LIMIT, PVALUES, limits_of, sentence, with_limit
from nps_utils.tables.table import Table
from nps_utils.words.limits import AS_ABOVE, Limit
from nps_utils.words.markup import bold, paragraphs

PARTS = {"both": "answers and revenue", "answered_only": "answers only", "revenue_only": "revenue only"}
REVERSED = {"": "", "sign": "other sign", "clearly": "reversed, clearly"}
SOURCES = {
    "lags": "lags",
    "views": "levels and changes",
    "corrected": "corrected slope",
    "leaving": "leaving by band",
    "spending": "spending by band",
    "silent": "silent accounts",
}
FOUND = {
    "nothing_to_see": "NPS does not visibly go with the growth after it",
    "follows": "NPS goes with the growth before the answers and not visibly with that after them; it follows",
    "leads": "NPS goes with the growth after it, and clearly more than with the growth before",
    "both": "NPS goes with growth before and after the answers alike, so it does not show that it leads",
    "unclear": "NPS goes with the growth after it, but not clearly more than with the growth before",
}
_PER_TEN = "Percentage points of growth per 10 NPS points"


def terms_sentence(how: Terms) -> str:
    """Return on which terms the page asks.

    Examples
    --------
    >>> terms_sentence(Terms("relationship", 20, "quarter", 9, "recurring", "segment"))
    'Recurring revenue by quarter (9 whole ones) is put beside the NPS of "relationship"; 20 answers at other \
touchpoints are left out.'
    """
    kind = "Recurring" if how.counted == "recurring" else "One-off"
    one = "1 whole one" if how.periods == 1 else f"{count(how.periods)} whole ones"
    whose = "all answers" if how.others == 0 else f'"{how.touchpoint}"'
    rest = f"; {count(how.others)} answers at other touchpoints are left out" if how.others else ""
    return f"{kind} revenue by {how.by} ({one}) is put beside the NPS of {whose}{rest}."


def join_coverage(covered: pd.DataFrame) -> Table:
    """Show who is in both tables and who in one only."""
    columns = {
        "part": Column("Accounts with", "text", "In which table the account is"),
        "accounts": Column("Accounts", "count", "How many accounts"),
        "answers": Column("Answers", "count", "Their answers"),
        "revenue_share": Column("Share of revenue", "share", "Their share of all amounts in the table"),
        "limit": LIMIT,
    }
    said = covered["limit"].where(~covered["limit"].duplicated(), "")
    told = covered.assign(part=covered["part"].map(PARTS), limit=said)
    return Table(told, "Who is in which table", shown=with_limit(told, list(columns)[:4]), columns=PVALUES | columns)


def learnable_sentence(learned: pd.DataFrame, how: Terms) -> str:
    """Return on which terms the page asks, and what these accounts could show at all, before any result."""
    row = learned.iloc[0]
    said = terms_sentence(how)
    if not math.isfinite(row["detectable_r"]):
        return f"{said} {bold('Too few to tell:')} {row['limit']}"
    text = (
        f"{said} {count(row['accounts'])} accounts have an NPS and a growth in the {how.by} after it"
        f" ({count(row['pairs'])} pairs, {count(row['answers'])} answers, typically {number(row['answers_median'])} in"
        f" a pair). A correlation must exceed {decimals(row['critical_r'], 2)} to be told from none; one of"
        f" {decimals(row['detectable_r'], 2)} would be seen in 4 of 5 cases."
    )
    if not math.isfinite(row["reliability"]):
        return f"{text} {sentence(row['limit'])}"
    text += f" Sampling makes up {share(1 - row['reliability'])} of the differences in NPS"
    if math.isfinite(row["detectable_true_r"]):
        return f"{text}, so the true correlation would have to be {decimals(row['detectable_true_r'], 2)}."
    return f"{text}. {sentence(row['limit'])}"


def lags(table: pd.DataFrame) -> Table:
    """Show how NPS goes with growth before, in and after the period of the answers."""
    columns = {
        "timing": Column("Growth", "text", "When revenue grew: the period before the answers, the same, the one after"),
        "n": Column("Pairs", "count", "Pairs of account and period"),
        "accounts": ACCOUNTS,
        "pearson": Column("r", "effect", "Pearson's correlation of NPS and growth"),
        "pearson_low": Column("r low", "effect", "Lower limit of r, jackknife by account"),
        "pearson_high": Column("r high", "effect", "Upper limit of r, jackknife by account"),
        "spearman": Column("Rank r", "effect", "Spearman's correlation of ranks"),
        "per_ten": Column("Per 10 points", "effect", _PER_TEN),
        "permutation_pvalue": Column("p, exchanged", "pvalue", "p when whole accounts exchange their growth"),
        "two_way_pvalue": Column("p, two ways", "pvalue", "p by account and period at once; needs six periods"),
        "limit": LIMIT,
    }
    told = table.assign(per_ten=10 * table["slope"])
    shown = [*list(columns)[:8], "pvalue", "pvalue_adjusted", "permutation_pvalue"]
    if table["two_way_pvalue"].notna().any():
        shown.append("two_way_pvalue")
    return Table(told, "NPS and growth before, in and after the period", shown=with_limit(told, shown), columns=columns)


def lead_sentence(control: pd.DataFrame) -> str:
    """Return whether NPS leads growth, with past growth as the control."""
    row = control.iloc[0]
    if row["verdict"] == "cannot_tell":
        return f"Whether NPS leads growth cannot be told: {row['limit']}"
    told = {
        "nothing_to_see": "NPS goes visibly neither with the growth after the answers nor with that before",
        "follows": "NPS goes with the growth before the answers and not with that after them: it follows growth",
        "leads": "NPS goes with the growth after the answers, and clearly more than with the growth before",
        "both": "NPS goes with growth before and after the answers alike: it does not lead",
        "unclear": "NPS goes with the growth after the answers, but not clearly more than with the growth before",
    }[row["verdict"]]
    return f"{told} (r = {effect(row['after'])} after, {effect(row['before'])} before)."


def slopes(table: pd.DataFrame) -> Table:
    """Show the slope in levels and changes, between and within, with the flag of a reversal."""
    told = table.assign(
        view=[f"{v}: {g}" if str(g) else v for v, g in zip(table["view"], table["group"], strict=True)],
        against_pooled=table["against_pooled"].map(REVERSED),
        **{name: 10 * table[column] for name, column in _TENFOLD.items()},
    )
    told["interval"] = limits_of(told, "per_ten_low", "per_ten_high", "effect")
    columns = {
        "view": Column("View", "text", "Which differences are compared"),
        "per_ten": Column("Per 10 points", "effect", f"{_PER_TEN}, not corrected for measurement error"),
        "interval": Column("95 % interval", "text", "Limits of the slope"),
        "per_ten_low": Column("Low", "effect", "Lower limit"),
        "per_ten_high": Column("High", "effect", "Upper limit"),
        "accounts": ACCOUNTS,
        "errors": Column("Errors", "text", "How the interval was computed, by the number of accounts"),
        "against_pooled": Column("Against pooled", "text", "Whether the slope turns round within groups (Simpson)"),
        "limit": LIMIT,
    }
    shown = ["view", "per_ten", "interval", "pvalue_adjusted", "accounts", "errors", "against_pooled"]
    folded = with_limit(told, shown)  # the picture has the same rows
    return Table(told, "The same question in every view", shown=folded, columns=PVALUES | columns, open_rows=0)


def simpson_sentence(table: pd.DataFrame) -> str:
    """Return whether the pooled slope is turned round within groups."""
    fitted = table[table["slope"].notna()]
    if fitted.empty or fitted["view"].iloc[0] != "pooled":
        return f"No slope can be fitted: {table['limit'].iloc[0]}"
    clear = fitted[fitted["against_pooled"] == "clearly"]
    other = fitted[fitted["against_pooled"] == "sign"]
    if len(clear):
        turned = bold(f"The pooled slope is turned round in these views: {_views(clear)}.")
        return f"{turned} There, the contrary is so."
    if len(other):
        return f"Other sign than the pooled slope, within chance: {_views(other)}. In no view is it clearly reversed."
    return f"All {count(len(fitted))} views have the sign of the pooled slope: grouping does not turn it round."


def without_one_sentence(table: pd.DataFrame) -> str:
    """Return how far one account can move the correlation with later growth."""
    row = table[table["timing"] == "after"].iloc[0]
    if not (math.isfinite(row["without_one_low"]) and math.isfinite(row["pearson"])):
        return f"Whether one account makes the correlation cannot be told: {row['limit']}"
    low, high = row["without_one_low"], row["without_one_high"]
    turn = " One account decides its sign." if low < 0 < high else ""
    if effect(low) == effect(high):
        return (
            f"Leaving out any one of the {count(row['accounts'])} accounts, r with the growth after the answers stays"
            f" {effect(low)}."
        )
    return (
        f"Leaving out any one of the {count(row['accounts'])} accounts, r with the growth after the answers is between"
        f" {effect(low)} and {effect(high)} (all: {effect(row['pearson'])}).{turn}"
    )


def corrected(table: pd.DataFrame) -> Table:
    """Show the slope as measured and corrected for the sampling error of NPS."""
    row = table.iloc[0]
    names = {"as measured": ("naive_slope", "naive_low", "naive_high"), "corrected": ("slope", "low", "high")}
    rows = [
        {"slope": name, **dict(zip(_TENFOLD, (10 * float(row[part]) for part in parts), strict=True))}
        | {"reliability": row["reliability"], "accounts": row["accounts"], "answers": row["answers"]}
        | {"limit": _bounded(str(row["limit"]), name)}
        for name, parts in names.items()
    ]
    columns = {
        "slope": Column("Slope", "text", "As measured, or corrected for the sampling error of each account's NPS"),
        "per_ten": Column("Per 10 points", "effect", _PER_TEN),
        "per_ten_low": Column("Low", "effect", "Lower limit; none where no slope is ruled out"),
        "per_ten_high": Column("High", "effect", "Upper limit; none where no slope is ruled out"),
        "reliability": Column("Reliability", "number", "Share of the variance of measured NPS that is not sampling"),
        "accounts": ACCOUNTS,
        "answers": Column("Answers", "count", "Answers the row rests on"),
        "limit": LIMIT,
    }
    told = pd.DataFrame(rows)
    shown = with_limit(told, list(columns)[:-1])
    return Table(told, "Growth per 10 NPS points, as measured and corrected", shown=shown, columns=PVALUES | columns)


def money_tests(table: pd.DataFrame) -> Table:
    """Show every test of the page, smallest p first, adjusted as one family.

    Raises
    ------
    BadValue
        There was none.
    """
    if table.empty:
        raise BadValue(AS_ABOVE.reason)
    columns = {
        "table": Column("Question", "text", "The part of the page"),
        "test": Column("Test", "text", "Which row of it"),
        "pvalue_adjusted": Column("p of all", "pvalue", "Adjusted (Holm) for all tests of the page"),
    }
    told = table.assign(table=table["table"].map(SOURCES)).sort_values("pvalue", kind="stable")
    shown = ["table", "test", "pvalue", "pvalue_adjusted"]
    return Table(told, "Every test of this page", shown=shown, columns=PVALUES | columns, open_rows=3)


def tests_sentence(table: pd.DataFrame) -> str:
    """Return how many tests were run, how many hold, and whether the one that answers the question does."""
    if table.empty:
        return "No test could be made on this page."
    held = table[table["below"]]
    chance = 0.05 * len(table)
    text = (
        f"{count(len(table))} {'test was' if len(table) == 1 else 'tests were'} run; if nothing were so, about"
        f" {number(round(chance, 1))} would fall below 0.05 by chance. Adjusted for all, {count(len(held)) or 'none'}"
        f" {'does' if len(held) == 1 else 'do'}."
    )
    asked = table[(table["table"] == "lags") & (table["test"] == "after")]
    if asked.empty:
        return f"{text} The test of growth after the answers could not be made."
    p = pvalue(float(asked["pvalue_adjusted"].iloc[0]))
    return f"{text} That of growth after the answers, which the page is about, has p {p if p[0] == '<' else '= ' + p}."


def answer_sentence(answer: pd.DataFrame) -> str:
    """Return what `revenue.conclude` found as one sentence: n, interval, and that it is association, not cause.

    Examples
    --------
    >>> row = {"verdict": "nothing_to_see", "accounts": 20, "answers": 400, "slope": 0.1, "low": -0.5, "high": 0.7,
    ...        "detectable_r": 0.59, "tests": 3, "confidence_level": 0.95, "limit": ""}
    >>> print(answer_sentence(pd.DataFrame([row])))
    Among 20 accounts (400 answers), NPS does not visibly go with the growth after it: +0.1 percentage points of \
growth per 10 NPS points, corrected for the sampling error of NPS (95 % \
interval -0.5 to +0.7). Only a correlation of about 0.59 or more would probably have \
been seen. 3 tests were run; this is association, not cause.
    """
    row = answer.iloc[0]
    who = f"Among {count(row['accounts'])} accounts ({count(row['answers'])} answers), "
    if row["verdict"] == "cannot_tell":
        said = f"{who}too little is there to tell whether NPS goes with growth: {row['limit']}"
    else:
        said = f"{who}{FOUND[row['verdict']]}: {_size(row)}"
        if row["verdict"] == "nothing_to_see" and math.isfinite(row["detectable_r"]):
            least = decimals(row["detectable_r"], 2)
            said += f" Only a correlation of about {least} or more would probably have been seen."
    run = "1 test was run" if row["tests"] == 1 else f"{count(row['tests'])} tests were run"
    return f"{said} {run}; this is association, not cause."


def _size(row: pd.Series) -> str:
    """Return the slope as measured, then as corrected; where nothing was measured the corrected one alone."""
    unit = "percentage points of growth per 10 NPS points"
    level = f"{100 * row['confidence_level']:g} %"
    corrected = "corrected for the sampling error of NPS"
    measured = row.get("measured", float("nan"))
    if math.isfinite(measured):
        digits = finer(row["measured_low"], row["measured_high"], 2)
        low, high = (decimals(row[f"measured_{side}"], digits, signed=True) for side in ("low", "high"))
        limits = f"{level} interval {low} to {high}"
        more = f", r = {_two(row['r'])}" if math.isfinite(row["r"]) else ""
        said = (
            f"{decimals(measured, digits, signed=True)} {unit}{_each(row)} ({limits}{more}), as measured; {corrected}"
        )
        said += f" (reliability {decimals(row['reliability'], 2)})" if math.isfinite(row["reliability"]) else ""
        unit = ""
    else:
        said, unit = "", f" {unit}, {corrected}"
    limit = str(row["limit"]).rstrip(".")
    if not math.isfinite(row["slope"]):
        return f"{said} its size cannot be given ({limit}).".strip()
    if not (math.isfinite(row["low"]) and math.isfinite(row["high"])):
        return f"{said} about {points(row['slope'])}{unit}, without bounds ({limit}).".strip()
    limits = f"{level} interval {interval(row['low'], row['high'])}"
    return f"{said} {estimate(row['slope'], row['low'], row['high'])}{unit} ({limits}).".strip()


def _each(row: pd.Series) -> str:
    """Return the period that growth is of, and what that makes in a year."""
    times = {"month": 12, "quarter": 4}.get(str(row["by"]))
    if times is None:
        return " a year" if row["by"] == "year" else ""
    return f" a {row['by']}, {_two(times * row['measured'])} a year"


def money_answer(answer: pd.DataFrame | Limit, spend: pd.DataFrame | Limit) -> str | Limit:
    """Return the one honest sentence; where growth cannot be asked, why, and what was spent."""
    if not isinstance(answer, Limit):
        return bold(answer_sentence(answer))
    if isinstance(spend, Limit):
        return answer
    return f"{bold('Whether NPS goes with growth cannot be said.')} {answer} {spending_sentence(spend)}"


def money_conclusion(
    answer: pd.DataFrame | Limit,
    risks: pd.DataFrame | Limit,
    spend: pd.DataFrame | Limit,
    silent: pd.DataFrame | Limit,
    tests: pd.DataFrame | Limit,
) -> str | Limit:
    """Return what the page shows: growth, leaving, spending, silence, and how many tests it took."""
    first = money_answer(answer, spend)
    if isinstance(first, Limit):
        return first
    parts = [first] if isinstance(tests, Limit) else [first, tests_sentence(tests)]
    if not isinstance(risks, Limit):
        parts.append(risks_sentence(risks))
    if not (isinstance(spend, Limit) or isinstance(answer, Limit)):
        parts.append(spending_sentence(spend))
    if not isinstance(silent, Limit):
        parts.append(silent_sentence(silent))
    return paragraphs(*parts)


_TENFOLD = {"per_ten": "slope", "per_ten_low": "low", "per_ten_high": "high"}


def _views(rows: pd.DataFrame) -> str:
    return listed(
        [f"{row['view']}{' ' + str(row['group']) if str(row['group']) else ''}" for _, row in rows.iterrows()]
    )


def _bounded(limit: str, name: str) -> str:
    """The limits of the correction concern the corrected slope only."""
    return limit if name == "corrected" else ""


def _two(value: float) -> str:
    return decimals(value, 2, signed=True)
