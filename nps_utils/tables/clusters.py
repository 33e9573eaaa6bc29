"""Clusters of comments in tables and sentences: what people write about, what no theme explains, what goes with it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from nps_utils.comments.language import DANISH_OR_NORWEGIAN, UNKNOWN
from nps_utils.comments.space.words import LANGUAGES
from nps_utils.tables.comments import compared_within, within_touchpoints
from nps_utils.tables.formats import count, estimate, interval, listed, pvalue, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.phrases import limits_of
from nps_utils.tables.table import Table
from nps_utils.words.limits import Limit

MIXED = "mixed"
# Languages whose words have a meaning in the space of words; what is not recognised is short.
_READ = frozenset((*LANGUAGES, DANISH_OR_NORWEGIAN, UNKNOWN))
_ALPHA = 0.05
_COLUMNS = {
    "cluster": Column("Cluster", "text", "Its number; mixed: comments that hold together with no others"),
    "found": Column("Found as", "text", "The name it has by itself, for [[cluster]] in study.toml"),
    "name": Column(
        "What it is about",
        "text",
        "Nouns that set it apart, or the theme that explains it; … where few of its comments say them",
    ),
    "group": Column("Subject", "count", "Clusters with the same number lie next to each other"),
    "explained": Column("Theme", "text", "The theme that half of its comments mention; none: nobody thought of it"),
    "n": Column("n", "count", "Comments"),
    "share": Column("Share", "share", "Share of the comments with content"),
    "nps": Column("NPS", "points", "Score of those who wrote them"),
    "low": Column("Low", "points", "Lower limit of this score, accounts as one where they are known"),
    "high": Column("High", "points", "Upper limit of this score"),
    "limits": Column("95 %", "text", "Limits of this score, by account where accounts are known"),
    "detractors": Column("Complaints", "count", "Comments of detractors, 0 to 6"),
    "passives": Column("Passives", "count", "Comments of passives, 7 and 8"),
    "promoters": Column("Praise", "count", "Comments of promoters, 9 and 10"),
    "leave_out": Column(
        "Effect",
        "signed",
        "Total score less the score without those who wrote them, within touchpoints",
    ),
    "leave_out_low": Column("Effect low", "points", "Lower limit, adjusted for all clusters"),
    "leave_out_high": Column("Effect high", "points", "Upper limit, adjusted for all clusters"),
    "leave_out_pvalue_adjusted": Column("Adj. p", "pvalue", "p of the effect, adjusted for all clusters"),
    "effect_limits": Column("Limits of effect", "text", "Limits of the effect, adjusted for all clusters"),
    "stability": Column("Stability", "share", "How much it overlaps with its like when comments are drawn anew"),
    "languages": Column("Languages", "text", "Comments by language"),
    "themes": Column("Themes", "text", "Share of its comments by theme"),
    "terms": Column("Terms", "text", "Words that set it apart, by language"),
}


def listed_columns(found: pd.DataFrame) -> pd.DataFrame:
    """Return clusters as `clusters.csv` has them: one cell for each thing, no comment word by word."""
    names = ["cluster", "found", "name", "group", "explained", "n", "share", "languages", "stability", "nps", "low"]
    names += ["high", "detractors", "passives", "promoters", "leave_out", "leave_out_low", "leave_out_high"]
    told = found.assign(
        languages=found["languages"].map(_numbers),
        themes=found["themes"].map(_shares),
        terms=found["terms_by_language"].map(_by_language),
    )
    return told[[*names, "leave_out_pvalue_adjusted", "themes", "terms"]]


def _numbers(parts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in parts.items())


def _shares(parts: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share(part, digits=0)}" for name, part in parts.items())


def _by_language(terms: Mapping[str, list[str]]) -> str:
    return "; ".join(f"{code}: {', '.join(found)}" for code, found in terms.items())


def answer(found: pd.DataFrame) -> str:
    """Return what people write about: how many clusters, what no theme explains, what goes with points lost and won."""
    told = found[found["cluster"] != MIXED]
    if told.empty:
        n = int(found["n"].sum())
        return f"{count(n)} comments do not fall into groups that hold: each is about something of its own. Read them."
    loose = int(found.loc[found["cluster"] == MIXED, "n"].sum())
    parts = [
        f"{count(found['n'].sum())} comments fall into {count(len(told))} clusters"
        + (f", {count(loose)} belong to none" if loose else "")
    ]
    vague = told[~told["tells"] & (told["explained"] == "")]
    new = told[(told["explained"] == "") & told["tells"] & ~told["languages"].map(_mostly_not_read)]
    if n_foreign := _not_read(found):
        parts[0] += (
            f"; {count(n_foreign)} of them are in languages of which neither the themes nor the clusters know words:"
            " those are put together by spelling alone"
        )
    elif len(new):
        parts.append(
            f"no theme explains {_with_n(new.head(3))}" + (f" and {len(new) - 3} more" if len(new) > 3 else "")
        )
    if len(vague):
        have = "have" if len(vague) > 1 else "has"
        parts.append(f"{_with_n(vague.head(2))}{_more(vague, 2)} {have} little in common")
    parts += _points_sentences(told)
    return f"{'; '.join(parts)}.{compared_within(found)}"


def _more(rows: pd.DataFrame, shown: int) -> str:
    return f" and {len(rows) - shown} more" if len(rows) > shown else ""


def _points_sentences(told: pd.DataFrame) -> list[str]:
    compared = told[told["leave_out_pvalue_adjusted"].notna()]
    if compared.empty:
        return ["none has scores enough to be compared with the others"]
    real = compared[compared["leave_out_pvalue_adjusted"] < _ALPHA]
    cost, gain = real[real["leave_out"] < 0].nsmallest(2, "leave_out"), real[real["leave_out"] > 0]
    parts = [f"most points lost go with {_with_points(cost)}"] if len(cost) else []
    if len(gain):
        parts.append(f"most won with {_with_points(gain.nlargest(2, 'leave_out'))}")
    few = len(told) - len(compared)
    left = f" ({count(few)} are too small to say)" if few else ""
    return parts or [f"none goes with a higher or lower score by more than chance{left}"]


def _mostly_not_read(languages: Mapping[str, int]) -> bool:
    """Say whether most comments are in languages that no theme can explain."""
    return sum(n for code, n in languages.items() if code not in _READ) > sum(languages.values()) / 2


def _not_read(found: pd.DataFrame) -> int:
    """Return how many comments are in languages that the space of words does not have, where they are the half."""
    other = [n for parts in found["languages"] for code, n in parts.items() if code not in _READ]
    return sum(other) if sum(other) > found["n"].sum() / 2 else 0


def _with_n(rows: pd.DataFrame) -> str:
    return listed([f"“{name}” (n = {count(n)})" for name, n in zip(rows["name"], rows["n"], strict=True)])


_EFFECT = ["leave_out", "leave_out_low", "leave_out_high"]


def _with_points(rows: pd.DataFrame) -> str:
    return listed(
        [
            f"“{r['name']}” ({estimate(*r[_EFFECT])}, {interval(r['leave_out_low'], r['leave_out_high'])},"
            f" n = {count(r['n'])})"
            for _, r in rows.iterrows()
        ]
    )


def clusters(found: pd.DataFrame) -> Table:
    """Show clusters with their scores, those that no theme explains first."""
    told = found.assign(
        limits=limits_of(found, "low", "high", "points"),
        effect_limits=limits_of(found, "leave_out_low", "leave_out_high", "points"),
    )
    whose = ", accounts as one" if bool(found["by_account"].any()) else ""
    shown = ["name", "explained", "n", "share", "nps", "limits", "leave_out", "effect_limits"]
    title = f"What people write about, all languages together; limits{whose}{within_touchpoints(found)}"
    return Table(
        _plain(told), title, shown=[*shown, "detractors", "promoters", "stability"], columns=_COLUMNS, open_rows=9
    )


def _plain(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table without what may show a comment word by word, lists written out."""
    told = listed_columns(found)
    extra = [name for name in ("limits", "effect_limits") if name in found.columns]
    return told.join(found[extra])


def terms(found: pd.DataFrame) -> Table:
    """Show which words each cluster has in which languages, and which themes its comments mention."""
    told = _plain(found[found["cluster"] != MIXED])
    shown = ["found", "languages", "terms", "themes"]
    return Table(told, "The words of each cluster, by language", shown=shown, columns=_COLUMNS, open_rows=0)


def changes(changed: pd.DataFrame) -> Table:
    """Show the share of each cluster now and a year ago."""
    columns = {
        "name": _COLUMNS["name"],
        "before": Column("A year ago", "share", "Share of the comments with content in the same days a year before"),
        "after": Column("Now", "share", "Share of the comments with content in the last wave"),
        "change": Column("Change", "share", "Share now less share then"),
        "low": Column("Low", "share", "Lower limit of the change"),
        "high": Column("High", "share", "Upper limit of the change"),
    }
    title = f"Clusters in {changed['wave'].iloc[0]} and a year before" if len(changed) else "Clusters a year apart"
    shown = ["name", "before", "after", "change", "low", "high", "pvalue_adjusted", "n_before", "n_after"]
    return Table(changed, title, shown=shown, columns=columns)


def changes_sentence(changed: pd.DataFrame) -> str:
    """Return which clusters people write more or less about than a year ago."""
    real = changed[changed["pvalue_adjusted"] < _ALPHA]
    tested = int(changed["pvalue"].notna().sum())
    if not tested:
        return "No cluster has comments of now and of a year ago, so that no share can be compared."
    if real.empty:
        return f"None of {count(tested)} clusters has a larger or smaller share than a year ago by more than chance."
    told = [
        f"“{r['name']}” from {share(r['before'])} to {share(r['after'])} (adjusted p {pvalue(r['pvalue_adjusted'])})"
        for _, r in real.iterrows()
    ]
    ns = f"n = {count(changed['n_before'].iloc[0])} and {count(changed['n_after'].iloc[0])}"
    return f"Since a year ago people write more or less about {listed(told)}; {ns}."


def page_conclusion(found: pd.DataFrame | Limit, themes: str) -> str:
    """Return what the page of comments shows beside its answer, which told of the clusters: what is said of themes."""
    if not isinstance(found, Limit):
        return themes
    first = str(found)
    return f"{first[0].upper()}{first[1:]} {themes}"
