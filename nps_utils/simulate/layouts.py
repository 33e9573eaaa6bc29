"""Writes canonical responses in the layouts of the four tools of the demo: headers, dates, labels, encodings.

Each writer takes one row per response with the columns it can use (`response_id`, `email`, `score`, `comment`,
`responded_at` in UTC, ...); absent columns are written as empty cells. Text scores such as "6.5" are written as
they are. `date_text`, where present and not empty, replaces the written date: for dates nobody can read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

QUESTION: Final = "How likely is it that you would recommend Fjordlogic to a friend or colleague?"
REASON: Final = "What is the main reason for your score?"
SUPEROFFICE_QUESTION: Final = "Hvor sannsynlig er det at du vil anbefale Fjordlogic til en venn eller kollega?"
SUPEROFFICE_PRAISE: Final = "Hva ville du anbefalt oss for?"
SUPEROFFICE_WISH: Final = "Hva bør vi forbedre?"


def column(responses: pd.DataFrame, name: str, default: str = "") -> list[str]:
    """Return a column as text, one cell per response; empty where there is nothing."""
    if name not in responses.columns:
        return [default] * len(responses)
    return ["" if pd.isna(value) else str(value) for value in responses[name]]


def dates(responses: pd.DataFrame, how: str | Callable[[pd.Timestamp], str], timezone: str = "UTC") -> list[str]:
    """Return when each response was given, in a tool's format and time zone."""
    local = responses["responded_at"].dt.tz_convert(timezone)
    write = how if callable(how) else lambda at: at.strftime(how)
    cells = ["" if pd.isna(at) else write(at) for at in local]
    return [text or cell for text, cell in zip(column(responses, "date_text"), cells, strict=True)]


def write_table(
    headers: Sequence[Sequence[str]], columns: Sequence[Sequence[str]], path: str | Path, *,
    delimiter: str = ",", encoding: str = "utf-8", newline: str = "\n",
) -> None:  # fmt: skip
    """Write header rows and text columns as a delimited file, the same bytes on every system.

    Characters the encoding lacks become numeric HTML entities, as web forms send them.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    for row in [*headers, *zip(*columns, strict=True)]:
        writer.writerow([cell.encode(encoding, errors="xmlcharrefreplace").decode(encoding) for cell in row])
    Path(path).write_bytes(text.getvalue().encode(encoding))


def group_of(score: str) -> str:
    """Return HubSpot's name of the band of a score, empty where it is no score."""
    if not score.isdigit() or int(score) > 10:
        return ""
    return "PROMOTER" if int(score) >= 9 else "PASSIVE" if int(score) >= 7 else "DETRACTOR"


def write_hubspot(responses: pd.DataFrame, path: str | Path) -> None:
    """Write a HubSpot feedback export: property names, ISO times in UTC, the e-mail in `hs_submission_name`."""
    score = column(responses, "score")
    kind = column(responses, "survey_type", "NPS")
    label = column(responses, "score_label") if "score_label" in responses.columns else [""] * len(score)
    group = [
        given or (group_of(s) if k == "NPS" else "") for given, s, k in zip(label, score, kind, strict=True)
    ]  # fmt: skip
    columns = {
        "hs_object_id": column(responses, "response_id"),
        "hs_submission_timestamp": dates(responses, "%Y-%m-%dT%H:%M:%SZ"),
        "hs_survey_name": column(responses, "survey"),
        "hs_survey_type": kind,
        "hs_survey_channel": [text.upper() for text in column(responses, "channel")],
        "hs_submission_name": column(responses, "email"),
        "hs_value": score,
        "hs_response_group": group,
        "hs_content": column(responses, "comment"),
    }
    write_table([list(columns)], list(columns.values()), path)


def write_superoffice(responses: pd.DataFrame, path: str | Path, *, timezone: str = "Europe/Oslo") -> None:
    """Write a SuperOffice form export: `;`, Norwegian headers, dd.mm.yyyy, two exclusive comment columns, cp1252."""
    ends = {"0": "0 - slett ikke sannsynlig", "10": "10 - svært sannsynlig"}
    score = column(responses, "score")
    comment = column(responses, "comment")
    promoter = [s in {"9", "10"} for s in score]
    columns = {
        "Svar-ID": column(responses, "response_id"),
        "Dato": dates(responses, "%d.%m.%Y %H:%M", timezone),
        "Firma": column(responses, "account_name"),
        "Firma-ID": column(responses, "account_id"),
        "Kontakt": column(responses, "respondent_name"),
        "E-post": column(responses, "email"),
        "Status": column(responses, "status", "Besvart"),
        SUPEROFFICE_QUESTION: [ends.get(s, s) for s in score],
        SUPEROFFICE_PRAISE: [text if best else "" for text, best in zip(comment, promoter, strict=True)],
        SUPEROFFICE_WISH: ["" if best else text for text, best in zip(comment, promoter, strict=True)],
    }
    write_table([list(columns)], list(columns.values()), path, delimiter=";", encoding="cp1252", newline="\r\n")


def write_trustmary(responses: pd.DataFrame, path: str | Path, *, timezone: str = "Europe/Amsterdam") -> None:
    """Write Trustmary answers: ISO times with offset, the reason in `feedback`, a testimonial with its consent."""
    consent = ["true" if cell in {"True", "true", "yes"} else "" for cell in column(responses, "consent_to_quote")]
    columns = {
        "survey_id": column(responses, "survey"),
        "answer_id": column(responses, "response_id"),
        "nps": column(responses, "score"),
        "feedback": column(responses, "comment"),
        "comment": column(responses, "testimonial"),
        "publicConsent": consent,
        "created_at": dates(responses, lambda at: at.isoformat(timespec="seconds"), timezone),
        "organization": column(responses, "account_name"),
        "location": column(responses, "country"),
        "email": column(responses, "email"),
        # A field of our own, synchronised from the customer system.
        "organization_id": column(responses, "account_id"),
    }
    write_table([list(columns)], list(columns.values()), path)


def write_surveymonkey(responses: pd.DataFrame, path: str | Path, *, timezone: str = "Europe/Stockholm") -> None:
    """Write a SurveyMonkey export: two header rows, MM/DD/YYYY with AM and PM, labels at both ends of the scale."""
    ends = {"0": "Not at all likely - 0", "10": "Extremely likely - 10"}
    names = [name.split(" ", 1) if name else ["", ""] for name in column(responses, "respondent_name")]
    when = dates(responses, "%m/%d/%Y %I:%M:%S %p", timezone)
    columns = {
        "Respondent ID": column(responses, "response_id"),
        "Collector ID": column(responses, "survey"),
        "Start Date": when,
        "End Date": when,
        "IP Address": [""] * len(responses),
        "Email Address": column(responses, "email"),
        "First Name": [name[0] for name in names],
        "Last Name": [name[-1] for name in names],
        "Custom Data 1": column(responses, "account_id"),
        QUESTION: [ends.get(s, s) for s in column(responses, "score")],
        REASON: column(responses, "comment"),
    }
    second = [""] * 9 + ["Response", "Open-Ended Response"]
    write_table([list(columns), second], list(columns.values()), path)
