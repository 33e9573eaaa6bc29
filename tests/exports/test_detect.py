"""Which column is the score, and what the others are: by wording, values and shape."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest

from nps_utils import clean
from nps_utils.checks import BadFile, BadValue, MissingColumn, Undecidable
from nps_utils.exports import Recognised, read_export, recognise
from nps_utils.exports.wording import band_of_label


def written(folder: Path, header: list[str], *rows: list[str]) -> Path:
    """Write a table."""
    path = folder / "x.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def recognised(folder: Path, header: list[str], *rows: list[str]) -> Recognised:
    """Write a table and recognise it."""
    return recognise(written(folder, header, *rows))


@pytest.mark.parametrize(
    "question",
    [
        "How likely are you to recommend us to a friend or colleague?",
        "Hur troligt är det att du skulle rekommendera oss till en vän?",
        "Hvor sannsynlig er det at du vil anbefale oss til en venn?",
        "Hvor sandsynligt er det, at du vil anbefale os til en ven?",
        "Hoe waarschijnlijk is het dat u ons zou aanbevelen?",
        "Zou u ons bij een collega aanraden?",
        "Hoe waarschijnlijk is het dat je ons aan een vriend zou aanbeveelt?",
        "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
        "Quelle est la probabilité que vous nous recommandiez ?",
        "Qual a probabilidade de nos recomendar a um amigo?",
        "¿Qué tan probable es que nos recomiende a un amigo?",
        "NPS", "nps_score", "Net Promoter Score", "Q3 NPS (0-10)", "customerNPS score",
    ],
)  # fmt: skip
def test_the_question_in_nine_languages(tmp_path: Path, question: str) -> None:
    """The recommend question or an NPS name wins over other columns from 0 to 10."""
    rows = [[str(n % 11), str((n * 7) % 11), str((n * 3) % 11)] for n in range(40)]
    found = recognised(tmp_path, ["satisfaction", question, "effort"], *rows)
    assert found.score_column == question
    assert any("not the NPS question" in note for note in found.notes)


def test_two_recommend_questions_are_refused_and_listed(tmp_path: Path) -> None:
    """Only the user knows which of two it is; the line to write is shown for each, and it works."""
    header = ["Would you recommend our product?", "Would you recommend our support?"]
    path = written(tmp_path, header, ["9", "3"], ["0", "10"])
    with pytest.raises(Undecidable) as caught:
        read_export(path)
    for name in header:
        assert f'columns = {{ score = "{name}" }}' in str(caught.value)
        table, _ = read_export(path, columns={"score": name})
        assert len(table) == 2


def test_a_0_to_10_question_of_something_else_is_not_nps(tmp_path: Path) -> None:
    """One satisfaction question is refused with the line that would use it."""
    path = written(tmp_path, ["On a scale of 0-10, how satisfied are you?", "Why?"], ["9", "all went well"], ["3", ""])
    with pytest.raises(MissingColumn, match="columns = "):
        read_export(path)


def test_the_pair_of_question_and_why(tmp_path: Path) -> None:
    """Of several 0-10 questions the one followed at once by an open why is the NPS pair; two such pairs are refused."""
    header = ["On a scale of 0-10, how would you rate us?", "... and why?", "On a scale of 0-10, how was the food?"]
    rows = [["9", "it was great fun", "3"], ["2", "too loud for me", "10"]]
    found = recognised(tmp_path, header, *rows)
    assert found.score_column == header[0]
    assert any("the two questions that make an NPS survey" in reason for reason in found.reasons)
    with pytest.raises(Undecidable):
        recognised(tmp_path, [*header, "Why so?"], *[[*row, "because of it"] for row in rows])


def test_weights_are_refused(tmp_path: Path) -> None:
    """-100, 0 and 100 cannot be read back, found by us or named by the user."""
    path = written(tmp_path, ["NPS", "id"], ["100", "a"], ["0", "b"], ["-100", "c"])
    with pytest.raises(BadFile, match="cannot be read back"):
        read_export(path)
    with pytest.raises(BadFile, match="cannot be read back"):
        read_export(path, columns={"score": "NPS"})


def test_weights_beside_the_answers_stay_a_column(tmp_path: Path) -> None:
    """With the answers there, the weights are only a further column."""
    found = recognised(tmp_path, ["NPS Score", "NPS"], ["10", "100"], ["8", "0"], ["1", "-100"])
    assert found.score_column == "NPS Score"


def test_a_label_column_gives_the_score_away(tmp_path: Path) -> None:
    """The column whose bands a label column names is the score, whatever it is called."""
    rows = [["9", "4", "Ambassadør"], ["3", "9", "Kritiker"], ["7", "10", "Passiv"]]
    found = recognised(tmp_path, ["Q5", "Q6", "Gruppe"], *rows)
    assert (found.score_column, found.columns["score_label"]) == ("Q5", "Gruppe")


def test_stars_are_no_score(tmp_path: Path) -> None:
    """A score that never exceeds 5 in many rows is another scale."""
    with pytest.raises(MissingColumn):
        recognised(tmp_path, ["score"], *[[str(1 + n % 5)] for n in range(60)])
    assert recognised(tmp_path, ["score"], *[[str(n % 11)] for n in range(60)]).score_column == "score"


@pytest.mark.parametrize(
    ("word", "band"),
    [
        ("Promoters", "promoter"), ("Ambassadør", "promoter"), ("Förespråkare", "promoter"), ("arrangör", "promoter"),
        ("Passief", "passive"), ("PASSIVA", "passive"), ("Kriticus", "detractor"), ("criticaster", "detractor"),
        ("Motståndare", "detractor"), ("tegenstander", "detractor"), ("Détracteur", "detractor"), ("Nej", None),
    ],
)  # fmt: skip
def test_label_words(word: str, band: str | None) -> None:
    """The field's words, mistranslations of the wild included."""
    assert band_of_label(word) == band


def test_further_columns_by_name_and_shape(tmp_path: Path) -> None:
    """Ids, dates, touchpoint, language and segments, each with a sentence."""
    header = ["id", "Company_ID", "NPS", "Response date", "Purchase date", "SURVEY_SUB_TYPE", "lang", "region", "spend"]
    rows = [
        [f"00{n}", f"c{n % 3}", str(n % 11), f"2026-01-{n % 28 + 1:02d}", "2025-05-05", "Order" if n % 2 else "Help",
         "sv" if n % 3 else "en", "north" if n % 2 else "south", f"{n * 3.7:.2f}"]
        for n in range(60)
    ]  # fmt: skip
    found = recognised(tmp_path, header, *rows)
    assert dict(found.columns) == {
        "response_id": "id",
        "account_id": "Company_ID",
        "score": "NPS",
        "responded_at": "Response date",
        "touchpoint": "SURVEY_SUB_TYPE",
        "language": "lang",
    }
    assert found.segments == ("region",)
    assert found.extras == ("Purchase date", "region", "spend")
    assert len(found.reasons) >= len(found.columns)


def test_two_unnamed_dates_are_left_alone(tmp_path: Path) -> None:
    """Which date is the answer's is not guessed; the note says what to write."""
    found = recognised(tmp_path, ["NPS", "when", "then"], ["9", "2026-01-01", "2026-02-01"])
    assert "responded_at" not in found.columns
    assert any("columns = { responded_at" in note for note in found.notes)


def test_named_columns_are_checked(tmp_path: Path) -> None:
    """An unknown tool, key or header is an error that names the nearest."""
    path = written(tmp_path, ["NPS", "Verbatim"], ["9", "ok then"])
    with pytest.raises(MissingColumn, match='Did you mean "Verbatim"'):
        read_export(path, columns={"comment": "Verbatm"})
    with pytest.raises(BadValue, match='Did you mean "comment"'):
        read_export(path, columns={"coment": "Verbatim"})
    with pytest.raises(BadValue, match="hubspot"):
        read_export(path, tool="hubsport")


def test_a_file_of_answers_nobody_gave(tmp_path: Path) -> None:
    """A header without rows is an export of no answers."""
    table, found = read_export(written(tmp_path, ["id", "NPS"]))
    assert (len(table), found.score_column) == (0, "NPS")


def test_letters_typed_as_two_characters(tmp_path: Path) -> None:
    """A header from a Mac, whose å is a and a ring, means the same."""
    header = [unicodedata.normalize("NFD", name) for name in ("Företags-ID", "NPS", "Språk")]
    found = recognised(tmp_path, header, ["a1", "9", "sv"], ["b2", "3", "en"])
    assert set(found.columns) == {"account_id", "score", "language"}


def test_a_response_id_that_repeats_is_still_one(tmp_path: Path) -> None:
    """A response exported twice is found by its id, so the id must not be lost because of it."""
    path = tmp_path / "a.csv"
    path.write_text("Response ID,NPS\n" + "".join(f"r{n},9\n" for n in (1, 2, 3, 4, 5, 6, 6)), "utf-8")
    table, recognised = read_export(path)
    assert recognised.columns["response_id"] == "Response ID"
    assert clean(table, timezone="UTC")[1]["reason"].tolist()[0] == "duplicate_row"


def test_bands_without_answers_are_refused_as_such(tmp_path: Path) -> None:
    """From promoter, passive and detractor no answer can be read back; to name the column would not help."""
    with pytest.raises(BadFile, match="Export the answers themselves"):
        recognise(written(tmp_path, ["Date", "NPS"], ["2025-03-01", "Promoter"], ["2025-03-02", "Detractor"]))


def test_a_scale_to_100_is_told(tmp_path: Path) -> None:
    """The column is named, with what speaks against it."""
    with pytest.raises(MissingColumn, match=r'"NPS" is named .* only 1 of 3 .* "70" is not'):
        recognise(written(tmp_path, ["NPS"], ["70"], ["100"], ["10"]))
