"""Themes in tables and sentences: what is talked about, what goes with a lower or higher score, what changed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from nps_utils.comments.effects import WITHIN, held
from nps_utils.comments.industry import Industry
from nps_utils.tables.formats import count, estimate, interval, listed, pvalue, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import OPEN_ROWS, Table
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

_EFFECTS = {
    "theme": Column("Theme", "text", "What the comment is about"),
    "n": Column("n", "count", "Comments that mention it"),
    "share": Column("Share", "share", "Share of the comments with content"),
    "nps_with": Column("NPS with", "points", "Score of those who mention it"),
    "nps_without": Column("NPS without", "points", "Score of all other answers"),
    "leave_out": Column(
        "Leave-out",
        "signed",
        "Total score less the score without those who mention it, within touchpoints",
    ),
    "leave_out_low": Column("Leave-out low", "points", "Lower limit"),
    "leave_out_high": Column("Leave-out high", "points", "Upper limit"),
    "adjusted": Column(
        "Adjusted", "signed", "Points of the total that go with it, all other themes and touchpoints equal"
    ),
    "adjusted_low": Column("Low", "points", "Lower limit of the adjusted effect"),
    "adjusted_high": Column("High", "points", "Upper limit of the adjusted effect"),
    "adjusted_pvalue_adjusted": Column("Adj. p", "pvalue", "p of the adjusted effect, adjusted for all themes"),
    "share_detractors": Column("Of detractors", "share", "Share of the detractors' comments"),
    "share_passives": Column("Of passives", "share", "Share of the passives' comments"),
    "share_promoters": Column("Of promoters", "share", "Share of the promoters' comments"),
}
MOST_CHANGES = 3  # of shares, told in a sentence
MOST_LANGUAGES = 3  # that are named one by one
FEW_OF_A_LANGUAGE = 0.01  # of the comments: fewer are rather mistaken for this language than in it
_MEASURES = {
    "comments": "answers",
    "with_content": "comments with content",
    "not_covered": "other languages",
    "language_nmi": "themes by language",
}


def labelled(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return a table of themes with their names in words."""
    return table.assign(theme=table["theme"].map(lambda theme: labels.get(theme, theme.replace("_", " "))))


def effects(found: pd.DataFrame) -> Table:
    """Show themes by what they go with, the most costly first."""
    effect = ["adjusted", "adjusted_low", "adjusted_high", "adjusted_pvalue_adjusted"]
    others = ["leave_out", "nps_with", "nps_without"]
    title = f"Themes by the points of the score that go with them{within_touchpoints(found)}"
    return Table(found, title, shown=["theme", "n", "share", *effect, *others], columns=_EFFECTS, open_rows=9)


def within_touchpoints(found: pd.DataFrame) -> str:
    """Return what the title of a table of effects adds where answers were compared within touchpoints."""
    return ", answers compared within their touchpoint" if found.attrs.get(WITHIN) else ""


def bands_of_themes(found: pd.DataFrame) -> Table:
    """Show how often each band mentions each theme."""
    shown = ["theme", "n", "share_detractors", "share_passives", "share_promoters"]
    return Table(found, "Themes by band", shown=shown, columns=_EFFECTS, open_rows=0)


_ADJUSTED = ["adjusted", "adjusted_low", "adjusted_high"]


def effects_sentence(found: pd.DataFrame, *, most: int = 3) -> str:
    """Return the themes that go with most points lost and most won, those that hold beside the others and alone."""
    real = held(found)
    cost, gain = (
        real[real["adjusted"] < 0].nsmallest(most, "adjusted"),
        real[real["adjusted"] > 0].nlargest(most, "adjusted"),
    )

    def told(rows: pd.DataFrame) -> str:
        return listed(
            [
                f"{r['theme']} ({estimate(*r[_ADJUSTED])} points, {interval(r['adjusted_low'], r['adjusted_high'])},"
                f" n = {count(r['n'])})"
                for _, r in rows.iterrows()
            ]
        )

    parts = [f"what goes with most points lost: {told(cost)}"] if len(cost) else []
    parts += [f"with most points won: {told(gain)}"] if len(gain) else []
    tested = int(found["adjusted"].notna().sum())
    seldom = _too_seldom(len(found) - tested)
    if not tested:
        return "Of no theme can be told whether it goes with the score: each is mentioned too seldom, or by everybody."
    if not parts:
        goes = "goes with a higher or lower score after adjusting for all of them"
        none = (
            f"None of {count(tested)} themes {goes}"
            if tested > 1
            else "The one theme compared does not go with the score"
        )
        return f"{none}{seldom}.{compared_within(found)}"
    of = f"{count(tested)} themes" if tested > 1 else "the one theme compared"
    said = f"Of {of}, {'; '.join(parts)}. It goes with the score; it need not be its cause."
    return f"{said}{compared_within(found)}"


def sample_sentence(read: int, written: int) -> str:
    """Say that not all comments were read for this page, and how those were drawn.

    Examples
    --------
    >>> sample_sentence(210_000, 840_000)
    'This page reads 210,000 of 840,000 comments, drawn at random; what it counts is counted among these.'
    """
    return (
        f"This page reads {count(read)} of {count(written)} comments, drawn at random; what it counts is counted among"
        " these."
    )


def _too_seldom(n: int) -> str:
    return f" ({count(n)} more {'are' if n > 1 else 'is'} mentioned too seldom, or by everybody)" if n else ""


def compared_within(found: pd.DataFrame) -> str:
    """Return the sentence that says so where answers were compared within touchpoints."""
    return " Answers are compared with others of their touchpoint only." if found.attrs.get(WITHIN) else ""


def coverage_sentence(masked: pd.Series, themes: pd.DataFrame, *, answers: int = 0) -> str:
    """Return how many comments there are, how many say something, and how many found a theme.

    Of more answers than these, the others have no comment.
    """
    written, every = int(masked.notna().sum()), max(answers, len(themes))
    told = themes[themes["main_theme"] != "no_content"]
    placed = int((~told["main_theme"].isin(["rest", "not_covered"])).sum())
    spoken = told["language"].value_counts()
    few = spoken[spoken < FEW_OF_A_LANGUAGE * len(told)]  # one comment in Somali is rather one in bad English
    several = [f"{name} {count(n)}" for name, n in spoken.drop(few.index).items()]
    languages = listed([*several, *([f"others or not recognised {count(few.sum())}"] if len(few) else [])])
    return (
        f"{count(written)} of {count(every)} answers have a comment, {count(len(told))} say something;"
        f" {count(placed)} of these ({share(placed / max(len(told), 1))}) have a theme. Languages: {languages}."
    )


def not_covered(themes: pd.DataFrame) -> tuple[int, int, list[str]]:
    """Return how many comments are in languages without words for themes, of how many, and which, commonest first.

    Languages of fewer than one in a hundred comments are neither counted nor named beside one of more.
    """
    told = themes[themes["main_theme"] != "no_content"]
    foreign = told.loc[told["main_theme"] == "not_covered", "language"].value_counts()
    many = foreign[foreign >= FEW_OF_A_LANGUAGE * len(told)]
    counted = many if len(many) else foreign
    return int(counted.sum()), len(told), [str(code) for code in many.index]


def not_covered_sentence(themes: pd.DataFrame) -> str:
    """Return how many comments are in languages that the themes have no words for; nothing where none is."""
    n, of, codes = not_covered(themes)
    if not n:
        return ""
    named = [Local("en").tongue(code) for code in codes[:MOST_LANGUAGES]]
    named += ["other languages"] if len(codes) > MOST_LANGUAGES or not codes else []
    return f"{count(n)} of {count(of)} comments are in {listed(named)}, which the themes do not cover."


def industry_sentence(industry: Industry) -> str:
    """Return whose themes are used, and on which evidence."""
    named = listed(list(industry.names))
    if industry.said:
        return f"The themes are those of {named or 'any company'}: study.toml says so."
    if industry.counts.empty or not industry.comments:
        return "The themes are those that any company has: there is no comment that says more."
    rows = [row for _, row in industry.counts.iterrows()]
    if not rows[0]["n"]:
        return (
            f"The themes are those that any company has: none of {count(industry.comments)} comments has words of"
            " one trade only. If you know yours, write industry in study.toml:"
            f" {listed([row['industry'] for row in rows])}."
        )
    evidence = listed(
        [
            f"{count(row['n'])} of {count(industry.comments)} comments have words of {row['industry']}"
            + (f" ({', '.join(row['words'])})" if len(row["words"]) else "")
            for row in rows[: max(len(industry.names), 1)]
        ]
    )
    behind = rows[max(len(industry.names), 1)]
    following = f"{behind['industry']} follows with {count(behind['n'])}"
    if not industry.names:
        return (
            f"The themes are those that any company has, because the comments do not clearly show the trade:"
            f" {evidence}; {following}."
            f' If you know it, write industry = "{rows[0]["industry"]}", or another, in study.toml.'
        )
    return (
        f"The themes are those of {named}, told by the comments: {evidence}; {following}. study.toml can say otherwise."
    )


def masking(counts: pd.Series) -> Table:
    """Show how many marks of each kind were set, those of which none was met below."""
    table = counts.rename_axis("kind").rename("n").reset_index().sort_values("n", ascending=False, kind="stable")
    table["kind"] = table["kind"].str.replace("_", " ")
    columns = {"kind": Column("Kind", "text", "What was looked for"), "n": Column("Marks", "count", "How often")}
    met = max(int((counts > 0).sum()), 1)
    title = "What was masked before anything was shown" if counts.any() else "Nothing was met that had to be masked"
    return Table(table.reset_index(drop=True), title, columns=columns, open_rows=met)


def theme_changes(changed: pd.DataFrame, *, title: str = "Themes whose share changed") -> Table:
    """Show changes of share that hold after adjusting, largest first; the saved table holds all."""
    columns = {
        "theme": _EFFECTS["theme"],
        "wave_before": Column("From", "text", "The earlier wave"),
        "wave_after": Column("To", "text", "The later wave"),
        "before": Column("Share before", "share", "Share of comments with content in the earlier wave"),
        "after": Column("Share after", "share", "Share of comments with content in the later wave"),
        "change": Column("Change", "share", "Share after less share before"),
        "low": Column("Low", "share", "Lower limit of the change"),
        "high": Column("High", "share", "Upper limit of the change"),
    }
    real = changed[changed["pvalue_adjusted"] < 0.05]
    order = real["change"].abs().sort_values(ascending=False).index
    shown = ["theme", "wave_before", "wave_after", "before", "after", "change", "low", "high", "pvalue_adjusted"]
    return Table(real.loc[order].reset_index(drop=True), title, shown=[*shown, "n_before", "n_after"], columns=columns)


def theme_changes_sentence(changed: pd.DataFrame) -> str:
    """Return which themes were mentioned more or less often than in the wave before."""
    real = changed[changed["pvalue_adjusted"] < 0.05]
    tested = int(changed["pvalue"].notna().sum())
    if not tested:
        return "No theme is mentioned by some and not by others, so that no share can be seen to change."
    if real.empty:
        several = f"None of {count(tested)} changes of share holds after adjusting for all of them."
        return several if tested > 1 else "The one change of share that can be tested does not hold."
    told = [
        f"{r['theme']} from {share(r['before'])} to {share(r['after'])} between {r['wave_before']} and"
        f" {r['wave_after']} (adjusted p {pvalue(r['pvalue_adjusted'])},"
        f" n = {count(r['n_before'])} and {count(r['n_after'])})"
        for _, r in real.loc[real["change"].abs().sort_values(ascending=False).index].head(MOST_CHANGES).iterrows()
    ]
    more = f"; {count(len(real) - MOST_CHANGES)} more are in the table" if len(real) > MOST_CHANGES else ""
    holds = f"{count(len(real))} hold, the largest" if len(real) > 1 else "1 holds"
    return f"Of {count(tested)} changes of share {holds}: {'; '.join(told)}{more}."


def nothing_shown_sentence(*, asked_consent: bool) -> str:
    """Return why no comment is shown word by word, and what would change that."""
    if asked_consent:
        return "Nobody who wrote allowed us to show what they wrote, so that no comment is shown word by word."
    return (
        "No comment is shown word by word: no export of this study has a column of consent. If you may show masked"
        " comments to the readers of this report, write quotes = true in study.toml, above its first [table]."
    )


def quality(measured: pd.DataFrame) -> Table:
    """Show how far the themes can be trusted."""
    columns = {
        "measure": Column("Measure", "text", "What was measured"),
        "value": Column("Value", "number", "A count or a share 0..1"),
        "alarm": Column("Alarm", "text", "Whether the themes should not be trusted for this reason"),
        "meaning": Column("Meaning", "text", "How to read it"),
    }
    told = measured.assign(
        measure=measured["measure"].map(lambda name: _MEASURES.get(name, name.replace("_", " "))),
        alarm=measured["alarm"].map({True: "yes", False: "no"}),
    )
    alarms = int(measured["alarm"].sum())
    said = "no alarm" if not alarms else f"{count(alarms)} alarm{'s' if alarms > 1 else ''}"
    opened = OPEN_ROWS if alarms else 0
    return Table(told, f"How far to trust the themes: {said}", columns=columns, open_rows=opened)


def words(counted: pd.DataFrame) -> Table:
    """Show which words made each theme, one row per theme and language."""
    joined = (
        counted.assign(word=counted["word"] + " (" + counted["n"].map(count) + ")")
        .groupby(["theme", "language"], sort=False)["word"]
        .agg(", ".join)
        .reset_index()
    )
    columns = {"theme": _EFFECTS["theme"], "word": Column("Words", "text", "Words that made the theme, how often")}
    return Table(joined, "The words behind the themes", columns=columns, limit=100, open_rows=0)


def comments_conclusion(found: pd.DataFrame | Limit, changed: pd.DataFrame | Limit) -> str:
    """Return what the page of comments shows."""
    first = str(found) if isinstance(found, Limit) else effects_sentence(found)
    second = str(changed) if isinstance(changed, Limit) else theme_changes_sentence(changed)
    return first if first == second else f"{first} {second}"
