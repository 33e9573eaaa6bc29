"""What came in and what was kept, in tables and in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nps_utils.scale import SCALES, suspicion
from nps_utils.tables.formats import count, listed, share
from nps_utils.tables.phrases import sentence
from nps_utils.tables.table import Table
from nps_utils.words.markup import bold
from nps_utils.words.naming import export_of

REASONS = {
    "missing_score": "no score given",
    "unreadable_score": "score is not a number",
    "fractional_score": "score is not a whole number",
    "score_out_of_range": "score is not from 0 to 10",
    "unreadable_date": "date cannot be read",
    "missing_date": "date is missing",
    "impossible_date": "date is before 1990 or after tomorrow",
    "impossible_asked_at": "date of asking is before 1990 or after tomorrow",
    "not_nps": "answer to another kind of question (CSAT, CES)",
    "preview_or_test": "preview or test",
    "own_staff": "own staff",
    "unfinished": "not finished",
    "deleted_by_tool": "deleted in the tool",
    "disqualified": "disqualified or screened out",
    "not_approved": "not approved or not valid",
    "unanswered_view": "seen but not answered",
    "excluded_by_tool": "excluded by the tool",
    "earlier_row_same_wave": "no time tells the person's answers in the wave apart: the last row counts",
    "later_row_same_wave": "no time tells the person's answers in the wave apart: the first row counts",
    "same_response_id": "same response id as a row above",
    "duplicate_row": "identical row, kept once",
    "same_response_in_two_exports": "same response in another export",
    "repeated_submission": "submitted twice",
    "earlier_answer_same_wave": "an earlier answer of the same person in the wave",
    "later_answer_same_wave": "a later answer of the same person in the wave",
    "broken_row": "row is damaged",
    "totals_row": "a row of totals, not an answer",
    "header_row": "the headers once more, not an answer",
    "other_question": "answer to another question",
    "missing_weight": "no weight above zero",
    "too_many_cells": "row has more cells than the header",
    "label_disagrees": "label of the tool disagrees with the score",
    "labels": "bands by the tool's labels",
    "dates": "order of day and month",
    "shared": "names shared by several people",
    "placeholder": "dates that are none",
    "links": "what links to the answers",
    "repeated_account": "account on several rows",
    "unusable_revenue": "revenue that cannot be used",
    "currencies": "several currencies",
    "set_aside": "column that is set aside",
    "waves": "names of the waves",
    "perhaps_staff": "own staff, perhaps",
    "accounts_otherwise": "accounts that exports write in several ways",
    "perhaps_again": "the same answers in two exports, perhaps",
}


def reason_words(reason: str) -> str:
    """Return a reason of the ledger in words.

    Examples
    --------
    >>> reason_words("missing_score"), reason_words("house_rule")
    ('no score given', 'house rule')
    """
    return REASONS.get(reason, reason.replace("_", " "))


def flow(responses: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Count the way of the rows: in, rejected by reason, out; one row per step.

    Returns
    -------
    step (`rows in`, a reason, `responses`), rows, share (of the rows in).
    """
    rejected = ledger.loc[ledger["action"] == "rejected", "reason"].value_counts()
    total = len(responses) + int(rejected.sum())
    steps = [("rows in", total), *((str(r), int(n)) for r, n in rejected.items()), ("responses", len(responses))]
    table = pd.DataFrame(steps, columns=["step", "rows"])
    return table.assign(share=table["rows"] / total if total else 0.0)


def flow_sentence(steps: pd.DataFrame) -> str:
    """Return the way of the rows in one sentence.

    Examples
    --------
    >>> ledger = pd.DataFrame({"action": ["rejected"], "reason": ["missing_score"]})
    >>> flow_sentence(flow(pd.DataFrame({"score": [1, 2, 3]}), ledger))
    '4 rows came in; 3 are responses (75.0 %) and 1 was rejected: 1 no score given.'
    """
    rows = dict(zip(steps["step"], steps["rows"], strict=True))
    total, kept = rows.pop("rows in"), rows.pop("responses")
    lost = sum(rows.values())
    why = listed([f"{count(n)} {reason}" for reason, n in _main_reasons(rows).items()])
    kept_share = share(kept / total) if total else "none"
    were = "was" if lost == 1 else "were"
    tail = f" and {count(lost)} {were} rejected: {why}." if lost else " and none was rejected."
    return f"{count(total)} rows came in; {count(kept)} are responses ({kept_share}){tail}"


def _main_reasons(rows: Mapping[str, int], *, most: int = 4) -> dict[str, int]:
    """Return the reasons in words, the rare ones together where there are many."""
    told = {reason_words(reason): n for reason, n in rows.items()}
    if len(told) <= most:
        return told
    main = dict(list(told.items())[: most - 1])
    return {**main, "for other reasons": sum(told.values()) - sum(main.values())}


def flow_table(steps: pd.DataFrame) -> Table:
    """Show the way of the rows."""
    words = {"rows in": "Rows in", "responses": "Responses"}
    told = steps.assign(step=[words.get(s, f"rejected: {reason_words(s)}") for s in steps["step"]])
    return Table(told, "Every row that came in, and where it went")


def decisions(ledger: pd.DataFrame) -> Table:
    """Show the decisions about whole files and columns, each with its evidence."""
    noted = ledger.loc[ledger["action"] == "noted", ["source_file", "reason", "value"]]
    return Table(
        noted.assign(reason=noted["reason"].map(reason_words)).reset_index(drop=True),
        "Decisions about whole files, with the evidence",
    )


def decision_lines(ledger: pd.DataFrame) -> list[str]:
    """Return the same decisions as lines for a terminal, the longer sentences whole.

    Examples
    --------
    >>> decision_lines(pd.DataFrame({"source_file": ["a.csv"], "action": "noted", "reason": "dates", "value": "ISO."}))
    ['a.csv, order of day and month: ISO.']
    """
    noted = ledger.loc[ledger["action"] == "noted", ["source_file", "reason", "value"]]
    return [f"{file}, {reason_words(reason)}: {value}" for file, reason, value in noted.itertuples(index=False)]


def flagged(ledger: pd.DataFrame) -> Table:
    """Show how many rows were kept but flagged, by file and reason."""
    kept = _by_export(ledger[ledger["action"] == "flagged"])
    counts = kept.groupby(["source_file", "reason"], as_index=False).size()
    told = counts.assign(reason=counts["reason"].map(reason_words)).rename(columns={"size": "rows"})
    return Table(told, "Rows kept but flagged")


def rejected(ledger: pd.DataFrame) -> Table:
    """Show how many rows were rejected, by file and reason, with the first row number and value as an example.

    Comments are never among the values: a page shows none that is not masked.
    """
    lost = ledger[ledger["action"] == "rejected"]
    grouped = (
        _by_export(lost)
        .groupby(["source_file", "reason"], as_index=False)
        .agg(rows=("reason", "size"), source_row=("source_row", "first"), first=("file", "first"))
    )
    first, own = grouped.pop("first"), grouped["source_file"]
    grouped["source_file"] = own.where(first == own, own + ", first in " + first)
    told = grouped.assign(reason=grouped["reason"].map(reason_words), source_row=grouped["source_row"].astype("Int64"))
    return Table(
        told.sort_values(["source_file", "rows"], ascending=[True, False]).reset_index(drop=True),
        "Rejected rows by file and reason, with the first such row",
    )


def _by_export(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the ledger by their exports, which may have thousands of files; each in `file` as well."""
    exports = {file: export_of(file) for file in rows["source_file"].dropna().unique()}
    return rows.assign(file=rows["source_file"], source_file=rows["source_file"].map(exports))


def recognised(files: pd.DataFrame) -> Table:
    """Show what each export was recognised as, and what that and the choice of the score rest on."""
    told = files.assign(evidence=files["evidence"].map(_deciding))
    return Table(told, "What each file was recognised as, and why")


def _deciding(evidence: str) -> str:
    """Return the sentences on tool, shape, sheet and score; `nps new` and study.toml tell of every column."""
    sentences = evidence.split("\n")
    return " ".join(s for s in sentences if s.startswith(("tool is", "shape is", "score is", "sheet is")))


def scale_sentence(responses: pd.DataFrame, ledger: pd.DataFrame | None = None) -> str:
    """Return what the answers say about the scale that was shown; what the ledger has of the owner's word goes first.

    Examples
    --------
    >>> scale_sentence(pd.DataFrame({"score": [0, 9, 10]}))
    'Answers of 0 occur (1 of 3): nothing speaks against a 0-10 scale.'
    """
    scores, times = np.unique(responses["score"].to_numpy(dtype=int), return_counts=True)
    values = dict(zip(scores.tolist(), times.tolist(), strict=True))
    doubt, said = suspicion(values), "" if ledger is None else scale_as_told(ledger)
    if said:
        return bold(said)
    if doubt and (ledger is None or not _is_settled(ledger)):
        return bold(sentence(doubt))
    zeros, n = values.get(0, 0), sum(values.values())
    if zeros:
        return f"Answers of 0 occur ({count(zeros)} of {count(n)}): nothing speaks against a 0-10 scale."
    return f"No 0 in {count(n)} answers; with so few low answers that says nothing about the scale."


def scale_as_told(ledger: pd.DataFrame) -> str:
    """Return what follows from a scale that the owner of the study has named; nothing where it is the one of NPS."""
    told = ledger.loc[ledger["reason"] == "scale", "value"].astype("string")
    if not told.str.contains(SCALES["1-10"], regex=False).any():
        return ""
    return (
        "The question offered 1 to 10, as study.toml says: no answer could be 0. Do not compare with scores of 0 to 10."
    )


def _is_settled(ledger: pd.DataFrame) -> bool:
    """Say whether whoever knows has said which scale was shown, so that nothing is left to suspect."""
    reasons = set(ledger["reason"])
    return "scale" in reasons and "scale_suspicion" not in reasons


def cleaning_conclusion(responses: pd.DataFrame, ledger: pd.DataFrame, *, timezone: str = "UTC") -> str:
    """Return what the page shows, in two or three sentences; days are those of the time zone."""
    steps = flow(responses, ledger)
    kept = ledger[ledger["action"] == "flagged"]
    rows = len(kept[["source_file", "source_row"]].drop_duplicates())
    said = [flow_sentence(steps)]
    if rows:
        said.append(f"{count(rows)} of the responses {'is' if rows == 1 else 'are'} flagged.")
    when = pd.to_datetime(responses["responded_at"].dropna(), utc=True).dt.tz_convert(timezone)
    if len(when):
        said.append(f"The answers run from {when.min():%Y-%m-%d} to {when.max():%Y-%m-%d}.")
    elif len(responses["wave"].unique()) > 1:
        said.append("The answers carry no dates; their waves are those that the exports or study.toml name.")
    else:
        said.append("The answers carry no dates, so no change over time can be seen.")
    return " ".join([*said, scale_sentence(responses, ledger)])
