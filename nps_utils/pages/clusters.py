"""What the page of comments takes from a study about clusters: their scores, their quotes, and `clusters.csv`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nps_utils import comments, remembering
from nps_utils.checks import BadValue
from nps_utils.comments.cluster_quotes import quote_of
from nps_utils.comments.cluster_rows import COLUMNS
from nps_utils.comments.effects import touchpoints
from nps_utils.comments.remarks import Remarks
from nps_utils.files import write_text
from nps_utils.stats.each import main_touchpoint
from nps_utils.study.study import Study
from nps_utils.tables.clusters import listed_columns
from nps_utils.tables.sheets import neutral_table

FILE = "clusters.csv"
_LOOKED_AT = 12  # quotes near the centre
_QUOTES = "quotes"
_PLACES = ("rows", "quoted")
_CHANGED_BY = ("touchpoint", "wave", "responded_at")


def clusters_of(study: Study, remarks: Remarks) -> pd.DataFrame:
    """Cluster the comments of a study, with its decisions; add scores, and write `results/clusters.csv`.

    Returns
    -------
    What `comments.clusters` and `comments.cluster_effects` return, themes in words, and `tells`: whether a fifth of the
    comments or more say the name; one that fewer say ends in an ellipsis.

    Raises
    ------
    BadValue
        Too few comments to group, or a decision about a cluster that there is not.
    """
    responses = study.responses()
    settings = study.settings
    found = _placed(_found(study, remarks), remarks)
    told = int((remarks.themes["main_theme"] != "no_content").sum())
    if found.empty:
        _refuse_decisions(study, told)
        said = (
            f"{told} comment{' says' if told == 1 else 's say'} something; fewer than {comments.FEWEST} different ones"
        )
        nothing = "No comment says anything, so that there is nothing to group."
        raise BadValue(f"{said} are not grouped: read them one by one." if told else nothing)
    by_account = _account(responses)
    table = comments.cluster_effects(responses, found, cluster=by_account, within=touchpoints(responses))
    table["tells"] = ~(table["said"] < comments.LEAST_SAID)  # what they are about; a theme's label and an analyst do
    table["name"] = table["name"].where(table["tells"], table["name"] + ", …")
    label = {theme: remarks.taxonomy.label(theme, settings.language) for theme in remarks.taxonomy.themes}
    table["explained"] = [label.get(theme, theme) for theme in table["explained"]]
    in_words = [{label.get(theme, theme): part for theme, part in shares.items()} for shares in table["themes"]]
    table = table.assign(themes=pd.Series(in_words, index=table.index, dtype=object))
    table["by_account"] = by_account is not None
    write_text(study.results / FILE, neutral_table(listed_columns(table)).to_csv(index=False, lineterminator="\n"))
    return table


def _placed(found: pd.DataFrame, remarks: Remarks) -> pd.DataFrame:
    """Return clusters that tell the places of their comments among all answers, not among those with a comment."""
    place = remarks.themes.index.to_numpy()
    moved = {name: [place[np.array(rows, dtype=np.intp)].tolist() for rows in found[name]] for name in _PLACES}
    return found.assign(**{name: pd.Series(rows, index=found.index, dtype=object) for name, rows in moved.items()})


def _found(study: Study, remarks: Remarks) -> pd.DataFrame:
    """Return the clusters of these comments, as they were found before where nothing of it has changed."""
    settings = study.settings
    decisions = [decision.model_dump(exclude_defaults=True) for decision in settings.cluster]
    how: dict[str, Any] = {
        "decisions": decisions, "names_in": settings.language, "n_quotes": _LOOKED_AT, "rng": study.seed
    }  # fmt: skip

    def made() -> pd.DataFrame:
        return comments.clusters(
            remarks.masked,
            themes=remarks.themes,
            embed=comments.encoder(study.processed) if settings.embed == "e5" else None,
            quotable=remarks.quotable,
            taxonomy=remarks.taxonomy,
            **how,
        )

    if not remarks.made_of or settings.embed is not None:
        return made()

    def told() -> dict[str, list[Any]]:  # whose quotes they are, not the quotes
        return {str(name): column.tolist() for name, column in made().drop(columns=_QUOTES).items()}

    kept = remembering.told(f"clusters {remarks.made_of} {how}", told)
    quoted = [[quote_of(str(remarks.quotable.iloc[row])) for row in rows] for rows in kept["quoted"]]
    return pd.DataFrame({name: quoted if name == _QUOTES else kept[name] for name in COLUMNS}, columns=list(COLUMNS))


def _refuse_decisions(study: Study, told: int) -> None:
    for decision in study.settings.cluster:
        raise BadValue(
            f'[[cluster]] "{decision.found}": no cluster is found under this name any more: {told} comments are too'
            " few to group. Take these lines out of study.toml."
        )


def _account(responses: pd.DataFrame) -> str | None:
    """Return the column of accounts where answers have one."""
    name = "account_id"
    return name if name in responses.columns and responses[name].notna().any() else None


def changes_of(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of clusters now and a year ago, see `comments.cluster_changes`, at the main touchpoint.

    Raises
    ------
    BadValue
        The comments have no dates, or there are none of a year ago.
    """
    responses = study.responses()
    responses = responses[[name for name in _CHANGED_BY if name in responses.columns]]
    if "touchpoint" not in responses.columns or responses["touchpoint"].isna().all():
        return comments.cluster_changes(responses, found)
    here = (responses["touchpoint"] == main_touchpoint(responses)).to_numpy(dtype=bool, na_value=False)
    place = np.cumsum(here) - 1
    every = [np.array(rows, dtype=np.intp) for rows in found["rows"]]
    cut = found.assign(rows=pd.Series([place[rows[here[rows]]].tolist() for rows in every], dtype=object))
    return comments.cluster_changes(responses[here].reset_index(drop=True), cut)
