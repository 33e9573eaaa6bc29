"""What is true in a simulated study, beside what its answers show: scores of groups, and rejected rows.

A simulated study says what is true in it in `truth.toml`, beside `study.toml`. A study of one's own has no such file,
and then nothing here can be said: that the methods are right is shown on studies whose truth is known.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import pandas as pd

from nps_utils.checks import BadStudy
from nps_utils.counts import count_bands
from nps_utils.score import score
from nps_utils.study import NotInStudy, Study

Truth: TypeAlias = Mapping[str, Any]
FILE: Final = "truth.toml"


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
