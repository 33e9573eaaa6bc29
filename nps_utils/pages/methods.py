"""What was planted in a simulated study, beside what the methods find of it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from scipy.stats import norm

from nps_utils.checks import BadStudy
from nps_utils.followup.outcome import contacts, moved
from nps_utils.pages.change import arms_of
from nps_utils.pages.revenue import money_of
from nps_utils.revenue import corrected_slope, panel
from nps_utils.stats import verdicts
from nps_utils.stats.counts import count_bands
from nps_utils.stats.each import main_touchpoint
from nps_utils.stats.mix import mix_of
from nps_utils.stats.score import score
from nps_utils.study.study import NotInStudy, Study

Truth: TypeAlias = Mapping[str, Any]

FILE: Final = "truth.toml"


ALPHA: Final = 0.05
COLUMNS: Final = ("planted", "where", "unit", "truth", "estimate", "low", "high", "n", "pvalue", "visible", "reading")


def planted_effects(study: Study, truth: Truth) -> pd.DataFrame:
    """Set every planted effect beside its estimate, as the pages of the study estimate it.

    The truth of a change is the expected one among those who answer, since that is what answers can show. Families of
    comparisons are adjusted by Holm, as on the pages.

    Returns
    -------
    One row per effect that the truth names: `planted`, `where`, `unit` (points, or percent of growth per point),
    `truth`, `estimate`, `low`, `high`, `n` (of the smaller side; accounts for revenue), `pvalue` (adjusted where there
    is a family), `visible` (the effect that such an interval shows in 4 of 5 cases) and `reading`: `found` (shown, and
    the interval holds the truth), `not called` (not shown, rightly: the interval holds the truth, which is too small to
    be seen), `missed` (large enough, not shown) or `wrong` (the interval does not hold the truth).

    Raises
    ------
    BadInput
        The truth names what the study does not have.
    """
    rows = [row for name, check in _CHECKS.items() if name in truth for row in check(study, truth)]
    if not rows:
        raise BadStudy(f"{study.folder / FILE} names none of: {', '.join(_CHECKS)}.")
    table = pd.DataFrame(rows)
    half = (table["high"] - table["low"]) / 2
    table["visible"] = half / norm.ppf(1 - ALPHA / 2) * (norm.ppf(1 - ALPHA / 2) + norm.ppf(0.8))
    table["reading"] = [_reading(row) for _, row in table.iterrows()]
    return table.loc[:, list(COLUMNS)]


def _reading(row: pd.Series) -> str:
    # An interval of a corrected slope may be infinite: nothing is ruled out, so nothing is seen.
    holds = row["low"] <= row["truth"] <= row["high"]
    if not holds:
        return "wrong"
    if row["pvalue"] < ALPHA:
        return "found"
    return "missed" if abs(row["truth"]) >= row["visible"] else "not called"


def _drop(study: Study, truth: Truth) -> list[dict[str, Any]]:
    """Look for the fall and the recovery among all neighbouring waves of all touchpoints, as the page does."""
    place, wave, healed = (truth["drop"][key] for key in ("touchpoint", "wave", "recovered_in"))
    compared = verdicts.each_wave(study.responses(), incomplete=study.incomplete_waves())
    fell = compared[(compared["touchpoint"] == place) & (compared["after"] == wave)]
    since = verdicts.changes(study.responses(), baseline=wave)
    rose = since[(since["touchpoint"] == place) & (since["after"] == healed)]
    both = [("drop", fell), ("recovery", rose)]
    return [_change(name, rows, _gap(truth, "wave", rows, touchpoint=place), place) for name, rows in both]


def _fix(study: Study, truth: Truth) -> list[dict[str, Any]]:
    """Compare the arms by account; the true difference is that of those who answer."""
    row = arms_of(study.responses(), study.experiment()).iloc[0]
    arms = pd.DataFrame(truth["fix"]["groups"]).set_index(study.experiment().arm)["nps_answering"]
    true = float(arms[row["treated"]] - arms[row["control"]])
    n = int(min(row["n_control"], row["n_treated"]))
    where = f"{truth['fix']['wave']}, {study.experiment().arm}"
    return [_row("fix", where, "points", true, row["change"], row, n)]


def _mix(study: Study, truth: Truth) -> list[dict[str, Any]]:
    """Split the change into what happened within and what the shares did; Kitagawa's sums give the truth too."""
    place, by, before, after = (truth["mix"][key] for key in ("touchpoint", "by", "before", "wave"))
    rows = study.responses()
    here = rows[rows["touchpoint"] == place].dropna(subset=[by])
    total = mix_of(here, segment=by, before=before, after=after).iloc[-1]
    known = pd.DataFrame(truth[by]).set_index(["wave", by])
    one, two = known.loc[before], known.loc[after]
    shares = [side["answered"] / side["answered"].sum() for side in (one, two)]
    levels = (one["nps_answering"] + two["nps_answering"]) / 2
    true = {
        "within": float(((two["nps_answering"] - one["nps_answering"]) * (shares[0] + shares[1]) / 2).sum()),
        "mix": float(((shares[1] - shares[0]) * levels).sum()),
    }
    n = int(min(total["n_before"], total["n_after"]))
    where = f"{place}, {before} to {after}"
    return [
        _row(name, where, "points", true[part], total[part], _limits(total, part), n)
        for name, part in (("mix", "mix"), ("mix: within", "within"))
    ]


def _noise(study: Study, truth: Truth) -> list[dict[str, Any]]:
    """Look at two waves between which nothing happened, without adjusting: the hardest test of not being fooled."""
    place, before, after = (truth["noise"][key] for key in ("touchpoint", "before", "wave"))
    rows = study.responses()
    here = rows[(rows["touchpoint"] == place) & rows["wave"].isin([before, after])]
    compared = verdicts.changes(here, by=())
    return [_change("noise", compared, _gap(truth, "wave", compared, touchpoint=place), place)]


def _alone(study: Study, truth: Truth) -> list[dict[str, Any]]:
    """Compare each segment from the planted wave on with its waves before the common fall."""
    start, common = truth["alone"]["from_wave"], told(truth, "drop", "wave")
    known = pd.DataFrame(truth["segment"]).assign(span=lambda t: _spans(t["wave"], start, common)).dropna(subset="span")
    rows = study.responses()
    here = rows[rows["touchpoint"] == main_touchpoint(rows)]
    here = here.assign(span=_spans(here["wave"], start, common)).dropna(subset=["span", "segment"])
    compared = verdicts.changes(here, by=["segment"], across="span", baseline="before")
    weighed = known.assign(sum=known["nps_answering"] * known["answered"]).groupby(["segment", "span"])
    means = weighed["sum"].sum() / weighed["answered"].sum()
    found = []
    for _, row in compared.iterrows():
        true = float(means[row["segment"], "since"] - means[row["segment"], "before"])
        name = "alone" if row["segment"] == truth["alone"]["segment"] else "alone: others"
        found.append(_change(name, compared[compared["segment"] == row["segment"]], true, f"{row['segment']}, {start}"))
    return sorted(found, key=lambda row: str(row["planted"]))


def _revenue(study: Study, truth: Truth) -> list[dict[str, Any]]:
    """Estimate growth per point, after the answers and before them, corrected for few answers per account."""
    rows = study.responses()
    money, _ = money_of(study)
    table = panel(rows[rows["touchpoint"] == main_touchpoint(rows)], money, timezone=study.timezone)
    wanted = {
        ("revenue link", "growth after the answers, % per point", 1): truth["revenue"]["slope"],
        ("revenue: control", "growth before the answers, % per point", -1): truth["revenue"]["realised_slope"][
            "before"
        ],
    }
    found = []
    for (name, where, lag), slope in wanted.items():
        fit = corrected_slope(table, lag=lag, rng=study.seed).iloc[0]
        found.append(_row(name, where, "percent per point", 100 * slope, fit["slope"], fit, int(fit["accounts"])))
    return found


def _followup(study: Study, truth: Truth) -> list[dict[str, Any]]:
    """Compare detractors who were called with those who were not, at their next answer."""
    row = moved(contacts(study.responses(), study.followup(), timezone=study.timezone)).iloc[0]
    n = int(min(row["n_contacted"], row["n_not_contacted"]))
    true = float(truth["followup"]["effect_among_asked_again"])
    return [_row("follow-up", "contacted against not contacted", "points", true, row["change"], row, n)]


_CHECKS: Final[dict[str, Callable[[Study, Truth], list[dict[str, Any]]]]] = {
    "drop": _drop,
    "fix": _fix,
    "mix": _mix,
    "noise": _noise,
    "alone": _alone,
    "revenue": _revenue,
    "followup": _followup,
}


def _change(planted: str, compared: pd.DataFrame, true: float, where: str) -> dict[str, Any]:
    if len(compared) != 1:
        raise BadStudy(f'"{planted}" of {FILE}: {len(compared)} comparisons of the study fit {where}, not one.')
    row = compared.iloc[0]
    n = int(min(row["n_before"], row["n_after"]))
    limits = row.rename({"pvalue": "single", "pvalue_adjusted": "pvalue"})
    place = where if row["before"] == "before" else f"{where}, {row['before']} to {row['after']}"
    return _row(planted, place, "points", true, row["change"], limits, n)


def _row(
    planted: str, where: str, unit: str, true: float, estimate: float, limits: pd.Series, n: int
) -> dict[str, Any]:
    names = {"planted": planted, "where": where, "unit": unit, "truth": true, "estimate": estimate}
    return {**names, "low": limits["low"], "high": limits["high"], "n": n, "pvalue": limits["pvalue"]}


def _limits(total: pd.Series, part: str) -> pd.Series:
    """Return the interval of a part, and the p-value that goes with a normal interval."""
    low, high = float(total[f"{part}_low"]), float(total[f"{part}_high"])
    z = abs(total[part]) / ((high - low) / 2) * norm.ppf(1 - ALPHA / 2)
    return pd.Series({"low": low, "high": high, "pvalue": float(2 * norm.sf(z))})


def _gap(truth: Truth, cut: str, compared: pd.DataFrame, **keys: str) -> float:
    """Return the true change of those who answer, from the list of true scores."""
    known = pd.DataFrame(truth[cut])
    for name, value in keys.items():
        known = known[known[name] == value]
    scores = known.set_index("wave")["nps_answering"]
    one = compared.iloc[0] if len(compared) else None
    if one is None or not {one["before"], one["after"]} <= set(scores.index):
        raise BadStudy(f"{FILE} names waves that the study does not have ({', '.join(map(str, keys.values()))}).")
    return float(scores[one["after"]] - scores[one["before"]])


def _spans(waves: pd.Series, start: str, common: str | None) -> pd.Series:
    """Name waves before the common fall (or before the start, where there was none) and from the start on."""
    early = waves < (common or start)
    return pd.Series(np.select([early, waves >= start], ["before", "since"], "between"), waves.index).where(
        early | (waves >= start)
    )


def read_truth(study: Study) -> Truth:
    """Return the truth behind a simulated study.

    Raises
    ------
    NotInStudy
        There is no truth.toml: nobody knows the truth behind a real study.
    BadStudy
        The file cannot be read as TOML.
    """
    path = study.folder / FILE
    if not path.is_file():
        raise NotInStudy(
            f"This study has no {FILE}: it is not simulated, so its truth is not known. That the methods find what is"
            " there is shown on the simulated study that comes with the project."
        )
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadStudy(f"{path} is not TOML: {error}.") from error


def planted_scores(study: Study, truth: Truth) -> pd.DataFrame:
    """Set the score of every group whose truth is known beside its interval.

    Returns
    -------
    One row per group: `cut` (wave, segment, size), `touchpoint`, `wave`, `group`, `n`, `nps`, `low`, `high`,
    `answering` and `asked` (true scores, in points, of those who answer and of everyone asked), `holds_answering` and
    `holds_asked` (whether the interval holds them).
    """
    responses = study.responses()
    places = {"wave": None, "segment": "relationship", "size": told(truth, "mix", "touchpoint")}
    parts = []
    for cut, touchpoint in places.items():
        known = pd.DataFrame(truth.get(cut, []))
        if known.empty or (cut != "wave" and cut not in responses.columns):
            continue
        known = known if "touchpoint" in known.columns else known.assign(touchpoint=touchpoint)
        by = ["touchpoint", "wave", *([] if cut == "wave" else [cut])]
        scored = score(count_bands(responses.dropna(subset=by), by=by))
        both = scored.merge(known.drop(columns="asked"), on=by)
        parts.append(both.assign(cut=cut, group=both[cut].astype(str)))
    if not parts:
        raise BadStudy(f"{study.folder / FILE} has no list of true scores ([[wave]]) that fits the study.")
    table = pd.concat(parts, ignore_index=True).rename(columns={"nps_answering": "answering", "nps_asked": "asked"})
    for which in ("answering", "asked"):
        table[f"holds_{which}"] = table[which].between(table["low"], table["high"])
    names = ["cut", "touchpoint", "wave", "group", "n", "nps", "low", "high"]
    return table.loc[:, [*names, "answering", "asked", "holds_answering", "holds_asked"]]


def planted_rejections(study: Study, truth: Truth) -> pd.DataFrame:
    """Count rejected rows by file and reason, planted and found.

    Returns
    -------
    One row per file and reason: `source_file` (without its ending), `reason`, `planted`, `found`, `equal`.
    """
    ledger = study.ledger()
    rejected = ledger[ledger["action"] == "rejected"]
    stems = rejected["source_file"].map(lambda name: Path(str(name)).stem)
    found = rejected.groupby([stems, rejected["reason"]]).size().rename("found")
    wanted = {
        (stem, reason): n
        for stem, reasons in truth.get("rejected_by_file", {}).items()
        for reason, n in reasons.items()
    }
    if not wanted:
        raise BadStudy(f"{study.folder / FILE} does not say which rows must be rejected.")
    planted = pd.Series(wanted, name="planted").rename_axis(["source_file", "reason"])
    table = pd.concat([planted, found.rename_axis(["source_file", "reason"])], axis=1).fillna(0).astype(int)
    return table.sort_index().assign(equal=lambda t: t["planted"] == t["found"]).reset_index()


def told(truth: Truth, part: str, key: str) -> str | None:
    """Return one word of the truth, or None where it does not say."""
    value = truth.get(part, {}).get(key)
    return None if value is None else str(value)
