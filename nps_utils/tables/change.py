"""Mix or real, the same people, targets, arms and looks, in tables and sentences."""

from __future__ import annotations

import pandas as pd

from nps_utils.stats.verdicts import verdict_of, would_have_shown
from nps_utils.study.settings import Experiment, Goal
from nps_utils.tables.formats import count, interval, listed, number, points, pvalue, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table
from nps_utils.words.limits import Limit
from nps_utils.words.naming import NOT_STATED, named, place

_PARTS = {
    "within": Column("Within", "signed", "Part of the change that happened within the segments, in points"),
    "within_low": Column("Within low", "points", "Lower limit of the part within"),
    "within_high": Column("Within high", "points", "Upper limit of the part within"),
    "mix": Column("Mix", "signed", "Part of the change because other customers answered, in points"),
    "mix_low": Column("Mix low", "points", "Lower limit of the part by mix"),
    "mix_high": Column("Mix high", "points", "Upper limit of the part by mix"),
    "segment": Column("Explained by", "text", "The segment whose shares may have changed"),
    "reading": Column("Reading", "text", "What the two intervals allow to be said"),
}


def mix_or_real(parts: pd.DataFrame, *, least: float = 8.0) -> Table:
    """Show changes of at least `least` points, split into what changed within segments and what their shares did."""
    told = parts.assign(reading=[_reading(row) for _, row in parts.iterrows()])
    large = told[(told["change"].abs() >= least) & (told["reading"] != "neither shown")]
    groups = [c for c in parts.columns[: list(parts.columns).index("before")] if c != "segment"]
    limits = ["within", "within_low", "within_high", "mix", "mix_low", "mix_high"]
    shown = [*groups, "before", "after", "segment", "reading", "change", *limits]
    title = f"Changes of {number(least)} points and more of which a part within segments, or the mix, leaves zero"
    return Table(large.reset_index(drop=True), title, shown=shown, columns=_PARTS, open_rows=4)


def _reading(row: pd.Series) -> str:
    moved = row["within_low"] > 0 or row["within_high"] < 0
    shifted = row["mix_low"] > 0 or row["mix_high"] < 0
    if str(row.get("warning", "")):
        return "opposite directions: read the segments, not the total"
    return {(True, True): "both", (True, False): "within segments", (False, True): "mix"}.get(
        (moved, shifted), "neither shown"
    )


def mix_sentence(parts: pd.DataFrame) -> str:
    """Return which changes are a change of mix alone, if any."""
    mixed = parts[parts["all_mix"]]
    by_account = _confounded(parts) + (" Intervals are by account." if (parts["design"] == "clustered").any() else "")
    if mixed.empty:
        return f"No change between neighbouring waves is shown to be a change of mix alone.{by_account}"
    told = [
        f"{place(str(row.get('touchpoint', NOT_STATED)), ' ')}{row['before']} to {row['after']}:"
        f" of {points(row['change'])} points {points(row['mix'])} ({interval(row['mix_low'], row['mix_high'])})"
        f" come from another mix by {row['segment']},"
        f" {points(row['within'])} ({interval(row['within_low'], row['within_high'])}) from within"
        f" (n = {count(row['n_before'])} and {count(row['n_after'])})"
        for _, row in mixed.iterrows()
    ]
    return f"Changes by mix, with no evidence of a change within segments: {'; '.join(told)}.{by_account}"


def _confounded(parts: pd.DataFrame) -> str:
    """Say which segments changed with a wave: a channel, or groups under other names."""
    told = [
        f"{row['segment']} from {row['before']} to {row['after']}"
        for _, row in parts[parts["swapped"].astype(bool)].iterrows()
    ]
    if not told:
        return ""
    return f" What changed together with the wave cannot be told from it, and is no mix: {listed(told)}."


def paired(compared: pd.DataFrame) -> Table:
    """Show changes that know who answered in both waves."""
    columns = {
        "n_both": Column("In both", "count", "People who answered in both waves"),
        "up": Column("Up", "count", "People in both who moved to a better band"),
        "down": Column("Down", "count", "People in both who moved to a worse band"),
        "change_both": Column("Change of those in both", "signed", "Change among them alone, in points"),
    }
    groups = list(compared.columns[: list(compared.columns).index("before")])
    limits = ["change", "low", "high", "pvalue_adjusted"]
    shown = [*groups, "before", "after", "n_before", "n_after", "n_both", "up", "down", *limits, "change_both"]
    return Table(compared, "Changes, knowing who answered twice", shown=shown, columns=columns)


def moves(counted: pd.DataFrame) -> Table:
    """Show how the people of two waves moved between bands, bands before as rows."""
    before, after = counted["before"].iloc[0], counted["after"].iloc[0]
    bands = ["detractor", "passive", "promoter"]
    square = counted.pivot_table(index="band_before", columns="band_after", values="n", sort=False).reindex(bands)[
        bands
    ]
    table = square.astype(int).reset_index()
    columns = {
        "band_before": Column(before, "text", "Band in the earlier wave"),
        **{band: Column(f"{band} in {after}", "count", f"People who were {band}s in the later wave") for band in bands},
    }
    return Table(table, f"The same people in {before} and {after}", columns=columns)


def targets(tested: pd.DataFrame, *, title: str) -> Table:
    """Show scores tested against a target."""
    columns = {
        "target": Column("Target", "points", "What the score is tested against"),
        "probability": Column(
            "Chance above", "share", "How probable it is to be above, with three pseudo-answers as prior"
        ),
    }
    groups = [c for c in ("touchpoint", "wave") if c in tested.columns]
    probable = ["probability"] if "probability" in tested.columns else []
    shown = [*groups, "nps", "target", "low", "high", "n", "pvalue_adjusted", *probable]
    return Table(tested, title, shown=shown, columns=columns)


def goal_sentence(goal: Goal, tested: pd.DataFrame) -> str:
    """Return whether a goal for the score is shown to be reached, and where it is not."""
    reached = tested[tested["low"] > goal.target]
    names = [
        f"{named(r['touchpoint'])} ({points(r['nps'])}, at least {points(r['low'])}, n = {count(r['n'])})"
        for _, r in reached.iterrows()
    ]
    aim = f"the goal of {points(goal.target)} by {goal.by:%Y-%m-%d}"
    if not names:
        return f"In the last wave no touchpoint is shown to be above {aim}; that is not proof that it is below."
    return f"In the last wave {listed(names)} {'is' if len(names) == 1 else 'are'} shown to be above {aim}."


def experiment_sentence(arms: pd.DataFrame, experiment: Experiment) -> str:
    """Return what the randomised comparison shows, by its most adjusted analysis."""
    row = arms.iloc[-1]
    real = row["pvalue"] < 0.05
    said = "an effect is shown" if real else "no effect is shown"
    return (
        f"In {experiment.wave} those with {named(experiment.arm)} = {row['treated']} scored"
        f" {points(row['nps_treated'])}"
        f" (n = {count(row['n_treated'])}), those with {row['control']} {points(row['nps_control'])}"
        f" (n = {count(row['n_control'])}): a difference of {points(row['change'])} points"
        f" ({interval(row['low'], row['high'])}, p {pvalue(row['pvalue'])}, {_analysis(row['analysis'])}); {said},"
        " and chance formed the groups, so it is the effect of what was changed."
    )


def arms(compared: pd.DataFrame) -> Table:
    """Show a randomised comparison, one row per analysis."""
    columns = {
        "analysis": Column("Analysis", "text", "What was taken into account"),
        "control": Column("Without", "text", "The arm without the change"),
        "treated": Column("With", "text", "The arm with the change"),
        "n_control": Column("n without", "count", "Answers in the arm without"),
        "n_treated": Column("n with", "count", "Answers in the arm with"),
        "nps_control": Column("NPS without", "points", "Score of the arm without"),
        "nps_treated": Column("NPS with", "points", "Score of the arm with"),
    }
    told = compared.assign(analysis=compared["analysis"].map(_analysis))
    return Table(told, "With and without the change", columns=columns)


def _analysis(name: str) -> str:
    return name.replace("adjusted for prior", "adjusted for the earlier answer").replace("by account_id", "by account")


def would_have_to_be_true(changes: pd.DataFrame | Limit, parts: pd.DataFrame | Limit) -> str:
    """Return what would have to be so for the conclusions of the page to be wrong."""
    said = []
    if not isinstance(changes, Limit):
        words = [verdict_of(row) for _, row in changes.iterrows()]
        shown = sum(word in ("up", "down") for word in words)
        if shown:
            which = "the change that is shown" if shown == 1 else f"the {shown} changes that are shown"
            said.append(
                f"For {which} to be chance after all, something seen on fewer than 1 of 20 such pages"
                " would have to have happened, or those who answered would have to differ between the waves in a way"
                " that no segment here shows."
            )
        silent = [row for word, (_, row) in zip(words, changes.iterrows(), strict=True) if word == "none"]
        visible = [would_have_shown(row) for row in silent if pd.notna(row["change"])]
        if visible:  # of several the least is not the page's: another table has that of a year ago
            least = f", which is {count(visible[0])} points" if len(visible) == 1 else ""
            said.append(
                "Where there is no evidence, a change may be there all the same: it would usually have to be smaller"
                f" than its row says would have shown{least}."
            )
    if not isinstance(parts, Limit) and parts["all_mix"].any():
        said.append(
            "For a change called mix to be one of heart after all, the change within segments would have to lie in the"
            " far half of its interval, and the shift of shares would have to be a coincidence."
        )
    return " ".join(said) or "With one wave there is no change, so nothing to be wrong about."


def trends(lines: pd.DataFrame) -> Table:
    """Show the line through the waves, and whether a line is enough."""
    columns = {
        "waves": Column("Waves", "count", "Waves with answers"),
        "per": Column("Per", "text", "The unit of the slope"),
        "slope": Column("Slope", "signed", "Points per unit of time"),
        "scatter_pvalue": Column("p of scatter", "pvalue", "Chance of waves this far from their line if it were one"),
        "equal_pvalue": Column("p of no change", "pvalue", "Chance of waves this different if all were equal"),
    }
    groups = list(lines.columns[: list(lines.columns).index("waves")])
    shown = [*groups, "waves", "per", "slope", "low", "high", "pvalue_adjusted", "scatter_pvalue", "equal_pvalue"]
    shown += ["design"] if "design" in lines.columns else []
    return Table(lines, "A line through the waves", shown=shown, columns=columns)


def looks_sentence(looks: pd.DataFrame, target: float | Limit) -> str:
    """Return when, looking after every period, a score was first shown to be on one side of a target."""
    last = looks.iloc[-1]
    now = (
        f"After {count(len(looks))} looks and {count(last['n'])} answers{_worth(last)} the always-valid interval is"
        f" {interval(last['low'], last['high'])}; one that holds for a single planned look would be"
        f" {interval(last['fixed_low'], last['fixed_high'])}."
    )
    if isinstance(target, Limit):
        return now
    crossed = looks[(looks["low"] > target) | (looks["high"] < target)]
    if crossed.empty:
        return f"{now} At no look was the score shown to differ from the goal of {points(target)}."
    first = crossed.iloc[0]
    side = "above" if first["low"] > target else "below"
    when = f"in {first.iloc[0]} (n = {count(first['n'])})"
    return f"{now} It was first shown to be {side} the goal of {points(target)} {when}."


def _worth(last: pd.Series) -> str:
    """Say what answers of accounts are worth, where they are counted by account."""
    return f" (by account, worth {count(round(last['n_worth']))} independent ones)" if "n_worth" in last.index else ""


def looks_title(looks: pd.DataFrame) -> str:
    """Return the message of a picture of looks: where the score stands, by borders that hold for all of them."""
    last = looks.iloc[-1]
    limits = interval(last["low"], last["high"])
    return f"After {count(len(looks))} looks the score is {points(last['nps'])}, always valid {limits}"


def control_title(limits: pd.DataFrame) -> str:
    """Return the message of a picture of control limits."""
    out = [str(name) for name in limits.loc[limits["outside"]].iloc[:, 0]]
    lie = "lies" if len(out) == 1 else "lie"
    named = f": {listed(out)}" if 0 < len(out) <= 5 else ""
    return f"{count(len(out))} of {count(len(limits))} periods {lie} outside ordinary control limits{named}"


def control_sentence(limits: pd.DataFrame) -> str:
    """Return what ordinary control limits would have cried, and how often they cry for nothing."""
    out = limits[limits["outside"]]
    named = listed([str(v) for v in out.iloc[:, 0]]) if len(out) else "none"
    last = limits.iloc[-1]
    by = ", which know the accounts" if "n_worth" in limits.columns else ""
    return (
        f"Outside ordinary control limits{by}: {named} of {count(len(limits))} periods. If nothing ever changed, at"
        f" least one of so many periods would still lie outside with a chance of {share(last['false_alarm_so_far'])}."
    )
