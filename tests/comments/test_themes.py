"""Themes: the words in step across languages, what is found, what is refused, and the same answer every time."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import snowballstemmer

from nps_utils.checks import BadFile, BadInput, BadValue
from nps_utils.comments import assign_themes, lexicon, read_taxonomy
from nps_utils.comments import themes as themes_module
from nps_utils.comments.lexicon import Matcher
from nps_utils.comments.packs import PACKS, industries
from nps_utils.comments.text import words
from nps_utils.comments.word_files import FOLDER, read_folder, stock

LANGUAGES = ("en", "sv", "nb", "da", "nl")

# The same complaint in five languages, invented here.
PARALLEL = {
    "billing": [
        "You sent the wrong invoice twice", "Ni skickade fel faktura två gånger", "Dere sendte feil faktura to ganger",
        "I sendte en forkert faktura to gange", "Jullie stuurden twee keer een verkeerde factuur",
    ],
    "waiting": [
        "We had to wait far too long", "Vi fick vänta alldeles för länge", "Vi måtte vente altfor lenge",
        "Vi måtte vente alt for længe", "We moesten veel te lang wachten",
    ],
    "delivery": [
        "The parcel was never delivered", "Paketet levererades aldrig", "Pakken ble aldri levert",
        "Pakken blev aldrig leveret", "Het pakket is nooit bezorgd",
    ],
    "price": [
        "Much too expensive", "Alldeles för dyrt", "Altfor dyrt", "Alt for dyrt", "Veel te duur",
    ],
    "staff": [
        "Friendly staff", "Vänlig personal", "Vennlig personale", "Venligt personale", "Vriendelijk personeel",
    ],
    "support": [
        "Nobody at customer service calls back", "Ingen på kundtjänst ringer upp",
        "Ingen hos kundeservice ringer tilbake",
        "Ingen hos kundeservice ringer tilbage", "Niemand van de klantenservice belt terug",
    ],
    "reliability": [
        "The system crashes and is down every week", "Systemet kraschar och ligger nere varje vecka",
        "Systemet krasjer og er nede hver uke", "Systemet crasher og er nede hver uge",
        "Het systeem crasht en ligt eruit, elke week",
    ],
    "ease_of_use": [
        "Complicated and confusing", "Komplicerat och förvirrande", "Komplisert og forvirrende",
        "Kompliceret og forvirrende", "Ingewikkeld en verwarrend",
    ],
    "location": [
        "Close to the station", "Nära stationen", "Nær stasjonen", "Tæt på stationen", "Dicht bij het station",
    ],
    "onboarding": [
        "We never got a training for getting started", "Vi fick aldrig någon utbildning för att komma igång",
        "Vi fikk aldri opplæring for å komme i gang", "Vi fik aldrig oplæring til at komme i gang",
        "We kregen nooit een training om aan de slag te gaan",
    ],
    "rest": [
        "Fantastic, thank you", "Fantastiskt, tack", "Fantastisk, takk", "Fantastisk, tak", "Fantastisch, bedankt",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("theme", "texts"), PARALLEL.items())
def test_the_same_complaint_gets_the_same_theme_in_five_languages(theme: str, texts: list[str]) -> None:
    """Words decide where there is too little to learn from."""
    assert assign_themes(texts, language=list(LANGUAGES), taxonomy=stock())["main_theme"].tolist() == [theme] * 5


@pytest.mark.parametrize("folder", [FOLDER, *sorted(path for path in PACKS.iterdir() if path.is_dir())])
def test_the_language_files_are_in_step(folder: Path) -> None:
    """The same themes and the same concepts of the same kind in the same order, and no empty concept."""
    shapes = {}
    for code in LANGUAGES:
        themes = tomllib.loads((folder / f"{code}.toml").read_text(encoding="utf-8"))["themes"]
        shapes[code] = [
            (theme, kind, list(concepts)) for theme, kinds in themes.items() for kind, concepts in kinds.items()
            if kind != "label"
        ]  # fmt: skip
        assert all(
            terms for kinds in themes.values() for kind in kinds if kind != "label" for terms in kinds[kind].values()
        )
    assert all(shapes[code] == shapes["en"] for code in LANGUAGES)


@pytest.mark.parametrize(
    "industry", [None, "core", "software", "telecom", "retail", "finance", "education", "travel", "charity"]
)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_term_finds_itself(code: str, industry: str | None) -> None:
    """A term that its own text does not trigger is dead weight (or hidden by an `ignore`)."""
    lexicon = (stock() if industry is None else read_taxonomy(industry=industry)).lexicons[code]
    matcher = Matcher([lexicon])
    dead = []
    for term in lexicon.terms:
        said = words(term.text.replace("*", "").replace("..", ""))
        if term.theme not in {hit.theme for hit in matcher.find(said).hits}:
            dead.append((term.theme, term.text))
    assert dead == []


def _themes(text: str, code: str) -> set[str]:
    found = Matcher([stock().lexicons[code]]).find(words(text))
    return {hit.theme for hit in found.hits if hit.weight == 1}


def test_negation_cancels_where_it_says_that_nothing_is_wrong() -> None:
    """To have no problems is not about faults; no delivery is about delivery."""
    assert "reliability" in _themes("we had problems", "en")
    assert _themes("never any problems", "en") == set()
    assert _themes("inga problem", "sv") == set()
    assert "delivery" in _themes("no delivery", "en")


def test_compounds_phrases_and_ignored_words() -> None:
    """Germanic compounds by prefix and suffix; longer phrases hide the words inside; idioms say nothing."""
    assert "delivery" in _themes("leveransprecisionen", "sv")
    assert "location" in _themes("järnvägsstationen", "sv")
    assert _themes("I want my money back", "en") == {"billing"}
    assert _themes("of course, can't wait for more", "en") == set()
    assert _themes("they wanted to change our booking", "en") == {"cancellation"}


# A stemmer gives both words of a pair one stem; only one of them speaks of the theme.
FALSE_FRIENDS = [
    ("en", "features", "export to excel", "excellent"),
    ("en", "features", "we customize it", "a loyal customer"),
    ("en", "features", "import the list", "this is important"),
    ("en", "staff", "an accommodating host", "the accommodation"),
    ("en", "staff", "warm hospitality", "near the hospital"),
    ("en", "staff", "two attendants", "I attended"),
    ("en", "onboarding", "more training", "the trains"),
    ("en", "cancellation", "termination of the contract", "terminal two"),
    ("en", "product_quality", "the goods", "good"),
    ("en", "cancellation", "free returns", "we shall return"),
    ("nl", "staff", "ervaren medewerkers", "een vreselijke ervaring"),
    ("nl", "delivery", "snel geleverd", "een leverancier"),
    ("nl", "billing", "de rekening klopt niet", "rekening houden met ons"),
    ("sv", "features", "en betaversion", "betalningen"),
    ("sv", "delivery", "leveransen", "en leverantör"),
    ("sv", "cancellation", "en reklamation", "reklamen"),
    ("sv", "ordering", "handla på nätet", "det handlar om er"),
    ("nb", "facilities", "rent og fint", "renten"),
    ("nb", "features", "beta", "betale"),
    ("da", "facilities", "stille om natten", "stiller krav"),
    ("en", "support", "phoned twice", "two mobile phones"),
    ("en", "communication", "your marketing", "a competitive market"),
    ("sv", "facilities", "goda rätter", "det är rätt"),
    ("sv", "staff", "en erfaren tekniker", "dåliga erfarenheter"),
    ("nb", "facilities", "gode retter", "det er rett"),
    ("da", "support", "man kan ikke ringe", "en utrolig ringe vare"),
    ("nl", "price", "waar voor je geld", "helaas maar waar"),
]

# Offers to talk say nothing of the service, in the form that they mostly have; what was not done does.
OFFERS = [
    ("en", "Please call me if you want to know more", "nobody called me back"),
    ("sv", "Ring mig gärna om detta", "de ringer aldrig tillbaka"),
    ("nb", "Ring meg gjerne om dette", "de ringer aldri tilbake"),
    ("da", "Ring gerne til mig om det", "de ringer aldrig tilbage"),
    ("nl", "Bel mij gerust hierover", "ze bellen nooit terug"),
]


@pytest.mark.parametrize(("code", "theme", "said", "not_said"), FALSE_FRIENDS)
def test_words_that_only_look_alike_do_not_share_a_theme(code: str, theme: str, said: str, not_said: str) -> None:
    """An ending of derivation, a longer word with the same beginning, or an idiom makes another word."""
    assert theme in _themes(said, code)
    assert theme not in _themes(not_said, code)


@pytest.mark.parametrize(("code", "offer", "complaint"), OFFERS)
def test_an_offer_to_talk_is_not_about_the_service(code: str, offer: str, complaint: str) -> None:
    assert _themes(offer, code) == set()
    assert "support" in _themes(complaint, code)


def test_a_hint_alone_mentions_nothing_where_there_is_no_model() -> None:
    """Few comments teach no model; then a hint needs a second one of its theme."""
    table = assign_themes(["It took 15 minutes", "Money, money and value"], language="en", industry="core")
    assert table["main_theme"].tolist() == ["rest", "price"]


def test_a_term_as_written_has_no_inflections() -> None:
    """`=rate` finds "rate", not "rated"; in a theme of one's own too."""
    own = [{"name": "tariff", "words": ["=rate"]}]
    matcher = Matcher([read_taxonomy(own).lexicons["en"]])
    assert [hit.theme for hit in matcher.find(["rate"]).hits] == ["tariff"]
    assert matcher.find(["rated"]).hits == ()


def test_a_company_adds_its_own_theme() -> None:
    """It goes first; a list counts in every language; a known name adds words."""
    own: list[dict[str, Any]] = [
        {"name": "pier", "label": "Pier 7", "words": ["pier*"]},
        {"name": "loyalty_club", "words": {"en": ["club*"], "sv": ["klubb*"]}, "hints": {"en": ["points"]}},
        {"name": "billing", "words": {"en": ["kwitansi"]}},
    ]
    texts = ["The pier is closed", "Klubben är tråkig", "club points are gone", "my kwitansi is wrong"]
    table = assign_themes(texts, language=["en", "sv", "en", "en"], taxonomy=own)
    assert table["main_theme"].tolist() == ["pier", "loyalty_club", "loyalty_club", "billing"]
    assert table.columns[:4].tolist() == ["main_theme", "language", "pier", "loyalty_club"]
    assert read_taxonomy(own).label("pier") == "Pier 7"
    assert "pier" not in read_taxonomy().themes


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"name": "x", "wrods": ["a"]}, 'unknown key "wrods".*Did you mean "words"'),
        ({"name": "x"}, "has no words"),
        ({"name": "rest", "words": ["a"]}, "is not one of"),
        ({"words": ["a"]}, "give a name"),
        ({"name": "x", "words": "a"}, "is not a list of words"),
        ({"name": "x", "words": [""]}, "is not a list of words"),
    ],
)
def test_a_theme_that_cannot_be_used_is_named(own: dict[str, object], message: str) -> None:
    """Every slip in study.toml has its sentence."""
    with pytest.raises(BadInput, match=message):
        read_taxonomy([own])


def test_a_folder_of_language_files_replaces_ours(tmp_path: Path) -> None:
    """One file is enough; a folder without files, a broken file and an unknown key are refused."""
    with pytest.raises(BadFile, match="no language files"):
        read_taxonomy(tmp_path)
    file = tmp_path / "en.toml"
    file.write_text('language = "en"\n[themes.noise]\nlabel = "Noise"\n[themes.noise.words]\nn = ["loud"]\n', "utf-8")
    table = assign_themes(["too loud", "late"], language="en", taxonomy=tmp_path)
    assert table["main_theme"].tolist() == ["noise", "rest"]
    file.write_text("themes = [", "utf-8")
    with pytest.raises(BadFile, match="not readable as TOML"):
        read_taxonomy(tmp_path)
    file.write_text("temes = 1", "utf-8")
    with pytest.raises(BadFile, match='Did you mean "themes"'):
        read_taxonomy(str(tmp_path))


def test_traps_give_a_clean_table() -> None:
    """Formulas, scripts, dollar signs, NUL, right-to-left, a very long comment, nothing at all."""
    texts = ["=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "$x_1$ too expensive $$", "a\x00b", "خدمة سيئة",
             "late " * 4000, "\U0001f621", None, "   "]  # fmt: skip
    table = assign_themes(texts, language="en")
    assert len(table) == len(texts)
    assert table.loc[2, "main_theme"] == "price"
    assert table.loc[5, "main_theme"] == "waiting"
    assert table["main_theme"].tolist()[-3:] == ["no_content"] * 3
    scores = table.drop(columns=["main_theme", "language"]).to_numpy()
    assert ((scores >= 0) & (scores <= 1)).all()


def test_no_comments_is_refused_and_silence_is_not() -> None:
    """An empty list has no answer; a list of silence has."""
    with pytest.raises(BadValue, match="no comments"):
        assign_themes([])
    assert assign_themes(["-", None])["main_theme"].tolist() == ["no_content", "no_content"]


def _corpus(n: int, seed: int) -> tuple[list[str], np.ndarray]:
    """Comments with a planted link: who mentions the invoice also mentions the ledger, who waits the corridor."""
    rng = np.random.default_rng(seed)
    filler = ["really", "again", "today", "sometimes", "somehow", "perhaps", "there", "monday", "friday", "outside"]
    kinds = rng.integers(0, 2, n)
    said = [("invoice", "ledger treasurer"), ("queue", "corridor janitor")]
    texts = []
    for kind in kinds:
        named, context = said[kind]
        word = named if rng.random() < 0.8 else ""
        texts.append(" ".join([word, context, *rng.choice(filler, 4)]).strip())
    return texts, kinds


def test_the_model_finds_comments_without_a_word_of_a_theme() -> None:
    """Context words learned from comments with "invoice" and "queue" carry over to comments without."""
    texts, kinds = _corpus(900, 3)
    table = assign_themes(texts, language="en")
    wordless = np.array(["invoice" not in text and "queue" not in text for text in texts])
    found = table.loc[wordless, "main_theme"].to_numpy()
    expected = np.array(["billing", "waiting"])[kinds[wordless]]
    assert wordless.sum() > 100
    assert (found == expected).mean() > 0.95


def test_the_model_stays_silent_where_context_says_nothing() -> None:
    """Without a link between context and theme, held-out comments do not reach the precision: rest."""
    texts, _ = _corpus(900, 4)
    plain = [text.replace("ledger treasurer", "").replace("corridor janitor", "") for text in texts]
    table = assign_themes(plain, language="en")
    wordless = np.array(["invoice" not in text and "queue" not in text for text in plain])
    assert (table.loc[wordless, "main_theme"] == "rest").mean() > 0.9


def test_the_same_comments_give_the_same_themes() -> None:
    """Deterministic; the index of a Series is kept; copies of one comment do not matter."""
    texts, _ = _corpus(500, 5)
    first = assign_themes(texts, language="en")
    second = assign_themes(pd.Series(texts, index=range(100, 600)), language="en")
    pd.testing.assert_frame_equal(first, second.reset_index(drop=True))
    assert second.index[0] == 100
    repeated = assign_themes([*texts, *["the invoice was wrong"] * 1000], language="en")
    assert (repeated["main_theme"].to_numpy()[:500] == first["main_theme"].to_numpy()).mean() > 0.99
    assert set(repeated["main_theme"].to_numpy()[500:]) == {"billing"}


def test_an_embedding_replaces_the_words_model() -> None:
    """A shared space for two languages, shifted per language: centring removes the shift."""
    texts, kinds = _corpus(800, 6)
    code = np.where(np.arange(800) % 2 == 0, "en", "sv")
    context = {"ledger": 0, "corridor": 1}

    def embed(asked: list[str]) -> np.ndarray:
        shift = {text: float(c == "sv") * 5 for text, c in zip(texts, code, strict=True)}
        kind = [next((v for word, v in context.items() if word in text or word[:5] in text), 0) for text in asked]
        return np.array([[1.0 + shift.get(t, 0), 2.0 * k - 1, 1 - 2.0 * k] for t, k in zip(asked, kind, strict=True)])

    table = assign_themes(texts, language=list(code), embed=embed)
    wordless = np.array(["invoice" not in text and "queue" not in text for text in texts])
    expected = np.array(["billing", "waiting"])[kinds]
    assert (table["main_theme"].to_numpy() == expected)[wordless].mean() > 0.9
    with pytest.raises(BadValue, match="embed returned shape"):
        assign_themes(texts, language="en", embed=lambda asked: np.zeros(len(asked)))


def test_a_theme_that_is_rare_in_a_choice_of_comments_calibrates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One comment of it among those chosen was a warning of the library, in reports of many comments only."""
    monkeypatch.setattr(themes_module, "_MOST_TO_CALIBRATE", 90)
    told = ["the price is too high", "support answers late", "an invoice was wrong"]
    texts = [f"{told[at % 2]}, as we said in round {at}" for at in range(600)]
    texts[300:310] = [f"{told[2]}, as we said in round {at}" for at in range(10)]
    found = assign_themes(texts, language="en")
    assert (found["main_theme"][310:].value_counts() == 145).all()


def test_stored_stems_are_those_of_the_stemmer_and_of_all_words_of_themes() -> None:
    """Word by word, by the library itself; a new version of it, or a new word, asks for benchmarks/stems.py."""
    stored = lexicon._stored()
    trades = [read_folder(PACKS / name) for name in industries() if (PACKS / name).is_dir()]
    for taxonomy in (stock(), *trades):
        for code, one in taxonomy.lexicons.items():
            assert set(lexicon.words_of(one)) <= stored[code].keys(), "run python benchmarks/stems.py"
    for code, known in stored.items():
        stemmer = snowballstemmer.stemmer(lexicon.STEMMERS[code])
        assert known == {word: stemmer.stemWord(word) for word in known}


def test_a_few_words_of_praise_are_about_nothing() -> None:
    """Where the words of a study lean one way, its model took "We rock" for a theme that no word of it names."""
    texts, _ = _corpus(900, 3)
    praise = ["Treasurer ledger!", "The corridor janitor"]  # words that go with a theme here, and name none
    found = assign_themes([*texts, *praise, "The ledger treasurer again and perhaps friday"], language="en")
    assert found["main_theme"].tolist()[-3:] == ["rest", "rest", "billing"]
    assert (found.iloc[-3:-1, 2:] < 0.5).all(axis=None)


@pytest.mark.parametrize("industry", ["core", "retail", "travel", "services", "education"])
def test_idioms_of_praise_are_about_nothing(industry: str) -> None:
    said = {
        "en": ["Awesome sauce", "Best thing since sliced bread", "You knocked it out of the park", "Icing on the cake"],
        "nl": ["De kers op de taart", "Ik zat op het puntje van mijn stoel"],
    }
    for code, texts in said.items():
        assert set(assign_themes(texts, language=code, industry=industry)["main_theme"]) == {"rest"}


@pytest.mark.parametrize("industry", ["core", *industries()])
def test_how_long_a_case_takes_is_about_waiting(industry: str) -> None:
    """Lang sagsbehandlingstid was said to be about getting help, where waiting comes last."""
    said = [
        ("da", "Lang sagsbehandlingstid"), ("da", "Sagsbehandlingstiden er alt for lang"),
        ("nb", "Lang saksbehandlingstid"), ("nb", "Saksbehandlingstiden er urimelig"),
        ("sv", "Lång handläggningstid"), ("sv", "Handläggningstiderna är orimliga"),
        ("nl", "Lange behandeltijd"), ("nl", "De behandeltijden zijn te lang"),
        ("en", "Long processing time"),
    ]  # fmt: skip
    codes, texts = zip(*said, strict=True)
    found = assign_themes(list(texts), language=list(codes), industry=industry)["main_theme"]
    assert set(found) == {"waiting"}
    assert assign_themes(["God sagsbehandling"], language="da", industry=industry)["main_theme"][0] != "waiting"
