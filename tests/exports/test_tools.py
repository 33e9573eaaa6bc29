"""Each tool's layout, in small invented files: what is recognised, and that no row is dropped."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from nps_utils import Study
from nps_utils.checks import Undecidable
from nps_utils.exports import Recognised, read_export
from nps_utils.exports.tools import known_tools

Row = list[str]


def read(
    folder: Path, rows: list[Row], *, delimiter: str = ",", encoding: str = "utf-8"
) -> tuple[pd.DataFrame, Recognised]:
    """Write rows to a file and read it back."""
    path = folder / "export.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return read_export(path)


def values(table: pd.DataFrame, column: str) -> list[str]:
    """The cells of a column, empty ones as empty text."""
    return [str(cell) for cell in table[column].fillna("")]


def test_every_tool_has_a_file_of_its_own_and_signs_of_its_own() -> None:
    """Tools are found by being there, and no sign of one is a sign of another."""
    names = [tool.name for tool in known_tools()]
    assert {"hubspot", "surveymonkey", "superoffice", "trustmary", "qualtrics", "typeform", "google_forms"} <= set(
        names
    )
    assert {"delighted", "asknicely", "retently", "wootric", "survicate", "generic"} <= set(names)
    signs = [sign for tool in known_tools() for sign in tool.signs]
    assert len(signs) == len(set(signs))
    for tool in known_tools():
        for sign in tool.signs:
            assert [
                other.name
                for other in known_tools()
                if other.match(sorted(sign)) and len(other.match(sorted(sign))) > len(sign)
            ] == []


def test_hubspot_property_names(tmp_path: Path) -> None:
    """CSAT rows stay, with their type; the e-mail is in the submission's name."""
    rows = [
        ["hs_object_id", "hs_submission_timestamp", "hs_value", "hs_response_group", "hs_content", "hs_survey_type",
         "hs_survey_channel", "hs_survey_name", "hs_submission_name", "plan"],
        ["900000000000000017", "2026-01-05T10:00:00Z", "9", "PROMOTER", "Ok", "NPS", "EMAIL", "Q1", "a@x.example", "b"],
        ["900000000000000018", "2026-01-06T10:00:00Z", "2", "", "", "CSAT", "EMAIL", "Q1", "b@x.example", "c"],
    ]  # fmt: skip
    table, recognised = read(tmp_path, rows)
    assert recognised.tool == "hubspot"
    assert values(table, "response_id") == ["900000000000000017", "900000000000000018"]
    assert values(table, "survey_type") == ["NPS", "CSAT"]
    assert values(table, "email")[0] == "a@x.example"
    assert (recognised.score_column, recognised.extras) == ("hs_value", ("plan",))


def test_hubspot_screen_labels(tmp_path: Path) -> None:
    """Localised labels of the screen are HubSpot's too."""
    rows = [["Betyg", "Svar", "Datum", "Undersökning"], ["10", "Snabb hjälp i dag", "2026-01-05", "NPS"]]
    table, recognised = read(tmp_path, rows)
    assert recognised.tool == "hubspot"
    assert [values(table, name)[0] for name in ("score", "comment", "responded_at", "survey")] == [
        "10", "Snabb hjälp i dag", "2026-01-05", "NPS",
    ]  # fmt: skip


SURVEYMONKEY = [
    ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name",
     "Last Name", "Custom Data 1", "How likely is it that you would recommend us to a friend?", "Why?", "Which?", ""],
    ["", "", "", "", "", "", "", "", "", "Response", "Open-Ended Response", "Phone", "Mail"],
    ["118004200000001122", "4288", "01/05/2026 10:02:50 PM", "01/05/2026 10:03:50 PM", "", "a@x.example", "A", "B",
     "00017", "Extremely likely - 10", "Fast help", "Phone", ""],
    ["118004200000001123", "4288", "01/06/2026 10:02:50 PM", "01/06/2026 10:03:50 PM", "", "", "", "", "", "7", "",
     "", "Mail"],
]  # fmt: skip


def test_surveymonkey_two_header_rows(tmp_path: Path) -> None:
    """Row two is joined with row one carried forward; the first answer is record 3."""
    table, recognised = read(tmp_path, SURVEYMONKEY)
    assert (recognised.tool, recognised.header_rows) == ("surveymonkey", 2)
    assert values(table, "score") == ["Extremely likely - 10", "7"]
    assert values(table, "comment") == ["Fast help", ""]
    assert values(table, "responded_at")[0] == "01/05/2026 10:03:50 PM"
    assert table["source_row"].tolist() == [3, 4]
    assert values(table, "Which?: Phone") == ["Phone", ""]
    assert values(table, "Which?: Mail") == ["", "Mail"]
    assert not {"First Name", "Last Name", "IP Address"} & set(recognised.segments)


def test_surveymonkey_workbook(tmp_path: Path) -> None:
    """The same rows as a workbook give the same table."""
    book = openpyxl.Workbook()
    for row in SURVEYMONKEY:
        book.worksheets[0].append([cell or None for cell in row])
    book.save(tmp_path / "sm.xlsx")
    one, _ = read_export(tmp_path / "sm.xlsx")
    two, _ = read(tmp_path, SURVEYMONKEY)
    assert one.drop(columns="source_file").equals(two.drop(columns="source_file"))


def test_superoffice_two_comment_columns(tmp_path: Path) -> None:
    """Exclusive comment columns become one, with the question that was asked; an anonymous row stays."""
    praise, wish = "Hva vil du anbefale oss for?", "Hva kan vi forbedre?"
    rows = [
        ["Firma", "Kontakt", "E-post", "Dato", "Hvor sannsynlig er det at du vil anbefale oss?", praise, wish],
        ["Fjell AS", "Kari Ås", "kari@fjell.example", "24.02.2026", "10 - svært sannsynlig", "Blid betjening", ""],
        ["", "", "", "25.02.2026", "3", "", "Lang ventetid"],
        ["Fjord AS", "Per", "per@fjord.example", "26.02.2026", "8", "", ""],
    ]
    table, recognised = read(tmp_path, rows, delimiter=";", encoding="cp1252")
    assert (recognised.tool, recognised.encoding) == ("superoffice", "Windows-1252")
    assert values(table, "comment") == ["Blid betjening", "Lang ventetid", ""]
    assert values(table, "comment_question") == [praise, wish, ""]
    assert values(table, "account_id") == ["Fjell AS", "", "Fjord AS"]
    assert recognised.toml_columns["comment"] == [praise, wish]


def test_named_comment_columns_are_merged_too(tmp_path: Path) -> None:
    """The mapping of study.toml can name both columns; where both were answered both are kept."""
    path = tmp_path / "x.csv"
    path.write_text("nps,a,b\n9,one,\n3,,two\n5,one,two\n", encoding="utf-8")
    table, _ = read_export(path, columns={"comment": ["a", "b"]})
    assert values(table, "comment") == ["one", "two", "one\ntwo"]
    assert values(table, "comment_question") == ["a", "b", "a | b"]


def test_trustmary_reason_and_testimonial(tmp_path: Path) -> None:
    """`feedback` is the reason, `comment` a testimonial; only "true" is consent."""
    rows = [
        [
            "survey_id",
            "answer_id",
            "nps",
            "feedback",
            "comment",
            "publicConsent",
            "created_at",
            "organization",
            "email",
        ],
        ["s1", "a1", "10", "Quick", "Best vendor ever", "true", "2026-01-05T10:00:00+01:00", "Fjell", "a@x.example"],
        ["s1", "a2", "4", "Slow", "", "", "2026-01-06T10:00:00+01:00", "", ""],
    ]
    table, recognised = read(tmp_path, rows)
    assert recognised.tool == "trustmary"
    assert values(table, "comment") == ["Quick", "Slow"]
    assert values(table, "testimonial") == ["Best vendor ever", ""]
    assert values(table, "consent_to_quote") == ["true", "false"]


def imports(names: Row) -> Row:
    """A row of Qualtrics import ids."""
    return [f'{{"ImportId":"{name}"}}' for name in names]


def test_qualtrics_three_header_rows(tmp_path: Path) -> None:
    """The group field gives the score away; previews and partials stay, with what the cleaning rules need."""
    names = ["StartDate", "EndDate", "Status", "Finished", "RecordedDate", "ResponseId", "RecipientEmail",
             "DistributionChannel", "UserLanguage", "Q1_NPS_GROUP", "Q1", "Q2", "Country"]  # fmt: skip
    labels = [*names[:9], "Hvor sannsynlig - Group", "Hvor sannsynlig?", "Hvorfor?", "Country"]
    rows = [
        names,
        labels,
        imports(names),
        [
            "2026-01-05 10:00:00",
            "",
            "0",
            "1",
            "2026-01-05 10:05:00",
            "R_1",
            "a@x.example",
            "email",
            "NO",
            "3",
            "9",
            "Bra",
            "NO",
        ],
        ["2026-01-05 11:00:00", "", "1", "0", "2026-01-05 11:05:00", "R_2", "", "preview", "NO", "1", "2", "", "SE"],
    ]
    table, recognised = read(tmp_path, rows)
    assert (recognised.tool, recognised.header_rows, recognised.score_column) == ("qualtrics", 3, "Q1")
    assert values(table, "score") == ["9", "2"]
    assert values(table, "comment") == ["Bra", ""]
    assert [values(table, name) for name in ("status", "finished", "channel")] == [
        ["0", "1"],
        ["1", "0"],
        ["email", "preview"],
    ]
    assert values(table, "Country") == ["NO", "SE"]
    assert table["source_row"].tolist() == [4, 5]


def test_qualtrics_legacy(tmp_path: Path) -> None:
    """Codes in row one, names in row two, a comma at each end."""
    rows = [
        ["V1", "V2", "V3", "V8", "V9", "V10", "Q1", ""],
        [
            "ResponseID",
            "ResponseSet",
            "Name",
            "StartDate",
            "EndDate",
            "Finished",
            "How likely are you to recommend us?",
            "",
        ],
        ["R_1", "Default", "Anon", "2026-01-05 10:00:00", "2026-01-05 10:05:00", "1", "9", ""],
    ]
    table, recognised = read(tmp_path, rows, encoding="utf-8-sig")
    assert (recognised.tool, recognised.header_rows) == ("qualtrics", 2)
    assert (values(table, "response_id"), values(table, "score"), values(table, "finished")) == (["R_1"], ["9"], ["1"])


def test_typeform_times_say_their_zone(tmp_path: Path) -> None:
    """`(UTC)` of the header goes to each value; two questions of one name stay apart."""
    question = "How likely are you to recommend us to a friend or colleague?"
    rows = [
        [
            "#",
            question,
            "Other",
            "Other",
            "Response Type",
            "Start Date (UTC)",
            "Submit Date (UTC)",
            "Network ID",
            "Tags",
        ],
        ["tok1", "9", "a", "b", "completed", "2026-01-05 10:00:00", "2026-01-05 10:01:00", "n1", ""],
        ["tok2", "3", "", "", "started", "2026-01-05 10:00:00", "", "n2", ""],
    ]
    table, recognised = read(tmp_path, rows)
    assert (recognised.tool, values(table, "response_id")) == ("typeform", ["tok1", "tok2"])
    assert values(table, "responded_at") == ["2026-01-05 10:01:00 UTC", ""]
    assert values(table, "Other_2") == ["b", ""]


@pytest.mark.parametrize(
    "word", ["Timestamp", "Tidsstempel", "Tidstempel", "Tidstämpel", "Tidsmerke", "Tijdstempel", "Zeitstempel"]
)
def test_google_forms_in_any_language(tmp_path: Path, word: str) -> None:
    """The first column's word for timestamp names the tool; the question names the score."""
    rows = [
        [word, "Hoe waarschijnlijk is het dat u ons aanbeveelt?", "Waarom?"],
        ["11/1/2026 8:51:12", "9", "Goed geholpen door de balie"],
    ]
    table, recognised = read(tmp_path, rows)
    assert recognised.tool == "google_forms"
    # Only the English word says which locale wrote the time; see test_exports_dates.
    time = "2026-11-01 08:51:12" if word == "Timestamp" else "11/1/2026 8:51:12"
    assert (values(table, "responded_at"), values(table, "score")) == ([time], ["9"])


@pytest.mark.parametrize(
    ("tool", "header", "row", "expected"),
    [
        (
            "delighted",
            "Score,Comment,Created At (UTC),Person Email,Plan",
            "9,Fine,2026-01-05 10:00:00,a@x.example,pro",
            {
                "score": "9",
                "comment": "Fine",
                "responded_at": "2026-01-05 10:00:00 UTC",
                "email": "a@x.example",
                "Plan": "pro",
            },
        ),
        (
            "delighted",
            "id,person,survey_type,score,comment,permalink,created_at,person_properties,tags",
            "5,77,nps,3,Slow,http://x.example,1767607200,,",
            {
                "response_id": "5",
                "respondent_id": "77",
                "score": "3",
                "responded_at": "1767607200",
                "survey_type": "nps",
            },
        ),
        (
            "asknicely",
            "response_id,person_id,name,email,answer,answerlabel,comment,sent,responded,question_type",
            "1,2,Ann,a@x.example,4,Detractor,Late,1767600000,1767607200,5STAR",
            {
                "score": "4",
                "survey_type": "5STAR",
                "asked_at": "1767600000",
                "responded_at": "1767607200",
                "comment": "Late",
            },
        ),
        (
            "retently",
            "id,customerId,email,campaignId,campaignName,score,ratingCategory,feedback,createdDate",
            "1,c9,a@x.example,k1,Spring,8,passive,Okay,2026-01-05T10:00:00Z",
            {"respondent_id": "c9", "score": "8", "survey": "Spring", "comment": "Okay", "score_label": "passive"},
        ),
        (
            "retently",
            "First Name,Last Name,Email,Company,Score,Feedback,Created Date,Response Date",
            "A,B,a@x.example,Acme,8,Okay,2026-01-05T10:00:00.000Z,2026-01-06T10:00:00.000Z",
            {"score": "8", "comment": "Okay", "account_id": "Acme", "responded_at": "2026-01-06T10:00:00.000Z"},
        ),
        (
            "asknicely",
            "email,name,answer,comment,responded",
            "a@x.example,Ann,9,Late,1767607200",
            {"score": "9", "comment": "Late", "responded_at": "1767607200", "respondent_name": "Ann"},
        ),
        (
            "wootric",
            "id,end_user_id,score,text,excluded_from_calculations,created_at,completed",
            "1,77,0,Bad,true,1767607200,true",
            {"response_id": "1", "respondent_id": "77", "score": "0", "excluded": "true", "finished": "true"},
        ),
    ],
)
def test_api_shaped_exports(tmp_path: Path, tool: str, header: str, row: str, expected: dict[str, str]) -> None:
    """Names of the vendors' APIs go to canonical columns; nothing is rejected here."""
    table, recognised = read(tmp_path, [header.split(","), row.split(",")])
    assert recognised.tool == tool
    assert {name: values(table, name)[0] for name in expected} == expected


def test_in_app_two_header_rows(tmp_path: Path) -> None:
    """Score, label and answer of a question are told apart by row two."""
    rows = [
        ["Date & Time (UTC)", "Response uuid", "Respondent uuid", "email", "Q#1: How likely to recommend us?", "",
         "Q#2: Why?", ""],
        ["", "", "", "", "Score", "Label", "Answer", "Insight"],
        ["2026-01-05 10:00:00", "u-1", "p-1", "a@x.example", "9", "Promoter", "Easy to use", ""],
        ["2026-01-05 11:00:00", "u-2", "p-2", "", "", "", "", ""],
    ]  # fmt: skip
    table, recognised = read(tmp_path, rows)
    assert (recognised.tool, recognised.header_rows) == ("survicate", 2)
    assert (values(table, "score"), values(table, "score_label")) == (["9", ""], ["Promoter", ""])
    assert values(table, "comment") == ["Easy to use", ""]
    assert values(table, "responded_at")[0] == "2026-01-05 10:00:00 UTC"


def test_a_token_is_an_id_and_a_row_number_is_not(tmp_path: Path) -> None:
    """Row numbers are the same in every export: as ids they would make one response of two."""
    question = "How likely are you to recommend us?"
    tokens = [["#", question, "Date"], ["k3j9x0a1", "9", "2026-01-05"], ["p7q2m4z8", "3", "2026-01-06"]]
    table, recognised = read(tmp_path, tokens)
    assert (recognised.tool, recognised.columns["response_id"]) == ("generic", "#")
    assert values(table, "response_id") == ["k3j9x0a1", "p7q2m4z8"]
    _, recognised = read(tmp_path, [["#", question], ["10000001", "9"], ["10000002", "3"]])
    assert "response_id" not in recognised.columns


def test_typeform_without_the_english_times(tmp_path: Path) -> None:
    """The network id beside `#` is enough; a column of tokens goes before it."""
    question = "Hoe waarschijnlijk is het dat je ons aanbeveelt?"
    _, recognised = read(tmp_path, [["#", question, "Network ID"], ["a1", "9", "n"]])
    assert (recognised.tool, recognised.columns["response_id"]) == ("typeform", "#")
    rows = [["#", question, "Submitted At", "Token"], ["1", "9", "2026-01-05 10:00:00", "k3j9x0a1"]]
    _, recognised = read(tmp_path, rows)
    assert (recognised.tool, recognised.columns["response_id"]) == ("typeform", "Token")


def test_custom_data_is_offered_and_not_taken(tmp_path: Path) -> None:
    """Only the company knows what it sent along; asked for, it is used and no longer offered."""
    table, recognised = read(tmp_path, SURVEYMONKEY)
    assert recognised.offers == {"account_id": "Custom Data 1"}
    assert "account_id" not in table.columns
    named = read_export(tmp_path / "export.csv", columns={"account_id": "Custom Data 1"})[1]
    assert (named.offers, named.columns["account_id"]) == ({}, "Custom Data 1")


@pytest.mark.parametrize("answer", ["Svar", "Response", "Antwoord"])
def test_a_response_is_a_comment_only_when_it_is_text(tmp_path: Path, answer: str) -> None:
    """Screen labels of a tool we did not recognise: text and addresses show themselves."""
    rows = [["Betyg", answer, "Datum", "Kontakt"]]
    rows += [[str(n), f"{n} snabba svar idag", "2026-01-05", f"p{n}@x.example"] for n in range(11)]
    table, recognised = read(tmp_path, rows)
    assert (recognised.columns["comment"], recognised.columns["email"]) == (answer, "Kontakt")
    assert values(table, "comment")[0] == "0 snabba svar idag"
    _, recognised = read(tmp_path, [rows[0], *([row[0], "ja", *row[2:]] for row in rows[1:])])
    assert "comment" not in recognised.columns


def expanded(*filled: tuple[int, ...]) -> list[Row]:
    """A SurveyMonkey file with one column for each answer; a row is the answers it fills."""
    options = ["Not at all likely - 0", *map(str, range(1, 10)), "Extremely likely - 10"]
    question = ["How likely are you to recommend us?", *[""] * 10]
    rows = [["Respondent ID", "Collector ID", *question, "Why?"], ["", "", *options, "Open-Ended Response"]]
    for n, chosen in enumerate(filled):
        rows.append(
            [f"9{n}", "1", *(option if at in chosen else "" for at, option in enumerate(options)), "Quick help"]
        )
    return rows


def test_a_score_in_one_column_per_answer(tmp_path: Path) -> None:
    """Each such column by itself would be a score of one value; together they are the answers."""
    table, recognised = read(tmp_path, expanded((10,), (0,), (), (7,)))
    assert [cell.rpartition(" ")[2] for cell in values(table, "score")] == ["10", "0", "", "7"]
    assert len(recognised.toml_columns["score"]) == 11
    again, _ = read_export(tmp_path / "export.csv", columns=recognised.toml_columns)
    assert again.equals(table)


def test_answers_that_exclude_each_other_and_do_not_are_no_score(tmp_path: Path) -> None:
    """Two answers in one row: this is a question of another kind, and only its owner knows."""
    with pytest.raises(Undecidable):
        read(tmp_path, expanded((10,), (0, 3), (7,)))


def test_qualtrics_without_the_row_of_import_ids(tmp_path: Path) -> None:
    """The row of labels is still no answer, and the questions in it still tell the columns apart."""
    names = ["StartDate", "Status", "Finished", "RecordedDate", "ResponseId", "QID4", "QID5"]
    labels = ["Start Date", "Response Type", "Finished", "Recorded Date", "Response ID",
              "How likely are you to recommend us?", "Why that score?"]  # fmt: skip
    answer = ["2026-01-05 10:00:00", "IP Address", "True", "2026-01-05 10:01:00", "R_1", "9", "Quick"]
    table, recognised = read(tmp_path, [names, labels, answer])
    assert (recognised.tool, recognised.header_rows) == ("qualtrics", 2)
    assert [values(table, name) for name in ("response_id", "score", "comment")] == [["R_1"], ["9"], ["Quick"]]


@pytest.mark.parametrize(("zone", "hour"), [("Z", 10), ("America/Denver", 17)])
def test_the_zone_of_the_import_row_is_the_zone_of_the_times(tmp_path: Path, zone: str, hour: int) -> None:
    """A Qualtrics account has a zone of its own; the study's is for exports that state none."""
    names = ["StartDate", "EndDate", "Status", "RecordedDate", "ResponseId", "Q1"]
    labels = ["Start Date", "End Date", "Response Type", "Recorded Date", "Response ID", "Would you recommend us? 0-10"]
    ids = [f'{{"ImportId":"{name}","timeZone":"{zone}"}}' if "Date" in name else imports([name])[0] for name in names]
    time = "2026-01-05 10:00:00"
    _, recognised = read(tmp_path, [names, labels, ids, [time, time, "IP Address", time, "R_1", "9"]])
    assert any("import ids says so" in reason for reason in recognised.reasons)
    (tmp_path / "study.toml").write_text(
        'title = "x"\ntimezone = "Europe/Oslo"\n[[export]]\npath = "export.csv"\n', "utf-8"
    )
    assert Study.open(tmp_path).responses()["responded_at"].dt.hour.tolist() == [hour]


def test_an_unknown_table_says_what_was_not_an_answer(tmp_path: Path) -> None:
    """Tests, partial answers and rows set aside are recognised by their words, and a status without them is left."""
    rows = [["NPS", "Status", "Finished", "Excluded"], ["9", "complete", "TRUE", "no"], ["3", "test", "FALSE", "yes"]]
    _, recognised = read(tmp_path, rows)
    assert {"status", "finished", "excluded"} <= set(recognised.columns)
    _, recognised = read(tmp_path, [["NPS", "Status"], ["9", "active"], ["3", "closed"]])
    assert "status" not in recognised.columns


def test_surveymonkey_open_question_in_any_language(tmp_path: Path) -> None:
    """The second header row says which question is open; neither it nor the company is a group to compare by."""
    rows = [
        ["Respondent ID", "Collector ID", "End Date", "Firma", "Hvor sandsynligt er det, at du vil anbefale os?",
         "Fortæl os mere", "Modul"],
        ["", "", "", "Open-Ended Response", "Response", "Open-Ended Response", "Response"],
        *([str(i), "7", "01/20/2026 10:00:00 AM", f"Firma {i % 3}", str(i % 11), "Hurtig hjælp", "AB"[i % 2]]
          for i in range(30)),
    ]  # fmt: skip
    rows[1][3] = ""
    _, recognised = read(tmp_path, rows)
    assert recognised.columns["comment"] == "Fortæl os mere"
    assert recognised.segments == ("Modul",)


@pytest.mark.parametrize(
    "question",
    ["Hvad er den vigtigste grund til din karakter?", "Wat is de belangrijkste reden?", "Grunnen til svaret"],
)
def test_the_reason_is_asked_for_in_many_words(question: str, tmp_path: Path) -> None:
    """Few different answers do not hide a question why."""
    rows = [["date", "nps", question], *(["2026-01-15", str(i % 11), "Hurtig hjælp"] for i in range(20))]
    assert read(tmp_path, rows)[1].columns["comment"] == question


def test_ratings_with_gaps_are_no_groups(tmp_path: Path) -> None:
    """A second 0-10 question is none because some left it out."""
    rows = [["nps", "tevreden", "land"], *([str(i % 11), "NA" if i % 9 == 0 else str(i % 11), "NL" if i % 2 else "SE"]
                                           for i in range(60))]  # fmt: skip
    assert read(tmp_path, rows)[1].segments == ("land",)
