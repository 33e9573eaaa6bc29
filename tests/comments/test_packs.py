"""Packs of themes: each trade has its own and no other's, told by study.toml or by the comments, or not told."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from nps_utils.checks import BadValue
from nps_utils.comments import assign_themes, find_industry, industries, read_taxonomy, theme_effects, theme_words
from nps_utils.comments.packs import packs
from nps_utils.comments.text import words
from nps_utils.tables.comments import industry_sentence, not_covered_sentence

LANGUAGES = ("en", "sv", "nb", "da", "nl")

# What only a software vendor hears, in five languages; invented here.
SOFTWARE = {
    "speed": ["The calendar is terribly sluggish", "Kalendern är fruktansvärt seg", "Kalenderen er fryktelig treg",
              "Kalenderen er frygtelig langsom", "De agenda is vreselijk traag"],
    "integrations": ["No integration with our payroll", "Ingen integration med lönerna",
                     "Ingen integrasjon med lønn", "Ingen integration med løn", "Geen koppeling met onze lonen"],
    "data": ["The report cannot be exported", "Rapporten går inte att exportera", "Rapporten kan ikke eksporteres",
             "Rapporten kan ikke eksporteres", "Het rapport is niet te exporteren"],
    "search": ["The search finds nothing", "Sökningen hittar ingenting", "Søket finner ingenting",
               "Søgningen finder ingenting", "De zoekfunctie levert niets op"],
    "rights": ["My password never works when I log in", "Lösenordet duger aldrig när jag ska logga in",
               "Passordet duger aldri når jeg skal logge inn", "Adgangskoden duer aldrig, når jeg skal logge ind",
               "Mijn wachtwoord is nooit goed bij het inloggen"],
    "onboarding": ["The training when we started was good", "Utbildningen vid uppstarten var bra",
                   "Opplæringen ved oppstart var bra", "Oplæringen ved opstart var god",
                   "De training bij de start was goed"],
    "plans": ["The free version has a limit of ten users", "Gratisversionen har en gräns på tio användare",
              "Gratisversjonen har en grense på ti brukere", "Gratisversionen har en grænse på ti brugere",
              "De gratis versie heeft een limiet van tien gebruikers"],
    "missing": ["Wish there was a dark mode", "Önskar mörkt läge", "Ønsker mørk modus", "Ønsker mørk tilstand",
                "Ik mis een donkere modus"],
}  # fmt: skip
HOTEL = {"facilities", "delivery", "location", "ordering", "features"}


@pytest.mark.parametrize(("theme", "texts"), SOFTWARE.items())
def test_software_has_its_own_themes(theme: str, texts: list[str]) -> None:
    """The same complaint has the same theme in five languages."""
    assert assign_themes(texts, language=list(LANGUAGES), industry="software")["main_theme"].tolist() == [theme] * 5


# What a customer of a software vendor says of his own people, data and work is not about the vendor.
HIS_OWN = [
    ("en", "staff", "The team at the vendor is great", "Our sales team and experienced users like it"),
    ("en", "communication", "A lack of information from you", "It keeps our marketing information in order"),
    ("en", "missing", "We wish you would add a calendar", "It has the ability to plan and allows us to share"),
    ("en", "integrations", "It does not connect to Outlook", "We compared it with others before Outlook came"),
    ("en", "data", "Export to Excel fails", "Nothing to report"),
    ("sv", "updates", "Senaste uppdateringen är bra", "Vi betalar för det"),
    ("nb", "updates", "Den nye versjonen er bra", "Vi betaler for det"),
    ("da", "updates", "Den nye version er god", "Vi betaler for det"),
    ("nl", "integrations", "De koppeling met Exact", "Dat is exact zo"),
    ("sv", "missing", "Kalender saknas", "Jag hade varit sjuk"),
    ("da", "missing", "Kalender mangler", "Jeg havde været syg"),
    ("nl", "reliability", "De app werkt dus weer niet", "De app is mooi"),
    ("nb", "reliability", "Den virker rett og slett ikke", "Den er fin"),
]


@pytest.mark.parametrize(("code", "theme", "said", "not_said"), HIS_OWN)
def test_what_a_customer_says_of_his_own_work_is_not_about_the_vendor(
    code: str, theme: str, said: str, not_said: str
) -> None:
    table = assign_themes([said, not_said], language=code, industry="software")
    assert (table[theme] >= 0.5).tolist() == [True, False]


def test_a_software_vendor_has_no_hotel_rooms() -> None:
    """Themes of other trades are not there, whatever the words; "slow" is the program, not a queue."""
    themes = read_taxonomy(industry="software").themes
    assert not HOTEL & set(themes)
    texts = ["Lines of text and mapping of fields", "The room view in the planner", "Unloading a module is slow"]
    table = assign_themes(texts, language="en", industry="software")
    assert table["main_theme"].tolist()[2] == "speed"
    assert "waiting" not in table["main_theme"].tolist()


def test_the_core_is_in_every_trade_but_for_what_it_takes_away() -> None:
    """No pack lacks a theme that any company has, and each label is said in every language."""
    core = set(read_taxonomy().themes)
    for industry in industries():
        taxonomy = read_taxonomy(industry=industry)
        assert core <= set(taxonomy.themes)
        for code, theme in itertools.product(LANGUAGES, taxonomy.themes):
            assert taxonomy.lexicons[code].labels[theme]


def test_no_sign_is_of_two_trades() -> None:
    """A word that two trades use tells neither."""
    for code in LANGUAGES:
        owner: dict[str, str] = {}
        for industry in industries():
            signs = packs()[industry].signs[code]
            assert len(signs) >= 15
            for sign in set(signs):
                assert owner.setdefault(sign.strip("*="), industry) == industry, (code, sign)
                assert words(sign.replace("*", ""))


TRADES = {
    "telecom": ["The broadband drops every evening", "No signal in the valley", "My router had to be changed"],
    "retail": ["The parcel came late", "Shelves were empty in the store", "The shoes fell apart"],
    "travel": ["Our room was cold", "The flight was cancelled", "Breakfast was poor"],
    "finance": ["The mortgage took weeks", "My claim was refused", "The bank closed its branch"],
    "services": ["The plumber never came", "Our consultant was brilliant", "The nurse was kind"],
    "education": ["The lectures were dull", "Too much homework", "My teacher was patient"],
    "charity": ["Too many begging letters", "I donate monthly", "The volunteers were kind"],
    "logistics": ["The truck came late", "Two pallets were damaged", "The shipment was held at customs"],
    "software": ["The dashboard is confusing", "A bug in the export", "Integrations are missing"],
}


@pytest.mark.parametrize(("industry", "texts"), TRADES.items())
def test_the_comments_tell_the_trade(industry: str, texts: list[str]) -> None:
    """Where they are enough; three comments are not, and those of two trades in equal parts are of neither."""
    assert find_industry(texts * 10, language="en").names == (industry,)
    assert find_industry(texts, language="en").names == ()
    said = industry_sentence(find_industry(texts * 10, language="en"))
    assert said.startswith(f"The themes are those of {industry}, told by the comments: 30 of 30 comments")


def test_a_tie_is_told_and_not_decided() -> None:
    """Two trades in a tenth of the comments each: the core, and the sentence says what to write."""
    plain = ["It was fine, thank you", "Could have been better", "I am content"] * 60
    mixed = TRADES["finance"] * 7 + TRADES["telecom"] * 7 + plain
    found = find_industry(mixed, language="en")
    assert found.names == ()
    assert 'write industry = "' in industry_sentence(found)
    assert set(assign_themes(mixed, language="en").columns[2:]) == set(read_taxonomy().themes)


@pytest.mark.parametrize(
    ("code", "asked", "reached", "beside"),
    [
        (
            "en",
            "You keep asking for more money",
            "I never know where the money goes",
            ["I donate monthly", "Begging letters"],
        ),
        (
            "sv",
            "Ni ber om mer pengar hela tiden",
            "Jag vet inte vart pengarna går",
            ["Jag är månadsgivare", "Min gåva"],
        ),
        ("nb", "Dere ber om mer penger hele tiden", "Vet ikke hvor pengene går", ["Jeg er fast giver", "Donerer ofte"]),
        (
            "da",
            "I beder om flere penge hele tiden",
            "Ved ikke hvor pengene går hen",
            ["En donation", "Jeg donerer gerne"],
        ),
        (
            "nl",
            "Jullie vragen om meer geld",
            "Ik weet niet waar het geld heen gaat",
            ["Ik ben donateur", "Mijn donatie"],
        ),
    ],
)
def test_a_charity_that_asks_for_more_money_is_not_dear(code: str, asked: str, reached: str, beside: list[str]) -> None:
    """It was a matter of price, the themes being those of any company."""
    texts = [f"{text}, {at}" for at in range(8) for text in (asked, reached, *beside)]
    table = assign_themes(texts, language=code)
    assert set(table["main_theme"][0::4]) == {"asking"}
    assert set(table["main_theme"][1::4]) == {"impact"}
    assert (table["price"] < 0.5).all()


def test_goods_that_are_damaged_on_their_way_are_no_insurance() -> None:
    """A forwarder was taken for a bank by the Dutch word for damage, and its deliveries were called post and cards."""
    texts = ["Schade aan pallets", "Zendingen komen te laat", "Vriendelijke chauffeurs", "Facturen kloppen niet"] * 10
    assert find_industry(texts, language="nl").names == ("logistics",)
    table = assign_themes(texts, language="nl")
    assert (table["main_theme"][0::4] == "delivery").all()


def test_a_wait_in_the_emergency_room_is_a_wait_and_no_room() -> None:
    texts = ["Waited four hours in the emergency room", "The nurse was kind", "My doctor was good"] * 10
    table = assign_themes(texts, language="en")
    assert (table["main_theme"][0::3] == "waiting").all()


def test_two_trades_that_are_both_plain_are_both_taken() -> None:
    """A hotel that gives courses: half of the comments each."""
    found = find_industry((TRADES["travel"] + TRADES["education"]) * 20, language="en")
    assert set(found.names) == {"travel", "education"}


def test_what_is_said_is_not_counted_and_a_slip_is_named() -> None:
    """study.toml wins; an unknown trade lists those there are."""
    found = find_industry(TRADES["travel"] * 20, language="en", industry="Software")
    assert (found.names, found.said) == (("software",), True)
    assert industry_sentence(found) == "The themes are those of software: study.toml says so."
    with pytest.raises(
        BadValue, match=r'industry = "sofware" is not one of: software, telecom.*Did you mean "software"'
    ):
        find_industry(["a"], industry="sofware")
    with pytest.raises(BadValue, match="is not one of"):
        assign_themes(["a"], industry="hospital")


def test_own_themes_come_first_in_any_trade() -> None:
    """A company's own theme wins over those of its trade."""
    own = [{"name": "till_roll", "words": ["till roll*"]}]
    table = assign_themes(["The till rolls are slow to load"], language="en", taxonomy=own, industry="software")
    assert table["main_theme"].tolist() == ["till_roll"]
    assert table["speed"].tolist()[0] >= 0.5


def test_words_are_those_of_the_trade_that_gave_the_themes() -> None:
    """`theme_words` finds the trade again by the columns."""
    texts = SOFTWARE["speed"][:1] * 3
    made = theme_words(texts, assign_themes(texts, language="en", industry="software"))
    assert made[["theme", "word"]].to_numpy().tolist() == [["speed", "sluggish"]]


def test_what_cannot_be_read_has_no_theme_and_no_effect() -> None:
    """French comments are told in one sentence, and their scores count for no theme and against none."""
    french = [f"Le prix est beaucoup trop élevé pour ce que vous nous proposez, numéro {n}" for n in range(60)]
    english = [f"The price is far too high for what you offer us, number {n}" for n in range(40)]
    table = assign_themes(french + english)
    assert (table["main_theme"][:60] == "not_covered").all()
    assert (table.iloc[:60, 2:].to_numpy(dtype=float) == 0).all()
    assert not_covered_sentence(table) == "60 of 100 comments are in French, which the themes do not cover."
    responses = pd.DataFrame({"score": [10] * 60 + [0] * 20 + [10] * 20})
    effects = theme_effects(responses, table).set_index("theme")
    assert effects.loc["price", "n"] == 40
    assert effects.loc["price", "share"] == 1
    assert effects.loc["price", "nps_with"] == 0
