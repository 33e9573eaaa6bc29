"""Writes canonical responses in the layouts of further tools, so that what is written can be read back and compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pandas as pd

from nps_utils.simulate.layouts import QUESTION, REASON, column, dates, group_of, write_table

TIMESTAMPS: Final = {
    "en": "Timestamp",
    "sv": "Tidstämpel",
    "nb": "Tidsstempel",
    "da": "Tidsstempel",
    "nl": "Tijdstempel",
}
QUALTRICS: Final = {  # field -> (label, import id)
    "StartDate": ("Start Date", "startDate"),
    "EndDate": ("End Date", "endDate"),
    "Status": ("Response Type", "status"),
    "Progress": ("Progress", "progress"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration"),
    "Finished": ("Finished", "finished"),
    "RecordedDate": ("Recorded Date", "recordedDate"),
    "ResponseId": ("Response ID", "_recordId"),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName"),
    "RecipientFirstName": ("Recipient First Name", "recipientFirstName"),
    "RecipientEmail": ("Recipient Email", "recipientEmail"),
    "ExternalReference": ("External Data Reference", "externalDataReference"),
    "DistributionChannel": ("Distribution Channel", "distributionChannel"),
    "UserLanguage": ("User Language", "userLanguage"),
    "Q1_NPS_GROUP": (QUESTION + " - Group", "QID1_NPS_GROUP"),
    "Q1": (QUESTION, "QID1"),
    "Q2": (REASON, "QID2_TEXT"),
}
STATUS: Final = "IP Address"


def write_qualtrics(responses: pd.DataFrame, path: str | Path, *, timezone: str = "UTC") -> None:
    """Write a Qualtrics export: field names, labels and JSON import ids as three header rows."""
    when = dates(responses, "%Y-%m-%d %H:%M:%S", timezone)
    first, last = _names(responses)
    score = column(responses, "score")
    finished = ["0" if cell in {"False", "false", "0"} else "1" for cell in column(responses, "finished", "1")]
    columns = {
        "StartDate": when,
        "EndDate": when,
        "Status": [text or STATUS for text in column(responses, "status")],
        "Progress": ["100" if cell == "1" else "50" for cell in finished],
        "Duration (in seconds)": ["42"] * len(score),
        "Finished": finished,
        "RecordedDate": when,
        "ResponseId": column(responses, "response_id"),
        "RecipientLastName": last,
        "RecipientFirstName": first,
        "RecipientEmail": column(responses, "email"),
        "ExternalReference": column(responses, "respondent_id"),
        "DistributionChannel": column(responses, "channel", "email"),
        "UserLanguage": [text.upper() for text in column(responses, "language")],
        "Q1_NPS_GROUP": [group_of(text).capitalize() for text in score],
        "Q1": score,
        "Q2": column(responses, "comment"),
    }
    labels = [QUALTRICS[name][0] for name in columns]
    dated = {"startDate", "endDate", "recordedDate"}
    ids = [
        json.dumps({"ImportId": key} | ({"timeZone": timezone} if key in dated else {}), separators=(",", ":"))
        for _, key in (QUALTRICS[name] for name in columns)
    ]
    write_table([list(columns), labels, ids], list(columns.values()), path)


def write_typeform(responses: pd.DataFrame, path: str | Path) -> None:
    """Write a Typeform export: the token in `#`, question texts as headers, times in UTC as the headers say."""
    when = dates(responses, "%Y-%m-%d %H:%M:%S")
    n = len(responses)
    headers = ["#", QUESTION, REASON, "email", "Response Type", "Start Date (UTC)", "Stage Date (UTC)"]
    headers += ["Submit Date (UTC)", "Network ID", "Tags"]
    columns = [column(responses, "response_id"), column(responses, "score"), column(responses, "comment")]
    columns += [column(responses, "email"), ["completed"] * n, when, [""] * n, when, [""] * n, [""] * n]
    write_table([headers], columns, path)


def write_google_forms(
    responses: pd.DataFrame, path: str | Path, *, language: str = "en", timezone: str = "Europe/Stockholm"
) -> None:
    """Write a Google Forms sheet: a timestamp in the form's language, local time, then the questions."""
    columns = [dates(responses, "%Y-%m-%d %H:%M:%S", timezone), column(responses, "score")]
    write_table([[TIMESTAMPS[language], QUESTION, REASON]], [*columns, column(responses, "comment")], path)


def write_delighted(responses: pd.DataFrame, path: str | Path) -> None:
    """Write a Delighted export: Title Case headers, times in UTC, properties of the person beside the answer."""
    columns = {
        "Response ID": column(responses, "response_id"),
        "Survey Type": [text.lower() for text in column(responses, "survey_type", "NPS")],
        "Score": column(responses, "score"),
        "Comment": column(responses, "comment"),
        "Created At (UTC)": dates(responses, "%Y-%m-%d %H:%M:%S"),
        "Person ID": column(responses, "respondent_id"),
        "Person Name": column(responses, "respondent_name"),
        "Person Email": column(responses, "email"),
        "Locale": column(responses, "language"),
        "Tags": [""] * len(responses),
    }
    write_table([list(columns)], list(columns.values()), path)


def write_asknicely(responses: pd.DataFrame, path: str | Path) -> None:
    """Write AskNicely answers: Unix times, NPS beside other measures by `question_type`."""
    columns = {
        "response_id": column(responses, "response_id"),
        "person_id": column(responses, "respondent_id"),
        "name": column(responses, "respondent_name"),
        "email": column(responses, "email"),
        "answer": column(responses, "score"),
        "comment": column(responses, "comment"),
        "question_type": column(responses, "survey_type", "NPS"),
        "responded": _unix(responses),
        "status": column(responses, "status"),
    }
    write_table([list(columns)], list(columns.values()), path)


def write_retently(responses: pd.DataFrame, path: str | Path) -> None:
    """Write a Retently export: ISO times in UTC, the answer in `Feedback`."""
    first, last = _names(responses)
    columns = {
        "Response ID": column(responses, "response_id"),
        "First Name": first,
        "Last Name": last,
        "Email": column(responses, "email"),
        "Company": column(responses, "account_name"),
        "Score": column(responses, "score"),
        "Feedback": column(responses, "comment"),
        "Created Date": dates(responses, "%Y-%m-%dT%H:%M:%S.000Z"),
        "Tags": [""] * len(responses),
    }
    write_table([list(columns)], list(columns.values()), path)


def write_wootric(responses: pd.DataFrame, path: str | Path) -> None:
    """Write Wootric answers: Unix times, the comment in `text`, and what the tool leaves out of its own score."""
    left_out = column(responses, "excluded")
    columns = {
        "id": column(responses, "response_id"),
        "end_user_id": column(responses, "respondent_id"),
        "email": column(responses, "email"),
        "score": column(responses, "score"),
        "text": column(responses, "comment"),
        "completed": ["true"] * len(responses),
        "excluded_from_calculations": ["true" if cell in {"True", "true", "1"} else "false" for cell in left_out],
        "created_at": _unix(responses),
    }
    write_table([list(columns)], list(columns.values()), path)


def write_survicate(responses: pd.DataFrame, path: str | Path) -> None:
    """Write an in-app tool's export: numbered questions over `Score` and `Label`, times in UTC."""
    score = column(responses, "score")
    headers = ["Date & Time (UTC)", "Response uuid", "Respondent uuid", "email"]
    headers += [f"Q#1: {QUESTION}", "", f"Q#2: {REASON}"]
    columns = [dates(responses, "%Y-%m-%d %H:%M:%S"), column(responses, "response_id")]
    columns += [column(responses, "respondent_id"), column(responses, "email"), score]
    columns += [[group_of(text).capitalize() for text in score], column(responses, "comment")]
    write_table([headers, ["", "", "", "", "Score", "Label", "Answer"]], columns, path)


def _names(responses: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return first and last names."""
    parts = [name.partition(" ") for name in column(responses, "respondent_name")]
    return [first for first, _, _ in parts], [last for _, _, last in parts]


def _unix(responses: pd.DataFrame) -> list[str]:
    return dates(responses, lambda at: str(int(at.timestamp())))
