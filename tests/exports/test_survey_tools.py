"""Layouts of further tools, as their own code writes them: what is recognised, and what each column becomes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from nps_utils import clean
from nps_utils.exports import Recognised, read_export

ASKED = "How likely are you to recommend us to a colleague?"
WHY = "Why that score?"
Row = Sequence[str]

MICROSOFT = {
    "en": ("Start time", "Completion time", "Email", "Name"),
    "sv": ("Starttid", "Slutförandetid", "E-post", "Namn"),
    "nb": ("Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn"),
    "da": ("Starttidspunkt", "Fuldførelsestidspunkt", "Mail", "Navn"),
    "nl": ("Begintijd", "Tijd van voltooien", "E-mail", "Naam"),
    "de": ("Startzeit", "Fertigstellungszeit", "E-Mail", "Name"),
    "fr": ("Heure de début", "Heure de fin", "Adresse de messagerie", "Nom"),
    "es": ("Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre"),
    "pt": ("Hora de início", "Hora de conclusão", "Email", "Nome"),
}


def written(path: Path, rows: Sequence[Row], delimiter: str = ",") -> Path:
    """Write rows as CSV, every cell quoted, with a BOM."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def values(table: pd.DataFrame, column: str) -> list[str]:
    """The cells of a column, empty ones as empty text."""
    return [str(cell) for cell in table[column].fillna("")]


def says(recognised: Recognised, title: str) -> bool:
    """Whether the reasons begin with the tool, and by which headers it was known."""
    return recognised.reasons[0].startswith(f'tool is {title}: it names columns "')


@pytest.mark.parametrize("language", MICROSOFT)
def test_microsoft_forms_in_nine_languages(tmp_path: Path, language: str) -> None:
    """The completion is the date; the ID and "anonymous" name nobody, so that no answer replaces another."""
    start, end, email, name = MICROSOFT[language]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ID", start, end, email, name, ASKED, WHY])
    for at, score in enumerate([10, 3], start=1):
        day = pd.Timestamp(f"2025-07-0{at} 23:50").to_pydatetime()
        sheet.append([at, day, day + pd.Timedelta(minutes=20), "anonymous", None, score, "Slow delivery in May"])
    book.save(tmp_path / "Form(1-2).xlsx")
    table, recognised = read_export(tmp_path / "Form(1-2).xlsx")
    assert recognised.tool == "microsoft_forms"
    assert says(recognised, "Microsoft Forms")
    assert values(table, "responded_at") == ["2025-07-02 00:10:00", "2025-07-03 00:10:00"]
    assert values(table, "email") == ["", ""]
    assert values(table, "row_of_the_form") == ["1", "2"]
    assert "respondent_id" not in table
    assert "response_id" not in table
    assert len(clean(table, timezone="Europe/Oslo", repeats="latest")[0]) == 2


def test_kobo_with_labels(tmp_path: Path) -> None:
    """Times are UTC though they do not say so; the validation status is the standing."""
    rows = [
        ["start", "end", ASKED, WHY, "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status",
         "_submitted_by", "__version__", "_tags", "_index"],
        ["2025-03-31T23:50:00.000+02:00", "2025-03-31T23:55:00.000+02:00", "9", "Quick to answer", "5001",
         "4e1a0c9e-2b1d-4f0a-9d5f-0c1d2e3f4a5b", "2025-03-31T22:30:00", "Approved", "", "submitted_via_web", "", "v1",
         "", "1"],
        ["2025-04-01T09:00:00.000+02:00", "2025-04-01T09:05:00.000+02:00", "2", "Slow to answer", "5002",
         "5e1a0c9e-2b1d-4f0a-9d5f-0c1d2e3f4a5b", "2025-04-01T07:05:00", "Not Approved", "", "submitted_via_web", "",
         "v1", "", "2"],
    ]  # fmt: skip
    table, recognised = read_export(written(tmp_path / "form.csv", rows, ";"))
    assert (recognised.tool, recognised.timezone) == ("kobo", "UTC")
    assert says(recognised, "KoboToolbox")
    assert values(table, "response_id") == ["5001", "5002"]
    assert values(table, "status") == ["Approved", "Not Approved"]
    assert "respondent_id" not in table
    assert values(table, "responded_at") == ["2025-03-31T22:30:00", "2025-04-01T07:05:00"]
    assert "times that name no zone are in UTC" in "\n".join(recognised.reasons)


def test_kobo_by_its_interface(tmp_path: Path) -> None:
    """The same answers as JSON: names with groups, a standing with three parts, one page of two."""
    answer = {
        "_id": 5001, "formhub/uuid": "abc", "nps/score": "9", "nps/why": "Quick to answer", "_xform_id_string": "aBc",
        "_uuid": "4e1a0c9e", "_submission_time": "2025-03-31T22:30:00", "_submitted_by": None, "_attachments": [],
        "_geolocation": [None, None], "_tags": [],
        "_validation_status": {"uid": "validation_status_not_approved", "label": "Not Approved", "color": "#ff0000"},
    }  # fmt: skip
    page = {"count": 2, "next": "https://kf.example/api?start=1", "previous": None, "results": [answer]}
    (tmp_path / "data.json").write_text(json.dumps(page))
    table, recognised = read_export(tmp_path / "data.json")
    assert recognised.tool == "kobo"
    assert recognised.score_column == "nps/score"
    assert values(table, "status") == ["Not approved"]
    assert any("count = 2 and holds 1 records: it may be one page of several" in note for note in recognised.notes)


def test_odk_central(tmp_path: Path) -> None:
    """The key is the response, the submitter is not the respondent, the review is the standing."""
    rows = [
        ["SubmissionDate", "start", "nps-score", "nps-why", "meta-instanceID", "KEY", "SubmitterID", "SubmitterName",
         "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion"],
        ["2025-03-31T22:30:00.120Z", "2025-03-31T23:50:00.000+02:00", "9", "Quick to answer", "uuid:1", "uuid:1", "12",
         "Interviewer", "0", "0", "", "rejected", "", "0", "v1"],
        ["2025-04-01T07:05:00.000Z", "2025-04-01T09:00:00.000+02:00", "2", "Slow to answer", "uuid:2", "uuid:2", "12",
         "Interviewer", "0", "0", "", "", "", "0", "v1"],
    ]  # fmt: skip
    table, recognised = read_export(written(tmp_path / "nps.csv", rows))
    assert recognised.tool == "odk"
    assert says(recognised, "ODK Central")
    assert values(table, "response_id") == ["uuid:1", "uuid:2"]
    assert values(table, "status") == ["Rejected", ""]
    assert values(table, "responded_at") == ["2025-03-31T22:30:00.120Z", "2025-04-01T07:05:00.000Z"]
    assert "respondent_id" not in table
    feed = {"value": [{"__id": "uuid:1", "__system": {"submissionDate": "2025-03-31T22:30:00.120Z", "reviewState":
            "hasIssues", "submitterId": "12"}, "nps": {"score": 9, "why": "Quick to answer"}}]}  # fmt: skip
    (tmp_path / "feed.json").write_text(json.dumps(feed))
    table, recognised = read_export(tmp_path / "feed.json")
    assert (recognised.tool, recognised.score_column) == ("odk", "nps.score")
    assert values(table, "status") == ["Has issues"]


LIMESURVEY = ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp", "NPS", "WHY"]
ANSWERS = [
    ["1", "2025-08-04 10:00:05", "3", "sv", "17", "kX3vN8", "2025-08-04 09:55:00", "2025-08-04 10:00:05", "10",
     "Helpful people"],
    ["2", "", "1", "sv", "18", "pQ7wZ1", "2025-08-05 09:55:00", "2025-08-05 09:56:00", "2", ""],
]  # fmt: skip


def test_limesurvey_codes(tmp_path: Path) -> None:
    """An empty submitdate is an unfinished answer, though other times are filled."""
    table, recognised = read_export(written(tmp_path / "results-survey1.csv", [LIMESURVEY, *ANSWERS]))
    assert recognised.tool == "limesurvey"
    assert says(recognised, "LimeSurvey")
    assert values(table, "responded_at") == ["2025-08-04 10:00:05", ""]
    assert values(table, "finished") == ["yes", "no"]
    assert values(table, "respondent_id") == ["kX3vN8", "pQ7wZ1"]
    assert 'finished is whether "submitdate" is filled' in "\n".join(recognised.reasons)
    assert len(clean(table, timezone="Europe/Stockholm")[0]) == 1


@pytest.mark.parametrize(
    "names",
    [
        ["Response ID", "Date submitted", "Last page", "Start language", "Seed"],
        ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert"],
        ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "startlanguage. Start language", "s"],
    ],
)
def test_limesurvey_full_texts(tmp_path: Path, names: list[str]) -> None:
    """The questions instead of their codes, or both."""
    rows = [[*names, "Access code", "Date started", "Date last action", ASKED, WHY], *ANSWERS]
    table, recognised = read_export(written(tmp_path / "results.csv", rows))
    assert recognised.tool == "limesurvey"
    assert values(table, "score") == ["10", "2"]
    assert values(table, "finished") == ["yes", "no"]
    assert values(table, "response_id") == ["1", "2"]


def test_limesurvey_json_of_either_age(tmp_path: Path) -> None:
    """Records as they are, or each below its id."""
    records = [dict(zip(LIMESURVEY, row, strict=True)) for row in ANSWERS]
    for name, responses in (("new", records), ("old", [{record["id"]: record} for record in records])):
        (tmp_path / f"{name}.json").write_text(json.dumps({"responses": responses}))
        table, recognised = read_export(tmp_path / f"{name}.json")
        assert recognised.tool == "limesurvey"
        assert values(table, "score") == ["10", "2"]
        assert values(table, "finished") == ["yes", "no"]


def vv(value: str | None) -> str:
    """One cell as LimeSurvey writes it into a VV file."""
    if value is None:
        return "{question_not_shown}"
    for char, written_as in (("{", "{lbrace}"), ("\n", "{newline}"), ("\r", "{cr}"), ("\t", "{tab}")):
        value = value.replace(char, written_as)
    return "{quote}" + value[1:] if value.startswith('"') else value


def test_limesurvey_vv(tmp_path: Path) -> None:
    """Questions above codes, and its own signs for line ends, quotes, braces and for nothing."""
    comments = ['"Good"\nand {newline} quick', None, "tab\there {x}"]
    above = ["Response ID", "Date submitted", "Last page", "Start language", ASKED, WHY]
    below = ["id", "submitdate", "lastpage", "startlanguage", "NPS", "WHY"]
    times = ["2025-08-04 10:00:05", None, "2025-08-05 11:00:00"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows([above, below])
    for at, (time, comment) in enumerate(zip(times, comments, strict=True), start=1):
        writer.writerow([str(at), vv(time), "2", "sv", str(10 - at), vv(comment)])
    (tmp_path / "vvexport_1.csv").write_text(out.getvalue(), "utf-8")
    table, recognised = read_export(tmp_path / "vvexport_1.csv")
    assert (recognised.tool, recognised.header_rows, recognised.score_column) == ("limesurvey", 2, "NPS")
    assert values(table, "score") == ["9", "8", "7"]
    assert values(table, "comment") == [comment or "" for comment in comments]
    assert values(table, "finished") == ["yes", "no", "yes"]
    assert values(table, "responded_at") == [time or "" for time in times]


def test_limesurvey_vv_in_which_most_were_not_asked(tmp_path: Path) -> None:
    """What was not shown is empty when columns are recognised, too."""
    rows = [["Response ID", "Date submitted", "Last page", ASKED, WHY], ["id", "submitdate", "lastpage", "NPS", "WHY"]]
    rows += [[str(at), vv(None), "1", vv("7" if at == 3 else None), vv(None)] for at in range(1, 9)]
    with (tmp_path / "vvexport_2.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    table, recognised = read_export(tmp_path / "vvexport_2.csv")
    assert (recognised.tool, recognised.score_column) == ("limesurvey", "NPS")
    assert values(table, "score") == ["", "", "7", "", "", "", "", ""]
    assert set(values(table, "finished")) == {"no"}


def test_alchemer(tmp_path: Path) -> None:
    """The date of submission, not of the start; the status in the vendor's words."""
    rows = [
        ["Response ID", "Time Started", "Date Submitted", "Status", "Contact ID", "Legacy Comments", "Comments",
         "Language", "Referer", "SessionID", "User Agent", "Country", ASKED, WHY],
        ["1", "2025-08-13 09:50:00", "2025-08-14 13:00:05", "Complete", "", "", "", "English", "", "15_a", "", "Norway",
         "9", "Quick to answer"],
        ["2", "2025-08-13 09:50:00", "2025-08-15 13:00:05", "Disqualified", "", "", "", "English", "", "15_b", "",
         "Norway", "2", "Slow to answer"],
    ]  # fmt: skip
    table, recognised = read_export(written(tmp_path / "20250816-SurveyExport.csv", rows))
    assert recognised.tool == "alchemer"
    assert says(recognised, "Alchemer")
    assert values(table, "responded_at") == ["2025-08-14 13:00:05", "2025-08-15 13:00:05"]
    assert values(table, "status") == ["Complete", "Disqualified"]
    assert values(table, "comment") == ["Quick to answer", "Slow to answer"]


def test_formbricks(tmp_path: Path) -> None:
    """Questions are numbered, times bear their zone, and the number of the row is nobody's id."""
    rows = [
        ["No.", "Response ID", "Timestamp", "Finished", "Survey ID", "Formbricks ID (internal)", "User ID", "Tags",
         "userAgent - browser", "userAgent - os", "country", f"1. {ASKED}", f"2. {WHY}"],
        ["1", "cm7r1zq0k0001", "2025-03-31 23:30:15 GMT-1", "Yes", "cm7s", "", "u1", "", "Firefox", "Linux", "NO", "9",
         "'=quick"],
        ["2", "cm7r1zq0k0002", "2025-04-01 10:00:15 GMT+2", "No", "cm7s", "", "u2", "", "Firefox", "Linux", "NO", "2",
         "Slow to answer"],
    ]  # fmt: skip
    table, recognised = read_export(written(tmp_path / "export-nps-2025-04-02.csv", rows))
    assert recognised.tool == "formbricks"
    assert says(recognised, "Formbricks")
    assert values(table, "response_id") == ["cm7r1zq0k0001", "cm7r1zq0k0002"]
    assert values(table, "respondent_id") == ["u1", "u2"]
    assert values(table, "finished") == ["Yes", "No"]
    assert values(table, "row_of_the_file") == ["1", "2"]
    responses, _ = clean(table, timezone="Europe/Oslo")
    assert [str(time) for time in responses["responded_at"]] == ["2025-04-01 00:30:15+00:00"]
    answer = {"id": "cm7r1zq0k0001", "createdAt": "2025-04-01T00:30:15.000Z", "updatedAt": "2025-04-01T00:30:15.000Z",
              "finished": True, "surveyId": "cm7s", "endingId": None, "data": {"nps": 9, "why": "Quick to answer"},
              "contact": {"id": "c1", "userId": "u1"}, "tags": [], "meta": {"country": "NO"}}  # fmt: skip
    (tmp_path / "api.json").write_text(json.dumps({"data": [answer]}))
    table, recognised = read_export(tmp_path / "api.json")
    assert (recognised.tool, recognised.score_column) == ("formbricks", "data.nps")
    assert values(table, "respondent_id") == ["u1"]


def test_posthog_query_and_events(tmp_path: Path) -> None:
    """The query of its helper, and events as they are: those without an answer stay rows."""
    rows = [["distinct_id", ASKED, WHY, "timestamp"],
            ["0195f0c2-7a", "9", "Quick to answer", "2025-03-31T22:30:00.120000Z"],
            ["0195f0c2-7b", "2", "Slow to answer", "2025-04-01T07:05:00.000000Z"]]  # fmt: skip
    table, recognised = read_export(written(tmp_path / "query.csv", rows))
    assert recognised.tool == "posthog"
    assert says(recognised, "PostHog")
    assert values(table, "respondent_id") == ["0195f0c2-7a", "0195f0c2-7b"]
    events = [
        {"uuid": f"e{at}", "event": event, "distinct_id": "d1", "timestamp": "2025-03-31T22:30:00Z",
         "properties": {"$survey_id": "s1", "$survey_name": "NPS", **more}}
        for at, (event, more) in enumerate([("survey shown", {}), ("survey sent", {"$survey_response": "9"})])
    ]  # fmt: skip
    (tmp_path / "events.json").write_text(json.dumps(events))
    table, recognised = read_export(tmp_path / "events.json", columns={"score": "properties.$survey_response"})
    assert recognised.tool == "posthog"
    assert values(table, "score") == ["", "9"]
    assert values(table, "survey") == ["NPS", "NPS"]


INFERRED = [
    ("jotform", ["Submission Date", ASKED, WHY, "Submission IP", "Submission ID"],
     ["Mar 4, 2025", "9", "Quick to answer", "10.0.0.1", "6175430921839204715"],
     {"response_id": "6175430921839204715", "responded_at": "Mar 4, 2025"}),
    ("questback", ["lfdn", "external_lfdn", "tester", "dispcode", "lastpage", "v_1 recommend", "v_2 why", "datetime",
                   "date_of_last_access"],
     ["17", "p9", "0", "22", "4711", "9", "Quick to answer", "2025-03-04 10:00:00", "2025-03-04 10:05:00"],
     {"response_id": "17", "status": "Partial", "responded_at": "2025-03-04 10:05:00", "excluded": "0"}),
    ("surveyxact", ["respondent", "created", "modified", "closetime", "starttime", "email", ASKED, WHY,
                    "statoverall_1", "statoverall_2", "statoverall_3", "statoverall_4", "statoverall_5"],
     ["8812", "2025-03-01 10:00:00", "2025-03-04 10:05:00", "2025-03-04 10:05:00", "2025-03-04 10:00:00",
      "a@x.example", "9", "Quick to answer", "0", "0", "0", "1", "0"],
     {"respondent_id": "8812", "responded_at": "2025-03-04 10:05:00", "finished": "1"}),
    ("netigate", ["AnswerSetId", "SurveyId", "EndDate", ASKED, WHY],
     ["991", "12", "2025-03-04 10:05:00", "9", "Quick to answer"], {"response_id": "991"}),
    ("webropol", ["Vastaajanumero", "Vastausaika", ASKED, WHY], ["1", "4.3.2025 10.05", "9", "Quick to answer"],
     {"responded_at": "4.3.2025 10.05", "row_of_the_survey": "1"}),
    ("enalyzer", ["Respondent-ID", "Svarstatus", "Gennemført den", ASKED, WHY],
     ["31", "Gennemført", "04-03-2025 10:05", "9", "Quick to answer"], {"status": "Gennemført"}),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "headers", "answer", "becomes"), INFERRED, ids=[one[0] for one in INFERRED])
def test_tools_whose_layout_is_inferred(
    tmp_path: Path, tool: str, headers: list[str], answer: list[str], becomes: dict[str, str]
) -> None:
    """What their files list is taken at its word."""
    table, recognised = read_export(written(tmp_path / "export.csv", [headers, answer]))
    assert recognised.tool == tool
    assert recognised.reasons[0].startswith("tool is ")
    assert {name: values(table, name)[0] for name in becomes} == becomes
    assert values(table, "score") == ["9"]


def test_common_headers_are_no_tools_sign(tmp_path: Path) -> None:
    """What many tools write gives none of them away."""
    for headers in (
        ["ID", "Start time", "End time", "NPS", "Comment"],
        ["Response ID", "Submission Date", "Status", "NPS", "Comment"],
        ["id", "uuid", "timestamp", "NPS", "Comment"],
        ["KEY", "SubmissionDate", "Country", "NPS", "Comment"],
        ["Respondent ID", "Status", "Date", "NPS", "Comment"],
    ):
        rows = [headers, ["1", "2025-03-04 10:05:00", "x", "9", "Quick to answer"]]
        assert read_export(written(tmp_path / "plain.csv", rows))[1].tool == "generic", headers


@pytest.mark.parametrize("word", ["Poeng", "Points", "Poäng", "Point", "Punten"])
def test_points_of_a_quiz_are_no_second_question(tmp_path: Path, word: str) -> None:
    """Microsoft Forms repeats each question of a quiz for its points, zero in each row."""
    question = "How likely are you to recommend us to a colleague?"
    head = ["ID", "Completion time", question, f"{word} - {question}", f"Feedback - {question}"]
    rows = [
        [str(at), f"2026-03-{at + 1:02d} 10:00", str(score), "0", ""] for at, score in enumerate([10, 9, 3, 7, 0] * 4)
    ]
    path = tmp_path / "forms.csv"
    path.write_text("\n".join(",".join(row) for row in [head, *rows]), "utf-8")
    table, recognised = read_export(path)
    assert recognised.score_column == question
    assert table["score"].tolist() == [row[2] for row in rows]
