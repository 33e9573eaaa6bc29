"""Why believe the numbers, in tables and sentences: promises kept, published examples, planted truths found."""

from __future__ import annotations

import pandas as pd

from nps_utils.tables.formats import count, decimals, listed, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table
from nps_utils.words.limits import Limit
from nps_utils.words.markup import bold

METHODS = {
    "score": "score interval",
    "exact": "exact interval",
    "adjusted_wald": "adjusted Wald",
    "wald": "Wald (textbook)",
    "welch": "Welch's t (spreadsheet)",
    "no correction": "as if customers were endless",
    "panel": "change of a panel",
    "mean": "interval of the mean",
    "kitagawa": "parts of a change",
    "line": "tests of a trend",
    "sequence": "always-valid sequence",
    "plain_sequence": "sequence without pseudo-answers",
    "fixed": "ordinary interval at each look",
    "difference_sequence": "always-valid difference",
    "difference_fixed": "ordinary difference at each look",
    "control_limits": "three-sigma control limits",
    "clustered": "by account",
    "arms": "comparison of arms",
    "arms_prior": "arms, adjusted for an earlier answer",
    "shrunk": "shrunk score",
    "ranks": "rank intervals",
}
_WHAT = {
    "one score": "holds the true score",
    "finite population": "holds the score of 20 or 30 customers",
    "change": "holds the true change",
    "no change": "false alarms, also with unequal n",
    "at the target": "false alarms at a target, one-sided",
    "same people": "holds the change when the same people answer",
    "mean": "holds the true mean",
    "mix or real": "holds the parts within and by mix",
    "no trend": "false alarms of slope, scatter and equality",
    "weekly looks": "false alarms over two years of weekly looks",
    "weekly looks at two": "the same for two groups alike",
    "no effect": "false alarms where both arms are alike",
    "accounts alike": "holds the score when accounts answer alike",
    "small segments": "holds the scores of small segments",
    "ranks": "holds all true ranks at once",
}
_SOURCES = {
    "published": "published example",
    "limit": "closed form where all answers are alike",
    "wilson": "Wilson's interval, by statsmodels",
    "quartic": "roots of a quartic, as R's PropCIs",
}
_READINGS = {
    "found": "found",
    "not called": "rightly not called",
    "missed": "missed",
    "wrong": "wrong",
}
_PROMISES = {
    "what": Column("What is promised", "text", "What the method does as often as stated"),
    "by": Column("Checked by", "text", "Enumeration: over every possible outcome. Simulation: over seeded draws"),
    "least_n": Column("From n", "count", "The smallest number of answers (of accounts, for what is by account)"),
    "side": Column("", "text", "Whether the promise is a least or a most"),
    "target": Column("Nominal", "share", "What is promised: 95 % coverage or 5 % false alarms"),
    "error": Column("+-", "share", "Two standard errors of the draws; none where every outcome was counted"),
    "found": Column("Found", "share", "The worst that was found: first percentile over populations, or worst row"),
    "kept": Column(
        "Kept", "text", "Whether the worst found is that level: to a whole percent, and to two errors of what was drawn"
    ),
}
_COVERAGE = {
    "population": Column("Customers", "count", "How many customers there are"),
    "populations": Column("Populations", "count", "How many populations were tried"),
    "coverage_mean": Column("Mean coverage", "share", "How often the interval holds the truth, mean over populations"),
    "coverage_first_percentile": Column("1st percentile", "share", "The same, in the worst hundredth of populations"),
    "coverage_least": Column("Least", "share", "The same, in the worst population"),
    "width": Column("Width", "number", "Expected width of the interval, in points"),
    "accounts": Column("Accounts", "count", "Accounts that answer"),
    "n": Column("n", "count", "Answers, on average"),
    "alike": Column("Alike", "number", "Correlation of two answers of one account or segment"),
    "by_account": Column("Held, by account", "share", "How often the interval by account holds the truth"),
    "by_answer": Column("Held, by answer", "share", "The same for an interval that takes all answers as independent"),
    "width_by_account": Column("Width, by account", "number", "Mean width in points"),
    "width_by_answer": Column("Width, by answer", "number", "Mean width in points"),
    "segments": Column("Segments", "count", "Segments of one survey, with 5 to 200 answers"),
    "shrunk": Column("Held, shrunk", "share", "How often the shrunk interval holds the segment's true score"),
    "own": Column("Held, alone", "share", "The same for the interval of the segment alone"),
    "error_shrunk": Column("Error, shrunk", "number", "Root mean squared error of the shrunk score, in points"),
    "error_own": Column("Error, alone", "number", "The same for the score of the segment alone"),
}
_EFFECTS = {
    "planted": Column("Planted", "text", "What the simulation put there"),
    "where": Column("Where", "text", "The touchpoint, waves or group"),
    "unit": Column("Unit", "text", "Points of NPS, or percent of growth per point"),
    "truth": Column("Truth", "number", "Expected among those who answer"),
    "estimate": Column("Estimate", "number", "What the study's answers say"),
    "low": Column("Low", "number", "Lower limit of the interval"),
    "high": Column("High", "number", "Upper limit of the interval"),
    "n": Column("n", "count", "Answers on the smaller side; accounts for revenue"),
    "pvalue": Column("Adj. p", "pvalue", "Adjusted for all comparisons of its page, where there are several"),
    "visible": Column("Would show", "number", "The effect that such an interval shows in 4 of 5 cases"),
    "reading": Column(
        "Reading",
        "text",
        "Found; rightly not called (too small to be seen); missed; wrong: its interval does not hold it",
    ),
}


def _wrong_first(told: pd.DataFrame, wrong: pd.Series[bool]) -> tuple[pd.DataFrame, int]:
    """Put what is not as it should be first, where it stands open beside folded rows; and say how much it is."""
    order = wrong.astype(bool).sort_values(ascending=False, kind="stable").index
    return told.loc[order].reset_index(drop=True), int(wrong.sum())


def promises(kept: pd.DataFrame) -> Table:
    """Show each promise beside what was counted or simulated."""
    told = _named(kept).assign(what=kept["what"].replace(_WHAT), kept=_yes(kept["kept"]))
    told, broken = _wrong_first(told, ~kept["kept"].astype(bool))
    shown = ["method", "what", "by", "least_n", "side", "target", "found", "error", "kept"]
    opened = max(broken, 3)
    return Table(told, "What is promised, and what was found", shown=shown, columns=_PROMISES, open_rows=opened)


def promises_sentence(kept: pd.DataFrame) -> str:
    """Return how many methods hold their nominal level in the worst case, and what the others reach."""
    broken = kept[~kept["kept"].astype(bool)]
    text = (
        f"{count(len(kept) - len(broken))} of {count(len(kept))} methods hold their nominal 95 % or 5 % in the"
        " worst case that was tried"
    )
    if broken.empty:
        return f"{text}."
    named = [f"{METHODS[r['method']]}, {_WHAT[r['what']]} ({share(r['found'])})" for _, r in broken.iterrows()]
    return f"{text}; the worst case of the others: {'; '.join(named)}."


def method_answer(
    kept: pd.DataFrame,
    reproduced: pd.DataFrame | Limit,
    effects: pd.DataFrame | Limit,
    rejections: pd.DataFrame | Limit,
) -> str:
    """Return why the numbers can be believed, in as many sentences as there are kinds of proof."""
    said = [bold(promises_sentence(kept))]
    if not isinstance(reproduced, Limit):
        right = int(reproduced["equal"].sum())
        said.append(
            f"{right} of {len(reproduced)} published or independent intervals are reproduced to the last digit."
        )
    if not isinstance(effects, Limit):
        said.append(effects_sentence(effects))
    if not isinstance(rejections, Limit):
        said.append(rejections_sentence(rejections))
    return " ".join(said)


def coverage_sentence(one: pd.DataFrame) -> str:
    """Return what the picture of coverage says: the default beside the textbook interval, from ten answers on."""
    least = one[one["n"] >= 10].groupby("method")["coverage_first_percentile"].min()
    return (
        f"From 10 answers on the default holds the true score in at least {share(least['score'])} of surveys, in all"
        f" but the worst hundredth of populations; the textbook interval in {share(least['wald'])}"
    )


def finite(table: pd.DataFrame) -> Table:
    """Show coverage where all customers can be counted."""
    shown = ["method", "population", "n", "coverage_mean", "coverage_first_percentile", "coverage_least", "width"]
    return Table(_named(table), "A score of few customers, all of them known", shown=shown, columns=_COVERAGE)


def clustered(table: pd.DataFrame) -> Table:
    """Show coverage where the people of an account answer alike."""
    return Table(table, "Answers that come in accounts", columns=_COVERAGE)


def small_segments(table: pd.DataFrame) -> Table:
    """Show coverage and error of shrunk scores."""
    return Table(table, "Small segments, drawn towards the common score or left alone", columns=_COVERAGE)


def reproduced(table: pd.DataFrame) -> Table:
    """Show published intervals beside ours."""
    words = {
        "printed_low": Column("Printed low", "text", "Lower limit as published or computed independently"),
        "printed_high": Column("Printed high", "text", "Upper limit as published or computed independently"),
        "low": Column("Low", "text", "Lower limit found"),
        "high": Column("High", "text", "Upper limit found"),
        "equal": Column("Equal", "text", "Whether both agree to the last digit printed"),
        "source": Column("Source", "text", "Where the printed limits come from; more in data/reference"),
    }
    limits = ["printed_low", "printed_high", "low", "high"]
    told = _named(table).assign(
        source=table["source"].replace(_SOURCES),
        **{name: [decimals(value, 2) for value in table[name]] for name in limits},
        equal=_yes(table["equal"]),
    )
    shown = ["detractors", "passives", "promoters", "method", *limits, "equal", "source"]
    told, wrong = _wrong_first(told, ~table["equal"].astype(bool))
    title = "Published intervals, found again"
    return Table(told, title, shown=shown, columns=words, open_rows=max(wrong, 4))


def effects(table: pd.DataFrame) -> Table:
    """Show planted effects beside what was found of them."""
    told = table.assign(reading=table["reading"].replace(_READINGS))
    shown = ["planted", "where", "truth", "estimate", "low", "high", "n", "pvalue", "reading"]
    told, wrong = _wrong_first(told, table["reading"].isin(["missed", "wrong"]))
    title = "What was planted, and what the pages find"
    return Table(told, title, shown=shown, columns=_EFFECTS, open_rows=max(wrong, 8))


def effects_sentence(table: pd.DataFrame) -> str:
    """Return how many planted effects were found, and whether anything was called that is not there."""
    n = table["reading"].value_counts()
    found = table[table["reading"] == "found"]["planted"].tolist()
    said = f"Of {count(len(table))} planted truths {count(n.get('found', 0))} are shown ({listed(found)})"
    said += f" and {count(n.get('not called', 0))} too small to be seen are rightly not called"
    bad = table[table["reading"].isin(["missed", "wrong"])]
    if len(bad):
        return f"{said}; {listed([f'{r.planted} ({r.where}) is {r.reading}' for r in bad.itertuples()])}."
    return f"{said}; none is missed, and every interval holds its truth."


def truth_scores_sentence(table: pd.DataFrame) -> str:
    """Return how many intervals hold the true score of those who answer, and of everyone asked."""
    n, held, asked = len(table), int(table["holds_answering"].sum()), int(table["holds_asked"].sum())
    gap = float((table["answering"] - table["asked"]).mean())
    said = (
        f"{count(held)} of {count(n)} intervals of waves and groups hold the true score of those who answer"
        f" ({share(held / n)}; 95 % are promised)."
    )
    if gap <= 0:
        return f"{said} {count(asked)} hold that of everyone who was asked."
    return (
        f"{said} Only {count(asked)} hold that of everyone who was asked: those who answer are happier, by"
        f" {decimals(gap, 1)} points on average, and no interval knows what nobody said."
    )


def rejections_sentence(table: pd.DataFrame) -> str:
    """Return whether every planted bad row was rejected, for its reason, and no other."""
    wrong = table[~table["equal"]]
    planted = count(table["planted"].sum())
    if wrong.empty:
        return f"All {planted} rows that must be rejected are, each for its planted reason, and no other row is."
    named = [f"{r.reason} in {r.source_file}: {r.planted} planted, {r.found} found" for r in wrong.itertuples()]
    return f"{planted} rows must be rejected; what differs: {'; '.join(named)}."


def rejections(table: pd.DataFrame) -> Table:
    """Show planted and found rejections by reason."""
    summed = table.groupby("reason")[["planted", "found"]].sum().reset_index()
    words = {
        "planted": Column("Planted", "count", "Rows that the simulation made to be rejected"),
        "found": Column("Found", "count", "Rows that were rejected for this reason"),
    }
    told = summed.assign(reason=summed["reason"].str.replace("_", " "))
    told, wrong = _wrong_first(told, summed["planted"] != summed["found"])
    return Table(told, "Rows to be rejected, planted and found", columns=words, open_rows=wrong)


def versions(table: pd.DataFrame, *, seeds: dict[str, int]) -> Table:
    """Show which libraries the numbers come from, and the seeds of what is drawn."""
    rows = pd.DataFrame({"library": [f"seed of {name}" for name in seeds], "version": [str(v) for v in seeds.values()]})
    words = {
        "library": Column("Library", "text", "A library, or what a seed is for"),
        "version": Column("Version", "text", "The version, or the seed"),
    }
    return Table(pd.concat([table, rows], ignore_index=True), "Versions and seeds", columns=words, open_rows=0)


def method_conclusion(
    kept: pd.DataFrame, effects: pd.DataFrame | Limit, scores: pd.DataFrame | Limit, alarms: pd.DataFrame
) -> str:
    """Return what the page shows, and where the methods are weakest."""
    weakest = kept[kept["side"] == "at least"].sort_values("found", kind="stable").iloc[0]
    worst = alarms[alarms["method"] == "fixed"]["false_alarms"].max()
    said = [
        promises_sentence(kept),
        f"Weakest is the {METHODS[weakest['method']]} ({_WHAT[weakest['what']]}): {share(weakest['found'])} at worst,"
        " where 95 % is nominal.",
        f"Looking every week at an ordinary interval would alarm falsely in up to {share(worst)} of programmes.",
    ]
    if not isinstance(effects, Limit):
        said.append(effects_sentence(effects))
    if not isinstance(scores, Limit):
        said.append(truth_scores_sentence(scores))
    return " ".join(said)


def size_words(row: pd.Series) -> str:
    """Return one size of a test with its numbers of answers."""
    return f"n = {count(row['n_before'])} and {count(row['n_after'])}: {share(row['size'])}"


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(method=table["method"].replace(METHODS))


def _yes(values: pd.Series) -> list[str]:
    return ["yes" if value else "no" for value in values]
