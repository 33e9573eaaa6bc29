"""Language and content: the survey's column first, unknown stays unknown, silence is counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils.checks import BadValue
from nps_utils.comments import detect_language, is_without_content
from nps_utils.comments.language import read_language

LONG = {
    "en": "The technician arrived on time and explained everything very clearly to us",
    "sv": "Teknikern kom i tid och förklarade allting väldigt tydligt för oss",
    "nb": "Teknikeren kom presis og forklarte alt sammen veldig tydelig for oss, jeg ble glad",
    "da": "Teknikeren kom til tiden og forklarede det hele meget tydeligt for os, jeg blev glad",
    "nl": "De monteur kwam op tijd en legde alles heel duidelijk aan ons uit",
}


@pytest.mark.parametrize(("code", "text"), LONG.items())
def test_a_sentence_is_identified(code: str, text: str) -> None:
    """One invented sentence per language."""
    assert detect_language([text]).tolist() == [code]


def test_the_surveys_column_wins_and_gaps_are_identified() -> None:
    """A readable cell is taken as it is; an empty or odd one is not."""
    texts = [LONG["en"], LONG["en"], LONG["en"], LONG["en"]]
    said = np.array(["sv-SE", None, "??", np.nan], dtype=object)
    assert detect_language(texts, language=said).tolist() == ["sv", "en", "en", "en"]
    assert detect_language(pd.Series(texts), language="nb").tolist() == ["nb"] * 4


@pytest.mark.parametrize(
    ("cell", "code"),
    [("SV", "sv"), ("sv_SE", "sv"), ("Swedish (Sweden)", "sv"), ("svenska", "sv"), ("NO", "nb"), ("nb-NO", "nb"),
     ("Norsk", "nb"), ("Nynorsk", "nb"), ("Deutsch", "de"), ("da/nb", "da/nb"), ("", None), ("unknown", None),
     ("12", None), (None, None), (float("nan"), None)],
)  # fmt: skip
def test_cells_of_language_columns(cell: object, code: str | None) -> None:
    """As tools write them: codes, locales, names in several languages."""
    assert read_language(cell) == code


def test_short_danish_and_norwegian_are_one() -> None:
    """Below five words the two are not told apart; from five on they are."""
    assert detect_language(["Veldig bra service"]).tolist() == ["da/nb"]
    assert detect_language([LONG["nb"], LONG["da"]]).tolist() == ["nb", "da"]
    assert detect_language(["Veldig bra service"], languages=("en", "nb")).tolist() == ["nb"]


SHORT = {
    "en": ["Poor signal", "Rude agent", "Billing error", "Internet drops", "Kept on hold", "Bad reception", "Too dear"],
    "sv": ["Helt ok", "Bra pris", "Aldrig mer", "Toppen", "Dyrt", "Inte nöjd"],
    "nl": ["Trage levering", "Internet valt weg", "Prima", "Gewoon goed", "Erg slecht"],
}


@pytest.mark.parametrize("code", SHORT)
def test_short_comments_follow_the_longer_ones(code: str) -> None:
    """In a survey of one language two words are in it, whatever they resemble; the cells of the column tell too."""
    longer = [f"{LONG[code]} {number}" for number in range(100)]
    assert set(detect_language(SHORT[code] + longer)) == {code}
    assert set(detect_language(SHORT[code] + longer, language=[None] * len(SHORT[code]) + [code] * 100)) == {code}


def test_short_comments_of_another_language_are_not_swallowed() -> None:
    """Beside nine times as many Swedish comments English ones are English or unknown, seldom Swedish; ties unknown."""
    mixed = [f"{LONG['sv']} {number}" for number in range(90)] + [f"{LONG['en']} {number}" for number in range(10)]
    short = ["Great service", "Too expensive", "Very helpful lady", "Slow delivery", "Never again", "Poor signal"]
    found = detect_language([*short, *mixed])[: len(short)].tolist()
    assert found.count("en") >= 4
    assert found.count("sv") <= 1
    assert detect_language(["Trage levering", "Rude agent"]).tolist() == ["unknown", "unknown"]


def test_what_has_no_language_stays_unknown() -> None:
    """No letters, only marks of masking."""
    texts = ["", "10/10", "\U0001f600", "[email] [phone]", None]
    assert detect_language(texts).tolist() == ["unknown"] * 5


ELSEWHERE = {
    "de": ["Die Lieferung kam schon wieder zu spät und niemand hat uns Bescheid gesagt", "Sehr gut", "Viel zu teuer"],
    "fi": ["Toimitus oli taas myöhässä eikä kukaan kertonut siitä meille mitään", "Hyvä palvelu", "Liian kallis"],
    "fr": ["La livraison est arrivée en retard et personne ne nous a prévenus", "Très bien", "Trop cher pour moi"],
    "pl": ["Dostawa znowu się spóźniła i nikt nas o tym nie poinformował", "Bardzo dobrze", "Za drogo"],
    "es": ["El pedido llegó tarde otra vez y nadie nos avisó de nada", "Muy bien", "Demasiado caro"],
    "ar": ["شكرا جزيلا على الخدمة"],
}  # fmt: skip


@pytest.mark.parametrize("code", ELSEWHERE)
@pytest.mark.parametrize("survey", [None, *LONG])
def test_other_languages_are_never_read_as_ours(code: str, survey: str | None) -> None:
    """Whatever language a hundred longer comments are in, a short German one is German, or unknown, and not theirs."""
    longer = [f"{LONG[survey]} {number}" for number in range(100)] if survey else []
    found = detect_language([*ELSEWHERE[code], *longer])[: len(ELSEWHERE[code])].tolist()
    assert found[0] == code
    assert set(found) <= {code, "unknown"}


def test_one_word_of_another_language_makes_no_short_comment_foreign() -> None:
    """`ny` is a word of French grammar, and Afrikaans shares `het` and `was` with Dutch: told as not covered."""
    danish = ["Der var alt for lang ventetid på telefonen.", "Personalet var meget søde over for mig i dag."] * 20
    assert detect_language([*danish, "Ny sagsbehandler hver gang."])[-1] in ("da", "da/nb")
    dutch = ["De wachttijd was veel te lang en niemand zei iets.", "Er werd goed naar mij geluisterd vandaag."] * 20
    assert detect_language([*dutch, "Het eten was koud.", "Het was goed"])[-2:].tolist() == ["nl", "nl"]
    # Two words or half of them are enough.
    assert detect_language([*dutch, "Service rapide", "Très bien", "Sehr gut"])[-3:].tolist() == ["fr", "fr", "de"]


def test_a_few_comments_of_a_seldom_language_are_read_beside_all_others() -> None:
    """Letters alone made Southern Sotho of "Lärare byts hela tiden", and the first page said so of fifteen comments."""
    short = [
        "Engagerade lärare. Trygg skolgård",
        "Bra information hem",
        "Stökigt i klassrummet. Dålig mat :)",
        "God mat!",
    ]
    others = [f"{one} {number}" for number in range(20) for one in short]
    said = ["Lärare byts hela tiden", "Långa köer i matsalen. Lärare byts hela tiden", "Lärare byts hela tiden!"]
    assert set(detect_language([*others, *said])[-3:]) == {"sv"}
    # Who writes in Zulu is not made Swedish.
    zulu = "Ngiyabonga kakhulu ngosizo lwenu, abasebenzi benu banomusa futhi basheshile ukuphendula"
    assert detect_language([*others, zulu])[-1] == "zu"


def test_bad_languages_are_named() -> None:
    """Another length, a word that is no language, a language that cannot be identified."""
    with pytest.raises(BadValue, match="2 values for 1 comments"):
        detect_language(["a"], language=["en", "sv"])
    with pytest.raises(BadValue, match="not a language"):
        detect_language(["a"], language="12")
    with pytest.raises(BadValue, match='"swe"'):
        detect_language(["a"], languages=("swe", "en"))


SILENT = [
    "", None, " ", "-", "--", "...", "?", "ok", "OK!", "Okej.", "ras", "R.A.S.", "Inga kommentarer", "ingen kommentar",
    "Ingen kommentarer.", "geen", "Geen opmerkingen", "n/a", "N.v.t.", "nothing to add", "Nej", "nee", "10", "9/10",
    "\U0001f600\U0001f44d", "xxx", "aaaaa", "[email]", "ei kommentteja", "rien", "\x00", "ved ikke", "vet ej",
]  # fmt: skip
TELLING = ["bra", "Good", "dyrt", "nothing works", "inga problem alls", "geen service", "ok service", "för långsamt 😀"]


@pytest.mark.parametrize("text", SILENT)
def test_comments_that_say_nothing(text: str | None) -> None:
    """Placeholders of five languages and some others, digits, emoji, masked addresses."""
    assert is_without_content([text]).tolist() == [True]


@pytest.mark.parametrize("text", TELLING)
def test_a_verdict_is_content(text: str) -> None:
    """Short comments that say something are kept."""
    assert is_without_content([text]).tolist() == [False]
