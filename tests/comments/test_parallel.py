"""The same comment in five languages has one theme: invented sentences from many trades, and inputs nobody wants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils import comments
from nps_utils.checks import BadValue
from nps_utils.comments.word_files import stock

LANGUAGES = ["en", "sv", "nb", "da", "nl"]

PARALLEL = [
    ("billing", ("The bill never matches what we agreed", "Räkningen stämmer aldrig med det vi kom överens om",
        "Regningen stemmer aldrig med det vi ble enige om", "Regningen passer aldrig med det vi aftalte",
        "De rekening klopt nooit met wat we hebben afgesproken")),
    ("billing", ("Invoicing per department would save us hours",
        "Fakturering per avdelning hade sparat oss mycket arbete",
        "Fakturering per avdeling ville spart oss mye arbeid",
        "Fakturering pr. afdeling ville spare os meget arbejde",
        "Facturatie per afdeling zou ons veel werk besparen")),
    ("cancellation", ("The trip was cancelled the evening before", "Resan ställdes in kvällen innan",
        "Turen ble avlyst kvelden før", "Turen blev aflyst aftenen før", "De reis werd de avond ervoor geannuleerd")),
    ("cancellation", ("My appointment was moved four times", "Min tid har flyttats fyra gånger",
        "Timen min er flyttet fire ganger", "Min tid er blevet flyttet fire gange",
        "Mijn afspraak is vier keer verzet")),
    ("waiting", ("The bus is late every single morning", "Bussen är sen varenda morgon",
        "Bussen er forsinket hver eneste morgen", "Bussen er forsinket hver eneste morgen",
        "De bus is elke ochtend te laat")),
    ("waiting", ("Eight months waiting list for a specialist", "Åtta månaders väntetid till specialist",
        "Åtte måneders venteliste til spesialist", "Otte måneders venteliste til speciallæge",
        "Acht maanden wachtlijst voor een specialist")),
    ("delivery", ("Goods arrived broken and badly packed", "Varorna kom trasiga och dåligt packade",
        "Varene kom ødelagte og dårlig pakket", "Varerne kom ødelagte og dårligt pakket",
        "De goederen kwamen kapot aan en slecht verpakt")),
    ("delivery", ("You delivered to the wrong warehouse", "Ni levererade till fel lager",
        "Dere leverte til feil lager", "I leverede til det forkerte lager",
        "Jullie hebben aan het verkeerde magazijn geleverd")),
    ("ordering", ("Easy to order and reorder", "Lätt att beställa och beställa igen",
        "Lett å bestille og bestille på nytt", "Nemt at bestille og genbestille",
        "Makkelijk bestellen en nabestellen")),
    ("ordering", ("The application form asked for the same thing three times",
        "Ansökningsblanketten frågade efter samma sak tre gånger", "Søknadsskjemaet spurte om det samme tre ganger",
        "Ansøgningsskemaet spurgte om det samme tre gange", "Het aanvraagformulier vroeg drie keer hetzelfde")),
    ("location", ("The office is too far away now that our branch has closed",
        "Kontoret ligger för långt bort nu när vår filial stängt",
        "Kontoret ligger for langt unna nå som filialen vår er stengt",
        "Kontoret ligger for langt væk nu hvor vores filial er lukket",
        "Het kantoor is te ver weg nu ons filiaal gesloten is")),
    ("location", ("Opening hours do not suit people who work", "Öppettiderna passar inte folk som arbetar",
        "Åpningstidene passer ikke for folk som jobber", "Åbningstiderne passer ikke til folk der arbejder",
        "De openingstijden zijn niet geschikt voor werkende mensen")),
    ("facilities", ("The room smelled of smoke and the sheets were stained",
        "Rummet luktade rök och lakanen var fläckiga", "Rommet luktet røyk og sengetøyet var flekkete",
        "Værelset lugtede af røg og lagnerne var plettede",
        "De kamer rook naar sigaretten en de lakens zaten vol vlekken")),
    ("facilities", ("Noisy air conditioning all night", "Bullrig luftkonditionering hela natten",
        "Bråkete klimaanlegg hele natten", "Larmende klimaanlæg hele natten", "Lawaaierige airco de hele nacht")),
    ("price", ("Premiums go up every year for no reason", "Premierna höjs varje år utan anledning",
        "Premiene går opp hvert år uten grunn", "Præmierne stiger hvert år uden grund",
        "De premies gaan elk jaar omhoog zonder reden")),
    ("price", ("rip-off", "rena rånet", "rent ran", "det rene røveri", "pure afzetterij")),
    ("onboarding", ("We needed more training before go-live", "Vi hade behövt mer utbildning före driftstarten",
        "Vi trengte mer opplæring før oppstarten", "Vi havde brug for mere oplæring før idriftsættelsen",
        "We hadden meer training nodig voor de livegang")),
    ("onboarding", ("good webinars for beginners", "bra webbinarier för nybörjare", "gode webinarer for nybegynnere",
        "gode webinarer for begyndere", "goede webinars voor beginners")),
    ("reliability", ("Internet drops out every evening", "Internet bryts varje kväll",
        "Internettet faller ut hver kveld", "Internettet falder ud hver aften", "Het internet valt elke avond uit")),
    ("reliability", ("error messages when I try to log in", "felmeddelanden när jag försöker logga in",
        "feilmeldinger når jeg prøver å logge inn", "fejlmeddelelser når jeg prøver at logge ind",
        "foutmeldingen als ik probeer in te loggen")),
    ("ease_of_use", ("Not intuitive at all", "Inte alls intuitivt", "Ikke intuitivt i det hele tatt",
        "Slet ikke intuitivt", "Totaal niet intuïtief")),
    ("ease_of_use", ("messy interface", "rörigt gränssnitt", "rotete grensesnitt", "rodet brugerflade",
        "rommelige interface")),
    ("features", ("Lacks an integration with our CRM", "Saknar en integration med vårt CRM",
        "Mangler en integrasjon med CRM-systemet vårt", "Mangler en integration til vores CRM",
        "Mist een koppeling met ons CRM")),
    ("features", ("Add export to Excel", "Lägg till export till Excel", "Legg til eksport til Excel",
        "Tilføj eksport til Excel", "Voeg export naar Excel toe")),
    ("communication", ("We were not told about the roadworks", "Vi fick ingen information om vägarbetet",
        "Vi fikk ingen informasjon om veiarbeidet", "Vi fik ingen information om vejarbejdet",
        "We kregen geen informatie over de wegwerkzaamheden")),
    ("communication", ("I got contradictory messages from two departments",
        "Jag fick motstridiga besked från två avdelningar", "Jeg fikk motstridende beskjeder fra to avdelinger",
        "Jeg fik modstridende beskeder fra to afdelinger", "Ik kreeg tegenstrijdige berichten van twee afdelingen")),
    ("staff", ("The nurse was rude", "Sköterskan var otrevlig", "Sykepleieren var uhøflig",
        "Sygeplejersken var uhøflig", "De verpleegkundige was onbeleefd")),
    ("staff", ("arrogant doctor who does not listen", "arrogant läkare som inte lyssnar",
        "arrogant lege som ikke hører etter", "arrogant læge der ikke lytter", "arrogante arts die niet luistert")),
    ("support", ("Helpdesk solved it in one call", "Helpdesken löste det på ett samtal",
        "Brukerstøtten løste det på én telefon", "Helpdesken løste det på ét opkald",
        "De helpdesk loste het in één gesprek op")),
    ("support", ("They call back when they say they will", "De ringer tillbaka när de sagt det",
        "De ringer tilbake når de har sagt det", "De ringer tilbage når de har sagt det",
        "Ze bellen terug wanneer ze dat beloven")),
    ("product_quality", ("High quality and sturdy", "Hög kvalitet och hållbart", "Høy kvalitet og solid",
        "Høj kvalitet og solidt", "Hoge kwaliteit en degelijk")),
    ("product_quality", ("lessons were dull and exercises pointless",
        "lektionerna var tråkiga och övningarna meningslösa", "timene var kjedelige og oppgavene meningsløse",
        "timerne var kedelige og opgaverne meningsløse", "de lessen waren saai en de opdrachten zinloos")),
    ("rest", ("Best company ever", "Bästa företaget någonsin", "Beste selskapet noensinne", "Bedste firma nogensinde",
        "Beste bedrijf ooit")),
    ("rest", ("I am very satisfied", "Jag är mycket nöjd", "Jeg er veldig fornøyd", "Jeg er meget tilfreds",
        "Ik ben erg tevreden")),
    ("rest", ("Keep up the good work", "Fortsätt så", "Stå på videre", "Bliv ved sådan", "Ga zo door")),
    ("rest", ("Would recommend to anyone", "Rekommenderar till alla", "Anbefales til alle", "Kan anbefales til alle",
        "Aanrader voor iedereen")),
]  # fmt: skip

COMPOUNDS = {
    "sv": {"kundtjänstpersonal": "support", "försäkringspremierna": "price", "kassaköerna": "waiting"},
    "nb": {"kundeservicemedarbeider": "support", "forsikringspremien": "price", "leveringsbudet": "delivery"},
    "da": {"kundeservicemedarbejder": "support", "boliglånsrenten": "price", "leveringsomkostninger": "delivery"},
    "nl": {"klantenservicemedewerker": "support", "hypotheekrente": "price", "vertrektijden": "waiting"},
}


@pytest.mark.parametrize(("theme", "texts"), PARALLEL)
def test_one_theme_in_five_languages(theme: str, texts: tuple[str, ...]) -> None:
    """Telecom, banks, insurance, shops, travel, restaurants, schools, health, energy, freight, public services."""
    assert (
        comments.assign_themes(list(texts), language=LANGUAGES, taxonomy=stock())["main_theme"].tolist() == [theme] * 5
    )


@pytest.mark.parametrize("code", COMPOUNDS)
def test_compounds_are_found_by_their_parts(code: str) -> None:
    """A first part, or a last part that inflects."""
    table = comments.assign_themes(list(COMPOUNDS[code]), language=code, taxonomy=stock())
    assert [table[theme].tolist()[row] >= 0.5 for row, theme in enumerate(COMPOUNDS[code].values())] == [True] * 3


UNWANTED = {
    "ten": ["the invoice was wrong", "too expensive", '=HYPERLINK("http://x","y")', "<script>alert(1)</script>",
            "$x_1$", "a\x00b\x00 late", "خدمة سيئة جدا", "שירות גרוע", "\U0001f621", "nice staff"],
    "one_thousand_times": ["the invoice was wrong"] * 1000,
    "twenty_thousand_characters": ["late " * 4000, "x" * 20_000, "9" * 20_000],
    "right_to_left": ["خدمة سيئة جدا", "שירות גרוע"] * 30,
    "silence": ["-", None, "ok", "", "\U0001f44d", "\x00"] * 5,
}  # fmt: skip


@pytest.mark.parametrize("texts", UNWANTED.values(), ids=list(UNWANTED))
def test_unwanted_input_gives_tables_or_a_sentence(texts: list[str | None]) -> None:
    """Every step of the page takes it, or says in one sentence what is missing."""
    masked, _ = comments.mask(texts)
    themes = comments.assign_themes(masked)
    responses = pd.DataFrame({"score": np.arange(len(texts)) % 11, "wave": np.arange(len(texts)) % 2})
    assert len(themes) == len(comments.detect_language(masked)) == len(texts)
    assert not comments.theme_quality(masked, themes, replicates=2).empty
    comments.theme_changes(responses, themes)
    comments.theme_quotes(masked, themes)
    comments.theme_words(masked, themes)
    comments.clusters(masked, themes=themes)
    if themes["main_theme"].isin(["no_content", "not_covered"]).all():
        with pytest.raises(BadValue, match="no effects to estimate"):
            comments.theme_effects(responses, themes)
    else:
        comments.theme_effects(responses, themes)
